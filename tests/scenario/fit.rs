//! `wabill fit`: logs of known scenarios give their parameters back, within errors that theory says; simulating what was fitted comes to the
//! log's bill, within the bounds that the command prints; and the file depends on the log alone.

#![expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "statistics; no amount of money")]

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use toml::Value;
use wabill::scenario::Scenario;

use super::program::{Ran, SHOP, run, write};

/// Standard errors that a figure may be off.
const ERRORS: f64 = 5.0;
/// The last corrections rest on sixteen simulations, whose mean has a sixteenth of the variance that the log has.
const TUNED: f64 = 1.031;

/// Eight weeks of a shop in two countries, with numbers that are given back.
const KNOWN: &str = "version = 1
seed = 21
[traffic]
period = { from = 2026-08-03, to = 2026-09-27 }
[traffic.account]
timezone = \"America/Sao_Paulo\"
[traffic.segment.brazil]
customers = 900
markets = { BR = 1 }
question = { per_month = 1.5, variation = 1.0 }
click = { per_month = 0.4, variation = 0.5 }
journey = { order = { per_month = 1.0, variation = 0.8 }, login = { per_month = 0.6 } }
[traffic.segment.mexico]
customers = 400
markets = { MX = 1 }
question = { per_month = 0.7, variation = 1.0 }
journey = { order = { per_month = 0.5, variation = 0.8 } }
[traffic.campaign.news]
template = \"offer\"
days = [2026-08-12, 2026-09-09]
at = 09:00:00
within = \"2h\"
audience = 0.4
answer = 0.08
[traffic.number.main.talk]
turns = [0, 30, 40, 20, 10]
asks = [0, 70, 20, 10]
replies = [5, 45, 30, 20]
bot = 0.6
[traffic.rhythm]
desk_opens = 09:00:00
desk_closes = 19:00:00
person_reply = { median = \"12m\", spread = 1.0 }
[traffic.delivery]
unreachable = 0.02
held_back = 0.1
late = 0.1
late_by = { median = \"6h\", spread = 0.8 }
";

/// Months of 30 days in eight weeks.
const MONTHS: f64 = 56.0 / 30.0;

/// Generates the log of a scenario, and fits another to it.
fn fitted(folder: &Path, scenario: &str, more: &[&str]) -> Ran {
    write(folder, "known.toml", scenario);
    run(folder, &["generate", "known.toml", "-o", "log.csv", "--quiet"]).expect_code(0);
    let arguments =
        ["fit", "log.csv", "--accounts", "log.csv.accounts.csv", "-o", "fitted.toml", "--table", "fit.json"];
    run(folder, &[&arguments[..], more].concat()).expect_code(0)
}

fn file(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("fitted.toml")).expect("it is there");
    Scenario::parse(&text, "fitted.toml").unwrap_or_else(|error| panic!("{error}"));
    Value::Table(text.parse().expect("TOML"))
}

fn table(folder: &Path) -> Json {
    serde_json::from_slice(&fs::read(folder.join("fit.json")).expect("it is there")).expect("JSON")
}

/// A number of the file by its keys.
fn at(file: &Value, path: &str) -> f64 {
    let found = path.split('.').fold(file, |value, key| value.get(key).unwrap_or_else(|| panic!("no {path}")));
    found.as_float().or_else(|| found.as_integer().map(|whole| whole as f64)).unwrap_or_else(|| panic!("{path}"))
}

/// A list of weights as shares.
fn shares(file: &Value, path: &str) -> Vec<f64> {
    let found = path.split('.').fold(file, |value, key| value.get(key).unwrap_or_else(|| panic!("no {path}")));
    let weights: Vec<f64> =
        found.as_array().expect("a list").iter().map(|weight| weight.as_integer().expect("whole") as f64).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

fn assert_near(what: &str, found: f64, theory: f64, error: f64) {
    let off = (found - theory).abs() / error;
    assert!(off <= ERRORS * TUNED, "{what}: {found}, not {theory}: {off:.1} standard errors of {error}");
}

fn assert_share(what: &str, found: f64, theory: f64, draws: f64) {
    assert_near(what, found, theory, (theory * (1.0 - theory) / draws).sqrt());
}

/// Moments of a gamma mixture of Poisson counts: the r-th factorial moment is mʳ Π (1 + i v²), so the variance of k (k − 1) is
/// μ₄ + 4 μ₃ + 2 μ₂ − μ₂².
fn pairs(mean: f64, variation: f64) -> (f64, f64) {
    let moment =
        |order: i32| mean.powi(order) * (0..order).map(|i| 1.0 + f64::from(i) * variation * variation).product::<f64>();
    (moment(2), moment(4) + 4.0 * moment(3) + 2.0 * moment(2) - moment(2).powi(2))
}

/// How often something comes to the customers of a segment, and how much they differ: all of it together, as how many customers never say
/// anything is a guess that moves both.
fn assert_arrivals(file: &Value, segment: &str, what: &str, customers: f64, rate: f64, variation: f64) {
    let own = |key: &str| at(file, &format!("traffic.segment.{segment}.{what}.{key}"));
    let there = at(file, &format!("traffic.segment.{segment}.customers"));
    let mean = rate * MONTHS;
    let error = (customers * (mean + (variation * mean).powi(2))).sqrt();
    assert_near(&format!("{segment} {what}"), own("per_month") * there * MONTHS, mean * customers, error);
    let (found, _) = pairs(own("per_month") * MONTHS, own("variation"));
    let (theory, variance) = pairs(mean, variation);
    assert_near(&format!("{segment} {what} twice"), found * there, theory * customers, (customers * variance).sqrt());
}

#[test]
fn known_parameters_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = fitted(folder.path(), KNOWN, &[]);
    assert!(ran.stdout.contains("figures lie within their bounds"), "{}", ran.stdout);
    let file = file(folder.path());
    for (segment, what, customers, rate, variation) in [
        ("BR", "question", 900.0, 1.5, 1.0),
        ("BR", "click", 900.0, 0.4, 0.5),
        ("BR", "journey.order_confirmation", 900.0, 1.0, 0.8),
        ("BR", "journey.login_code", 900.0, 0.6, 0.0),
        ("MX", "question", 400.0, 0.7, 1.0),
        ("MX", "journey.order_confirmation", 400.0, 0.5, 0.8),
    ] {
        assert_arrivals(&file, segment, what, customers, rate, variation);
    }
    // At least so many conversations: those that customers begin by themselves, with 1.9 answered turns on average.
    let (conversations, turns) =
        (0.9 * (1.5 * 900.0 + 0.7 * 400.0) * MONTHS, 1.9 * 0.9 * (1.5 * 900.0 + 0.7 * 400.0) * MONTHS);
    let talk = |key: &str| format!("traffic.number.main.talk.{key}");
    for (key, expected, draws) in [
        ("turns", [0.0, 0.3, 0.4, 0.2, 0.1], conversations),
        ("asks", [0.0, 0.7, 0.2, 0.1, 0.0], turns),
        ("replies", [0.05, 0.45, 0.3, 0.2, 0.0], turns),
    ] {
        let found = shares(&file, &talk(key));
        for (place, theory) in expected.iter().enumerate().filter(|(_, theory)| **theory > 0.0) {
            assert_share(&format!("{key} {place}"), found[place], *theory, draws);
        }
    }
    // Waits are looked at where there was time left at the desk: over a quarter of all turns.
    assert_share("bot", at(&file, &talk("bot")), 0.6, turns / 4.0);
    let rhythm = &file["traffic"]["rhythm"];
    assert_eq!(
        (rhythm["desk_opens"].to_string(), rhythm["desk_closes"].to_string()),
        ("09:00:00".into(), "19:00:00".into())
    );
    assert_eq!(rhythm["bot_reply"]["median"].as_str(), Some("4s"));
    let median =
        rhythm["person_reply"]["median"].as_str().expect("text").trim_end_matches('s').parse::<f64>().expect("seconds");
    assert_near("person_reply", median.ln(), 720_f64.ln(), 1.0 / (0.4 * turns / 4.0).sqrt());
    let mailed = 2.0 * 0.4 * 1_300.0;
    for (country, customers) in [("BR", 900.0), ("MX", 400.0)] {
        let share = at(&file, &format!("traffic.campaign.offer_1.audience_by_market.{country}"));
        let segment = at(&file, &format!("traffic.segment.{country}.customers"));
        assert_near(country, share * segment, 0.4 * customers, (0.24 * customers).sqrt());
    }
    assert_eq!(file["traffic"]["campaign"]["offer_1"]["at"].to_string(), "09:00:00");
    assert_eq!(file["traffic"]["campaign"]["offer_1"]["within"].as_str(), Some("120m"));
    assert_share("answer", at(&file, "traffic.campaign.offer_1.answer"), 0.08, mailed);
    assert_share("held back", at(&file, "traffic.delivery.held_back"), 0.1, mailed);
    assert_share("unreachable", at(&file, "traffic.delivery.unreachable"), 0.02, 4.0 * conversations);
    // Orders and codes: each order has nearly two templates.
    let templates = (2.0 * (1.0 * 900.0 + 0.5 * 400.0) + 0.6 * 900.0) * MONTHS;
    assert_share("late", at(&file, "traffic.delivery.late"), 0.1, templates);
}

fn assert_bill(folder: &Path, name: &str) {
    let table = table(folder);
    let figures = table["figures"].as_array().expect("a list");
    let totals: Vec<&Json> = figures.iter().filter(|figure| figure["group"] == "total").collect();
    assert!(!totals.is_empty(), "{name}: no bill");
    for total in totals {
        assert_eq!(total["within"], true, "{name}: {total}");
    }
    // Bounds are nine tenths of what chance makes, and more; so nearly all figures lie within.
    let within = figures.iter().filter(|figure| figure["within"] == true).count();
    assert!(within * 100 >= figures.len() * 90, "{name}: {within} of {}", figures.len());
}

/// Businesses of different habits, in several countries, currencies and years: the log's bill lies within what the fitted scenario's
/// simulations come to.
#[test]
fn bills_are_reproduced() {
    let old = SHOP.replace("2026-10-", "2023-09-").replace("2023-09-31", "2023-10-31");
    let clerks =
        SHOP.to_owned() + "[traffic.number.main.talk]\nbot = 0.0\nforgotten = 0.15\nreopen = \"order_confirmation\"\n";
    let growing = SHOP.replace("2026-10-31", "2026-12-15").replace("customers = 400", "customers = 300\ngrowth = 0.4");
    let scenarios: [(&str, &str); 8] = [
        ("a shop that grows", &growing),
        ("a shop", SHOP),
        ("people who forget", &clerks),
        ("a shop by conversations", &old),
        ("ads", include_str!("../../scenarios/ad_sales.toml")),
        ("codes", include_str!("../../scenarios/bank_codes.toml")),
        ("bots", include_str!("../../scenarios/support_bot.toml")),
        ("a recategorised template", include_str!("../../scenarios/recategorised.toml")),
    ];
    for (name, scenario) in scenarios {
        let folder = tempfile::tempdir().expect("a folder");
        fitted(folder.path(), scenario, &["--quiet"]);
        assert_bill(folder.path(), name);
        let text = fs::read_to_string(folder.path().join("fitted.toml")).expect("there");
        assert_eq!(text.contains("growth = 0."), name == "a shop that grows", "{name}");
    }
}

/// The sample of the repository, and what `simulate` makes of the file: its quantiles are the ones of the bounds.
#[test]
fn the_sample_is_fitted_and_simulated() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), &["fit", "-o", "fitted.toml", "--table", "fit.json", "--runs", "30"]).expect_code(0);
    assert_bill(folder.path(), "the sample");
    run(folder.path(), &["simulate", "fitted.toml", "--out", "sim", "--quiet"]).expect_code(0);
    let simulated: Json =
        serde_json::from_slice(&fs::read(folder.path().join("sim/simulation.json")).expect("there")).expect("JSON");
    let figures = table(folder.path());
    let total =
        figures["figures"].as_array().expect("a list").iter().find(|row| row["group"] == "total").expect("a bill");
    let middle = simulated["monte_carlo"]["bill"]["p50"].as_str().expect("text").parse::<f64>().expect("a number");
    assert_eq!(total["scenario"].as_str(), Some(format!("{middle:.2}").as_str()));
    assert_eq!(simulated["monte_carlo"]["runs"], 30);
    let text = fs::read_to_string(folder.path().join("fitted.toml")).expect("there");
    for says in
        ["Not measured, and so as in any scenario", "266 were seen", "17 sent within", "[traffic.number.number_2.talk]"]
    {
        assert!(text.contains(says), "no '{says}' in\n{text}");
    }
}

