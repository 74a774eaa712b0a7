//! Fits a scenario to a log: survey, measure, draft; simulate the draft, count it as the log was counted, and correct it; then simulate what
//! came out many times, and set its figures beside the log's.

use std::sync::atomic::AtomicBool;

use crate::model::{Currency, Outcome};
use crate::scenario::fit::{BillFigures, Compared, Draft, Frame, Measured, Shape, Simulated, compare};
use crate::scenario::{Population, Scenario, ScenarioError, Traffic, accounts};
use crate::summarise::Lines;
use crate::tariff::{AccountBook, AccountDefaults, NamedText, TariffError};

use super::measure::{measure, survey};
use super::monte_carlo::{NoRows, runs};
use super::pass::Run;
use super::plan::Plan;
use super::replay::{RunError, replay};
use super::simulate::{SimulateError, traffic_log};

/// Simulations of each round of corrections: few at first, more for the last, whose error stays.
const ROUNDS: [u32; 6] = [2, 4, 4, 8, 8, 16];
/// What errors call the file.
const NAME: &str = "the fitted scenario";
/// Each day of the week must be there for its own sake.
const LEAST_DAYS: i32 = 7;
/// With fewer messages a share of one in twenty is uncertain by a third of itself and more.
const LEAST_MESSAGES: u64 = 200;

/// Why no scenario was fitted.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// There is not enough to count.
    #[error("{0}")]
    TooLittle(String),
    /// Ctrl-C, or what was put on disk cannot be read back.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The draft could not be simulated.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    /// The draft is no scenario: more customers than there are invented numbers.
    #[error("the log does not fit into a scenario: {0}")]
    Scenario(#[from] ScenarioError),
    /// Its accounts are no accounts.
    #[error(transparent)]
    Accounts(#[from] TariffError),
}

/// What was fitted.
#[derive(Debug)]
pub struct Fit {
    /// The scenario file.
    pub text: String,
    /// How well it fits.
    pub rows: Vec<Compared>,
    /// Simulations that the bounds rest on.
    pub runs: u32,
    /// Messages that the scenario does not hold.
    pub left_out: Vec<(String, u64)>,
}

/// So many simulations are made in all.
pub fn simulations(frame: &Frame) -> u64 {
    u64::from(ROUNDS.iter().sum::<u32>() + frame.runs)
}

/// Fits a scenario to a log. `done` is told how many simulations are.
pub fn fit(
    run: &Run<'_>,
    frame: &Frame,
    interrupted: &AtomicBool,
    done: &(dyn Fn(u64) + Sync),
) -> Result<Fit, FitError> {
    let survey = survey(run, interrupted)?;
    let messages = survey.messages;
    let shape = Shape::of(survey).ok_or_else(|| too_little((0, 0), 0))?;
    let days = shape.days.1.epoch_days() - shape.days.0.epoch_days() + 1;
    if days < LEAST_DAYS || messages.0 + messages.1 < LEAST_MESSAGES {
        return Err(too_little(messages, days));
    }
    let log = measure(run, &shape, interrupted)?;
    let bill = figures(&replay(run, &mut NoRows, interrupted)?.lines);
    let mut draft = Draft::first(&shape, &log);
    let workshop = Workshop { plan: run.plan, shape: &shape, frame, interrupted };
    let mut made = 0;
    for (round, simulated) in (1_u32..).zip(ROUNDS) {
        let counts = workshop.counts(&draft.text(&shape, &log, frame), round, simulated)?;
        draft.tune(&shape, &log, &counts, simulated);
        made += u64::from(simulated);
        done(made);
    }
    let text = draft.text(&shape, &log, frame);
    let simulated = workshop.bills(&text, &|runs| done(made + runs))?;
    let rows = compare(&(log.clone(), bill), &simulated, ROUNDS[ROUNDS.len() - 1]);
    let left_out = shape.left_out.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect();
    Ok(Fit { text, rows, runs: frame.runs, left_out })
}

fn too_little(messages: (u64, u64), days: i32) -> FitError {
    FitError::TooLittle(format!(
        "the log has {} messages of {days} days; a scenario needs {LEAST_MESSAGES} of {LEAST_DAYS} days at least: each day of the week \
         once, and enough to tell a share of one in twenty from one in ten",
        messages.0 + messages.1
    ))
}

/// Simulates drafts.
struct Workshop<'w> {
    plan: &'w Plan,
    shape: &'w Shape,
    frame: &'w Frame,
    interrupted: &'w AtomicBool,
}

