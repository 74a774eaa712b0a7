//! `--trust observed`: Meta's verdict is billed.

use super::seen::{Ran, Row, replay};
use super::{CBP1, CBP2, CBP3, NBP, PMP1, PMP2};

/// A message after one of the customer, if `how` says so, with Meta's verdict.
fn sent(how: &str, template: &str, at: &str, [model, kind, category]: [&str; 3]) -> Vec<Row> {
    let base = Row::new("m", 0, at).number(if how.contains("used") { "2" } else { "1" });
    let inbound = base.clone().inbound("in", "-1h");
    let inbound = if how.contains("ad") { inbound.with("referral_source_type", "ad") } else { inbound };
    let out = if template.is_empty() { base.text() } else { base.template(template) };
    let out = out.seen(model, kind, category);
    if how.contains("in") || how.contains("ad") { vec![inbound, out] } else { vec![out] }
}

/// Verdict, category and whether the flag stands, as trusted.
fn trusted(rows: &[Row]) -> (String, String, bool) {
    let ran = replay(rows, &["--trust", "observed", "--allow-unpriced"]);
    assert_eq!(ran.summary["settings"]["trust"], "observed");
    assert!(ran.stdout.contains("Trust     "), "{}", ran.stdout);
    (ran.verdict("m"), ran.category("m"), ran.flags("m").contains("VERDICT_TRUSTED"))
}

fn check(rows: &[Row], verdict: &str, category: &str, taken: bool) {
    assert_eq!(trusted(rows), (verdict.to_owned(), category.to_owned(), taken));
}

#[test]
fn each_type_by_message() {
    let regular = |category| ["PMP", "regular", category];
    let free = |category| ["PMP", "free_customer_service", category];
    check(&sent("", "marketing", PMP1, regular("marketing")), "charged R55", "marketing", false);
    check(&sent("", "marketing", PMP1, regular("utility")), "charged R55", "utility", true);
    check(&sent("in", "utility", PMP1, regular("utility")), "charged R55", "utility", true);
    check(&sent("", "utility", PMP1, free("utility")), "free:free_customer_service R22", "utility", true);
    check(&sent("in", "utility", PMP1, free("service")), "free:free_customer_service R55", "service", true);
    check(&sent("ad", "marketing", PMP1, regular("marketing")), "charged R55", "marketing", true);
    check(
        &sent("", "marketing", PMP1, ["PMP", "free_entry_point", "service"]),
        "free:free_entry_point R35",
        "marketing",
        false,
    );
    check(&sent("in", "", PMP2, regular("service")), "charged R51", "service", true);
    check(&sent("in", "", PMP2, free("service")), "free:free_tier R51", "service", false);
    check(&sent("in used", "", PMP2, free("service")), "free:free_tier R51", "service", true);
    check(&sent("in", "", PMP2, regular("utility")), "charged R56", "utility", true);
    check(
        &sent("", "authentication", PMP2, regular("authentication-international")),
        "charged R56",
        "authentication_international",
        true,
    );
}

#[test]
fn groups_and_exempt_accounts() {
    let mut group = sent("in", "", PMP1, ["PMP", "free_group_customer_service", "group_service"]);
    check(&group, "free:free_group_customer_service R55", "group_service", true);
    group = sent("in", "", PMP2, ["PMP", "regular", "group_service"]);
    check(&group, "charged R51", "group_service", true);
    let exempt: Vec<Row> = sent("in used", "", PMP2, ["PMP", "regular", "service"])
        .into_iter()
        .map(|row| if row.id() == "m" { row.with("pricing_subtype", "paid_exempt") } else { row })
        .collect();
    check(&exempt, "free:paid_exempt R54", "service", true);
}

#[test]
fn what_has_no_price_on_its_day_stays_ours() {
    check(&sent("in", "", PMP1, ["PMP", "regular", "service"]), "free:free_customer_service R55", "service", false);
    check(&sent("", "utility", PMP1, ["PMP", "regular", "user_initiated"]), "charged R55", "utility", false);
    check(&sent("", "utility", CBP2, ["CBP", "", "business_initiated"]), "charged R27", "utility", false);
    let waived: Vec<Row> = sent("", "utility", PMP1, ["PMP", "regular", "marketing"]);
    check(&[waived[0].clone().number("4")], "free:waived R9b", "utility", false);
    let undelivered = waived[0].clone().with("delivered_at", "");
    let known = Row::new("other", 1, PMP1).template("utility");
    check(&[undelivered, known], "not_billed:not_delivered R2", "utility", false);
}

#[test]
fn a_leftover_of_conversations_is_covered_r12() {
    let late = sent("", "utility", "2025-07-01T02:00:00Z", ["CBP", "", "utility"]);
    check(&late, "covered:utility R12", "utility", true);
}

