//! The uncertainty of a scenario's bill.

use std::path::Path;

use wabill::engine::{Plan, bill_of, runs};
use wabill::model::{Currency, Money};
use wabill::scenario::{MonteCarlo, Traffic};
use wabill::summarise::{RunBill, Swing, Uncertainty};

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
        let bills = runs(what.runs, |run| self.run(&what.traffic(run)?), &|done| self.progress.set(done, 0));
        self.progress.end();
        Ok(Uncertainty::new(&bills?, self.currency, budget, &swings))
    }

    fn swing(&self, what: &MonteCarlo, place: usize, key: &str) -> Result<Swing, Failure> {
        let at = |percent| self.run(&what.extreme(place, percent)?).map(|bill| bill.total);
        Ok(Swing { key: key.to_owned(), low: at(TORNADO.0)?, high: at(TORNADO.1)? })
    }

    fn run(&self, traffic: &Traffic) -> Result<RunBill, Failure> {
        let plan = with_accounts(self.plan.clone(), self.origin, traffic)?;
        Ok(RunBill::new(&bill_of(traffic, &plan, &INTERRUPTED)?, self.currency))
    }
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
