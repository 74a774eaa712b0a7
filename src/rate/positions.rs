//! Where each pool crosses a bound: the first unit beyond the allowance, the first of each tier.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{CustomerText, Instant};
use crate::tariff::{CarryIn, MONTHLY_ALLOWANCE, TierBook};

use super::counts::PoolCounts;
use super::pool::{PoolKey, Sender, hour_of};

/// The order of units in a pool (contract §3): delivery, sending, message id bytewise, customer id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey {
    /// Delivery.
    pub delivered: Instant,
    /// Sending.
    pub sent: Instant,
    /// Message id.
    pub id: String,
    /// Customer, as outputs show it.
    pub customer: String,
}

impl OrderKey {
    /// Whether a unit stands at or behind this one; its customer is asked for only where all else is equal.
    fn is_reached_by(&self, delivered: Instant, sent: Instant, id: &str, customer: CustomerText<'_>) -> bool {
        let order = (delivered, sent, id).cmp(&(self.delivered, self.sent, self.id.as_str()));
        order.then_with(|| customer.to_string().cmp(&self.customer)).is_ge()
    }
}

/// One bound that a pool crosses within the log.
#[derive(Clone, Copy, Debug)]
struct Crossing {
    pool: PoolKey,
    /// Units at the old terms, carried-in ones included.
    bound: u64,
    hour: u32,
    /// Place of the first unit beyond the bound among the units of that hour.
    place: usize,
}

/// What the second pass has to look for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    crossings: Vec<Crossing>,
    carried: HashMap<PoolKey, u64>,
    wanted: HashMap<(PoolKey, u32), ()>,
}

/// Units found by one worker of the second pass.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    units: HashMap<(PoolKey, u32), Vec<OrderKey>>,
}

/// For each pool, how many units came before any given one, as far as a bound depends on it.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    pools: HashMap<PoolKey, Place, FixedState>,
}

/// What places the units of a pool.
#[derive(Clone, Debug, Default)]
struct Place {
    /// Units used before the log starts.
    carried: u64,
    /// The first unit beyond each bound, in order of bounds.
    steps: Vec<(u64, OrderKey)>,
}

impl Search {
    /// Finds which pools cross which bound, and in which hour. `carried_in` gives the units of a pool before the log.
    pub fn new(counts: &PoolCounts, tiers: &TierBook, carried_in: impl Fn(&PoolKey) -> u64) -> Search {
        let mut search = Search::default();
        for (pool, hours) in counts.pools() {
            let carried = carried_in(&pool);
            search.carried.insert(pool, carried);
            for bound in bounds(&pool, tiers) {
                let Some(before) = bound.checked_sub(carried) else { continue };
                if let Some((hour, place)) = locate(&hours, before) {
                    search.crossings.push(Crossing { pool, bound, hour, place });
                    search.wanted.insert((pool, hour), ());
                }
            }
        }
        search
    }

    /// Whether no pool crosses a bound, so that there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.crossings.is_empty()
    }

    /// Whether the units of a pool at a time are looked for.
    pub fn wants(&self, pool: PoolKey, delivered: Instant) -> bool {
        self.wanted.contains_key(&(pool, hour_of(delivered)))
    }

    /// Whether any units of a sender at a time are looked for.
    pub fn wants_any(&self, sender: &Sender, delivered: Instant) -> bool {
        sender.pools().into_iter().any(|pool| self.wants(pool, delivered))
    }

    /// What is looked for: pools and hours.
    pub fn wanted(&self) -> impl Iterator<Item = (PoolKey, u32)> {
        self.wanted.keys().copied()
    }

    /// Settles the search with all units that were wanted.
    pub fn settle(self, mut sought: Sought) -> Positions {
        let place = |(pool, carried)| (pool, Place { carried, steps: Vec::new() });
        let mut positions = Positions { pools: self.carried.into_iter().map(place).collect() };
        for crossing in self.crossings {
            let Some(units) = sought.units.get_mut(&(crossing.pool, crossing.hour)) else { continue };
            let (_, unit, _) = units.select_nth_unstable(crossing.place);
            positions.pools.entry(crossing.pool).or_default().steps.push((crossing.bound, unit.clone()));
        }
        for place in positions.pools.values_mut() {
            place.steps.sort_unstable();
        }
        positions
    }
}

impl Sought {
    /// Notes a unit that was wanted.
    pub fn add(&mut self, pool: PoolKey, unit: OrderKey) {
        self.units.entry((pool, hour_of(unit.delivered))).or_default().push(unit);
    }

