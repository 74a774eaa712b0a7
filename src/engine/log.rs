//! Reads all inputs of a run into one intake.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::chat::{Batch, Intake, LargeChat};
use crate::model::{CanonicalRow, Instant, RejectCode, Rejection, TemplateChange};
use crate::read::{
    Input, ReadError, ReadProgress, Refused, RowBatch, Sink, Tells, UnknownKind, observe, open, read_input,
};
use crate::summarise::{InputFacts, RejectedCount, RowCounts, UnknownCount};

use super::plan::Plan;
use super::room::Room;
use super::unknown_names::UnknownNames;

/// A log that was read.
#[derive(Debug)]
pub struct Log {
    /// Its events, sorted into partitions.
    pub intake: Intake,
    /// Its inputs.
    pub inputs: Vec<InputFacts>,
    rejected: BTreeMap<RejectCode, u64>,
    unknown: UnknownNames,
    /// Templates that changed their category, in order.
    pub template_changes: BTreeSet<TemplateChange>,
}

impl Log {
    /// A log of these events, without inputs so far; a simulation's has none.
    pub(super) fn of(intake: Intake) -> Log {
        Log {
            intake,
            inputs: Vec::new(),
            rejected: BTreeMap::new(),
            unknown: UnknownNames::default(),
            template_changes: BTreeSet::new(),
        }
    }

    /// Rejected rows by code.
    pub fn rejected(&self) -> Vec<RejectedCount> {
        self.rejected.iter().map(|(code, rows)| RejectedCount { code: code.name(), rows: *rows }).collect()
    }

    /// The chats that take more than half of the plan's memory by themselves, of a log that is on disk because it is larger.
    pub fn chats_beyond_memory(&self, plan: &Plan) -> std::io::Result<Vec<LargeChat>> {
        let Some(memory) = &plan.memory else { return Ok(Vec::new()) };
        let rows = memory.bytes / 2 / LargeChat::ROW as u64;
        self.intake.chats_beyond(usize::try_from(rows).unwrap_or(usize::MAX))
    }

    /// Names that are not known, with their number.
    pub fn unknown(&self) -> Vec<UnknownCount> {
        self.unknown.counts()
    }

    /// What became of the rows, given how many messages they make.
    pub fn row_counts(&self, messages: u64) -> RowCounts {
        let rejected = self.rejected.values().sum();
        let used = self.intake.facts().rows;
        RowCounts { read: used + rejected, rejected, merged: used - messages, messages }
    }
}

/// What the caller of [`read_log`] wants to see and say.
pub struct ReadHooks<'h> {
    /// Where rejected rows go.
    pub rejected: &'h mut dyn FnMut(&Rejection) -> std::io::Result<()>,
    /// Called now and then, for a display.
    pub tick: &'h mut dyn FnMut(),
    /// How much is read so far.
    pub progress: &'h ReadProgress,
    /// Set to stop.
    pub interrupted: &'h AtomicBool,
}

impl std::fmt::Debug for ReadHooks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadHooks").finish_non_exhaustive()
    }
}

/// Reads all inputs; together they are one log.
pub fn read_log(plan: &Plan, inputs: &[Input], hooks: &mut ReadHooks<'_>) -> Result<Log, ReadError> {
    let mut log = Log::of(Intake::within(plan.memory.clone()));
    let progress = hooks.progress;
    let room = Room::new(plan, inputs);
    for input in inputs {
        let mut opened = open(input, progress)?;
        let mut sink = LogSink { plan, log: &mut log, hooks, room: &room };
        let rows = read_input(&mut opened, &input.name(), &plan.read, &mut sink)?;
        let (bytes, sha256) = opened.fingerprint();
        log.inputs.push(InputFacts { name: shown_name(&input.name()), role: "log", bytes, sha256, rows: Some(rows) });
    }
    for (old, new) in &plan.aliases {
        log.intake.link(old, new);
    }
    log.intake.settle().map_err(|source| room.spill_error(source))?;
    Ok(log)
}

/// A name without the folders of an absolute path, which say more about a machine than about a log.
pub(super) fn shown_name(name: &str) -> String {
    let path = Path::new(name);
    let file = path.file_name().filter(|_| path.is_absolute());
    file.map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into_owned())
}

/// Rows read on one thread.
struct LogBatch<'s> {
    plan: &'s Plan,
    rows: Batch,
    unknown: UnknownNames,
}

impl RowBatch for LogBatch<'_> {
    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let observation = observe(row, self.plan.read.input_zone)?;
        let taken = self.rows.add(&observation, &self.plan.tariff.markets);
        taken.map_err(|(code, message)| Refused { code, message })?;
        self.unknown.add_values(&observation.unknown);
        Ok(())
    }
}

struct LogSink<'s, 'h> {
    plan: &'s Plan,
    log: &'s mut Log,
    hooks: &'s mut ReadHooks<'h>,
    room: &'s Room<'s>,
}

impl<'s> Sink for LogSink<'s, '_> {
    type Batch = LogBatch<'s>;

    fn batch(&self) -> Option<LogBatch<'s>> {
        Some(LogBatch { plan: self.plan, rows: Batch::default(), unknown: UnknownNames::default() })
    }

    fn take(&mut self, batch: &mut LogBatch<'s>) {
        self.log.intake.absorb(&mut batch.rows);
        self.log.unknown.absorb(&mut batch.unknown);
    }

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let observation = observe(row, self.plan.read.input_zone)?;
        let taken = self.log.intake.add(&observation, &self.plan.tariff.markets);
        taken.map_err(|(code, message)| Refused { code, message })?;
        self.log.unknown.add_values(&observation.unknown);
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        if self.plan.strict {
            return Err(ReadError::Rejected(Box::new(rejection)));
        }
        *self.log.rejected.entry(rejection.code).or_default() += 1;
        (self.hooks.rejected)(&rejection).map_err(ReadError::Reject)
    }

    fn tells(&mut self, what: Tells) {
        match what {
            Tells::Delivery => self.log.intake.set_knows_delivery(),
            Tells::Referral => self.log.intake.set_knows_referral(),
        }
    }

    fn link(&mut self, old: &str, new: &str, _: Instant) {
        self.log.intake.link(old, new);
    }

    fn template(&mut self, change: TemplateChange) {
        self.log.template_changes.insert(change);
    }

    fn unknown(&mut self, kind: UnknownKind, name: &str) {
        self.log.unknown.add(kind, name);
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        self.hooks.progress.set_rows(self.log.intake.facts().rows);
        (self.hooks.tick)();
        self.room.expect_rest(&mut self.log.intake, self.hooks.progress.bytes());
        let waiting = self.log.intake.overflow();
        if waiting > 0 {
            self.room.check(waiting, self.log.intake.spilled(), self.hooks.progress.bytes())?;
            self.log.intake.spill().map_err(|source| self.room.spill_error(source))?;
        }
        if self.hooks.interrupted.load(Ordering::Relaxed) { Err(ReadError::Interrupted) } else { Ok(()) }
    }
}
