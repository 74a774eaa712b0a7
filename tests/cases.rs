//! The worked cases: every case and run, and every row of the tables, as a test of its own, against the program itself.
//!
//! The data stand in `cases/*.toml`; what the notation means is told in `cases/notation.rs`.

#[path = "cases/build.rs"]
mod build;
#[path = "cases/clock.rs"]
mod clock;
#[path = "cases/compare.rs"]
mod compare;
#[path = "cases/data.rs"]
mod data;
#[path = "cases/decimal.rs"]
mod decimal;
#[path = "cases/notation.rs"]
mod notation;
#[path = "cases/prices.rs"]
mod prices;
#[path = "cases/program.rs"]
mod program;
#[path = "cases/sheet.rs"]
mod sheet;
#[path = "cases/tables.rs"]
mod tables;

use anyhow::{Result, ensure};
use build::Run;
use data::{Case, Defaults};
use libtest_mimic::{Arguments, Trial};
use notation::Expectation;
use program::Replay;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

/// Files of cases, with the group their tests are named by.
const CASES: [(&str, &str); 11] = [
    ("", "meta.toml"),
    ("", "providers.toml"),
    ("", "derived.toml"),
    ("", "october.toml"),
    ("tier_sharing/", "tier_sharing.toml"),
    ("boundary/", "boundaries.toml"),
    ("boundary/", "boundaries_dates.toml"),
    ("boundary/", "boundaries_months.toml"),
    ("boundary/", "boundaries_late.toml"),
    ("boundary/", "boundaries_order.toml"),
    ("boundary/", "boundaries_prices.toml"),
];

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    let defaults = Arc::new(data::read::<Defaults>("defaults.toml")?);
    let mut trials = Vec::new();
    for (group, file) in CASES {
        for (place, case) in data::cases(file)?.iter().flat_map(Case::in_zones) {
            add_runs(&mut trials, group, &place, &Arc::new(case), &defaults);
        }
    }
    tables::add(&mut trials, &defaults)?;
    prices::add(&mut trials, &defaults)?;
    ensure_distinct(&trials)?;
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

/// Two tests of one name could not be told apart in a report.
fn ensure_distinct(trials: &[Trial]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for trial in trials {
        ensure!(seen.insert(trial.name()), "two tests are called {}", trial.name());
    }
    Ok(())
}

/// A test per run of a case.
fn add_runs(trials: &mut Vec<Trial>, group: &str, place: &str, case: &Arc<Case>, defaults: &Arc<Defaults>) {
    for key in case.exp.keys() {
        let (case, defaults, key) = (Arc::clone(case), Arc::clone(defaults), key.clone());
        let name = format!("{group}{}/{key}{place}", case.id);
        trials.push(trial(name, move || replay_case(&case, &defaults, &key)));
    }
}

fn trial(name: String, test: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(|error| format!("{error:#}").into()))
}

fn replay_case(case: &Case, defaults: &Defaults, key: &str) -> Result<()> {
    verified(case, defaults, key).map(|_| ())
}

/// Replays one run of a case, holds it against its expectations and hands it back for further checks.
fn verified(case: &Case, defaults: &Defaults, key: &str) -> Result<Replay> {
    let run = Run::new(case, defaults, key)?;
    let lines = case.exp.get(key).map(Vec::as_slice).unwrap_or_default();
    let expected = lines.iter().map(|line| Expectation::parse(line)).collect::<Result<Vec<_>>>()?;
    compare::ensure_complete(&run, &expected)?;
    let scenario = run.scenario()?;
    let replay = program::run(&scenario)?;
    let found = compare::differences(&run, &expected, &replay);
    ensure!(
        found.is_empty(),
        "{} [{}] {}\n{}\n\nlog\n{}\n\nverdicts\n{}",
        case.shows,
        case.src.join(", "),
        case.note,
        found.join("\n"),
        scenario.log.excerpt(),
        replay.excerpt()
    );
    Ok(replay)
}
