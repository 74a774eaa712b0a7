//! Lines of the bill with their names.

use std::sync::Arc;

use rayon::slice::ParallelSliceMut;

use crate::model::{BilledCategory, Currency, Day, Outcome, RegimeId, TierBand};

use super::ledger::{Entry, Kind};
use super::tally::{LineSums, Tally};

/// Where a line stands, in the order of the file's columns: account, day, what stands between day and template, template, what stands
/// behind it. All but the day are places among those of the bill.
type Place = (u32, Day, u32, u32, u32);

/// Turns the numbers of a [`LineKey`](super::LineKey) into names.
pub trait LineNames {
    /// WABA, phone number and currency of an account.
    fn account(&self, account: u32) -> (Arc<str>, Arc<str>, Currency);
    /// The place of an account by these; accounts that show the same have one place.
    fn account_rank(&self, account: u32) -> u32;
    /// A market's name; markets are numbered in the order of their names.
    fn market(&self, market: usize) -> Arc<str>;
    /// A template's name.
    fn template(&self, template: u32) -> Arc<str>;
    /// The place of a template's name among all names.
    fn template_rank(&self, template: u32) -> u32;
}

/// One row of `lines.csv`: the bill, and the source of every total.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of contract §3")]
pub struct Line {
    pub waba_id: Arc<str>,
    pub phone_number_id: Arc<str>,
    pub currency: Currency,
    pub day: Day,
    pub regime: RegimeId,
    pub market: Arc<str>,
    pub category: BilledCategory,
    pub template_name: Arc<str>,
    pub outcome: Outcome,
    pub tier: Option<TierBand>,
    pub sums: LineSums,
}

impl Line {
    /// The rows of a tally, sorted by their columns; accounts that show the same columns make one row.
    pub fn all(tally: &mut Tally, names: &impl LineNames) -> Vec<Line> {
        let (kinds, counts) = tally.ledger.take();
        let order = KindOrder::new(&kinds);
        let place = |entry: &Entry| order.place(entry, names);
        let mut rows: Vec<(Place, Entry, u64)> =
            counts.into_iter().map(|(entry, count)| (place(&entry), entry, count)).collect();
        rows.par_sort_unstable_by_key(|(place, ..)| *place);
        let lines = rows.chunk_by(|(one, ..), (next, ..)| one == next);
        lines.map(|rows| Line::named(rows, &kinds, names)).collect()
    }

    /// The line of some rows that show the same.
    fn named(rows: &[(Place, Entry, u64)], kinds: &[Kind], names: &impl LineNames) -> Line {
        let (_, first, _) = rows[0];
        let kind = &kinds[first.kind as usize];
        let (waba_id, phone_number_id, currency) = names.account(first.account);
        let mut sums = LineSums::default();
        for (_, entry, count) in rows {
            sums.add(&kinds[entry.kind as usize].sums(*count));
        }
        Line {
            waba_id,
            phone_number_id,
            currency,
            day: first.day,
            regime: kind.regime,
            market: names.market(kind.market),
            category: kind.category,
            template_name: names.template(first.template),
            outcome: kind.outcome,
            tier: kind.tier,
            sums,
        }
    }
}

/// The order of kinds by their columns, each as text, but tiers by their bounds.
struct KindOrder {
    /// By kind: its place by the columns before the template, and by those behind it.
    places: Vec<(u32, u32)>,
}

impl KindOrder {
    fn new(kinds: &[Kind]) -> KindOrder {
        // Markets are numbered, and categories listed, in the order of their names.
        let before = ranks(kinds, |kind| (kind.regime.name(), kind.market, kind.category));
        let behind = ranks(kinds, |kind| (kind.outcome.name(), kind.outcome.reason(), kind.tier));
        KindOrder { places: before.into_iter().zip(behind).collect() }
    }

    fn place(&self, entry: &Entry, names: &impl LineNames) -> Place {
        let (before, behind) = self.places[entry.kind as usize];
        (names.account_rank(entry.account), entry.day, before, names.template_rank(entry.template), behind)
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
