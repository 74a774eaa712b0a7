//! The cells of one row, in the order of their columns: a table says once what its rows hold, whatever file they go to.

use std::fmt::Display;

use crate::model::{CustomerText, Instant, Money};

use super::csv_row::CsvRow;

/// A row being written, cell by cell.
pub(super) trait Cells {
    /// A text from outside.
    fn text(&mut self, text: &str) -> &mut Self;
    /// One of our own names; an empty one is an empty cell.
    fn name(&mut self, name: &'static str) -> &mut Self;
    /// What never needs quotes either, empty where there is none.
    fn optional(&mut self, value: Option<impl Display>) -> &mut Self;
    /// A customer.
    fn customer(&mut self, customer: CustomerText<'_>) -> &mut Self {
        match customer {
            CustomerText::Number(number) => self.text(itoa::Buffer::new().format(number)),
            CustomerText::Name(name) => self.text(name),
        }
    }
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
        CsvRow::name(self, name)
    }

    fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        CsvRow::optional(self, value)
    }

    fn time(&mut self, at: Option<Instant>) -> &mut Self {
        CsvRow::time(self, at)
    }

    fn code(&mut self, code: Option<u32>) -> &mut Self {
        match code {
            Some(code) => CsvRow::number(self, code.into()),
            None => CsvRow::name(self, ""),
        }
    }

    fn count(&mut self, count: u64) -> &mut Self {
        CsvRow::number(self, count)
    }

    fn money(&mut self, amount: Option<Money>) -> &mut Self {
        CsvRow::money(self, amount)
    }

    fn end(&mut self) {
        CsvRow::end(self);
    }
}
