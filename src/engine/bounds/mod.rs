//! Between what amounts the bill lies where the log does not determine it (log-formats §6, docs/bounds.md).
//!
//! Replaying notes which causes of uncertainty a bill has. For each of them the log, which is still in memory, is gone over again with
//! the answer that makes the bill smallest and the one that makes it largest, and once with all of either kind. Nothing is run where
//! there is no cause.

mod concerned;
mod totals;
mod variant;

pub use concerned::Concerned;
pub(super) use concerned::causes_of;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use crate::model::{Cause, Currency, Money};
use crate::summarise::{Bounds, CauseBounds};

use super::pass::Run;
use super::replay::{Replayed, RunError};
use totals::{Sum, Totals, totals};
use variant::{Side, Variant};

/// The bounds of a bill in every currency in which it is open; none if the log determines it.
pub fn bounds(run: &Run<'_>, replayed: &Replayed, interrupted: &AtomicBool) -> Result<Vec<Bounds>, RunError> {
    let causes = replayed.concerned.causes();
    if causes.is_empty() {
        return Ok(Vec::new());
    }
    let tried = Tried::all(run, &causes, billed(replayed), interrupted)?;
    let of_currency = |currency: &Currency| tried.bounds(*currency, &causes, &replayed.concerned);
    Ok(tried.billed.keys().filter_map(of_currency).collect())
}

/// What was billed, by currency.
fn billed(replayed: &Replayed) -> Totals {
    let mut billed = Totals::new();
    for line in replayed.lines.iter() {
        billed.entry(line.currency).or_default().add(Sum { billed: line.sums.billed, unpriced: line.sums.unpriced });
    }
    billed
}

/// The bills of all variants.
struct Tried {
    /// As replayed.
    billed: Totals,
    by_cause: BTreeMap<Cause, Vec<Totals>>,
    /// All causes at once, at their cheapest and at their dearest.
    together: Vec<Totals>,
}

impl Tried {
    fn all(run: &Run<'_>, causes: &[Cause], billed: Totals, interrupted: &AtomicBool) -> Result<Tried, RunError> {
        let base = Variant::billed(run);
        let mut known: Vec<(Variant, Totals)> = vec![(base, billed.clone())];
        let mut bill = |variant: Variant| -> Result<Totals, RunError> {
            if let Some((_, totals)) = known.iter().find(|(known, _)| *known == variant) {
                return Ok(totals.clone());
            }
            let totals = totals(&variant.run(run), interrupted)?;
            known.push((variant, totals.clone()));
            Ok(totals)
        };
        let mut tried = Tried { billed, by_cause: BTreeMap::new(), together: Vec::new() };
        for cause in causes {
            let sides = Side::of(*cause).iter().map(|side| bill(base.with(*cause, *side, run)));
            tried.by_cause.insert(*cause, sides.collect::<Result<_, _>>()?);
        }
        for side in Side::all(causes) {
            let all = causes.iter().fold(base, |variant, cause| variant.with(*cause, *side, run));
            tried.together.push(bill(all)?);
        }
        Ok(tried)
    }

    /// `None` where all variants come to what was billed.
    fn bounds(&self, currency: Currency, causes: &[Cause], concerned: &Concerned) -> Option<Bounds> {
        let billed = sum(&self.billed, currency).billed;
        let categories = causes.contains(&Cause::CategoryUnknown);
        let own: Vec<CauseBounds> =
            causes.iter().filter_map(|cause| self.cause_bounds(*cause, currency, concerned)).collect();
        // What is not priced at all is no bound of what it costs.
        let alone = self.by_cause.iter().filter(|(cause, _)| !categories || **cause == Cause::CategoryUnknown);
        let mut bills: Vec<Money> = alone.flat_map(|(_, tried)| amounts(tried, currency)).collect();
        bills.extend(amounts(&self.together, currency));
        bills.extend((!categories).then_some(billed));
        let (low, high) = (bills.iter().copied().min()?, bills.iter().copied().max()?);
        let open = low != billed || high != billed;
        open.then_some(Bounds { currency, low, high, billed, causes: own })
    }

    fn cause_bounds(&self, cause: Cause, currency: Currency, concerned: &Concerned) -> Option<CauseBounds> {
        let billed = sum(&self.billed, currency).billed;
        let mut bills: Vec<Money> = amounts(self.by_cause.get(&cause)?, currency).collect();
        bills.extend((cause != Cause::CategoryUnknown).then_some(billed));
        let (low, high) = (bills.iter().copied().min()?, bills.iter().copied().max()?);
        let open = low != billed || high != billed;
        open.then_some(CauseBounds {
            cause: cause.name(),
            low,
            high,
            at_stake: high - low,
            messages: concerned.messages(currency, cause),
            why: cause.why(),
            remedy: cause.remedy(),
        })
    }
}

fn sum(totals: &Totals, currency: Currency) -> Sum {
    totals.get(&currency).copied().unwrap_or_default()
}

/// The bills of the two main answers, and of others unless they lack more rates.
fn amounts(tried: &[Totals], currency: Currency) -> impl Iterator<Item = Money> {
    let (main, others) = tried.split_at(tried.len().min(2));
    let most = main.iter().map(|totals| sum(totals, currency).unpriced).max().unwrap_or(0);
    let others = others.iter().filter(move |totals| sum(totals, currency).unpriced <= most);
    main.iter().chain(others).map(move |totals| sum(totals, currency).billed)
}
