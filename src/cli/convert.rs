//! `wabill convert`: any log that can be read, in the canonical form.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use wabill::engine::{Converted, Converter, ReadHooks};
use wabill::model::Rejection;
use wabill::read::{Input, MAX_LINE, ReadError, ReadOptions, ReadProgress, Replayable};
use wabill::report::{LogForm, LogWriter};
use wabill::tariff::{Tariff, TariffOptions};

use super::convert_sides::Sides;
use super::failure::Failure;
use super::output_file::OutputFile;
use super::packed::{Packed, Packing};
use super::progress::Progress;
use super::target::Target;
use super::{INTERRUPTED, inputs, plan, tell, with_threads};

const EXAMPLES: &str = "Rows that cannot be used stand in OUT.rejected.csv (without -o: on stderr). What the log tells besides messages stands in
OUT.aliases.csv and OUT.templates.csv; give them to `wabill replay` with --aliases and --templates.

Examples:
  wabill convert webhooks.jsonl.gz -o october.parquet
  wabill convert 'export/*.csv' --input-tz Europe/Berlin -o october.csv.zst
  zcat log.csv.gz | wabill convert - --to jsonl > log.jsonl";

/// Arguments of `convert`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    /// Logs in any form that can be read: files, patterns, or - for stdin; several are one log
    #[arg(value_name = "IN", required = true)]
    logs: Vec<String>,
    /// The file to write, its form by its ending: .csv .jsonl .ndjson .parquet, texts also with .gz or .zst [default: stdout]
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The form, whatever the ending says [default without an ending: csv]
    #[arg(long, value_name = "FORM")]
    to: Option<Form>,
    /// Folder for rejected.csv, aliases.csv, templates.csv and unknown.csv, all of them always [default: beside OUT, where needed]
    #[arg(long, value_name = "DIR")]
    side_files: Option<PathBuf>,
    /// What the columns of a provider's or inbox's log mean; for logs that no built-in mapping knows
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// What the logs are: canonical, webhooks, parquet, or a built-in mapping (see `wabill mapping list`) [default: recognised]
    #[arg(long, value_name = "NAME")]
    input_format: Option<String>,
    /// Time zone of times in the log that name none; without it such rows are rejected
    #[arg(long, value_name = "ZONE")]
    input_tz: Option<String>,
    /// Longest row in bytes; longer ones are rejected [default: 16 MiB]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..))]
    max_line: Option<u32>,
    /// Stop at the first rejected row
    #[arg(long)]
    strict: bool,
    /// Exit with 5 if more rows than this are rejected [default: any number is allowed]
    #[arg(long, value_name = "N")]
    max_rejected: Option<u64>,
    /// Number of threads; the result is the same for any [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print nothing but errors and rejected rows
    #[arg(long, short)]
    quiet: bool,
}

/// A form of output, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    Csv,
    Jsonl,
    Parquet,
}

impl From<Form> for LogForm {
    fn from(form: Form) -> LogForm {
        match form {
            Form::Csv => LogForm::Csv,
            Form::Jsonl => LogForm::Jsonl,
            Form::Parquet => LogForm::Parquet,
        }
    }
}

impl Convert {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let threads = self.threads;
        with_threads(threads, || self.run_on_pool())?
    }

    fn run_on_pool(self) -> Result<(), Failure> {
        let logs = inputs::logs(&self.logs)?;
        let target = self.output.as_deref().filter(|path| path.as_os_str() != "-");
        let (form, packing) = form_of(target, self.to)?;
        let mapping = self.mapping.as_deref().map(inputs::read_named).transpose()?;
        let read = ReadOptions {
            input_zone: plan::zone("--input-tz", self.input_tz.as_deref())?,
            max_line: self.max_line.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(MAX_LINE),
            ..plan::form(mapping.as_ref(), self.input_format.as_deref())?
        };
        let tariff = Tariff::load(&TariffOptions::default())?;
        let output = target.map(|path| OutputFile::create(path, &logs)).transpose()?;
        let mut sides = Sides::new(target, self.side_files.as_deref(), &logs)?;
        let inputs = logs.into_iter().map(keep).collect::<Result<Vec<_>, _>>()?;
        let job = Converter { inputs: &inputs, read: &read, markets: &tariff.markets, strict: self.strict };
        let converted = match (convert(&job, output.as_ref(), (form, packing), &mut sides, self.quiet), target) {
            (Err(Failure::Output(error)), None) => return stdout_failed(&error),
            (Err(failure), Some(path)) => return Err(failure.within(path)),
            (done, _) => done?,
        };
        let written = sides.finish(&converted, output.as_ref());
        written.map_err(|error| Failure::could_not("write the side files", &error))?;
        if let Some(output) = output {
            output.publish().map_err(|error| Failure::could_not("put the output in place", &error))?;
        }
        if !self.quiet {
            sides.told(&converted).iter().for_each(|line| tell(line));
        }
        verdict_on_run(&converted, self.max_rejected)
    }
}

