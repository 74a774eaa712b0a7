//! All webhook fixtures as one log: converted it replays as the webhooks themselves do.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::replays_alike::succeed;
use super::run::Sandbox;

/// What a summary says of the inputs and not of the messages: converted rows are neither rejected nor hold keys that nobody knows.
const OF_THE_INPUTS: [&str; 4] = ["inputs", "rows", "rejected", "unknown"];

/// The fixtures in a folder of their own, and their names there.
fn fixtures() -> (Sandbox, Vec<String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/webhooks");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the fixtures").map(|entry| entry.expect("one").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "json" || ending == "jsonl"));
    paths.sort();
    assert!(paths.len() > 100, "{} fixtures", paths.len());
    let sandbox = Sandbox::new();
    let names = paths.iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    for (path, name) in paths.iter().zip::<&Vec<String>>(&names) {
        sandbox.write(name, fs::read(path).expect("a fixture"));
    }
    (sandbox, names)
}

/// What a replay made of a log: its tables, and its summary without what it says of the inputs.
fn replay(sandbox: &Sandbox, out: &str, log: &[&str]) -> (Vec<String>, Value) {
    let switches = ["--quiet", "--allow-unpriced", "--out", out];
    succeed(sandbox, &[&["replay"], log, &switches[..]].concat());
    let table = |name| fs::read_to_string(sandbox.path(out).join(name)).expect("an output");
    let mut summary = sandbox.json(&format!("{out}/summary.json"));
    let parts = summary.as_object_mut().expect("an object");
    assert!(OF_THE_INPUTS.iter().all(|part| parts.remove(*part).is_some()), "{parts:?}");
    (["lines.csv", "verdicts.csv", "conversations.csv"].map(table).to_vec(), summary)
}

#[test]
fn webhooks_replay_as_before_in_every_form() {
    let (sandbox, names) = fixtures();
    let inputs: Vec<&str> = names.iter().map(String::as_str).collect();
    let (tables, summary) = replay(&sandbox, "webhooks", &inputs);
    let messages = sandbox.json("webhooks/summary.json")["rows"].clone();
    assert!(messages["messages"].as_u64() > Some(250), "{messages}");
    for form in ["log.csv", "log.jsonl", "log.parquet"] {
        succeed(&sandbox, &[&["convert"], &inputs[..], &["--quiet", "-o", form]].concat());
        let rejected = |path: &str| fs::read_to_string(sandbox.path(path)).expect("rejected rows");
        assert_eq!(rejected(&format!("{form}.rejected.csv")), rejected("webhooks/rejected.csv"), "{form}");
        let (aliases, templates) = (format!("{form}.aliases.csv"), format!("{form}.templates.csv"));
        let out = format!("from {form}");
        let (own_tables, own) = replay(&sandbox, &out, &[form, "--aliases", &aliases, "--templates", &templates]);
        assert_eq!(own, summary, "{form}: another summary");
        assert!(own_tables == tables, "{form}: other lines, verdicts or conversations");
        let own_rows = sandbox.json(&format!("{out}/summary.json"))["rows"].clone();
        for count in ["messages", "merged"] {
            assert_eq!(own_rows[count], messages[count], "{form}: {count}");
        }
        assert_eq!(own_rows["rejected"], 0, "{form}");
    }
}
