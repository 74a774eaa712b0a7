//! Runs the program.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A shop with something of everything, whose webhooks tell all that its rows do: no clicks on the desktop, no Business Agent.
pub(crate) const SHOP: &str = "version = 1
seed = 7
[traffic]
period = { from = 2026-10-01, to = 2026-10-31 }
[traffic.segment.regular]
customers = 400
markets = { BR = 70, MX = 20, IN = 10 }
question = { per_month = 4.0, variation = 1.0 }
click = { per_month = 0.3 }
journey = { order = { per_month = 1.0 }, login = { per_month = 0.5 } }
[traffic.campaign.news]
template = \"offer\"
days = [2026-10-08]
audience = 0.5
answer = 0.1
[traffic.click]
desktop = 0.0
";

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn expect_code(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let output =
        Command::new(env!("CARGO_BIN_EXE_wabill")).current_dir(folder).args(arguments).output().expect("it starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("it can be written");
}

/// Replays a log into `out.<log>`.
pub(crate) fn replay(folder: &Path, log: &str, accounts: &str) {
    let out = format!("out.{log}");
    let arguments = [
        "replay",
        log,
        "--accounts",
        accounts,
        "--out",
        &out,
        "--emit",
        "summary,lines",
        "--bounds",
        "off",
        "--quiet",
        "--allow-unpriced",
    ];
    run(folder, &arguments).expect_code(0);
}

pub(crate) fn lines(folder: &Path, log: &str) -> String {
    fs::read_to_string(folder.join(format!("out.{log}/lines.csv"))).expect("it is there")
}

/// The billed total of a replay.
pub(crate) fn total(folder: &Path, log: &str) -> String {
    let text = fs::read_to_string(folder.join(format!("out.{log}/summary.json"))).expect("it is there");
    let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    summary["totals"][0]["billed_cost"].as_str().expect("a text").to_owned()
}
