//! Lines of the bill with their names.

use crate::model::{BilledCategory, Currency, Day, Outcome, RegimeId, TierBand};

use super::tally::{LineSums, Tally};

/// What identifies a line, in the order of the file's columns.
type Columns<'l> =
    (&'l str, &'l str, Currency, Day, &'l str, &'l str, &'l str, &'l str, &'l str, &'l str, Option<TierBand>);

/// Turns the numbers of a [`LineKey`](super::LineKey) into names.
pub trait LineNames {
    /// WABA, phone number and currency of an account.
    fn account(&self, account: u32) -> (&str, &str, Currency);
    /// A market's name.
    fn market(&self, market: usize) -> &str;
    /// A template's name.
    fn template(&self, template: u32) -> &str;
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
    pub fn all(tally: &Tally, names: &impl LineNames) -> Vec<Line> {
        let mut lines: Vec<Line> = tally.lines().map(|(key, sums)| Line::named(key, sums, names)).collect();
        lines.sort_by(|a, b| a.columns().cmp(&b.columns()));
        lines.dedup_by(|later, first| {
            let same = later.columns() == first.columns();
            if same {
                first.sums.add(&later.sums);
            }
            same
        });
        lines
    }

    fn named(key: &super::LineKey, sums: &LineSums, names: &impl LineNames) -> Line {
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

    /// The columns that identify a line, in the order of the file. Text order is the order of the rows, but tiers stand by their bounds.
    fn columns(&self) -> Columns<'_> {
        (
            &self.waba_id,
            &self.phone_number_id,
            self.currency,
            self.day,
            self.regime.name(),
            &self.market,
            self.category.name(),
            &self.template_name,
            self.outcome.name(),
            self.outcome.reason(),
            self.tier,
        )
    }
}
