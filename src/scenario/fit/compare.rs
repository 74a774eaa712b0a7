//! How well a scenario fits: the log's figures beside those of many simulations, and what chance alone makes of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Money;

use super::draft::share;
use super::lapses::{Lapses, as_number};
use super::measured::{Counts, Measured};
use super::toml_text::shown_wait;

/// A bill as it is compared: counts and amounts by group and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BillFigures {
    /// Messages.
    pub counts: BTreeMap<(&'static str, String), u64>,
    /// Money.
    pub amounts: BTreeMap<(&'static str, String), Money>,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What it belongs to.
    pub group: &'static str,
    /// What it is.
    pub quantity: String,
    /// In the log.
    pub log: String,
    /// The middle of the simulations.
    pub scenario: String,
    /// Bounds: what the simulations stay within, widened by the error of the estimate.
    pub low: String,
    /// Likewise.
    pub high: String,
    /// The log minus the middle of the simulations.
    pub difference: String,
    /// Whether the log lies within the bounds.
    pub within: bool,
}

/// How a figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Count,
    Ratio,
    Time,
    Amount,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Unit::Count => format!("{value:.0}"),
            Unit::Ratio => format!("{value:.3}"),
            Unit::Time => shown_wait(value),
            Unit::Amount => format!("{value:.2}"),
        }
    }

    fn difference(self, value: f64) -> String {
        let sign = if value < 0.0 { "-" } else { "" };
        let size = self.show(value.abs());
        let is_zero = size.chars().all(|mark| !mark.is_ascii_digit() || mark == '0');
        if is_zero { size } else { format!("{sign}{size}") }
    }
}

/// A simulation: what was counted, and its bill.
pub type Simulated = (Measured, BillFigures);

/// Compares a log with simulations of a scenario that was corrected by so many others.
pub fn compare(log: &Simulated, simulated: &[Simulated], tuned_by: u32) -> Vec<Compared> {
    let table = Table { log, simulated, widening: (1.0 / f64::from(tuned_by.max(1))).sqrt() };
    let mut rows = table.scalars();
    rows.extend(table.curves());
    rows.extend(table.bills());
    rows
}

struct Table<'t> {
    log: &'t Simulated,
    simulated: &'t [Simulated],
    /// The corrections rest on a mean of simulations: its standard error, in standard deviations of one.
    widening: f64,
}

type Scalar = (&'static str, &'static str, Unit, fn(&Counts) -> f64);

/// Numbers that were counted.
const SCALARS: [Scalar; 22] = [
    ("messages", "customers who wrote or were sent something", Unit::Count, |c| as_number(c.customers.iter().sum())),
    ("messages", "in", Unit::Count, |c| as_number(c.inbound)),
    ("messages", "out", Unit::Count, |c| as_number(c.outbound)),
    ("conversations", "begun in the second half of the days", Unit::Count, |c| as_number(c.start_halves[1])),
    ("conversations", "conversations", Unit::Count, |c| talks(c, |talks| talks.conversations)),
    ("conversations", "begun by themselves", Unit::Count, |c| as_number(c.questions.total())),
    ("conversations", "begun by a click on an ad", Unit::Count, |c| as_number(c.clicked.kinds[0])),
    ("conversations", "begun by a click on a page button", Unit::Count, |c| as_number(c.clicked.kinds[1])),
    ("conversations", "begun by a click on a post", Unit::Count, |c| as_number(c.clicked.kinds[2])),
    ("conversations", "begun after a template", Unit::Count, |c| {
        as_number(c.sent.iter().map(|sent| sent.answers).sum())
    }),
    ("conversations", "answered turns each", Unit::Ratio, |c| {
        answered(c) / talks(c, |talks| talks.conversations).max(1.0)
    }),
    ("conversations", "turns without an answer", Unit::Count, |c| {
        talks(c, |talks| talks.replies[0] + talks.click_replies[0])
    }),
    ("replies", "an answered turn (fan-out)", Unit::Ratio, |c| {
        let replies = |turns: &[u64]| turns.iter().zip(0_u64..).map(|(turns, replies)| turns * replies).sum::<u64>();
        talks(c, |talks| replies(&talks.replies) + replies(&talks.click_replies)) / answered(c).max(1.0)
    }),
    ("replies", "first reply: a quarter within", Unit::Time, |c| waits(c).quantile(0.25)),
    ("replies", "first reply: half within", Unit::Time, |c| waits(c).quantile(0.5)),
    ("replies", "first reply: nine tenths within", Unit::Time, |c| waits(c).quantile(0.9)),
    ("fate", "refused as too late (131047)", Unit::Count, |c| talks(c, |talks| talks.refused + talks.click_refused)),
    ("fate", "held back (131049)", Unit::Count, |c| as_number(c.fates.held_back)),
    ("fate", "failed otherwise", Unit::Count, |c| as_number(c.fates.unreachable)),
    ("fate", "accepted and never arrived", Unit::Count, |c| {
        as_number(c.fates.lost + c.sent.iter().map(|sent| sent.lost).sum::<u64>())
    }),
    ("fate", "templates inside a service window", Unit::Count, |c| {
        as_number(c.sent.iter().flat_map(|sent| &sent.inside).sum())
    }),
    ("fate", "templates: half arrive within", Unit::Time, |c| template_waits(c).quantile(0.5)),
];

