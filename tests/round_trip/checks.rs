//! The checks of log-formats §8 one by one, on webhooks written by hand. The others: 8 and 10 to 12 are in tests/webhooks.rs and in the
//! scenarios.

use serde_json::{Value, json};

use super::outcome::{Desk, Outcome};

const BRAZIL: &str = "5511999990001";

fn at(time: &str) -> String {
    super::scenario::seconds(time).to_string()
}

fn body(field: &str, lists: &Value) -> String {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550001111", "phone_number_id": "100000000000001" },
    });
    value.as_object_mut().expect("an object").extend(lists.as_object().expect("an object").clone());
    let entry = json!({ "id": "200000000000001", "changes": [{ "field": field, "value": value }] });
    json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string()
}

fn status(id: &str, status: &str, time: &str) -> Value {
    json!({ "id": id, "status": status, "timestamp": at(time), "recipient_id": BRAZIL })
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}

fn statuses(list: &[Value]) -> String {
    body("messages", &json!({ "statuses": list }))
}

fn message(time: &str) -> Value {
    json!({ "id": "wamid.IN", "timestamp": at(time), "type": "text", "text": { "body": "hello" } })
}

fn received(message: Value) -> String {
    body("messages", &json!({ "messages": [message] }))
}

fn pricing(kind: &str, category: &str) -> Value {
    json!({ "billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category })
}

fn run(lines: &[String]) -> Outcome {
    run_with(lines, &["--timezone", "UTC"])
}

fn run_with(lines: &[String], arguments: &[&str]) -> Outcome {
    let desk = Desk::new();
    desk.write("log.jsonl", lines.join("\n"));
    desk.write("accounts.csv", "phone_number_id,waba_timezone\n100000000000001,America/Sao_Paulo\n");
    desk.replay(&["log.jsonl"], arguments)
}

/// `verdict reason billed_cost` of each message, in order of id and customer.
fn said(outcome: &Outcome) -> Vec<String> {
    let cell = |cells: &super::outcome::Cells| {
        [&cells["verdict"], &cells["reason"], &cells["billed_cost"]].map(String::as_str).join(" ")
    };
    outcome.verdicts.values().map(cell).collect()
}

/// Rates in USD, Brazil: marketing 0.0625, utility and service 0.0068 (2026-10); 2024: utility 0.008.
const MARKETING: &str = "charged  0.0625";

/// §8.1 and §8.2.
#[test]
fn framing_order_and_doubles_change_nothing() {
    let priced =
        |state: &str, time: &str| with(status("wamid.A", state, time), "pricing", pricing("regular", "marketing"));
    let events = [
        received(with(message("2026-10-05T09:00:00Z"), "from", BRAZIL.into())),
        statuses(&[priced("sent", "2026-10-05T10:00:00Z")]),
        statuses(&[priced("delivered", "2026-10-05T10:00:05Z")]),
        statuses(&[status("wamid.A", "read", "2026-10-05T10:00:09Z")]),
    ];
    let whole = run(&events);
    assert_eq!(said(&whole), [MARKETING]);
    let changes = |body: &String| {
        let body: Value = serde_json::from_str(body).expect("JSON");
        body["entry"][0]["changes"][0]["value"].to_string()
    };
    let entry_of = |body: &String| -> Value { serde_json::from_str::<Value>(body).expect("JSON")["entry"][0].clone() };
    let one_post = json!({ "entry": events.each_ref().map(entry_of) }).to_string();
    let backwards: Vec<String> = events.iter().rev().cloned().collect();
    let doubled: Vec<String> = events.iter().chain(&events).cloned().collect();
    for other in [run(&backwards), run(&doubled), run(&[one_post])] {
        assert_eq!(other.bytes, whole.bytes);
    }
    // A bare value does not know its WABA.
    assert_eq!(said(&run(&events.each_ref().map(changes))), [MARKETING]);
}

/// §8.3.
#[test]
fn reading_alone_is_billed_once() {
    let read = with(status("wamid.A", "read", "2026-10-05T10:00:09Z"), "pricing", pricing("regular", "marketing"));
    let outcome = run(&[statuses(&[status("wamid.A", "sent", "2026-10-05T10:00:00Z")]), statuses(&[read])]);
    assert_eq!(said(&outcome), [MARKETING]);
    assert_eq!(outcome.verdicts.values().next().expect("one")["delivered_at"], "2026-10-05T10:00:09Z");
}

/// §8.4: ten statuses and one conversation, one charge; ten messages with a conversation each, ten charges.
#[test]
fn the_id_of_a_conversation_is_shared_or_not() {
    let message = |at: usize, day: &str, conversation: &str, pricing: &Value| {
        let one = |state: &str, second: usize| {
            let time = format!("{day}T10:{at:02}:{second:02}Z");
            let object = with(status(&format!("wamid.{at}"), state, &time), "pricing", pricing.clone());
            with(object, "conversation", json!({ "id": conversation, "origin": { "type": "utility" } }))
        };
        statuses(&[one("sent", 0), one("delivered", 3)])
    };
    let cbp = json!({ "billable": true, "pricing_model": "CBP", "category": "utility" });
    let shared: Vec<String> = (0..5).map(|at| message(at, "2024-09-05", "c", &cbp)).collect();
    let outcome = run(&shared);
    assert_eq!(
        said(&outcome),
        ["charged  0.008", "covered utility 0", "covered utility 0", "covered utility 0", "covered utility 0"]
    );
    assert_eq!(outcome.conversations.len(), 1);
    let pmp = pricing("regular", "utility");
    let own: Vec<String> = (0..10).map(|at| message(at, "2026-03-05", &format!("c{at}"), &pmp)).collect();
    assert_eq!(said(&run(&own)), ["charged  0.0068"; 10]);
}

/// §8.5: utility inside of a window is free until the account's own midnight.
#[test]
fn the_same_payload_is_priced_by_the_local_date() {
    let log = |inbound: &str, sent: &str, kind: &str| {
        let inbound = received(with(message(inbound), "from", BRAZIL.into()));
        let delivered = with(status("wamid.A", "delivered", sent), "pricing", pricing(kind, "utility"));
        run_with(&[inbound, statuses(&[status("wamid.A", "sent", sent), delivered])], &["--accounts", "accounts.csv"])
    };
    let september = log("2026-10-01T02:00:00Z", "2026-10-01T02:59:59Z", "free_customer_service");
    assert_eq!(said(&september), ["free free_customer_service 0"]);
    let october = log("2026-10-01T02:00:00Z", "2026-10-01T03:00:00Z", "regular");
    assert_eq!(said(&october), ["charged  0.0068"]);
}

/// §8.6: five recipients, five prices.
#[test]
fn each_participant_of_a_group_is_billed() {
    let participants = [BRAZIL, "919800000001", "4915110000001", "5255100000001", "9715010000001"];
    let one = |participant: &&str| {
        let group = with(status("wamid.G", "delivered", "2026-08-05T10:00:00Z"), "recipient_id", "GROUP".into());
        let group =
            with(with(group, "recipient_type", "group".into()), "recipient_participant_id", (*participant).into());
        with(group, "conversation", json!({ "id": "c", "pricing": pricing("regular", "group_marketing") }))
    };
    let list: Vec<Value> = participants.iter().map(one).collect();
    let outcome = run(&[statuses(&list)]);
    assert_eq!(outcome.verdicts.len(), 5);
    let markets: std::collections::BTreeSet<&String> = outcome.verdicts.values().map(|row| &row["market"]).collect();
    assert_eq!(markets.len(), 5);
    assert!(outcome.verdicts.values().all(|row| row["verdict"] == "charged" && row["category"] == "group_marketing"));
}

/// §8.7: the window that a customer opened without a number holds for a message to the number.
#[test]
fn a_business_scoped_id_and_a_number_are_one_customer() {
    let user = "BR.2081978709342942";
    let inbound = received(with(message("2026-09-05T09:00:00Z"), "from_user_id", user.into()));
    let sent = with(status("wamid.A", "sent", "2026-09-05T10:00:00Z"), "recipient_user_id", user.into());
    let delivered = with(
        status("wamid.B", "delivered", "2026-09-05T10:00:00Z"),
        "pricing",
        pricing("free_customer_service", "utility"),
    );
    let unpriced = statuses(&[status("wamid.A", "delivered", "2026-09-05T10:00:01Z")]);
    let outcome = run(&[inbound, statuses(&[sent]), unpriced, statuses(&[delivered])]);
    // Without Meta's word a message in an open window is free-form; with it, utility in the same window.
    assert_eq!(said(&outcome), ["free free_customer_service 0", "free free_customer_service 0"]);
    let categories: Vec<&String> = outcome.verdicts.values().map(|row| &row["category"]).collect();
    assert_eq!(categories, ["service", "utility"]);
}

/// §8.9.
#[test]
fn what_is_typed_in_the_app_is_never_charged() {
    let echo = json!({
        "from": "15550001111", "to": BRAZIL, "id": "wamid.E", "timestamp": at("2026-10-05T10:00:00Z"), "type": "text",
        "text": { "body": "hello" },
    });
    let outcome = run(&[body("smb_message_echoes", &json!({ "message_echoes": [echo] }))]);
    assert_eq!(said(&outcome), ["not_billed business_app 0"]);
}
