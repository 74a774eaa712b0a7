//! One line of the bill.

use crate::model::{BilledCategory, Currency, Day, Outcome, RegimeId, TierBand};

use super::tally::LineSums;

/// One row of `lines.csv`. The rows are the bill, and the source of every total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of contract §3")]
pub struct Line<'l> {
    pub waba_id: &'l str,
    pub phone_number_id: &'l str,
    pub currency: Currency,
    pub day: Day,
    pub regime: RegimeId,
    pub market: &'l str,
    pub category: BilledCategory,
    pub template_name: &'l str,
    pub outcome: Outcome,
    pub tier: Option<TierBand>,
    pub sums: LineSums,
}
