//! Rows on their way into a group of a file.

use std::fmt::Display;
use std::slice::IterMut;

use crate::model::{Instant, Money};
use crate::report::cells::Cells;

use super::column::{Gathered, Kind};

/// Bytes of values that wait for their group to be written, at most.
const MOST_BYTES: usize = 64 << 20;

/// Rows that are gathered together.
#[derive(Debug)]
pub(in crate::report) struct Group {
    pub(super) columns: Vec<Gathered>,
    pub(super) rows: usize,
    pub(super) bytes: usize,
}

impl Group {
    pub(in crate::report) fn new(kinds: impl IntoIterator<Item = Kind>) -> Group {
        Group { columns: kinds.into_iter().map(Gathered::new).collect(), rows: 0, bytes: 0 }
    }

    /// Begins a row.
    pub(in crate::report) fn row(&mut self) -> GroupRow<'_> {
        self.rows += 1;
        GroupRow { columns: self.columns.iter_mut(), bytes: &mut self.bytes }
    }

    /// Whether it has as many rows, or as many bytes, as a group should have.
    pub(in crate::report) fn is_full(&self, most_rows: usize) -> bool {
        is_full(self.rows, self.bytes, most_rows)
    }
}

/// Whether so many rows and bytes make a group.
pub(super) fn is_full(rows: usize, bytes: usize, most_rows: usize) -> bool {
    rows >= most_rows || bytes >= MOST_BYTES
}

/// A row of a group, filled in from the left.
pub(in crate::report) struct GroupRow<'g> {
    columns: IterMut<'g, Gathered>,
    bytes: &'g mut usize,
}

impl GroupRow<'_> {
    fn next(&mut self) -> &mut Gathered {
        self.columns.next().expect("a row has one cell a column")
    }

    /// A time in UTC milliseconds.
    pub(in crate::report) fn milliseconds(&mut self, ms: Option<i64>) {
        self.next().time(ms);
    }
}

impl Cells for GroupRow<'_> {
    fn text(&mut self, text: &str) -> &mut Self {
        *self.bytes += self.next().text(text);
        self
    }

    fn name(&mut self, name: &'static str) -> &mut Self {
        self.text(name)
    }

    fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        *self.bytes += self.next().shown(value);
        self
    }

    fn time(&mut self, at: Option<Instant>) -> &mut Self {
        self.milliseconds(at.map(|at| at.as_ms().cast_signed()));
        self
    }

    fn code(&mut self, code: Option<u32>) -> &mut Self {
        self.next().code(code);
        self
    }

    fn count(&mut self, count: u64) -> &mut Self {
        self.next().count(count.cast_signed());
        self
    }

    fn money(&mut self, amount: Option<Money>) -> &mut Self {
        *self.bytes += self.next().amount(amount);
        self
    }

    fn end(&mut self) {
        debug_assert!(self.columns.len() == 0, "a row has one cell a column");
    }
}
