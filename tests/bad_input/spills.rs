//! Logs larger than `--memory`: the folder of the temporary file is full, gone or read-only, and runs end while they write to it.
//!
//! The file has no name, so nothing can be left of it, however the run ends: Linux makes it without one (`O_TMPFILE`); elsewhere it loses
//! its name at once, and only a power cut between the two can leave an empty file.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Child, ChildStdin, Stdio};

use super::child::{end, signal, wait_until};
use super::logs::{HEADER, large};
use super::run::{Ran, Sandbox, assert_none, faults};
use super::small_disk::SmallDisk;

/// What does not fit in memory goes to a file without a name, so that nothing is left of it, however the run ends.
#[test]
fn a_run_larger_than_memory_leaves_nothing_in_the_temporary_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("large.csv", large());
    fs::create_dir(sandbox.path("temp")).unwrap();
    let arguments = [
        "replay",
        "large.csv",
        "--out",
        "out",
        "--quiet",
        "--allow-unpriced",
        "--memory",
        "8MiB",
        "--temp-dir",
        "temp",
    ];
    for (name, code) in [("-INT", Some(130)), ("-KILL", None)] {
        let mut command = sandbox.command(&arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let partial = sandbox.path("out/.wabill-partial/verdicts.csv");
        wait_until(name, || partial.exists() || child.try_wait().unwrap().is_some());
        if child.try_wait().unwrap().is_some() {
            eprintln!("{name}: the run was faster than the signal");
            continue;
        }
        signal(&child, name);
        let ran = end(child);
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert!(sandbox.files("temp").is_empty(), "{name}: {:?}", sandbox.files("temp"));
    }
    let ran = sandbox.run(&arguments);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(sandbox.files("temp").is_empty(), "{:?}", sandbox.files("temp"));
}

#[test]
fn a_temporary_folder_that_is_not_there_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("large.csv", large());
    let ran = sandbox.run(&["replay", "large.csv", "--out", "out", "--memory", "8MiB", "--temp-dir", "nowhere"]);
    assert_none(&faults("no folder", &ran, 1, &["temporary file", "--temp-dir"]));
    assert!(sandbox.files("out").is_empty(), "{:?}", sandbox.files("out"));
}

/// A run on a pipe with so little memory that it has written to the temporary file, and waits for more rows.
fn start_spilling(sandbox: &Sandbox) -> (Child, ChildStdin) {
    let arguments = ["replay", "-", "--out", "out", "--quiet", "--memory", "64KiB", "--temp-dir", "temp"];
    let mut command = sandbox.command(&arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(format!("{HEADER}\n").as_bytes()).expect("it reads");
    let mut next = 0;
    wait_until("the run writes to its temporary file", || {
        for row in next..next + 500 {
            let start = format!("wamid.{row:032},outbound,100,55119{row:08},template,hello,marketing");
            writeln!(stdin, "{start},2026-10-05T10:00:00Z,2026-10-05T10:00:05Z,,,,,,").expect("it reads");
        }
        next += 500;
        spilled(&child, sandbox) > 0
    });
    (child, stdin)
}

/// Bytes in files of the temporary folder that a process holds open, though they have no name there.
fn spilled(child: &Child, sandbox: &Sandbox) -> u64 {
    let folder = fs::canonicalize(sandbox.path("temp")).expect("a folder");
    let open = fs::read_dir(format!("/proc/{}/fd", child.id())).expect("a process").flatten();
    let held = open.filter(|file| fs::read_link(file.path()).is_ok_and(|target| target.starts_with(&folder)));
    held.filter_map(|file| fs::metadata(file.path()).ok()).map(|file| file.len()).sum()
}

#[test]
fn a_run_that_ends_while_it_spills_leaves_nothing() {
    if !fs::exists("/proc/self/fd").unwrap_or(false) {
        eprintln!("skipped: this system does not show what a process holds open");
        return;
    }
    for (name, code) in [("-INT", Some(130)), ("-TERM", Some(130)), ("-KILL", None)] {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path("temp")).unwrap();
        let (child, stdin) = start_spilling(&sandbox);
        assert!(sandbox.files("temp").is_empty(), "the temporary file has a name: {:?}", sandbox.files("temp"));
        signal(&child, name);
        let ran = end(child);
        drop(stdin);
        assert_eq!(ran.code, code, "{name}: {}", ran.stderr);
        assert!(sandbox.files("temp").is_empty(), "{name}: {:?}", sandbox.files("temp"));
        let left = sandbox.files("out");
        assert!(code.is_none() || left.is_empty(), "{name}: {left:?}");
    }
}

/// A run with the large log and a small disk for what does not fit in memory.
fn run_on(disk: &str, memory: &str, log: &str) -> Option<(Ran, Vec<String>)> {
    let sandbox = Sandbox::new();
    sandbox.write("large.csv", large());
    let _disk = SmallDisk::mount(&sandbox.path("temp"), disk)?;
    let arguments = ["replay", log, "--out", "out", "--quiet", "--memory", memory, "--temp-dir", "temp"];
    let stdin = File::open(sandbox.path("large.csv")).expect("a file");
    let ran = sandbox.command(&arguments).stdin(stdin).output().expect("the program starts").into();
    let left = sandbox.files("temp").into_iter().chain(sandbox.files("out")).collect();
    Some((ran, left))
}

#[test]
fn a_temporary_folder_that_cannot_hold_a_log_is_told_before_anything_is_written() {
    let Some((ran, left)) = run_on("size=4m", "8MiB", "large.csv") else { return };
    assert_none(&faults("4 MiB", &ran, 1, &["temp needs some", "and has 4 MB", "--temp-dir", "--memory"]));
    assert!(left.is_empty(), "{left:?}");
}

/// How much comes through a pipe is not known before: the first of these disks takes nothing, the last several megabytes.
#[test]
fn a_temporary_folder_that_fills_up_is_told_and_left_empty() {
    let mut found = Vec::new();
    for size in ["size=64k", "size=1m", "size=6m"] {
        let Some((ran, left)) = run_on(size, "64KiB", "-") else { return };
        found.extend(faults(size, &ran, 1, &["temp needs some", "--temp-dir", "--memory"]));
        found.extend((!left.is_empty()).then(|| format!("{size}: left {left:?}")));
    }
    assert_none(&found);
}

#[test]
fn a_temporary_folder_that_takes_no_file_is_told() {
    let mut found = Vec::new();
    for (name, options) in [("no inodes", "nr_inodes=1"), ("read-only", "ro")] {
        let Some((ran, left)) = run_on(options, "8MiB", "large.csv") else { return };
        found.extend(faults(name, &ran, 1, &["temporary file in temp", "--temp-dir"]));
        found.extend((!left.is_empty()).then(|| format!("{name}: left {left:?}")));
    }
    assert_none(&found);
}
