//! The cells of one row, in the order of their columns: a table says once what its rows hold, whatever file they go to.

use std::fmt::Display;

use crate::model::{Instant, Money};

use super::csv_row::CsvRow;

/// A row being written, cell by cell.
pub(super) trait Cells {
    /// A text from outside.
    fn text(&mut self, text: &str) -> &mut Self;
    /// One of our own names; an empty one is an empty cell.
    fn name(&mut self, name: &'static str) -> &mut Self;
    /// What never needs quotes either.
    fn plain(&mut self, value: impl Display) -> &mut Self;
    /// Such a value, empty where there is none.
    fn optional(&mut self, value: Option<impl Display>) -> &mut Self;
    /// A time, empty where there is none.
    fn time(&mut self, at: Option<Instant>) -> &mut Self;
    /// A code, empty where there is none.
    fn code(&mut self, code: Option<u32>) -> &mut Self;
    /// A number of something.
    fn count(&mut self, count: u64) -> &mut Self;
    /// An amount, empty where its rate is unknown.
    fn money(&mut self, amount: Option<Money>) -> &mut Self;
    /// Ends the row.
    fn end(&mut self);
}

impl Cells for CsvRow<'_> {
    fn text(&mut self, text: &str) -> &mut Self {
        CsvRow::text(self, text)
    }

    fn name(&mut self, name: &'static str) -> &mut Self {
        CsvRow::plain(self, name)
    }

    fn plain(&mut self, value: impl Display) -> &mut Self {
        CsvRow::plain(self, value)
    }

    fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        CsvRow::optional(self, value)
    }

    fn time(&mut self, at: Option<Instant>) -> &mut Self {
        CsvRow::optional(self, at)
    }

    fn code(&mut self, code: Option<u32>) -> &mut Self {
        CsvRow::optional(self, code)
    }

    fn count(&mut self, count: u64) -> &mut Self {
        CsvRow::plain(self, count)
    }

    fn money(&mut self, amount: Option<Money>) -> &mut Self {
        CsvRow::money(self, amount)
    }

    fn end(&mut self) {
        CsvRow::end(self);
    }
}
