//! Converted or not, a log gives the same bill, verdicts and conversations, byte for byte.

use std::fs;

use super::logs::{gzip, zstd};
use super::run::{Sandbox, assert_none, faults};

/// Runs that must succeed.
pub(crate) fn succeed(sandbox: &Sandbox, args: &[&str]) -> super::run::Ran {
    let ran = sandbox.run(args);
    assert_none(&faults(&args.join(" "), &ran, 0, &[]));
    ran
}

/// The outputs of a replay that say what everything cost.
fn bill(sandbox: &Sandbox, log: &str, args: &[&str]) -> Vec<String> {
    let out = format!("bill of {log}");
    let emit = ["--quiet", "--allow-unpriced", "--emit", "lines,verdicts,conversations", "--out", &out];
    succeed(sandbox, &[&["replay", log], &emit[..], args].concat());
    ["lines.csv", "verdicts.csv", "conversations.csv"]
        .map(|name| fs::read_to_string(sandbox.path(&out).join(name)).expect("an output"))
        .to_vec()
}

/// CSV → JSON lines → Parquet → CSV; every step replays alike, and from the second on nothing changes any more.
fn assert_alike(name: &str, log: &str, args: &[&str]) -> String {
    let sandbox = Sandbox::with("log.csv", log);
    let expected = bill(&sandbox, "log.csv", args);
    let steps = ["log.csv", "a.jsonl", "b.parquet", "c.csv", "d.parquet", "e.jsonl", "f.csv"];
    for step in steps.windows(2) {
        let own = if step[0] == "log.csv" { args } else { &[] };
        succeed(&sandbox, &[&["convert", step[0], "-o", step[1]], own].concat());
        assert!(bill(&sandbox, step[1], &[]) == expected, "{name}: {} is another log than {}", step[1], step[0]);
    }
    let read = |name: &str| fs::read(sandbox.path(name)).expect("an output");
    for (first, second) in [("a.jsonl", "e.jsonl"), ("b.parquet", "d.parquet"), ("c.csv", "f.csv")] {
        assert!(read(first) == read(second), "{name}: {first} and {second} differ");
    }
    String::from_utf8(read("c.csv")).expect("UTF-8")
}

#[test]
fn the_sample() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sample/messages.csv");
    let log = fs::read_to_string(sample).expect("it is in the repository");
    assert!(assert_alike("sample", &log, &[]) == log, "the sample is in the canonical form already");
}

#[test]
fn the_event_form() {
    let log = "message_id,direction,customer_id,message_type,template_category,event,event_at\n\
        a,inbound,5511999990001,text,,received,2026-10-05T09:00:00Z\n\
        b,outbound,5511999990001,template,utility,sent,2026-10-05T10:00:00Z\n\
        b,outbound,5511999990001,template,utility,delivered,2026-10-05T10:00:01.5Z\n\
        c,outbound,5511999990002,template,marketing,sent,1791194400\n\
        c,outbound,5511999990002,template,marketing,read,1791194400123\n\
        d,outbound,5511999990003,template,marketing,accepted,2026-10-05T12:00:00+02:00\n\
        d,outbound,5511999990003,template,marketing,failed,2026-10-05T10:00:09Z\n\
        e,outbound,5511999990003,template,marketing,played,2026-10-06T10:00:09Z\n\
        f,outbound,5511999990003,text,,deleted,2026-10-06T10:00:09Z\n";
    let csv = assert_alike("events", log, &[]);
    let header = "message_id,direction,customer_id,message_type,template_category,created_at,sent_at,delivered_at,read_at,played_at,failed_at,deleted_at\n";
    assert!(csv.starts_with(header), "{csv}");
    assert!(csv.contains("b,outbound,5511999990001,template,utility,,,2026-10-05T10:00:01.500Z,,,,\n"), "{csv}");
    assert!(csv.contains("c,outbound,5511999990002,template,marketing,,,,2026-10-05T10:00:00.123Z,,,\n"), "{csv}");
}

/// Whether a log tells of delivery at all decides whether a message without one was delivered (log-formats §6).
#[test]
fn logs_that_tell_nothing_of_delivery_and_logs_in_which_nothing_was_delivered() {
    let rows = "a,outbound,5511999990001,template,utility,2026-10-05T10:00:00Z";
    let header = "message_id,direction,customer_id,message_type,template_category,sent_at";
    let silent = assert_alike("silent", &format!("{header}\n{rows}\n"), &[]);
    assert!(!silent.contains("delivered_at"), "{silent}");
    let told = assert_alike("told", &format!("{header},read_at,ctwa_clid\n{rows},,\n"), &[]);
    assert!(told.starts_with(
        "message_id,direction,customer_id,message_type,template_category,sent_at,delivered_at,referral_source_type\n"
    ));
    let status = assert_alike("status", &format!("{header},status\n{rows},sent\n"), &[]);
    assert!(!status.contains("delivered_at") && status.contains(",status\n"), "{status}");
    let events = "message_id,direction,customer_id,message_type,template_category,event,event_at\n\
        a,outbound,5511999990001,template,utility,sent,2026-10-05T10:00:00Z\n";
    assert!(assert_alike("events", events, &[]).contains("delivered_at"), "an event log would tell");
}

