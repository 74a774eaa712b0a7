//! Rows that cannot be used: each goes to `rejected.csv` with its place and the remedy, and the rows around it are billed.

use super::logs::{GOOD_1, GOOD_2, HEADER, between, good};
use super::run::{Sandbox, assert_none, faults};

/// Name, the row, the code, words of the message.
type BadRow = (&'static str, &'static [u8], &'static str, &'static str);

const BAD_ROWS: [BadRow; 43] = [
    (
        "direction",
        b"b,sideways,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "BAD_DIRECTION",
        "inbound or outbound",
    ),
    (
        "no direction",
        b"b,,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "BAD_DIRECTION",
        "inbound or outbound",
    ),
    (
        "no message id",
        b",outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "MISSING_MESSAGE_ID",
        "message_id is empty",
    ),
    (
        "message id of spaces",
        b"  ,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "MISSING_MESSAGE_ID",
        "message_id is empty",
    ),
    ("only commas, as spreadsheets leave them", b",,,,,,,,,,,,,,", "MISSING_MESSAGE_ID", "message_id is empty"),
    ("30 February", b"b,outbound,100,5511999990003,text,,,2026-02-30T10:00:00Z,,,,,,,", "BAD_TIME", "RFC 3339"),
    ("month 13", b"b,outbound,100,5511999990003,text,,,2026-13-01T10:00:00Z,,,,,,,", "BAD_TIME", "RFC 3339"),
    ("hour 25", b"b,outbound,100,5511999990003,text,,,2026-10-05T25:00:00Z,,,,,,,", "BAD_TIME", "RFC 3339"),
    ("a date only", b"b,outbound,100,5511999990003,text,,,2026-10-05,,,,,,,", "BAD_TIME", "RFC 3339"),
    ("day first", b"b,outbound,100,5511999990003,text,,,05/10/2026 10:00,,,,,,,", "BAD_TIME", "RFC 3339"),
    ("no zone", b"b,outbound,100,5511999990003,text,,,2026-10-05 10:00:00,,,,,,,", "NAIVE_TIME", "--input-tz"),
    (
        "no zone in a second time",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,2026-10-05T10:00:00,,,,,,",
        "NAIVE_TIME",
        "delivered_at",
    ),
    (
        "offset of 99 hours",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00+99:00,,,,,,,",
        "BAD_TIME",
        "RFC 3339",
    ),
    ("before WhatsApp", b"b,outbound,100,5511999990003,text,,,2008-12-31T23:59:59Z,,,,,,,", "BAD_TIME", "2009"),
    ("after 2099", b"b,outbound,100,5511999990003,text,,,2150-01-01T00:00:00Z,,,,,,,", "BAD_TIME", "2099"),
    ("epoch 0", b"b,outbound,100,5511999990003,text,,,0,,,,,,,", "BAD_TIME", "Unix seconds"),
    ("negative epoch", b"b,outbound,100,5511999990003,text,,,-1786160000,,,,,,,", "BAD_TIME", "Unix seconds"),
    (
        "epoch over 64 bits",
        b"b,outbound,100,5511999990003,text,,,99999999999999999999,,,,,,,",
        "BAD_TIME",
        "Unix seconds",
    ),
    (
        "epoch in microseconds",
        b"b,outbound,100,5511999990003,text,,,1786160000000000,,,,,,,",
        "BAD_TIME",
        "Unix seconds",
    ),
    (
        "epoch as a spreadsheet shows it",
        b"b,outbound,100,5511999990003,text,,,1.78616E+09,,,,,,,",
        "BAD_TIME",
        "Unix seconds",
    ),
    ("a spreadsheet's day number", b"b,outbound,100,5511999990003,text,,,46296.39,,,,,,,", "BAD_TIME", "Unix seconds"),
    ("NaN", b"b,outbound,100,5511999990003,text,,,NaN,,,,,,,", "BAD_TIME", "Unix seconds"),
    ("no time at all", b"b,outbound,100,5511999990003,text,,,,,,,,,,", "NO_TIME", "sent_at"),
    (
        "letters in a number",
        b"b,outbound,100,55119x9990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "7 to 15 digits",
    ),
    (
        "too short a number",
        b"b,outbound,100,12345,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "7 to 15 digits",
    ),
    (
        "too long a number",
        b"b,outbound,100,1234567890123456,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "7 to 15 digits",
    ),
    (
        "leading zero",
        b"b,outbound,100,05511999990,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "no leading 0",
    ),
    (
        "a number as a spreadsheet shows it",
        b"b,outbound,100,5.51E+12,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "'5.51E+12'",
    ),
    (
        "a NUL in a number",
        b"b,outbound,100,55119\x0099990003,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "7 to 15 digits",
    ),
    ("no customer", b"b,outbound,100,,text,,,2026-10-05T10:00:00Z,,,,,,,", "NO_CUSTOMER", "customer_id"),
    (
        "a name without a country",
        b"b,outbound,100,anna,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "customer_country",
    ),
    (
        "a country by name",
        b"b,outbound,100,anna,text,,,2026-10-05T10:00:00Z,,,,,,Brazil,",
        "UNKNOWN_MARKET",
        "customer_country",
    ),
    (
        "an id without its country",
        b"b,outbound,100,,text,,,2026-10-05T10:00:00Z,,,,,,,2081978709342942",
        "UNKNOWN_MARKET",
        "customer_country",
    ),
    // Two letters and a point stand in many addresses; only capitals are a country (log-formats §5b).
    (
        "a name that looks like a country",
        b"b,outbound,100,jo.smith,text,,,2026-10-05T10:00:00Z,,,,,,,",
        "UNKNOWN_MARKET",
        "customer_country",
    ),
    (
        "negative tokens",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,-5,,business_agent,,",
        "BAD_NUMBER",
        "whole number",
    ),
    (
        "huge tokens",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,99999999999999999999,,business_agent,,",
        "BAD_NUMBER",
        "whole number",
    ),
    (
        "tokens in words",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,many,,business_agent,,",
        "BAD_NUMBER",
        "whole number",
    ),
    (
        "half a token",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,1.5,,business_agent,,",
        "BAD_NUMBER",
        "whole number",
    ),
    ("too few fields", b"b,outbound,100", "FIELD_COUNT", "3 fields where the header has 15"),
    (
        "too many fields",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,,,,",
        "FIELD_COUNT",
        "18 fields where the header has 15",
    ),
    (
        "an open quote",
        b"b,outbound,100,5511999990003,template,\"h,marketing,2026-10-05T10:00:00Z,,,,,,,",
        "UNTERMINATED_QUOTE",
        "double quotes",
    ),
    (
        "an open quote in the last field",
        b"b,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,\"x",
        "UNTERMINATED_QUOTE",
        "double quotes",
    ),
    (
        "no UTF-8",
        b"b,outbound,100,5511999990003,template,caf\xe9,marketing,2026-10-05T10:00:00Z,,,,,,,",
        "INVALID_UTF8",
        "UTF-8",
    ),
];

