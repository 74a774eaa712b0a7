//! Lines of the bill with their names.

use std::sync::Arc;

use crate::model::{BilledCategory, Currency, Day, Outcome, RegimeId, TierBand};

use super::tally::{LineKey, LineSums, Tally};

/// What identifies a line, in the order of the file's columns: accounts, markets and templates by the order of their names.
type Place = (u32, Day, &'static str, usize, BilledCategory, u32, (&'static str, &'static str), Option<TierBand>);

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
        let mut rows = tally.take_lines();
        rows.sort_unstable_by(|(a, _), (b, _)| place(a, names).cmp(&place(b, names)));
        rows.dedup_by(|(later, sums), (first, all)| {
            let same = place(later, names) == place(first, names);
            if same {
                all.add(sums);
            }
            same
        });
        rows.iter().map(|(key, sums)| Line::named(key, sums, names)).collect()
    }

    fn named(key: &LineKey, sums: &LineSums, names: &impl LineNames) -> Line {
        let (waba_id, phone_number_id, currency) = names.account(key.account);
        Line {
            waba_id,
            phone_number_id,
            currency,
            day: key.day,
            regime: key.regime,
            market: names.market(key.market),
            category: key.category,
            template_name: names.template(key.template),
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
