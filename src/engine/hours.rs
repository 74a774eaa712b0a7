//! The hours in which pools cross a bound, by account: chats without a message in them need no closer look.

use crate::chat::{Accounts, Glimpse, ResolvedAccount};
use crate::model::{Country, Instant};
use crate::rate::{PoolKey, Search, hour_of};

/// For each account, the hours that are looked for.
#[derive(Debug)]
pub(super) struct WantedHours(Vec<Hours>);

/// A set of hours: one bit for each from the first on.
#[derive(Debug, Default)]
struct Hours {
    first: u32,
    bits: Vec<u64>,
}

impl Hours {
    /// The set of some hours.
    fn of(hours: &[u32]) -> Hours {
        let first = hours.iter().copied().min().unwrap_or(0);
        let mut set = Hours { first, bits: Vec::new() };
        for hour in hours {
            let (word, bit) = set.place(*hour);
            set.bits.resize(set.bits.len().max(word + 1), 0);
            set.bits[word] |= bit;
        }
        set
    }

    fn place(&self, hour: u32) -> (usize, u64) {
        let since = hour.wrapping_sub(self.first);
        ((since / 64) as usize, 1 << (since % 64))
    }

    fn hold(&self, hour: u32) -> bool {
        let (word, bit) = self.place(hour);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

impl WantedHours {
    /// The hours of a search.
    pub(super) fn new(search: &Search, accounts: &Accounts) -> WantedHours {
        let mut by_number: [Vec<Vec<u32>>; 3] = Default::default();
        for (pool, hour) in search.wanted() {
            let (kind, shared) = match pool {
                PoolKey::Conversations { waba, .. } => (0, waba),
                PoolKey::Service { number, .. } => (1, number),
                PoolKey::Tier { portfolio, .. } => (2, portfolio),
            };
            let hours = &mut by_number[kind];
            hours.resize(hours.len().max(shared as usize + 1), Vec::new());
            hours[shared as usize].push(hour);
        }
        let of_account = |one: &ResolvedAccount| {
            let shared = [one.waba, one.number, one.portfolio];
            let hours = by_number.iter().zip(shared).filter_map(|(hours, shared)| hours.get(shared as usize));
            Hours::of(&hours.flatten().copied().collect::<Vec<u32>>())
        };
        WantedHours(accounts.all().iter().map(of_account).collect())
    }

    /// Whether the hour of a moment is looked for in any pool of an account.
    pub(super) fn hold(&self, account: u32, at: Instant) -> bool {
        self.0[account as usize].hold(hour_of(at))
    }

    /// Whether a message of a chat may have been delivered in such an hour. `is_wanted` tells whether units of an account in a country
    /// at a moment are looked for.
    pub(super) fn may_be_in(&self, chat: &Glimpse<'_>, is_wanted: impl Fn(u32, Country, Instant) -> bool) -> bool {
        let Some(account) = chat.account() else { return true };
        let hours = &self.0[account as usize];
        let mut near = chat.times().filter(|at| hours.hold(hour_of(*at))).peekable();
        if near.peek().is_none() {
            return false;
        }
        chat.country().is_none_or(|country| near.any(|at| is_wanted(account, country, at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_its_hours_and_no_others() {
        let given = [500_000, 500_063, 500_064, 500_128, 499_999, 500_000];
        let hours = Hours::of(&given);
        for hour in (0..3).chain(499_900..500_300).chain([u32::MAX]) {
            assert_eq!(hours.hold(hour), given.contains(&hour), "{hour}");
        }
        assert!(!Hours::of(&[]).hold(0));
    }
}
