//! What one worker adds up.

use std::collections::BTreeMap;

use crate::model::{BilledCategory, Day, Flag, Flags, Money, Outcome, Rated, RegimeId, TierBand, Unpriced};

use super::agreement::AgreementTally;
use super::ledger::Ledger;

/// What distinguishes the lines of a bill. Account, market and template are numbers of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Everything one worker adds up.
#[derive(Clone, Debug)]
pub struct Tally {
    pub(super) ledger: Ledger,
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
            ledger: Ledger::default(),
            flags: [0; Flag::ALL.len()],
            unpriced: BTreeMap::new(),
            inbound: 0,
            agreement: AgreementTally::default(),
        }
    }
}

impl Tally {
    /// Adds one rated message.
    pub fn add(&mut self, key: &LineKey, rated: &Rated, opens_conversation: bool, flags: Flags) {
        self.ledger.add(key, rated, opens_conversation);
        for flag in flags.iter() {
            self.flags[flag as usize] += 1;
        }
        if let Some(unpriced) = &rated.unpriced {
            *self.unpriced.entry((**unpriced).clone()).or_default() += 1;
        }
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: Tally) {
        self.ledger.merge(other.ledger);
        for (own, more) in self.flags.iter_mut().zip(other.flags) {
            *own += more;
        }
        for (unpriced, count) in other.unpriced {
            *self.unpriced.entry(unpriced).or_default() += count;
        }
        self.inbound += other.inbound;
        self.agreement.merge(other.agreement);
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
