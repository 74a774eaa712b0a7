//! Sums of lines, and of what stands beside them, as the summary shows them.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::hash::Hash;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Flag, Money, Outcome, TierBand, Unpriced};

use super::line::Line;
use super::lines::Lines;
use super::summary::{Breakdown, FlagCount, Group, Total, UnpricedRow};
use super::tally::{LineSums, Tally};

/// Sums of lines that show the same, by what they show.
pub(super) fn groups<'l, K: Eq + Hash + Display>(lines: &'l Lines, key: impl Fn(&Line<'l>) -> K) -> Vec<Group> {
    let mut sums: HashMap<(K, Currency), LineSums, FixedState> = HashMap::default();
    let mut lines = lines.iter().map(|line| ((key(&line), line.currency), line.sums)).peekable();
    while let Some((shown, mut own)) = lines.next() {
        // Lines are sorted, so that many that follow each other are of one group.
        while let Some((_, more)) = lines.next_if(|(next, _)| *next == shown) {
            own.add(&more);
        }
        sums.entry(shown).or_default().add(&own);
    }
    let group = |((key, currency), sums): ((K, Currency), LineSums)| Group {
        name: key.to_string(),
        currency: currency.to_string(),
        messages: sums.messages,
        conversations: sums.conversations,
        list_cost: sums.list.to_string(),
        billed_cost: sums.billed.to_string(),
    };
    let mut groups: Vec<Group> = sums.into_iter().map(group).collect();
    groups.sort_unstable_by(|a, b| (&a.name, &a.currency).cmp(&(&b.name, &b.currency)));
    groups
}

/// A volume tier, or none, as it is shown.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Tier(pub(super) Option<TierBand>);

impl Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |band| band.fmt(f))
    }
}

pub(super) fn breakdown(lines: &Lines) -> Vec<Breakdown> {
    let mut sums: HashMap<(BilledCategory, Outcome, Currency), LineSums, FixedState> = HashMap::default();
    for line in lines.iter() {
        sums.entry((line.category, line.outcome, line.currency)).or_default().add(&line.sums);
    }
    let named = |((category, outcome, currency), sums): ((BilledCategory, Outcome, Currency), LineSums)| {
        ((category.name(), outcome.name(), outcome.reason(), currency), sums)
    };
    let sums: BTreeMap<(&'static str, &'static str, &'static str, Currency), LineSums> =
        sums.into_iter().map(named).collect();
    let row = |((category, verdict, reason, currency), sums): ((_, _, _, Currency), LineSums)| Breakdown {
        category,
        verdict,
        reason,
        currency: currency.to_string(),
        messages: sums.messages,
        conversations: sums.conversations,
        list_cost: sums.list.to_string(),
        billed_cost: sums.billed.to_string(),
    };
    sums.into_iter().map(row).collect()
}

pub(super) fn totals(lines: &Lines) -> Vec<Total> {
    let mut sums: BTreeMap<Currency, (LineSums, Money, Money)> = BTreeMap::new();
    for line in lines.iter() {
        let (all, charged, free) = sums.entry(line.currency).or_default();
        all.add(&line.sums);
        match line.outcome {
            Outcome::Charged => *charged += line.sums.list,
            _ => *free += line.sums.list,
        }
    }
    let total = |(currency, (sums, charged, free)): (Currency, (LineSums, Money, Money))| Total {
        currency: currency.to_string(),
        messages: sums.messages,
        conversations: sums.conversations,
        charged_list_cost: charged.to_string(),
        free_list_cost: free.to_string(),
        billed_cost: sums.billed.to_string(),
        billed_cost_rounded: sums.billed.rounded(currency.minor_decimals()).to_string(),
        unpriced_messages: sums.unpriced,
    };
    sums.into_iter().map(total).collect()
}

pub(super) fn flags(tally: &Tally) -> Vec<FlagCount> {
    let count = |flag: Flag| FlagCount { flag: flag.name(), messages: tally.flag(flag), meaning: flag.explanation() };
    Flag::ALL.into_iter().map(count).filter(|count| count.messages > 0).collect()
}

/// Missing rates by currency, market, category and reason, with the days they are missing on.
pub(super) fn unpriced(tally: &Tally) -> Vec<UnpricedRow> {
    let mut rows: Vec<(&Unpriced, UnpricedRow)> = Vec::new();
    for (missing, messages) in tally.unpriced() {
        let same = |row: &&mut (&Unpriced, UnpricedRow)| {
            (row.0.currency, &row.0.market, row.0.category, &row.0.why)
                == (missing.currency, &missing.market, missing.category, &missing.why)
        };
        if let Some((_, row)) = rows.iter_mut().find(same) {
            // In order of days within a currency, market and category.
            row.to = missing.day.to_string();
            row.messages += messages;
            continue;
        }
        let row = UnpricedRow {
            currency: missing.currency.to_string(),
            market: missing.market.clone(),
            category: missing.category.name(),
            from: missing.day.to_string(),
            to: missing.day.to_string(),
            messages: *messages,
            why: missing.why.clone(),
        };
        rows.push((missing, row));
    }
    rows.into_iter().map(|(_, row)| row).collect()
}
