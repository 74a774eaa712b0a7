//! `wabill replay`: the main job.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wabill::chat::{LargeChat, Memory};
use wabill::engine::{Log, Plan, ReadHooks, Replayed, Run, RunError, read_log, replay};
use wabill::model::Rejection;
use wabill::read::{Input, ReadProgress};
use wabill::report::{
    ACCOUNTS_HEADER, LINES_HEADER, PROVIDER_LINES_HEADER, REJECTED_HEADER, bounds_text, chart, chart_data,
    summary_json, summary_text, write_line, write_proposed_account, write_provider_line, write_rejection,
};
use wabill::summarise::Lines;
use wabill::tariff::{Interpretation, PROVIDER_PRESETS, ProviderFees};

use super::arguments::LogArguments;
use super::failure::Failure;
use super::output::{OutputFolder, close};
use super::progress::Progress;
use super::row_files::{Form, RowFiles, Wanted};
use super::{INTERRUPTED, inputs, plan, print, tell, with_threads};

/// Examples and settings behind the list of switches.
fn after_help() -> String {
    format!("{EXAMPLES}\n\nSettings for --set and [interpretation], default first:\n{}", Interpretation::help())
}

const EXAMPLES: &str = "Examples:
  wabill replay                                   the embedded sample, into reports/sample/
  wabill replay log.csv --timezone Asia/Kolkata --currency INR
  wabill replay 'logs/2026-*.csv' --accounts accounts.csv --bill-from 2026-10-01 --out october
  wabill replay log.parquet --format parquet      verdicts and conversations for DuckDB, pandas and the like
  zcat log.csv.gz | wabill replay - --emit summary,lines --out out";

/// The provider's bill, written where `lines.csv` is.
const PROVIDER_LINES: &str = "provider_lines.csv";

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(crate) struct Replay {
    #[command(flatten)]
    log: LogArguments,
    /// Folder for the outputs [default: reports/<log name>]
    #[arg(long, value_name = "DIR", help_heading = "Outputs")]
    out: Option<PathBuf>,
    /// What to write
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "summary,verdicts,conversations,lines,disagreements,accounts,rejected,charts",
        help_heading = "Outputs"
    )]
    emit: Vec<Emit>,
    /// How verdicts and conversations are written: as text, or packed with times and exact amounts as such
    #[arg(long, value_name = "FORM", default_value = "csv", help_heading = "Outputs")]
    format: Form,
    /// Add a provider's documented fees, apart from Meta's charges and in place of [provider] in wabill.toml
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(PROVIDER_PRESETS), help_heading = "Rules")]
    provider: Option<String>,
    /// Exit with 5 if more rows than this are rejected [default: any number is allowed]
    #[arg(long, value_name = "N", help_heading = "Outputs")]
    max_rejected: Option<u64>,
    /// Exit with 0 although some charges have no known rate
    #[arg(long, help_heading = "Outputs")]
    allow_unpriced: bool,
    /// Where the log does not determine the bill, look for the lowest and the highest: takes a few more passes over it
    #[arg(long, value_name = "on|off", default_value = "on", help_heading = "Understanding the log")]
    bounds: Switch,
    /// Aim at so much memory, e.g. 512MiB or 4GB: events beyond a quarter of it go to a temporary file. Lines of the bill and the
    /// largest chat must fit besides [default: no limit]
    #[arg(long, value_name = "SIZE", value_parser = memory, help_heading = "Resources")]
    memory: Option<u64>,
    /// Folder for the temporary file of --memory; the file has no name and is gone with the program [default: the system's]
    #[arg(long, value_name = "DIR", requires = "memory", help_heading = "Resources")]
    temp_dir: Option<PathBuf>,
}

/// Less would be a mistake for some other unit. The program itself needs some 30 MiB.
const LEAST_MEMORY: u64 = 64 << 10;

/// A size such as `512MiB`, `4GB` or a number of bytes.
fn memory(text: &str) -> Result<u64, String> {
    let bytes = parse_size::parse_size(text).map_err(|_| "give a size such as 512MiB or 4GB".to_owned())?;
    if bytes < LEAST_MEMORY { Err("give at least 64KiB; 256MiB and more make sense".to_owned()) } else { Ok(bytes) }
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

/// One output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    Summary,
    Verdicts,
    Conversations,
    Lines,
    Disagreements,
    Accounts,
    Rejected,
    Charts,
}

