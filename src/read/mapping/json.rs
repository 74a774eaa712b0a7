//! JSON documents through a mapping.

use std::borrow::Cow;
use std::io::Read;

use serde_json::Value;

use crate::model::RejectCode;
use crate::read::json::{Documents, Emitted, parse_tree, read_documents};
use crate::read::table_reader::Taken;
use crate::read::{ReadError, ReadOptions, Sink, UnknownKind};

use super::source::walk;
use super::{Kind, Mapping, Record, Source};

/// A value in a document, with what is around it.
struct JsonRecord<'d> {
    sources: &'d [Source],
    chain: &'d [&'d Value],
}

impl Record for JsonRecord<'_> {
    fn text(&self, source: usize) -> Cow<'_, str> {
        self.sources[source].text_in(self.chain)
    }
}

/// Reads documents to the end and gives the number of their rows.
pub(in crate::read) fn read_mapped_json<R: Read>(
    documents: &mut Documents<R>,
    name: &str,
    options: &ReadOptions,
    mapping: &Mapping,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let paths = mapping.paths();
    read_documents(documents, name, options, sink, |bytes, sink| {
        parse_tree(bytes).map(|document| mapping.read_document(&paths, &document, options, sink))
    })
}

impl Mapping {
    /// The kinds by their path, in the order of the file.
    fn paths(&self) -> Vec<Vec<&Kind>> {
        let mut paths: Vec<Vec<&Kind>> = Vec::new();
        for kind in &self.kinds {
            match paths.iter_mut().find(|kinds| kinds[0].path == kind.path) {
                Some(kinds) => kinds.push(kind),
                None => paths.push(vec![kind]),
            }
        }
        paths
    }

    fn read_document(
        &self,
        paths: &[Vec<&Kind>],
        document: &Value,
        options: &ReadOptions,
        sink: &mut impl Sink,
    ) -> Emitted {
        if !document.is_object() {
            return Emitted::none(
                RejectCode::NotAMessage,
                "the document is no object; a record has names for its values",
            );
        }
        let mut emitted = Emitted::default();
        let mut found = false;
        for kinds in paths {
            walk(&kinds[0].path.1, &mut vec![document], &mut |chain| {
                found = true;
                let record = JsonRecord { sources: &self.sources, chain };
                match self.take(kinds.iter().copied(), &record, options.input_zone, |kind| &kind.tells, sink) {
                    Ok(Taken::LeftOut) => {}
                    Ok(Taken::Row) => emitted.add(Ok(())),
                    Err(refused) => emitted.add(Err(refused)),
                }
            });
        }
        if !found {
            let names: Vec<&str> = paths.iter().map(|kinds| kinds[0].path.0.as_str()).collect();
            let what = format!("{}: a document without {}", self.name, names.join(" or "));
            sink.unknown(UnknownKind::Field, &what);
        }
        emitted
    }
}
