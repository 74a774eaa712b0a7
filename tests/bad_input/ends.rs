//! Runs that end early: interrupted, killed, disk full, nobody reading. Nothing half is left, and nothing that is not ours is touched.

use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};

use super::child::{end, signal, wait_until};
use super::logs::{GOOD_1, HEADER, good, large};
use super::run::{Sandbox, assert_none, faults};
use super::small_disk::SmallDisk;

/// A run that has read some rows and waits for more: wherever it is, its files are open.
fn start_on_pipe(sandbox: &Sandbox, rows: usize) -> (Child, std::process::ChildStdin) {
    let mut command = sandbox.command(&["replay", "-", "--out", "out"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(format!("{HEADER}\n").as_bytes()).expect("it reads");
    let row = format!("{GOOD_1}\n");
    stdin.write_all(row.repeat(rows).as_bytes()).expect("it reads");
    let partial = sandbox.path("out/.wabill-partial");
    wait_until("the run opens its files", || partial.join("rejected.csv").exists());
    (child, stdin)
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let sandbox = Sandbox::new();
    let (child, mut stdin) = start_on_pipe(&sandbox, 20_000);
    signal(&child, "-INT");
    // It may look at the signal only between rows, so there are more of them.
    let row = format!("{GOOD_1}\n").repeat(20_000);
    let _ = stdin.write_all(row.as_bytes());
    let ran = end(child);
    drop(stdin);
    assert_none(&faults("interrupted", &ran, 130, &["interrupted"]));
    assert!(sandbox.files("out").is_empty(), "{:?}", sandbox.files("out"));
}

/// Nobody presses Ctrl-C twice at a program that waits for input.
#[test]
fn a_run_that_waits_for_input_can_be_interrupted() {
    let sandbox = Sandbox::new();
    let (child, stdin) = start_on_pipe(&sandbox, 1);
    signal(&child, "-INT");
    let ran = end(child);
    drop(stdin);
    assert_none(&faults("waiting", &ran, 130, &["interrupted"]));
    assert!(sandbox.files("out").is_empty(), "{:?}", sandbox.files("out"));
}

#[test]
fn a_large_run_can_be_interrupted_at_any_time() {
    let sandbox = Sandbox::new();
    sandbox.write("large.csv", large());
    for (name, file) in [("while reading", "rejected.csv"), ("while judging", "verdicts.csv")] {
        let mut command = sandbox.command(&["replay", "large.csv", "--out", "out", "--quiet"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let partial = sandbox.path("out/.wabill-partial").join(file);
        // A fast machine may be through before we look; then there is nothing to interrupt.
        wait_until(name, || partial.exists() || child.try_wait().unwrap().is_some());
        if child.try_wait().unwrap().is_some() {
            eprintln!("{name}: the run was faster than the signal");
            continue;
        }
        signal(&child, "-INT");
        let ran = end(child);
        assert_none(&faults(name, &ran, 130, &["interrupted"]));
        assert!(sandbox.files("out").is_empty(), "{name}: {:?}", sandbox.files("out"));
    }
}

#[test]
fn a_killed_run_leaves_only_its_own_folder_and_the_next_one_cleans_up() {
    let sandbox = Sandbox::with("good.csv", good());
    let (mut child, stdin) = start_on_pipe(&sandbox, 1);
    signal(&child, "-KILL");
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    drop(stdin);
    let left = sandbox.files("out");
    assert!(left.iter().all(|name| name.starts_with(".wabill-partial")), "{left:?}");
    let ran = sandbox.run(&["replay", "good.csv", "--out", "out", "--emit", "summary,lines"]);
    assert_none(&faults("after a killed run", &ran, 0, &[]));
    assert!(sandbox.files("out").iter().all(|name| !name.contains("partial")), "{:?}", sandbox.files("out"));
    assert!(sandbox.path("out/summary.json").exists());
}

#[test]
fn a_failed_run_leaves_the_last_good_outputs() {
    let sandbox = Sandbox::with("good.csv", good());
    assert_eq!(sandbox.run(&["replay", "good.csv", "--out", "out"]).code, Some(0));
    let before = (sandbox.files("out"), fs::read(sandbox.path("out/summary.json")).unwrap());
    assert_eq!(sandbox.run(&["replay", "nowhere.csv", "--out", "out"]).code, Some(1));
    assert_eq!(sandbox.run(&["replay", "good.csv", "--out", "out", "--strict"]).code, Some(5));
    assert_eq!((sandbox.files("out"), fs::read(sandbox.path("out/summary.json")).unwrap()), before);
}

/// A folder that was there before the run is not the run's to take away.
#[test]
fn a_failed_run_leaves_an_empty_folder_of_the_user() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("out")).unwrap();
    assert_eq!(sandbox.run(&["replay", "nowhere.csv", "--out", "out"]).code, Some(1));
    assert!(sandbox.path("out").is_dir());
}

/// `--out .` in a folder with files of the same names: they are the user's, and perhaps the log itself.
#[test]
fn files_of_the_user_are_never_deleted() {
    let charts = Sandbox::with("good.csv", good());
    charts.write("out/charts/mine.txt", "precious");
    charts.run(&["replay", "good.csv", "--out", "out"]);
    assert!(charts.path("out/charts/mine.txt").exists(), "a file in a folder charts/ was deleted");
    let log = Sandbox::with("out/verdicts.csv", good());
    log.run(&["replay", "out/verdicts.csv", "--out", "out", "--emit", "summary"]);
    assert!(
        fs::read_to_string(log.path("out/verdicts.csv")).is_ok_and(|text| text == good()),
        "the log itself was deleted"
    );
}

#[test]
fn two_runs_do_not_write_into_one_folder() {
    let sandbox = Sandbox::with("good.csv", good());
    let (child, stdin) = start_on_pipe(&sandbox, 1);
    let second = sandbox.run(&["replay", "good.csv", "--out", "out"]);
    drop(stdin);
    assert_none(&faults("second", &second, 1, &["another run", "out", "--out"]));
    assert_none(&faults("first", &end(child), 0, &[]));
}

#[test]
fn nobody_reading_the_summary_is_no_failure() {
    let sandbox = Sandbox::with("good.csv", good());
    let mut child = sandbox
        .command(&["replay", "good.csv", "--out", "out"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_none(&faults("closed pipe", &end(child), 0, &[]));
    assert!(sandbox.path("out/summary.json").exists());
    let mut child = sandbox.command(&["rates", "show"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_none(&faults("closed pipe of rates", &end(child), 0, &[]));
}

#[test]
fn an_output_folder_that_cannot_be_is_named() {
    let sandbox = Sandbox::with("good.csv", good());
    for (out, word) in [("good.csv", "good.csv"), ("good.csv/deeper", "good.csv/deeper")] {
        let ran = sandbox.run(&["replay", "good.csv", "--out", out]);
        assert_none(&faults(out, &ran, 1, &[word]));
        assert_eq!(fs::read_to_string(sandbox.path("good.csv")).unwrap(), good());
    }
}

#[test]
fn a_full_disk_is_told_and_left_empty() {
    // With 64 KiB the verdicts do not fit; with few inodes not even the first file does; read-only nothing does.
    let mut found = Vec::new();
    for (name, options) in [("64 KiB", "size=64k"), ("no inodes", "size=64k,nr_inodes=3"), ("read-only", "ro")] {
        let sandbox = Sandbox::new();
        let Some(_disk) = SmallDisk::mount(&sandbox.path("disk"), options) else { return };
        let ran = sandbox.run(&["replay", "--out", "disk/out"]);
        found.extend(faults(name, &ran, 1, &["disk/out"]));
        let left = sandbox.files("disk");
        if !left.is_empty() {
            found.push(format!("{name}: left {left:?}"));
        }
    }
    assert_none(&found);
}
