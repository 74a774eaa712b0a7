//! A provider's own fees: a second meter over the same log, apart from Meta's charges (rules §4). All figures are computed by hand.

#[path = "bad_input/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::fs;

use run::{Ran, Record, Sandbox, assert_none, faults};
use serde_json::{Value, json};
use wabill::model::Money;

const HEADER: &str = "message_id,direction,phone_number_id,waba_id,customer_id,group_id,message_type,template_category,sent_at,delivered_at,status,error_code,origin";
const BRAZIL: &str = "5511999990001";

/// A message of the business: id, customer, template category or nothing, sent, delivered, then status, error code and origin.
fn out(id: &str, to: &str, category: &str, sent: &str, delivered: &str, rest: &str) -> String {
    let kind = if category.is_empty() { "text" } else { "template" };
    format!("{id},outbound,1001,2001,{to},,{kind},{category},{sent},{delivered},{rest}")
}

fn inbound(id: &str, from: &str, kind: &str, at: &str) -> String {
    format!("{id},inbound,1001,2001,{from},,{kind},,{at},,,,")
}

fn log(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// A replay with `[provider]` as given; every charge of Meta's needs a rate unless `more` says otherwise.
fn replay(rows: &[String], provider: &str, more: &[&str]) -> (Sandbox, Ran) {
    let sandbox = Sandbox::with("log.csv", log(rows));
    sandbox.write("wabill.toml", format!("[provider]\n{provider}\n"));
    let ran = sandbox.run(&[&["replay", "log.csv", "--config", "wabill.toml", "--out", "out"], more].concat());
    assert_none(&faults(provider, &ran, 0, &[]));
    sums_agree(&sandbox);
    (sandbox, ran)
}

/// The provider's lines in short: month, item (with its category), quantity, unit price, amount, currency.
fn lines(sandbox: &Sandbox) -> Vec<String> {
    let short = |row: &Record| {
        let category = Some(row.get("category")).filter(|name| !name.is_empty()).map(|name| format!(":{name}"));
        let item = format!("{}{}", row.get("item"), category.unwrap_or_default());
        let cells = ["quantity", "unit_price", "amount", "currency"].map(|column| row.get(column));
        format!("{} {item} {}", row.get("month"), cells.join(" ")).trim_end().to_owned()
    };
    sandbox.table("out/provider_lines.csv").iter().map(short).collect()
}

fn money(text: &str) -> Money {
    Money::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// The lines are the source of every sum of the provider, and Meta's are those of Meta's.
fn sums_agree(sandbox: &Sandbox) {
    let provider = &sandbox.json("out/summary.json")["provider"];
    let mut by_line: BTreeMap<String, Money> = BTreeMap::new();
    for row in sandbox.table("out/provider_lines.csv") {
        if !row.get("amount").is_empty() {
            *by_line.entry(row.get("currency").to_owned()).or_default() += money(row.get("amount"));
        }
    }
    for (section, currency, amount) in [
        ("totals", "currency", "amount"),
        ("by_item", "currency", "amount"),
        ("by_month", "currency", "amount"),
        ("by_phone_number", "currency", "amount"),
    ] {
        let mut sums: BTreeMap<String, Money> = BTreeMap::new();
        for row in provider[section].as_array().expect("a list") {
            *sums.entry(text(&row[currency]).to_owned()).or_default() += money(text(&row[amount]));
        }
        assert_eq!(sums, by_line, "{section}");
    }
}

fn total(sandbox: &Sandbox) -> Value {
    sandbox.json("out/summary.json")["provider"]["totals"].clone()
}

/// Three messages in, and messages out that were delivered, failed, neither, or are no messages of the API at all.
fn mixed_traffic() -> Vec<String> {
    let at = "2026-10-13T08:00:00Z";
    let (later, seen) = ("2026-10-13T09:00:00Z", "2026-10-13T09:00:02Z");
    vec![
        inbound("i1", BRAZIL, "text", at),
        inbound("i2", BRAZIL, "image", at),
        inbound("i3", BRAZIL, "reaction", at),
        inbound("i4", BRAZIL, "system", at),
        inbound("i5", BRAZIL, "call", at),
        out("o1", BRAZIL, "", later, seen, ",,"),
        out("o2", BRAZIL, "utility", later, seen, ",,"),
        out("o3", BRAZIL, "", later, "", "sent,,"),
        out("o4", BRAZIL, "", later, "", "failed,131026,"),
        out("o5", BRAZIL, "", later, "", ",131026,"),
        out("o6", BRAZIL, "", later, "", "failed,63013,"),
        out("o7", BRAZIL, "", later, seen, "failed,131026,"),
        out("o8", BRAZIL, "", later, seen, ",,business_app"),
        out("o9", BRAZIL, "", later, seen, ",,history"),
        format!("c1,outbound,1001,2001,{BRAZIL},,call,,{later},{seen},,,"),
    ]
}

#[test]
fn twilio_charges_in_and_out_and_a_fifth_for_failed_ones() {
    let (sandbox, ran) = replay(&mixed_traffic(), "preset = \"twilio\"", &[]);
    // Out: o1, o2, and o7, which was delivered after all. Failed: o4 and o5; Twilio names the code of o6 as free.
    let expected = [
        "2026-10 message_out 3 0.005 0.015 USD",
        "2026-10 message_in 3 0.005 0.015 USD",
        "2026-10 failed_message 2 0.001 0.002 USD",
    ];
    assert_eq!(lines(&sandbox), expected);
    assert_eq!(total(&sandbox), json!([{ "currency": "USD", "amount": "0.032", "amount_rounded": "0.03" }]));
    // Meta: one utility template to Brazil; service messages are within the 1,000.
    let both = &sandbox.json("out/summary.json")["provider"]["with_meta"];
    let sums = json!({ "currency": "USD", "meta": "0.0068", "provider": "0.032", "together": "0.0388", "together_rounded": "0.04", "complete": true });
    assert_eq!(*both, sums);
    for words in ["Provider: Twilio", "Meta + provider", "lines.csv, provider_lines.csv"] {
        assert!(ran.stdout.contains(words), "no '{words}' in {}", ran.stdout);
    }
}

#[test]
fn failed_messages_cost_since_the_day_that_twilio_says() {
    let failed = |id: &str, sent: &str| out(id, BRAZIL, "utility", sent, "", "failed,131026,");
    let rows = [failed("a", "2024-09-29T23:59:59Z"), failed("b", "2024-09-30T00:00:00Z")];
    let (sandbox, _) = replay(&rows, "preset = \"twilio\"", &[]);
    assert_eq!(lines(&sandbox), ["2024-09 failed_message 1 0.001 0.001 USD"]);
}

#[test]
fn gupshup_charges_all_that_went_out() {
    let (sandbox, _) = replay(&mixed_traffic(), "preset = \"gupshup\"", &[]);
    // o1, o2, o7, and o3 of which nobody knows more than that it was sent.
    assert_eq!(lines(&sandbox), ["2026-10 message_out 4 0.001 0.004 USD"]);
}

#[test]
fn what_aws_does_not_publish_is_unknown_and_not_zero() {
    let (sandbox, ran) = replay(&mixed_traffic(), "preset = \"aws\"", &[]);
    assert_eq!(lines(&sandbox), ["2026-10 message_out 4", "2026-10 message_in 3"]);
    let provider = &sandbox.json("out/summary.json")["provider"];
    assert_eq!((&provider["totals"], &provider["with_meta"]), (&json!([]), &Value::Null));
    assert_eq!(provider["unknown"][0]["quantity"], 4);
    assert!(ran.stdout.contains("unknown"), "{}", ran.stdout);
    // Its own price page gives the figure: one key is enough.
    let (sandbox, _) =
        replay(&mixed_traffic(), "preset = \"aws\"\nper_message_out = \"0.01\"\ncurrency = \"USD\"", &[]);
    assert_eq!(lines(&sandbox), ["2026-10 message_out 4 0.01 0.04 USD", "2026-10 message_in 3   USD"]);
    let both = &sandbox.json("out/summary.json")["provider"]["with_meta"];
    assert_eq!((&both["together"], &both["complete"]), (&json!("0.0468"), &json!(false)));
}

#[test]
fn clickatell_has_no_public_fee_and_no_authentication() {
    let mut rows = mixed_traffic();
    let late = "2026-10-13T10:00:00Z";
    rows.push(out("a1", BRAZIL, "authentication", late, late, ",,"));
    rows.push(out("a2", BRAZIL, "authentication", late, "", "failed,131026,"));
    let (sandbox, ran) = replay(&rows, "preset = \"clickatell\"", &[]);
    let expected = [
        "2026-10 message_out 4",
        "2026-10 message_in 3",
        "2026-10 monthly 1",
        "2026-10 unsupported_category:authentication 2",
    ];
    assert_eq!(lines(&sandbox), expected);
    assert!(ran.stdout.contains("NOT SUPPORTED: authentication"), "{}", ran.stdout);
    // A price for messages does not price what cannot be sent.
    let own =
        "preset = \"clickatell\"\ncurrency = \"USD\"\nper_message_out = 0.01\nper_message_in = \"none\"\nmonthly = 25";
    let (sandbox, _) = replay(&rows, own, &[]);
    let expected = [
        "2026-10 message_out 4 0.01 0.04 USD",
        "2026-10 monthly 1 25 25 USD",
        "2026-10 unsupported_category:authentication 2   USD",
    ];
    assert_eq!(lines(&sandbox), expected);
}

/// Traffic of 2022 and 2023 with a card in rupiah, and no free conversation left.
fn kata(rows: &[String]) -> (Sandbox, Ran) {
    let sandbox = Sandbox::with("log.csv", log(rows));
    sandbox.write("wabill.toml", "carry_in = \"carry_in.csv\"\nrates = [\"idr.csv\"]\n[provider]\npreset = \"kata\"\n");
    sandbox.write(
        "carry_in.csv",
        "scope,id,month,used\nconversation_allowance,2001,2022-10,1000\nconversation_allowance,2001,2024-03,1000\n",
    );
    let card = "effective_date,regime,currency,market,category,rate
2022-02-01,CBP2022,IDR,Germany,user_initiated,1169.20
2022-02-01,CBP2022,IDR,Germany,business_initiated,1948.66
2022-02-01,CBP2022,IDR,Indonesia,business_initiated,400
2023-06-01,CBP2023,IDR,Germany,utility,1000.5
";
    sandbox.write("idr.csv", card);
    let args = ["replay", "log.csv", "--config", "wabill.toml", "--currency", "IDR", "--out", "out"];
    let ran = sandbox.run(&args);
    assert_none(&faults("kata", &ran, 0, &[]));
    sums_agree(&sandbox);
    (sandbox, ran)
}

#[test]
fn kata_rounds_up_and_adds_fifty_where_its_text_says_so() {
    let (germany, jakarta) = ("4915112345678", "6281234567890");
    let at = |text: &str| format!("2022-10-0{text}:00Z");
    let template = |id: &str, to: &str, sent: &str| out(id, to, "utility", sent, sent, ",,");
    let rows = [
        inbound("i", germany, "text", &at("4T08:00")),
        out("u", germany, "", &at("4T08:01"), &at("4T08:01"), ",,"),
        template("covered", germany, &at("4T09:00")),
        template("b", germany, &at("6T09:00")),
        template("j", jakarta, &at("6T09:00")),
        template("k", germany, "2024-03-05T08:00:00Z"),
    ];
    let (sandbox, _) = kata(&rows);
    // 1170 - 1169.20 + 1949 - 1948.66 = 1.14. Jakarta, and the categories of 2023, are not what the text is about.
    let expected = [
        "2022-10 conversation 2 50 100 IDR",
        "2022-10 rounding 2  1.14 IDR",
        "2022-10 undocumented 1   IDR",
        "2024-03 undocumented 1   IDR",
    ];
    assert_eq!(lines(&sandbox), expected);
    assert_eq!(sandbox.json("out/summary.json")["provider"]["with_meta"]["complete"], false);
}

#[test]
fn conversations_that_meta_does_not_charge_cost_nothing_either() {
    let sent = "2022-11-06T09:00:00Z";
    let (sandbox, _) = kata(&[out("b", "4915112345678", "utility", sent, sent, ",,")]);
    assert_eq!(lines(&sandbox), [""; 0], "within the 1,000 of November");
}

const PER_USER: &str =
    "preset = \"messengerpeople\"\ncurrency = \"EUR\"\nmonthly = \"none\"\nper_monthly_active_user = \"0.05\"";

/// Five customers in October, of which one only wrote, one only received, and one also sits in a group; a sixth received nothing.
fn users() -> Vec<String> {
    let customer = |n: u32| format!("551199999000{n}");
    let at = "2026-10-13T08:00:00Z";
    let in_group =
        |id: &str, n: u32| format!("{id},outbound,1001,2001,{},g1,template,marketing,{at},{at},,,", customer(n));
    vec![
        inbound("i1", &customer(1), "text", at),
        inbound("i2", &customer(1), "text", "2026-10-20T08:00:00Z"),
        out("o1", &customer(1), "marketing", at, at, ",,"),
        out("o2", &customer(2), "marketing", at, at, ",,"),
        inbound("i3", &customer(3), "text", at),
        in_group("g", 1),
        in_group("g", 4),
        inbound("i4", &customer(5), "text", "2026-10-31T23:59:59.999Z"),
        out("o3", &customer(6), "marketing", at, "", "failed,131026,"),
        inbound("i5", &customer(5), "text", "2026-11-01T00:00:00Z"),
    ]
}

#[test]
fn active_users_are_counted_once_a_month_in_utc() {
    let (sandbox, _) = replay(&users(), PER_USER, &["--timezone", "Asia/Kolkata"]);
    assert_eq!(lines(&sandbox), ["2026-10 active_user 5 0.05 0.25 EUR", "2026-11 active_user 1 0.05 0.05 EUR"]);
    // In the account's own zone the customer of the last minute belongs to November.
    let local = format!("{PER_USER}\nmonth = \"local\"");
    let (sandbox, _) = replay(&users(), &local, &["--timezone", "Asia/Kolkata"]);
    assert_eq!(lines(&sandbox), ["2026-10 active_user 4 0.05 0.2 EUR", "2026-11 active_user 1 0.05 0.05 EUR"]);
    let provider = &sandbox.json("out/summary.json")["provider"];
    assert_eq!(provider["with_meta"], Value::Null, "dollars and euros are never added");
}

#[test]
fn both_sides_of_what_is_included() {
    for (included, expected) in [
        (4, vec!["active_user_included 4 0 0 EUR", "active_user 1 0.05 0.05 EUR"]),
        (5, vec!["active_user_included 5 0 0 EUR"]),
        (6, vec!["active_user_included 5 0 0 EUR"]),
    ] {
        let (sandbox, _) =
            replay(&users(), &format!("{PER_USER}\nincluded = {included}"), &["--bill-to", "2026-10-31"]);
        let expected: Vec<String> = expected.iter().map(|line| format!("2026-10 {line}")).collect();
        assert_eq!(lines(&sandbox), expected, "{included} included");
    }
}

#[test]
fn names_of_one_customer_are_one_user() {
    let at = "2026-10-13T08:00:00Z";
    let rows = [inbound("a", "5511999990001", "text", at), inbound("b", "5511999990002", "text", at)];
    let sandbox = Sandbox::with("log.csv", log(&rows));
    sandbox.write("wabill.toml", format!("aliases = \"aliases.csv\"\n[provider]\n{PER_USER}\n"));
    sandbox.write("aliases.csv", "old_customer_id,new_customer_id\n5511999990001,5511999990002\n");
    let ran = sandbox.run(&["replay", "log.csv", "--config", "wabill.toml", "--out", "out"]);
    assert_none(&faults("aliases", &ran, 0, &[]));
    assert_eq!(lines(&sandbox), ["2026-10 active_user 1 0.05 0.05 EUR"]);
}

#[test]
fn a_mark_up_is_exact_and_in_the_currency_of_the_account() {
    let at = "2026-10-13T08:00:00Z";
    let rows = [
        out("m", BRAZIL, "marketing", at, at, ",,"),
        out("u", BRAZIL, "utility", at, at, ",,"),
        out("never", BRAZIL, "marketing", at, "", ",,"),
        out("unpriced", BRAZIL, "", at, at, ",,"),
    ];
    // (0.3217 + 0.0350) x 2.125 % = 0.0075798750; Business Agent, whose price is known in dollars only, is not in it.
    let agent = rows[3].replace("unpriced,outbound", "agent,outbound");
    let with_product =
        format!("{HEADER},product,tokens\n{},,\n{},,\n{},,\n{agent},business_agent,9\n", rows[0], rows[1], rows[2]);
    let sandbox = Sandbox::with("log.csv", with_product);
    sandbox.write("wabill.toml", "[provider]\nmarkup_percent = \"2.125\"\nname = \"Reseller, Inc.\"\n");
    let args =
        ["replay", "log.csv", "--config", "wabill.toml", "--currency", "BRL", "--out", "out", "--allow-unpriced"];
    assert_none(&faults("mark-up", &sandbox.run(&args), 0, &[]));
    sums_agree(&sandbox);
    assert_eq!(lines(&sandbox), ["2026-10 markup 2  0.007579875 BRL", "2026-10 markup 1   BRL"]);
    assert_eq!(sandbox.table("out/provider_lines.csv")[0].get("provider"), "Reseller, Inc.");
    let both = &sandbox.json("out/summary.json")["provider"]["with_meta"];
    assert_eq!((&both["together"], &both["complete"]), (&json!("0.364279875"), &json!(false)));
}

#[test]
fn every_price_is_rounded_up_on_its_own() {
    let rows: Vec<String> = (0..3)
        .map(|n| {
            out(&format!("m{n}"), "6281234567890", "marketing", "2026-10-13T08:00:00Z", "2026-10-13T08:00:00Z", ",,")
        })
        .collect();
    let (sandbox, _) = replay(&rows, "rounding = \"up_to_unit\"", &["--currency", "IDR"]);
    // 587 - 586.33 three times, not 1759 - 1758.99.
    assert_eq!(lines(&sandbox), ["2026-10 rounding 3  2.01 IDR"]);
}

#[test]
fn a_number_pays_for_every_month_from_its_first_to_its_last() {
    let at = |id: &str, number: &str, waba: &str, sent: &str| {
        format!("{id},outbound,{number},{waba},{BRAZIL},,template,marketing,{sent},{sent},,,")
    };
    let rows = [
        at("a", "1001", "2001", "2025-11-05T08:00:00Z"),
        at("b", "1001", "2002", "2026-01-05T08:00:00Z"),
        at("c", "1002", "2001", "2026-01-05T08:00:00Z"),
    ];
    let (sandbox, _) = replay(&rows, "currency = \"EUR\"\nmonthly = \"49\"", &[]);
    let places: Vec<String> = sandbox
        .table("out/provider_lines.csv")
        .iter()
        .map(|row| ["waba_id", "phone_number_id", "month", "amount"].map(|column| row.get(column)).join(" "))
        .collect();
    // December had no message; January's two accounts share one number.
    let expected = ["2001 1001 2025-11 49", "2001 1001 2025-12 49", "2001 1001 2026-01 49", "2001 1002 2026-01 49"];
    assert_eq!(places, expected);
    let (sandbox, _) = replay(&rows, "currency = \"EUR\"\nmonthly = \"49\"", &["--bill-from", "2026-01-01"]);
    assert_eq!(lines(&sandbox).len(), 2, "what lies before the billed days is context only");
}

#[test]
fn billed_days_are_those_of_the_providers_calendar() {
    let rows = [inbound("a", BRAZIL, "text", "2026-10-31T20:00:00Z")];
    let fee = "currency = \"USD\"\nper_message_in = \"1\"\nmonth = ";
    let zone = ["--timezone", "Asia/Kolkata", "--bill-from", "2026-11-01"];
    let (sandbox, _) = replay(&rows, &format!("{fee}\"local\""), &zone);
    assert_eq!(lines(&sandbox), ["2026-11 message_in 1 1 1 USD"]);
    let (sandbox, _) = replay(&rows, &format!("{fee}\"utc\""), &zone);
    assert_eq!(lines(&sandbox), [""; 0]);
}

#[test]
fn a_message_that_the_platform_refuses_has_failed() {
    let at = "2026-10-13T08:00:00Z";
    let rows = [out("a", BRAZIL, "", at, at, ",,")];
    let fees = "currency = \"USD\"\nper_message_out = \"1\"\nper_failed = \"2\"";
    let (sandbox, _) = replay(&rows, fees, &["--set", "delivered_against_rule=refuse"]);
    assert_eq!(lines(&sandbox), ["2026-10 failed_message 1 2 2 USD"]);
    let (sandbox, _) = replay(&rows, fees, &[]);
    assert_eq!(lines(&sandbox), ["2026-10 message_out 1 1 1 USD"]);
}

#[test]
fn neither_threads_nor_the_order_of_rows_matter() {
    let fees = "preset = \"twilio\"\nper_monthly_active_user = \"0.03\"\nmonthly = \"5\"\nmarkup_percent = \"3\"";
    let mut rows = users();
    rows.extend(mixed_traffic());
    let bytes = |rows: &[String], threads: &str| {
        let (sandbox, _) = replay(rows, fees, &["--threads", threads]);
        let mut summary = sandbox.json("out/summary.json");
        (fs::read_to_string(sandbox.path("out/provider_lines.csv")).expect("a file"), summary["provider"].take())
    };
    let first = bytes(&rows, "1");
    assert_eq!(first.0.lines().count(), 1 + 9, "six kinds of lines in October, three in November");
    rows.reverse();
    assert!(bytes(&rows, "2") == first);
    rows.rotate_left(7);
    assert!(bytes(&rows, "3") == first);
}

#[test]
fn nothing_of_metas_bill_changes() {
    let sandbox = Sandbox::new();
    sandbox.write("wabill.toml", "[provider]\npreset = \"clickatell\"\nmarkup_percent = 5\n");
    let without = sandbox.run(&["replay", "--out", "without"]);
    let with = sandbox.run(&["replay", "--out", "with", "--config", "wabill.toml"]);
    assert_none(&[faults("without", &without, 0, &[]), faults("with", &with, 0, &[])].concat());
    let mut files = sandbox.files("without");
    for name in ["lines.csv", "verdicts.csv", "conversations.csv"] {
        let read = |folder: &str| fs::read(sandbox.path(&format!("{folder}/{name}"))).expect("a file");
        assert!(read("with") == read("without"), "{name} differs");
    }
    files.insert("provider_lines.csv".to_owned());
    assert_eq!(sandbox.files("with"), files);
    let (mut own, plain) = (sandbox.json("with/summary.json"), sandbox.json("without/summary.json"));
    own.as_object_mut().expect("an object").remove("provider").expect("a provider");
    assert_eq!(own, plain);
    assert!(!without.stdout.contains("Provider"), "{}", without.stdout);
    let shown = without.stdout.split("\nFiles").next().expect("a summary");
    assert!(with.stdout.starts_with(shown.trim_end()), "the block of the provider stands behind all of Meta's");
    // An older bill must not stand beside a newer one.
    assert_none(&faults("again", &sandbox.run(&["replay", "--out", "with"]), 0, &[]));
    assert!(!sandbox.path("with/provider_lines.csv").exists());
}

#[test]
fn the_switch_stands_for_a_preset() {
    let sandbox = Sandbox::with("log.csv", log(&mixed_traffic()));
    sandbox.write("wabill.toml", "[provider]\npreset = \"aws\"\n");
    let ran = sandbox.run(&["replay", "log.csv", "--config", "wabill.toml", "--provider", "gupshup", "--out", "out"]);
    assert_none(&faults("--provider", &ran, 0, &[]));
    assert_eq!(lines(&sandbox), ["2026-10 message_out 4 0.001 0.004 USD"]);
    let ran = sandbox.run(&["replay", "log.csv", "--provider", "twillio", "--out", "out"]);
    assert_none(&faults("--provider", &ran, 2, &["twillio", "twilio"]));
}

/// A `[provider]` that is wrong, and what must be said of it.
const WRONG: [(&str, &[&str]); 13] = [
    ("", &["charges nothing", "preset", "twilio"]),
    ("preset = \"twillio\"", &["preset", "twillio", "twilio", "clickatell"]),
    ("per_mesage_out = \"1\"", &["per_mesage_out", "did you mean 'per_message_out'"]),
    ("per_message_out = \"-1\"", &["per_message_out", "-1", "0.005"]),
    ("per_message_out = \"1e-3\"", &["per_message_out", "1e-3"]),
    ("per_message_out = \"0.005\"", &["per_message_out", "currency"]),
    ("per_message_out = { a = 1 }", &["per_message_out", "a = 1"]),
    ("preset = \"twilio\"\ncurrency = \"dollars\"", &["currency", "dollars", "USD"]),
    ("markup_percent = -3", &["markup_percent", "-3", "2.5"]),
    ("preset = \"twilio\"\nincluded = 1000", &["included", "per_monthly_active_user"]),
    ("preset = \"twilio\"\nrounding = \"up\"", &["rounding", "up_to_unit"]),
    ("preset = \"twilio\"\nunsupported_categories = [\"otp\"]", &["unsupported_categories", "otp", "authentication"]),
    ("preset = \"twilio\"\nmonth = \"Asia/Kolkata\"", &["month", "local", "utc"]),
];

#[test]
fn a_wrong_section_names_file_key_and_remedy() {
    let mut found = Vec::new();
    for (section, words) in WRONG {
        let sandbox = Sandbox::with("log.csv", log(&mixed_traffic()));
        sandbox.write("wabill.toml", format!("[provider]\n{section}\n"));
        let ran = sandbox.run(&["replay", "log.csv", "--config", "wabill.toml", "--out", "out"]);
        found.extend(faults(section, &ran, 2, &[&["wabill.toml"], words].concat()));
        found.extend(sandbox.path("out").exists().then(|| format!("{section}: there is an output folder")));
    }
    assert_none(&found);
}