#[test]
fn times_without_zone() {
    let log = "message_id,direction,customer_id,message_type,template_category,sent_at,delivered_at,conversation_expires_at\n\
        a,outbound,4915112345678,template,utility,2026-10-05 23:30:00,2026-10-06 00:30:00.250,2026-10-07 00:00\n\
        b,outbound,4915112345678,template,utility,2026-01-31 23:30:00,2026-02-01 00:30:00,\n";
    let csv = assert_alike("naive", log, &["--input-tz", "Europe/Berlin"]);
    assert!(csv.contains("2026-10-05T21:30:00Z,2026-10-05T22:30:00.250Z,2026-10-06T22:00:00Z"), "{csv}");
    assert!(csv.contains("2026-01-31T22:30:00Z,2026-01-31T23:30:00Z"), "{csv}");
}

#[test]
fn names_that_nobody_knows_and_any_text() {
    let log = "message_id,direction,customer_id,message_type,template_name,template_category,sent_at,delivered_at,origin,product,pricing_category,conversation_origin,campaign,error_code\n\
        a,OUT,+55 11 99999-0001,hologram,\"spring, \"\"sale\"\"\",UTILITY,2026-10-05T10:00:00Z,2026-10-05T10:00:01Z,moon,teleport,Authentication-International,FREE-entry,\"two\nlines 🎉\",nan\n\
        b,in,BR.123456,text,,,2026-10-05T10:00:00Z,,,,,,\"\r\ntab\tbell\u{7} \\ back\u{2028}\",\n\
        c,outbound,5511999990001,template,naïve—名前,nonsense,2026-10-05T12:00:00Z,2026-10-05T12:00:01Z,,,,,'quote',470\n";
    let csv = assert_alike("texts", log, &[]);
    assert!(csv.contains("a,OUT,+55 11 99999-0001,hologram,\"spring, \"\"sale\"\"\",UTILITY,"), "{csv}");
    assert!(csv.contains("authentication_international") && csv.contains("free_entry"), "{csv}");
    assert!(csv.contains("\"two\nlines 🎉\"") && csv.contains("naïve—名前"), "{csv}");
}

#[test]
fn logs_without_rows_or_with_odd_times_only() {
    let empty = assert_alike("empty", "message_id,direction,customer_id,created_at\n", &[]);
    assert_eq!(empty, "message_id,direction,customer_id,sent_at\n");
    let told = assert_alike("empty, told", "message_id,direction,customer_id,sent_at,delivered_at\n", &[]);
    assert_eq!(told.lines().count(), 1);
    let deleted = "message_id,direction,customer_user_id,event,event_at\na,in,BR.12,deleted,2026-10-05T10:00:00Z\n";
    assert_alike("deleted", deleted, &[]);
}

/// Files, archives, stdin; several inputs are one log.
#[test]
fn from_anywhere_to_anywhere() {
    let sandbox = Sandbox::with("log.csv", super::files::SMALL_CSV);
    let csv = super::files::SMALL_CSV;
    succeed(&sandbox, &["convert", "log.csv", "-o", "log.parquet"]);
    let parquet = fs::read(sandbox.path("log.parquet")).expect("an output");
    sandbox.write("p.gz", gzip(&parquet));
    sandbox.write("p.zst", zstd(&parquet));
    sandbox.write("c.gz", gzip(csv.as_bytes()));
    for input in ["log.csv", "log.parquet", "p.gz", "p.zst", "c.gz"] {
        assert_eq!(succeed(&sandbox, &["convert", input]).stdout, csv, "{input}");
        let bytes = fs::read(sandbox.path(input)).expect("a file");
        let ran = super::outputs::run_on(&sandbox, &bytes, &["convert", "-"]);
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), csv, ""), "{input} on stdin");
    }
    for output in ["o.csv.gz", "o.csv.zst", "o.jsonl.gz", "o.ndjson", "sub/folder/o.parquet"] {
        succeed(&sandbox, &["convert", "log.csv", "-o", output]);
        assert_eq!(succeed(&sandbox, &["convert", output]).stdout, csv, "{output}");
    }
    let both = succeed(&sandbox, &["convert", "log.parquet", "log.csv", "--to", "jsonl"]).stdout;
    assert_eq!(both.lines().count(), 4);
    let replayed = super::outputs::run_on(&sandbox, &parquet, &["replay", "-", "--out", "stdin", "--quiet"]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    succeed(&sandbox, &["replay", "log.parquet", "--out", "file", "--quiet"]);
    let inputs = |folder: &str| sandbox.json(&format!("{folder}/summary.json"))["inputs"][0].clone();
    assert_eq!(inputs("stdin")["sha256"], inputs("file")["sha256"]);
    assert_eq!((&inputs("file")["rows"], &inputs("file")["bytes"]), (&2.into(), &parquet.len().into()));
}
