//! `wabill generate`: the log of an invented business.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wabill::engine::{Produced, for_each_row};
use wabill::report::{LogForm, LogWriter, WebhookWriter};
use wabill::scenario::{LOG_COLUMNS, Population, Scenario, Traffic, accounts};

use super::failure::Failure;
use super::output_file::{OutputFile, beside, write_whole};
use super::packed::{Packed, Packing};
use super::progress::Progress;
use super::target::Target;
use super::time_sort::{Sorted, TimeSort};
use super::{INTERRUPTED, inputs, tell, with_threads};

const EXAMPLES: &str =
    "The accounts that belong to the log stand in OUT.accounts.csv; give them to `wabill replay` with --accounts.
Numbers and ids are invented, but some numbers may exist: never send anything to them.

Examples:
  wabill generate scenarios/sample.toml -o sample.csv --sort time
  wabill generate shop.toml -o shop.parquet
  wabill generate shop.toml --to webhooks | gzip > shop.jsonl.gz";

/// Arguments of `generate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Generate {
    /// The scenario: a TOML file with [traffic] (see scenarios/ for commented examples)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// The file to write, its form by its ending: .csv .jsonl (webhooks) .parquet, texts also with .gz or .zst [default: stdout]
    #[arg(long, short, value_name = "LOG")]
    output: Option<PathBuf>,
    /// The form, whatever the ending says [default without an ending: csv]
    #[arg(long, value_name = "FORM")]
    to: Option<Form>,
    /// The order of rows: customer by customer, or as they were logged (spills to --temp-dir)
    #[arg(long, value_name = "ORDER", default_value = "customer")]
    sort: Order,
    /// Folder for what sorting spills [default: the system's]
    #[arg(long, value_name = "DIR")]
    temp_dir: Option<PathBuf>,
    /// Number of threads; the result is the same for any [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Rows that are written before the display hears of it.
const ROWS_TOLD: u64 = 4096;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// The canonical log
    Csv,
    /// The canonical log, one object a line
    Jsonl,
    /// The canonical log
    Parquet,
    /// Meta's webhooks, one a line
    Webhooks,
}

/// An order of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Order {
    Customer,
    Time,
}

impl Generate {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let threads = self.threads;
        with_threads(threads, || self.run_on_pool())?
    }

    fn run_on_pool(self) -> Result<(), Failure> {
        let scenario = read_scenario(&self.scenario)?;
        let Some(traffic) = scenario.traffic() else {
            let message = "has [source], a real log; only [traffic] can be generated";
            return Err(Failure::Usage(format!("{}: {message}", self.scenario.display())));
        };
        let target = self.output.as_deref().filter(|path| path.as_os_str() != "-");
        let (form, packing) = form_of(target, self.to)?;
        if form == Form::Webhooks {
            webhooks_are_faithful(traffic)?;
        }
        let output = target.map(|path| OutputFile::create(path, &[])).transpose()?;
        let out = Target::open(output.as_ref())?;
        let rows = match (self.write(traffic, Rows::new(form, Packed::new(packing, out)?)?), target) {
            (Err(Failure::Output(error)), None) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            (Err(failure), Some(path)) => return Err(failure.within(path)),
            (rows, _) => rows?,
        };
        if let (Some(output), Some(path)) = (output, target) {
            let put = |error: io::Error| Failure::could_not("put the output in place", &error);
            write_whole(&beside(path, "accounts.csv"), accounts(traffic).as_slice()).map_err(put)?;
            output.publish().map_err(put)?;
            if !self.quiet {
                tell(&format!("{rows} rows in {}, accounts in {0}.accounts.csv", path.display()));
            }
        }
        Ok(())
    }

    /// Writes all rows and tells how many there are.
    fn write(&self, traffic: &Traffic, mut rows: Rows) -> Result<u64, Failure> {
        let population = Population::new(traffic);
        let progress = Progress::new(self.quiet);
        progress.making("generating", population.size());
        let mut written = 0;
        let mut sort = (self.sort == Order::Time).then(|| TimeSort::new(self.temp_dir.clone()));
        let mut take = |row: Produced| {
            written += 1;
            match &mut sort {
                Some(sort) => sort.add(row),
                None => rows.write(&row),
            }
        };
        let made = for_each_row(&population, &INTERRUPTED, &mut take, &mut |done, rows| progress.set(done, rows));
        progress.end();
        made?;
        if let Some(sort) = sort {
            let mut sorted: Sorted = sort.finish()?;
            progress.passing("writing", written);
            let mut done = 0;
            while let Some(row) = sorted.next()? {
                if INTERRUPTED.load(std::sync::atomic::Ordering::Relaxed) {
                    return Err(Failure::Interrupted);
                }
                rows.write(&row)?;
                done += 1;
                if done % ROWS_TOLD == 0 {
                    progress.set(done, done);
                }
            }
        }
        rows.finish()?;
        progress.end();
        Ok(written)
    }
}

