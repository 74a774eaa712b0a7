//! Units of each pool by hour, from which the hour is found in which it crosses a bound.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::pool::{PoolKey, Unit, hour_of};

/// Hours of a day, which are kept together: units of a pool fall on few days, and on many hours of them.
const HOURS: usize = 24;
const HOURS_A_DAY: u32 = 24;

/// The days of a pool, which lie within a month.
#[derive(Clone, Debug, Default)]
struct PoolDays {
    /// The first day that has units.
    first: u32,
    /// From there on: the place of each day's hours and one, 0 where it has none.
    places: Vec<u32>,
}

impl PoolDays {
    /// Where the hours of a day stand, and `next` for one without.
    fn place(&mut self, day: u32, next: u32) -> usize {
        let at = day.wrapping_sub(self.first) as usize;
        let at = if at < self.places.len() { at } else { self.reach(day) };
        let place = &mut self.places[at];
        if *place == 0 {
            *place = next + 1;
        }
        (*place - 1) as usize
    }

    /// Takes in a day before or behind those known.
    fn reach(&mut self, day: u32) -> usize {
        if self.places.is_empty() {
            self.first = day;
        }
        let missing = self.first.saturating_sub(day);
        self.places.splice(..0, std::iter::repeat_n(0, missing as usize));
        self.first -= missing;
        let at = (day - self.first) as usize;
        self.places.resize(self.places.len().max(at + 1), 0);
        at
    }
}

/// Units of each pool by hour of delivery. Merging is adding, so the order of partitions does not matter.
#[derive(Clone, Debug, Default)]
pub struct PoolCounts {
    /// Each pool's place, in the order of their first units.
    places: HashMap<PoolKey, u32, FixedState>,
    /// By place of a pool.
    days: Vec<PoolDays>,
    /// The units of each hour of a day, fewer than 2^32 each.
    hours: Vec<[u32; HOURS]>,
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
        let hour = hour_of(unit.delivered);
        self.hours_of(place, hour / HOURS_A_DAY)[(hour % HOURS_A_DAY) as usize] += 1;
    }

    /// The hours of a pool's day.
    fn hours_of(&mut self, pool: u32, day: u32) -> &mut [u32; HOURS] {
        let next = u32::try_from(self.hours.len()).expect("the days of all pools are fewer than 2^32");
        let place = self.days[pool as usize].place(day, next);
        if place == self.hours.len() {
            self.hours.push([0; HOURS]);
        }
        &mut self.hours[place]
    }

    fn place(&mut self, pool: PoolKey) -> u32 {
        let next = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(pool).or_insert(next);
        if place == next {
            self.days.push(PoolDays::default());
        }
        place
    }

    /// Adds another count.
    #[must_use]
    pub fn merge(mut self, other: &PoolCounts) -> PoolCounts {
        for (pool, theirs) in &other.places {
            let own = self.place(*pool);
            for (day, counts) in other.days_of(*theirs) {
                self.hours_of(own, day).iter_mut().zip(counts).for_each(|(own, count)| *own += count);
            }
        }
        self
    }

    /// Each pool with its hours, in order.
    pub(super) fn pools(&self) -> Vec<(PoolKey, Vec<(u32, u64)>)> {
        let mut pools: Vec<(PoolKey, u32)> = self.places.iter().map(|(pool, place)| (*pool, *place)).collect();
        pools.sort_unstable_by_key(|(_, place)| *place);
        let hours = |place| self.days_of(place).flat_map(|(day, counts)| (day * HOURS_A_DAY..).zip(counts));
        let counted = |place| hours(place).filter(|(_, count)| **count > 0);
        let units = |place| counted(place).map(|(hour, count)| (hour, u64::from(*count))).collect();
        pools.into_iter().map(|(pool, place)| (pool, units(place))).collect()
    }

    /// The days of a pool that have units, with their hours.
    fn days_of(&self, pool: u32) -> impl Iterator<Item = (u32, &[u32; HOURS])> {
        let PoolDays { first, places } = &self.days[pool as usize];
        let known = (*first..).zip(places).filter(|(_, place)| **place > 0);
        known.map(|(day, place)| (day, &self.hours[*place as usize - 1]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HOUR, Instant, Month};

    fn at(hour: u32) -> Instant {
        Instant::from_ms(u64::from(hour) * HOUR.as_ms() + 1).unwrap()
    }

    fn counted(units: &[(PoolKey, u32)]) -> PoolCounts {
        let mut counts = PoolCounts::default();
        for (pool, hour) in units {
            counts.add(&Unit { pool: *pool, delivered: at(*hour) });
        }
        counts
    }

    /// The first hour of a day.
    const START: u32 = 20_000 * HOURS_A_DAY;

    fn pool(number: u32) -> PoolKey {
        PoolKey::Service { number, month: Month::parse("2026-10").unwrap() }
    }

    #[test]
    fn units_are_counted_by_hour_whatever_their_order() {
        let units = [0, 23, 24, 24, 700, -24, -25, -25].map(|hour: i32| (pool(1), START.strict_add_signed(hour)));
        let expected = [(-25, 2), (-24, 1), (0, 1), (23, 1), (24, 2), (700, 1)];
        let expected = expected.map(|(hour, count): (i32, u64)| (START.strict_add_signed(hour), count)).to_vec();
        assert_eq!(counted(&units).pools(), [(pool(1), expected.clone())]);
        let backwards: Vec<_> = units.into_iter().rev().collect();
        assert_eq!(counted(&backwards).pools(), [(pool(1), expected)]);
    }

    #[test]
    fn merging_is_adding_pool_by_pool() {
        let one = [(pool(1), START), (pool(2), START + 5)];
        let two = [(pool(3), START), (pool(2), START - 30), (pool(2), START + 5)];
        let merged = counted(&one).merge(&counted(&two)).pools();
        let expected = [
            (pool(1), vec![(START, 1)]),
            (pool(2), vec![(START - 30, 1), (START + 5, 2)]),
            (pool(3), vec![(START, 1)]),
        ];
        assert_eq!(merged.len(), expected.len());
        assert!(expected.iter().all(|pool| merged.contains(pool)));
    }
}
