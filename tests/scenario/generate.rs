//! `wabill generate`: the same bytes whatever the threads, in every form and order, and a log that replays.

use std::fs;
use std::path::Path;

use super::program::{SHOP, lines, replay, run, total, write};

#[test]
fn bytes_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "shop.toml", SHOP);
    let log = |threads: &str, form: &str| {
        let name = format!("log{threads}.{form}");
        run(folder.path(), &["generate", "shop.toml", "-o", &name, "--threads", threads, "--quiet"]).expect_code(0);
        fs::read(folder.path().join(name)).expect("it is there")
    };
    for form in ["csv", "parquet", "jsonl"] {
        let one = log("1", form);
        assert!(one.len() > 10_000);
        assert!(one == log("2", form) && one == log("7", form), "{form}");
    }
}

/// The sample is its scenario in the order of time.
#[test]
fn sorted_by_time_the_sample_is_the_sample() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = root.join("scenarios/sample.toml").display().to_string();
    run(folder.path(), &["generate", &scenario, "-o", "sample.csv", "--sort", "time", "--quiet"]).expect_code(0);
    let same = |made: &str, kept: &str| fs::read(folder.path().join(made)).ok() == fs::read(root.join(kept)).ok();
    assert!(same("sample.csv", "data/sample/messages.csv"));
    assert!(same("sample.csv.accounts.csv", "data/sample/accounts.csv"));
    let by_customer = run(folder.path(), &["generate", &scenario]).expect_code(0);
    let sorted = fs::read_to_string(folder.path().join("sample.csv")).expect("it is there");
    let ordered = |text: &str| {
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    assert_ne!(by_customer.stdout, sorted);
    assert_eq!(ordered(&by_customer.stdout), ordered(&sorted));
}

#[test]
fn every_form_replays_to_one_bill() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "shop.toml", SHOP);
    let make = |name: &str, more: &[&str]| {
        run(folder.path(), &[&["generate", "shop.toml", "--quiet", "-o", name], more].concat()).expect_code(0);
        replay(folder.path(), name, &format!("{name}.accounts.csv"));
        (lines(folder.path(), name), total(folder.path(), name))
    };
    let csv = make("a.csv", &[]);
    assert_eq!(csv, make("b.parquet", &[]));
    assert_eq!(csv, make("c.jsonl.gz", &["--to", "jsonl"]));
    assert_eq!(csv, make("d.csv.zst", &["--sort", "time"]));
    // Webhooks do not tell the names of templates, but what they cost.
    assert_eq!(csv.1, make("e.jsonl", &[]).1);
}

#[test]
fn what_cannot_be_written_faithfully_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = SHOP
        .replace("2026-10-01", "2024-10-01")
        .replace("2026-10-31", "2024-10-31")
        .replace("2026-10-08", "2024-10-08");
    write(folder.path(), "old.toml", &old);
    write(folder.path(), "log.toml", "version = 1\nseed = 1\n[source]\nlog = \"log.csv\"\n");
    let refused = |arguments: &[&str], says: &str| {
        let ran = run(folder.path(), arguments).expect_code(2);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    };
    refused(&["generate", "old.toml", "-o", "old.jsonl"], "before 2025-07-01 prices were those of conversations");
    refused(&["generate", "log.toml"], "log.toml: has [source], a real log; only [traffic] can be generated");
    refused(&["generate", "old.toml", "-o", "old.txt"], "end it with .csv, .jsonl or .parquet");
    refused(&["generate", "none.toml"], "none.toml");
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 2, "nothing is left behind");
}