impl Workshop<'_> {
    /// The counts of some simulations together.
    fn counts(&self, text: &str, round: u32, simulations: u32) -> Result<Measured, FitError> {
        let scenario = Scenario::parse(text, NAME)?;
        // Runs of the rounds lie behind all that `[monte_carlo]` can ask for.
        let first = u32::MAX - round * 1_000;
        let all = runs(simulations, |run| Ok::<_, FitError>(self.simulate(&scenario, first + run)?.0), &|_| ())?;
        let mut sum = Measured::empty(self.shape);
        for measured in &all {
            sum.merge(measured);
        }
        Ok(sum)
    }

    /// The runs that `[monte_carlo]` of the file makes.
    fn bills(&self, text: &str, done: &(dyn Fn(u64) + Sync)) -> Result<Vec<Simulated>, FitError> {
        let scenario = Scenario::parse(text, NAME)?;
        runs(self.frame.runs, |run| self.simulate(&scenario, run), done)
    }

    fn simulate(&self, scenario: &Scenario, run: u32) -> Result<Simulated, FitError> {
        let what = scenario.monte_carlo.as_ref();
        let traffic = what.map(|what| what.traffic(run)).transpose()?;
        let Some(traffic) = traffic else { return Err(too_little((0, 0), 0)) };
        let plan = of_traffic(self.plan, &traffic)?;
        let log = traffic_log(&plan, &Population::new(&traffic), self.interrupted, &mut |_, _| ())?;
        let run = Run::new(&plan, &log);
        let measured = measure(&run, self.shape, self.interrupted)?;
        Ok((measured, figures(&replay(&run, &mut NoRows, self.interrupted)?.lines)))
    }
}

/// The plan of the log with the accounts of traffic.
fn of_traffic(plan: &Plan, traffic: &Traffic) -> Result<Plan, FitError> {
    let text = String::from_utf8_lossy(&accounts(traffic)).into_owned();
    let file = NamedText { name: "the fitted scenario: [traffic.account]".to_owned(), text };
    let defaults = AccountDefaults { zone: None, currency: Currency::USD };
    Ok(Plan { accounts: AccountBook::read(&file, defaults)?, ..plan.clone() })
}

/// What is compared of a bill.
fn figures(lines: &Lines) -> BillFigures {
    let mut figures = BillFigures::default();
    for line in lines.iter() {
        let (outcome, reason) = (line.outcome.name(), line.outcome.reason());
        let what = if reason.is_empty() { outcome.to_owned() } else { format!("{outcome}, {reason}") };
        *figures.counts.entry(("verdicts", what)).or_default() += line.sums.messages;
        if !matches!(line.outcome, Outcome::NotBilled(_)) {
            let place = format!("{}, {}", line.category.name(), line.market);
            *figures.counts.entry(("deliveries", place)).or_default() += line.sums.messages;
        }
        let currency = line.currency;
        *figures.amounts.entry(("total", format!("bill, {currency}"))).or_default() += line.sums.billed;
        if line.outcome == Outcome::Charged {
            let category = line.category.name();
            *figures.amounts.entry(("bill", format!("{category}, {currency}"))).or_default() += line.sums.billed;
            let place = format!("{category}, {}, {currency}", line.market);
            *figures.amounts.entry(("bill by market", place)).or_default() += line.sums.billed;
        }
    }
    figures
}