#[test]
fn refused_by_our_rules_but_priced_by_meta() {
    let rows = sent("", "", PMP2, ["PMP", "regular", "service"]);
    let refuse = ["--set", "delivered_against_rule=refuse"];
    assert_eq!(replay(&rows, &refuse).verdict("m"), "not_billed:window_closed R20");
    let ran = replay(&rows, &[&refuse[..], &["--trust", "observed"]].concat());
    assert_eq!(ran.verdict("m"), "charged R51");
}

#[test]
fn by_notification_and_by_conversation() {
    let nbp = sent("", "utility", NBP, ["NBP", "", ""])[0].clone().billable("false");
    check(&[nbp], "free:session_message R74", "service", true);
    let kind = |category| ["CBP", "", category];
    check(&sent("in", "", CBP1, kind("business_initiated")), "free:free_tier R47", "business_initiated", true);
    check(&sent("", "marketing", CBP2, kind("utility")), "charged R27", "utility", true);
    check(&sent("", "marketing", CBP2, kind("service")), "free:free_tier R49", "service", true);
    check(&sent("", "marketing", CBP3, kind("service")), "free:service_free R29", "service", true);
    check(&sent("ad", "marketing", CBP2, kind("marketing")), "charged R27", "marketing", true);
    check(
        &sent("", "marketing", CBP2, kind("referral_conversion")),
        "free:free_entry_point R35",
        "referral_conversion",
        false,
    );
    let false_by_2023 = sent("in", "", CBP2, kind("service"));
    let false_by_2023 = [false_by_2023[0].clone(), false_by_2023[1].clone().billable("false")];
    check(&false_by_2023, "free:free_entry_point R35", "referral_conversion", true);
}

/// Number 5 has two free service messages left in the month.
fn four_replies(arguments: &[&str]) -> Ran {
    let base = |id: &str, place, minutes: &str| {
        let at = format!("2026-10-13T08:{minutes}:00Z");
        let base = Row::new(id, place, &at).number("5");
        [base.clone().inbound(&format!("in-{id}"), "-1h"), base.text()]
    };
    let seen = |[inbound, out]: [Row; 2], kind| [inbound, out.seen("PMP", kind, "service")];
    let rows = [
        seen(base("a", 0, "00"), "free_customer_service"),
        seen(base("b", 1, "01"), "regular"),
        base("c", 2, "02"),
        base("d", 3, "03"),
    ];
    replay(&rows.concat(), arguments)
}

/// Meta has counted already: what it calls regular takes nothing from the 1,000, what it calls free takes one.
#[test]
fn the_allowance_under_trust() {
    let ids = ["a", "b", "c", "d"];
    let (free, charged) = ("free:free_tier R51", "charged R51");
    assert_eq!(ids.map(|id| four_replies(&[]).verdict(id)), [free, free, charged, charged]);
    let ran = four_replies(&["--trust", "observed"]);
    assert_eq!(ids.map(|id| ran.verdict(id)), [free, charged, free, charged]);
    assert_eq!(ids.map(|id| ran.cost(id)), ["0", "0.0068", "0", "0.0068"]);
    // Compared is still our own judgement, by its own count.
    assert_eq!(ran.disagreements(), [("b".to_owned(), "free_tier".to_owned())]);
    assert_eq!(ran.summary["observed"], four_replies(&[]).summary["observed"]);
    assert_eq!(ids.map(|id| ran.flags(id).contains("VERDICT_TRUSTED")), [false, true, false, false]);
}

#[test]
fn the_switch_is_checked_and_may_stand_in_the_config() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |config: &str, arguments: &[&str]| {
        std::fs::write(folder.path().join("wabill.toml"), config).expect("it can be written");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wabill"));
        command.current_dir(folder.path()).args([
            "replay",
            "--config",
            "wabill.toml",
            "--emit",
            "summary",
            "--out",
            "o",
        ]);
        let output = command.args(arguments).output().expect("the program starts");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let trust = || {
        let text = std::fs::read_to_string(folder.path().join("o/summary.json")).expect("a summary");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["settings"]["trust"].clone()
    };
    assert_eq!(run("trust = \"observed\"\n", &[]).0, Some(0));
    assert_eq!(trust(), "observed");
    assert_eq!(run("trust = \"observed\"\n", &["--trust", "ours"]).0, Some(0));
    assert_eq!(trust(), "ours", "the command line goes first");
    let (code, said) = run("", &["--trust", "meta"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("'meta'") && said.contains("ours or observed"), "{said}");
    let (code, said) = run("trust = \"meta\"\n", &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("wabill.toml") && said.contains("ours or observed"), "{said}");
}
