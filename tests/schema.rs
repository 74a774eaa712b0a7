//! `summary.json` is what `reports/summary.schema.json` says it is, for a full log, an empty one and a troubled one.

use std::fs;
use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};

/// Runs the program on a log (the embedded sample if there is none) and gives its summary with the exit code.
fn summary(log: Option<&str>, arguments: &[&str]) -> (Value, Option<i32>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabill"));
    command.current_dir(folder.path()).args(["replay", "--quiet", "--emit", "summary", "--out", "out"]).args(arguments);
    if let Some(log) = log {
        fs::write(folder.path().join("log.csv"), log).expect("it can be written");
        command.arg("log.csv");
    }
    let outcome = command.output().expect("the program starts");
    let text = fs::read_to_string(folder.path().join("out/summary.json"))
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&outcome.stderr)));
    (serde_json::from_str(&text).expect("JSON"), outcome.status.code())
}

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/summary.schema.json");
    serde_json::from_str(&fs::read_to_string(path).expect("it is in the repository")).expect("JSON")
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("a valid schema")
}

fn assert_valid(summary: &Value) {
    let validator = validator();
    let faults: Vec<String> =
        validator.iter_errors(summary).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

const HEADER: &str = "message_id,direction,phone_number_id,customer_id,message_type,template_name,template_category,sent_at,delivered_at\n";

/// Rows of which one each has no rate, no category, no delivery, and three faults.
fn troubled() -> String {
    let rows = [
        "a,outbound,1,5511999990001,template,offer,marketing,2021-11-09T08:00:00Z,2021-11-09T08:00:02Z",
        "b,outbound,1,5511999990001,template,offer,,2026-10-09T08:00:00Z,2026-10-09T08:00:02.250Z",
        "c,outbound,2,5511999990002,text,,,2026-10-10T08:00:00Z,2026-10-10T08:00:02Z",
        "d,outbound,2,5511999990002,template,offer,utility,2026-10-11T08:00:00Z,",
        "e,sideways,2,5511999990002,text,,,2026-10-11T08:00:00Z,",
        "f,inbound,2,nobody,text,,,2026-10-11T08:00:00Z,",
        "g,inbound,2,5511999990002,text,,,yesterday,",
    ];
    HEADER.to_owned() + &rows.join("\n") + "\n"
}

#[test]
fn the_schema_describes_every_field() {
    fn check(part: &Value, path: &str) {
        let fields = part["properties"].as_object().into_iter().flatten();
        let definitions = part["$defs"].as_object().into_iter().flatten();
        for (name, field) in fields.chain(definitions) {
            let described = field["description"].as_str().is_some_and(|text| !text.is_empty());
            assert!(described, "{path}/{name} has no description");
            let closed = field["type"] != "object" || field["additionalProperties"] == false;
            assert!(closed, "{path}/{name} takes any further field");
            check(field, &format!("{path}/{name}"));
        }
    }
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema), "a schema by the rules of schemas");
    assert_eq!(schema["additionalProperties"], false);
    check(&schema, "");
}

#[test]
fn the_sample_fits() {
    let (summary, code) = summary(None, &[]);
    assert_eq!(code, Some(0));
    assert_valid(&summary);
}

#[test]
fn settings_by_hand_fit() {
    let by_hand = ["--regime", "cbp-2023-06", "--rates-at", "2024-01-31", "--bill-from", "2026-08-05"];
    let more = ["--bill-to", "2026-10-05", "--no-derived-rates", "--default-category", "utility"];
    let set = ["--set", "fep_length_2026=fixed72", "--set", "fep_7_days_from=2026-10-01", "--allow-unpriced"];
    let (summary, code) = summary(None, &[&by_hand[..], &more, &set].concat());
    assert_eq!(code, Some(0));
    assert_valid(&summary);
    let not_default = json!({ "fep_length_2026": "fixed72", "fep_7_days_from": "2026-10-01" });
    assert_eq!(summary["settings"]["not_default"], not_default);
}