/// The form by `--to`, else by the ending; how it is packed by the ending.
fn form_of(target: Option<&Path>, to: Option<Form>) -> Result<(LogForm, Packing), Failure> {
    let name = target.and_then(Path::file_name).map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
    let (stem, packing) = Packing::by_ending(&name);
    let by_ending = match stem.rsplit_once('.').map(|(_, ending)| ending) {
        Some("csv") => Some(LogForm::Csv),
        Some("jsonl" | "ndjson") => Some(LogForm::Jsonl),
        Some("parquet") => Some(LogForm::Parquet),
        _ => None,
    };
    let form = match (to.map(LogForm::from).or(by_ending), target) {
        (Some(form), _) => form,
        (None, None) => LogForm::Csv,
        (None, Some(path)) => {
            let message =
                format!("{} does not say its form; end it with .csv, .jsonl or .parquet, or give --to", path.display());
            return Err(Failure::Usage(message));
        }
    };
    if form == LogForm::Parquet && packing != Packing::None {
        let message = "Parquet is packed within; leave out the .gz or .zst behind it".to_owned();
        return Err(Failure::Usage(message));
    }
    Ok((form, packing))
}

/// Inputs are read twice; one that passes only once is kept.
fn keep(input: Input) -> Result<Replayable, ReadError> {
    Replayable::new(input, || if INTERRUPTED.load(Ordering::Relaxed) { Err(ReadError::Interrupted) } else { Ok(()) })
}

/// Both readings, with rows going to the output and rejected ones to their place.
fn convert(
    job: &Converter<'_>,
    output: Option<&OutputFile>,
    (form, packing): (LogForm, Packing),
    sides: &mut Sides,
    quiet: bool,
) -> Result<Converted, Failure> {
    let total = job.inputs.iter().map(Replayable::size).sum::<Option<u64>>();
    // A bar and rejected rows do not go to one terminal.
    let progress = Progress::new(quiet || sides.tells_rejected());
    progress.reading("surveying", total);
    let read = ReadProgress::default();
    let mut tick = || progress.read(&read);
    let mut ignore = |_: &_| Ok(());
    let surveyed = job.survey(&mut ReadHooks {
        rejected: &mut ignore,
        tick: &mut tick,
        progress: &read,
        interrupted: &INTERRUPTED,
    })?;
    let out = Target::open(output)?;
    let mut writer = LogWriter::new(form, &surveyed.columns(), Packed::new(packing, out)?)?;
    let mut reject = |rejection: &Rejection| sides.reject(rejection);
    progress.reading("converting", total);
    let read = ReadProgress::default();
    let mut tick = || progress.read(&read);
    let mut hooks = ReadHooks { rejected: &mut reject, tick: &mut tick, progress: &read, interrupted: &INTERRUPTED };
    let written = job.write(&surveyed, &mut hooks, &mut |row| writer.row(row));
    progress.end();
    let converted = written?;
    writer.finish()?.finish()?.finish()?;
    Ok(converted)
}

/// A reader that has seen enough is no failure.
fn stdout_failed(error: &io::Error) -> Result<(), Failure> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(Failure::could_not("write to stdout", error)) }
}

fn verdict_on_run(converted: &Converted, max_rejected: Option<u64>) -> Result<(), Failure> {
    let rejected: u64 = converted.rejected().iter().map(|count| count.rows).sum();
    match max_rejected.filter(|max| rejected > *max) {
        Some(max) => {
            let message = format!("{rejected} rows were rejected, more than --max-rejected {max} allows");
            Err(Failure::Rejected(message))
        }
        None => Ok(()),
    }
}
