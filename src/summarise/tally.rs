//! What one worker adds up.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Day, Flag, Flags, Money, Outcome, Rated, RegimeId, TierBand, Unpriced};

use super::agreement::AgreementTally;

/// What distinguishes the lines of a bill. Account, market and template are numbers of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the columns of lines.csv")]
pub struct LineKey {
    pub account: u32,
    pub day: Day,
    pub regime: RegimeId,
    pub market: usize,
    pub category: BilledCategory,
    pub template: u32,
    pub outcome: Outcome,
    pub tier: Option<TierBand>,
}

/// What a line adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineSums {
    /// Verdicts.
    pub messages: u64,
    /// Conversations and free entry points opened by them.
    pub conversations: u64,
    /// List cost, as far as known.
    pub list: Money,
    /// Billed cost, as far as known.
    pub billed: Money,
    /// Charged messages without a known rate.
    pub unpriced: u64,
    /// Free messages whose list rate is not known.
    pub list_unknown: u64,
}

impl LineSums {
    /// Adds another sum.
    pub fn add(&mut self, other: &LineSums) {
        self.messages += other.messages;
        self.conversations += other.conversations;
        self.list += other.list;
        self.billed += other.billed;
        self.unpriced += other.unpriced;
        self.list_unknown += other.list_unknown;
    }
}

/// Messages that are added to their lines together.
const PENDING: usize = 1024;

/// Everything one worker adds up.
#[derive(Clone, Debug)]
pub struct Tally {
    lines: HashMap<LineKey, LineSums, FixedState>,
    /// Added to the lines together: so the memory of many lines is asked for at once.
    pending: Vec<(LineKey, LineSums)>,
    flags: [u64; Flag::ALL.len()],
    unpriced: BTreeMap<Unpriced, u64>,
    /// Inbound messages in the billed period.
    pub inbound: u64,
    /// Meta's verdicts beside ours.
    pub agreement: AgreementTally,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            lines: HashMap::default(),
            pending: Vec::new(),
            flags: [0; Flag::ALL.len()],
            unpriced: BTreeMap::new(),
            inbound: 0,
            agreement: AgreementTally::default(),
        }
    }
}

impl Tally {
    /// Adds one rated message.
    pub fn add(&mut self, key: LineKey, rated: &Rated, opens_conversation: bool, flags: Flags) {
        let charged = rated.outcome == Outcome::Charged;
        let sums = LineSums {
            messages: 1,
            conversations: u64::from(opens_conversation),
            list: rated.list.unwrap_or_default(),
            billed: rated.billed.unwrap_or_default(),
            unpriced: u64::from(rated.unpriced.is_some()),
            list_unknown: u64::from(rated.list.is_none() && !charged),
        };
        self.pending.push((key, sums));
        if self.pending.len() == PENDING {
            self.settle();
        }
        for flag in flags.iter() {
            self.flags[flag as usize] += 1;
        }
        if let Some(unpriced) = &rated.unpriced {
            *self.unpriced.entry((**unpriced).clone()).or_default() += 1;
        }
    }

    /// Adds what is pending to the lines.
    fn settle(&mut self) {
        for (key, sums) in self.pending.drain(..) {
            self.lines.entry(key).or_default().add(&sums);
        }
    }

    /// Adds another tally.
    pub fn merge(&mut self, mut other: Tally) {
        self.settle();
        other.settle();
        // The smaller goes into the larger; the first of all is empty.
        if self.lines.len() < other.lines.len() {
            std::mem::swap(&mut self.lines, &mut other.lines);
        }
        for (key, sums) in other.lines {
            self.lines.entry(key).or_default().add(&sums);
        }
        for (own, more) in self.flags.iter_mut().zip(other.flags) {
            *own += more;
        }
        for (unpriced, count) in other.unpriced {
            *self.unpriced.entry(unpriced).or_default() += count;
        }
        self.inbound += other.inbound;
        self.agreement.merge(other.agreement);
    }

    /// Takes all lines out, in no particular order.
    pub(super) fn take_lines(&mut self) -> Vec<(LineKey, LineSums)> {
        self.settle();
        std::mem::take(&mut self.lines).into_iter().collect()
    }

    /// How many messages carry a flag.
    pub fn flag(&self, flag: Flag) -> u64 {
        self.flags[flag as usize]
    }

    /// Charges without a rate, each missing rate row once.
    pub fn unpriced(&self) -> &BTreeMap<Unpriced, u64> {
        &self.unpriced
    }
}
