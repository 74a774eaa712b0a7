//! What `convert` writes beside the rows, refuses, and leaves behind.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::files::SMALL_CSV;
use super::logs::{between, good};
use super::replays_alike::succeed;
use super::run::{Ran, Sandbox, assert_none, faults};

pub(crate) fn run_on(sandbox: &Sandbox, stdin: &[u8], args: &[&str]) -> Ran {
    let mut command = sandbox.command(args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    // A run that fails early does not read everything.
    let _ = child.stdin.take().expect("piped").write_all(stdin);
    child.wait_with_output().expect("ends").into()
}

/// Rows with a fault each; all of them stand in lines 3 to 8.
fn troubled() -> Vec<u8> {
    let rows = [
        "b1,sideways,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "b2,outbound,100,,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "b3,outbound,100,somebody,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "b4,outbound,100,5511999990003,text,,,2026-10-05 10:00:00,,,,,,,",
        "b5,outbound,100,5511999990003,text,,,soon,,,,,,,",
        ",outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
    ];
    between(rows.join("\n").as_bytes())
}

#[test]
fn rows_that_replay_rejects_are_rejected_alike() {
    let sandbox = Sandbox::with("log.csv", troubled());
    succeed(&sandbox, &["replay", "log.csv", "--out", "out", "--quiet"]);
    let replayed = fs::read_to_string(sandbox.path("out/rejected.csv")).unwrap();
    let ran = succeed(&sandbox, &["convert", "log.csv", "-o", "good.csv"]);
    assert_eq!(fs::read_to_string(sandbox.path("good.csv.rejected.csv")).unwrap(), replayed);
    assert_eq!(replayed.lines().count(), 7);
    for words in ["rejected rows:", "NO_CUSTOMER 1", "UNKNOWN_MARKET 1", "good.csv.rejected.csv"] {
        assert!(ran.stderr.contains(words), "no '{words}' in {}", ran.stderr);
    }
    assert_eq!(sandbox.table("good.csv").len(), 2);
    // Without a file to put them in they are told one by one.
    let ran = succeed(&sandbox, &["convert", "log.csv", "--quiet"]);
    assert_eq!(ran.stderr.lines().count(), 6);
    assert!(ran.stderr.contains("log.csv:4: NO_CUSTOMER: neither"), "{}", ran.stderr);
    // What an older run rejected must not stand beside a newer output.
    sandbox.write("log.csv", good());
    succeed(&sandbox, &["convert", "log.csv", "-o", "good.csv"]);
    assert!(!sandbox.path("good.csv.rejected.csv").exists());
}

#[test]
fn rejected_rows_of_parquet_are_counted_as_in_csv() {
    let sandbox = Sandbox::with("log.csv", SMALL_CSV);
    let file = super::files::parquet(
        super::files::SMALL,
        super::files::plain(),
        &[
            super::files::small(),
            super::files::small()
                .into_iter()
                .enumerate()
                .map(|(at, values)| if at == 1 { super::files::texts(&["up, \"and\" down", "in"]) } else { values })
                .collect(),
        ],
    );
    sandbox.write("log.parquet", file);
    succeed(&sandbox, &["replay", "log.parquet", "--out", "out", "--quiet"]);
    let rejected = sandbox.table("out/rejected.csv");
    assert_eq!(rejected.len(), 1);
    let fields = ["file", "line", "byte_offset", "code"].map(|column| rejected[0].get(column).to_owned());
    assert_eq!(fields, ["log.parquet", "4", "0", "BAD_DIRECTION"]);
    assert!(rejected[0].get("raw").starts_with("m1,\"up, \"\"and\"\" down\",5511999990001,template"));
}

#[test]
fn limits_on_rejected_rows() {
    let sandbox = Sandbox::with("log.csv", troubled());
    assert_none(&faults(
        "5",
        &sandbox.run(&["convert", "log.csv", "-o", "a.csv", "--max-rejected", "5"]),
        5,
        &["6 rows"],
    ));
    assert!(sandbox.path("a.csv").exists(), "as in a replay");
    succeed(&sandbox, &["convert", "log.csv", "-o", "a.csv", "--max-rejected", "6"]);
    let strict = sandbox.run(&["convert", "log.csv", "-o", "b.csv", "--strict"]);
    assert_none(&faults("strict", &strict, 5, &["log.csv:3: BAD_DIRECTION"]));
    assert!(!sandbox.path("b.csv").exists());
}

#[test]
fn side_files_in_a_folder_are_always_all_there() {
    let sandbox = Sandbox::with("log.csv", troubled());
    let ran = succeed(&sandbox, &["convert", "log.csv", "--side-files", "sides"]);
    assert_eq!(ran.stdout.lines().count(), 3);
    let files: Vec<String> = sandbox.files("sides").into_iter().collect();
    assert_eq!(files, ["aliases.csv", "rejected.csv", "templates.csv", "unknown.csv"]);
    assert_eq!(sandbox.table("sides/rejected.csv").len(), 6);
    sandbox.write(
        "odd.csv",
        "message_id,direction,customer_id,message_type,sent_at\na,in,5511999990001,hologram,1791194400\n",
    );
    let ran = succeed(&sandbox, &["convert", "odd.csv", "--side-files", "sides"]);
    let read = |name: &str| fs::read_to_string(sandbox.path("sides").join(name)).unwrap();
    assert_eq!(read("unknown.csv"), "kind,name,count\nvalue,message_type=hologram,1\n");
    assert_eq!(read("rejected.csv").lines().count(), 1);
    assert!(ran.stderr.contains("value message_type=hologram (1)"), "{}", ran.stderr);
}

#[test]
fn an_input_is_never_overwritten_and_nothing_is_left_behind() {
    let sandbox = Sandbox::with("log.csv", good());
    sandbox.write("other.csv.rejected.csv", good());
    for (log, out) in [("log.csv", "log.csv"), ("log.csv", "./log.csv"), ("other.csv.rejected.csv", "other.csv")] {
        let ran = sandbox.run(&["convert", log, "-o", out]);
        assert_none(&faults(out, &ran, 2, &["would be overwritten"]));
    }
    let side = sandbox.run(&["convert", "log.csv", "other.csv.rejected.csv", "-o", "other.csv"]);
    assert_none(&faults("side", &side, 2, &["other.csv.rejected.csv"]));
    sandbox.write("bad.csv", "nothing,of,use\n1,2,3\n");
    let failed = sandbox.run(&["convert", "bad.csv", "-o", "new/folder/out.csv"]);
    assert_none(&faults("bad", &failed, 2, &["bad.csv", "message_id"]));
    let left: Vec<String> = sandbox.files("").into_iter().collect();
    assert_eq!(left, ["bad.csv", "log.csv", "other.csv.rejected.csv"]);
    // A killed run leaves its own folder; the next one takes it away, and nothing out of it.
    sandbox.write(".out.csv.wabill-partial/aliases.csv", "old_customer_id,new_customer_id,at\n");
    succeed(&sandbox, &["convert", "log.csv", "-o", "out.csv"]);
    assert_eq!(sandbox.files("").len(), 4, "{:?}", sandbox.files(""));
}

#[test]
fn the_form_follows_the_switch_or_the_ending() {
    let sandbox = Sandbox::with("log.csv", SMALL_CSV);
    let cases: [(&[&str], &[&str]); 4] = [
        (&["-o", "out.xlsx"], &["out.xlsx", ".parquet", "--to"]),
        (&["-o", "out"], &["--to"]),
        (&["-o", "out.parquet.gz"], &["Parquet", ".gz"]),
        (&["--input-tz", "Nowhere/City"], &["--input-tz"]),
    ];
    for (args, words) in cases {
        assert_none(&faults("refused", &sandbox.run(&[&["convert", "log.csv"], args].concat()), 2, words));
    }
    succeed(&sandbox, &["convert", "log.csv", "-o", "any", "--to", "parquet"]);
    assert!(fs::read(sandbox.path("any")).unwrap().starts_with(b"PAR1"));
    let lines = succeed(&sandbox, &["convert", "log.csv", "--to", "jsonl", "-o", "-"]).stdout;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["delivered_at"], "2026-10-05T10:00:05Z");
    assert_none(&faults("none", &sandbox.run(&["convert"]), 2, &["<IN>"]));
}

/// The same bytes for any number of threads and any time of day.
#[test]
fn the_output_is_the_same_each_time() {
    let sandbox = Sandbox::with("log.csv", SMALL_CSV);
    for ending in ["csv", "csv.gz", "jsonl.zst", "parquet"] {
        let [first, second] = ["1", "2"].map(|threads| {
            let out = format!("{threads}.{ending}");
            succeed(&sandbox, &["convert", "log.csv", "-o", &out, "--threads", threads]);
            fs::read(sandbox.path(&out)).unwrap()
        });
        assert!(first == second, "{ending}");
    }
}
