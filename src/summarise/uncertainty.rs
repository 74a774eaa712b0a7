//! Many simulated bills: their quantiles, the chance of passing a budget, what moves them, and whether there are enough of them.
//!
//! A quantile is one of the bills themselves: the smallest that at least this share of the runs does not exceed. So it is exact money.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Currency, Money, Month, Outcome};

use super::lines::Lines;
use super::variant_ranges::VariantRange;

/// The bill of one run, in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunBill {
    /// All of it.
    pub total: Money,
    /// By local month.
    pub months: BTreeMap<Month, Money>,
    /// By market and category, charged only.
    pub kinds: BTreeMap<(String, &'static str), Money>,
}

impl RunBill {
    /// Sums the lines of a run.
    pub fn new(lines: &Lines, currency: Currency) -> RunBill {
        let mut bill = RunBill::default();
        for line in lines.iter().filter(|line| line.currency == currency) {
            bill.total += line.sums.billed;
            *bill.months.entry(line.day.month()).or_default() += line.sums.billed;
            if line.outcome == Outcome::Charged {
                *bill.kinds.entry((line.market.to_string(), line.category.name())).or_default() += line.sums.billed;
            }
        }
        bill
    }
}

/// The bill with one parameter low and high, everything else as the file says.
#[derive(Clone, Debug)]
pub struct Swing {
    /// The parameter.
    pub key: String,
    /// At the value that a tenth of its draws does not exceed.
    pub low: Money,
    /// At the value that nine tenths of them do not exceed.
    pub high: Money,
}

/// Low, middle and high.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "quantiles by their names")]
pub struct Quantiles {
    pub p5: String,
    pub p50: String,
    pub p95: String,
}

/// Quantiles of one month, or of one market and category.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct NamedQuantiles {
    pub name: String,
    #[serde(flatten)]
    pub quantiles: Quantiles,
}

/// How likely the bill is to pass a budget.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct BudgetChance {
    pub budget: String,
    pub runs_above: u64,
    pub percent_above: String,
}

/// A bar of the tornado.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct TornadoBar {
    pub parameter: String,
    pub at_p10: String,
    pub at_p90: String,
    pub swing: String,
}

/// The middle after so many runs.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct Convergence {
    pub runs: u64,
    pub p50: String,
}

/// All of it.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct Uncertainty {
    pub runs: u64,
    pub currency: String,
    pub bill: Quantiles,
    pub by_month: Vec<NamedQuantiles>,
    pub by_line: Vec<NamedQuantiles>,
    pub budget: Option<BudgetChance>,
    pub tornado: Vec<TornadoBar>,
    pub convergence: Vec<Convergence>,
    /// By how much of a percent the middle moved over the second half of the runs.
    pub last_move_percent: String,
    /// What the variants come to in the same runs.
    pub variants: Vec<VariantRange>,
    /// All bills, sorted, for charts.
    #[serde(skip)]
    pub bills: Vec<Money>,
    /// All bills in the order of the runs.
    #[serde(skip)]
    pub by_run: Vec<Money>,
}

/// Points at which the middle is looked at.
const LOOKS: usize = 10;

impl Uncertainty {
    /// Sums up runs, in their order.
    pub fn new(runs: &[RunBill], currency: Currency, budget: Option<Money>, swings: &[Swing]) -> Uncertainty {
        let totals: Vec<Money> = runs.iter().map(|run| run.total).collect();
        let months = keys(runs.iter().flat_map(|run| run.months.keys().copied()));
        let kinds = keys(runs.iter().flat_map(|run| run.kinds.keys().cloned()));
        let of = |values: Vec<Money>, name: String| NamedQuantiles { name, quantiles: quantiles(values) };
        let month = |month: Month| {
            of(runs.iter().map(|run| run.months.get(&month).copied().unwrap_or_default()).collect(), month.to_string())
        };
        let kind = |kind: (String, &'static str)| {
            let name = format!("{}, {}", kind.0, kind.1);
            of(runs.iter().map(|run| run.kinds.get(&kind).copied().unwrap_or_default()).collect(), name)
        };
        let mut bills = totals.clone();
        bills.sort_unstable();
        let convergence = convergence(&totals);
        Uncertainty {
            runs: runs.len() as u64,
            currency: currency.to_string(),
            bill: quantiles(totals.clone()),
            by_month: months.into_iter().map(month).collect(),
            by_line: kinds.into_iter().map(kind).collect(),
            budget: budget.map(|budget| chance(&totals, budget)),
            tornado: tornado(swings),
            last_move_percent: last_move(&convergence),
            convergence: convergence
                .into_iter()
                .map(|(runs, p50)| Convergence { runs: runs as u64, p50: p50.to_string() })
                .collect(),
            variants: Vec::new(),
            bills,
            by_run: totals,
        }
    }
}

