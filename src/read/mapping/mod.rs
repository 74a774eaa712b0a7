//! Logs of providers and inboxes, read through mapping files: which of their columns is which of the canonical log, what their
//! values mean, how they write times, and which rows are no messages (log-formats §4, §7).
//!
//! A mapping file is TOML; the built-in ones stand in `data/mappings`, and are the best introduction to the form.

mod apply;
mod built_in;
mod clock;
mod compile;
mod condition;
mod detect;
mod field;
mod file;
mod json;
mod lacks;
mod source;
mod suggest;
mod table;

use std::borrow::Cow;

use chrono_tz::Tz;

use super::Tells;

use field::Field;
use source::{Source, Step};

pub use built_in::{BUILT_IN, built_in};
pub(super) use detect::{delimiter, delimiter_name, fitting_json, fitting_table, not_known};
pub(super) use json::read_mapped_json;
pub use lacks::Lack;
pub use suggest::{Suggestion, suggest};
pub(super) use table::read_mapped_table;

use condition::Condition;

/// A mapping, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    name: String,
    about: String,
    lacks: Vec<Lack>,
    delimiter: Option<u8>,
    /// Each a list of columns or paths that tell the format if all are there.
    detect: Vec<Vec<Source>>,
    zone: Option<Tz>,
    sources: Vec<Source>,
    kinds: Vec<Kind>,
}

impl Mapping {
    /// The name for `--input-format`, or of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// What such a log does not tell.
    pub fn lacks(&self) -> &[Lack] {
        &self.lacks
    }

    /// What stands between the fields of its tables, if it says so.
    pub(super) fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }
}

/// A kind of record.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    /// The path in JSON documents, as written and as steps; empty for the document itself.
    path: (String, Vec<Step>),
    when: Vec<Condition>,
    /// Such records are left out, and why.
    skip: Option<String>,
    fields: Vec<Field>,
    /// What records of this kind can tell where all their sources are there.
    tells: Vec<Tells>,
}

/// A record of a log: texts by the number of their source.
trait Record {
    /// The text of a source, trimmed; empty where there is none.
    fn text(&self, source: usize) -> Cow<'_, str>;
}

/// What is wrong with a mapping file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}: {message}")]
pub struct MappingError {
    /// The file.
    pub name: String,
    /// The line of what is wrong.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}