/// Two accounts of two currencies and zones, read from webhooks.
#[test]
fn accounts_of_two_currencies_from_webhooks() {
    let text = SHOP
        .replace("[traffic.click]", "[traffic.question]\nnumbers = { home = 3, abroad = 1 }\n[traffic.click]")
        + "[traffic.account]\ntimezone = \"America/Sao_Paulo\"\nprimary_location = \"BR\"\n[traffic.number.abroad]\n[traffic.number.home]\n\
           [traffic.number.abroad.account]\nwaba_id = \"200000000000009\"\ncurrency = \"EUR\"\ntimezone = \"Europe/Madrid\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "known.toml", &text);
    run(folder.path(), &["generate", "known.toml", "-o", "log.jsonl", "--quiet"]).expect_code(0);
    let arguments = ["--accounts", "log.jsonl.accounts.csv", "-o", "fitted.toml", "--table", "fit.json", "--quiet"];
    run(folder.path(), &[&["fit", "log.jsonl"][..], &arguments].concat()).expect_code(0);
    assert_bill(folder.path(), "two accounts");
    let bills = table(folder.path());
    let totals = bills["figures"].as_array().expect("a list").iter().filter(|row| row["group"] == "total");
    let names: Vec<&str> = totals.map(|row| row["quantity"].as_str().expect("text")).collect();
    assert!(names.contains(&"bill, EUR") && names.contains(&"bill, USD"), "{names:?}");
    let file = file(folder.path());
    let accounts = file["traffic"]["number"].as_table().expect("numbers");
    assert_eq!(accounts.values().filter(|number| number.get("account").is_some()).count(), 1);
}

