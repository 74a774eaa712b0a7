//! Webhooks of the Cloud API.

use std::io::Read;

use serde_json::Value;

use crate::model::RejectCode;
use crate::read::{ReadError, ReadOptions, Sink};

use super::documents::{Documents, parse};
use super::rows::{Emitted, read_documents};

/// Whether a document is a webhook in one of its framings.
pub(in crate::read) fn is_webhook(document: &Value) -> bool {
    document.get("entry").is_some()
}

/// Reads webhooks to the end and gives the number of their rows.
pub(in crate::read) fn read_webhooks<R: Read>(
    documents: &mut Documents<R>,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    read_documents(documents, name, options, sink, |bytes, _| {
        parse::<Value>(bytes, options.max_line).map(|_| Emitted::none(RejectCode::NotAMessage, "no webhook"))
    })
}
