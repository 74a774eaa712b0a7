//! The log as Parquet: texts as UTF-8, times as UTC milliseconds, everything optional, packed with zstd.

use std::io::{self, Write};
use std::slice;

use chrono::DateTime;

use crate::model::{CanonicalRow, Column, FilledRow};
use crate::report::cells::Cells;
use crate::report::parquet::{Group, Kind, ParquetFile};

/// Rows of a group, which is held in memory until it is whole.
const GROUP_ROWS: usize = 1 << 16;

/// Rows on their way into a file.
pub(super) struct ParquetRows<W: Write + Send> {
    file: ParquetFile<W>,
    columns: Vec<Column>,
    group: Group,
}

impl<W: Write + Send> ParquetRows<W> {
    pub(super) fn new(columns: &[Column], out: W) -> io::Result<ParquetRows<W>> {
        let named: Vec<_> = columns.iter().map(|column| (column.name(), kind(*column))).collect();
        let file = ParquetFile::new("log", &named, GROUP_ROWS, out)?;
        Ok(ParquetRows { file, columns: columns.to_vec(), group: empty(columns) })
    }

    pub(super) fn add(&mut self, row: &FilledRow<'_>) -> io::Result<()> {
        let mut cells = self.group.rows(slice::from_ref(row));
        for column in &self.columns {
            if kind(*column) == Kind::Time {
                let ms = milliseconds(row.get(*column))?;
                cells.milliseconds(|_| ms);
            } else {
                cells.text(|row| row.get(*column));
            }
        }
        if self.group.is_full(GROUP_ROWS) { self.write_group() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.write_group()?;
        self.file.finish()
    }

    fn write_group(&mut self) -> io::Result<()> {
        let next = empty(&self.columns);
        self.file.add(std::mem::replace(&mut self.group, next))
    }
}

fn empty(columns: &[Column]) -> Group {
    Group::new(columns.iter().map(|column| kind(*column)))
}

fn kind(column: Column) -> Kind {
    match column {
        Column::MessageId | Column::CustomerId => Kind::Id,
        column if Column::TIMES.contains(&column) => Kind::Time,
        _ => Kind::Text,
    }
}

fn milliseconds(text: &str) -> io::Result<Option<i64>> {
    if text.is_empty() {
        return Ok(None);
    }
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| io::Error::other("a time of the log is no RFC 3339"))?;
    Ok(Some(time.timestamp_millis()))
}
