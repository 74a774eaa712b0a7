//! The cells of rows, in the order of their columns: a table says once what its rows hold, whatever file they go to.
//!
//! It says so column by column, so that a file of columns takes each for many rows at once.

use std::borrow::Cow;
use std::fmt::Display;

use crate::model::{CustomerText, Instant, Money};

use super::csv_row::CsvRow;

/// Rows being written, cell by cell: each column is given as what it holds of a row.
pub(super) trait Cells<R> {
    /// A text from outside.
    fn text(&mut self, text: impl Fn(&R) -> &str) -> &mut Self;
    /// One of our own names; an empty one is an empty cell.
    fn name(&mut self, name: impl Fn(&R) -> &'static str) -> &mut Self;
    /// Some of our own names, mostly one or none.
    fn names(&mut self, names: impl Fn(&R) -> Cow<'static, str>) -> &mut Self;
    /// What never needs quotes either, empty where there is none.
    fn optional<T: Display>(&mut self, value: impl Fn(&R) -> Option<T>) -> &mut Self;
    /// A customer.
    fn customer(&mut self, customer: impl Fn(&R) -> CustomerText<'_>) -> &mut Self;
    /// A time, empty where there is none.
    fn time(&mut self, at: impl Fn(&R) -> Option<Instant>) -> &mut Self;
    /// A code, empty where there is none.
    fn code(&mut self, code: impl Fn(&R) -> Option<u32>) -> &mut Self;
    /// A number of something.
    fn count(&mut self, count: impl Fn(&R) -> u64) -> &mut Self;
    /// An amount, empty where its rate is unknown.
    fn money(&mut self, amount: impl Fn(&R) -> Option<Money>) -> &mut Self;
}

/// One row, written as CSV.
pub(super) struct CsvCells<'b, 'r, R> {
    pub(super) out: CsvRow<'b>,
    pub(super) row: &'r R,
}

impl<R> Cells<R> for CsvCells<'_, '_, R> {
    fn text(&mut self, text: impl Fn(&R) -> &str) -> &mut Self {
        self.out.text(text(self.row));
        self
    }

    fn name(&mut self, name: impl Fn(&R) -> &'static str) -> &mut Self {
        self.out.name(name(self.row));
        self
    }

    fn names(&mut self, names: impl Fn(&R) -> Cow<'static, str>) -> &mut Self {
        self.out.name(&names(self.row));
        self
    }

    fn optional<T: Display>(&mut self, value: impl Fn(&R) -> Option<T>) -> &mut Self {
        self.out.optional(value(self.row));
        self
    }

    fn customer(&mut self, customer: impl Fn(&R) -> CustomerText<'_>) -> &mut Self {
        match customer(self.row) {
            CustomerText::Number(number) => self.out.number(number),
            CustomerText::Name(name) => self.out.text(name),
        };
        self
    }

    fn time(&mut self, at: impl Fn(&R) -> Option<Instant>) -> &mut Self {
        self.out.time(at(self.row));
        self
    }

    fn code(&mut self, code: impl Fn(&R) -> Option<u32>) -> &mut Self {
        match code(self.row) {
            Some(code) => self.out.number(code.into()),
            None => self.out.name(""),
        };
        self
    }

    fn count(&mut self, count: impl Fn(&R) -> u64) -> &mut Self {
        self.out.number(count(self.row));
        self
    }

    fn money(&mut self, amount: impl Fn(&R) -> Option<Money>) -> &mut Self {
        self.out.money(amount(self.row));
        self
    }
}
