//! Logs that are cut off, and logs with bytes that were lost, doubled, swapped or put in.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use wabill::read::{InflationLimit, ReadOptions};

use crate::logs::{Log, all, chance, table, webhooks};
use crate::told::{Slow, Told, read, read_stream, read_webhooks};

/// Cut off anywhere, a log tells the same as before up to there, and complains of the end at most.
#[test]
fn a_log_may_end_anywhere() {
    for log in all() {
        let whole = read(&log.bytes);
        let step = (log.bytes.len() / 60).max(1);
        for end in (0..log.bytes.len()).step_by(step) {
            let told = read(&log.bytes[..end]);
            // The last row may have lost its end and be a row all the same; the header may, too, and then it is no log.
            let sure = told.rows.len().saturating_sub(1);
            if log.is_jsonl() {
                assert!(told.rows.len() <= whole.rows.len(), "{} cut at {end}", log.name);
                assert_eq!(told.rows, whole.rows[..told.rows.len()], "{} cut at {end}", log.name);
                assert_complains_of_end(&log, end, &told, &whole);
            } else if log.name == "table" {
                assert_eq!(told.rows[..sure], whole.rows[..sure], "{} cut at {end}", log.name);
                assert!(told.stopped.is_some() || told.rejected.len() <= 1, "{} cut at {end}", log.name);
            }
        }
    }
}

fn assert_complains_of_end(log: &Log, end: usize, told: &Told, whole: &Told) {
    let last = log.bytes[..end].split(|byte| *byte == b'\n').count() as u64;
    let (own, of_end): (Vec<_>, Vec<_>) = told.rejected.iter().copied().partition(|(line, _)| *line < last);
    let expected: Vec<_> = whole.rejected.iter().copied().filter(|(line, _)| *line < last).collect();
    assert_eq!(own, expected, "{} cut at {end}", log.name);
    // A line that was rejected for several reasons may be cut behind all of them.
    let as_before = whole.rejected.iter().filter(|(line, _)| *line == last).count();
    assert!(of_end.len() <= as_before.max(1), "{} cut at {end}: {of_end:?}", log.name);
}

