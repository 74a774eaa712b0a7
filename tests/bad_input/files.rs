//! Inputs that are no log, cannot be opened, or break off: the run stops, names the file and leaves nothing.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use super::logs::{GOOD_1, GOOD_2, HEADER, between, good, gzip, utf16, zstd};
use super::run::{Sandbox, assert_none, faults};

/// Name, the file's bytes, exit code, words of stderr.
type BadFile = (&'static str, Vec<u8>, i32, Vec<&'static str>);

const MINIMAL: [&str; 4] = ["message_id", "direction", "customer_id", "sent_at"];

fn bad_files() -> Vec<BadFile> {
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let with_start = |start: &[u8]| [start, b"\xde\xad\xbe\xef and more that is no archive at all"].concat();
    vec![
        ("empty", vec![], 2, vec!["is empty", "message_id,direction,customer_id,sent_at"]),
        ("only blank lines", b"\n\r\n\n".to_vec(), 2, vec!["is empty"]),
        ("no header", format!("{GOOD_1}\n{GOOD_2}\n").into_bytes(), 2, vec!["no column message_id"]),
        (
            "a column twice",
            b"message_id,direction,customer_id,sent_at,sent_at\n".to_vec(),
            2,
            vec!["'sent_at'", "twice"],
        ),
        (
            "an event without its time",
            b"message_id,direction,customer_id,sent_at,event\n".to_vec(),
            2,
            vec!["event_at"],
        ),
        ("semicolons", good().replace(',', ";").into_bytes(), 2, vec!["no column message_id"]),
        ("tabs", good().replace(',', "\t").into_bytes(), 2, vec!["no column message_id"]),
        ("header not UTF-8", b"message_id,dir\xffection,customer_id,sent_at\n".to_vec(), 2, vec!["UTF-8"]),
        ("UTF-16, little end first", utf16(&good(), true), 2, vec!["UTF-8"]),
        ("UTF-16, big end first", utf16(&good(), false), 2, vec!["UTF-8"]),
        (
            "open quote in the header",
            b"message_id,\"direction,customer_id,sent_at\nm,outbound,1,2\n".to_vec(),
            2,
            vec!["header"],
        ),
        // Otherwise the whole log is one header, and the bill is silently empty.
        ("lines that end in CR only", good().replace('\n', "\r").into_bytes(), 2, vec!["line"]),
        ("gzip cut off", cut(gzip(good().as_bytes())), 1, vec![]),
        ("gzip of its mark only", b"\x1f\x8b".to_vec(), 1, vec![]),
        ("gzip mark before garbage", with_start(b"\x1f\x8b"), 1, vec![]),
        ("gzip with something behind", [gzip(good().as_bytes()), b"junk".to_vec()].concat(), 1, vec![]),
        ("zstd cut off", cut(zstd(good().as_bytes())), 1, vec![]),
        ("zstd of its mark only", b"\x28\xb5\x2f\xfd".to_vec(), 1, vec![]),
        ("zstd mark before garbage", with_start(b"\x28\xb5\x2f\xfd"), 1, vec![]),
    ]
}

/// The exit code, the words, and that nothing was left in `out`.
fn stops(name: &str, sandbox: &Sandbox, args: &[&str], code: i32, words: &[&str]) -> Vec<String> {
    let mut found = faults(name, &sandbox.run(args), code, words);
    let left = sandbox.files("out");
    if !left.is_empty() {
        found.push(format!("{name}: left {left:?}"));
    }
    found
}

#[test]
fn what_is_no_log_stops_the_run_and_leaves_nothing() {
    let mut found = Vec::new();
    for (name, bytes, code, mut words) in bad_files() {
        words.push("log.csv");
        let sandbox = Sandbox::with("log.csv", bytes);
        found.extend(stops(name, &sandbox, &["replay", "log.csv", "--out", "out"], code, &words));
    }
    assert_none(&found);
}

#[test]
fn each_needed_column_is_missed_by_name() {
    let mut found = Vec::new();
    for missing in MINIMAL {
        let header = MINIMAL.map(|column| if column == missing { "note" } else { column }).join(",");
        let sandbox = Sandbox::with("log.csv", format!("{header}\na,b,c,d\n"));
        let column = format!("no column {missing}");
        found.extend(stops(
            missing,
            &sandbox,
            &["replay", "log.csv", "--out", "out"],
            2,
            &["log.csv", &column, "needs at least"],
        ));
    }
    assert_none(&found);
}

#[test]
fn a_header_alone_is_a_log_without_messages() {
    let sandbox = Sandbox::with("log.csv", format!("{HEADER}\n"));
    let ran = sandbox.run(&["replay", "log.csv", "--out", "out"]);
    assert_none(&faults("header only", &ran, 0, &[]));
    assert!(ran.stdout.contains("0 sent by the business"), "{}", ran.stdout);
    assert!(sandbox.table("out/lines.csv").is_empty());
}

