//! Meta's verdict beside ours: what agrees, what differs and why, what cannot be compared, and what `--trust observed` bills.
//!
//! Each message of a table has a customer of its own, so that windows do not mix. Expectations are worked out by hand from the rules.

#[path = "observed/round_trip.rs"]
mod round_trip;
#[path = "observed/seen.rs"]
mod seen;
#[path = "observed/trusted.rs"]
mod trusted;

use seen::{Ran, Row, replay};
use serde_json::json;

/// Days of the regimes.
const CBP1: &str = "2022-10-04T08:00:00Z";
const CBP2: &str = "2024-03-05T08:00:00Z";
const CBP3: &str = "2025-03-04T08:00:00Z";
const NBP: &str = "2021-11-09T08:00:00Z";
const PMP1: &str = "2025-09-02T08:00:00Z";
const PMP2: &str = "2026-10-13T08:00:00Z";

const SERVICE: &str = "";

/// A case: how the message was sent, Meta's type and category, and the cause of the difference (`""`: they agree).
struct Pair(&'static str, &'static str, &'static str, &'static str, &'static str);

/// Sends one message for each case and checks which of them disagree, and why. `how` says number 1, or 2 whose 1,000 are used up
/// (`used`), a customer who wrote before (`in`), came from an ad (`ad`), or a group (`group`).
fn check(at: &str, model: &str, pairs: &[Pair]) -> Ran {
    let mut rows = Vec::new();
    for (place, Pair(how, template, kind, category, _)) in pairs.iter().enumerate() {
        let has = |word: &str| how.split(' ').any(|one| one == word);
        let group = if has("group") { format!("group-{place}") } else { String::new() };
        let number = if has("used") { "2" } else { "1" };
        let base = Row::new(&format!("m{place:02}"), place, at).number(number).group(&group);
        if has("in") || has("ad") {
            let inbound = base.clone().inbound(&format!("in{place:02}"), "-1h");
            rows.push(if has("ad") { inbound.with("referral_source_type", "ad") } else { inbound });
        }
        let sent = if *template == SERVICE { base.text() } else { base.template(template) };
        rows.push(sent.seen(model, kind, category));
    }
    let ran = replay(&rows, &[]);
    let found: Vec<(String, String)> = ran.disagreements();
    let expected = pairs.iter().enumerate().filter(|(_, pair)| !pair.4.is_empty());
    let expected: Vec<(String, String)> =
        expected.map(|(place, pair)| (format!("m{place:02}"), pair.4.to_owned())).collect();
    assert_eq!(found, expected, "at {at}");
    let observed = &ran.summary["observed"];
    assert_eq!(observed["compared"], pairs.len());
    assert_eq!(observed["agreed"], pairs.len() - expected.len());
    ran
}

#[test]
fn types_and_categories_until_september_2026() {
    check(
        PMP1,
        "PMP",
        &[
            Pair("", "marketing", "regular", "marketing", ""),
            Pair("", "authentication", "regular", "authentication", ""),
            Pair("", "utility", "regular", "utility", ""),
            Pair("in", "utility", "regular", "utility", "window"),
            Pair("in", SERVICE, "regular", "service", "regime_date"),
            Pair("in", "utility", "free_customer_service", "utility", ""),
            Pair("", "utility", "free_customer_service", "utility", "window"),
            Pair("in", SERVICE, "free_customer_service", "service", ""),
            Pair("ad", "marketing", "free_entry_point", "referral_conversion", ""),
            Pair("ad", SERVICE, "free_entry_point", "service", ""),
            Pair("ad", "marketing", "free_entry_point", "marketing", ""),
            Pair("ad", "utility", "free_entry_point", "service", ""),
            Pair("group in", "utility", "free_group_customer_service", "group_utility", ""),
            Pair("group in", SERVICE, "free_group_customer_service", "group_service", ""),
            Pair("group in", "marketing", "regular", "group_marketing", ""),
            Pair("group in", SERVICE, "regular", "group_service", "regime_date"),
            Pair("in", SERVICE, "free_tier", "service", "regime_date"),
        ],
    );
}

#[test]
fn types_and_categories_from_october_2026() {
    check(
        PMP2,
        "PMP",
        &[
            Pair("", "marketing", "regular", "marketing", ""),
            Pair("in", "authentication", "regular", "authentication", ""),
            Pair("in", "utility", "regular", "utility", ""),
            Pair("", "utility", "regular", "utility", ""),
            Pair("in", "utility", "free_customer_service", "utility", "regime_date"),
            Pair("in", SERVICE, "free_customer_service", "service", ""),
            Pair("in", SERVICE, "free_tier", "service", ""),
            Pair("in", SERVICE, "regular", "service", "free_tier"),
            Pair("in used", SERVICE, "regular", "service", ""),
            Pair("in used", SERVICE, "free_customer_service", "service", "free_tier"),
            Pair("ad", "marketing", "free_entry_point", "marketing", ""),
            Pair("ad used", SERVICE, "free_entry_point", "utility", ""),
            Pair("group in", SERVICE, "free_group_customer_service", "group_service", ""),
            Pair("group in", SERVICE, "regular", "group_service", "free_tier"),
            Pair("group in used", SERVICE, "regular", "group_service", ""),
            Pair("group in", "utility", "regular", "group_utility", ""),
            Pair("group in", "utility", "free_group_customer_service", "group_utility", "regime_date"),
        ],
    );
}

#[test]
fn other_causes_by_message() {
    check(
        PMP1,
        "PMP",
        &[
            Pair("", "marketing", "regular", "utility", "template_category"),
            Pair("", "authentication", "regular", "authentication-international", "template_category"),
            Pair("", "marketing", "regular", "marketing_lite", "template_category"),
            Pair("in", SERVICE, "regular", "utility", "template_or_service"),
            Pair("in", "utility", "free_customer_service", "service", "template_or_service"),
            Pair("ad", "marketing", "regular", "marketing", "free_entry_point"),
            Pair("ad", SERVICE, "free_customer_service", "service", "free_entry_point"),
            Pair("in", SERVICE, "free_group_customer_service", "group_service", "group"),
            Pair("group in", SERVICE, "free_customer_service", "service", "group"),
            Pair("in", "marketing", "free_customer_service", "marketing", "other"),
            Pair("", "utility", "regular", "business_initiated", "regime_date"),
        ],
    );
    check(PMP1, "CBP", &[Pair("", "utility", "", "utility", "regime_date")]);
    check("2025-06-30T23:30:00Z", "PMP", &[Pair("", "utility", "regular", "utility", "regime_date")]);
}

#[test]
fn kinds_of_conversations() {
    check(
        CBP1,
        "CBP",
        &[
            Pair("in", "utility", "", "user_initiated", ""),
            Pair("", "utility", "", "business_initiated", ""),
            Pair("in", SERVICE, "", "business_initiated", "window"),
            Pair("ad", SERVICE, "", "referral_conversion", ""),
            Pair("ad", SERVICE, "", "user_initiated", "free_entry_point"),
            Pair("", "marketing", "", "marketing", "regime_date"),
        ],
    );
    check(
        CBP2,
        "CBP",
        &[
            Pair("", "marketing", "", "marketing", ""),
            Pair("", "marketing", "", "utility", "template_category"),
            Pair("", "marketing", "", "marketing_lite", "template_category"),
            Pair("in", SERVICE, "", "service", ""),
            Pair("in", SERVICE, "", "marketing", "conversation_boundary"),
            Pair("in", "utility", "", "service", "template_or_service"),
            Pair("ad", "marketing", "", "referral_conversion", ""),
            Pair("", "utility", "", "business_initiated", "regime_date"),
        ],
    );
    check(CBP3, "PMP", &[Pair("", "utility", "regular", "utility", "regime_date")]);
}

#[test]
fn marketing_lite_was_marketing_before_its_date() {
    let lite = |id: &str, place, at, seen| {
        Row::new(id, place, at).template("marketing").with("product", "marketing_messages").seen("CBP", "", seen)
    };
    let rows = [
        lite("a", 0, "2024-10-14T08:00:00Z", "marketing"),
        lite("b", 1, "2024-10-14T08:00:00Z", "marketing_lite"),
        lite("c", 2, "2024-10-15T08:00:00Z", "marketing_lite"),
        lite("d", 3, "2024-10-15T08:00:00Z", "marketing"),
    ];
    let ran = replay(&rows, &["--allow-unpriced"]);
    assert_eq!(ran.disagreements(), [("d".to_owned(), "template_category".to_owned())]);
}

/// `billable` decides before conversations, proves a free entry point while service was charged, and nothing after.
#[test]
fn the_traps_of_billable() {
    let template = |id: &str, place, at| Row::new(id, place, at).template("utility");
    let service = |id: &str, place, at: &str| {
        let base = Row::new(id, place, at);
        [base.clone().inbound(&format!("in-{id}"), "-1h"), base.text()]
    };
    let mut rows = vec![
        template("nbp-template", 0, NBP).seen("NBP", "", "").billable("true"),
        template("nbp-false", 1, NBP).seen("NBP", "", "").billable("false"),
        template("pmp-false", 4, PMP1).seen("PMP", "regular", "utility").billable("false"),
    ];
    let mut add = |[inbound, out]: [Row; 2], category: &str, model: &str, billable: &str| {
        rows.extend([inbound, out.seen(model, "", category).billable(billable)]);
    };
    add(service("nbp-session", 5, NBP), "", "NBP", "false");
    // Within the free 1,000 and yet true.
    add(service("cbp2-free-tier", 6, CBP2), "service", "CBP", "true");
    add(service("cbp2-false", 7, CBP2), "service", "CBP", "false");
    add(service("cbp3-true", 8, CBP3), "service", "CBP", "true");
    add(service("cbp3-false", 9, CBP3), "service", "CBP", "false");
    let ran = replay(&rows, &["--allow-unpriced"]);
    assert_eq!(ran.verdict("cbp2-free-tier"), "free:free_tier R49");
    let mut found = ran.disagreements();
    found.sort();
    let expected = [("cbp2-false", "free_entry_point"), ("nbp-false", "template_or_service")];
    assert_eq!(found, expected.map(|(id, cause)| (id.to_owned(), cause.to_owned())));
}

/// Two neighbours of a kind share Meta's conversation exactly where they share ours.
#[test]
fn bounds_of_conversations() {
    let row = |id: &str, after: &str, theirs: &str| {
        Row::new(id, 0, CBP2)
            .later(after)
            .template("marketing")
            .seen("CBP", "", "marketing")
            .with("conversation_id", theirs)
    };
    let same = [row("a", "0h", "x"), row("b", "1h", "x"), row("c", "25h", "y"), row("d", "26h", "y")];
    assert!(replay(&same, &[]).disagreements().is_empty());
    let early = [row("a", "0h", "x"), row("b", "1h", "x"), row("c", "2h", "y"), row("d", "25h", "y")];
    let boundary = |id: &str| (id.to_owned(), "conversation_boundary".to_owned());
    assert_eq!(replay(&early, &[]).disagreements(), [boundary("c"), boundary("d")]);
    let ids_by_message: Vec<Row> = ["0h", "1h", "2h"]
        .iter()
        .map(|after| Row::new(&format!("p{after}"), 0, PMP1).later(after).template("marketing"))
        .map(|row| row.clone().seen("PMP", "regular", "marketing").with("conversation_id", &row.id()))
        .collect();
    assert!(replay(&ids_by_message, &[]).disagreements().is_empty(), "by message each has its own");
}

#[test]
fn leftovers_of_conversation_pricing_carry_its_model_r12() {
    let opener = Row::new("a", 0, "2025-06-30T12:00:00Z").template("utility").seen("CBP", "", "utility");
    let opener = opener.with("conversation_id", "x");
    let late = |model, kind| {
        let row = Row::new("b", 0, "2025-07-01T02:00:00Z").template("utility").seen(model, kind, "utility");
        replay(&[opener.clone(), row.with("conversation_id", if model == "CBP" { "x" } else { "" })], &[])
    };
    let ran = late("CBP", "");
    assert_eq!(ran.verdict("b"), "covered:utility R12");
    assert!(ran.disagreements().is_empty());
    assert_eq!(late("PMP", "regular").disagreements(), [("b".to_owned(), "regime_date".to_owned())]);
}

#[test]
fn exempt_accounts() {
    let base = |id: &str, place, number: &str| Row::new(id, place, PMP2).number(number);
    let send = |id: &str, place, number: &str, exempt: &str| {
        let out = base(id, place, number).text().seen("PMP", "regular", "service").with("pricing_subtype", exempt);
        [base(id, place, number).inbound(&format!("in-{id}"), "-1h"), out]
    };
    let rows = [
        // Number 3 is exempt and beyond its 1,000; number 2 is beyond and not exempt.
        send("both", 0, "3", "paid_exempt"),
        send("ours", 1, "3", ""),
        send("theirs", 2, "2", "paid_exempt"),
        send("tier", 3, "1", "paid_exempt"),
    ];
    let ran = replay(&rows.concat(), &[]);
    assert_eq!(ran.verdict("both"), "free:paid_exempt R54");
    let mut found = ran.disagreements();
    found.sort();
    let expected = [("ours", "exemption"), ("theirs", "exemption"), ("tier", "free_tier")];
    assert_eq!(found, expected.map(|(id, cause)| (id.to_owned(), cause.to_owned())));
}

#[test]
fn delivered_but_refused_by_our_rules() {
    let row = Row::new("a", 0, PMP1).text().seen("PMP", "free_customer_service", "service");
    let refuse = ["--set", "delivered_against_rule=refuse"];
    let ran = replay(std::slice::from_ref(&row), &refuse);
    assert_eq!(ran.disagreements(), [("a".to_owned(), "delivery".to_owned())]);
    assert!(replay(&[row], &[]).disagreements().is_empty());
}

#[test]
fn what_cannot_be_compared() {
    let regular = |id: &str, place| Row::new(id, place, PMP1).template("utility").seen("PMP", "regular", "utility");
    let agent = Row::new("agent", 2, PMP2).text().with("product", "business_agent").with("tokens", "9");
    let rows = [
        regular("undelivered", 0).with("delivered_at", ""),
        regular("waived", 1).number("4"),
        Row::new("in", 2, PMP2).inbound("in-agent", "-1h"),
        agent.seen("PMP", "regular", "service"),
        regular("app", 3).with("origin", "business_app"),
        regular("half", 4).with("pricing_type", ""),
        regular("unheard", 5).with("pricing_type", "free_of_thought"),
        regular("ai", 6).with("pricing_category", "general_purpose_ai"),
        Row::new("nothing", 7, PMP1).template("utility").with("conversation_id", "an id of some inbox"),
    ];
    let ran = replay(&rows, &[]);
    let observed = &ran.summary["observed"];
    let reasons =
        ["ai_provider", "business_agent", "incomplete", "not_delivered", "outside_api", "unknown_value", "waived"];
    let found = observed["not_comparable"].as_array().unwrap();
    assert_eq!(found.iter().map(|one| one["reason"].as_str().unwrap()).collect::<Vec<_>>(), reasons);
    assert!(found.iter().all(|one| one["messages"] == 1));
    assert_eq!((&observed["carried"], &observed["compared"]), (&json!(7), &json!(0)));
    assert_eq!(observed["agreement_percent"], json!(null));
    assert!(!ran.has_disagreements_file());
    assert!(ran.stdout.contains("nothing that can be compared"), "{}", ran.stdout);
}

#[test]
fn a_regime_by_hand_is_compared_only_on_its_own_days() {
    let row = |id: &str, place, at| Row::new(id, place, at).template("utility").seen("PMP", "regular", "utility");
    let rows = [row("before", 0, PMP1), row("on", 1, PMP2)];
    let ran = replay(&rows, &["--regime", "pmp-2026-10"]);
    let observed = &ran.summary["observed"];
    assert_eq!((&observed["compared"], &observed["agreed"]), (&json!(1), &json!(1)));
    assert_eq!(observed["not_comparable"][0]["reason"], "regime_by_hand");
}

#[test]
fn a_log_without_metas_verdict_says_nothing_of_it() {
    let ran = replay(&[Row::new("a", 0, PMP1).template("utility")], &[]);
    assert_eq!(ran.summary["observed"], json!(null));
    assert!(!ran.has_disagreements_file());
    assert!(!ran.stdout.contains("Meta's own verdict"));
}

/// Five compared, three agree; one only announces a price.
#[test]
fn matrix_and_percentage_by_hand() {
    let marketing =
        |id: &str, place, kind, category| Row::new(id, place, PMP1).template("marketing").seen("PMP", kind, category);
    let rows = [
        marketing("a", 0, "regular", "marketing"),
        marketing("b", 1, "regular", "marketing"),
        marketing("c", 2, "regular", "utility"),
        marketing("d", 3, "regular", "utility"),
        Row::new("e", 4, PMP2).template("utility").seen("PMP", "regular", "utility"),
        marketing("f", 5, "regular", "marketing").with("delivered_at", ""),
    ];
    let ran = replay(&rows, &[]);
    let observed = &ran.summary["observed"];
    assert_eq!(observed["agreement_percent"], "60.00");
    let row = |regime, category, theirs, messages, agreed| {
        json!({ "regime": regime, "verdict": "charged", "reason": "", "category": category, "meta_model": "PMP",
            "meta_type": "regular", "meta_category": theirs, "messages": messages, "agreed": agreed })
    };
    let expected = [
        row("pmp-2025-07", "marketing", "marketing", 2, 2),
        row("pmp-2025-07", "marketing", "utility", 2, 0),
        row("pmp-2026-10", "utility", "utility", 1, 1),
    ];
    assert_eq!(observed["matrix"], json!(expected));
    assert_eq!(observed["causes"].as_array().unwrap().len(), 1);
    assert_eq!(observed["causes"][0]["messages"], 2);
    let printed = "Meta's own verdict  60 % of 5 messages agree with ours (disagreements.csv)\n  2 of 2 disagreements: \
                   template category at send differs\n";
    assert!(ran.stdout.contains(printed), "{}", ran.stdout);
    assert!(ran.flags("c").contains("VERDICT_MISMATCH") && !ran.flags("a").contains("VERDICT_MISMATCH"));
    let first = ran.table("disagreements.csv").remove(0);
    let columns =
        ["regime", "our_verdict", "our_reason", "our_category", "our_rule", "meta_model", "meta_type", "meta_category"];
    let values = columns.map(|column| first[column].clone());
    assert_eq!(values, ["pmp-2025-07", "charged", "", "marketing", "R55", "PMP", "regular", "utility"]);
    assert!(first["explanation"].contains("templates.csv"));
}

#[test]
fn only_billed_days_are_compared() {
    let row = |id: &str, place, at| Row::new(id, place, at).template("marketing").seen("PMP", "regular", "utility");
    let ran = replay(&[row("a", 0, PMP1), row("b", 1, "2025-09-05T08:00:00Z")], &["--bill-from", "2025-09-05"]);
    assert_eq!(ran.summary["observed"]["carried"], 1);
    assert_eq!(ran.disagreements(), [("b".to_owned(), "template_category".to_owned())]);
}

/// What Meta says of one message may stand in several rows, in any order.
#[test]
fn rows_of_one_message_and_their_order_do_not_matter() {
    let mut rows = Vec::new();
    for place in 0..40 {
        let base = Row::new(&format!("m{place}"), place, PMP1).template("marketing");
        let category = if place % 4 == 0 { "utility" } else { "marketing" };
        let whole = base.clone().seen("PMP", "regular", category);
        rows.push(whole.clone().with("pricing_category", "").with("delivered_at", ""));
        rows.push(whole.with("pricing_type", "").with("pricing_model", ""));
        rows.push(base);
    }
    let one = replay(&rows, &["--threads", "1"]);
    rows.reverse();
    rows.extend(rows.clone());
    let two = replay(&rows, &["--threads", "4"]);
    assert_eq!(one.summary["observed"], two.summary["observed"]);
    assert_eq!(one.summary["observed"]["agreement_percent"], "75.00");
    assert_eq!(one.text("disagreements.csv"), two.text("disagreements.csv"));
    let order: Vec<String> = one.table("verdicts.csv").iter().map(|row| row["message_id"].clone()).collect();
    let places = one.table("disagreements.csv");
    let places = places.iter().map(|row| order.iter().position(|own| *own == row["message_id"]));
    let places: Vec<Option<usize>> = places.collect();
    assert!(places.is_sorted() && places.len() == 10, "in the order of verdicts.csv");
}

/// A message of a free entry point, so long after its answer.
fn inside(id: &str, after: &str) -> Row {
    Row::new(id, 0, PMP2).later(after).template("marketing")
}

fn click() -> Row {
    Row::new("", 0, PMP2).inbound("click", "-1h").with("referral_source_type", "ad")
}

#[test]
fn the_end_of_a_free_entry_point_is_metas_r37() {
    let ends =
        |at| inside("open", "0h").seen("PMP", "free_entry_point", "marketing").with("conversation_expires_at", at);
    let rows = |at| [click(), ends(at), inside("b", "47h"), inside("c", "49h"), inside("d", "71h"), inside("e", "73h")];
    let short = replay(&rows("2026-10-15T08:00:00Z"), &[]);
    let free: Vec<bool> = ["open", "b", "c", "d"].iter().map(|id| short.verdict(id).starts_with("free")).collect();
    assert_eq!(free, [true, true, false, false], "48 h by Meta's word");
    let without = replay(&rows(""), &[]);
    assert_eq!(
        (without.verdict("d").as_str(), without.verdict("e").as_str()),
        ("free:free_entry_point R38", "charged R56")
    );
    let useless = replay(&rows("2026-10-13T08:00:00Z"), &[]);
    assert_eq!(useless.verdict("d"), "free:free_entry_point R38", "an end at its own start says nothing");
}

#[test]
fn a_rolling_end_is_corrected_by_a_later_message_r37() {
    let writes = Row::new("", 0, PMP2).inbound("writes", "70h");
    let corrected = inside("b", "71h").seen("PMP", "free_entry_point", "marketing");
    let corrected = corrected.with("conversation_expires_at", "2026-10-16T10:00:00Z");
    let rows = |b| [click(), inside("open", "0h"), writes.clone(), b, inside("c", "73h"), inside("d", "75h")];
    let rolled = replay(&rows(inside("b", "71h")), &[]);
    assert_eq!(rolled.verdict("d"), "free:free_entry_point R38", "94 h by the rolling rule");
    let ran = replay(&rows(corrected), &[]);
    assert_eq!((ran.verdict("c").as_str(), ran.verdict("d").as_str()), ("free:free_entry_point R38", "charged R56"));
}

/// The moment that counts by conversation is the delivery: one sent before the answer was delivered still corrects the end.
#[test]
fn an_end_is_corrected_at_the_moment_that_counts() {
    let base = |id: &str, after: &str| Row::new(id, 0, CBP2).later(after).template("marketing");
    let inbound = Row::new("", 0, CBP2).inbound("click", "-1h").with("referral_source_type", "ad");
    let slow = base("open", "0h").with("delivered_at", "2024-03-05T10:00:00Z");
    let early = base("b", "1h").with("delivered_at", "2024-03-05T11:00:00Z").seen("CBP", "", "referral_conversion");
    let early = early.with("conversation_expires_at", "2024-03-06T08:00:00Z");
    let ran = replay(&[inbound, slow, early, base("c", "30h")], &[]);
    assert_eq!(ran.verdict("b"), "covered:free_entry_point R38");
    assert_eq!(ran.verdict("c"), "charged R27");
}

#[test]
fn a_free_entry_point_that_only_meta_shows() {
    let seen = |id: &str, after: &str| inside(id, after).seen("PMP", "free_entry_point", "marketing");
    let ends = seen("open", "0h").with("conversation_expires_at", "2026-10-15T08:00:00Z");
    let ran = replay(&[ends, seen("b", "1h"), inside("c", "2h"), inside("d", "49h")], &[]);
    let verdicts = ["open", "b", "c", "d"].map(|id| ran.verdict(id));
    let inside = "free:free_entry_point R38";
    assert_eq!(verdicts, ["free:free_entry_point R35", inside, inside, "charged R56"]);
    assert!(ran.flags("open").contains("FEP_FROM_PRICING") && !ran.flags("b").contains("FEP_FROM_PRICING"));
    assert_eq!(ran.summary["observed"]["agreement_percent"], "100.00");
    assert!(ran.stdout.contains("100 % of 2 messages agree with ours\n"), "{}", ran.stdout);
    assert_eq!(ran.text("disagreements.csv").lines().count(), 1, "a header and nothing else");
}
