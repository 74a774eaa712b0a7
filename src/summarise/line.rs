//! Lines of the bill with their names.

use rayon::slice::ParallelSliceMut;

use crate::model::{BilledCategory, Currency, Day, Outcome, RegimeId, TierBand};

use super::tally::{LineKey, LineSums, Tally};

/// What identifies a line, in the order of the file's columns: accounts, markets and templates by the order of their names.
type Place = (u32, Day, &'static str, usize, BilledCategory, u32, (&'static str, &'static str), Option<TierBand>);

/// Turns the numbers of a [`LineKey`](super::LineKey) into names.
pub trait LineNames {
    /// WABA, phone number and currency of an account.
    fn account(&self, account: u32) -> (&str, &str, Currency);
    /// The place of an account by these; accounts that show the same have one place.
    fn account_rank(&self, account: u32) -> u32;
    /// A market's name; markets are numbered in the order of their names.
    fn market(&self, market: usize) -> &str;
    /// A template's name.
    fn template(&self, template: u32) -> &str;
    /// The place of a template's name among all names.
    fn template_rank(&self, template: u32) -> u32;
}

/// One row of `lines.csv`: the bill, and the source of every total.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of contract §3")]
pub struct Line {
    pub waba_id: String,
    pub phone_number_id: String,
    pub currency: Currency,
    pub day: Day,
    pub regime: RegimeId,
    pub market: String,
    pub category: BilledCategory,
    pub template_name: String,
    pub outcome: Outcome,
    pub tier: Option<TierBand>,
    pub sums: LineSums,
}

impl Line {
    /// The rows of a tally, sorted by their columns; accounts that show the same columns make one row.
    pub fn all(tally: &mut Tally, names: &impl LineNames) -> Vec<Line> {
        let mut rows: Vec<(Place, &LineKey, LineSums)> =
            tally.lines().map(|(key, sums)| (place(key, names), key, *sums)).collect();
        rows.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        rows.dedup_by(|later, first| {
            let same = later.0 == first.0;
            if same {
                first.2.add(&later.2);
            }
            same
        });
        rows.iter().map(|(_, key, sums)| Line::named(key, sums, names)).collect()
    }

    fn named(key: &LineKey, sums: &LineSums, names: &impl LineNames) -> Line {
        let (waba, number, currency) = names.account(key.account);
        Line {
            waba_id: waba.to_owned(),
            phone_number_id: number.to_owned(),
            currency,
            day: key.day,
            regime: key.regime,
            market: names.market(key.market).to_owned(),
            category: key.category,
            template_name: names.template(key.template).to_owned(),
            outcome: key.outcome,
            tier: key.tier,
            sums: *sums,
        }
    }
}

/// Where a line stands: by its columns, each as text, but tiers by their bounds.
fn place(key: &LineKey, names: &impl LineNames) -> Place {
    let (account, template) = (names.account_rank(key.account), names.template_rank(key.template));
    let category = key.category; // in the order of its names
    let outcome = (key.outcome.name(), key.outcome.reason());
    (account, key.day, key.regime.name(), key.market, category, template, outcome, key.tier)
}
