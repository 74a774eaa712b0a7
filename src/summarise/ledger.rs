//! Counts of messages by line of the bill.
//!
//! A log has millions of messages and many fewer lines, but too many of these for the cache. So a count takes 24 bytes, and the
//! messages of each part of the ledger wait until there are enough of them to be counted together. What a message costs is kept once
//! for all that cost the same: money is worked out once a line.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Day, Money, Outcome, Rated, RegimeId, TierBand};

use super::tally::{LineKey, LineSums};

/// What messages of a line have in common besides account, day and template. All of one kind cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    pub(super) regime: RegimeId,
    pub(super) market: usize,
    pub(super) category: BilledCategory,
    pub(super) outcome: Outcome,
    pub(super) tier: Option<TierBand>,
    opens_conversation: bool,
    list: Option<Money>,
    billed: Option<Money>,
    is_unpriced: bool,
}

/// Where messages count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Entry {
    pub(super) account: u32,
    pub(super) template: u32,
    pub(super) day: Day,
    /// Place of the kind.
    pub(super) kind: u32,
}

/// Parts of a ledger: few enough to keep the end of each in the cache, many enough for one to fit into it.
const PARTS: usize = 256;
/// Messages of a part that are counted together.
const TOGETHER: usize = 2048;

/// The entries whose hashes are alike.
#[derive(Clone, Debug, Default)]
struct Part {
    pending: Vec<Entry>,
    counts: HashMap<Entry, u64, FixedState>,
}

/// All counts of one worker.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    kinds: Vec<Kind>,
    places: HashMap<Kind, u32, FixedState>,
    parts: Vec<Part>,
    hasher: FixedState,
}

impl Default for Ledger {
    fn default() -> Ledger {
        Ledger {
            kinds: Vec::new(),
            places: HashMap::default(),
            parts: vec![Part::default(); PARTS],
            hasher: FixedState::default(),
        }
    }
}

impl Kind {
    fn of(key: &LineKey, rated: &Rated, opens_conversation: bool) -> Kind {
        let LineKey { regime, market, category, outcome, tier, .. } = *key;
        let (list, billed, is_unpriced) = (rated.list, rated.billed, rated.unpriced.is_some());
        Kind { regime, market, category, outcome, tier, opens_conversation, list, billed, is_unpriced }
    }

    /// What so many messages of this kind add up to.
    pub(super) fn sums(&self, messages: u64) -> LineSums {
        let counted = |holds: bool| if holds { messages } else { 0 };
        LineSums {
            messages,
            conversations: counted(self.opens_conversation),
            list: self.list.unwrap_or_default().times(messages),
            billed: self.billed.unwrap_or_default().times(messages),
            unpriced: counted(self.is_unpriced),
            list_unknown: counted(self.list.is_none() && self.outcome != Outcome::Charged),
        }
    }
}

impl Part {
    fn settle(&mut self) {
        for entry in self.pending.drain(..) {
            *self.counts.entry(entry).or_default() += 1;
        }
    }
}

impl Ledger {
    /// Counts one message.
    pub(super) fn add(&mut self, key: &LineKey, rated: &Rated, opens_conversation: bool) {
        let kind = self.place(Kind::of(key, rated, opens_conversation));
        let entry = Entry { account: key.account, template: key.template, day: key.day, kind };
        let part = self.part(&entry);
        part.pending.push(entry);
        if part.pending.len() == TOGETHER {
            part.settle();
        }
    }

    /// Adds what another ledger counted.
    pub(super) fn merge(&mut self, other: Ledger) {
        let kinds: Vec<u32> = other.kinds.iter().map(|kind| self.place(*kind)).collect();
        for mut part in other.parts {
            part.settle();
            for (entry, count) in part.counts {
                let own = Entry { kind: kinds[entry.kind as usize], ..entry };
                *self.part(&own).counts.entry(own).or_default() += count;
            }
        }
    }

    /// All counts, in no particular order, and what their kinds are.
    pub(super) fn take(&mut self) -> (Vec<Kind>, Vec<(Entry, u64)>) {
        let Ledger { kinds, mut parts, .. } = std::mem::take(self);
        parts.iter_mut().for_each(Part::settle);
        let mut counts = Vec::with_capacity(parts.iter().map(|part| part.counts.len()).sum());
        for part in parts {
            counts.extend(part.counts);
        }
        (kinds, counts)
    }

    fn place(&mut self, kind: Kind) -> u32 {
        *self.places.entry(kind).or_insert_with(|| {
            self.kinds.push(kind);
            u32::try_from(self.kinds.len() - 1).expect("fewer than 2^32 kinds fit in memory")
        })
    }

    /// By bits of the hash that the tables of the parts do not look at.
    fn part(&mut self, entry: &Entry) -> &mut Part {
        let bits = self.hasher.hash_one(entry) >> 40;
        &mut self.parts[usize::from(bits.to_le_bytes()[0])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Flags, Reason, RuleId};

    fn key(place: u32) -> LineKey {
        LineKey {
            account: place % 7,
            day: Day::from_epoch_days(20_000 + (place % 300).cast_signed()),
            regime: RegimeId::Pmp2,
            market: 3,
            category: BilledCategory::Service,
            template: place % 11,
            outcome: if place.is_multiple_of(2) { Outcome::Charged } else { Outcome::Free(Reason::FreeTier) },
            tier: None,
        }
    }

    fn rated(key: &LineKey, list: Option<&str>) -> Rated {
        let list = list.map(|text| Money::parse(text).unwrap());
        let billed = if key.outcome == Outcome::Charged { list } else { Some(Money::ZERO) };
        Rated { outcome: key.outcome, rule: RuleId::R51, tier: None, list, billed, unpriced: None, flags: Flags::NONE }
    }

    fn sum(ledger: &mut Ledger) -> LineSums {
        let (kinds, counts) = ledger.take();
        let mut all = LineSums::default();
        for (entry, count) in &counts {
            all.add(&kinds[entry.kind as usize].sums(*count));
        }
        all
    }

    /// More than wait together in a part, spread over two ledgers whose kinds have other places.
    #[test]
    fn nothing_is_lost_between_waiting_counting_and_merging() {
        let messages = u32::try_from(TOGETHER * 3 + 1).unwrap();
        let (mut one, mut two) = (Ledger::default(), Ledger::default());
        two.add(&key(1), &rated(&key(1), Some("0.01")), false);
        for place in 0..messages {
            for key in [key(place), key(4)] {
                let ledger = if place % 3 == 0 { &mut two } else { &mut one };
                ledger.add(&key, &rated(&key, Some("0.0068")), place == 0);
            }
        }
        one.merge(two);
        let sums = sum(&mut one);
        assert_eq!((sums.messages, sums.conversations), (u64::from(2 * messages + 1), 2));
        let charged = u64::from(messages + messages.div_ceil(2));
        assert_eq!(sums.billed, Money::parse("0.0068").unwrap().times(charged));
    }

    #[test]
    fn what_has_no_price_is_counted_apart() {
        let mut ledger = Ledger::default();
        for list in [None, Some("0.01")] {
            ledger.add(&key(1), &rated(&key(1), list), false);
        }
        let (kinds, counts) = ledger.take();
        assert_eq!((kinds.len(), counts.len()), (2, 2));
        let unknown: Vec<u64> = kinds.iter().map(|kind| kind.sums(5).list_unknown).collect();
        assert_eq!(unknown, [5, 0]);
    }
}