#[test]
fn every_provider_fits() {
    for preset in wabill::tariff::PROVIDER_PRESETS {
        let (summary, code) = summary(None, &["--provider", preset]);
        assert_eq!((code, &summary["provider"]["settings"]["preset"]), (Some(0), &json!(preset)));
        assert_valid(&summary);
    }
    let (mut twilio, _) = summary(None, &["--provider", "twilio"]);
    twilio["provider"]["totals"][0]["amount"] = json!(0.5);
    assert!(!validator().is_valid(&twilio), "an amount that is no text");
}

#[test]
fn an_empty_log_fits() {
    let (summary, code) = summary(Some(HEADER), &[]);
    assert_eq!(code, Some(0));
    assert_valid(&summary);
    assert_eq!((&summary["log_from"], &summary["totals"]), (&Value::Null, &json!([])));
}

#[test]
fn metas_verdicts_fit() {
    let header = HEADER.trim_end().to_owned() + ",pricing_model,pricing_type,pricing_category\n";
    let sent = "outbound,1,5511999990001,template,offer,marketing,2026-10-09T08:00:00Z";
    let at = "2026-10-09T08:00:02Z";
    let rows = [
        format!("a,{sent},{at},PMP,regular,marketing"),
        format!("b,{sent},{at},PMP,regular,utility"),
        format!("c,{sent},,PMP,regular,utility"),
    ];
    let (summary, code) = summary(Some(&(header + &rows.join("\n") + "\n")), &["--trust", "observed"]);
    assert_eq!(code, Some(0));
    assert_valid(&summary);
    let observed = &summary["observed"];
    assert_eq!((&observed["carried"], &observed["agreement_percent"]), (&json!(3), &json!("50.00")));
    assert_eq!(summary["settings"]["trust"], "observed");
}

#[test]
fn a_troubled_log_fits() {
    let (summary, code) = summary(Some(&troubled()), &[]);
    assert_eq!(code, Some(6), "charges without a rate");
    assert_valid(&summary);
    assert_eq!(summary["rows"], json!({ "read": 7, "rejected": 3, "merged": 0, "messages": 4 }));
    let codes: Vec<&Value> = summary["rejected"].as_array().expect("a list").iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, ["BAD_DIRECTION", "BAD_TIME", "UNKNOWN_MARKET"]);
    assert_eq!(summary["unpriced"].as_array().map(Vec::len), Some(2));
}

/// A schema that lets everything pass would pass every test above.
#[test]
fn what_is_wrong_is_refused() {
    let (good, _) = summary(Some(&troubled()), &[]);
    let validator = validator();
    let changes = [
        ("/schema_version", json!("1")),
        ("/outbound_messages", json!(-1)),
        ("/totals/0/billed_cost", json!(0.0068)),
        ("/totals/0/billed_cost", json!("0.00680")),
        ("/totals/0/billed_cost", json!("6.8e-3")),
        ("/totals/0/billed_cost", json!("-1")),
        ("/totals/0/currency", json!("dollars")),
        ("/by_day/0/name", json!("2026-10-32")),
        ("/by_regime/0/name", json!("cbp")),
        ("/by_market", json!({})),
        ("/log_from", json!("2026-10-01 00:00:00")),
        ("/settings/default_category", json!("service")),
        ("/inputs/0/sha256", json!("0")),
        ("/flags/0/messages", json!("2")),
    ];
    for (place, value) in changes {
        let mut bad = good.clone();
        *bad.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
        assert!(!validator.is_valid(&bad), "{place}");
    }
    let mut more = good.clone();
    more["rows"]["skipped"] = json!(1);
    assert!(!validator.is_valid(&more), "a field more");
    let mut less = good;
    less.as_object_mut().expect("an object").remove("unpriced");
    assert!(!validator.is_valid(&less), "a field less");
}