impl Replay {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let threads = self.log.threads;
        with_threads(threads, || self.run_on_pool())?
    }

    fn run_on_pool(self) -> Result<(), Failure> {
        let Replay {
            log: arguments,
            out,
            emit,
            format,
            provider,
            max_rejected,
            allow_unpriced,
            bounds,
            memory,
            temp_dir,
        } = self;
        let quiet = arguments.quiet;
        let inputs = inputs::logs(&arguments.logs)?;
        let title = inputs::title(&arguments.logs, &inputs);
        let mut resolved = plan::resolve(arguments)?;
        if let Some(name) = provider {
            resolved.plan.provider = Some(ProviderFees::preset(&name)?);
        }
        resolved.plan.memory = memory.map(|bytes| {
            let temp_dir = temp_dir.unwrap_or_else(std::env::temp_dir);
            Memory { bytes, temp_dir }
        });
        let folder = out.unwrap_or_else(|| Path::new("reports").join(&title));
        let output = OutputFolder::create(&folder, &inputs)?;
        let progress = Progress::new(quiet);
        let log = read(&resolved.plan, &inputs, &output, &progress);
        let mut log = log.map_err(|failure| failure.within(&folder))?;
        log.inputs.extend(resolved.side_files);
        if !quiet {
            warn_of_large_chats(&resolved.plan, &log)?;
        }
        let run = Run::new(&resolved.plan, &log).watched_by(&progress);
        let mut replayed = judge(&run, &output, &emit, format).map_err(|failure| failure.within(&folder))?;
        if resolved.plan.strict {
            refuse_substitutions(&replayed)?;
        }
        if bounds == Switch::On {
            replayed.summary.bounds = Some(wabill::engine::bounds(&run, &replayed, &INTERRUPTED)?);
        }
        progress.end();
        if resolved.plan.strict {
            refuse_open_bill(&replayed)?;
        }
        write_results(&output, &emit, &title, &replayed)
            .map_err(|error| Failure::could_not("write the outputs", &error))?;
        let published = output
            .publish()
            .map_err(|error| Failure::could_not(&format!("put the outputs into {}", folder.display()), &error))?;
        if !quiet {
            print(&format!(
                "{}\nFiles     {}: {}\n",
                summary_text(&title, &replayed.lines, &replayed.summary),
                folder.display(),
                file_list(&published)
            ))?;
        }
        verdict_on_run(&replayed, max_rejected, allow_unpriced)
    }
}

/// Reads the log; rejected rows go to their file as they come.
fn read(plan: &Plan, inputs: &[Input], output: &OutputFolder, progress: &Progress) -> Result<Log, Failure> {
    let could_not = Failure::from;
    let mut file = output.open("rejected.csv").map_err(could_not)?;
    file.write_all(REJECTED_HEADER.as_bytes()).map_err(could_not)?;
    let read = ReadProgress::default();
    progress.reading("reading", inputs.iter().map(Input::size).sum());
    let mut buffer = Vec::new();
    let mut reject = |rejection: &Rejection| {
        buffer.clear();
        write_rejection(&mut buffer, rejection);
        file.write_all(&buffer)
    };
    let mut tick = || progress.read(&read);
    let mut hooks = ReadHooks { rejected: &mut reject, tick: &mut tick, progress: &read, interrupted: &INTERRUPTED };
    let log = read_log(plan, inputs, &mut hooks);
    progress.end();
    file.flush().map_err(could_not)?;
    Ok(log?)
}

/// A chat is judged as a whole. One that is too large for `--memory` is judged all the same, and takes more.
fn warn_of_large_chats(plan: &Plan, log: &Log) -> Result<(), Failure> {
    let Some(memory) = &plan.memory else { return Ok(()) };
    let chats = log.chats_beyond_memory(plan).map_err(RunError::Spill)?;
    for LargeChat { phone_number_id, with, rows, bytes } in chats {
        let [needed, given] = [bytes, memory.bytes].map(|bytes| bytes.div_ceil(1_000_000));
        tell(&format!(
            "warning: the chat of {phone_number_id} with {with} has {rows} rows and takes some {needed} MB while it is judged, \
             and its verdicts besides; --memory of {given} MB may be passed"
        ));
    }
    Ok(())
}

/// Judges and rates, with verdicts and conversations going to their files.
fn judge(run: &Run<'_>, output: &OutputFolder, emit: &[Emit], form: Form) -> Result<Replayed, Failure> {
    let could_not = Failure::from;
    let wanted = Wanted {
        form,
        verdicts: emit.contains(&Emit::Verdicts),
        conversations: emit.contains(&Emit::Conversations),
        disagreements: emit.contains(&Emit::Disagreements),
    };
    let mut files = RowFiles::open(output, wanted).map_err(could_not)?;
    let replayed = replay(run, &mut files, &INTERRUPTED)?;
    files.close().map_err(could_not)?;
    Ok(replayed)
}