fn talks(counts: &Counts, of: impl Fn(&super::measured::Talks) -> u64) -> f64 {
    as_number(counts.talks.iter().map(of).sum())
}

fn answered(counts: &Counts) -> f64 {
    talks(counts, |talks| talks.replies[1..].iter().chain(&talks.click_replies[1..]).sum())
}

fn waits(counts: &Counts) -> Lapses {
    let mut all = Lapses::default();
    let waits = counts.talks.iter().flat_map(|talks| talks.waits.iter().chain([&talks.click_waits]));
    waits.for_each(|waits| all.merge(waits));
    all
}

fn template_waits(counts: &Counts) -> Lapses {
    let mut all = Lapses::default();
    counts.sent.iter().for_each(|sent| all.merge(&sent.waits));
    all
}

type Curve = (&'static str, &'static str, fn(&Counts, &Counts) -> f64);

/// Curves, and how far two of them are apart.
const CURVES: [Curve; 5] = [
    ("curves", "hours of customers' messages (total variation)", |one, other| {
        variation(&one.inbound_hours, &other.inbound_hours)
    }),
    ("curves", "days of the week of customers' messages (total variation)", |one, other| {
        variation(&one.inbound_days, &other.inbound_days)
    }),
    ("curves", "replies a turn (total variation)", |one, other| {
        let all =
            |counts: &Counts| summed(counts.talks.iter().flat_map(|talks| [&talks.replies, &talks.click_replies]));
        variation(&all(one), &all(other))
    }),
    ("curves", "waits for the first reply (Kolmogorov-Smirnov)", |one, other| waits(one).distance(&waits(other))),
    ("curves", "waits for delivery of templates (Kolmogorov-Smirnov)", |one, other| {
        template_waits(one).distance(&template_waits(other))
    }),
];

fn summed<'l>(lists: impl Iterator<Item = &'l Vec<u64>>) -> Vec<u64> {
    let mut sum = Vec::new();
    for list in lists {
        sum.resize(sum.len().max(list.len()), 0);
        sum.iter_mut().zip(list).for_each(|(own, more)| *own += more);
    }
    sum
}

/// Half the sum of the differences between the shares of each place.
fn variation(one: &[u64], other: &[u64]) -> f64 {
    let (all, all_other) = (one.iter().sum(), other.iter().sum());
    one.iter().zip(other).map(|(own, theirs)| (share(*own, all) - share(*theirs, all_other)).abs()).sum::<f64>() / 2.0
}

