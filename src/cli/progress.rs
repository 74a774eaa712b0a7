//! A progress bar on stderr, only where somebody looks at it and the work lasts over a second.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(1);

/// The display of one run.
pub(crate) struct Progress {
    started: Instant,
    bar: Option<ProgressBar>,
    shown: bool,
}

impl Progress {
    /// `total` bytes to read, if known.
    #[expect(clippy::disallowed_methods, reason = "the display may look at the clock; no result depends on it")]
    pub(crate) fn new(quiet: bool, total: Option<u64>) -> Progress {
        let wanted = !quiet && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
            let form = "{msg:10} {wide_bar} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
            bar.with_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()))
                .with_message("reading")
        });
        Progress { started: Instant::now(), bar, shown: false }
    }

    /// `total` of something to work through.
    #[expect(clippy::disallowed_methods, reason = "the display may look at the clock; no result depends on it")]
    pub(crate) fn counting(quiet: bool, total: u64, what: &'static str) -> Progress {
        let wanted = !quiet && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
            let form = "{msg:10} {wide_bar} {human_pos}/{human_len}, {eta} left";
            bar.with_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()))
                .with_message(what)
        });
        Progress { started: Instant::now(), bar, shown: false }
    }

    /// So much is done.
    pub(crate) fn set(&mut self, bytes: u64) {
        let Some(bar) = &self.bar else { return };
        if !self.shown && self.started.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        bar.set_position(bytes);
    }

    /// Wipes the display.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
