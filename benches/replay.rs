//! Whole replay of a synthetic log of a million rows, against a loop over the same file with the csv crate's `ByteRecord`, in one run.
//!
//! `cargo bench --bench replay` prints medians of five interleaved runs: wall and CPU seconds, messages per second, and the ratio to
//! the loop. Quote the ratio; absolute times are the machine's.
#![allow(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "times and ratios for people")]
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark looks at the clock and prints")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run should say so at once")]

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use wabill::engine::{Plan, ReadHooks, Recorder, Run, read_log, replay};
use wabill::model::{ConversationRow, Currency, VerdictRow};
use wabill::read::{Input, ReadProgress};
use wabill::report::{write_conversation, write_verdict};
use wabill::scenario::{Scenario, accounts, generate};
use wabill::tariff::{AccountBook, AccountDefaults, NamedText, Tariff, TariffOptions};

const RUNS: usize = 5;
/// Makes a million rows of the sample's 14,764, all but those of [`FEW_NUMBERS`].
const TIMES_THE_SAMPLE: u32 = 84;
/// Markets whose reserved ranges of fictional numbers are too small to scale.
const FEW_NUMBERS: [&str; 3] = ["[traffic.market.GB]", "[traffic.market.US]", "[traffic.market.CA]"];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let scenario = large_scenario();
    std::fs::write(&path, generate(scenario.traffic().unwrap())).unwrap();
    let plan = plan(&scenario);
    let rows = count_rows(&path);
    println!("{rows} rows, {} MB; medians of {RUNS} interleaved runs", path.metadata().unwrap().len() / 1_000_000);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut times: [Vec<Times>; 4] = Default::default();
    for _ in 0..RUNS {
        times[0].push(timed(|| count_rows(&path)));
        times[1].push(timed(|| one.install(|| replay_log(&plan, &path, Totals))));
        times[2].push(timed(|| replay_log(&plan, &path, Totals)));
        times[3].push(timed(|| replay_log(&plan, &path, Rows::default())));
    }
    let names = [
        "csv crate ByteRecord loop",
        "replay, totals, 1 thread",
        "replay, totals, all cores",
        "replay, verdict rows, all cores",
    ];
    let baseline = median(&times[0]);
    for (name, times) in names.iter().zip(&times) {
        let Times { wall, cpu } = median(times);
        let rate = rows as f64 / wall.as_secs_f64();
        let ratios = (wall.as_secs_f64() / baseline.wall.as_secs_f64(), cpu.as_secs_f64() / baseline.cpu.as_secs_f64());
        println!(
            "{name:<34}{:>8.3} s wall{:>8.3} s CPU{rate:>12.0} rows/s   x{:.2} wall, x{:.2} CPU of the loop",
            wall.as_secs_f64(),
            cpu.as_secs_f64(),
            ratios.0,
            ratios.1
        );
    }
}

#[derive(Clone, Copy)]
struct Times {
    wall: Duration,
    cpu: Duration,
}

fn timed<T>(run: impl FnOnce() -> T) -> Times {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    std::hint::black_box(run());
    Times { wall: wall.elapsed(), cpu: cpu.elapsed() }
}

fn median(times: &[Times]) -> Times {
    let middle = |of: fn(&Times) -> Duration| {
        let mut values: Vec<Duration> = times.iter().map(of).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    Times { wall: middle(|times| times.wall), cpu: middle(|times| times.cpu) }
}

/// The sample's shop with many more customers.
fn large_scenario() -> Scenario {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sample.toml")).unwrap();
    let mut section = "";
    let mut scaled = Vec::new();
    for line in text.lines() {
        section = if line.starts_with('[') { line } else { section };
        let count = line.strip_prefix("customers = ").filter(|_| !FEW_NUMBERS.contains(&section));
        let more = count.map(|count| count.trim().parse::<u32>().unwrap() * TIMES_THE_SAMPLE);
        scaled.push(more.map_or_else(|| line.to_owned(), |more| format!("customers = {more}")));
    }
    Scenario::parse(&scaled.join("\n"), "scenarios/sample.toml").unwrap()
}

fn plan(scenario: &Scenario) -> Plan {
    let file = NamedText {
        name: "accounts.csv".to_owned(),
        text: String::from_utf8(accounts(scenario.traffic().unwrap())).unwrap(),
    };
    let accounts = AccountBook::read(&file, AccountDefaults { zone: None, currency: Currency::USD }).unwrap();
    Plan::new(Tariff::load(&TariffOptions::default()).unwrap(), accounts)
}

fn count_rows(path: &Path) -> u64 {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).unwrap() {
        rows += 1;
    }
    rows
}

fn replay_log(plan: &Plan, path: &Path, mut recorder: impl Recorder) -> u64 {
    let (progress, interrupted) = (ReadProgress::default(), AtomicBool::new(false));
    let mut hooks =
        ReadHooks { rejected: &mut |_| Ok(()), tick: &mut || (), progress: &progress, interrupted: &interrupted };
    let log = read_log(plan, &[Input::File(path.to_owned())], &mut hooks).unwrap();
    replay(&Run::new(plan, &log), &mut recorder, &interrupted).unwrap().summary.outbound_messages
}

/// Keeps nothing: totals only.
struct Totals;

impl Recorder for Totals {
    type Buffer = ();
    fn verdicts(&self, (): &mut (), _: &[VerdictRow<'_>]) {}
    fn conversations(&self, (): &mut (), _: &[ConversationRow<'_>]) {}
    fn keeps_verdicts(&self) -> bool {
        false
    }
    fn keeps_conversations(&self) -> bool {
        false
    }
    fn write(&mut self, (): ()) -> io::Result<()> {
        Ok(())
    }
}

/// Formats every row and writes it to a file in the temporary folder.
struct Rows(File);

impl Default for Rows {
    fn default() -> Rows {
        Rows(tempfile::tempfile().unwrap())
    }
}

impl Recorder for Rows {
    type Buffer = Vec<u8>;
    fn verdicts(&self, buffer: &mut Vec<u8>, rows: &[VerdictRow<'_>]) {
        for row in rows {
            write_verdict(buffer, row);
        }
    }
    fn conversations(&self, buffer: &mut Vec<u8>, rows: &[ConversationRow<'_>]) {
        for row in rows {
            write_conversation(buffer, row);
        }
    }
    fn write(&mut self, buffer: Vec<u8>) -> io::Result<()> {
        io::Write::write_all(&mut self.0, &buffer)
    }
}
