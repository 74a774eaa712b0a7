//! `wabill simulate`: the bill of generated logs without the logs, bills that can be computed by hand, and differences that sum exactly.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::program::{SHOP, lines, replay, run, write};

/// Simulates a scenario into `sim`, and gives `simulation.json`.
pub(crate) fn simulate(folder: &Path, text: &str, more: &[&str]) -> Value {
    write(folder, "scenario.toml", text);
    run(folder, &[&["simulate", "scenario.toml", "--out", "sim", "--quiet"], more].concat()).expect_code(0);
    read(folder)
}

fn read(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("sim/simulation.json")).expect("it is there");
    serde_json::from_str(&text).expect("JSON")
}

fn sim_lines(folder: &Path) -> String {
    fs::read_to_string(folder.join("sim/lines.csv")).expect("it is there")
}

/// Generate, then replay, is the same bill to the byte: for a shop, for the sample with all of its faults, and for one of everything that
/// the platform refuses.
#[test]
fn simulating_is_generating_and_replaying() {
    let sample = include_str!("../../scenarios/sample.toml");
    let refused = SHOP.replace("BR = 70", "BR = 40, US = 30")
        + "[traffic.number.main.talk]\nforgotten = 0.4\nbot = 0.1\nbusiness_agent = 0.1\n";
    let old = SHOP.replace("2026-10-", "2023-09-").replace("2023-09-31", "2023-10-31");
    for text in [SHOP, sample, &refused, &old] {
        let folder = tempfile::tempdir().expect("a folder");
        simulate(folder.path(), text, &["--allow-unpriced"]);
        run(folder.path(), &["generate", "scenario.toml", "-o", "log.csv", "--quiet"]).expect_code(0);
        replay(folder.path(), "log.csv", "log.csv.accounts.csv");
        let (simulated, replayed) = (sim_lines(folder.path()), lines(folder.path(), "log.csv"));
        assert!(simulated.lines().count() > 50);
        assert!(simulated == replayed);
    }
}

#[test]
fn results_do_not_depend_on_threads() {
    let text = SHOP.to_owned() + "[[variant]]\nname = \"merged\"\npolicy.merge_replies = { within = \"1m\" }\n";
    let files = |threads: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        simulate(folder.path(), &text, &["--threads", threads]);
        ["simulation.json", "lines.csv", "summary.json", "variants/merged.lines.csv"]
            .map(|name| fs::read(folder.path().join("sim").join(name)).expect("it is there"))
    };
    let one = files("1");
    assert!(one == files("2") && one == files("5"));
}

/// Nothing is left to chance but moments: 40 customers in Brazil get one utility template a day, all delivered, and write nothing. In October
/// 2026 each costs USD 0.0068 (rules.md, spot rates), in an open window or not: 40 × 31 × 0.0068 = 8.432. The day's template goes out at some
/// moment of the day in São Paulo, so the last one may go out after the account's last midnight in UTC: hours are held to noon.
#[test]
fn a_bill_without_chance_is_computed_by_hand() {
    let text = "version = 1\nseed = 5\n[traffic]\nperiod = { from = 2026-10-01, to = 2026-10-31 }\n\
        [traffic.segment.all]\ncustomers = 40\nmarkets = { BR = 1 }\njourney = { notice = 1.0 }\n\
        [traffic.template.notice]\ncategory = \"utility\"\n\
        [traffic.journey.notice]\nsteps = [{ template = \"notice\", after = { median = \"1s\", spread = 0.0 } }]\n\
        [traffic.rhythm]\nweekend = 1.0\nhours = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n\
        [traffic.delivery]\nunreachable = 0.0\nlost = 0.0\nlate = 0.0\nprompt = { median = \"1s\", spread = 0.0 }\n\
        [[variant]]\nname = \"half the customers\"\ntraffic.segment.all.customers = 20\n\
        [[variant]]\nname = \"to Mexico\"\ntraffic.segment.all.markets = { BR = 0, MX = 1 }\n\
        [[variant]]\nname = \"with fee\"\nrules.provider = \"gupshup\"\n";
    let folder = tempfile::tempdir().expect("a folder");
    let json = simulate(folder.path(), text, &[]);
    let total = |variant: usize, field: &str| json["variants"][variant]["totals"][0][field].clone();
    assert_eq!(total(0, "billed_cost"), "8.432");
    assert_eq!((total(0, "charged_messages"), total(0, "per_customer")), (1240.into(), "0.2108".into()));
    // Half as many customers: half the bill, all of it volume.
    assert_eq!((total(1, "billed_cost"), total(1, "difference")), ("4.216".into(), "-4.216".into()));
    assert_eq!(
        causes(&json, 1),
        [("volume", "-4.216"), ("category", "0"), ("window", "0"), ("allowance", "0"), ("tier", "0"), ("rate", "0")]
    );
    // Mexico costs USD 0.0085: 1,240 × 0.0085 = 10.54. Other markets are other volumes.
    assert_eq!((total(2, "billed_cost"), total(2, "difference")), ("10.54".into(), "2.108".into()));
    // Gupshup takes 0.001 a message.
    assert_eq!((total(3, "billed_cost"), total(3, "difference")), ("8.432".into(), "0".into()));
    assert_eq!(json["variants"][3]["provider_totals"][0]["amount"], "1.24");
    assert_eq!(json["variants"][0]["customers"], 40);
}

