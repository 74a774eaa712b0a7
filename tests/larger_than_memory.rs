//! `--memory`: a log that is larger gives the same bytes, whatever is hot in it: one number with all rows, one chat with half of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

#[path = "bad_input/run.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod run;

use std::fmt::Write;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

use run::{Ran, Sandbox, assert_none, faults};

const ROWS: u64 = 120_000;
const HOT: &str = "5511999990000";

/// Rows of one number over two months, in no order of time; every `hot`th is of one chat, the others of many.
fn log(hot: u64) -> String {
    let mut log =
        "message_id,direction,phone_number_id,customer_id,message_type,template_category,sent_at,delivered_at\n"
            .to_owned();
    for row in 0..ROWS {
        // A prime stride: rows that follow each other are not near in time.
        let second = row * 104_729 % (60 * 86_400);
        let (month, day, hour) = (9 + second / 86_400 / 30, 1 + second / 86_400 % 30, second / 3600 % 24);
        let at = format!("2026-{month:02}-{day:02}T{hour:02}:{:02}:{:02}Z", second / 60 % 60, second % 60);
        let customer = if row % hot == 0 { HOT.to_owned() } else { format!("55119{:08}", row % 5000) };
        let id = format!("wamid.{:032x}", row.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let _ = match row % 3 {
            0 => writeln!(log, "{id},inbound,100,{customer},text,,{at},"),
            1 => writeln!(log, "{id},outbound,100,{customer},text,,{at},{at}"),
            _ => writeln!(log, "{id},outbound,100,{customer},template,marketing,{at},{at}"),
        };
    }
    log
}

/// A run, and the most memory in KiB that it was seen to hold, where the system tells.
fn replay(sandbox: &Sandbox, out: &str, more: &[&str]) -> (Ran, Option<u64>) {
    let args = [&["replay", "log.csv", "--out", out, "--bounds", "off", "--allow-unpriced"], more].concat();
    let mut command = sandbox.command(&args);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut peak = None;
    while child.try_wait().expect("a child").is_none() {
        peak = peak_kib(child.id()).or(peak);
        std::thread::sleep(Duration::from_millis(1));
    }
    (child.wait_with_output().expect("ended").into(), peak)
}

fn peak_kib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The same bytes in memory and on disk, on one thread and on three; gives what the run on disk said, and both peaks.
fn same(name: &str, hot: u64, more: &[&str]) -> (String, Option<(u64, u64)>) {
    let sandbox = Sandbox::with("log.csv", log(hot));
    let (whole, most) = replay(&sandbox, "whole", &[&["--threads", "1"], more].concat());
    let (first, least) = replay(&sandbox, "1", &[&["--threads", "1", "--memory", "2MiB"], more].concat());
    let (second, _) = replay(&sandbox, "3", &[&["--threads", "3", "--memory", "2MiB"], more].concat());
    let mut found: Vec<String> =
        [&whole, &first, &second].into_iter().flat_map(|ran| faults(name, ran, 0, &[])).collect();
    for file in sandbox.files("whole").iter().filter(|file| !file.ends_with('/')) {
        let bytes = |out: &str| fs::read(sandbox.path(&format!("{out}/{file}"))).unwrap();
        let others = ["1", "3"].into_iter().filter(|out| bytes(out) != bytes("whole"));
        found.extend(others.map(|threads| format!("{name}: {file} is another on {threads} threads")));
    }
    assert_none(&found);
    (first.stderr, most.zip(least))
}

#[test]
fn a_hot_number_is_the_same_and_takes_less_memory() {
    // The chats of a number are in all partitions, so the number of rows it has does not matter.
    let (told, peaks) = same("one number", ROWS, &["--emit", "summary,lines,rejected"]);
    assert!(!told.contains("warning"), "{told}");
    let Some((whole, on_disk)) = peaks else { return };
    // Of the 12 MB of events next to none are held.
    assert!(on_disk + 8 * 1024 < whole, "{on_disk} KiB on disk, {whole} in memory");
}

#[test]
fn a_hot_chat_is_the_same_and_named() {
    let (told, _) = same("one chat", 2, &[]);
    assert!(told.contains(&format!("the chat of 100 with {HOT} has {} rows", ROWS / 2)), "{told}");
    assert!(told.contains("--memory"), "{told}");
    assert_eq!(told.matches("warning").count(), 1, "{told}");
}

#[test]
fn a_hot_chat_that_fits_is_not_named() {
    let sandbox = Sandbox::with("log.csv", log(2));
    for more in [&["--memory", "1GiB"][..], &["--memory", "2MiB", "--quiet"]] {
        let (ran, _) = replay(&sandbox, "out", more);
        assert_none(&faults("fits", &ran, 0, &[]));
        assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
    }
}
