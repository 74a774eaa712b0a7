//! The uncertainty of a scenario's bill, and of what its variants change.

use std::path::Path;

use wabill::engine::{Log, NoRows, Plan, Run, bill_of, replay, runs, traffic_log, view};
use wabill::model::{Currency, Money};
use wabill::scenario::{MonteCarlo, Population, Traffic, Variant};
use wabill::summarise::{RunBill, Swing, Uncertainty, VariantRange};

use super::INTERRUPTED;
use super::failure::Failure;
use super::progress::Progress;
use super::simulate_plan::{Origin, with_accounts};

/// Percent of a parameter's draws that do not exceed the values at which the tornado looks.
const TORNADO: (u8, u8) = (10, 90);

/// What every run needs.
pub(crate) struct Job<'j> {
    pub(crate) origin: &'j Origin,
    pub(crate) plan: &'j Plan,
    /// Variants with their plans.
    pub(crate) variants: Vec<(&'j Variant, &'j Plan)>,
    pub(crate) currency: Currency,
    pub(crate) progress: &'j Progress,
}

impl Job<'_> {
    /// Makes all runs.
    pub(crate) fn uncertainty(&self, what: &MonteCarlo, budget: Option<Money>) -> Result<Uncertainty, Failure> {
        let keys = what.parameters();
        let swings = keys.iter().enumerate().map(|(place, key)| self.swing(what, place, key));
        let swings = swings.collect::<Result<Vec<Swing>, Failure>>()?;
        self.progress.running(u64::from(what.runs));
        let bills = runs(what.runs, |run| self.run(what, run), &|done| self.progress.set(done, 0));
        self.progress.end();
        let (baseline, others): (Vec<RunBill>, Vec<Vec<Money>>) = bills?.into_iter().unzip();
        let mut found = Uncertainty::new(&baseline, self.currency, budget, &swings);
        let totals: Vec<Money> = baseline.iter().map(|bill| bill.total).collect();
        let range = |(place, (variant, _)): (usize, &(&Variant, &Plan))| {
            VariantRange::new(&variant.name, &totals, others.iter().map(|run| run[place]).collect())
        };
        found.variants = self.variants.iter().enumerate().map(range).collect();
        Ok(found)
    }

    fn swing(&self, what: &MonteCarlo, place: usize, key: &str) -> Result<Swing, Failure> {
        let at = |percent| {
            let traffic = what.extreme(place, percent)?;
            let plan = with_accounts(self.plan.clone(), self.origin, &traffic)?;
            let lines = bill_of(&traffic, &plan, &INTERRUPTED)?;
            Ok::<_, Failure>(RunBill::new(&lines, self.currency).total)
        };
        Ok(Swing { key: key.to_owned(), low: at(TORNADO.0)?, high: at(TORNADO.1)? })
    }

    /// The baseline's bill of a run, and those of all variants, made of the same draws.
    fn run(&self, what: &MonteCarlo, run: u32) -> Result<(RunBill, Vec<Money>), Failure> {
        let traffic = what.traffic(run)?;
        let plan = with_accounts(self.plan.clone(), self.origin, &traffic)?;
        let log = log_of(&traffic, &plan)?;
        let baseline = self.bill(&Run::new(&plan, &log))?;
        let others = self.variants.iter().enumerate().map(|(place, (variant, own))| {
            let changed = what.variant_traffic(run, place)?;
            let mut plan = with_accounts((*own).clone(), self.origin, changed.as_ref().unwrap_or(&traffic))?;
            plan.accounts = plan.accounts.with_numbers(&variant.policies.new_numbers());
            let own_log = changed.as_ref().map(|traffic| log_of(traffic, &plan)).transpose()?;
            let said = Run::new(&plan, own_log.as_ref().unwrap_or(&log));
            if variant.policies.is_empty() {
                return Ok(self.bill(&said)?.total);
            }
            let viewed = view(&said, &variant.policies, &INTERRUPTED)?;
            Ok(self.bill(&Run::new(&plan, &viewed.log))?.total)
        });
        Ok((baseline, others.collect::<Result<_, Failure>>()?))
    }

    fn bill(&self, run: &Run<'_>) -> Result<RunBill, Failure> {
        Ok(RunBill::new(&replay(run, &mut NoRows, &INTERRUPTED)?.lines, self.currency))
    }
}

fn log_of(traffic: &Traffic, plan: &Plan) -> Result<Log, Failure> {
    Ok(traffic_log(plan, &Population::new(traffic), &INTERRUPTED, &mut |_, _| ())?)
}

/// The budget as typed.
pub(crate) fn budget(text: Option<&str>, scenario: &Path, uncertain: bool) -> Result<Option<Money>, Failure> {
    let Some(text) = text else { return Ok(None) };
    if !uncertain {
        let message = "--budget asks how likely the bill is to pass it; the scenario needs [monte_carlo] with runs";
        return Err(Failure::Usage(format!("{}: {message}", scenario.display())));
    }
    Money::parse(text).map(Some).map_err(|error| Failure::Usage(format!("--budget {error}")))
}
