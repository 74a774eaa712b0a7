//! Reads bytes and keeps all that they told.

use std::io::{self, Read};
use std::sync::LazyLock;

use wabill::chat::Intake;
use wabill::model::{CanonicalRow, Column, Instant, RejectCode, Rejection, TemplateChange};
use wabill::read::{
    Format, InflationLimit, OneByOne, ReadError, ReadOptions, ReadProgress, Refused, Sink, Tells, UnknownKind, observe,
    open_stream, read_input,
};
use wabill::tariff::{Tariff, TariffOptions};

static TARIFF: LazyLock<Tariff> =
    LazyLock::new(|| Tariff::load(&TariffOptions::default()).expect("the embedded tariff"));

/// What an input told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Rows that were taken, column by column.
    pub(crate) rows: Vec<Vec<String>>,
    /// Line and code of those that were not.
    pub(crate) rejected: Vec<(u64, RejectCode)>,
    /// What is shown of them.
    pub(crate) raw: Vec<String>,
    /// Why the input as a whole is none.
    pub(crate) stopped: Option<String>,
}

impl Told {
    /// The values of a column, row by row.
    pub(crate) fn column(&self, column: Column) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row[column as usize].as_str())
    }

    pub(crate) fn codes(&self) -> Vec<RejectCode> {
        self.rejected.iter().map(|(_, code)| *code).collect()
    }
}

struct Collector {
    told: Told,
    intake: Intake,
    last_offset: u64,
}

impl Sink for Collector {
    type Batch = OneByOne;

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let observation = observe(row, None)?;
        let taken = self.intake.add(&observation, &TARIFF.markets);
        taken.map_err(|(code, message)| Refused { code, message })?;
        self.told.rows.push(Column::ALL.map(|column| row.get(column).to_owned()).to_vec());
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        self.keep(rejection);
        Ok(())
    }

    fn tells(&mut self, _: Tells) {}

    fn link(&mut self, old: &str, new: &str, _: Instant) {
        self.intake.link(old, new);
    }

    fn template(&mut self, _: TemplateChange) {}

    fn unknown(&mut self, _: UnknownKind, name: &str) {
        assert!(!name.is_empty());
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

impl Collector {
    fn keep(&mut self, rejection: Rejection) {
        let Rejection { location, code, message, raw } = rejection;
        assert!(location.file == "damaged" && location.line > 0 && !message.is_empty(), "{location:?} {message}");
        assert!(location.byte_offset >= self.last_offset, "{location:?} comes late");
        assert!(raw.chars().count() <= 1000, "more is shown than fits a report");
        self.last_offset = location.byte_offset;
        self.told.rejected.push((location.line, code));
        self.told.raw.push(raw);
    }
}

/// Gives so many bytes at a time.
pub(crate) struct Slow<'a>(pub(crate) &'a [u8], pub(crate) usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.len().min(buffer.len()).min(self.1);
        buffer[..read].copy_from_slice(&self.0[..read]);
        self.0 = &self.0[read..];
        Ok(read)
    }
}

/// Reads a stream to its end, if it is a log at all.
pub(crate) fn read_stream(stream: impl Read + Send, options: &ReadOptions, limit: InflationLimit) -> Told {
    let mut collector = Collector { told: Told::default(), intake: Intake::default(), last_offset: 0 };
    let progress = ReadProgress::default();
    let outcome = open_stream(stream, limit, &progress)
        .map_err(|source| ReadError::Io { name: "damaged".to_owned(), source })
        .and_then(|mut opened| read_input(&mut opened, "damaged", options, &mut collector));
    let mut told = collector.told;
    match outcome {
        Ok(rows) => {
            assert_eq!(rows, (told.rows.len() + told.rejected.len()) as u64, "a row was lost, or counted twice");
        }
        Err(error) => {
            let error = error.to_string();
            assert!(error.starts_with("damaged: ") && error.len() > 20, "{error}");
            told.stopped = Some(error);
        }
    }
    told
}

pub(crate) fn read_as(bytes: &[u8], format: Option<Format>) -> Told {
    let options = ReadOptions { format, ..ReadOptions::default() };
    read_stream(bytes, &options, InflationLimit::default())
}

/// Reads what must be a log; what it is, is said.
pub(crate) fn read_webhooks(bytes: &[u8]) -> Told {
    let told = read_as(bytes, Some(Format::Webhooks));
    assert_eq!(told.stopped, None);
    told
}

/// Reads something of any kind.
pub(crate) fn read(bytes: &[u8]) -> Told {
    read_as(bytes, None)
}
