//! `scenarios/scenario.schema.json` describes every scenario of the repository, and every key that it names is one that is read.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};
use wabill::scenario::Scenario;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn schema() -> Value {
    let text = fs::read_to_string(folder().join("scenario.schema.json")).expect("it is in the repository");
    serde_json::from_str(&text).expect("JSON")
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("a valid schema")
}

/// A scenario as JSON; dates and times become texts.
fn as_json(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => json!(text),
            toml::Value::Integer(number) => json!(number),
            toml::Value::Float(number) => json!(number),
            toml::Value::Boolean(yes) => json!(yes),
            toml::Value::Datetime(time) => json!(time.to_string()),
            toml::Value::Array(list) => list.into_iter().map(convert).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, convert(value))).collect(),
        }
    }
    convert(toml::Value::Table(text.parse().expect("TOML")))
}

fn scenarios() -> Vec<(String, String)> {
    let files = fs::read_dir(folder()).expect("a folder").map(|entry| entry.expect("an entry").path());
    let toml = files.filter(|path| path.extension().is_some_and(|ending| ending == "toml"));
    toml.map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("UTF-8"))).collect()
}

#[test]
fn every_part_is_described_and_closed() {
    fn check(part: &Value, path: &str) {
        for kind in ["properties", "$defs"] {
            for (name, field) in part[kind].as_object().into_iter().flatten() {
                let described = field["description"].as_str().is_some_and(|text| !text.is_empty());
                assert!(described, "{path}/{name} has no description");
                let further = &field["additionalProperties"];
                assert!(field["type"] != "object" || *further == json!(false) || further.is_object(), "{path}/{name}");
                check(field, &format!("{path}/{name}"));
            }
        }
    }
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema), "a schema by the rules of schemas");
    assert_eq!(schema["additionalProperties"], false);
    check(&schema, "");
}

#[test]
fn every_scenario_fits_and_is_read() {
    let validator = validator();
    let all = scenarios();
    assert!(!all.is_empty());
    for (name, text) in all {
        let json = as_json(&text);
        let faults: Vec<String> =
            validator.iter_errors(&json).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
        Scenario::parse(&text, &name).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Each key of the schema, set to something of a wrong type, is refused for its value: so somebody reads it.
#[test]
fn every_key_of_the_schema_is_read() {
    let schema = schema();
    let base = "version = 1\nseed = 1\n[traffic]\nperiod = { from = 2026-10-01, to = 2026-10-02 }\n[traffic.market.BR]\ncustomers = 1\n";
    for (table, path) in [
        ("account", "account"),
        ("talk", "number.main.talk"),
        ("click", "click"),
        ("rhythm", "rhythm"),
        ("delivery", "delivery"),
    ] {
        for key in schema["$defs"][table]["properties"].as_object().expect("fields").keys() {
            let text = format!("{base}[traffic.{path}]\n{key} = [[\"nonsense\"]]\n");
            let error = Scenario::parse(&text, "wrong.toml").expect_err(key).to_string();
            assert!(error.starts_with(&format!("wrong.toml:8: traffic.{path}.{key}")), "{error}");
            assert!(!error.contains("unknown key"), "{error}");
        }
    }
}

/// A schema that lets everything pass would pass every test above.
#[test]
fn what_is_wrong_is_refused() {
    let validator = validator();
    let good = as_json(&scenarios()[0].1);
    assert!(validator.is_valid(&good));
    for (place, value) in
        [("/version", json!(2)), ("/seed", json!(-1)), ("/traffic/period", json!({ "from": "2026-10-01" }))]
    {
        let mut bad = good.clone();
        if let Some(part) = bad.pointer_mut(place) {
            *part = value;
            assert!(!validator.is_valid(&bad), "{place}");
        }
    }
    let mut more = good;
    more["more"] = json!(1);
    assert!(!validator.is_valid(&more), "a field more");
}
