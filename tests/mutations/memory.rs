//! What an endless line costs: a rejected row, not the machine's memory.

use std::fs;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::logs::table;

/// Far more than the program may hold, with `--max-line` at 1 MiB.
const ENDLESS: u64 = 200 << 20;
/// What it may hold more than with a short log: a few lines of the greatest length, read and parsed.
const MORE_KIB: u64 = 24 << 10;

/// Feeds the program, and gives its greatest size in KiB before it was told of the end, and the codes of its rejected rows.
fn feed(input: &mut dyn Read) -> (Option<u64>, Vec<String>) {
    let folder = TempDir::new().expect("a temporary folder");
    let args = ["replay", "-", "--max-line", "1048576", "--quiet", "--out", "out", "--emit", "rejected"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabill"));
    command.args(args).current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let fed = io::copy(input, &mut stdin).and_then(|_| stdin.flush());
    let size = peak_kib(child.id());
    drop(stdin);
    let status = child.wait().expect("the program ends");
    assert!(fed.is_ok() && status.success(), "{status}: {fed:?}");
    let mut reader = csv::Reader::from_path(folder.path().join("out/rejected.csv")).expect("rejected.csv");
    let header = reader.headers().expect("a header").clone();
    let code = header.iter().position(|name| name == "code").expect("a code");
    (size, reader.records().map(|record| record.expect("a row")[code].to_owned()).collect())
}

/// Only Linux tells it.
fn peak_kib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

const WEBHOOK: &[u8] =
    b"{\"messages\":[{\"from\":\"12025550123\",\"id\":\"a\",\"timestamp\":\"1791446400\",\"type\":\"text\"}]}\n";

#[test]
fn a_line_without_end_is_rejected_in_bounded_memory() {
    let table = table();
    let (base, rejected) = feed(&mut table.as_slice());
    assert!(rejected.is_empty());
    let row = table.split_inclusive(|byte| *byte == b'\n').next_back().expect("a row");
    let open = |start: &'static [u8], byte: u8| start.chain(io::repeat(byte).take(ENDLESS));
    let cases: [(&str, Box<dyn Read>, &str); 6] = [
        ("a row", Box::new(table.chain(open(b"", b'x')).chain(&b"\n"[..]).chain(row)), "LINE_TOO_LONG"),
        ("an open quote", Box::new(table.chain(open(b"a,\"", b'x'))), "LINE_TOO_LONG"),
        ("lines in a quote", Box::new(table.chain(open(b"a,\"b\n", b'x'))), "UNTERMINATED_QUOTE"),
        ("a text", Box::new(WEBHOOK.chain(open(b"{\"a\":\"", b'x')).chain(&b"\n"[..]).chain(WEBHOOK)), "LINE_TOO_LONG"),
        ("a broken document", Box::new(WEBHOOK.chain(open(b"{\"a\" ", b'x'))), "BAD_JSON"),
        ("white space in a document", Box::new(WEBHOOK.chain(open(b"{\"a\":", b' '))), "LINE_TOO_LONG"),
    ];
    for (name, mut input, code) in cases {
        let (size, rejected) = feed(&mut input);
        assert_eq!(rejected.first().map(String::as_str), Some(code), "{name}: {rejected:?}");
        match (base, size) {
            (Some(base), Some(size)) => assert!(size < base + MORE_KIB, "{name}: {size} KiB, {base} for a short log"),
            _ => eprintln!("{name}: memory is not told here"),
        }
    }
}