    /// Puts the findings of two workers together.
    #[must_use]
    pub fn merge(mut self, other: Sought) -> Sought {
        for (key, units) in other.units {
            self.units.entry(key).or_default().extend(units);
        }
        self
    }
}

impl Positions {
    /// A number of units that came before this one, exact as far as any bound: on the right side of each.
    pub fn before(
        &self,
        pool: &PoolKey,
        delivered: Instant,
        sent: Instant,
        id: &str,
        customer: CustomerText<'_>,
    ) -> u64 {
        let Some(Place { carried, steps }) = self.pools.get(pool) else { return 0 };
        let reached = steps.iter().rev().find(|(_, first)| first.is_reached_by(delivered, sent, id, customer));
        reached.map_or(*carried, |(bound, _)| *bound)
    }
}

/// Units used before the log starts, from `carry_in.csv`, as far as it says; `names` turns places into ids.
pub fn carried_in(carry_in: &CarryIn, pool: &PoolKey, names: impl Fn(&PoolKey) -> String) -> Option<u64> {
    match *pool {
        PoolKey::Conversations { month, .. } => carry_in.conversations(&names(pool), month),
        PoolKey::Service { month, .. } => carry_in.service(&names(pool), month),
        PoolKey::Tier { month, market, category, .. } => carry_in.tier(&names(pool), month, market, category),
    }
}

/// The numbers of units after which the terms of a pool change.
fn bounds(pool: &PoolKey, tiers: &TierBook) -> Vec<u64> {
    match *pool {
        PoolKey::Conversations { .. } | PoolKey::Service { .. } => vec![MONTHLY_ALLOWANCE],
        PoolKey::Tier { market, category, .. } => tiers.bounds(market, category).to_vec(),
    }
}

/// The hour of the unit that comes after `before` others, and its place among the units of that hour.
fn locate(hours: &[(u32, u64)], before: u64) -> Option<(u32, usize)> {
    let mut left = before;
    for (hour, count) in hours {
        match left.checked_sub(*count) {
            Some(less) => left = less,
            None => return Some((*hour, usize::try_from(left).ok()?)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MINUTE, Month};
    use crate::rate::Unit;

    fn at(minutes: u64) -> Instant {
        Instant::from_ms(1_790_000_000_000).unwrap().plus(MINUTE.times(minutes))
    }

    fn key(minutes: u64, id: &str) -> OrderKey {
        OrderKey { delivered: at(minutes), sent: at(0), id: id.to_owned(), customer: String::new() }
    }

    fn positions(carried: u64, units: &[OrderKey]) -> (PoolKey, Positions) {
        let pool = PoolKey::Service { number: 0, month: Month::parse("2026-10").unwrap() };
        let mut counts = PoolCounts::default();
        for unit in units {
            counts.add(&Unit { pool, delivered: unit.delivered });
        }
        let search = Search::new(&counts, &TierBook::default(), |_| carried);
        let mut sought = Sought::default();
        for unit in units.iter().filter(|unit| search.wants(pool, unit.delivered)) {
            sought.add(pool, unit.clone());
        }
        (pool, search.settle(sought))
    }

    #[test]
    fn the_1000th_is_free_and_the_1001st_is_not_r51() {
        let units: Vec<_> = (0..1500).map(|i| key(i * 7 % 1500, &format!("{i:04}"))).collect();
        let mut sorted = units.clone();
        sorted.sort();
        let (pool, positions) = positions(0, &units);
        for (place, unit) in sorted.iter().enumerate() {
            let before =
                positions.before(&pool, unit.delivered, unit.sent, &unit.id, CustomerText::Name(&unit.customer));
            assert_eq!(before < 1000, place < 1000, "{place}");
        }
    }

    #[test]
    fn ties_go_by_message_id_and_carried_in_units_come_first() {
        let units = [key(5, "b"), key(5, "a"), key(5, "c")];
        let (pool, positions) = positions(999, &units);
        let free = |id: &str| positions.before(&pool, at(5), at(0), id, CustomerText::Name("")) < 1000;
        assert!(free("a") && !free("b") && !free("c"));
    }

    #[test]
    fn an_allowance_used_up_before_the_log_leaves_none() {
        for carried in [1000, 2000] {
            let (pool, positions) = positions(carried, &[key(1, "a")]);
            assert!(positions.before(&pool, at(1), at(0), "a", CustomerText::Name("")) >= 1000);
        }
    }
}
