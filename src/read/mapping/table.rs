//! Tables through a mapping.

use std::borrow::Cow;
use std::io::Read;

use crate::read::fields::Split;
use crate::read::table_reader::TableReader;
use crate::read::{ReadError, Sink};

use super::apply::tells;
use super::condition::Pattern;
use super::field::{Origin, Rule};
use super::source::{Step, text_within};
use super::{Mapping, Record};

/// How exports of databases write that there is no value.
const NO_VALUE: [&str; 4] = ["NULL", "null", "\\N", "None"];

/// A column, and the path within its cells.
type Place<'m> = Option<(usize, &'m [Step])>;

/// A record of a table, its fields found by the places of the sources.
struct TableRecord<'r> {
    places: &'r [Place<'r>],
    split: Split<'r>,
}

impl Record for TableRecord<'_> {
    fn text(&self, source: usize) -> Cow<'_, str> {
        let Some((at, path)) = self.places[source] else { return Cow::Borrowed("") };
        match self.split.get(at) {
            text if NO_VALUE.contains(&text) => Cow::Borrowed(""),
            text if path.is_empty() => Cow::Borrowed(text),
            text => Cow::Owned(text_within(text, path)),
        }
    }
}

/// Reads a table behind its header to the end and gives the number of its rows.
pub(in crate::read) fn read_mapped_table<R: Read>(
    table: TableReader<'_, R>,
    names: &[String],
    mapping: &Mapping,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let places: Vec<Place<'_>> = mapping.sources.iter().map(|source| source.column(names)).collect();
    if let Err(message) = mapping.check_columns(&places, names) {
        return Err(ReadError::NotALog { name: table.name().to_owned(), message });
    }
    for told in mapping.kinds.iter().flat_map(|kind| tells(&kind.fields, |source| places[source].is_some())) {
        sink.tells(told);
    }
    let zone = table.options().input_zone;
    table.read_rows(names.len(), sink, |split, sink| {
        mapping.take(mapping.kinds.iter(), &TableRecord { places: &places, split }, zone, |_| &[], sink)
    })
}

impl Mapping {
    /// A column that the table has not, and that nothing can stand in for, is a slip that would change the bill. Built-in mappings list
    /// the columns they cannot do without in `detect`, and leave the others to what was exported.
    fn check_columns(&self, places: &[Place<'_>], names: &[String]) -> Result<(), String> {
        let own = self.detect.is_empty();
        let told_by = self.detect.iter().find(|all| all.iter().all(|source| source.column(names).is_some()));
        if !own && told_by.is_some() {
            return Ok(());
        }
        for kind in &self.kinds {
            let missing = |source: &usize| places[*source].is_none();
            let of_rule = |rule: &Rule| match &rule.origin {
                Origin::Sources(sources) if sources.iter().all(&missing) => sources.first().copied(),
                _ => None,
            };
            let asked = kind.when.iter().filter(|condition| !condition.patterns.contains(&Pattern::None));
            let in_when = asked.map(|condition| condition.source).find(missing);
            if let Some(source) = in_when {
                return Err(self.no_column(source, "`when`", names));
            }
            for field in &kind.fields {
                let absent: Vec<usize> = field.rules.iter().filter_map(of_rule).collect();
                if absent.len() == field.rules.len()
                    && let Some(source) = absent.first()
                {
                    return Err(self.no_column(*source, field.column.name(), names));
                }
            }
        }
        Ok(())
    }

    fn no_column(&self, source: usize, taker: &str, names: &[String]) -> String {
        let wanted = &self.sources[source].text;
        format!(
            "its header has no column '{wanted}', which the mapping '{}' takes for {taker}; it has {}",
            self.name,
            names.join(", ")
        )
    }
}
