//! `wabill fit`: a scenario from a log.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use wabill::engine::{Fit as Fitted, Log, Plan, ReadHooks, Run, fit, read_log, simulations};
use wabill::model::Rejection;
use wabill::read::{Input, ReadProgress};
use wabill::report::{REJECTED_HEADER, fit_csv, fit_json, fit_text, write_rejection};
use wabill::scenario::fit::Frame;
use wabill::summarise::{FitFigure, FitTable, LeftOut};

use super::arguments::LogArguments;
use super::failure::Failure;
use super::fit_rules::rules_of;
use super::output_file::{OutputFile, refuse_inputs, write_whole};
use super::progress::Progress;
use super::{INTERRUPTED, inputs, plan, print, tell, with_threads};

const EXAMPLES: &str = "The scenario describes the log's customers, conversations, templates, campaigns and deliveries in numbers that can be changed, each with
what it was counted from. It holds no message and no customer of the log; numbers and templates of the business keep their names.
The table says for each figure whether the log lies within what simulations of the scenario come to, the bill among them.

Examples:
  wabill fit log.csv --accounts accounts.csv -o shop.toml
  wabill fit 'logs/2026-*.jsonl.gz' --timezone Asia/Kolkata --currency INR -o shop.toml --table fit.csv
  wabill fit -o sample.toml && wabill simulate sample.toml";

/// Arguments of `fit`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fit {
    #[command(flatten)]
    log: LogArguments,
    /// The scenario to write [default: stdout]; rows of the log that cannot be used go to SCENARIO.rejected.csv
    #[arg(long, short, value_name = "SCENARIO", help_heading = "Outputs")]
    output: Option<PathBuf>,
    /// Write the table of the fit, too: .csv or .json
    #[arg(long, value_name = "FILE", value_parser = table_form, help_heading = "Outputs")]
    table: Option<PathBuf>,
    /// Seed of the scenario, and of the simulations that it is held against
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Fitting")]
    seed: u32,
    /// Simulations that the bounds rest on, and that `wabill simulate` makes of the scenario
    #[arg(long, value_name = "N", default_value = "40", value_parser = clap::value_parser!(u32).range(20..=10_000), help_heading = "Fitting")]
    runs: u32,
}

/// A table by its ending.
fn table_form(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let known = path.extension().is_some_and(|ending| ending == "csv" || ending == "json");
    if known { Ok(path) } else { Err("end it with .csv or .json".to_owned()) }
}

impl Fit {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let threads = self.log.threads;
        with_threads(threads, || self.run_on_pool())?
    }

    fn run_on_pool(self) -> Result<(), Failure> {
        let Fit { log: arguments, output, table, seed, runs } = self;
        let quiet = arguments.quiet;
        let inputs = inputs::logs(&arguments.logs)?;
        let title = inputs::title(&arguments.logs, &inputs);
        let folder = output.as_deref().and_then(Path::parent);
        let resolved = plan::resolve(arguments.clone())?;
        let rules = rules_of(arguments, &resolved.plan, folder)?;
        let frame = Frame { title: format!("Fitted to {title}"), seed, runs, rules };
        refuse_inputs(table.clone(), &inputs)?;
        let output = output.map(|path| Ok::<_, Failure>((OutputFile::create(&path, &inputs)?, path))).transpose()?;
        let log = read(&resolved.plan, &inputs, output.as_ref().map(|(file, _)| file), quiet)?;
        let fitted = fitted(&Run::new(&resolved.plan, &log), &frame, quiet)?;
        let shown = shown(&title, &fitted);
        if let Some(path) = &table {
            write_table(path, &shown)?;
        }
        let Some((file, path)) = output else {
            if !quiet {
                tell(&fit_text(&shown));
            }
            return print(&fitted.text);
        };
        let could_not = |error| Failure::could_not(&format!("write {}", path.display()), &error);
        publish(file, &fitted.text).map_err(could_not)?;
        if !quiet {
            print(&format!("{}\nScenario  {}\n", fit_text(&shown), path.display()))?;
        }
        Ok(())
    }
}

/// Reads the log; rejected rows go beside the output.
fn read(plan: &Plan, inputs: &[Input], output: Option<&OutputFile>, quiet: bool) -> Result<Log, Failure> {
    let (bytes, progress) = (ReadProgress::default(), Progress::new(quiet));
    progress.reading("reading", inputs.iter().map(Input::size).sum());
    let mut file = None;
    let mut rejected = 0_u64;
    let mut reject = |rejection: &Rejection| {
        rejected += 1;
        let Some(output) = output else { return Ok(()) };
        let mut buffer = Vec::new();
        if file.is_none() {
            buffer.extend_from_slice(REJECTED_HEADER.as_bytes());
            file = Some(output.open(Some("rejected.csv"))?);
        }
        write_rejection(&mut buffer, rejection);
        file.as_mut().map_or(Ok(()), |file| file.write_all(&buffer))
    };
    let mut tick = || progress.read(&bytes);
    let mut hooks = ReadHooks { rejected: &mut reject, tick: &mut tick, progress: &bytes, interrupted: &INTERRUPTED };
    let log = read_log(plan, inputs, &mut hooks);
    progress.end();
    if let Some(mut file) = file {
        file.flush()?;
    }
    if rejected > 0 && !quiet {
        let place =
            if output.is_some() { "they stand in the file of rejected rows" } else { "`wabill replay` lists them" };
        tell(&format!("{rejected} rows of the log could not be used; {place}"));
    }
    Ok(log?)
}

fn fitted(run: &Run<'_>, frame: &Frame, quiet: bool) -> Result<Fitted, Failure> {
    let progress = Progress::new(quiet);
    progress.running(simulations(frame));
    let fitted = fit(run, frame, &INTERRUPTED, &|done| progress.set(done, 0));
    progress.end();
    Ok(fitted?)
}

fn shown(title: &str, fitted: &Fitted) -> FitTable {
    let figure = |row: &wabill::scenario::fit::Compared| FitFigure {
        group: row.group.to_owned(),
        quantity: row.quantity.clone(),
        log: row.log.clone(),
        scenario: row.scenario.clone(),
        low: row.low.clone(),
        high: row.high.clone(),
        difference: row.difference.clone(),
        within: row.within,
    };
    let left = |(what, messages): &(String, u64)| LeftOut { what: what.clone(), messages: *messages };
    FitTable::new(
        title,
        fitted.runs,
        fitted.rows.iter().map(figure).collect(),
        fitted.left_out.iter().map(left).collect(),
    )
}

fn write_table(path: &Path, table: &FitTable) -> Result<(), Failure> {
    let json = path.extension().is_some_and(|ending| ending == "json");
    let bytes = if json { fit_json(table).map_err(io::Error::from) } else { fit_csv(table).map_err(io::Error::other) };
    let written = bytes.and_then(|bytes| write_whole(path, bytes.as_slice()));
    written.map_err(|error| Failure::could_not(&format!("write {}", path.display()), &error))
}

fn publish(output: OutputFile, text: &str) -> io::Result<()> {
    let mut file = output.open(None)?;
    file.write_all(text.as_bytes())?;
    super::output::close(file)?;
    output.publish()
}
