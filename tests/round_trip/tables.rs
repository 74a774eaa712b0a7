//! Providers' tables: the same bill where they carry what is needed, else bounds that contain it.

use super::canonical;
use super::compare::units;
use super::outcome::{Desk, Outcome};
use super::provider::{chatwoot, inbox, twilio, ycloud};
use super::scenario::{Kind, Message, NUMBERS, Number, Scenario, all};
use super::trip::{SIDE_FILES, by_canonical_log};

/// What no provider's table holds: groups, calls, the app's messages, notices, and events that open no window.
fn in_tables(message: &Message) -> bool {
    let event = [Kind::Plain("request_welcome"), Kind::Call].contains(&message.kind);
    let notice = matches!(message.kind, Kind::NumberChange(_));
    message.group.is_empty() && message.origin == "api" && !event && !notice
}

fn only(scenario: &Scenario, keep: impl Fn(&Message) -> bool) -> Scenario {
    Scenario {
        messages: scenario.messages.iter().filter(|message| keep(message)).cloned().collect(),
        ..scenario.clone()
    }
}

/// Customers who are known by number alone. Deliveries take place at once: when one did is not told and not bounded (docs/bounds.md).
/// Every customer message is a text: others may not be in the table at all.
fn plainly(scenario: &Scenario) -> Scenario {
    let users: Vec<String> =
        scenario.messages.iter().filter(|one| !one.user.is_empty()).map(|one| one.phone.clone()).collect();
    let mut plain =
        only(scenario, |message| in_tables(message) && !users.contains(&message.phone) && message.user.is_empty());
    for message in &mut plain.messages {
        message.delivered = message.delivered.map(|_| message.at);
        message.read = message.read.map(|_| message.at);
        if message.inbound {
            message.kind = Kind::Plain("text");
        }
    }
    plain
}

/// Replays a table with the side files of a scenario, in which numbers have the ids that the table gives them.
fn by_table(desk: &Desk, scenario: &Scenario, name: &str, text: &str, id_of: impl Fn(&Number) -> String) -> Outcome {
    desk.write(name, text);
    desk.write("accounts.csv", canonical::accounts(&id_of));
    desk.write("carry_in.csv", canonical::carry_in(scenario, &id_of));
    desk.replay(&[name], &SIDE_FILES)
}

/// `currency: low ≤ bill ≤ high` where that is not so.
fn outside_of_bounds(truth: &Outcome, table: &Outcome) -> Vec<String> {
    let all = table.summary["bounds"].as_array().cloned().unwrap_or_default();
    let bound = |currency: &str, side: &str| {
        let own = all.iter().find(|bounds| bounds["currency"] == currency);
        let text = own.and_then(|bounds| bounds[side].as_str()).map(str::to_owned);
        text.or_else(|| table.totals().get(currency).cloned()).unwrap_or_else(|| "0".to_owned())
    };
    let fault = |(currency, bill): (&String, &String)| {
        let (low, high) = (bound(currency, "low"), bound(currency, "high"));
        let within = (units(&low)..=units(&high)).contains(&units(bill));
        (!within).then(|| format!("{currency}: {bill} not in {low} to {high}"))
    };
    truth.totals().iter().filter_map(fault).collect()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} tables:\n{}", faults.len(), faults.join("\n"));
}

fn phone(number: &Number) -> String {
    number.phone.to_owned()
}

/// Everything that a bill needs is there: categories through Meta's word, all times, referrals.
#[test]
fn ycloud_gives_the_same_bill() {
    let mut faults = Vec::new();
    for scenario in all() {
        let scenario = only(&scenario, in_tables);
        let (desk, _, truth) = by_canonical_log(&scenario);
        let table = by_table(&desk, &scenario, "ycloud.jsonl", &ycloud(&scenario, &truth), phone);
        if table.totals() != truth.totals() {
            faults.push(format!("{} {}: {:?} {:?}", scenario.seed, scenario.first, truth.totals(), table.totals()));
        }
        faults.extend(outside_of_bounds(&truth, &table));
    }
    assert_none(&faults);
}

/// Neither template nor category, referral or Meta's word. In an open window a template cannot be told from a reply either, and no
/// bound covers that: templates stand outside of windows here.
#[test]
fn twilio_bounds_contain_the_bill() {
    let mut faults = Vec::new();
    for scenario in all() {
        let scenario = without_templates_in_windows(&plainly(&scenario));
        let (desk, _, truth) = by_canonical_log(&scenario);
        let table = by_table(&desk, &scenario, "twilio.jsonl", &twilio(&scenario), phone);
        let found = outside_of_bounds(&truth, &table);
        faults.extend(found.iter().map(|fault| format!("{} {}: {fault}", scenario.seed, scenario.first)));
    }
    assert_none(&faults);
}

fn without_templates_in_windows(scenario: &Scenario) -> Scenario {
    only(scenario, |message| {
        let open = scenario.messages.iter().any(|other| {
            let same_chat = other.number == message.number
                && other.phone[..11.min(other.phone.len())] == message.phone[..11.min(message.phone.len())];
            same_chat && other.inbound && other.at <= message.at && message.at < other.at + 86_400
        });
        !(open && matches!(message.kind, Kind::Template(_)))
    })
}

/// Templates are known, their categories in newer versions only; no referral.
#[test]
fn chatwoot_bounds_contain_the_bill() {
    let mut faults = Vec::new();
    for scenario in all() {
        for with_categories in [true, false] {
            let scenario = plainly(&scenario);
            let (desk, _, truth) = by_canonical_log(&scenario);
            let id_of = |number: &Number| inbox(NUMBERS.iter().position(|own| own.id == number.id).expect("its place"));
            let text = chatwoot(&scenario, with_categories);
            let table = by_table(&desk, &scenario, "chatwoot.csv", &text, id_of);
            let found = outside_of_bounds(&truth, &table);
            faults.extend(
                found.iter().map(|fault| format!("{} {} {with_categories}: {fault}", scenario.seed, scenario.first)),
            );
        }
    }
    assert_none(&faults);
}
