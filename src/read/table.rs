//! Tables: the canonical log as CSV, in message form and event form (log-formats §5), or one that a mapping describes.

use std::io::Read;

use crate::model::{CanonicalRow, Column, Columns};

use super::blocks::{Table, read_blocks};
use super::fields::Split;
use super::format::Format;
use super::table_reader::{TableReader, Taken, not_a_log};
use super::{ReadError, ReadOptions, Sink, Tells, mapping};

/// Reads a canonical table to its end and gives the number of its rows, rejected ones included.
pub fn read_csv(reader: impl Read, name: &str, options: &ReadOptions, sink: &mut impl Sink) -> Result<u64, ReadError> {
    let mut table = TableReader::new(reader, name, options, b',');
    let header = table.header(|split| header(&split))?;
    read_canonical(table, &header, sink)
}

/// Reads a table of any kind: canonical if its header is, else by the mapping that is given or fits.
pub(super) fn read_table(
    reader: impl Read,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let mut table = TableReader::new(reader, name, options, b',');
    let given = match &options.format {
        Some(Format::Mapping(mapping)) => Some(mapping),
        _ => options.mapping.as_ref(),
    };
    let delimiter = match given.and_then(|mapping| mapping.delimiter()) {
        Some(delimiter) => delimiter,
        None => mapping::delimiter(table.first_line()?),
    };
    table.delimit(delimiter);
    let names = table.header(|split| Ok(split.texts()))?;
    let canonical = delimiter == b',' && refuse_incomplete(|column| places(&names).has(column)).is_ok();
    let by = match &options.format {
        Some(Format::Canonical) => None,
        Some(Format::Mapping(mapping)) => Some(mapping.clone()),
        _ if canonical => None,
        _ => options.mapping.clone().map_or_else(|| mapping::fitting_table(&names, name), |given| Ok(Some(given)))?,
    };
    if let Some(mapping) = by {
        return mapping::read_mapped_table(table, &names, &mapping, sink);
    }
    let header = check(&names, delimiter).map_err(|message| not_a_log(name, message))?;
    read_canonical(table, &header, sink)
}

fn read_canonical<R: Read>(table: TableReader<'_, R>, header: &Header, sink: &mut impl Sink) -> Result<u64, ReadError> {
    if Column::DELIVERY.iter().any(|column| header.has(*column)) {
        sink.tells(Tells::Delivery);
    }
    if Column::REFERRAL.iter().any(|column| header.has(*column)) {
        sink.tells(Tells::Referral);
    }
    let (rows, table) =
        table.read_ahead(|rest, name, options| read_blocks(&Table { header, name, options }, rest, sink))?;
    let others = table
        .read_rows(header.fields, sink, |split, sink| sink.row(&TableRow { header, split }).map(|()| Taken::Row))?;
    Ok(rows + others)
}

/// Where each known column stands.
pub(super) struct Header {
    at: [usize; Column::COUNT],
    columns: Columns,
    pub(super) fields: usize,
}

/// Where no field is.
const NOWHERE: usize = usize::MAX;

impl Header {
    fn has(&self, column: Column) -> bool {
        self.columns.has(column)
    }
}

/// A record under its header.
pub(super) struct TableRow<'h, 'a> {
    pub(super) header: &'h Header,
    pub(super) split: Split<'a>,
}

impl<'a> CanonicalRow<'a> for TableRow<'_, 'a> {
    fn get(&self, column: Column) -> &'a str {
        self.split.get(self.header.at[column as usize])
    }

    fn columns(&self) -> Columns {
        self.header.columns
    }
}

/// Where the canonical columns stand among some names; of two alike, the last.
fn places(names: &[String]) -> Header {
    let mut header = Header { at: [NOWHERE; Column::COUNT], columns: Columns::default(), fields: names.len() };
    for (at, name) in names.iter().enumerate() {
        if let Some(column) = Column::named(name) {
            header.at[column as usize] = at;
            header.columns.insert(column);
        }
    }
    header
}

fn header(split: &Split<'_>) -> Result<Header, String> {
    check(&split.texts(), b',')
}

/// The header of a canonical log, or what is wrong with it.
fn check(names: &[String], delimiter: u8) -> Result<Header, String> {
    let header = if delimiter == b',' { places(names) } else { places(&[]) };
    for (at, name) in names.iter().enumerate() {
        let column = Column::named(name).filter(|column| header.has(*column) && header.at[*column as usize] != at);
        if let Some(column) = column {
            return Err(format!("column '{}' stands twice in its header", column.name()));
        }
    }
    let others = names.iter().enumerate().filter(|(at, _)| !header.at.contains(at));
    refuse_misspelt(others.map(|(_, name)| name.as_str()), |column| header.has(column))?;
    refuse_incomplete(|column| header.has(column))
        .map_err(|message| format!("{message}. {}", mapping::not_known(names, delimiter)))?;
    Ok(header)
}

/// Extra columns are ignored, but one that is a letter away from a column that is not there is a slip that would change the bill.
pub(super) fn refuse_misspelt<'n>(
    others: impl Iterator<Item = &'n str>,
    has: impl Fn(Column) -> bool,
) -> Result<(), String> {
    for other in others {
        let name = other.to_ascii_lowercase();
        let near = |column: &Column| !has(*column) && strsim::damerau_levenshtein(column.name(), &name) == 1;
        if let Some(column) = Column::ALL.into_iter().find(near) {
            return Err(format!("unknown column '{other}' in its header; did you mean '{}'?", column.name()));
        }
    }
    Ok(())
}

/// A log without its key columns would be a bill of nothing.
pub(super) fn refuse_incomplete(has: impl Fn(Column) -> bool) -> Result<(), String> {
    match missing_columns(has).as_slice() {
        [] => Ok(()),
        missing => Err(format!(
            "its header has no column {}; a log needs at least message_id,direction,customer_id and a time (created_at, sent_at, delivered_at, or event and event_at)",
            missing.join(", ")
        )),
    }
}

fn missing_columns(has: impl Fn(Column) -> bool) -> Vec<&'static str> {
    let times =
        [Column::CreatedAt, Column::SentAt, Column::DeliveredAt, Column::ReadAt, Column::PlayedAt, Column::FailedAt];
    let has_time = if has(Column::Event) { has(Column::EventAt) } else { times.iter().any(|column| has(*column)) };
    let needed = [
        ("message_id", has(Column::MessageId)),
        ("direction", has(Column::Direction)),
        ("customer_id", has(Column::CustomerId) || has(Column::CustomerUserId)),
        (if has(Column::Event) { "event_at" } else { "sent_at" }, has_time),
    ];
    needed.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
}
