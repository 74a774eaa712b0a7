//! What happened in a scenario, as the objects of webhooks (log-formats §1.2 to §1.10).

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Map, Value, json};

use super::outcome::Outcome;
use super::pricing::{Said, said};
use super::scenario::{Kind, Message, NUMBERS, Scenario};

/// How webhooks looked and were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Whole bodies, up to v23: per-message pricing with a conversation for each message.
    Cloud23,
    /// From v24: a conversation in free entry points only.
    Cloud24,
    /// As v24, in Gupshup's wrapper, with its own ids and states.
    Gupshup3,
    /// One entry, twice a text, in a notification.
    Sns,
    /// `field` and `value` only.
    Change,
    /// `value` only, without account or number.
    OnPremises,
}

/// One thing that a webhook tells: which list of the value it stands in, and the contact beside it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) number: usize,
    pub(crate) field: &'static str,
    pub(crate) list: &'static str,
    pub(crate) object: Value,
    pub(crate) contact: Option<Value>,
}

/// All that webhooks tell of a scenario, in its order.
pub(crate) fn told(scenario: &Scenario, outcome: &Outcome, shape: Shape, dice: &mut ChaCha8Rng) -> Vec<Told> {
    let mut told = Vec::new();
    for message in &scenario.messages {
        match (message.origin, &message.kind) {
            ("history", _) => told.push(history(message)),
            ("business_app", _) => told.push(echo(message)),
            (_, Kind::Call) => told.push(call(message)),
            _ if message.inbound => told.push(inbound(message, shape)),
            _ => statuses(message, said(message, scenario, outcome), shape, &mut told, dice),
        }
    }
    told
}

fn tell(message: &Message, field: &'static str, list: &'static str, object: Value) -> Told {
    Told { number: message.number, field, list, object, contact: None }
}

fn contact(message: &Message) -> Value {
    let mut contact = Map::new();
    contact.insert("profile".into(), json!({ "name": "Ana" }));
    set(&mut contact, "wa_id", &message.phone);
    set(&mut contact, "user_id", &message.user);
    Value::Object(contact)
}

fn set(object: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        object.insert(key.to_owned(), text.into());
    }
}

/// `type` with its own object.
fn body(message: &Message) -> Map<String, Value> {
    let Kind::Plain(kind) = &message.kind else { unreachable!("notices and calls have their own form") };
    let mut object = Map::new();
    set(&mut object, "id", &message.id);
    set(&mut object, "timestamp", &message.at.to_string());
    set(&mut object, "type", kind);
    set(&mut object, "group_id", &message.group);
    let content = match *kind {
        "text" => json!({ "body": "hello" }),
        "reaction" => json!({ "message_id": "wamid.OTHER", "emoji": "\u{1F44D}" }),
        "button" => json!({ "payload": "YES", "text": "Yes" }),
        "interactive" => json!({ "type": "button_reply", "button_reply": { "id": "1", "title": "One" } }),
        _ => json!({ "id": "1" }),
    };
    object.insert((*kind).to_owned(), content);
    object
}

fn inbound(message: &Message, shape: Shape) -> Told {
    if let Kind::NumberChange(new) = &message.kind {
        let key = if shape == Shape::OnPremises { "new_wa_id" } else { "wa_id" };
        let notice = json!({
            "id": message.id, "from": message.phone, "timestamp": message.at.to_string(), "type": "system",
            "system": { "body": "changed", "type": "user_changed_number", key: new },
        });
        return tell(message, "messages", "messages", notice);
    }
    let mut object = body(message);
    set(&mut object, "from", &message.phone);
    set(&mut object, "from_user_id", &message.user);
    if let Some(source) = message.referral {
        let mut referral = json!({ "source_url": "https://fb.example/1", "source_id": "120" });
        if source != "unknown" {
            referral["source_type"] = source.into();
        }
        object.insert("referral".into(), referral);
    }
    Told { contact: Some(contact(message)), ..tell(message, "messages", "messages", Value::Object(object)) }
}

fn echo(message: &Message) -> Told {
    let mut object = body(message);
    set(&mut object, "from", NUMBERS[message.number].phone);
    set(&mut object, "to", &message.phone);
    tell(message, "smb_message_echoes", "message_echoes", Value::Object(object))
}

