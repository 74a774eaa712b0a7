//! Lines put together where the printed summary does not tell them apart: of millions some hundred are left.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Month, Outcome};
use crate::summarise::{LineSums, Lines};

/// All lines of a month that show the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'l> {
    pub(super) month: Month,
    pub(super) market: &'l str,
    pub(super) category: BilledCategory,
    pub(super) outcome: Outcome,
    pub(super) sums: LineSums,
}

/// The parts of a bill in one currency, in no particular order.
pub(super) fn parts(lines: &Lines, currency: Currency) -> Vec<Part<'_>> {
    let mut parts: HashMap<(Month, &str, BilledCategory, Outcome), LineSums, FixedState> = HashMap::default();
    for line in lines.iter().filter(|line| line.currency == currency) {
        let shown = (line.day.month(), line.market, line.category, line.outcome);
        parts.entry(shown).or_default().add(&line.sums);
    }
    let part = |((month, market, category, outcome), sums)| Part { month, market, category, outcome, sums };
    parts.into_iter().map(part).collect()
}
