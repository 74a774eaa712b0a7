//! Formats, recognised by content unless `--input-format` says otherwise.

use std::io::{Cursor, Read};

use super::json::read_json;
use super::source::Opened;
use super::table::read_csv;
use super::{ReadError, ReadOptions, Sink};

/// What an input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// The canonical log: CSV, or one JSON object a row.
    Canonical,
    /// Webhooks of the Cloud API or the On-Premises API, as JSON in any framing.
    Webhooks,
    /// The canonical log as Parquet.
    Parquet,
}

/// Why an input is no log that can be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum NotKnown {
    Json,
    NotParquet,
    Utf16,
}

impl NotKnown {
    pub(super) fn error(self, name: &str) -> ReadError {
        let message = match self {
            NotKnown::Json => {
                "holds JSON, but neither webhooks nor the canonical log nor a provider's log that is known; describe it with --mapping FILE (`wabill mapping suggest` proposes one)"
            }
            NotKnown::NotParquet => "is no Parquet file; leave --input-format out to have the format recognised",
            NotKnown::Utf16 => "is UTF-16; save it as UTF-8",
        };
        ReadError::NotALog { name: name.to_owned(), message: message.to_owned() }
    }
}

/// Bytes looked at to tell the format; few when fuzzing, so that what is behind them arrives in pieces.
const START: u64 = if cfg!(fuzzing) { 1 << 4 } else { 1 << 12 };

/// Reads an input to its end and gives the number of its rows.
pub fn read_input(
    opened: &mut Opened<'_>,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let mut start = Vec::new();
    opened.take(START).read_to_end(&mut start).map_err(io)?;
    let kind = match kind(&start) {
        // Their first line may be the damaged one.
        Kind::Table if options.format == Some(Format::Webhooks) => Kind::Json,
        kind => kind,
    };
    let whole = Cursor::new(start).chain(opened);
    match kind {
        Kind::Json => read_json(whole, name, options, sink),
        Kind::Table => read_csv(whole, name, options, sink),
        Kind::Parquet => super::parquet::read_parquet(whole, name, options, sink),
        Kind::Utf16 => Err(NotKnown::Utf16.error(name)),
    }
}

/// What the first bytes look like.
enum Kind {
    Json,
    Table,
    Parquet,
    Utf16,
}

fn kind(start: &[u8]) -> Kind {
    if start.starts_with(b"PAR1") {
        return Kind::Parquet;
    }
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Kind::Utf16;
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    if matches!(text.first(), Some(b'{' | b'[')) { Kind::Json } else { Kind::Table }
}