/// Name, the LOG arguments, exit code, words of stderr.
const BAD_NAMES: [(&str, &[&str], i32, &[&str]); 7] = [
    ("no such file", &["nowhere.csv"], 1, &["nowhere.csv", "No such file"]),
    ("a second file that is not there", &["good.csv", "nowhere.csv"], 1, &["nowhere.csv", "No such file"]),
    ("a folder without a log", &["folder"], 2, &["folder", "holds no log", ".csv"]),
    ("a pattern without a match", &["nowhere*.csv"], 2, &["nowhere*.csv", "matches no file"]),
    ("no pattern", &["good[.csv"], 2, &["good[.csv", "pattern"]),
    ("a file twice", &["good.csv", "good.csv"], 2, &["good.csv", "twice"]),
    ("a file by name and by pattern", &["good.csv", "goo*.csv"], 2, &["good.csv", "twice"]),
];

#[test]
fn names_that_lead_nowhere_are_told() {
    let mut found = Vec::new();
    for (name, logs, code, words) in BAD_NAMES {
        let sandbox = Sandbox::with("good.csv", good());
        fs::create_dir(sandbox.path("folder")).unwrap();
        found.extend(stops(name, &sandbox, &[&["replay"], logs, &["--out", "out"]].concat(), code, words));
    }
    assert_none(&found);
}

#[test]
fn stdin_can_be_empty_but_not_doubled() {
    let sandbox = Sandbox::new();
    assert_none(&stops("empty stdin", &sandbox, &["replay", "-", "--out", "out"], 2, &["is empty"]));
    assert_none(&stops("stdin twice", &sandbox, &["replay", "-", "-", "--out", "out"], 2, &["stdin", "once"]));
}

#[test]
fn a_file_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with("log.csv", good());
    fs::set_permissions(sandbox.path("log.csv"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(sandbox.path("log.csv")).is_ok() {
        eprintln!("skipped: permissions do not bind this user");
        return;
    }
    assert_none(&stops("unreadable", &sandbox, &["replay", "log.csv", "--out", "out"], 1, &["log.csv", "ermission"]));
}

/// A row cut in two by a slow pipe is rejected as it is in a file: same input, same `rejected.csv`.
#[test]
fn a_limit_does_not_depend_on_how_the_bytes_arrive() {
    let field = "y".repeat(150);
    let log = between(
        format!("b,outbound,100,5511999990003,template,\"{field}\n{field}\",marketing,2026-10-05T10:00:00Z,,,,,,,")
            .as_bytes(),
    );
    // Just over the limit, with the quote open and its first line complete.
    let first = HEADER.len() + GOOD_1.len() + 2 + 280;
    let sandbox = Sandbox::new();
    let mut command =
        sandbox.command(&["replay", "-", "--max-line", "250", "--quiet", "--out", "out", "--emit", "rejected"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&log[..first]).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    stdin.write_all(&log[first..]).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let rejected = sandbox.table("out/rejected.csv");
    let found: Vec<_> = rejected.iter().map(|row| (row.get("line"), row.get("code"))).collect();
    assert_eq!(found, [("3", "LINE_TOO_LONG")]);
}

/// Archives may be made of parts (`cat a.zst b.zst`), and parts may hold no data; both read on.
#[test]
fn an_archive_of_several_parts_is_read_to_its_end() {
    let (head, tail) = (format!("{HEADER}\n{GOOD_1}\n"), format!("{GOOD_2}\n"));
    let parts = |pack: fn(&[u8]) -> Vec<u8>| [pack(head.as_bytes()), pack(tail.as_bytes())].concat();
    // RFC 8878 §3.1.2: a frame to be skipped.
    let skippable = [b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd".to_vec(), zstd(good().as_bytes())].concat();
    let mut found = Vec::new();
    for (name, archive) in [("gzip", parts(gzip)), ("zstd", parts(zstd)), ("zstd behind a skippable frame", skippable)]
    {
        let sandbox = Sandbox::with("log", archive);
        found.extend(faults(name, &sandbox.run(&["replay", "log", "--out", "out"]), 0, &[]));
        let messages = if sandbox.path("out").exists() { sandbox.table("out/verdicts.csv").len() } else { 0 };
        if messages != 2 {
            found.push(format!("{name}: {messages} messages instead of 2"));
        }
    }
    assert_none(&found);
}

/// One flipped bit changes an amount or a number without a trace, unless the checksum is looked at.
#[test]
fn a_damaged_archive_is_not_billed() {
    let mut archive = gzip(good().as_bytes());
    let checksum = archive.len() - 8;
    archive[checksum] ^= 1;
    let sandbox = Sandbox::with("log.gz", archive);
    assert_none(&stops("gzip", &sandbox, &["replay", "log.gz", "--out", "out"], 1, &["log.gz"]));
    let mut archive = zstd(good().as_bytes());
    // Flag and value of a checksum (RFC 8878 §3.1.1): this one is wrong.
    archive[4] |= 0b100;
    archive.extend_from_slice(&[1, 2, 3, 4]);
    let sandbox = Sandbox::with("log.zst", archive);
    assert_none(&stops("zstd", &sandbox, &["replay", "log.zst", "--out", "out"], 1, &["log.zst"]));
}
