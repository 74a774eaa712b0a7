//! The canonical log as JSON: one object a row, its keys the canonical columns (contract §2).

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::model::{Column, FilledRow};
use crate::read::{ReadError, ReadOptions, Sink, Tells};

use super::documents::{Documents, parse};
use super::rows::{Emitted, read_documents};
use super::skip::Skipped;
use super::text::Text;

/// One row: the columns it has.
#[derive(Debug)]
struct Row<'a>(Vec<(Column, Text<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Row<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Row<'a>, D::Error> {
        deserializer.deserialize_map(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the canonical columns as keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Row<'de>, A::Error> {
        let mut columns = Vec::with_capacity(16);
        while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
            match Column::named(&key) {
                Some(column) if columns.iter().any(|(known, _)| *known == column) => {
                    return Err(serde::de::Error::custom(format_args!("'{key}' stands twice")));
                }
                Some(column) => columns.push((column, entries.next_value::<Text<'de>>()?)),
                None => {
                    entries.next_value::<Skipped>()?;
                }
            }
        }
        Ok(Row(columns))
    }
}

/// Whether an object is a row of the canonical log.
pub(in crate::read) fn is_canonical(document: &serde_json::Value) -> bool {
    document.get("message_id").is_some() && document.get("direction").is_some()
}

/// Reads rows to the end and gives their number.
pub(in crate::read) fn read_canonical<R: Read>(
    documents: &mut Documents<R>,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let mut seen = [false; Column::COUNT];
    let rows = read_documents(documents, name, options, sink, |stretch, sink| {
        parse::<Row<'_>>(stretch).map(|row| {
            let mut filled = FilledRow::empty();
            for (column, text) in &row.0 {
                seen[*column as usize] = true;
                filled.set(*column, text.scalar());
            }
            Emitted::one(sink.row(&filled))
        })
    })?;
    let has = |columns: &[Column]| columns.iter().any(|column| seen[*column as usize]);
    if has(&Column::DELIVERY) {
        sink.tells(Tells::Delivery);
    }
    if has(&Column::REFERRAL) {
        sink.tells(Tells::Referral);
    }
    Ok(rows)
}
