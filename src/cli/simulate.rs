//! `wabill simulate`: the bill of a scenario, and of everything that it tries.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use wabill::engine::{Log, NoRows, Plan, ReadHooks, Replayed, Run, contacts, read_log, replay, traffic_log, view};
use wabill::model::{Currency, Money};
use wabill::read::{Input, ReadProgress};
use wabill::report::{
    LINES_HEADER, chart, monte_carlo_csv, simulation_charts, simulation_json, simulation_text, summary_json, write_line,
};
use wabill::scenario::{Population, Scenario, Source, Traffic, Variant};
use wabill::summarise::{Simulation, Uncertainty, VariantBill};

use super::failure::Failure;
use super::generate::read_scenario;
use super::monte_carlo::{self, Job};
use super::output::OutputFolder;
use super::progress::Progress;
use super::replay::file_list;
use super::simulate_plan::{Origin, plan_of};
use super::{INTERRUPTED, print, with_threads};

const EXAMPLES: &str = "Every variant of the scenario is billed beside the baseline. The difference is cut into causes in one fixed order: volume, category,
window, allowance, tier, rate; each step is the cost after it minus the cost before it, so they sum exactly.

Examples:
  wabill simulate scenarios/support_bot.toml
  wabill simulate my_log.toml --out reports/what-if";

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Simulate {
    /// The scenario: a TOML file with [traffic], or with [source] for a real log (see scenarios/ for commented examples)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Folder for the outputs [default: reports/<scenario name>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How likely the bill is to pass this amount; needs `[monte_carlo]`
    #[arg(long, value_name = "AMOUNT")]
    budget: Option<String>,
    /// Exit with 0 although some charges have no known rate
    #[arg(long)]
    allow_unpriced: bool,
    /// Number of threads; the results are the same for any [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// The bill of the baseline or of a variant, whole.
struct Billed {
    bill: VariantBill,
    replayed: Replayed,
}

impl Simulate {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let threads = self.threads;
        with_threads(threads, || self.run_on_pool())?
    }

    fn run_on_pool(self) -> Result<(), Failure> {
        let scenario = read_scenario(&self.scenario)?;
        let title = self.scenario.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let folder = self.out.clone().unwrap_or_else(|| Path::new("reports").join(&title));
        let budget = monte_carlo::budget(self.budget.as_deref(), &self.scenario, scenario.monte_carlo.is_some())?;
        let origin = Origin::of(&self.scenario, &scenario)?;
        let plan = plan_of(&origin, &scenario.rules, scenario.traffic())?;
        // Whatever is wrong with a variant is said before anything is simulated.
        let plans = scenario.variants.iter().map(|variant| self.variant_plan(&origin, variant, &scenario));
        let plans = plans.collect::<Result<Vec<Plan>, Failure>>()?;
        let output = OutputFolder::create(&folder, &origin.inputs)?;
        let progress = Progress::new(self.quiet);
        let base = base_log(&scenario, &plan, &origin, &progress)?;
        let mut all = vec![billed("baseline", Run::new(&plan, &base), None, &progress)?];
        for (variant, plan) in scenario.variants.iter().zip(&plans) {
            let own = billed_variant(variant, plan, &base, &progress);
            all.push(own.map_err(|failure| about(&self.scenario, variant, failure))?);
        }
        let bills: Vec<VariantBill> = all.iter().map(|billed| billed.bill.clone()).collect();
        let mut simulation = Simulation::new(&title, &scenario.title, &bills);
        simulation.monte_carlo = uncertainty(&scenario, &origin, (&plan, &plans), (budget, &progress))?;
        progress.end();
        write(&output, &simulation, &all).map_err(|error| Failure::could_not("write the outputs", &error))?;
        let published = output
            .publish()
            .map_err(|error| Failure::could_not(&format!("put the outputs into {}", folder.display()), &error))?;
        if !self.quiet {
            let files = file_list(&published);
            print(&format!("{}\nFiles     {}: {files}\n", simulation_text(&simulation), folder.display()))?;
        }
        let unpriced: u64 = all.iter().map(|billed| billed.replayed.summary.unpriced_messages()).sum();
        if unpriced > 0 && !self.allow_unpriced {
            let message = format!(
                "{unpriced} charges have no known rate and are not in the bills; give a card with rules.rates, or --allow-unpriced"
            );
            return Err(Failure::Unpriced(message));
        }
        Ok(())
    }

    fn variant_plan(&self, origin: &Origin, variant: &Variant, scenario: &Scenario) -> Result<Plan, Failure> {
        let traffic = variant.traffic.as_deref().or(scenario.traffic());
        let plan = plan_of(origin, &variant.rules, traffic);
        let mut plan = plan.map_err(|failure| about(&self.scenario, variant, failure))?;
        plan.accounts = plan.accounts.with_numbers(&variant.policies.new_numbers());
        Ok(plan)
    }
}