impl Table<'_> {
    fn scalars(&self) -> Vec<Compared> {
        let row = |(group, quantity, unit, of): &Scalar| {
            let runs = self.simulated.iter().map(|(measured, _)| of(&measured.0)).collect();
            self.row(group, (*quantity).to_owned(), *unit, of(&self.log.0.0), runs)
        };
        SCALARS.iter().map(row).filter(|row| row.log != "0" || row.high != "0").collect()
    }

    /// A curve of the log is as far from that of all simulations together as that of a simulation may be.
    fn curves(&self) -> Vec<Compared> {
        let Some((first, rest)) = self.simulated.split_first() else { return Vec::new() };
        let mut all = first.0.clone();
        for (measured, _) in rest {
            all.merge(measured);
        }
        let row = |(group, quantity, apart): &Curve| {
            let runs: Vec<f64> = self.simulated.iter().map(|(measured, _)| apart(&measured.0, &all.0)).collect();
            let mut row =
                self.row(group, (*quantity).to_owned(), Unit::Ratio, apart(&self.log.0.0, &all.0), runs.clone());
            // No distance is too small.
            row.low = Unit::Ratio.show(0.0);
            row.within = apart(&self.log.0.0, &all.0) <= self.bounds(&runs).1;
            row
        };
        CURVES.iter().map(row).collect()
    }

    fn bills(&self) -> Vec<Compared> {
        let bills = || self.simulated.iter().map(|(_, bill)| bill).chain([&self.log.1]);
        let counts: BTreeSet<_> = bills().flat_map(|bill| bill.counts.keys()).collect();
        let amounts: BTreeSet<_> = bills().flat_map(|bill| bill.amounts.keys()).collect();
        let count = |key: &&(&'static str, String)| {
            let of = |bill: &BillFigures| as_number(bill.counts.get(*key).copied().unwrap_or(0));
            let runs = self.simulated.iter().map(|(_, bill)| of(bill)).collect();
            self.row(key.0, key.1.clone(), Unit::Count, of(&self.log.1), runs)
        };
        let amount = |key: &&(&'static str, String)| {
            let of = |bill: &BillFigures| bill.amounts.get(*key).map_or(0.0, |amount| plain(*amount));
            let runs = self.simulated.iter().map(|(_, bill)| of(bill)).collect();
            self.row(key.0, key.1.clone(), Unit::Amount, of(&self.log.1), runs)
        };
        let by_size = |mut rows: Vec<Compared>| {
            let size =
                |row: &Compared| std::cmp::Reverse(row.log.split('.').next().and_then(|size| size.parse::<u64>().ok()));
            rows.sort_by_key(|row| (row.group, size(row)));
            rows
        };
        let counts = by_size(counts.iter().map(count).collect());
        counts.into_iter().chain(by_size(amounts.iter().map(amount).collect())).collect()
    }

    fn row(&self, group: &'static str, quantity: String, unit: Unit, log: f64, runs: Vec<f64>) -> Compared {
        let (low, high) = self.bounds(&runs);
        let mut sorted = runs;
        sorted.sort_by(f64::total_cmp);
        let middle = quantile(&sorted, 50);
        Compared {
            group,
            quantity,
            log: unit.show(log),
            scenario: unit.show(middle),
            low: unit.show(low),
            high: unit.show(high),
            difference: unit.difference(log - middle),
            within: (low..=high).contains(&log),
        }
    }

    /// P5 and P95 of the simulations, each moved outwards by the error of the corrections.
    fn bounds(&self, runs: &[f64]) -> (f64, f64) {
        let mut sorted = runs.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = as_number(u64::try_from(runs.len()).unwrap_or(1)).max(1.0);
        let mean = runs.iter().sum::<f64>() / count;
        let variance = runs.iter().map(|run| (run - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
        let error = variance.sqrt() * self.widening;
        ((quantile(&sorted, 5) - error).max(0.0), quantile(&sorted, 95) + error)
    }
}

/// The value that so many percent of all do not exceed.
fn quantile(sorted: &[f64], percent: usize) -> f64 {
    let place = (percent * sorted.len()).div_ceil(100).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).copied().unwrap_or(0.0)
}

/// An amount as a number to compare by; no bill rests on it.
fn plain(amount: Money) -> f64 {
    amount.to_string().parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_quantiles_moved_outwards() {
        let log = (Measured(Counts::default()), BillFigures::default());
        let table = Table { log: &log, simulated: &[], widening: 0.5 };
        let runs: Vec<f64> = (1..=20).map(f64::from).collect();
        let (low, high) = table.bounds(&runs);
        // The standard deviation of 1 to 20 is √35.
        assert!((low - 0.0).abs() < 1e-9 && (high - (19.0 + 35_f64.sqrt() / 2.0)).abs() < 1e-9, "{low} {high}");
        let row = table.row("g", "q".to_owned(), Unit::Count, 25.0, runs);
        assert_eq!((row.scenario.as_str(), row.difference.as_str(), row.within), ("10", "15", false));
    }

    #[test]
    fn total_variation_by_hand() {
        assert!((variation(&[1, 1], &[3, 1]) - 0.25).abs() < 1e-12);
        assert!(variation(&[2, 2], &[3, 3]).abs() < 1e-12);
    }
}
