//! Switches: wrong ones are told before any work; those that say how strict to be decide the exit code (contract §1).

use super::logs::{between, good, nothing_assumed};
use super::run::{Sandbox, assert_none, faults};

/// The switches, words of stderr.
const BAD_SWITCHES: [(&[&str], &[&str]); 32] = [
    (&["--set", "nonsense=1"], &["'nonsense'", "fep_length_2026"]),
    (&["--set", "fep_length_2026=9"], &["fep_length_2026", "'9'", "rolling, fixed72 or fixed168"]),
    (&["--set", "fep_length_2026="], &["fep_length_2026", "rolling"]),
    (&["--set", "fep_length_2026"], &["--set", "key=value"]),
    (&["--set", "=rolling"], &["unknown setting"]),
    (&["--set", "fep_7_days_from=soon"], &["'soon'", "2026-09-28"]),
    (&["--regime", "pmp"], &["--regime 'pmp'", "pmp-2026-10"]),
    (&["--regime", "@2026-10-01"], &["--regime"]),
    (&["--regime", "pmp-2026-10@soon"], &["--regime", "'soon'", "YYYY-MM-DD"]),
    (&["--regime", "auto@2026-10-01"], &["--regime"]),
    (&["--rates-at", "2026-10-01"], &["--rates-at needs a --regime"]),
    (&["--regime", "pmp-2026-10", "--rates-at", "soon"], &["--rates-at 'soon'", "YYYY-MM-DD"]),
    (&["--bill-from", "soon"], &["--bill-from 'soon'", "YYYY-MM-DD"]),
    (&["--bill-from", "2026-02-30"], &["--bill-from '2026-02-30'", "YYYY-MM-DD"]),
    (&["--bill-to", "01.10.2026"], &["--bill-to '01.10.2026'", "YYYY-MM-DD"]),
    (
        &["--bill-from", "2026-10-02", "--bill-to", "2026-10-01"],
        &["--bill-to 2026-10-01 is before --bill-from 2026-10-02"],
    ),
    (&["--default-category", "nonsense"], &["--default-category 'nonsense'", "marketing, utility or authentication"]),
    (&["--emit", "nonsense"], &["--emit", "nonsense", "verdicts"]),
    (&["--emit", ""], &["--emit"]),
    (&["--threads", "many"], &["--threads", "many"]),
    (&["--threads", "-1"], &["-1"]),
    (&["--threads", "0"], &["--threads"]),
    (&["--max-line", "much"], &["--max-line", "much"]),
    (&["--max-line", "0"], &["--max-line"]),
    (&["--max-rejected", "few"], &["--max-rejected", "few"]),
    (&["--timezone", "Mars/Base"], &["--timezone 'Mars/Base'", "did you mean"]),
    (&["--timezone"], &["--timezone"]),
    (&["--input-tz", "Berlin"], &["--input-tz 'Berlin'", "Europe/Berlin"]),
    (&["--currency", "bitcoin"], &["--currency 'bitcoin'", "such as INR"]),
    (&["--currency", "USD", "--currency", "INR"], &["--currency"]),
    (&["--nonsense"], &["--nonsense"]),
    (&["--strickt"], &["--strict"]),
];

#[test]
fn wrong_switches_are_told_before_any_work() {
    let mut found = Vec::new();
    for (switches, words) in BAD_SWITCHES {
        let sandbox = Sandbox::with("good.csv", good());
        let ran = sandbox.run(&[&["replay", "good.csv", "--out", "out"], switches].concat());
        found.extend(faults(&switches.join(" "), &ran, 2, words));
        found.extend(sandbox.path("out").exists().then(|| format!("{switches:?}: there is an output folder")));
    }
    assert_none(&found);
}

/// Name, the log, the switches, exit code, words of stderr, whether outputs are there.
type Verdict = (&'static str, String, &'static [&'static str], i32, &'static [&'static str], bool);

fn verdicts() -> Vec<Verdict> {
    let bad_row = || {
        String::from_utf8(between(b"b,sideways,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,")).expect("text")
    };
    let in_2021 = || good().replace("2026-10-05", "2021-10-05");
    vec![
        ("a bad row", bad_row(), &[], 0, &[], true),
        ("one may be rejected", bad_row(), &["--max-rejected", "1"], 0, &[], true),
        ("none may be rejected", bad_row(), &["--max-rejected", "0"], 5, &["--max-rejected 0", "rejected.csv"], true),
        ("strict", bad_row(), &["--strict"], 5, &["log.csv:3:", "BAD_DIRECTION", "--strict"], false),
        ("strict, zone not given", nothing_assumed(), &["--strict"], 5, &["TZ_ASSUMED_UTC"], false),
        ("strict, nothing assumed", nothing_assumed(), &["--strict", "--timezone", "UTC"], 0, &[], true),
        (
            "no card in AUD",
            good(),
            &["--currency", "AUD"],
            6,
            &["2 ", "no known rate", "--rates", "--allow-unpriced"],
            true,
        ),
        ("no card of 2021", in_2021(), &[], 6, &["no known rate"], true),
        ("no card, allowed", good(), &["--currency", "AUD", "--allow-unpriced"], 0, &[], true),
        (
            "rejected and no card",
            bad_row(),
            &["--currency", "AUD", "--max-rejected", "0"],
            5,
            &["--max-rejected 0"],
            true,
        ),
        ("strict and no card", bad_row(), &["--currency", "AUD", "--strict"], 5, &["log.csv:3:"], false),
        (
            "no card and no rejection over the limit",
            bad_row(),
            &["--currency", "AUD", "--max-rejected", "1"],
            6,
            &["no known rate"],
            true,
        ),
    ]
}

#[test]
fn strictness_decides_the_exit_code() {
    let mut found = Vec::new();
    for (name, log, switches, code, words, outputs) in verdicts() {
        let sandbox = Sandbox::with("log.csv", log);
        let ran = sandbox.run(&[&["replay", "log.csv", "--out", "out"], switches].concat());
        found.extend(faults(name, &ran, code, words));
        let left = sandbox.files("out");
        if left.contains("summary.json") != outputs || (!outputs && !left.is_empty()) {
            found.push(format!("{name}: the folder holds {left:?}"));
        }
    }
    assert_none(&found);
}

/// No rate is never zero: the cost is empty, and the summary says which rate is missing.
#[test]
fn what_has_no_rate_is_listed_and_not_summed() {
    let sandbox = Sandbox::with("log.csv", good());
    assert_eq!(sandbox.run(&["replay", "log.csv", "--currency", "AUD", "--out", "out"]).code, Some(6));
    let verdicts = sandbox.table("out/verdicts.csv");
    assert!(verdicts.iter().all(|row| row.get("verdict") == "charged" && row.get("billed_cost").is_empty()));
    let summary = sandbox.json("out/summary.json");
    let unpriced = summary["unpriced"].as_array().unwrap();
    assert!(!unpriced.is_empty());
    assert!(unpriced.iter().all(|row| row["market"] == "Brazil" && row["currency"] == "AUD"), "{unpriced:?}");
}
