//! From bytes on disk to observations: one per row, or a rejection that says where and why.
//!
//! Comes in: a stream of bytes with a name. Goes out: calls to a [`Sink`], in the order of the rows. Nothing is concluded here beyond
//! what a row itself says; what rows say together is the business of [`chat`](crate::chat).

mod blocks;
mod expand;
mod fields;
mod format;
mod inflation;
mod json;
mod mapping;
mod observe;
mod parquet;
mod records;
mod replayable;
mod separators;
mod source;
mod table;
mod table_reader;
mod time;
mod values;

pub use expand::{Expanded, LOG_ENDINGS, expand};
pub use format::{Format, read_input};
pub use inflation::InflationLimit;
pub use mapping::{BUILT_IN, Lack, Mapping, MappingError, Suggestion, built_in, suggest};
pub use observe::{observe, read_times};
pub use replayable::Replayable;
pub use source::{Input, Opened, ReadProgress, open, open_stream, sha256};
pub use table::read_csv;
pub use time::{TimeFault, parse_time};

use chrono_tz::Tz;

use crate::model::{CanonicalRow, Instant, RejectCode, Rejection, TemplateChange};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Zone of times without one; `None` rejects such rows.
    pub input_zone: Option<Tz>,
    /// Longest row or document in bytes; longer ones are rejected.
    pub max_line: usize,
    /// What inputs are; `None` recognises them by their content.
    pub format: Option<Format>,
    /// Describes inputs that are neither the canonical log nor Meta's webhooks.
    pub mapping: Option<std::sync::Arc<Mapping>>,
}

/// Longest row unless `--max-line` says otherwise.
pub const MAX_LINE: usize = 16 << 20;

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { input_zone: None, max_line: MAX_LINE, format: None, mapping: None }
    }
}

/// A row or document over the limit.
fn too_long(max_line: usize) -> Refused {
    let message = format!("the row is longer than {max_line} bytes; raise --max-line if it is meant to be");
    Refused { code: RejectCode::LineTooLong, message }
}

/// Why a receiver cannot use an observation.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The kind of fault.
    pub code: RejectCode,
    /// What is wrong and what would be accepted.
    pub message: String,
}

/// What a format can tell, whatever its rows say (log-formats §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Whether messages were delivered.
    Delivery,
    /// What a customer's message came from.
    Referral,
}

/// Names that a reader does not know. They stop nothing, and are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownKind {
    /// A kind of event that carries no messages, or is new.
    Field,
    /// A key of an object, or a field of a message.
    Key,
    /// A value of a field that has a list of them.
    Value,
}

impl UnknownKind {
    /// The name in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            UnknownKind::Field => "field",
            UnknownKind::Key => "key",
            UnknownKind::Value => "value",
        }
    }
}

/// Takes rows on any thread, and goes back to the [`Sink`] that it came from.
pub trait RowBatch: Send {
    /// Takes a row, or says why it cannot.
    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused>;
}

/// The batch of sinks that take rows one by one only.
#[derive(Clone, Copy, Debug)]
pub enum OneByOne {}

impl RowBatch for OneByOne {
    fn row<'a>(&mut self, _: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        match *self {}
    }
}

/// Receives what is read.
pub trait Sink {
    /// Rows that are read together on one thread.
    type Batch: RowBatch;
    /// An empty batch, if this sink takes batches; it must not matter to it which rows come in which batch.
    fn batch(&self) -> Option<Self::Batch> {
        None
    }
    /// Takes the rows of a batch, which come in the order of the input, and leaves it empty.
    fn take(&mut self, _: &mut Self::Batch) {}
    /// Takes a row, or says why it cannot.
    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused>;
    /// Takes a row that could not be used; an error stops the reading.
    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError>;
    /// Told what an input can tell: without delivery columns, say, a log says nothing about delivery.
    fn tells(&mut self, what: Tells);
    /// Told that two customer ids are one customer, since a moment.
    fn link(&mut self, old: &str, new: &str, at: Instant);
    /// Told that a template has another category.
    fn template(&mut self, change: TemplateChange);
    /// Told of a name that is not known.
    fn unknown(&mut self, kind: UnknownKind, name: &str);
    /// Called now and then; an error stops the reading.
    fn pause(&mut self) -> Result<(), ReadError>;
}

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input cannot be opened or read.
    #[error("{name}: {source}")]
    Io {
        /// The input.
        name: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The input is no log that can be read.
    #[error("{name}: {message}")]
    NotALog {
        /// The input.
        name: String,
        /// What is missing, and what would be accepted.
        message: String,
    },
    /// `--strict` and a row was rejected.
    #[error("{}:{}: {}: {}", .0.location.file, .0.location.line, .0.code.name(), .0.message)]
    Rejected(Box<Rejection>),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// What does not fit in memory cannot be put on disk.
    #[error("cannot use a temporary file in {folder}: {source}; give another folder with --temp-dir, or more --memory")]
    Spill {
        /// The folder of the file.
        folder: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is not enough room for what does not fit in memory.
    #[error("{0}")]
    NoRoom(String),
    /// Rejected rows cannot be written.
    #[error("cannot write rejected rows: {0}")]
    Reject(std::io::Error),
}
