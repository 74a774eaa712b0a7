//! The hours in which pools cross a bound, by account: chats without a message in them need no closer look.

use crate::chat::{Accounts, Glimpse};
use crate::rate::{PoolKey, Search, hour_of};

/// For each account, the hours that are looked for.
#[derive(Debug)]
pub(super) struct WantedHours(Vec<Vec<u32>>);

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
        let of_account = |one: &crate::chat::ResolvedAccount| {
            let shared = [one.waba, one.number, one.portfolio];
            let hours = by_number.iter().zip(shared).filter_map(|(hours, shared)| hours.get(shared as usize));
            let mut hours: Vec<u32> = hours.flatten().copied().collect();
            hours.sort_unstable();
            hours.dedup();
            hours
        };
        WantedHours(accounts.all().iter().map(of_account).collect())
    }

    /// Whether a message of a chat may have been delivered in such an hour.
    pub(super) fn may_be_in(&self, chat: &Glimpse<'_>) -> bool {
        let Some(account) = chat.account() else { return true };
        let hours = &self.0[account as usize];
        !hours.is_empty() && chat.times().any(|at| hours.binary_search(&hour_of(at)).is_ok())
    }
}