const OUT: [&str; 6] = ["replay", "log.csv", "--out", "out", "--emit", "summary,verdicts,rejected"];

/// What speaks against `good1` and `good2` having been billed.
fn good_rows_billed(name: &str, sandbox: &Sandbox) -> Vec<String> {
    let verdicts = sandbox.table("out/verdicts.csv");
    let billed = |id: &str, cost: &str| {
        verdicts
            .iter()
            .any(|row| row.get("message_id") == id && row.get("verdict") == "charged" && row.get("billed_cost") == cost)
    };
    let missing = [("good1", "0.0625"), ("good2", "0.0068")].into_iter().filter(|(id, cost)| !billed(id, cost));
    missing.map(|(id, _)| format!("{name}: {id} is not billed")).collect()
}

/// What speaks against these rejections, as line and code, being all there are.
fn rejected_faults(name: &str, sandbox: &Sandbox, expected: &[(&str, &str)]) -> Vec<String> {
    let rows = sandbox.table("out/rejected.csv");
    let found: Vec<_> = rows.iter().map(|row| (row.get("line"), row.get("code"))).collect();
    let counted: u64 = sandbox.json("out/summary.json")["rejected"]
        .as_array()
        .map_or(0, |codes| codes.iter().filter_map(|code| code["rows"].as_u64()).sum());
    let mut faults = Vec::new();
    if found != expected {
        faults.push(format!("{name}: rejected {found:?} instead of {expected:?}"));
    }
    if counted != found.len() as u64 {
        faults.push(format!("{name}: the summary counts {counted} rejected rows, rejected.csv has {}", found.len()));
    }
    faults
}