fn keys<K: Ord>(all: impl Iterator<Item = K>) -> Vec<K> {
    let unique: std::collections::BTreeSet<K> = all.collect();
    unique.into_iter().collect()
}

/// The place of so many percent among so many sorted values.
fn place(percent: usize, of: usize) -> usize {
    (percent * of).div_ceil(100).clamp(1, of.max(1)) - 1
}

/// The value that so many percent of all do not exceed; nothing of nothing.
fn quantile(sorted: &[Money], percent: usize) -> Money {
    sorted.get(place(percent, sorted.len())).copied().unwrap_or_default()
}

pub(super) fn quantiles(mut values: Vec<Money>) -> Quantiles {
    values.sort_unstable();
    let at = |percent| quantile(&values, percent).to_string();
    Quantiles { p5: at(5), p50: at(50), p95: at(95) }
}

fn chance(totals: &[Money], budget: Money) -> BudgetChance {
    let above = totals.iter().filter(|total| **total > budget).count() as u64;
    BudgetChance { budget: budget.to_string(), runs_above: above, percent_above: percent(above, totals.len() as u64) }
}

/// A share in percent with two decimals, halves up.
pub(super) fn percent(part: u64, all: u64) -> String {
    let all = all.max(1);
    let hundredths = (part * 20_000 + all) / (2 * all);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The widest first.
fn tornado(swings: &[Swing]) -> Vec<TornadoBar> {
    let width = |swing: &Swing| swing.high.max(swing.low) - swing.high.min(swing.low);
    let mut sorted: Vec<&Swing> = swings.iter().collect();
    sorted.sort_by(|one, other| width(other).cmp(&width(one)).then_with(|| one.key.cmp(&other.key)));
    let bar = |swing: &Swing| TornadoBar {
        parameter: swing.key.clone(),
        at_p10: swing.low.to_string(),
        at_p90: swing.high.to_string(),
        swing: width(swing).to_string(),
    };
    sorted.into_iter().map(bar).collect()
}

/// The middle of the first runs, more and more of them.
fn convergence(totals: &[Money]) -> Vec<(usize, Money)> {
    let mut looks: Vec<usize> = (1..=LOOKS).map(|look| (totals.len() * look / LOOKS).max(1)).collect();
    looks.dedup();
    let middle = |runs: usize| {
        let mut first = totals.get(..runs).unwrap_or_default().to_vec();
        first.sort_unstable();
        (runs, quantile(&first, 50))
    };
    looks.into_iter().map(middle).collect()
}

/// How far the middle of any look in the second half lies from the last one, at most.
fn last_move(convergence: &[(usize, Money)]) -> String {
    let Some((all, last)) = convergence.last().copied() else { return "0.00".to_owned() };
    let half = convergence.iter().filter(|(runs, _)| 2 * runs >= all);
    let moved = half.filter_map(|(_, p50)| p50.hundredths_of_percent_above(last)).map(i128::abs).max().unwrap_or(0);
    format!("{}.{:02}", moved / 100, moved % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    /// Bills of 1 to 100: five percent of them are at most 5, half at most 50.
    #[test]
    fn quantiles_are_bills_themselves() {
        let runs: Vec<RunBill> = (1..=100_u64)
            .map(|place| RunBill { total: money("1").times(place * 37 % 101), ..RunBill::default() })
            .collect();
        let found = Uncertainty::new(&runs, Currency::USD, Some(money("90")), &[]);
        assert_eq!(found.bill, Quantiles { p5: "5".into(), p50: "50".into(), p95: "95".into() });
        let budget = found.budget.unwrap();
        assert_eq!((budget.runs_above, budget.percent_above.as_str()), (10, "10.00"));
        assert_eq!(found.convergence.len(), 10);
        assert_eq!(found.convergence[9].p50, "50");
        let one = Uncertainty::new(&runs[..1], Currency::USD, None, &[]);
        assert_eq!((one.bill.p5.as_str(), one.bill.p95.as_str()), ("37", "37"));
    }

    #[test]
    fn the_widest_swing_stands_first() {
        let swing = |key: &str, low, high| Swing { key: key.to_owned(), low: money(low), high: money(high) };
        let bars = tornado(&[swing("a", "10", "11"), swing("b", "12", "8"), swing("c", "9", "10")]);
        let order: Vec<(&str, &str)> = bars.iter().map(|bar| (bar.parameter.as_str(), bar.swing.as_str())).collect();
        assert_eq!(order, [("b", "4"), ("a", "1"), ("c", "1")]);
    }
}
