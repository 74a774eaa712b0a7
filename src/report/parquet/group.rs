//! Rows on their way into a group of a file.

use std::borrow::Cow;
use std::fmt::Display;
use std::slice::IterMut;

use crate::model::{CustomerText, Instant, Money};
use crate::report::cells::Cells;

use super::column::{Gathered, Kind};
use super::repeated::Repeated;

/// Bytes of values that wait for their group to be written, at most.
const MOST_BYTES: usize = 64 << 20;

/// Rows that are gathered together.
#[derive(Debug)]
pub(in crate::report) struct Group {
    pub(super) columns: Vec<Gathered>,
    pub(super) rows: usize,
}

impl Group {
    pub(in crate::report) fn new(kinds: impl IntoIterator<Item = Kind>) -> Group {
        Group { columns: kinds.into_iter().map(Gathered::new).collect(), rows: 0 }
    }

    /// Begins rows.
    pub(in crate::report) fn rows<'g, R>(&'g mut self, rows: &'g [R]) -> GroupRows<'g, R> {
        self.rows += rows.len();
        GroupRows { columns: self.columns.iter_mut(), rows }
    }

    /// Bytes of what is held.
    pub(super) fn bytes(&self) -> usize {
        self.columns.iter().map(Gathered::bytes).sum()
    }

    /// Whether it has as many rows, or as many bytes, as a group should have.
    pub(in crate::report) fn is_full(&self, most_rows: usize) -> bool {
        is_full(self.rows, self.bytes(), most_rows)
    }
}

/// Whether so many rows and bytes make a group.
pub(super) fn is_full(rows: usize, bytes: usize, most_rows: usize) -> bool {
    rows >= most_rows || bytes >= MOST_BYTES
}

/// Rows of a group, filled in column by column.
pub(in crate::report) struct GroupRows<'g, R> {
    columns: IterMut<'g, Gathered>,
    rows: &'g [R],
}

impl<R> GroupRows<'_, R> {
    fn next(&mut self) -> &mut Gathered {
        self.columns.next().expect("a row has one cell a column")
    }

    fn texts(&mut self) -> &mut Repeated {
        let Gathered::Texts(texts) = self.next() else { unreachable!("the column holds no texts") };
        texts
    }

    /// Times in UTC milliseconds.
    pub(in crate::report) fn milliseconds(&mut self, ms: impl Fn(&R) -> Option<i64>) -> &mut Self {
        let rows = self.rows;
        let Gathered::Times(times) = self.next() else { unreachable!("the column holds no times") };
        times.extend(rows.iter().map(ms));
        self
    }
}

impl<R> Cells<R> for GroupRows<'_, R> {
    fn text(&mut self, text: impl Fn(&R) -> &str) -> &mut Self {
        let rows = self.rows;
        match self.next() {
            Gathered::Texts(texts) => texts.extend(rows.iter().map(text)),
            Gathered::Ids(ids) => ids.extend(rows.iter().map(text)),
            _ => unreachable!("the column holds no texts"),
        }
        self
    }

    fn name(&mut self, name: impl Fn(&R) -> &'static str) -> &mut Self {
        self.names(|row| Cow::Borrowed(name(row)))
    }

    fn names(&mut self, names: impl Fn(&R) -> Cow<'static, str>) -> &mut Self {
        let rows = self.rows;
        self.texts().extend_names(rows.iter().map(names));
        self
    }

    fn optional<T: Display>(&mut self, value: impl Fn(&R) -> Option<T>) -> &mut Self {
        let rows = self.rows;
        self.texts().extend_shown(rows.iter().map(value));
        self
    }

    fn customer(&mut self, customer: impl Fn(&R) -> CustomerText<'_>) -> &mut Self {
        let rows = self.rows;
        let Gathered::Ids(ids) = self.next() else { unreachable!("the column holds no ids") };
        ids.extend_customers(rows.iter().map(customer));
        self
    }

    fn time(&mut self, at: impl Fn(&R) -> Option<Instant>) -> &mut Self {
        self.milliseconds(|row| at(row).map(|at| at.as_ms().cast_signed()))
    }

    fn code(&mut self, code: impl Fn(&R) -> Option<u32>) -> &mut Self {
        let rows = self.rows;
        let Gathered::Codes(codes) = self.next() else { unreachable!("the column holds no codes") };
        codes.extend(rows.iter().map(code));
        self
    }

    fn count(&mut self, count: impl Fn(&R) -> u64) -> &mut Self {
        let rows = self.rows;
        let Gathered::Counts(counts) = self.next() else { unreachable!("the column holds no counts") };
        counts.extend(rows.iter().map(|row| Some(count(row).cast_signed())));
        self
    }

    fn money(&mut self, amount: impl Fn(&R) -> Option<Money>) -> &mut Self {
        let rows = self.rows;
        let Gathered::Amounts(amounts) = self.next() else { unreachable!("the column holds no amounts") };
        amounts.extend(rows.iter().map(|row| amount(row).map(Money::units)));
        self
    }
}
