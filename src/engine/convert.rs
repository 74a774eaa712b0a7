//! `convert`: any log that can be read, as a canonical one that replays alike.
//!
//! Inputs are read twice: once for the columns that have values, once to write the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::Ordering;

use crate::chat::check;
use crate::model::{CanonicalRow, Column, FilledRow, Instant, RejectCode, Rejection, TemplateChange};
use crate::read::{
    OneByOne, ReadError, ReadOptions, Refused, Replayable, Sink, Tells, UnknownKind, observe, read_input,
};
use crate::summarise::{RejectedCount, UnknownCount};
use crate::tariff::Markets;

use super::canonical_form::CanonicalForm;
use super::log::ReadHooks;
use super::unknown_names::UnknownNames;

/// Reads inputs for `convert`.
#[derive(Debug)]
pub struct Converter<'c> {
    /// The inputs; together they are one log.
    pub inputs: &'c [Replayable],
    /// How to read them.
    pub read: &'c ReadOptions,
    /// The countries that a customer can be of.
    pub markets: &'c Markets,
    /// Whether a row that cannot be used stops the reading.
    pub strict: bool,
}

/// What the inputs said.
#[derive(Debug, Default)]
pub struct Converted {
    /// Rows that were used.
    pub rows: u64,
    /// Links between customer ids, with the moment since when, in order of time.
    pub links: BTreeSet<(Instant, String, String)>,
    /// Templates that changed their category, in order.
    pub template_changes: BTreeSet<TemplateChange>,
    filled: BTreeSet<Column>,
    tells: Vec<Tells>,
    rejected: BTreeMap<RejectCode, u64>,
    unknown: UnknownNames,
    fingerprints: Vec<(u64, String)>,
}

/// Why a conversion did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The inputs cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The rows cannot be written.
    #[error(transparent)]
    Write(io::Error),
    /// The inputs are not what they were a moment ago.
    #[error("{0} changed while it was read; convert it again when nothing writes to it any more")]
    Changed(String),
}

impl Converted {
    /// The columns to write: those with a value somewhere, and those whose mere presence says that the log would tell (log-formats §6).
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = self.filled.clone();
        let lacks = |columns: &BTreeSet<Column>, any: &[Column]| any.iter().all(|column| !columns.contains(column));
        if self.tells.contains(&Tells::Delivery) && lacks(&columns, &Column::DELIVERY) {
            columns.insert(Column::DeliveredAt);
        }
        if self.tells.contains(&Tells::Referral) && lacks(&columns, &Column::REFERRAL) {
            columns.insert(Column::ReferralSourceType);
        }
        // A log has these even if no row fills them.
        columns.extend([Column::MessageId, Column::Direction]);
        if lacks(&columns, &[Column::CustomerId, Column::CustomerUserId]) {
            columns.insert(Column::CustomerId);
        }
        let proof = |column: &Column| !matches!(column, Column::DeletedAt | Column::ConversationExpiresAt);
        let times: Vec<Column> = Column::TIMES.into_iter().filter(proof).collect();
        if lacks(&columns, &times) {
            columns.insert(Column::SentAt);
        }
        columns.into_iter().collect()
    }

    /// Rejected rows by code.
    pub fn rejected(&self) -> Vec<RejectedCount> {
        self.rejected.iter().map(|(code, rows)| RejectedCount { code: code.name(), rows: *rows }).collect()
    }

    /// Names that are not known, with their number.
    pub fn unknown(&self) -> Vec<UnknownCount> {
        self.unknown.counts()
    }
}

