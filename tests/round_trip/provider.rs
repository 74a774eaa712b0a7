//! The same scenario as three providers export it. Each loses something else (log-formats §4).

use serde_json::{Map, Value, json};

use super::outcome::Outcome;
use super::pricing::said;
use super::scenario::{Kind, Message, NUMBERS, Scenario, rfc3339};

/// YCloud: webhooks with every time, the name of the template and Meta's category of the price.
pub(crate) fn ycloud(scenario: &Scenario, outcome: &Outcome) -> String {
    let event = |message: &Message| {
        let (kind, key, own) = if message.inbound {
            ("whatsapp.inbound_message.received", "whatsappInboundMessage", ycloud_inbound(message))
        } else {
            ("whatsapp.message.updated", "whatsappMessage", ycloud_outbound(message, scenario, outcome))
        };
        let at = message.failed.map_or(message.at, |(at, _)| at);
        json!({ "id": format!("evt-{}", message.id), "type": kind, "createTime": rfc3339(at), key: own }).to_string()
            + "\n"
    };
    scenario.messages.iter().map(event).collect()
}

fn ycloud_inbound(message: &Message) -> Value {
    let number = NUMBERS[message.number];
    let mut object = json!({
        "id": format!("y-{}", message.id), "wamid": message.id, "wabaId": number.waba, "to": format!("+{}", number.phone),
        "type": "text", "sendTime": rfc3339(message.at),
    });
    set_filled(&mut object, &[("from", &message.phone), ("fromUserId", &message.user)]);
    if let Some(source) = message.referral {
        object["referral"] = json!({ "source_type": source, "source_id": "120" });
    }
    object
}

fn ycloud_outbound(message: &Message, scenario: &Scenario, outcome: &Outcome) -> Value {
    let number = NUMBERS[message.number];
    let mut object = json!({
        "id": format!("y-{}", message.id), "wamid": message.id, "wabaId": number.waba, "from": format!("+{}", number.phone),
        "status": last_status(message), "sendTime": rfc3339(message.at),
    });
    let time = |at: Option<i64>| at.map(rfc3339).unwrap_or_default();
    let code = message.failed.map(|(_, code)| code.to_string()).unwrap_or_default();
    set_filled(&mut object, &[("to", &message.phone), ("recipientUserId", &message.user), ("errorCode", &code)]);
    set_filled(&mut object, &[("deliverTime", &time(message.delivered)), ("readTime", &time(message.read))]);
    object["type"] = if matches!(message.kind, Kind::Template(_)) { "template" } else { "text" }.into();
    if let Kind::Template(category) = message.kind {
        object["template"] = json!({ "name": format!("about_{category}"), "language": "en" });
    }
    if let Some(said) = said(message, scenario, outcome) {
        let pricing = |key: &str| said.pricing[key].as_str().unwrap_or_default().to_owned();
        let names = [("pricingCategory", "category"), ("pricingType", "type"), ("pricingModel", "pricing_model")];
        for (own, meta) in names {
            set_filled(&mut object, &[(own, &pricing(meta))]);
        }
        if let Some(conversation) = said.conversation.filter(|_| !said.alone) {
            object["conversation"] = json!({ "id": conversation.id, "originType": conversation.origin });
        }
    }
    object
}

fn set_filled(object: &mut Value, texts: &[(&str, &str)]) {
    for (key, text) in texts.iter().filter(|(_, text)| !text.is_empty()) {
        object[*key] = (*text).into();
    }
}

fn last_status(message: &Message) -> &'static str {
    match (message.read, message.delivered, message.failed) {
        (Some(_), ..) => "read",
        (_, Some(_), _) => "delivered",
        (.., Some(_)) => "failed",
        _ => "sent",
    }
}

/// Twilio's export: one status, when it was sent, and neither template nor referral nor Meta's word.
pub(crate) fn twilio(scenario: &Scenario) -> String {
    let record = |message: &Message| {
        let (own, customer) = (NUMBERS[message.number].phone, message.phone.as_str());
        let (from, to) = if message.inbound { (customer, own) } else { (own, customer) };
        let status = if message.inbound { "received" } else { last_status(message) };
        let code = if message.failed.is_some() { json!(63016) } else { Value::Null };
        let record = json!({
            "sid": format!("SM{}", message.id), "account_sid": "AC1", "from": format!("whatsapp:+{from}"),
            "to": format!("whatsapp:+{to}"), "body": "hello", "num_segments": 1, "num_media": 0,
            "direction": if message.inbound { "inbound" } else { "outbound-api" }, "status": status, "error_code": code,
            "date_created": rfc3339(message.at), "date_sent": rfc3339(message.at), "price": "-0.005",
        });
        record.to_string() + "\n"
    };
    scenario.messages.iter().map(record).collect()
}

/// chatwoot's messages: one status, the template with its category from some version on.
pub(crate) fn chatwoot(scenario: &Scenario, with_categories: bool) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = "id,message_type,status,private,source_id,content_type,content_attributes,additional_attributes,created_at,updated_at,inbox_id,conversation_id,channel_type,phone_number";
    writer.write_record(header.split(',')).expect("written");
    for (at, message) in scenario.messages.iter().enumerate() {
        let time = rfc3339(message.at).replace('T', " ").replace('Z', "");
        let status = ["sent", "delivered", "read", "failed"].iter().position(|name| *name == last_status(message));
        let status = if message.inbound { 0 } else { status.expect("one of them") };
        let error = message.failed.map_or(json!({}), |(_, code)| json!({ "external_error": format!("{code}: no") }));
        let record = [
            at.to_string(),
            if message.inbound { "0" } else { "1" }.to_owned(),
            status.to_string(),
            "f".to_owned(),
            message.id.clone(),
            "0".to_owned(),
            error.to_string(),
            Value::Object(template_params(message, with_categories)).to_string(),
            time.clone(),
            time,
            inbox(message.number),
            "70".to_owned(),
            "Channel::Whatsapp".to_owned(),
            format!("+{}", message.phone),
        ];
        writer.write_record(record).expect("written");
    }
    String::from_utf8(writer.into_inner().expect("flushed")).expect("UTF-8")
}

/// chatwoot knows numbers by inbox.
pub(crate) fn inbox(number: usize) -> String {
    (7 + number).to_string()
}

fn template_params(message: &Message, with_category: bool) -> Map<String, Value> {
    let mut attributes = Map::new();
    if let Kind::Template(category) = message.kind {
        let mut params = json!({ "name": format!("about_{category}"), "language": "en" });
        if with_category {
            params["category"] = category.to_ascii_uppercase().into();
        }
        attributes.insert("template_params".into(), params);
    }
    attributes
}
