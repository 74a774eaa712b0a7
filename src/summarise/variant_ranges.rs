//! What many runs say of the variants. A variant is simulated with the very draws and random streams of the baseline's run, so that what
//! differs is the variant's doing, and not chance's.

use serde::Serialize;

use crate::model::Money;

use super::uncertainty::{Quantiles, percent, quantiles};

/// A variant beside the baseline, over all runs.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct VariantRange {
    pub name: String,
    pub bill: Quantiles,
    /// The variant's bill minus the baseline's of the same run.
    pub difference: Quantiles,
    pub runs_cheaper: u64,
    pub percent_cheaper: String,
    /// The bill of each run, for the table of all runs.
    #[serde(skip)]
    pub bills: Vec<Money>,
}

impl VariantRange {
    /// Sums up the runs of a variant, which stand in the order of the baseline's.
    pub fn new(name: &str, baseline: &[Money], bills: Vec<Money>) -> VariantRange {
        let differences: Vec<Money> = bills.iter().zip(baseline).map(|(own, base)| *own - *base).collect();
        let cheaper = differences.iter().filter(|difference| **difference < Money::ZERO).count() as u64;
        VariantRange {
            name: name.to_owned(),
            bill: quantiles(bills.clone()),
            difference: quantiles(differences),
            runs_cheaper: cheaper,
            percent_cheaper: percent(cheaper, bills.len() as u64),
            bills,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bills of 1 to 20, and a variant that takes one off each but the last, which it makes dearer.
    #[test]
    fn differences_are_those_of_the_same_run() {
        let money = |units: u64| Money::parse("1").unwrap().times(units);
        let baseline: Vec<Money> = (1..=20).map(money).collect();
        let mut bills: Vec<Money> = (0..20).map(money).collect();
        bills[19] = money(30);
        let range = VariantRange::new("less", &baseline, bills);
        let texts = |quantiles: &Quantiles| [quantiles.p5.clone(), quantiles.p50.clone(), quantiles.p95.clone()];
        assert_eq!(texts(&range.difference), ["-1", "-1", "-1"]);
        assert_eq!(texts(&range.bill), ["0", "9", "18"]);
        assert_eq!((range.runs_cheaper, range.percent_cheaper.as_str()), (19, "95.00"));
    }
}
