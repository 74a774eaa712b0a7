//! The scenarios of the repository: each is run, and comes to the summary that stands in `scenarios/expected`.
//!
//! After a change that is meant to move a bill, `WABILL_UPDATE=1 cargo test --test scenario` writes the summaries again; what each story
//! shows must still hold.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;

use super::program::run;

/// Scenarios that are simulated; the sample is one, too.
const SIMULATED: [&str; 10] = [
    "ad_sales",
    "bank_codes",
    "five_regimes",
    "next_quarter",
    "non_profit",
    "october_2026",
    "recategorised",
    "sample",
    "support_bot",
    "volume_tiers",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn schema() -> Validator {
    let text = fs::read_to_string(root().join("reports/simulation.schema.json")).expect("it is in the repository");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).expect("a valid schema")
}

/// The bill of a variant (0 = baseline) in hundred-thousandths.
fn bill(json: &Value, variant: usize) -> i64 {
    let text = json["variants"][variant]["totals"][0]["billed_cost"].as_str().expect("text");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    whole.parse::<i64>().expect("digits") * 100_000 + format!("{fraction:0<5}")[..5].parse::<i64>().expect("digits")
}

fn cause(json: &Value, variant: usize, cause: &str) -> String {
    let steps = json["variants"][variant]["totals"][0]["difference_by_cause"].as_array().expect("a list");
    let step = steps.iter().find(|step| step["cause"] == cause).expect("a cause");
    step["amount"].as_str().expect("text").to_owned()
}

fn simulate(name: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = root().join(format!("scenarios/{name}.toml")).display().to_string();
    let ran = run(folder.path(), &["simulate", &path, "--out", "sim"]).expect_code(0);
    let summary = ran.stdout.split("\nFiles     ").next().expect("a part").to_owned();
    let expected = root().join(format!("scenarios/expected/{name}.txt"));
    if std::env::var_os("WABILL_UPDATE").is_some() {
        fs::create_dir_all(expected.parent().expect("a folder")).expect("made");
        fs::write(&expected, &summary).expect("written");
    }
    let kept = fs::read_to_string(&expected).unwrap_or_default();
    assert!(kept == summary, "{name} comes to\n{summary}\ninstead of\n{kept}");
    let json: Value =
        serde_json::from_slice(&fs::read(folder.path().join("sim/simulation.json")).expect("there")).expect("JSON");
    let validator = schema();
    let faults: Vec<String> =
        validator.iter_errors(&json).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{name}: {}", faults.join("\n"));
    json
}

#[test]
fn every_scenario_of_the_repository_is_tested() {
    let files = fs::read_dir(root().join("scenarios")).expect("a folder").map(|entry| entry.expect("an entry").path());
    let toml = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    let mut names: Vec<String> =
        toml.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, SIMULATED);
}

#[test]
fn the_sample() {
    let json = simulate("sample");
    assert_eq!(json["variants"].as_array().map(Vec::len), Some(1));
}

/// Under the rules before, the same replies were free.
#[test]
fn a_shop_at_1_october_2026() {
    let json = simulate("october_2026");
    assert!(bill(&json, 0) > bill(&json, 1), "replies cost since October");
    assert!(bill(&json, 2) < bill(&json, 0) && bill(&json, 3) < bill(&json, 0), "merging and a second allowance save");
    assert!(cause(&json, 3, "allowance").starts_with('-') && cause(&json, 3, "volume") == "0");
}

/// Four messages cost four times one, but for the allowance.
#[test]
fn a_support_bot_with_four_messages() {
    let json = simulate("support_bot");
    let (four, merged, one) = (bill(&json, 0), bill(&json, 1), bill(&json, 2));
    assert!(four > 4 * merged, "beyond the allowance of 1,000 it is even more: {four}, {merged}");
    let volume = cause(&json, 1, "volume");
    assert!(volume.starts_with('-') && cause(&json, 1, "rate") == "0", "{volume}");
    assert!((merged - one).abs() * 20 < merged, "a view and another bot nearly agree: {merged}, {one}");
}

#[test]
fn ads_and_the_length_of_free_entry_points() {
    let json = simulate("ad_sales");
    let (rolling, short, long, earlier, none) =
        (bill(&json, 0), bill(&json, 1), bill(&json, 2), bill(&json, 3), bill(&json, 4));
    assert!(long < rolling && long < short, "{long} {rolling} {short}");
    assert!(earlier < rolling && none > short, "{earlier} {none}");
    for variant in 1..=2 {
        assert_eq!((cause(&json, variant, "volume"), cause(&json, variant, "rate")), ("0".into(), "0".into()));
    }
}

#[test]
fn one_time_passwords_at_home_and_abroad() {
    let json = simulate("bank_codes");
    assert!(bill(&json, 0) > bill(&json, 1), "authentication-international is dearer");
    assert!(bill(&json, 2) < bill(&json, 0), "codes to India are at home for a bank there");
}

#[test]
fn a_template_becomes_marketing() {
    let json = simulate("recategorised");
    let (utility, from_the_15th, always) = (bill(&json, 0), bill(&json, 1), bill(&json, 2));
    assert!(utility < from_the_15th && from_the_15th < always);
    assert_eq!(cause(&json, 1, "volume"), "0");
    assert_eq!(cause(&json, 1, "category"), json["variants"][1]["totals"][0]["difference"].as_str().expect("text"));
}

/// With most of the month carried in, the tier is reached within the log; the discount is the whole difference.
#[test]
fn tiers_of_a_portfolio() {
    let json = simulate("volume_tiers");
    assert!(bill(&json, 0) < bill(&json, 1));
    assert_eq!(cause(&json, 1, "tier"), json["variants"][1]["totals"][0]["difference"].as_str().expect("text"));
}

#[test]
fn a_non_profit_pays_for_templates_only() {
    let json = simulate("non_profit");
    assert!(bill(&json, 0) < bill(&json, 1));
    assert_eq!(bill(&json, 1), bill(&json, 2), "after 2027 nothing is exempt");
    assert_eq!(cause(&json, 1, "allowance"), json["variants"][1]["totals"][0]["difference"].as_str().expect("text"));
}

/// Questions, which cost by every reply, move the bill more than all else.
#[test]
fn a_quarter_ahead_with_its_uncertainty() {
    let json = simulate("next_quarter");
    let found = &json["monte_carlo"];
    assert_eq!(found["runs"], 100);
    assert_eq!(found["by_month"].as_array().map(Vec::len), Some(3));
    assert_eq!(found["tornado"].as_array().map(Vec::len), Some(4));
}

#[test]
fn five_regimes_on_one_log() {
    let json = simulate("five_regimes");
    assert_eq!(json["variants"].as_array().map(Vec::len), Some(6));
    let bills: Vec<i64> = (1..6).map(|variant| bill(&json, variant)).collect();
    // Service conversations stay within their allowance of 1,000 here, so that it makes no difference when they become free altogether.
    assert!(bills[0] < bills[1] && bills[1] == bills[2] && bills[2] < bills[3] && bills[3] < bills[4], "{bills:?}");
}
