//! The commands as a user or a script meets them: help, streams, outputs, side files, formats (contract §1 and §3).

#[path = "bad_input/logs.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod logs;
#[path = "bad_input/run.rs"]
mod run;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};

use logs::{GOOD_1, GOOD_2, HEADER, between, good, gzip, nothing_assumed, utf16, zstd};
use run::{Ran, Sandbox, assert_none, faults};

const COMMANDS: [&[&str]; 12] = [
    &["replay"],
    &["explain"],
    &["convert"],
    &["rates"],
    &["rates", "show"],
    &["rates", "check"],
    &["rates", "import"],
    &["rates", "diff"],
    &["mapping"],
    &["mapping", "suggest"],
    &["mapping", "list"],
    &["mapping", "show"],
];

/// A run that must succeed without a word on stderr.
fn succeed(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let ran = sandbox.run(args);
    assert_none(&faults(&args.join(" "), &ran, 0, &[]));
    assert_eq!(ran.stderr, "", "{args:?}");
    ran
}

fn run_on(sandbox: &Sandbox, stdin: &[u8], args: &[&str]) -> Ran {
    let mut command = sandbox.command(args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("piped").write_all(stdin).expect("it reads");
    let output: Output = child.wait_with_output().expect("ends");
    output.into()
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

/// Id, regime and cost of every message, for comparing runs that must agree.
fn bill(sandbox: &Sandbox, folder: &str) -> Vec<[String; 4]> {
    let rows = sandbox.table(&format!("{folder}/verdicts.csv"));
    rows.iter()
        .map(|row| ["message_id", "regime", "billed_cost", "currency"].map(|column| row.get(column).to_owned()))
        .collect()
}

#[test]
fn help_of_every_command_shows_two_commands_that_can_be_typed() {
    let sandbox = Sandbox::new();
    for command in COMMANDS {
        let ran = succeed(&sandbox, &[command, &["--help"]].concat());
        let examples = ran.stdout.split("Examples:").nth(1).unwrap_or_else(|| panic!("{command:?} has no examples"));
        let lines: Vec<&str> =
            examples.lines().filter(|line| line.contains(&format!("wabill {}", command[0]))).collect();
        assert!(lines.len() >= 2, "{command:?}: {lines:?}");
    }
}

/// What an example writes must be a switch that there is.
#[test]
fn examples_use_switches_of_their_command() {
    for command in ["replay", "explain", "convert"] {
        let help = succeed(&Sandbox::new(), &[command, "--help"]).stdout;
        let (switches, examples) = help.split_once("Examples:").unwrap();
        let mut used = examples.split_whitespace().filter(|word| word.starts_with("--"));
        assert!(used.all(|switch| switches.contains(switch)), "{command}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(succeed(&Sandbox::new(), &["--version"]).stdout, format!("wabill {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn without_arguments_the_usage_is_shown() {
    let sandbox = Sandbox::new();
    for args in [&[][..], &["rates"]] {
        let ran = sandbox.run(args);
        assert_none(&faults(&format!("{args:?}"), &ran, 2, &["Usage: wabill"]));
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn common_switches_are_understood_everywhere() {
    let sandbox = Sandbox::with("wabill.toml", "");
    let message = sample_message("verdict", "charged");
    let commands: [&[&str]; 4] =
        [&["replay"], &["explain", "--message", &message], &["rates", "show"], &["rates", "check"]];
    let mut found = Vec::new();
    for command in commands {
        for switches in [&["--quiet"][..], &["--threads", "1"], &["--config", "wabill.toml"]] {
            let ran = sandbox.run(&[command, switches].concat());
            found.extend(faults(&format!("{command:?} {switches:?}"), &ran, 0, &[]));
        }
    }
    assert_none(&found);
}

#[test]
fn the_summary_goes_to_stdout_and_talk_to_stderr() {
    let sandbox = Sandbox::with("log.csv", good());
    let ran = succeed(&sandbox, &["replay", "log.csv", "--out", "out"]);
    for words in ["WhatsApp bill of log", "Charged", "0.07", "Flags", "NO_INBOUND", "out: summary.json"] {
        assert!(ran.stdout.contains(words), "no '{words}' in {}", ran.stdout);
    }
    let failed = sandbox.run(&["replay", "nowhere.csv", "--out", "out"]);
    assert_eq!((failed.stdout.as_str(), failed.stderr.starts_with("error: ")), ("", true));
}

#[test]
fn quiet_says_nothing_but_errors() {
    let sandbox = Sandbox::with("log.csv", good());
    let ran = succeed(&sandbox, &["replay", "log.csv", "--out", "out", "--quiet"]);
    assert_eq!(ran.stdout, "");
    assert!(sandbox.path("out/summary.json").exists());
    let failed = sandbox.run(&["replay", "log.csv", "--out", "out", "-q", "--currency", "AUD"]);
    assert_none(&faults("quiet failure", &failed, 6, &["no known rate"]));
    assert_eq!(failed.stdout, "");
}

#[test]
fn rejected_rows_are_counted_in_the_summary_by_code() {
    let sandbox = Sandbox::with("log.csv", between(b"b,sideways,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,"));
    let ran = succeed(&sandbox, &["replay", "log.csv", "--out", "out"]);
    assert!(ran.stdout.contains("1 rejected") && ran.stdout.contains("BAD_DIRECTION"), "{}", ran.stdout);
}

/// The list of files in the summary is the list of files in the folder.
#[test]
fn emit_writes_what_it_names() {
    let bad = between(b"b,x");
    let good = good().into_bytes();
    let cases: [(&str, &[u8], &[&str]); 6] = [
        ("summary,lines", &good, &["summary.json", "lines.csv"]),
        ("summary,lines", &bad, &["summary.json", "lines.csv", "rejected.csv"]),
        ("verdicts", &good, &["verdicts.csv"]),
        ("conversations", &good, &["conversations.csv"]),
        ("summary,rejected", &good, &["summary.json", "rejected.csv"]),
        ("rejected", &bad, &["rejected.csv"]),
    ];
    for (emit, log, files) in cases {
        let sandbox = Sandbox::with("log.csv", log);
        let ran = succeed(&sandbox, &["replay", "log.csv", "--out", "out", "--emit", emit]);
        assert_eq!(sandbox.files("out"), names(files), "--emit {emit}");
        let told = ran.stdout.lines().find_map(|line| line.strip_prefix("Files")).unwrap().split(": ").nth(1).unwrap();
        assert_eq!(told.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(), names(files), "{}", ran.stdout);
    }
}

#[test]
fn the_default_folder_is_named_after_the_log() {
    let sandbox = Sandbox::with("logs/october.csv.gz", gzip(good().as_bytes()));
    let emit = ["--emit", "summary"];
    succeed(&sandbox, &[&["replay", "logs/october.csv.gz"], &emit[..]].concat());
    assert!(sandbox.path("reports/october/summary.json").exists());
    succeed(&sandbox, &[&["replay"], &emit[..]].concat());
    assert!(sandbox.path("reports/sample/summary.json").exists());
    assert_eq!(run_on(&sandbox, good().as_bytes(), &[&["replay", "-"], &emit[..]].concat()).code, Some(0));
    assert!(sandbox.path("reports/stdin/summary.json").exists());
}

#[test]
fn a_second_run_takes_away_what_it_does_not_write() {
    let sandbox = Sandbox::with("log.csv", good());
    succeed(&sandbox, &["replay", "log.csv", "--out", "out"]);
    assert!(sandbox.path("out/verdicts.csv").exists() && sandbox.path("out/charts").is_dir());
    sandbox.write("out/notes.txt", "of the user");
    succeed(&sandbox, &["replay", "log.csv", "--out", "out", "--emit", "summary,lines"]);
    let left = sandbox.files("out");
    let stale: Vec<_> = left
        .iter()
        .filter(|name| name.starts_with("verdicts") || name.starts_with("conversations") || name.starts_with("charts"))
        .collect();
    assert!(stale.is_empty(), "{stale:?}");
    assert!(left.contains("notes.txt"));
}

#[test]
fn the_same_run_gives_the_same_bytes_with_any_number_of_threads() {
    let sandbox = Sandbox::new();
    for threads in ["1", "3"] {
        succeed(&sandbox, &["replay", "--out", threads, "--threads", threads]);
    }
    let files = sandbox.files("1");
    assert_eq!(files, sandbox.files("3"));
    for name in files.iter().filter(|name| !name.ends_with('/')) {
        let read = |folder: &str| fs::read(sandbox.path(folder).join(name)).unwrap();
        assert!(read("1") == read("3"), "{name}");
    }
}

/// The id of a message of the sample with a value in a column of `verdicts.csv`.
fn sample_message(column: &str, value: &str) -> String {
    let sandbox = Sandbox::new();
    succeed(&sandbox, &["replay", "--out", "out", "--emit", "verdicts"]);
    let rows = sandbox.table("out/verdicts.csv");
    rows.iter()
        .find(|row| row.get(column) == value)
        .unwrap_or_else(|| panic!("no {column} {value}"))
        .get("message_id")
        .to_owned()
}

#[test]
fn explain_shows_windows_verdict_rule_source_and_rate() {
    let sandbox = Sandbox::new();
    let free = sample_message("reason", "free_customer_service");
    let text = succeed(&sandbox, &["explain", "--message", &free]).stdout;
    for words in [
        free.as_str(),
        "open: customer service window until",
        "verdict: free",
        "this message",
        "rule R",
        "days in Europe/Berlin",
    ] {
        assert!(text.contains(words), "no '{words}' in {text}");
    }
    let tiered = sample_message("tier", "0:100000");
    let text = succeed(&sandbox, &["explain", "--message", &tiered]).stdout;
    let own = text.split("this message").nth(1).unwrap();
    let own = own.split("\n\n").next().unwrap();
    for words in ["verdict: charged as utility", "volume tier 0:100000", "rate: USD", "rule R5"] {
        assert!(own.contains(words), "no '{words}' in {own}");
    }
    assert!(own.contains('[') && own.contains(']'), "no source: {own}");
}

#[test]
fn explain_finds_a_customer_in_any_form_of_the_number() {
    let sandbox = Sandbox::with("log.csv", nothing_assumed());
    let plain = succeed(&sandbox, &["explain", "log.csv", "--customer", "5511999990001"]).stdout;
    assert!(plain.contains("in1") && plain.contains("good1") && !plain.contains("good2"), "{plain}");
    for form in ["+5511999990001", "whatsapp:+5511999990001"] {
        assert_eq!(succeed(&sandbox, &["explain", "log.csv", "--customer", form]).stdout, plain);
    }
}

#[test]
fn explain_tells_what_is_not_in_the_log_or_not_asked() {
    let sandbox = Sandbox::with("log.csv", good());
    let cases: [(&[&str], &[&str]); 4] = [
        (&["--message", "nope"], &["no message 'nope'"]),
        (&["--customer", "5511999999999"], &["no customer '5511999999999'"]),
        (&["--message", "good1", "--customer", "5511999990001"], &["--message", "--customer"]),
        // Either will do, so both must be offered.
        (&[], &["--message", "--customer"]),
    ];
    let mut found = Vec::new();
    for (args, words) in cases {
        found.extend(faults(&args.join(" "), &sandbox.run(&[&["explain", "log.csv"], args].concat()), 2, words));
    }
    assert_none(&found);
}

/// The row that is looked for may be among those that could not be used.
#[test]
fn explain_says_that_rows_were_rejected() {
    let sandbox = Sandbox::with("log.csv", between(b"b,sideways,100,5511999990003,text,,,2026-10-05T10:00:00Z,,,,,,,"));
    let found = sandbox.run(&["explain", "log.csv", "--message", "good1"]);
    assert_none(&faults("found", &found, 0, &["1 row"]));
    let lost = sandbox.run(&["explain", "log.csv", "--message", "b"]);
    assert_none(&faults("lost", &lost, 2, &["no message 'b'", "1 row"]));
    assert_none(&faults(
        "strict",
        &sandbox.run(&["explain", "log.csv", "--message", "good1", "--strict"]),
        5,
        &["log.csv:3:"],
    ));
}

#[test]
fn rates_show_by_date_currency_market_and_category() {
    let sandbox = Sandbox::new();
    let show = |args: &[&str]| succeed(&sandbox, &[&["rates", "show"], args].concat()).stdout;
    let rupees = show(&["--date", "2026-10-01", "--currency", "INR"]);
    assert!(rupees.starts_with("INR list rates on 2026-10-01") && rupees.contains("India"), "{rupees}");
    let brazil = show(&["--date", "2026-10-01", "--market", "Brazil", "--category", "utility"]);
    assert!(
        brazil.contains("utility: 0.0068 since 2026-10-01 [") && brazil.contains("tier 250001:2000000"),
        "{brazil}"
    );
    assert!(!brazil.contains("marketing:"), "{brazil}");
    let older = show(&["--date", "2022-06-01", "--market", "Brazil", "--category", "business_initiated"]);
    assert!(older.contains("business_initiated: ") && older.contains("since 2022-02-01"), "{older}");
    sandbox.write(
        "card.csv",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,AUD,Brazil,utility,0.0123\n",
    );
    let own = show(&[
        "--rates",
        "card.csv",
        "--currency",
        "AUD",
        "--date",
        "2026-10-01",
        "--market",
        "Brazil",
        "--category",
        "utility",
    ]);
    assert!(own.contains("utility: 0.0123"), "{own}");
}

/// Columns that run into one another cannot be read by anybody.
#[test]
fn columns_of_rates_show_stand_apart() {
    let table = succeed(&Sandbox::new(), &["rates", "show", "--date", "2026-10-01", "--currency", "INR"]).stdout;
    let header = table.lines().find(|line| line.starts_with("market")).unwrap();
    let columns: Vec<&str> = header.split_whitespace().collect();
    assert!(columns.contains(&"authentication") && columns.contains(&"authentication_international"), "{header}");
}

#[test]
fn rates_show_tells_what_it_does_not_know() {
    let sandbox = Sandbox::new();
    let cases: [(&[&str], &[&str]); 7] = [
        (&["--market", "Brasil"], &["'Brasil'", "did you mean 'Brazil'"]),
        (&["--category", "spam"], &["--category 'spam'", "marketing"]),
        (&["--date", "soon"], &["--date 'soon'", "YYYY-MM-DD"]),
        (&["--date", "2021-01-01"], &["2022-02-01"]),
        (&["--currency", "bitcoin"], &["--currency 'bitcoin'"]),
        // An empty table looks like a price list.
        (&["--currency", "AUD", "--date", "2026-10-01"], &["AUD"]),
        (&["--rates", "nowhere.csv"], &["nowhere.csv"]),
    ];
    let mut found = Vec::new();
    for (args, words) in cases {
        found.extend(faults(&args.join(" "), &sandbox.run(&[&["rates", "show"], args].concat()), 2, words));
    }
    assert_none(&found);
}

#[test]
fn rates_check_passes_sound_cards_and_names_the_fault_of_others() {
    let sandbox = Sandbox::new();
    let sound = succeed(&sandbox, &["rates", "check"]).stdout;
    assert!(sound.starts_with("sound: data/rates.csv") && sound.contains("tier tables"), "{sound}");
    sandbox.write(
        "own.csv",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,AUD,Brazil,utility,0.0123\n",
    );
    assert!(succeed(&sandbox, &["rates", "check", "own.csv"]).stdout.contains("own.csv"));
    let tiers = "effective_date,currency,market,category,tier_from,tier_to,rate\n";
    let cases = [
        (
            "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brasil,utility,0.01\n".to_owned(),
            "card.csv:2:",
        ),
        (format!("{tiers}2026-10-01,USD,Brazil,utility,5,,0.0068\n"), "card.csv:2:"),
        // The first tier is the list rate; another figure would never be used.
        (format!("{tiers}2026-10-01,USD,Brazil,utility,0,,0.0050\n"), "0.0068"),
    ];
    let mut found = Vec::new();
    for (card, words) in cases {
        sandbox.write("card.csv", &card);
        found.extend(faults(&card, &sandbox.run(&["rates", "check", "card.csv"]), 2, &[words]));
    }
    assert_none(&found);
}

/// A card of the user's prices what the embedded ones do not know.
#[test]
fn a_card_of_ones_own_is_used() {
    let sandbox = Sandbox::with("log.csv", good());
    sandbox.write(
        "card.csv",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,AUD,Brazil,utility,0.01\n2026-10-01,PMP,AUD,Brazil,marketing,0.1\n",
    );
    succeed(&sandbox, &["replay", "log.csv", "--currency", "AUD", "--rates", "card.csv", "--out", "out"]);
    let costs: Vec<_> =
        bill(&sandbox, "out").into_iter().map(|[id, _, cost, currency]| format!("{id} {cost} {currency}")).collect();
    assert_eq!(costs, ["good1 0.1 AUD", "good2 0.01 AUD"]);
}

#[test]
fn paths_of_a_config_start_at_the_config() {
    let sandbox = Sandbox::with("log.csv", good());
    sandbox.write("setup/wabill.toml", "accounts = \"facts/accounts.csv\"\n");
    sandbox.write("setup/facts/accounts.csv", "phone_number_id,waba_timezone,currency\n100,Asia/Kolkata,INR\n");
    succeed(&sandbox, &["replay", "log.csv", "--config", "setup/wabill.toml", "--out", "out"]);
    assert!(bill(&sandbox, "out").iter().all(|[.., currency]| currency == "INR"));
    assert!(sandbox.table("out/verdicts.csv").iter().all(|row| !row.get("flags").contains("TZ_ASSUMED_UTC")));
}

#[test]
fn the_command_line_wins_over_the_config_and_settings_are_reported() {
    let sandbox = Sandbox::with("log.csv", good());
    sandbox.write(
        "wabill.toml",
        "currency = \"INR\"\n[interpretation]\nfep_length_2026 = \"fixed72\"\nreaction_opens_window = false\n",
    );
    succeed(&sandbox, &["replay", "log.csv", "--config", "wabill.toml", "--out", "file"]);
    let args = [
        "replay",
        "log.csv",
        "--config",
        "wabill.toml",
        "--currency",
        "USD",
        "--set",
        "fep_length_2026=fixed168",
        "--out",
        "typed",
    ];
    let typed = succeed(&sandbox, &args);
    assert!(bill(&sandbox, "file").iter().all(|[.., currency]| currency == "INR"));
    assert!(bill(&sandbox, "typed").iter().all(|[.., currency]| currency == "USD"));
    for words in ["fep_length_2026", "fixed168", "reaction_opens_window"] {
        assert!(typed.stdout.contains(words), "every report prints what is not default: {}", typed.stdout);
    }
    assert!(sandbox.json("typed/summary.json")["settings"].to_string().contains("fixed168"));
}

#[test]
fn zone_and_currency_of_an_account_without_a_row() {
    // 20:00 UTC is the next day in Kolkata.
    let sandbox = Sandbox::with("log.csv", good().replace("T10:00", "T20:00"));
    succeed(&sandbox, &["replay", "log.csv", "--timezone", "Asia/Kolkata", "--currency", "INR", "--out", "out"]);
    let days: BTreeSet<_> = sandbox.table("out/lines.csv").iter().map(|row| row.get("day").to_owned()).collect();
    assert_eq!(days, names(&["2026-10-05", "2026-10-06"]));
    assert!(bill(&sandbox, "out").iter().all(|[.., currency]| currency == "INR"));
}

#[test]
fn times_without_a_zone_take_the_one_given() {
    let sandbox = Sandbox::with("log.csv", good().replace('Z', ""));
    let refused = sandbox.run(&["replay", "log.csv", "--out", "out"]);
    assert!(refused.stdout.contains("2 rejected") && refused.stdout.contains("NAIVE_TIME"), "{}", refused.stdout);
    succeed(&sandbox, &["replay", "log.csv", "--input-tz", "Europe/Berlin", "--out", "out"]);
    assert_eq!(sandbox.table("out/verdicts.csv")[0].get("sent_at"), "2026-10-05T08:00:00Z");
}

#[test]
fn a_category_for_templates_without_one() {
    let sandbox = Sandbox::with("log.csv", good().replace(",marketing,", ",,").replace(",utility,", ",,"));
    assert_none(&faults("no category", &sandbox.run(&["replay", "log.csv", "--out", "out"]), 6, &["no known rate"]));
    succeed(&sandbox, &["replay", "log.csv", "--default-category", "utility", "--out", "out"]);
    assert!(bill(&sandbox, "out").iter().all(|[_, _, cost, _]| cost == "0.0068"));
    sandbox.write("templates.csv", "template_name,template_category\nhello,marketing\n");
    succeed(&sandbox, &["replay", "log.csv", "--templates", "templates.csv", "--out", "out"]);
    assert!(bill(&sandbox, "out").iter().all(|[_, _, cost, _]| cost == "0.0625"));
}

/// However the bytes come, the bill is the same.
#[test]
fn files_patterns_archives_and_stdin_are_one_log() {
    let sandbox = Sandbox::with("whole.csv", good());
    let half = |row: &str| format!("{HEADER}\n{row}\n");
    sandbox.write("parts/a.csv", half(GOOD_1));
    sandbox.write("parts/b.csv", half(GOOD_2));
    sandbox.write("whole.csv.gz", gzip(good().as_bytes()));
    sandbox.write("whole.csv.zst", zstd(good().as_bytes()));
    // An archive is known by its content, not by its name.
    sandbox.write("named-otherwise", gzip(good().as_bytes()));
    succeed(&sandbox, &["replay", "whole.csv", "--out", "expected"]);
    let expected = bill(&sandbox, "expected");
    assert_eq!(expected.len(), 2);
    let ways: [&[&str]; 6] = [
        &["parts/a.csv", "parts/b.csv"],
        &["parts/b.csv", "parts/a.csv"],
        &["parts/*.csv"],
        &["whole.csv.gz"],
        &["whole.csv.zst"],
        &["named-otherwise"],
    ];
    for way in ways {
        succeed(&sandbox, &[&["replay"], way, &["--out", "out"]].concat());
        assert_eq!(bill(&sandbox, "out"), expected, "{way:?}");
    }
    for stdin in [good().into_bytes(), gzip(good().as_bytes()), zstd(good().as_bytes())] {
        let ran = run_on(&sandbox, &stdin, &["replay", "-", "--out", "out"]);
        assert_none(&faults("stdin", &ran, 0, &[]));
        assert_eq!(bill(&sandbox, "out"), expected);
    }
    let mixed = run_on(&sandbox, half(GOOD_2).as_bytes(), &["replay", "parts/a.csv", "-", "--out", "out"]);
    assert_none(&faults("a file and stdin", &mixed, 0, &[]));
    assert_eq!(bill(&sandbox, "out"), expected);
}

/// A log in UTF-16 is refused with the way out, also through a pipe.
#[test]
fn another_encoding_is_named_on_stdin() {
    let ran = run_on(&Sandbox::new(), &utf16(&good(), true), &["replay", "-", "--out", "out"]);
    assert_none(&faults("UTF-16", &ran, 2, &["UTF-8"]));
}

#[test]
fn a_regime_with_its_date() {
    let sandbox = Sandbox::with("log.csv", good());
    let run = |out: &str, args: &[&str]| {
        succeed(&sandbox, &[&["replay", "log.csv", "--out", out], args].concat());
        bill(&sandbox, out)
    };
    let short = run("short", &["--regime", "cbp-2023-06@2024-01-01"]);
    assert!(short.iter().all(|[_, regime, ..]| regime == "cbp-2023-06"), "{short:?}");
    assert_eq!(short, run("long", &["--regime", "cbp-2023-06", "--rates-at", "2024-01-01"]));
    assert_eq!(run("auto", &["--regime", "auto"]), run("none", &[]));
    // A date in both places, and not the same: neither may win in silence.
    let both = sandbox.run(&[
        "replay",
        "log.csv",
        "--regime",
        "cbp-2023-06@2024-01-01",
        "--rates-at",
        "2023-07-01",
        "--out",
        "both",
    ]);
    assert_none(&faults("two dates", &both, 2, &["--rates-at", "--regime"]));
}

#[test]
fn a_part_of_the_log_is_billed_and_the_rest_is_context() {
    let sandbox = Sandbox::with("log.csv", nothing_assumed().replace("2026-10-05T11", "2026-10-06T11"));
    succeed(&sandbox, &["replay", "log.csv", "--bill-from", "2026-10-06", "--bill-to", "2026-10-06", "--out", "out"]);
    let ids: Vec<_> = bill(&sandbox, "out").into_iter().map(|[id, ..]| id).collect();
    assert_eq!(ids, ["good2"]);
}

/// A table in no known form: proposed, filled in, replayed.
#[test]
fn a_mapping_is_proposed_and_then_read_by() {
    let sandbox = Sandbox::with(
        "desk.csv",
        "msg id;flow;from;to;stamp;state\nw-1;in;+12025550123;+15550001111;05/10/2026 09:30:00;received\nw-2;out;+15550001111;+12025550123;05/10/2026 09:31:00;delivered\n",
    );
    let stopped = sandbox.run(&["replay", "desk.csv", "--out", "out"]);
    assert_none(&faults("unknown table", &stopped, 2, &["semicolons", "wabill mapping suggest", "--mapping"]));
    let proposed = sandbox.run(&["mapping", "suggest", "desk.csv"]);
    assert_none(&faults("suggest", &proposed, 0, &["no zone", "template_category", "--templates"]));
    assert!(
        proposed.stdout.contains("%d/%m/%Y %H:%M:%S") && proposed.stdout.contains("# sure, "),
        "{}",
        proposed.stdout
    );
    sandbox.write("mapping.toml", &proposed.stdout);
    let args =
        ["replay", "desk.csv", "--mapping", "mapping.toml", "--input-tz", "UTC", "--default-category", "utility"];
    succeed(&sandbox, &[&args[..], &["--out", "out"]].concat());
    let summary = sandbox.json("out/summary.json");
    let roles: Vec<&str> =
        summary["inputs"].as_array().unwrap().iter().filter_map(|input| input["role"].as_str()).collect();
    assert!(roles.contains(&"mapping") && roles.contains(&"log"), "{roles:?}");
    sandbox.write("wabill.toml", "mapping = \"mapping.toml\"\ninput_tz = \"UTC\"\ndefault_category = \"utility\"\n");
    succeed(&sandbox, &["replay", "desk.csv", "--config", "wabill.toml", "--out", "again"]);
    assert_eq!(bill(&sandbox, "out"), bill(&sandbox, "again"));
}

#[test]
fn formats_and_mappings_that_are_not_there_are_refused() {
    let sandbox = Sandbox::with("log.csv", good());
    sandbox.write("bad.toml", "[[record]]\ncolumns = { mesage_id = \"a\" }\n");
    let cases: [(&[&str], &[&str]); 6] = [
        (
            &["replay", "log.csv", "--input-format", "fax"],
            &["--input-format 'fax'", "canonical, webhooks, parquet", "twilio"],
        ),
        (&["replay", "log.csv", "--input-format", "webhooks"], &["is a table", "JSON"]),
        (&["replay", "log.csv", "--input-format", "twilio"], &["no column 'from'"]),
        (&["replay", "log.csv", "--mapping", "bad.toml"], &["bad.toml:2: ", "did you mean 'message_id'"]),
        (&["replay", "log.csv", "--mapping", "bad.toml", "--input-format", "twilio"], &["not both"]),
        (&["mapping", "show", "fax"], &["'fax'", "twilio"]),
    ];
    for (args, words) in cases {
        assert_none(&faults(&args.join(" "), &sandbox.run(args), 2, words));
    }
    succeed(&sandbox, &["replay", "log.csv", "--input-format", "canonical", "--out", "out"]);
}

#[test]
fn built_in_mappings_are_listed_and_shown() {
    let sandbox = Sandbox::new();
    let list = succeed(&sandbox, &["mapping", "list"]).stdout;
    for name in
        ["twilio", "infobip", "vonage", "gupshup", "360dialog", "sinch", "ycloud", "wati", "clickatell", "chatwoot"]
    {
        assert!(list.lines().any(|line| line.starts_with(name)), "{name}");
    }
    assert!(succeed(&sandbox, &["mapping", "show", "rapidpro"]).stdout.contains("name = \"rapidpro\""));
}
