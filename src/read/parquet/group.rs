//! A group of rows while it is decoded: every column by itself, some batches ahead.

use std::collections::VecDeque;

use rayon::Scope;

use crate::read::ReadError;

use super::batch::Batch;
use super::damage::guarded;
use super::schema::Layout;
use super::source::{BATCH, ColumnSource};
use super::texts::Cells;

/// Bytes of texts of one column that may wait; what is longer is decoded batch by batch.
const ENOUGH: usize = 4 << 20;

/// One column: what waits is followed by what could not be decoded, if there is such a thing.
struct Queue {
    source: ColumnSource,
    /// Rows that are not decoded yet.
    left: usize,
    waiting: VecDeque<Cells>,
    fault: Option<ReadError>,
}

impl Queue {
    /// Decodes until so many batches wait.
    fn fill(&mut self, name: &str, batches: usize) {
        while self.left > 0 && self.fault.is_none() && self.has_room(batches) {
            let rows = self.left.min(BATCH);
            match guarded(name, || self.source.read(rows)) {
                Ok(cells) => self.waiting.push_back(cells),
                Err(fault) => self.fault = Some(fault),
            }
            self.left -= rows;
        }
    }

    fn has_room(&self, batches: usize) -> bool {
        self.waiting.len() < batches
            && (self.waiting.is_empty() || self.waiting.iter().map(Cells::bytes).sum::<usize>() < ENOUGH)
    }
}

/// The columns of a group of rows.
pub(super) struct Group {
    columns: Vec<Queue>,
    /// Rows that are not taken yet.
    left: usize,
}

impl Group {
    pub(super) fn new(rows: usize, sources: Vec<ColumnSource>) -> Group {
        let queue = |source| Queue { source, left: rows, waiting: VecDeque::new(), fault: None };
        Group { columns: sources.into_iter().map(queue).collect(), left: rows }
    }

    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// Decodes the next batch.
    pub(super) fn fill(&mut self, name: &str) {
        self.columns.iter_mut().for_each(|column| column.fill(name, 1));
    }

    /// Decodes some batches on all threads.
    pub(super) fn fill_all<'s>(&'s mut self, scope: &Scope<'s>, name: &'s str, batches: usize) {
        for column in &mut self.columns {
            scope.spawn(move |_| column.fill(name, batches));
        }
    }

    /// The next batch, if all its columns are decoded; of several that cannot be, the first column says why.
    pub(super) fn next<'l>(&mut self, layout: &'l Layout) -> Result<Option<Batch<'l>>, ReadError> {
        if let Some(column) = self.columns.iter_mut().find(|column| column.waiting.is_empty()) {
            return column.fault.take().map_or(Ok(None), Err);
        }
        let rows = self.left.min(BATCH);
        self.left -= rows;
        let texts = self.columns.iter_mut().filter_map(|column| column.waiting.pop_front()).collect();
        Ok(Some(Batch::of(layout, rows, texts)))
    }
}
