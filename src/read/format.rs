//! Formats, recognised by content unless `--input-format` says otherwise.

use std::io::{Cursor, Read};
use std::sync::Arc;

use crate::model::Column;

use super::json::read_json;
use super::mapping::{self, BUILT_IN, Mapping, MappingError};
use super::source::Opened;
use super::table::read_table;
use super::{ReadError, ReadOptions, Sink};

/// What an input is.
#[derive(Clone, Debug)]
pub enum Format {
    /// The canonical log: CSV, or one JSON object a row.
    Canonical,
    /// Webhooks of the Cloud API or the On-Premises API, as JSON in any framing.
    Webhooks,
    /// The canonical log as Parquet.
    Parquet,
    /// A provider's or inbox's log, which this mapping describes.
    Mapping(Arc<Mapping>),
}

impl Format {
    /// The format of a name of `--input-format`: `canonical`, `webhooks`, `parquet` or a built-in mapping.
    pub fn named(name: &str) -> Result<Option<Format>, MappingError> {
        Ok(match name {
            "canonical" => Some(Format::Canonical),
            // 360dialog hands on Meta's webhooks as they are (log-formats §4.5).
            "webhooks" | "360dialog" => Some(Format::Webhooks),
            "parquet" => Some(Format::Parquet),
            _ => mapping::built_in(name)?.map(Format::Mapping),
        })
    }

    /// All names.
    pub fn names() -> Vec<&'static str> {
        let mut names = vec!["canonical", "webhooks", "parquet", "360dialog"];
        names.extend(BUILT_IN.map(|(name, _)| name));
        names
    }
}

/// Why an input is no log that can be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum NotKnown {
    Json,
    NotJson,
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
            NotKnown::NotJson => {
                "is a table, and webhooks are JSON; leave --input-format out to have the format recognised"
            }
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
        Kind::Table if matches!(options.format, Some(Format::Webhooks)) && !is_header(&start) => Kind::Json,
        kind => kind,
    };
    let plain = opened.take_plain();
    let whole = Cursor::new(start).chain(opened);
    match kind {
        _ if matches!(options.format, Some(Format::Parquet)) && !matches!(kind, Kind::Parquet) => {
            Err(NotKnown::NotParquet.error(name))
        }
        Kind::Json => read_json(whole, name, options, sink),
        Kind::Table if matches!(options.format, Some(Format::Webhooks)) => Err(NotKnown::NotJson.error(name)),
        Kind::Table => read_table(whole, name, options, sink),
        Kind::Parquet => super::parquet::read_parquet(whole, plain, name, options, sink),
        Kind::Utf16 => Err(NotKnown::Utf16.error(name)),
    }
}

/// Whether the first line names columns of the canonical log.
fn is_header(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let names = std::str::from_utf8(line).unwrap_or_default();
    names.split(',').any(|name| Column::named(name.trim()).is_some())
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