/// One byte, or a few, of a line.
fn damage(line: &[u8], chance: &mut ChaCha8Rng) -> Vec<u8> {
    const BYTES: &[u8] = b"{}[]\",:\\0-e\0\xff\xf0 \t\r\x1etnf";
    let mut line = line.to_vec();
    for _ in 0..chance.random_range(1..=3) {
        let at = chance.random_range(0..line.len());
        match chance.random_range(0..5) {
            0 => line[at] = BYTES[chance.random_range(0..BYTES.len())],
            1 => line.insert(at, BYTES[chance.random_range(0..BYTES.len())]),
            2 if line.len() > 1 => drop(line.remove(at)),
            3 => line.truncate(at + 1),
            _ => {
                let other = chance.random_range(0..line.len());
                line.swap(at, other);
            }
        }
    }
    line
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// The rows of each line by itself.
fn rows_by_line(lines: &[&[u8]]) -> Vec<Vec<Vec<String>>> {
    lines.iter().map(|line| read_webhooks(line).rows).collect()
}

/// Behind a broken document reading goes on at the next line that starts with a bracket. One that is indented may be part of what is
/// broken, and is passed over with it.
fn is_indented(log: &Log) -> bool {
    lines(&log.bytes).iter().any(|line| line.starts_with(b" "))
}

#[test]
fn a_damaged_line_costs_itself_only() {
    let mut chance = chance(3);
    let webhooks = webhooks();
    let several = webhooks.iter().filter(|log| log.is_jsonl() && lines(&log.bytes).len() > 1 && !is_indented(log));
    assert!(several.clone().count() > 40, "{} logs of several lines", several.count());
    for log in several {
        let lines = lines(&log.bytes);
        let rows = rows_by_line(&lines);
        for _ in 0..60 {
            let at = chance.random_range(0..lines.len());
            let body = lines[at].trim_ascii_end();
            if body.is_empty() {
                continue;
            }
            let damaged = damage(body, &mut chance);
            let alone = read_webhooks(&damaged).rows;
            let before = lines[..at].concat();
            let bytes = [before.as_slice(), &damaged, b"\n", &lines[at + 1..].concat()].concat();
            let expected: Vec<_> = rows[..at].iter().chain([&alone]).chain(&rows[at + 1..]).flatten().collect();
            let told = read_webhooks(&bytes);
            let shown = String::from_utf8_lossy(&damaged);
            assert_eq!(told.rows.iter().collect::<Vec<_>>(), expected, "{} line {}: {shown}", log.name, at + 1);
        }
    }
}

/// The same of a table, whose damaged line may swallow the next ones only by a quote.
#[test]
fn a_damaged_row_costs_itself_only() {
    let mut chance = chance(4);
    let table = table();
    let lines = lines(&table);
    let whole = read(&table).rows;
    assert_eq!(whole.len(), lines.len() - 1, "the sample is sound");
    for _ in 0..3000 {
        let at = chance.random_range(1..lines.len());
        let damaged = damage(lines[at].trim_ascii_end(), &mut chance);
        let bytes = [lines[..at].concat().as_slice(), &damaged, b"\n", &lines[at + 1..].concat()].concat();
        let told = read(&bytes);
        let shown = String::from_utf8_lossy(&damaged);
        assert_eq!(told.rows[..at - 1], whole[..at - 1], "line {}: {shown}", at + 1);
        let behind = whole.len() - at;
        let tail = told.rows.len() - behind;
        assert_eq!(told.rows[tail..], whole[at..], "line {}: {shown}", at + 1);
        let (taken, rejected) = (told.rows.len() - (whole.len() - 1), told.rejected.len());
        assert!(taken + rejected <= 1, "line {}: {shown}", at + 1);
        assert!(told.rejected.iter().all(|(line, _)| *line == at as u64 + 1), "line {}: {shown}", at + 1);
    }
}

/// However the bytes arrive, and however they are damaged.
#[test]
fn pieces_of_any_size_tell_the_same() {
    let mut chance = chance(5);
    for log in all() {
        for _ in 0..4 {
            let bytes = damage(&log.bytes, &mut chance);
            let max_line = if chance.random_bool(0.5) { 300 } else { 1 << 20 };
            let options = ReadOptions { max_line, ..ReadOptions::default() };
            let whole = read_stream(bytes.as_slice(), &options, InflationLimit::default());
            let pieces = read_stream(Slow(&bytes, chance.random_range(1..200)), &options, InflationLimit::default());
            assert_eq!((&whole.rows, &whole.rejected), (&pieces.rows, &pieces.rejected), "{}", log.name);
            assert_eq!((&whole.stopped, &whole.raw), (&pieces.stopped, &pieces.raw), "{}", log.name);
        }
    }
}

/// Split into files at any line, and put together again: nothing is lost and nothing is new.
#[test]
fn a_log_may_be_split_into_files() {
    for log in webhooks().iter().filter(|log| log.is_jsonl()) {
        let (lines, whole) = (lines(&log.bytes), read_webhooks(&log.bytes));
        for at in 1..lines.len() {
            let (first, second) = (read_webhooks(&lines[..at].concat()), read_webhooks(&lines[at..].concat()));
            let rows: Vec<_> = first.rows.iter().chain(&second.rows).collect();
            assert_eq!(rows, whole.rows.iter().collect::<Vec<_>>(), "{} at {at}", log.name);
            let rejected = first.codes().into_iter().chain(second.codes());
            assert_eq!(rejected.collect::<Vec<_>>(), whole.codes(), "{} at {at}", log.name);
        }
    }
    let table = table();
    let (lines, whole) = (lines(&table), read(&table));
    for at in 2..lines.len() {
        let second = [lines[0], &lines[at..].concat()].concat();
        let rows = [read(&lines[..at].concat()).rows, read(&second).rows].concat();
        assert_eq!(rows, whole.rows, "table at {at}");
    }
}
