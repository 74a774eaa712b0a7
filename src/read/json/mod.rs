//! Logs in JSON: webhooks as they came, the canonical log, and documents that a mapping describes.

mod canonical;
mod documents;
mod object;
mod rows;
mod skip;
mod text;
mod webhook;

use std::io::Read;

use serde_json::Value;

use super::format::{Format, NotKnown};
use super::{ReadError, ReadOptions, Sink};

use canonical::{is_canonical, read_canonical};
use documents::{Documents, parse};
use webhook::{is_webhook, read_webhooks};

/// Reads a stream of JSON documents to its end and gives the number of its rows.
pub(super) fn read_json(
    reader: impl Read,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let mut documents = Documents::new(reader, options.max_line);
    let format = match &options.format {
        Some(format) => format.clone(),
        None => recognise(&mut documents, name)?,
    };
    match format {
        Format::Canonical => read_canonical(&mut documents, name, options, sink),
        Format::Webhooks => read_webhooks(&mut documents, name, options, sink),
        Format::Parquet => Err(NotKnown::NotParquet.error(name)),
    }
}

/// The format by the first document; broken ones prove nothing and are taken for webhooks, whose reader rejects them.
fn recognise<R: Read>(documents: &mut Documents<R>, name: &str) -> Result<Format, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let first = documents.peek(|stretch| parse::<Value>(stretch)).map_err(io)?;
    match first {
        Some(document) if is_canonical(&document) => Ok(Format::Canonical),
        Some(document) if !is_webhook(&document) => Err(NotKnown::Json.error(name)),
        _ => Ok(Format::Webhooks),
    }
}