#[test]
fn the_file_depends_on_the_log_alone() {
    let made = |threads: &str, turned: bool| {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "known.toml", SHOP);
        run(folder.path(), &["generate", "known.toml", "-o", "log.csv", "--quiet"]).expect_code(0);
        if turned {
            let text = fs::read_to_string(folder.path().join("log.csv")).expect("there");
            let mut rows: Vec<&str> = text.lines().collect();
            rows[1..].reverse();
            write(folder.path(), "log.csv", &(rows.join("\n") + "\n"));
        }
        let arguments = ["fit", "log.csv", "-o", "fitted.toml", "--table", "fit.csv", "--threads", threads, "--quiet"];
        run(folder.path(), &arguments).expect_code(0);
        ["fitted.toml", "fit.csv"].map(|name| fs::read(folder.path().join(name)).expect("there"))
    };
    let one = made("1", false);
    assert!(one == made("3", false), "threads");
    assert!(one == made("2", true), "rows turned round");
}

/// What a scenario cannot hold is said with its count, and the rules of the bill go with the file.
#[test]
fn what_is_left_out_and_what_goes_along() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "known.toml", SHOP);
    run(folder.path(), &["generate", "known.toml", "-o", "log.csv", "--quiet"]).expect_code(0);
    let more = "message_id,direction,customer_id,group_id,message_type,sent_at,delivered_at\n\
        g1,outbound,5511999990001,grp,text,2026-10-13T08:00:00Z,2026-10-13T08:00:02Z\n\
        c1,outbound,5511999990001,,call,2026-10-13T08:00:00Z,2026-10-13T08:00:02Z\n\
        bad,outbound,,,text,2026-10-13T08:00:00Z,\n";
    write(folder.path(), "more.csv", more);
    write(folder.path(), "carry_in.csv", "scope,id,month,used\nservice_allowance,100000000000001,2026-10,400\n");
    let ran = run(
        folder.path(),
        &[
            "fit",
            "log.csv",
            "more.csv",
            "-o",
            "fitted.toml",
            "--bill-from",
            "2026-10-05",
            "--carry-in",
            "carry_in.csv",
            "--regime",
            "pmp-2026-10",
        ],
    )
    .expect_code(0);
    for says in ["Left out: 1 messages in groups", "Left out: 1 calls"] {
        assert!(ran.stdout.contains(says), "no '{says}' in\n{}", ran.stdout);
    }
    assert!(ran.stderr.contains("1 rows of the log could not be used"), "{}", ran.stderr);
    assert!(fs::read_to_string(folder.path().join("fitted.toml.rejected.csv")).expect("there").contains("NO_CUSTOMER"));
    let file = file(folder.path());
    let rules = &file["rules"];
    assert_eq!(rules["bill_from"].to_string(), "2026-10-05");
    assert!(rules["regime"].as_str().expect("text").starts_with("pmp-2026-10@"));
    assert_eq!(rules["carry_in"][0]["used"].as_integer(), Some(400));
    run(folder.path(), &["simulate", "fitted.toml", "--out", "sim", "--quiet"]).expect_code(0);
}