/// Reads and checks a scenario file.
pub(super) fn read_scenario(path: &Path) -> Result<Scenario, Failure> {
    let text = inputs::read_text(path)?;
    Ok(Scenario::parse(&text, &path.display().to_string())?)
}

/// The form by `--to`, else by the ending; how it is packed by the ending.
fn form_of(target: Option<&Path>, to: Option<Form>) -> Result<(Form, Packing), Failure> {
    let name = target.and_then(Path::file_name).map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
    let (stem, packing) = Packing::by_ending(&name);
    let by_ending = match stem.rsplit_once('.').map(|(_, ending)| ending) {
        Some("csv") => Some(Form::Csv),
        Some("jsonl" | "ndjson") => Some(Form::Webhooks),
        Some("parquet") => Some(Form::Parquet),
        _ => None,
    };
    let form = match (to.or(by_ending), target) {
        (Some(form), _) => form,
        (None, None) => Form::Csv,
        (None, Some(path)) => {
            let message =
                format!("{} does not say its form; end it with .csv, .jsonl or .parquet, or give --to", path.display());
            return Err(Failure::Usage(message));
        }
    };
    if form == Form::Parquet && packing != Packing::None {
        return Err(Failure::Usage("Parquet is packed within; leave out the .gz or .zst behind it".to_owned()));
    }
    Ok((form, packing))
}

/// Webhooks say what a message is by its price, which they do for every single message only since it is billed by itself.
fn webhooks_are_faithful(traffic: &Traffic) -> Result<(), Failure> {
    if traffic.starts_per_message() {
        return Ok(());
    }
    let message = "webhooks name a template's category with its price, and before 2025-07-01 prices were those of conversations; \
                   write this period as .csv or .parquet";
    Err(Failure::Usage(message.to_owned()))
}

/// Rows on their way out.
enum Rows {
    Canonical(Box<LogWriter<Packed<Target>>>),
    Webhooks(Box<WebhookWriter<Packed<Target>>>),
}

impl Rows {
    fn new(form: Form, out: Packed<Target>) -> io::Result<Rows> {
        let canonical = match form {
            Form::Csv => LogForm::Csv,
            Form::Jsonl => LogForm::Jsonl,
            Form::Parquet => LogForm::Parquet,
            Form::Webhooks => return Ok(Rows::Webhooks(Box::new(WebhookWriter::new(out)))),
        };
        LogWriter::new(canonical, &LOG_COLUMNS, out).map(|writer| Rows::Canonical(Box::new(writer)))
    }

    fn write(&mut self, row: &Produced) -> io::Result<()> {
        match self {
            Rows::Canonical(writer) => writer.row(&row.texts.row()),
            Rows::Webhooks(writer) => writer.row(&row.texts.row()),
        }
    }

    fn finish(self) -> io::Result<()> {
        let packed = match self {
            Rows::Canonical(writer) => writer.finish()?,
            Rows::Webhooks(writer) => writer.finish(),
        };
        packed.finish()?.finish()
    }
}
