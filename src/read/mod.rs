//! From bytes on disk to observations: one per row, or a rejection that says where and why.
//!
//! Comes in: a stream of bytes with a name. Goes out: calls to a [`Sink`], in the order of the rows. Nothing is concluded here beyond
//! what a row itself says; what rows say together is the business of [`chat`](crate::chat).

mod columns;
mod fields;
mod records;
mod source;
mod table;
mod time;

pub use source::{Input, Opened, ReadProgress, expand, open, sha256};
pub use table::read_csv;
pub use time::{TimeFault, parse_time};

use chrono_tz::Tz;

use crate::model::{Observation, RejectCode, Rejection};

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// Zone of times without one; `None` rejects such rows.
    pub input_zone: Option<Tz>,
    /// Longest row in bytes; longer ones are rejected.
    pub max_line: usize,
}

/// Longest row unless `--max-line` says otherwise.
pub const MAX_LINE: usize = 16 << 20;

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions { input_zone: None, max_line: MAX_LINE }
    }
}

/// Why a receiver cannot use an observation.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The kind of fault.
    pub code: RejectCode,
    /// What is wrong and what would be accepted.
    pub message: String,
}

/// Receives what is read.
pub trait Sink {
    /// Takes what a row says, or says why it cannot.
    fn observe(&mut self, observation: &Observation<'_>) -> Result<(), Refused>;
    /// Takes a row that could not be used; an error stops the reading.
    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError>;
    /// Told which of the delivery columns a table has: without any, a log says nothing about delivery (log-formats §6).
    fn knows_delivery(&mut self);
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
    /// Rejected rows cannot be written.
    #[error("cannot write rejected rows: {0}")]
    Reject(std::io::Error),
}