fn history(message: &Message) -> Told {
    let mut object = body(message);
    let (from, to) = (NUMBERS[message.number].phone, message.phone.as_str());
    set(&mut object, "from", if message.inbound { to } else { from });
    set(&mut object, "to", if message.inbound { "" } else { to });
    object.insert("history_context".into(), json!({ "status": "DELIVERED" }));
    let threads = json!([{ "id": message.phone, "messages": [object] }]);
    tell(message, "history", "history", json!({ "metadata": { "phase": 0, "chunk_order": 1 }, "threads": threads }))
}

fn call(message: &Message) -> Told {
    let own = NUMBERS[message.number].phone;
    let (from, to) = if message.inbound { (message.phone.as_str(), own) } else { (own, message.phone.as_str()) };
    let direction = if message.inbound { "USER_INITIATED" } else { "BUSINESS_INITIATED" };
    let event = if message.delivered.is_some() { "accepted" } else { "connect" };
    let object = json!({
        "id": message.id, "from": from, "to": to, "event": event, "timestamp": message.at.to_string(), "direction": direction,
    });
    tell(message, "calls", "calls", object)
}

/// Every state of a message. Meta's word stands on `sent` and on the first that tells of delivery, on one of them at least; reading in
/// an open chat stands for delivery.
fn statuses(message: &Message, said: Option<Said>, shape: Shape, told: &mut Vec<Told>, dice: &mut ChaCha8Rng) {
    let refused = message.failed.is_some_and(|(at, _)| at == message.at);
    let delivered = message.delivered.filter(|at| message.read != Some(*at));
    let enqueued = (shape == Shape::Gupshup3).then_some(message.at);
    let states = [
        ("enqueued", enqueued),
        ("sent", Some(message.at).filter(|_| !refused)),
        ("delivered", delivered),
        ("read", message.read),
        ("failed", message.failed.map(|(at, _)| at)),
    ];
    let first_evidence = if delivered.is_some() { "delivered" } else { "read" };
    let on_sent = dice.random_bool(0.7);
    let on_evidence = !on_sent || dice.random_bool(0.8);
    for (state, at) in states {
        let Some(at) = at else { continue };
        let mut object = status(message, state, at, shape);
        let says = (state == "sent" && on_sent) || (state == first_evidence && on_evidence);
        if let Some(said) = said.as_ref().filter(|_| says) {
            add_verdict(&mut object, said, message, state, shape);
        }
        if let (Some((_, code)), "failed") = (message.failed, state) {
            object.insert("errors".into(), json!([{ "code": code, "title": "no" }]));
        }
        let named = !message.user.is_empty() && state != "failed";
        let contact = named.then(|| contact(message));
        told.push(Told { contact, ..tell(message, "messages", "statuses", Value::Object(object)) });
    }
}

fn status(message: &Message, state: &str, at: i64, shape: Shape) -> Map<String, Value> {
    let mut object = Map::new();
    set(&mut object, "id", &message.id);
    set(&mut object, "status", state);
    let at = if state == "enqueued" { json!(at * 1000) } else { json!(at.to_string()) };
    object.insert("timestamp".into(), at);
    set(&mut object, "biz_opaque_callback_data", message.campaign);
    if message.group.is_empty() {
        set(&mut object, "recipient_id", &message.phone);
        set(&mut object, "recipient_user_id", &message.user);
    } else {
        set(&mut object, "recipient_id", &message.group);
        set(&mut object, "recipient_type", "group");
        set(&mut object, "recipient_participant_id", &message.phone);
    }
    match shape {
        Shape::Gupshup3 => set(&mut object, "gs_id", &format!("gs-{}", message.id)),
        Shape::OnPremises => set(&mut object, "type", "message"),
        _ => {}
    }
    object
}

fn add_verdict(object: &mut Map<String, Value>, said: &Said, message: &Message, state: &str, shape: Shape) {
    let with_conversation = !said.alone || shape == Shape::Cloud23;
    let conversation = said.conversation.as_ref().filter(|_| with_conversation).map(|own| {
        let mut conversation = json!({ "id": own.id, "origin": { "type": own.origin } });
        if state == "sent" {
            conversation["expiration_timestamp"] = own.expires.to_string().into();
        }
        conversation
    });
    match conversation {
        // In groups the one stands inside of the other.
        Some(mut conversation) if !message.group.is_empty() => {
            conversation["pricing"] = said.pricing.clone();
            object.insert("conversation".into(), conversation);
        }
        conversation => {
            object.insert("pricing".into(), said.pricing.clone());
            conversation.map(|conversation| object.insert("conversation".into(), conversation));
        }
    }
}