/// The uncertainty of all bills, if the scenario asks for it.
fn uncertainty(
    scenario: &Scenario,
    origin: &Origin,
    (plan, plans): (&Plan, &[Plan]),
    (budget, progress): (Option<Money>, &Progress),
) -> Result<Option<Uncertainty>, Failure> {
    let Some((what, traffic)) = scenario.monte_carlo.as_ref().zip(scenario.traffic()) else { return Ok(None) };
    let Some(currency) = Currency::parse(traffic.currency()) else { return Ok(None) };
    let variants = scenario.variants.iter().zip(plans).collect();
    let job = Job { origin, plan, variants, currency, progress };
    job.uncertainty(what, budget).map(Some)
}

fn base_log(scenario: &Scenario, plan: &Plan, origin: &Origin, progress: &Progress) -> Result<Log, Failure> {
    match &scenario.source {
        Source::Traffic(traffic) => made(traffic, plan, "baseline", progress),
        Source::Log(_) => {
            let (read, mut rejected) = (ReadProgress::default(), 0_u64);
            progress.reading("reading", origin.inputs.iter().map(Input::size).sum());
            let mut reject = |_: &_| {
                rejected += 1;
                Ok(())
            };
            let mut tick = || progress.read(&read);
            let mut hooks =
                ReadHooks { rejected: &mut reject, tick: &mut tick, progress: &read, interrupted: &INTERRUPTED };
            let log = read_log(plan, &origin.inputs, &mut hooks);
            progress.end();
            let log = log?;
            if rejected > 0 {
                super::tell(&format!("{rejected} rows of the log could not be used; `wabill replay` lists them"));
            }
            Ok(log)
        }
    }
}

fn made(traffic: &Traffic, plan: &Plan, what: &'static str, progress: &Progress) -> Result<Log, Failure> {
    let population = Population::new(traffic);
    progress.making(what, population.size());
    let log = traffic_log(plan, &population, &INTERRUPTED, &mut |done, rows| progress.set(done, rows));
    progress.end();
    Ok(log?)
}

fn billed_variant(variant: &Variant, plan: &Plan, base: &Log, progress: &Progress) -> Result<Billed, Failure> {
    let own = variant.traffic.as_deref().map(|traffic| made(traffic, plan, "variant", progress)).transpose()?;
    let log = own.as_ref().unwrap_or(base);
    if variant.policies.is_empty() {
        return billed(&variant.name, Run::new(plan, log), None, progress);
    }
    let viewed = view(&Run::new(plan, log).watched_by(progress), &variant.policies, &INTERRUPTED)?;
    billed(&variant.name, Run::new(plan, &viewed.log), Some(viewed.changed), progress)
}

/// Names the variant that something is wrong with.
fn about(scenario: &Path, variant: &Variant, failure: Failure) -> Failure {
    match failure {
        Failure::Usage(message) => {
            Failure::Usage(format!("{}: variant '{}': {message}", scenario.display(), variant.name))
        }
        other => other,
    }
}

fn billed(name: &str, run: Run<'_>, changed: Option<u64>, progress: &Progress) -> Result<Billed, Failure> {
    let run = &run.watched_by(progress);
    let replayed = replay(run, &mut NoRows, &INTERRUPTED)?;
    let bill = VariantBill {
        name: name.to_owned(),
        lines: replayed.lines.clone(),
        contacts: contacts(run, &INTERRUPTED)?,
        inbound: replayed.summary.inbound_messages,
        changed,
        provider: replayed.summary.provider.as_ref().map_or_else(Vec::new, |provider| provider.totals.clone()),
    };
    Ok(Billed { bill, replayed })
}

fn write(output: &OutputFolder, simulation: &Simulation, all: &[Billed]) -> io::Result<()> {
    output.write("simulation.json", &simulation_json(simulation)?)?;
    if let Some(uncertainty) = &simulation.monte_carlo {
        output.write("monte_carlo.csv", &monte_carlo_csv(uncertainty).map_err(io::Error::other)?)?;
    }
    for file in chart::render_simulation(&simulation_charts(simulation)).map_err(io::Error::other)? {
        output.write(&format!("charts/{}.svg", file.name), file.svg.as_bytes())?;
        output.write(&format!("charts/{}.png", file.name), &file.png)?;
    }
    for (place, billed) in all.iter().enumerate() {
        let mut bytes = LINES_HEADER.as_bytes().to_vec();
        billed.replayed.lines.iter().for_each(|line| write_line(&mut bytes, &line));
        if place == 0 {
            output.write("lines.csv", &bytes)?;
            output.write("summary.json", &summary_json(&billed.replayed.summary)?)?;
        } else {
            output.write(&format!("variants/{}.lines.csv", billed.bill.name), &bytes)?;
        }
    }
    Ok(())
}
