//! Reads all inputs of a run into one intake.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::chat::Intake;
use crate::model::{Observation, RejectCode, Rejection};
use crate::read::{Input, ReadError, ReadProgress, Refused, Sink, open, read_csv};
use crate::summarise::{InputFacts, RejectedCount, RowCounts};

use super::plan::Plan;

/// A log that was read.
#[derive(Debug)]
pub struct Log {
    /// Its events, sorted into partitions.
    pub intake: Intake,
    /// Its inputs.
    pub inputs: Vec<InputFacts>,
    rejected: BTreeMap<RejectCode, u64>,
}

impl Log {
    /// Rejected rows by code.
    pub fn rejected(&self) -> Vec<RejectedCount> {
        self.rejected.iter().map(|(code, rows)| RejectedCount { code: code.name(), rows: *rows }).collect()
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
    /// Bytes read so far.
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
    let mut log = Log { intake: Intake::default(), inputs: Vec::new(), rejected: BTreeMap::new() };
    let progress = hooks.progress;
    for input in inputs {
        let mut opened = open(input, progress)?;
        let mut sink = LogSink { plan, log: &mut log, hooks };
        let rows = read_csv(&mut opened, &input.name(), &plan.read, &mut sink)?;
        let (bytes, sha256) = opened.fingerprint();
        log.inputs.push(InputFacts { name: shown_name(&input.name()), role: "log", bytes, sha256, rows: Some(rows) });
    }
    for (old, new) in &plan.aliases {
        log.intake.link(old, new);
    }
    log.intake.settle();
    Ok(log)
}

/// A name without the folders of an absolute path, which say more about a machine than about a log.
pub(super) fn shown_name(name: &str) -> String {
    let path = Path::new(name);
    let file = path.file_name().filter(|_| path.is_absolute());
    file.map_or_else(|| name.to_owned(), |file| file.to_string_lossy().into_owned())
}

struct LogSink<'s, 'h> {
    plan: &'s Plan,
    log: &'s mut Log,
    hooks: &'s mut ReadHooks<'h>,
}

impl Sink for LogSink<'_, '_> {
    fn observe(&mut self, observation: &Observation<'_>) -> Result<(), Refused> {
        self.log.intake.add(observation, &self.plan.tariff.markets).map_err(|(code, message)| Refused { code, message })
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        if self.plan.strict {
            return Err(ReadError::Rejected(Box::new(rejection)));
        }
        *self.log.rejected.entry(rejection.code).or_default() += 1;
        (self.hooks.rejected)(&rejection).map_err(ReadError::Reject)
    }

    fn knows_delivery(&mut self) {
        self.log.intake.set_knows_delivery();
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        (self.hooks.tick)();
        if self.hooks.interrupted.load(Ordering::Relaxed) { Err(ReadError::Interrupted) } else { Ok(()) }
    }
}
