//! Some thousand rows of a file, column by column.

use crate::model::{CanonicalRow, Column, Columns, Instant};
use crate::read::Refused;

use super::schema::Layout;
use super::texts::Cells;

/// Rows that were read together.
pub(super) struct Batch<'l> {
    layout: &'l Layout,
    rows: usize,
    columns: Vec<Cells>,
    /// Rows with values that cannot be text, in order; of several faults the first column's.
    refused: Vec<(usize, Refused)>,
}

impl<'l> Batch<'l> {
    /// Of the cells of all columns for the same rows.
    pub(super) fn of(layout: &'l Layout, rows: usize, mut columns: Vec<Cells>) -> Batch<'l> {
        let mut refused: Vec<_> = columns.iter_mut().flat_map(Cells::take_faults).collect();
        refused.sort_by_key(|(row, _)| *row);
        refused.dedup_by_key(|(row, _)| *row);
        Batch { layout, rows, columns, refused }
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Why a row cannot be used, if so.
    pub(super) fn refused(&self, row: usize) -> Option<&Refused> {
        let at = self.refused.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(&self.refused[at].1)
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.columns.iter().map(Cells::bytes).sum()
    }

    /// Bytes of the texts of a row.
    pub(super) fn row_bytes(&self, row: usize) -> usize {
        self.columns.iter().map(|column| column.get(row).len()).sum()
    }

    pub(super) fn row(&self, row: usize) -> BatchRow<'_> {
        BatchRow { batch: self, row }
    }

    /// A row as it would stand in a CSV file with the same columns.
    pub(super) fn as_csv(&self, row: usize) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(self.columns.iter().map(|column| column.get(row)));
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()
    }
}

/// One row of a batch.
pub(super) struct BatchRow<'b> {
    batch: &'b Batch<'b>,
    row: usize,
}

impl<'b> CanonicalRow<'b> for BatchRow<'b> {
    #[inline]
    fn get(&self, column: Column) -> &'b str {
        self.batch.layout.at(column).map_or("", |at| self.batch.columns[at].get(self.row))
    }

    fn columns(&self) -> Columns {
        self.batch.layout.columns()
    }

    #[inline]
    fn instant(&self, column: Column) -> Option<Instant> {
        self.batch.layout.at(column).and_then(|at| self.batch.columns[at].instant(self.row))
    }
}
