//! The commands, one file each.

mod arguments;
mod config;
mod convert;
mod convert_sides;
mod explain;
mod failure;
mod fit;
mod fit_rules;
mod generate;
mod inputs;
mod mapping;
mod monte_carlo;
mod output;
mod output_file;
mod packed;
mod plan;
mod progress;
mod rates;
mod replay;
mod row_files;
mod simulate;
mod simulate_plan;
mod target;
mod time_sort;

use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::{Parser, Subcommand};

use failure::Failure;

/// Set by Ctrl-C or a request to end; everything that takes long looks at it.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Replays a `WhatsApp` Business message log the way Meta's billing saw it: what was charged, what was free and why, and what it cost.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 120, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read logs, judge and price every message, print the bill and write the outputs
    Replay(replay::Replay),
    /// Show the thread around one message or of one customer: windows, verdicts, rules, rates
    Explain(explain::Explain),
    /// Write any log that can be read in the canonical form: CSV, JSON lines or Parquet, replaying alike
    Convert(convert::Convert),
    /// Write the log of an invented business, as a scenario describes it
    Generate(generate::Generate),
    /// Bill a scenario and everything that it tries: other traffic, other policies, other rules
    Simulate(simulate::Simulate),
    /// Describe a real log as a scenario: its customers, conversations, templates and deliveries, with a table of how well it fits
    Fit(fit::Fit),
    /// Describe logs of providers and inboxes: list what is known, propose a mapping for what is not
    Mapping(mapping::MappingCommand),
    /// Look into rate cards and check them
    Rates(rates::Rates),
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    // Without a handler Ctrl-C ends the program as it always does, which is no reason not to run.
    let _ = ctrlc::set_handler(interrupt);
    let outcome = match Cli::parse().command {
        Command::Replay(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Convert(command) => command.run(),
        Command::Generate(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Fit(command) => command.run(),
        Command::Mapping(command) => command.run(),
        Command::Rates(command) => command.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut stderr = std::io::stderr().lock();
            // There is nobody left to tell if stderr is closed.
            let _ = failure.tell(&mut stderr);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// How long a run may take to notice that it should end; one that waits for input does not.
const GRACE: Duration = Duration::from_millis(300);

/// Asks the run to end, and ends it if it does not.
#[expect(clippy::exit, reason = "the run may wait for input that never comes")]
fn interrupt() {
    INTERRUPTED.store(true, Ordering::Relaxed);
    std::thread::sleep(GRACE);
    if output::abandon() {
        progress::leave_line();
        let _ = Failure::Interrupted.tell(&mut std::io::stderr());
        std::process::exit(i32::from(Failure::Interrupted.exit_code()));
    }
}

/// Prints a result; a reader that has seen enough is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::could_not("write to stdout", &error))
        }
        _ => Ok(()),
    }
}

/// Says something that is not a result.
fn tell(text: &str) {
    // There is nobody left to tell if stderr is closed.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Runs with a number of threads, or as many as there are cores.
fn with_threads<T: Send>(threads: Option<u16>, run: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0).into()).build();
    pool.map(|pool| pool.install(run)).map_err(|error| Failure::could_not("start threads", &error))
}
