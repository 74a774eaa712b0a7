//! A progress bar on stderr, only where somebody looks at it and the work lasts over a second.
//!
//! Nothing that is counted waits for it: readers and passes say now and then how far they are, and what is drawn follows the clock.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanFloatCount, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use wabill::engine::{Pass, Watch};
use wabill::read::ReadProgress;

use super::tell;

const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings: often enough to look alive, also while one large chat takes its time.
const BEAT: Duration = Duration::from_millis(200);

/// Whether a bar stands on the line that the cursor is on.
static DRAWN: AtomicBool = AtomicBool::new(false);

/// Ends the line of a bar that nobody will wipe any more.
pub(crate) fn leave_line() {
    if DRAWN.swap(false, Ordering::Relaxed) {
        tell("");
    }
}

/// Bytes of inputs whose size is known.
const READING: &str =
    "{msg:10} {wide_bar} {decimal_bytes} of {decimal_total_bytes}, {rows} rows, {decimal_bytes_per_sec}, {eta} left";
/// Bytes of a pipe.
const PIPED: &str = "{msg:10} {spinner} {decimal_bytes}, {rows} rows, {decimal_bytes_per_sec}";
/// Rows of a pass.
const PASS: &str = "{msg:10} {wide_bar} {human_pos} of {human_len} rows, {rate} rows/s, {eta} left";
/// Customers whose rows are made.
const MAKING: &str = "{msg:10} {wide_bar} {human_pos} of {human_len} customers, {rows} rows, {eta} left";
/// Simulated bills.
const RUNS: &str = "{msg:10} {wide_bar} {human_pos} of {human_len} runs, {eta} left";

/// The display of one command: a bar for one stage after the other.
#[derive(Debug)]
pub(crate) struct Progress {
    /// Somebody looks at it.
    wanted: bool,
    started: Instant,
    stage: Mutex<Stage>,
}

/// What is under way.
#[derive(Debug, Default)]
struct Stage {
    bar: Option<ProgressBar>,
    /// Rows so far, where the bar counts something else.
    rows: Arc<AtomicU64>,
}

impl Progress {
    /// Of a command that begins now.
    #[expect(clippy::disallowed_methods, reason = "the display may look at the clock; no result depends on it")]
    pub(crate) fn new(quiet: bool) -> Progress {
        let wanted = !quiet && std::io::stderr().is_terminal();
        Progress { wanted, started: Instant::now(), stage: Mutex::default() }
    }

    /// Inputs of so many bytes are read; `None` if that is not known.
    pub(crate) fn reading(&self, what: &'static str, bytes: Option<u64>) {
        self.show(what, bytes, if bytes.is_some() { READING } else { PIPED });
    }

    /// So many rows are gone over.
    pub(crate) fn passing(&self, what: &'static str, rows: u64) {
        self.show(what, Some(rows), PASS);
    }

    /// The rows of so many customers are made.
    pub(crate) fn making(&self, what: &'static str, customers: u64) {
        self.show(what, Some(customers), MAKING);
    }

    /// So many bills are simulated.
    pub(crate) fn running(&self, runs: u64) {
        self.show("simulating", Some(runs), RUNS);
    }

    fn show(&self, what: &'static str, total: Option<u64>, form: &str) {
        if !self.wanted {
            return;
        }
        let rows = Arc::new(AtomicU64::new(0));
        let shown = Arc::clone(&rows);
        let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
        // What cannot be put into a string in memory is left out.
        let style = style
            .with_key("rows", move |_: &ProgressState, text: &mut dyn Write| {
                let _ = write!(text, "{}", HumanCount(shown.load(Ordering::Relaxed)));
            })
            .with_key("rate", |state: &ProgressState, text: &mut dyn Write| {
                let _ = write!(text, "{:.0}", HumanFloatCount(state.per_sec()));
            });
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden()).with_style(style);
        let before = std::mem::replace(&mut *self.stage(), Stage { bar: Some(bar.with_message(what)), rows });
        before.wipe();
    }

    /// So much is read.
    pub(crate) fn read(&self, read: &ReadProgress) {
        self.update(|bar| bar.set_position(read.bytes()), read.rows());
    }

    /// So many are done; of customers, with so many rows.
    pub(crate) fn set(&self, done: u64, rows: u64) {
        self.update(|bar| bar.set_position(done), rows);
    }

    fn update(&self, change: impl FnOnce(&ProgressBar), rows: u64) {
        let stage = self.stage();
        let Some(bar) = &stage.bar else { return };
        stage.rows.store(rows, Ordering::Relaxed);
        if bar.is_hidden() && self.started.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(BEAT);
            DRAWN.store(true, Ordering::Relaxed);
        }
        change(bar);
    }

    /// Wipes the display.
    pub(crate) fn end(&self) {
        std::mem::take(&mut *self.stage()).wipe();
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stage {
    fn wipe(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
            DRAWN.store(false, Ordering::Relaxed);
        }
    }
}

impl Watch for Progress {
    fn begin(&self, pass: Pass, rows: u64) {
        self.passing(pass.name(), rows);
    }

    fn done(&self, rows: u64) {
        self.update(|bar| bar.inc(rows), 0);
    }
}