/// Whether the log carries verdicts of Meta's that can be compared with ours.
fn compares(replayed: &Replayed) -> bool {
    replayed.summary.observed.as_ref().is_some_and(|observed| observed.compared > 0)
}

fn write_results(output: &OutputFolder, emit: &[Emit], title: &str, replayed: &Replayed) -> io::Result<()> {
    // Rejected rows are never dropped in silence: their file is left out only if it was not asked for and would be empty.
    if !emit.contains(&Emit::Rejected) && replayed.summary.rejected_rows() == 0 {
        output.discard("rejected.csv")?;
    }
    // With nothing to compare there is nothing to disagree about.
    if emit.contains(&Emit::Disagreements) && !compares(replayed) {
        output.discard("disagreements.csv")?;
    }
    if emit.contains(&Emit::Lines) {
        write_lines(output, &replayed.lines)?;
    }
    if let Some(provider) = replayed.summary.provider.as_ref().filter(|_| emit.contains(&Emit::Lines)) {
        let mut bytes = PROVIDER_LINES_HEADER.as_bytes().to_vec();
        replayed.provider_lines.iter().for_each(|line| write_provider_line(&mut bytes, &provider.facts.name, line));
        output.write(PROVIDER_LINES, &bytes)?;
    }
    if !replayed.proposed_accounts.is_empty() && emit.contains(&Emit::Accounts) {
        let mut bytes = ACCOUNTS_HEADER.as_bytes().to_vec();
        replayed.proposed_accounts.iter().for_each(|account| write_proposed_account(&mut bytes, account));
        output.write("accounts.proposed.csv", &bytes)?;
    }
    if emit.contains(&Emit::Summary) {
        output.write("summary.json", &summary_json(&replayed.summary)?)?;
    }
    if emit.contains(&Emit::Charts) {
        let charts = chart::render(&chart_data(title, &replayed.lines)).map_err(io::Error::other)?;
        for file in charts {
            output.write(&format!("charts/{}.svg", file.name), file.svg.as_bytes())?;
            output.write(&format!("charts/{}.png", file.name), &file.png)?;
        }
    }
    Ok(())
}

/// The bill, some lines at a time: there may be millions.
fn write_lines(output: &OutputFolder, lines: &Lines) -> io::Result<()> {
    let mut file = output.open("lines.csv")?;
    file.write_all(LINES_HEADER.as_bytes())?;
    let mut bytes = Vec::new();
    for line in lines.iter() {
        bytes.clear();
        write_line(&mut bytes, &line);
        file.write_all(&bytes)?;
    }
    close(file)
}

/// `--strict`: a value that had to be assumed is an error (log-formats §6).
fn refuse_substitutions(replayed: &Replayed) -> Result<(), Failure> {
    if replayed.substitutions == 0 {
        return Ok(());
    }
    let assumed = wabill::model::Flag::ALL.into_iter().filter(|flag| flag.is_substitution());
    let names: Vec<&str> = assumed.map(wabill::model::Flag::name).collect();
    let flags = replayed.summary.flags.iter().filter(|flag| names.contains(&flag.flag));
    let list: Vec<String> =
        flags.map(|flag| format!("\n  {} messages: {}: {}", flag.messages, flag.flag, flag.meaning)).collect();
    Err(Failure::Rejected(format!("--strict refuses values that had to be assumed:{}", list.concat())))
}

/// `--strict`: so is a bill that the log does not determine.
fn refuse_open_bill(replayed: &Replayed) -> Result<(), Failure> {
    let open: Vec<String> = replayed.summary.bounds.iter().flatten().map(bounds_text).collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure::Rejected(format!("--strict refuses a bill that the log does not determine:{}", open.concat())))
}

/// The files of a run, charts as one.
pub(super) fn file_list(published: &[&'static str]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in published {
        let shown = name.find('/').map_or(*name, |slash| &name[..=slash]);
        if !names.contains(&shown) {
            names.push(shown);
        }
    }
    names.join(", ")
}

/// Rejected rows over the limit come before charges without a rate (contract §1).
fn verdict_on_run(replayed: &Replayed, max_rejected: Option<u64>, allow_unpriced: bool) -> Result<(), Failure> {
    let rejected = replayed.summary.rejected_rows();
    if let Some(max) = max_rejected.filter(|max| rejected > *max) {
        return Err(Failure::Rejected(format!(
            "{rejected} rows were rejected, more than --max-rejected {max} allows; see rejected.csv"
        )));
    }
    let unpriced = replayed.summary.unpriced_messages();
    if unpriced > 0 && !allow_unpriced {
        let message = format!(
            "{unpriced} charged messages have no known rate and are not in the total; give a card with --rates, or --allow-unpriced"
        );
        return Err(Failure::Unpriced(message));
    }
    Ok(())
}
