//! What a chat shows before it is folded, to pass over those that cannot matter to a question.

use crate::model::{Country, Instant};

use super::accounts::Accounts;
use super::packed::Packed;
use super::partition::Partition;

/// A chat that is not folded yet.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse<'c> {
    pub(super) partition: &'c Partition,
    pub(super) events: &'c [Packed],
    pub(super) accounts: &'c Accounts,
}

impl Glimpse<'_> {
    /// The account of all its rows, a place in [`Accounts`]; `None` if they name several.
    pub fn account(&self) -> Option<u32> {
        let first = self.events.first()?.sender;
        let same = self.events.iter().all(|event| event.sender == first);
        same.then(|| self.accounts.place(first))
    }

    /// The country of all its rows; `None` if they tell of several.
    pub fn country(&self) -> Option<Country> {
        let first = self.events.first()?.country();
        self.events.iter().all(|event| event.country() == first).then_some(first)
    }

    /// All times of its rows, some more than once. Each message is sent and delivered at one of them.
    pub fn times(&self) -> impl Iterator<Item = Instant> {
        self.events.iter().flat_map(|event| event.moments(self.partition.extra(event)).into_iter().flatten())
    }
}
