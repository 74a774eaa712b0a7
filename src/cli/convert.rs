//! `wabill convert`: any log that can be read, in the canonical form.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io::{self, Stdout, Write};
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
use super::output::close;
use super::output_file::OutputFile;
use super::packed::{Packed, Packing};
use super::progress::Progress;
use super::{INTERRUPTED, inputs, plan, with_threads};

const EXAMPLES: &str = "Examples:
  wabill convert webhooks.jsonl.gz -o october.parquet
  wabill convert 'export/*.csv' --input-tz Europe/Berlin -o october.csv.zst
  zcat webhooks.jsonl.gz | wabill convert - --to jsonl > october.jsonl

Rows that cannot be used stand in OUT.rejected.csv (without -o: on stderr). What the log tells besides messages stands in
OUT.aliases.csv and OUT.templates.csv; give them to `wabill replay` with --aliases and --templates.";

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
        let read = ReadOptions {
            input_zone: plan::zone("--input-tz", self.input_tz.as_deref())?,
            max_line: self.max_line.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(MAX_LINE),
            format: None,
        };
        let tariff = Tariff::load(&TariffOptions::default())?;
        let file = target.map(|path| OutputFile::create(path, &logs)).transpose()?;
        let mut sides = Sides::new(file.as_ref(), self.side_files.as_deref(), &logs)?;
        let inputs = logs.into_iter().map(keep).collect::<Result<Vec<_>, _>>()?;
        let converter = Converter { inputs: &inputs, read: &read, markets: &tariff.markets, strict: self.strict };
        let out = file.as_ref().map_or(Ok(Target::Stdout(io::stdout())), |file| file.open(None).map(Target::File))?;
        let within = |failure: Failure| target.map_or(Failure::Output(io::Error::other("")), |_| failure);
        let converted = match convert(&converter, out, (form, packing), &mut sides, self.quiet) {
            Err(Failure::Output(error)) if target.is_none() => return stdout_failed(error),
            Err(failure) => return Err(failure.within(target.unwrap_or(Path::new("stdout")))),
            Ok(converted) => converted,
        };
        let _ = within;
        let rejected: u64 = converted.rejected().iter().map(|count| count.rows).sum();
        sides.finish(&converted).map_err(|error| Failure::could_not("write the side files", &error))?;
        let told = sides.told(&converted, target);
        drop(sides);
        if let Some(file) = file {
            file.publish().map_err(|error| Failure::could_not("put the output in place", &error))?;
        }
        if !self.quiet {
            told.iter().for_each(|line| super::tell(line));
        }
        match self.max_rejected.filter(|max| rejected > *max) {
            Some(max) => Err(Failure::Rejected(format!(
                "{rejected} rows were rejected, more than --max-rejected {max} allows"
            ))),
            None => Ok(()),
        }
    }
}