fn causes(json: &Value, variant: usize) -> Vec<(&str, &str)> {
    let steps = json["variants"][variant]["totals"][0]["difference_by_cause"].as_array().expect("a list");
    steps.iter().map(|step| (step["cause"].as_str().expect("text"), step["amount"].as_str().expect("text"))).collect()
}

/// Exact decimals, added as integers of 10⁻¹².
fn units(text: &str) -> i128 {
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    sign * (whole.parse::<i128>().expect("digits") * 1_000_000_000_000
        + format!("{fraction:0<12}").parse::<i128>().expect("digits"))
}

#[test]
fn differences_by_cause_sum_to_the_last_digit() {
    let text = include_str!("../../scenarios/sample.toml").to_owned()
        + "[[variant]]\nname = \"2023\"\nrules.regime = \"cbp-2023-06\"\n\
           [[variant]]\nname = \"early PMP\"\nrules.regime = \"pmp-2025-07\"\n\
           [[variant]]\nname = \"recategorised\"\npolicy.recategorise = [{ template = \"shipping_update\", to = \"marketing\", from = 2026-09-15 }]\n\
           [[variant]]\nname = \"more replies\"\ntraffic.number.care.talk.replies = [0, 0, 0, 0, 1]\n";
    let folder = tempfile::tempdir().expect("a folder");
    let json = simulate(folder.path(), &text, &[]);
    let variants = json["variants"].as_array().expect("a list");
    assert_eq!(variants.len(), 5);
    let bill = |variant: &Value| units(variant["totals"][0]["billed_cost"].as_str().expect("text"));
    for (place, variant) in variants.iter().enumerate() {
        let sum: i128 = causes(&json, place).iter().map(|(_, amount)| units(amount)).sum();
        assert_eq!(sum, bill(variant) - bill(&variants[0]), "{}", variant["name"]);
        let lines = if place == 0 {
            "lines.csv".to_owned()
        } else {
            format!("variants/{}.lines.csv", variant["name"].as_str().expect("text"))
        };
        assert_eq!(sum_of_lines(&folder.path().join("sim").join(lines)), bill(variant));
    }
    // Only the recategorised template changes, and it becomes dearer.
    assert_eq!(causes(&json, 3)[0].1, "0");
    assert!(units(causes(&json, 3)[1].1) > 0);
    assert!(json["variants"][3]["changed_messages"].as_u64().expect("a number") > 50);
}

fn sum_of_lines(path: &Path) -> i128 {
    let mut reader = csv::Reader::from_path(path).expect("it is there");
    let column = reader.headers().expect("a header").iter().position(|name| name == "billed_cost").expect("a column");
    reader.records().map(|row| units(&row.expect("a row")[column])).sum()
}

/// What cannot be run stops before anything is written, with the reason.
#[test]
fn what_cannot_be_simulated_is_refused() {
    let refusals = [
        ("rules.regime = \"pmp-2030\"", "variant 'v': --regime 'pmp-2030' is not auto"),
        (
            "rules.set = { us_marketing_pause = true }",
            "variant 'v': setting us_marketing_pause cannot be 'true'; use on or off",
        ),
        ("rules.provider = \"twillio\"", "variant 'v': "),
        (
            "rules.carry_in = [{ scope = \"tier\", id = \"1\", month = \"2026-10\", used = 1 }]",
            "scope 'tier' is not conversation_allowance",
        ),
        ("policy.free_form_in_window = { templates = [\"login_code\"] }", "codes may be sent as such only"),
    ];
    for (change, says) in refusals {
        let folder = tempfile::tempdir().expect("a folder");
        // Some log in just after they have written.
        let busy = SHOP.replace("login = { per_month = 0.5 }", "login = { per_month = 30.0 }");
        write(folder.path(), "scenario.toml", &format!("{busy}[[variant]]\nname = \"v\"\n{change}\n"));
        let ran = run(folder.path(), &["simulate", "scenario.toml", "--out", "sim"]).expect_code(2);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
        assert!(!folder.path().join("sim").exists(), "{change}");
    }
}

/// Of 2021 no card is known: the exit code says so (contract §1).
#[test]
fn charges_without_a_rate_are_told() {
    let text = SHOP.replace("2026-10-", "2021-10-");
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "old.toml", &text);
    let ran = run(folder.path(), &["simulate", "old.toml", "--out", "sim"]).expect_code(6);
    assert!(
        ran.stderr.contains("charges have no known rate") && ran.stdout.contains("charges have no known rate"),
        "{}",
        ran.stderr
    );
    assert!(folder.path().join("sim/simulation.json").is_file(), "everything else was done");
    run(folder.path(), &["simulate", "old.toml", "--out", "sim", "--allow-unpriced"]).expect_code(0);
}

#[test]
fn the_printed_summary_shows_bills_and_causes() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = SHOP.replace("seed = 7", "seed = 7\ntitle = \"A shop tries something.\"")
        + "[[variant]]\nname = \"merged replies\"\npolicy.merge_replies = { within = \"1m\" }\n\
           [[variant]]\nname = \"nothing\"\npolicy.hold = { templates = [\"none\"], at_most = \"1h\" }\n";
    write(folder.path(), "shop.toml", &text);
    let ran = run(folder.path(), &["simulate", "shop.toml"]).expect_code(0);
    for part in [
        "Simulation of shop\nA shop tries something.\n",
        "Bills in USD",
        "  baseline ",
        "per conversation",
        "by cause, in this order",
        "  merged replies",
        "nothing: its policies change no message",
        "Files     reports/shop: simulation.json",
    ] {
        assert!(ran.stdout.contains(part), "no '{part}' in\n{}", ran.stdout);
    }
}
