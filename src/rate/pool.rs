//! Pools, and which of them a verdict counts in.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{HOUR, Instant, Message, Month, Outcome, Verdict};
use crate::tariff::{Allowance, CardFamily, MarketId, Regime, TierCategory};

/// What shares an allowance or a counter of volume tiers. Numbers, WABAs and portfolios are places in the accounts of the log; the month
/// is local to the account that sent (R63).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PoolKey {
    /// Free conversations of a WABA (R47, R49).
    Conversations {
        /// The WABA.
        waba: u32,
        /// The month.
        month: Month,
    },
    /// Free service messages of a number (R51).
    Service {
        /// The number.
        number: u32,
        /// The month.
        month: Month,
    },
    /// Charged messages of a portfolio in a market and category (R61, R64).
    Tier {
        /// The portfolio.
        portfolio: u32,
        /// The month.
        month: Month,
        /// The market.
        market: MarketId,
        /// What has a counter.
        category: TierCategory,
    },
}

/// One unit of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The pool it counts in.
    pub pool: PoolKey,
    /// When it was delivered, which orders units first.
    pub delivered: Instant,
}

/// Who sent a message: places in the accounts of the log.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// The number.
    pub number: u32,
    /// The WABA.
    pub waba: u32,
    /// The portfolio.
    pub portfolio: u32,
    /// The local month of the delivery.
    pub month: Month,
    /// The market of the recipient.
    pub market: MarketId,
}

/// The pools a verdict counts in: an allowance it draws on, and a tier counter it moves (only if it is charged, R61).
pub fn units<Id>(verdict: &Verdict<Id>, message: &Message, sender: &Sender) -> [Option<Unit>; 2] {
    let Some(delivered) = message.delivered else { return [None, None] };
    let unit = |pool| Unit { pool, delivered };
    [allowance(verdict, sender).map(unit), tier(verdict, sender).map(unit)]
}

pub(super) fn allowance<Id>(verdict: &Verdict<Id>, sender: &Sender) -> Option<PoolKey> {
    let month = sender.month;
    match Regime::of(verdict.regime).allowance {
        _ if !verdict.draws_allowance => None,
        Allowance::None => None,
        Allowance::ServiceMessages => Some(PoolKey::Service { number: sender.number, month }),
        Allowance::Conversations | Allowance::ConversationsByPartner | Allowance::ServiceConversations => {
            Some(PoolKey::Conversations { waba: sender.waba, month })
        }
    }
}

pub(super) fn tier<Id>(verdict: &Verdict<Id>, sender: &Sender) -> Option<PoolKey> {
    let by_message = Regime::of(verdict.regime).card == Some(CardFamily::Pmp);
    let category = TierCategory::of(verdict.category).filter(|_| by_message && verdict.outcome == Outcome::Charged)?;
    let Sender { portfolio, month, market, .. } = *sender;
    Some(PoolKey::Tier { portfolio, month, market, category })
}

/// Units of each pool by hour of delivery. Merging is adding, so the order of partitions does not matter.
#[derive(Clone, Debug, Default)]
pub struct PoolCounts {
    /// Each pool's place, in the order of their first units.
    places: HashMap<PoolKey, u32, FixedState>,
    /// By place of a pool and hour.
    by_hour: HashMap<(u32, u32), u64, FixedState>,
    /// Neighbours are often of one pool.
    last: Option<(PoolKey, u32)>,
}

impl PoolCounts {
    /// Counts a unit.
    pub fn add(&mut self, unit: &Unit) {
        let place = match self.last {
            Some((pool, place)) if pool == unit.pool => place,
            _ => self.place(unit.pool),
        };
        self.last = Some((unit.pool, place));
        *self.by_hour.entry((place, hour_of(unit.delivered))).or_default() += 1;
    }

    fn place(&mut self, pool: PoolKey) -> u32 {
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        *self.places.entry(pool).or_insert(next)
    }

    /// Adds another count.
    #[must_use]
    pub fn merge(mut self, other: PoolCounts) -> PoolCounts {
        let mut places = vec![0; other.places.len()];
        for (pool, place) in other.places {
            places[place as usize] = self.place(pool);
        }
        for ((place, hour), count) in other.by_hour {
            *self.by_hour.entry((places[place as usize], hour)).or_default() += count;
        }
        self
    }

    /// Each pool with its hours, in order.
    pub(super) fn pools(&self) -> Vec<(PoolKey, Vec<(u32, u64)>)> {
        let mut pools: Vec<(PoolKey, u32)> = self.places.iter().map(|(pool, place)| (*pool, *place)).collect();
        pools.sort_unstable_by_key(|(_, place)| *place);
        let mut pools: Vec<(PoolKey, Vec<(u32, u64)>)> =
            pools.into_iter().map(|(pool, _)| (pool, Vec::new())).collect();
        for ((place, hour), count) in &self.by_hour {
            pools[*place as usize].1.push((*hour, *count));
        }
        for (_, hours) in &mut pools {
            hours.sort_unstable();
        }
        pools
    }
}

/// Hours since 1970.
pub fn hour_of(at: Instant) -> u32 {
    u32::try_from(at.as_ms() / HOUR.as_ms()).unwrap_or(u32::MAX)
}