impl Converter<'_> {
    /// The first reading: which columns there are.
    pub fn survey(&self, hooks: &mut ReadHooks<'_>) -> Result<Converted, ReadError> {
        let mut survey = Survey(BTreeSet::new());
        let mut converted = self.read(hooks, &mut survey)?;
        converted.filled = survey.0;
        Ok(converted)
    }

    /// The second reading: every row that can be used goes to `write`, in the order of the inputs.
    pub fn write(
        &self,
        surveyed: &Converted,
        hooks: &mut ReadHooks<'_>,
        write: &mut dyn FnMut(&FilledRow<'_>) -> io::Result<()>,
    ) -> Result<Converted, ConvertError> {
        let mut writing = Writing { write, failed: None };
        let converted = self.read(hooks, &mut writing);
        if let Some(error) = writing.failed {
            return Err(ConvertError::Write(error));
        }
        let converted = converted?;
        let changed = converted.fingerprints.iter().zip(&surveyed.fingerprints).position(|(now, then)| now != then);
        match changed {
            Some(at) => Err(ConvertError::Changed(self.inputs[at].name())),
            None => Ok(converted),
        }
    }

    fn read(&self, hooks: &mut ReadHooks<'_>, taker: &mut impl Taker) -> Result<Converted, ReadError> {
        let mut converted = Converted::default();
        let progress = hooks.progress;
        for input in self.inputs {
            let mut opened = input.open(progress)?;
            let mut sink = ConvertSink { converter: self, converted: &mut converted, hooks, taker };
            read_input(&mut opened, &input.name(), self.read, &mut sink)?;
            sink.pause()?;
            converted.fingerprints.push(opened.fingerprint());
        }
        Ok(converted)
    }
}

/// What becomes of a row.
trait Taker {
    fn take(&mut self, row: &FilledRow<'_>);
    /// Whether there is no use in further rows.
    fn is_done(&self) -> bool;
}

/// The columns with values so far.
struct Survey(BTreeSet<Column>);

impl Taker for Survey {
    fn take(&mut self, row: &FilledRow<'_>) {
        for column in Column::ALL {
            if !row.get(column).is_empty() {
                self.0.insert(column);
            }
        }
    }

    fn is_done(&self) -> bool {
        false
    }
}

struct Writing<'w> {
    write: &'w mut dyn FnMut(&FilledRow<'_>) -> io::Result<()>,
    failed: Option<io::Error>,
}

impl Taker for Writing<'_> {
    fn take(&mut self, row: &FilledRow<'_>) {
        if self.failed.is_none() {
            self.failed = (self.write)(row).err();
        }
    }

    fn is_done(&self) -> bool {
        self.failed.is_some()
    }
}

struct ConvertSink<'s, 'c, 'h, T> {
    converter: &'s Converter<'c>,
    converted: &'s mut Converted,
    hooks: &'s mut ReadHooks<'h>,
    taker: &'s mut T,
}

impl<T: Taker> Sink for ConvertSink<'_, '_, '_, T> {
    type Batch = OneByOne;

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let seen = observe(row, self.converter.read.input_zone)?;
        check(&seen, self.converter.markets).map_err(|(code, message)| Refused { code, message })?;
        for (column, text) in &seen.unknown {
            self.unknown(UnknownKind::Value, &format!("{}={text}", column.name()));
        }
        let form = CanonicalForm::of(row, &seen);
        self.taker.take(&form.fill(row));
        self.converted.rows += 1;
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        if self.converter.strict {
            return Err(ReadError::Rejected(Box::new(rejection)));
        }
        *self.converted.rejected.entry(rejection.code).or_default() += 1;
        (self.hooks.rejected)(&rejection).map_err(ReadError::Reject)
    }

    fn tells(&mut self, what: Tells) {
        self.converted.tells.push(what);
    }

    fn link(&mut self, old: &str, new: &str, at: Instant) {
        self.converted.links.insert((at, old.to_owned(), new.to_owned()));
    }

    fn template(&mut self, change: TemplateChange) {
        self.converted.template_changes.insert(change);
    }

    fn unknown(&mut self, kind: UnknownKind, name: &str) {
        self.converted.unknown.add(kind, name);
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        self.hooks.progress.set_rows(self.converted.rows);
        (self.hooks.tick)();
        let stop = self.taker.is_done() || self.hooks.interrupted.load(Ordering::Relaxed);
        if stop { Err(ReadError::Interrupted) } else { Ok(()) }
    }
}
