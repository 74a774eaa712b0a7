//! Lines put together where neither the printed summary nor a chart tells them apart: of millions, thousands are left.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Day, Outcome, RegimeId};
use crate::summarise::{Line, LineSums, Lines};

/// All lines of a day that show the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'l> {
    pub(super) currency: Currency,
    pub(super) day: Day,
    pub(super) regime: RegimeId,
    pub(super) market: &'l str,
    pub(super) category: BilledCategory,
    pub(super) outcome: Outcome,
    pub(super) sums: LineSums,
}

/// The parts of a bill, in no particular order.
pub(super) fn parts(lines: &Lines) -> Vec<Part<'_>> {
    let mut parts: HashMap<_, Part<'_>, FixedState> = HashMap::default();
    for line in lines.iter() {
        let Line { currency, day, regime, market, category, outcome, ref sums, .. } = line;
        let shown = (currency, day, regime, market, category, outcome);
        let nothing = Part { currency, day, regime, market, category, outcome, sums: LineSums::default() };
        parts.entry(shown).or_insert(nothing).sums.add(sums);
    }
    parts.into_values().collect()
}