#[test]
fn a_bad_row_is_rejected_and_the_others_are_billed() {
    let mut found = Vec::new();
    for (name, row, code, words) in BAD_ROWS {
        let sandbox = Sandbox::with("log.csv", between(row));
        let ran = sandbox.run(&OUT);
        found.extend(faults(name, &ran, 0, &[]));
        if ran.code != Some(0) {
            continue;
        }
        found.extend(rejected_faults(name, &sandbox, &[("3", code)]));
        found.extend(good_rows_billed(name, &sandbox));
        for rejected in sandbox.table("out/rejected.csv") {
            let (file, offset) = (rejected.get("file"), rejected.get("byte_offset"));
            if (file, offset) != ("log.csv", &(HEADER.len() + GOOD_1.len() + 2).to_string()) {
                found.push(format!("{name}: placed at {file}, byte {offset}"));
            }
            if !rejected.get("message").contains(words) {
                found.push(format!("{name}: message without '{words}': {}", rejected.get("message")));
            }
            if rejected.get("raw") != String::from_utf8_lossy(row) {
                found.push(format!("{name}: raw is {}", rejected.get("raw")));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn an_event_row_needs_a_known_event_and_its_time() {
    let rows = "message_id,direction,customer_id,event,event_at
m,outbound,5511999990003,explode,2026-10-05T10:00:00Z
m,outbound,5511999990003,,2026-10-05T10:00:00Z
m,outbound,5511999990003,sent,
good,outbound,5511999990003,delivered,2026-10-05T10:00:00Z
";
    let sandbox = Sandbox::with("log.csv", rows);
    let ran = sandbox.run(&[&OUT[..], &["--allow-unpriced"]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_none(&rejected_faults(
        "events",
        &sandbox,
        &[("2", "UNKNOWN_EVENT"), ("3", "UNKNOWN_EVENT"), ("4", "NO_TIME")],
    ));
    assert!(sandbox.table("out/rejected.csv")[0].get("message").contains("delivered, read, played"));
    assert_eq!(sandbox.table("out/verdicts.csv").len(), 1);
}

/// Name, the row, the flag of its verdict.
const FLAGGED_ROWS: [(&str, &str, &str); 10] = [
    (
        "message type",
        "b,outbound,100,5511999990003,hologram,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,",
        "UNKNOWN_VALUE",
    ),
    (
        "template category",
        "b,outbound,100,5511999990003,template,h,spam,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,",
        "UNKNOWN_VALUE",
    ),
    (
        "template category, what is done",
        "b,outbound,100,5511999990003,template,h,spam,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,",
        "CATEGORY_UNKNOWN",
    ),
    (
        "status",
        "b,outbound,100,5511999990003,template,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,teleported,,,,,",
        "UNKNOWN_VALUE",
    ),
    (
        "origin",
        "b,outbound,100,5511999990003,template,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,fax,,,",
        "UNKNOWN_VALUE",
    ),
    (
        "product",
        "b,outbound,100,5511999990003,template,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,abacus,,",
        "UNKNOWN_VALUE",
    ),
    (
        "business-scoped id alone",
        "b,outbound,100,,template,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,BR.2081978709342942",
        "COUNTRY_FROM_BSUID",
    ),
    (
        "business-scoped id as customer_id",
        "b,outbound,100,BR.2081978709342942,template,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,",
        "COUNTRY_FROM_BSUID",
    ),
    (
        "no number of the business",
        "b,outbound,,5511999990003,template,h,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,",
        "SINGLE_NUMBER_ASSUMED",
    ),
    (
        "delivered before it was sent",
        "b,outbound,100,5511999990003,template,h,marketing,2026-10-05T11:00:00Z,2026-10-05T10:00:00Z,,,,,,",
        "SENT_AFTER_DELIVERED",
    ),
];

#[test]
fn an_odd_row_is_read_and_flagged() {
    let mut found = Vec::new();
    for (name, row, flag) in FLAGGED_ROWS {
        let sandbox = Sandbox::with("log.csv", between(row.as_bytes()));
        let ran = sandbox.run(&[&OUT[..], &["--allow-unpriced"]].concat());
        found.extend(faults(name, &ran, 0, &[]));
        found.extend(rejected_faults(name, &sandbox, &[]));
        found.extend(good_rows_billed(name, &sandbox));
        let verdicts = sandbox.table("out/verdicts.csv");
        let flags =
            verdicts.iter().find(|row| row.get("message_id") == "b").map_or("no verdict", |row| row.get("flags"));
        if !flags.split(';').any(|own| own == flag) {
            found.push(format!("{name}: {flags} instead of {flag}"));
        }
    }
    assert_none(&found);
}

/// Name, what stands between the good rows, the rejections, further switches.
type Middle = (&'static str, Vec<u8>, Vec<(&'static str, &'static str)>, Vec<&'static str>);

fn middles() -> Vec<Middle> {
    let row = |name: &str| {
        format!(
            "b,outbound,100,5511999990003,template,{name},marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:00Z,,,,,,"
        )
    };
    let limit = vec!["--max-line", "250"];
    let (x, y) = ("x".repeat(300), "y".repeat(150));
    vec![
        ("blank lines", b"\n\r\n\n".to_vec(), vec![], vec![]),
        ("a quote within a field", row("5\" screen").into_bytes(), vec![], vec![]),
        ("a newline in quotes", row("\"two\nlines\"").into_bytes(), vec![], vec![]),
        ("a NUL in a name", row("h\0").into_bytes(), vec![], vec![]),
        ("a line over the limit", row(&x).into_bytes(), vec![("3", "LINE_TOO_LONG")], limit.clone()),
        ("lines in quotes over the limit", row(&format!("\"{y}\n{y}\"")).into_bytes(), vec![("3", "LINE_TOO_LONG")], limit),
        ("a long line under a higher limit", row(&x).into_bytes(), vec![], vec!["--max-line", "1000"]),
        ("a bad row behind lines in quotes", format!("{}\nb2,x", row("\"two\nlines\"")).into_bytes(), vec![("5", "FIELD_COUNT")], vec![]),
        // The first quote closes where the second opens, and the fields add up: no row may vanish in between.
        (
            "open quotes in two rows in turn",
            b"b1,outbound,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,\"x\nb2,outbound,100,5511999990004,text,,,2026-10-05T10:00:00Z,,,,,,,\"x".to_vec(),
            vec![("3", "UNTERMINATED_QUOTE"), ("4", "UNTERMINATED_QUOTE")],
            vec![],
        ),
    ]
}

#[test]
fn lines_and_quotes_do_not_move_what_follows() {
    let mut found = Vec::new();
    for (name, middle, rejected, more) in middles() {
        let sandbox = Sandbox::with("log.csv", between(&middle));
        let ran = sandbox.run(&[&OUT[..], &more].concat());
        found.extend(faults(name, &ran, 0, &[]));
        found.extend(rejected_faults(name, &sandbox, &rejected));
        found.extend(good_rows_billed(name, &sandbox));
    }
    assert_none(&found);
}

/// Line and code of each rejection.
type Rejected = &'static [(&'static str, &'static str)];

#[test]
fn the_end_may_be_cut_off_or_unmarked() {
    let cut_quote = format!("{}b,outbound,100,5511999990003,template,\"hel", good());
    let quote_and_end = format!("{cut_quote}\n");
    let cases: [(&str, Vec<u8>, Rejected); 6] = [
        ("cut within quotes", cut_quote.into_bytes(), &[("4", "UNTERMINATED_QUOTE")]),
        ("open quote in the last line", quote_and_end.into_bytes(), &[("4", "UNTERMINATED_QUOTE")]),
        ("cut within a row", format!("{}b,outbound,100,55119", good()).into_bytes(), &[("4", "FIELD_COUNT")]),
        ("no newline at the end", good().trim_end().as_bytes().to_vec(), &[]),
        ("CRLF", good().replace('\n', "\r\n").into_bytes(), &[]),
        ("byte order mark", format!("\u{feff}{}", good()).into_bytes(), &[]),
    ];
    let mut found = Vec::new();
    for (name, log, rejected) in cases {
        let sandbox = Sandbox::with("log.csv", log);
        let ran = sandbox.run(&OUT);
        found.extend(faults(name, &ran, 0, &[]));
        found.extend(rejected_faults(name, &sandbox, rejected));
        found.extend(good_rows_billed(name, &sandbox));
    }
    assert_none(&found);
}

#[test]
fn a_rejection_keeps_its_line_in_a_log_with_crlf() {
    let log = format!("{HEADER}\r\n{GOOD_1}\r\nb,x\r\n{GOOD_2}\r\n");
    let sandbox = Sandbox::with("log.csv", log);
    assert_eq!(sandbox.run(&OUT).code, Some(0));
    assert_none(&rejected_faults("CRLF", &sandbox, &[("3", "FIELD_COUNT")]));
    assert_none(&good_rows_billed("CRLF", &sandbox));
}
