//! A run of which only the sums are kept.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::chat::{PARTITIONS, Partition};
use crate::model::{Currency, Money};
use crate::rate::{Positions, Rater};

use super::super::pass::{Run, View};
use super::super::replay::{RunError, rateable};
use super::super::watch::Pass;

/// What is billed, by currency.
pub(super) type Totals = BTreeMap<Currency, Sum>;

/// Sums of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) billed: Money,
    /// Charges without a known rate, which are not in it.
    pub(super) unpriced: u64,
}

impl Sum {
    pub(super) fn add(&mut self, other: Sum) {
        self.billed += other.billed;
        self.unpriced += other.unpriced;
    }
}

/// What a run comes to.
pub(super) fn totals(run: &Run<'_>, interrupted: &AtomicBool) -> Result<Totals, RunError> {
    let positions = run.positions(View::Billed, interrupted)?;
    run.begin(Pass::Bounds);
    let bill = |partition: &Partition| of_partition(run, &positions, partition);
    let parts = (0..PARTITIONS).into_par_iter().map(|place| run.over(place, interrupted, bill));
    parts.try_reduce(Totals::new, |a, b| Ok(merge(a, b)))
}

fn merge(mut own: Totals, other: Totals) -> Totals {
    for (currency, sum) in other {
        own.entry(currency).or_default().add(sum);
    }
    own
}

fn of_partition(run: &Run<'_>, positions: &Positions, partition: &Partition) -> Totals {
    let mut rater = Rater::new(&run.plan.tariff, &run.rules, positions);
    let mut totals = Totals::new();
    run.judge_partition(partition, |judged| {
        let Some(verdict) = judged.verdict.as_ref().filter(|_| run.plan.bill.holds(judged.day)) else { return };
        let priced = rater.rate(&rateable(run, judged, verdict));
        let sum = Sum { billed: priced.billed.unwrap_or_default(), unpriced: u64::from(priced.unpriced.is_some()) };
        totals.entry(judged.account.account.currency).or_default().add(sum);
    });
    totals
}
