//! A property: our verdicts, written back in Meta's words, agree with ours to the last one, and trusting them changes no bill.

use std::collections::{BTreeMap, BTreeSet};

use wabill::scenario::{Scenario, Traffic, accounts, generate};

use super::seen::{Ran, replay_log};

const SCENARIO: &str = include_str!("../../scenarios/sample.toml");
const NUMBERS: [&str; 2] = ["106993475210834", "107316620458971"];

/// First and last day, zone, seed: one a change of the rules.
const WORLDS: [(&str, &str, &str, i64); 7] = [
    ("2022-01-15", "2022-02-14", "Europe/Berlin", 11),
    ("2023-02-18", "2023-03-12", "America/Sao_Paulo", 12),
    ("2023-05-20", "2023-06-12", "Europe/Berlin", 13),
    ("2024-10-10", "2024-11-12", "Asia/Kolkata", 14),
    ("2025-06-20", "2025-07-12", "America/New_York", 15),
    ("2026-07-22", "2026-08-10", "America/Bogota", 16),
    ("2026-09-18", "2026-10-10", "Europe/Berlin", 17),
];

fn traffic(scenario: &Scenario) -> &Traffic {
    scenario.traffic().expect("the scenario describes traffic")
}

fn scenario((from, to, zone, seed): (&str, &str, &str, i64)) -> Scenario {
    let mut file: toml::Table = SCENARIO.parse().expect("the sample scenario is TOML");
    let day = |date: &str| toml::Value::Datetime(date.parse().expect("a TOML date"));
    let shift: i64 = std::env::var("WABILL_SEED").map_or(0, |text| text.parse().expect("WABILL_SEED is a number"));
    file["seed"] = (seed + shift).into();
    file["traffic"]["period"]["from"] = day(from);
    file["traffic"]["period"]["to"] = day(to);
    file["traffic"]["account"]["timezone"] = zone.into();
    for (_, campaign) in file["traffic"]["campaign"].as_table_mut().expect("a table") {
        campaign["days"] = vec![day(from)].into();
    }
    for (_, market) in file["traffic"]["market"].as_table_mut().expect("a table") {
        let customers = market["customers"].as_integer().expect("a number");
        market["customers"] = (customers * 2 / 5).into();
    }
    Scenario::parse(&file.to_string(), "round trip").expect("the changed scenario is valid")
}

/// Leaves little of every allowance, so that the logs use it up.
fn carry_in(months: [&str; 2]) -> String {
    let months: BTreeSet<&str> = months.into();
    let of_month = |month: &str| {
        let replies = NUMBERS.map(|number| format!("service_allowance,{number},{month},,,930\n")).concat();
        format!("conversation_allowance,104852097316648,{month},,,960\n{replies}")
    };
    "scope,id,month,market,category,used\n".to_owned() + &months.into_iter().map(of_month).collect::<String>()
}

const SEEN: [&str; 6] =
    ["pricing_model", "pricing_type", "pricing_category", "billable", "conversation_id", "conversation_origin"];

/// One of our verdicts in the words of its time.
fn in_metas_words(row: &BTreeMap<String, String>) -> [String; 6] {
    let (verdict, reason) = (row["verdict"].as_str(), row["reason"].as_str());
    let in_entry_point = reason == "free_entry_point";
    if verdict == "not_billed" || row["category"] == "business_agent" {
        return Default::default();
    }
    let own = row["category"].replace("authentication_international", "authentication-international");
    let words: [&str; 6] = match &row["regime"][..3] {
        "nbp" => ["NBP", "", "", if verdict == "charged" { "true" } else { "false" }, "", ""],
        "cbp" => {
            let kind = if verdict == "covered" { reason } else { own.as_str() };
            let kind = if in_entry_point { "referral_conversion" } else { kind };
            let billable = if in_entry_point || reason == "service_free" { "false" } else { "true" };
            ["CBP", "", kind, billable, &row["conversation_id"], if kind.contains('-') { "" } else { kind }]
        }
        _ if verdict == "covered" => ["CBP", "", reason, "true", &row["conversation_id"], reason],
        _ if in_entry_point => {
            ["PMP", "free_entry_point", &own, "false", &row["conversation_id"], "referral_conversion"]
        }
        _ => {
            let kind = match reason {
                "" => "regular",
                "free_tier" => "free_customer_service",
                other => other,
            };
            ["PMP", kind, &own, if verdict == "charged" { "true" } else { "false" }, &row["message_id"], ""]
        }
    };
    words.map(str::to_owned)
}

fn with_verdicts(log: &str, first: &Ran) -> String {
    let verdicts: BTreeMap<String, [String; 6]> =
        first.table("verdicts.csv").iter().map(|row| (row["message_id"].clone(), in_metas_words(row))).collect();
    let mut reader = csv::Reader::from_reader(log.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    assert!(SEEN.iter().all(|column| place(column).is_none()), "the scenario writes no verdict of Meta's");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header.iter().chain(SEEN)).expect("memory");
    let (id, direction) = (place("message_id").expect("a column"), place("direction").expect("a column"));
    for record in reader.records() {
        let record = record.expect("a sound row");
        let outbound = record[direction].starts_with("out");
        let none = Default::default();
        let words = verdicts.get(&record[id]).filter(|_| outbound).unwrap_or(&none);
        writer.write_record(record.iter().chain(words.iter().map(String::as_str))).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8")
}

#[test]
fn our_own_verdicts_in_metas_words_agree_and_cost_the_same() {
    for world in WORLDS {
        let scenario = scenario(world);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (log, accounts) = (text(generate(traffic(&scenario))), text(accounts(traffic(&scenario))));
        let carry_in = carry_in([&world.0[..7], &world.1[..7]]);
        let run =
            |log: &str, more: &[&str]| replay_log(log, &accounts, &carry_in, &[&["--allow-unpriced"], more].concat());
        let first = run(&log, &[]);
        assert_eq!(first.summary["observed"], serde_json::Value::Null);
        let told = with_verdicts(&log, &first);
        for trust in ["ours", "observed"] {
            let again = run(&told, &["--trust", trust]);
            let observed = &again.summary["observed"];
            assert!(observed["compared"].as_u64() > Some(300), "{world:?}: {}", observed["compared"]);
            assert_eq!(observed["agreement_percent"], "100.00", "{world:?}: {:?}", again.disagreements());
            assert_eq!(again.text("lines.csv"), first.text("lines.csv"), "{world:?} {trust}");
            assert_eq!(again.text("verdicts.csv"), first.text("verdicts.csv"), "{world:?} {trust}");
        }
    }
}