/// Without the customers' messages there are no conversations, and templates are fitted all the same.
#[test]
fn templates_alone_are_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "known.toml", SHOP);
    run(folder.path(), &["generate", "known.toml", "-o", "log.csv", "--quiet"]).expect_code(0);
    let text = fs::read_to_string(folder.path().join("log.csv")).expect("there");
    let rows: Vec<&str> = text
        .lines()
        .filter(|row| !row.contains(",inbound,") && !row.contains(",interactive,") && !row.contains(",text,"))
        .collect();
    write(folder.path(), "log.csv", &(rows.join("\n") + "\n"));
    let ran = run(folder.path(), &["fit", "log.csv"]).expect_code(0);
    let file: Value = Value::Table(ran.stdout.parse().expect("TOML on stdout"));
    assert!(at(&file, "traffic.segment.BR.journey.order_confirmation.per_month") > 0.5, "{}", ran.stdout);
    assert!(ran.stderr.contains("which lies within the bounds"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    write(
        folder.path(),
        "known.toml",
        &SHOP.replace("to = 2026-10-31", "to = 2026-10-06").replace("2026-10-08", "2026-10-02"),
    );
    run(folder.path(), &["generate", "known.toml", "-o", "log.csv", "--quiet"]).expect_code(0);
    write(folder.path(), "empty.csv", "message_id,direction,customer_id,sent_at\n");
    let needs = "a scenario needs 200 of 7 days at least: each day of the week once";
    for (arguments, code, says) in [
        (&["fit", "log.csv", "-o", "f.toml"][..], 2, &*format!("messages of 6 days; {needs}")),
        (&["fit", "empty.csv", "-o", "f.toml"], 2, &*format!("the log has 0 messages of 0 days; {needs}")),
        (&["fit", "log.csv", "-o", "log.csv"], 2, "log.csv is an input and would be overwritten"),
        (&["fit", "log.csv", "--table", "log.csv"], 2, "log.csv is an input and would be overwritten"),
        (&["fit", "log.csv", "--table", "fit.txt"], 2, "end it with .csv or .json"),
        (&["fit", "log.csv", "--runs", "5"], 2, "5 is not in 20..=10000"),
        (&["fit", "none.csv"], 1, "none.csv"),
    ] {
        let ran = run(folder.path(), arguments).expect_code(code);
        assert!(ran.stderr.contains(says), "{arguments:?}: {}", ran.stderr);
        assert!(!folder.path().join("f.toml").exists(), "nothing half is left");
    }
}
