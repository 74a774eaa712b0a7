//! Runs the program on generated logs and compares what it wrote with the model, row by row.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::DateTime;

use super::differences::{Difference, View, columns};
use super::facts::{Log, Message, Ms, Verdict, Window};
use super::tables::Tables;
use super::{chats, files, model};

/// Chats of one run: many, to save process starts, and few enough to try many sets of settings.
pub(crate) const CHATS_PER_RUN: usize = 150;

pub(crate) type Row = BTreeMap<String, String>;

/// What a message or a conversation is found by in the outputs: number, message id, customer.
pub(crate) type Key = (String, String, String);

#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) chats: usize,
    pub(crate) messages: usize,
    pub(crate) verdicts: usize,
    pub(crate) windows: usize,
    pub(crate) differences: Vec<Difference>,
}

/// Runs all seeds, on as many threads as the machine has.
pub(crate) fn run_all(tables: &Tables, seeds: Range<u64>) -> Totals {
    let next = AtomicU64::new(seeds.start);
    let total = Mutex::new(Totals::default());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        break;
                    }
                    let outcome = run(tables, seed);
                    let mut total = total.lock().expect("no other run panicked");
                    total.chats += outcome.chats;
                    total.messages += outcome.messages;
                    total.verdicts += outcome.verdicts;
                    total.windows += outcome.windows;
                    total.differences.extend(outcome.differences);
                }
            });
        }
    });
    total.into_inner().expect("no run panicked")
}

fn run(tables: &Tables, seed: u64) -> Totals {
    let log = chats::log(tables, seed, CHATS_PER_RUN);
    let (verdicts, windows) = model::judge(tables, &log);
    let folder = tempfile::tempdir().expect("a temporary folder");
    files::write(&log, folder.path());
    let out = folder.path().join("out");
    replay(&log, folder.path(), &out, seed);

    let found = by_key(&out.join("verdicts.csv"), "message_id");
    let view = View { seed, log: &log, verdicts: &verdicts, found: &found };
    let mut differences = Vec::new();
    for (&index, verdict) in &verdicts {
        let message = &log.messages[index];
        let kind = match found.get(&key_of(message)) {
            None => "verdict: the program has none".to_string(),
            Some(row) => verdict_difference(verdict, row),
        };
        if !kind.is_empty() {
            differences.push(view.difference(message, false, kind, ""));
        }
    }
    let judged: BTreeSet<Key> = verdicts.keys().map(|&index| key_of(&log.messages[index])).collect();
    for key in found.keys() {
        assert!(judged.contains(key), "seed {seed}: a verdict that nobody asked for, {key:?}");
    }
    let mut conversations = by_key(&out.join("conversations.csv"), "conversation_id");
    for window in &windows {
        let message = &log.messages[window.opener];
        let (kind, detail) = match conversations.remove(&key_of(message)) {
            None => ("conversation: the program has none", String::new()),
            Some(row) => window_difference(window, &row),
        };
        if !kind.is_empty() {
            differences.push(view.difference(message, true, kind.to_string(), &detail));
        }
    }
    for (key, row) in conversations {
        let opener = log.messages.iter().find(|message| key_of(message) == key);
        let opener = opener.unwrap_or_else(|| panic!("seed {seed}: a conversation without opener, {row:?}"));
        let kind = "conversation: the model has none".to_string();
        differences.push(view.difference(opener, true, kind, &format!("{row:?}")));
    }
    let messages = log.messages.len();
    Totals { chats: chats::count(&log), messages, verdicts: verdicts.len(), windows: windows.len(), differences }
}

fn replay(log: &Log, folder: &Path, out: &Path, seed: u64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabill"));
    command.arg("replay").arg(folder.join("messages.csv"));
    command.arg("--accounts").arg(folder.join("accounts.csv"));
    command.arg("--carry-in").arg(folder.join("carry_in.csv"));
    command.arg("--out").arg(out);
    command.args(["--quiet", "--allow-unpriced", "--emit", "verdicts,conversations,lines,summary"]);
    for setting in files::settings(&log.settings) {
        command.args(["--set", &setting]);
    }
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "seed {seed}: {}\n{said}", output.status);
}

/// The columns that differ, as text; empty where the two agree.
fn verdict_difference(verdict: &Verdict, row: &Row) -> String {
    let mut differing = Vec::new();
    for (column, says) in columns(verdict) {
        let found = &row[column];
        if says == found {
            continue;
        }
        // Ids would make every difference a kind of its own.
        differing.push(match column {
            "conversation_id" => "conversation_id differs".to_string(),
            _ => format!("{column} {says:?} but wabill {found:?}"),
        });
    }
    if differing.is_empty() { String::new() } else { format!("{}: {}", verdict.regime, differing.join("; ")) }
}

/// What differs, and how; empty where the two agree.
fn window_difference(window: &Window, row: &Row) -> (&'static str, String) {
    let (start, end) = (files::show_time(window.start), files::show_time(window.end));
    if parse_time(&row["opened_at"]) != Some(window.start) {
        return ("conversation: opened_at", format!("{start} but wabill {}", row["opened_at"]));
    }
    if parse_time(&row["expires_at"]) != Some(window.end) {
        return ("conversation: expires_at", format!("{end} but wabill {}", row["expires_at"]));
    }
    // Whether the log ended before the window did is not the model's question.
    if (row["closed_by"] == "free_entry_point") != window.closed_by_fep.is_some() {
        let closed = window.closed_by_fep.map(files::show_time);
        return ("conversation: closed_by", format!("{closed:?} but wabill {}", row["closed_by"]));
    }
    if row["verdict"] != window.verdict {
        return ("conversation: verdict", format!("{} but wabill {}", window.verdict, row["verdict"]));
    }
    ("", String::new())
}

pub(crate) fn key_of(message: &Message) -> Key {
    (message.number.clone(), message.id.clone(), message.customer.clone())
}

fn parse_time(text: &str) -> Option<Ms> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis())
}

fn by_key(path: &Path, id: &str) -> BTreeMap<Key, Row> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut found = BTreeMap::new();
    for row in reader.deserialize() {
        let row: Row = row.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let key = (row["phone_number_id"].clone(), row[id].clone(), row["customer_id"].clone());
        assert!(found.insert(key.clone(), row).is_none(), "{} has {key:?} twice", path.display());
    }
    found
}
