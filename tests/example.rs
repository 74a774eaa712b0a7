//! The committed example report is what the program makes of the sample today, byte for byte.
//!
//! `WABILL_UPDATE=1 cargo test --test example` writes it anew after a change that is meant.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// PNG files are left out: a glyph may be rasterised differently on another processor, and the SVG is the same drawing.
const COMPARED: [&str; 5] = [
    "summary.json",
    "lines.csv",
    "charts/charged_and_free_per_day.svg",
    "charts/cost_per_market.svg",
    "charts/free_by_reason.svg",
];

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/example")
}

fn replay_sample(out: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_wabill"))
        .args(["replay", "--quiet", "--emit", "summary,lines,charts", "--out"])
        .arg(out)
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn the_committed_example_is_what_the_sample_gives() {
    if std::env::var_os("WABILL_UPDATE").is_some() {
        replay_sample(&example());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    replay_sample(folder.path());
    for name in COMPARED {
        let (fresh, committed) = (std::fs::read(folder.path().join(name)), std::fs::read(example().join(name)));
        assert!(fresh.unwrap() == committed.unwrap(), "reports/example/{name} is not what the sample gives today");
    }
}
