//! Documents become rows; what cannot be used is rejected with the place of its document.

use std::io::Read;

use crate::model::{Location, RejectCode, Rejection};
use crate::read::{ReadError, ReadOptions, Refused, Sink, too_long};

use super::documents::{Document, Documents, Parsed, Stretch};
use super::stream::SUBSTITUTE;

/// Documents between two looks at whether to go on.
const DOCUMENTS_PER_PAUSE: u64 = 1024;
/// Bytes of a rejected document that are shown.
const RAW_SHOWN: usize = 1000;

/// What came of one document.
#[derive(Debug, Default)]
pub(in crate::read) struct Emitted {
    /// Rows that it held, refused ones included.
    pub(in crate::read) rows: u64,
    /// Those that cannot be used.
    pub(in crate::read) refused: Vec<Refused>,
}

impl Emitted {
    /// A document of one row.
    pub(in crate::read) fn one(outcome: Result<(), Refused>) -> Emitted {
        let mut emitted = Emitted::default();
        emitted.add(outcome);
        emitted
    }

    /// A document that cannot be used as a whole.
    pub(in crate::read) fn none(code: RejectCode, message: &str) -> Emitted {
        let mut emitted = Emitted::default();
        emitted.refuse(code, message);
        emitted
    }

    /// Refuses something that holds no row.
    pub(in crate::read) fn refuse(&mut self, code: RejectCode, message: &str) {
        self.add(Err(Refused { code, message: message.to_owned() }));
    }

    /// Counts a row.
    pub(in crate::read) fn add(&mut self, outcome: Result<(), Refused>) {
        self.rows += 1;
        self.refused.extend(outcome.err());
    }
}

/// Reads all documents; `take` parses one and hands its rows to the sink. Gives the number of rows.
pub(in crate::read) fn read_documents<R: Read, S: Sink>(
    documents: &mut Documents<R>,
    name: &str,
    options: &ReadOptions,
    sink: &mut S,
    mut take: impl FnMut(Stretch<'_>, &mut S) -> Parsed<Emitted>,
) -> Result<u64, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let (mut rows, mut count) = (0, 0_u64);
    while let Some(document) = documents.next(|stretch| take(stretch, sink)).map_err(io)? {
        let emitted = match document {
            Document::Good(emitted) => emitted,
            Document::Broken(why) => {
                Emitted::none(RejectCode::BadJson, &format!("no JSON: {why}; its lines were passed over"))
            }
            Document::TooLong => Emitted::one(Err(too_long(options.max_line))),
        };
        rows += emitted.rows;
        for refused in emitted.refused {
            let (place, text) = documents.last();
            let raw = shown(text);
            let location = Location { file: name.to_owned(), line: place.line, byte_offset: place.byte_offset };
            sink.reject(Rejection { location, code: refused.code, message: refused.message, raw })?;
        }
        count += 1;
        if count.is_multiple_of(DOCUMENTS_PER_PAUSE) {
            sink.pause()?;
        }
    }
    Ok(rows)
}

/// The start of a document, for a report.
fn shown(document: &str) -> String {
    let start = &document[..document.floor_char_boundary(RAW_SHOWN)];
    start.replace(char::from(SUBSTITUTE), "\u{fffd}")
}
