//! Logs in JSON: webhooks as they came, the canonical log, and documents that a mapping describes.

mod canonical;
mod cursor;
mod documents;
mod object;
mod rows;
mod skip;
mod stream;
mod text;
mod webhook;

use std::io::Read;

use super::format::{Format, NotKnown};
use super::mapping::{fitting_json, read_mapped_json};
use super::{ReadError, ReadOptions, Sink};

pub(super) use documents::{Document, Documents, parse_tree};
pub(super) use rows::{Emitted, read_documents};

use canonical::{is_canonical, read_canonical};
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
        None => recognise(&mut documents, name, options)?,
    };
    match format {
        Format::Canonical => read_canonical(&mut documents, name, options, sink),
        Format::Webhooks => read_webhooks(&mut documents, name, options, sink),
        Format::Parquet => Err(NotKnown::NotParquet.error(name)),
        Format::Mapping(mapping) => read_mapped_json(&mut documents, name, options, &mapping, sink),
    }
}

/// The format by the first document; broken ones prove nothing and are taken for webhooks, whose reader rejects them.
fn recognise<R: Read>(documents: &mut Documents<R>, name: &str, options: &ReadOptions) -> Result<Format, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let first = documents.peek(parse_tree).map_err(io)?;
    match first {
        Some(document) if is_canonical(&document) => Ok(Format::Canonical),
        Some(document) if document.get("entry").is_some() => Ok(Format::Webhooks),
        document => match (document, &options.mapping) {
            (_, Some(mapping)) => Ok(Format::Mapping(mapping.clone())),
            // Providers took their forms from old webhooks, so theirs, which are stricter, come first.
            (Some(document), None) => match fitting_json(&document, name)? {
                Some(mapping) => Ok(Format::Mapping(mapping)),
                None if is_webhook(&document) => Ok(Format::Webhooks),
                None => Err(NotKnown::Json.error(name)),
            },
            (None, None) => Ok(Format::Webhooks),
        },
    }
}
