//! What lines show besides account, day and template.

use crate::model::Day;

use super::ledger::{Entry, Kind};

/// Where a line stands, in the order of the file's columns: account, day, what stands between day and template, template, what stands
/// behind it. All but the day are places among those of the bill.
pub(super) type Place = (u32, Day, u32, u32, u32);

/// The kinds of a bill, each with the name of its market, and their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    kinds: Vec<(Kind, Box<str>)>,
    /// By kind: its place by the columns before the template, and by those behind it.
    places: Vec<(u32, u32)>,
}

impl Kinds {
    /// Each column is sorted as text, but tiers by their bounds.
    pub(super) fn new<'n>(kinds: Vec<Kind>, market: impl Fn(usize) -> &'n str) -> Kinds {
        // Markets are numbered, and categories listed, in the order of their names.
        let before = ranks(&kinds, |kind| (kind.regime.name(), kind.market, kind.category));
        let behind = ranks(&kinds, |kind| (kind.outcome.name(), kind.outcome.reason(), kind.tier));
        Kinds {
            places: before.into_iter().zip(behind).collect(),
            kinds: kinds.into_iter().map(|kind| (kind, market(kind.market).into())).collect(),
        }
    }

    /// The kind of an entry, and the name of its market.
    pub(super) fn get(&self, entry: &Entry) -> (&Kind, &str) {
        let (kind, market) = &self.kinds[entry.kind as usize];
        (kind, market)
    }

    /// Where an entry stands whose account and template are places.
    pub(super) fn place(&self, entry: &Entry) -> Place {
        let (before, behind) = self.places[entry.kind as usize];
        (entry.account, entry.day, before, entry.template, behind)
    }
}

/// By kind: its place among all by some of its columns.
fn ranks<K: Ord>(kinds: &[Kind], columns: impl Fn(&Kind) -> K) -> Vec<u32> {
    let mut sorted: Vec<K> = kinds.iter().map(&columns).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let rank = |kind: &Kind| u32::try_from(sorted.partition_point(|other| *other < columns(kind))).unwrap_or(u32::MAX);
    kinds.iter().map(rank).collect()
}
