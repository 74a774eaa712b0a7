//! One run of the program, and what it put out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Cells by column.
pub(crate) type Cells = BTreeMap<String, String>;

/// Message id and customer.
pub(crate) type Key = (String, String);

/// What a run put out.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) verdicts: BTreeMap<Key, Cells>,
    pub(crate) conversations: BTreeMap<String, Cells>,
    pub(crate) lines: Vec<Cells>,
    pub(crate) summary: Value,
    /// The tables as they are, for runs that must not differ at all.
    pub(crate) bytes: [String; 3],
}

/// A folder with the side files of one scenario, in which logs are replayed.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk { folder: TempDir::new().expect("a temporary folder") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), bytes).expect("a file");
    }

    /// Replays logs that must be read without a reject.
    pub(crate) fn replay(&self, logs: &[&str], arguments: &[&str]) -> Outcome {
        let fixed = ["replay", "--quiet", "--threads", "1", "--allow-unpriced", "--out", "out"];
        let outcome = Command::new(env!("CARGO_BIN_EXE_wabill"))
            .current_dir(self.path())
            .args(fixed)
            .args(["--emit", "summary,lines,verdicts,conversations"])
            .args(logs)
            .args(arguments)
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&outcome.stderr);
        assert_eq!(outcome.status.code(), Some(0), "{logs:?} {arguments:?}: {said}");
        let rejected = fs::read_to_string(self.path().join("out/rejected.csv")).unwrap_or_default();
        assert!(rejected.lines().count() < 2, "{logs:?}: {rejected}");
        self.outcome()
    }

    fn outcome(&self) -> Outcome {
        let text = |name: &str| fs::read_to_string(self.path().join("out").join(name)).expect("an output");
        let bytes = ["verdicts.csv", "conversations.csv", "lines.csv"].map(text);
        let [verdicts, conversations, lines] = [0, 1, 2].map(|at: usize| table(&bytes[at]));
        let key = |row: &Cells| (row["message_id"].clone(), row["customer_id"].clone());
        let rows = verdicts.len();
        let verdicts: BTreeMap<Key, Cells> = verdicts.into_iter().map(|row| (key(&row), row)).collect();
        assert_eq!(verdicts.len(), rows, "one verdict for a message and recipient");
        Outcome {
            verdicts,
            conversations: conversations.into_iter().map(|row| (row["conversation_id"].clone(), row)).collect(),
            lines,
            summary: serde_json::from_str(&text("summary.json")).expect("JSON"),
            bytes,
        }
    }
}

impl Outcome {
    /// What is billed by currency.
    pub(crate) fn totals(&self) -> BTreeMap<String, String> {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let totals = self.summary["totals"].as_array().expect("a list");
        totals.iter().map(|total| (text(&total["currency"]), text(&total["billed_cost"]))).collect()
    }
}

fn table(text: &str) -> Vec<Cells> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let cells = |record: csv::Result<csv::StringRecord>| {
        let record = record.expect("a sound row");
        header.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(cells).collect()
}
