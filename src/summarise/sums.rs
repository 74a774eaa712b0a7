//! Sums of lines, and of what stands beside them, as the summary shows them.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::hash::Hash;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Flag, Money, Outcome, TierBand, Unpriced};

use super::line::Line;
use super::summary::{Breakdown, FlagCount, Group, Total, UnpricedRow};
use super::tally::{LineSums, Tally};

/// Sums of lines that show the same, by what they show.
pub(super) struct Groups<K> {
    sums: HashMap<(K, Currency), LineSums, FixedState>,
    /// Lines are sorted, so that many that follow each other are of one group: that of the last ones.
    last: Option<((K, Currency), LineSums)>,
}

impl<K> Default for Groups<K> {
    fn default() -> Groups<K> {
        Groups { sums: HashMap::default(), last: None }
    }
}

impl<K: Eq + Hash + Display> Groups<K> {
    /// Adds a line that shows this.
    pub(super) fn add(&mut self, shown: K, line: &Line<'_>) {
        let shown = (shown, line.currency);
        match &mut self.last {
            Some((last, sums)) if *last == shown => sums.add(&line.sums),
            _ => {
                self.settle();
                self.last = Some((shown, line.sums));
            }
        }
    }

    fn settle(&mut self) {
        if let Some((shown, sums)) = self.last.take() {
            self.sums.entry(shown).or_default().add(&sums);
        }
    }

    /// All groups, by name.
    pub(super) fn sorted(mut self) -> Vec<Group> {
        self.settle();
        let group = |((key, currency), sums): ((K, Currency), LineSums)| Group {
            name: key.to_string(),
            currency: currency.to_string(),
            messages: sums.messages,
            conversations: sums.conversations,
            list_cost: sums.list.to_string(),
            billed_cost: sums.billed.to_string(),
        };
        let mut groups: Vec<Group> = self.sums.into_iter().map(group).collect();
        groups.sort_unstable_by(|a, b| (&a.name, &a.currency).cmp(&(&b.name, &b.currency)));
        groups
    }
}

/// A volume tier, or none, as it is shown.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Tier(pub(super) Option<TierBand>);

impl Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |band| band.fmt(f))
    }
}

/// Sums by category, verdict and reason.
#[derive(Default)]
pub(super) struct Breakdowns(HashMap<(BilledCategory, Outcome, Currency), LineSums, FixedState>);

impl Breakdowns {
    pub(super) fn add(&mut self, line: &Line<'_>) {
        self.0.entry((line.category, line.outcome, line.currency)).or_default().add(&line.sums);
    }

    pub(super) fn sorted(self) -> Vec<Breakdown> {
        let named = |((category, outcome, currency), sums): ((BilledCategory, Outcome, Currency), LineSums)| {
            ((category.name(), outcome.name(), outcome.reason(), currency), sums)
        };
        let sums: BTreeMap<(&'static str, &'static str, &'static str, Currency), LineSums> =
            self.0.into_iter().map(named).collect();
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
}

/// Sums by currency: of all lines, and the list cost of charged and of other ones.
#[derive(Default)]
pub(super) struct Totals(BTreeMap<Currency, (LineSums, Money, Money)>);

impl Totals {
    pub(super) fn add(&mut self, line: &Line<'_>) {
        let (all, charged, free) = self.0.entry(line.currency).or_default();
        all.add(&line.sums);
        match line.outcome {
            Outcome::Charged => *charged += line.sums.list,
            _ => *free += line.sums.list,
        }
    }

    pub(super) fn sorted(self) -> Vec<Total> {
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
        self.0.into_iter().map(total).collect()
    }
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
