//! A scenario as a canonical log: message form and event form as CSV, and as JSON lines (log-formats §5), with its side files.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::scenario::{Kind, Message, NUMBERS, Number, Scenario, rfc3339};

/// Filled columns by name.
pub(crate) type Row = BTreeMap<&'static str, String>;

/// Columns of both forms, then the times of the message form.
const SHARED: [&str; 16] = [
    "message_id",
    "direction",
    "phone_number_id",
    "waba_id",
    "business_phone",
    "customer_id",
    "customer_user_id",
    "group_id",
    "message_type",
    "template_name",
    "template_category",
    "status",
    "error_code",
    "referral_source_type",
    "origin",
    "campaign",
];
const TIMES: [(&str, &str); 5] = [
    ("created_at", "received"),
    ("sent_at", "sent"),
    ("delivered_at", "delivered"),
    ("read_at", "read"),
    ("failed_at", "failed"),
];

/// Everything that is known of a message.
pub(crate) fn row(message: &Message) -> Row {
    let number = NUMBERS[message.number];
    let (kind, category) = match &message.kind {
        Kind::Plain(kind) => (*kind, ""),
        Kind::Template(category) => ("template", *category),
        Kind::NumberChange(_) => ("system", ""),
        Kind::Call => ("call", ""),
    };
    let template = if category.is_empty() { String::new() } else { format!("{category}_{}", message.id.len() % 3) };
    let time = |at: Option<i64>| at.map(rfc3339).unwrap_or_default();
    // What is refused at once was never sent.
    let refused = message.failed.is_some_and(|(at, _)| at == message.at);
    let in_the_past = message.origin == "history" && !message.inbound;
    let cells = [
        ("message_id", message.id.clone()),
        ("direction", if message.inbound { "inbound" } else { "outbound" }.to_owned()),
        ("phone_number_id", number.id.to_owned()),
        ("waba_id", number.waba.to_owned()),
        ("business_phone", number.phone.to_owned()),
        ("customer_id", message.phone.clone()),
        ("customer_user_id", message.user.clone()),
        ("group_id", message.group.clone()),
        ("message_type", kind.to_owned()),
        ("template_name", template),
        ("template_category", category.to_owned()),
        ("status", if in_the_past { "delivered".to_owned() } else { String::new() }),
        ("error_code", message.failed.map(|(_, code)| code.to_string()).unwrap_or_default()),
        ("referral_source_type", message.referral.unwrap_or_default().to_owned()),
        ("origin", if message.origin == "api" { "" } else { message.origin }.to_owned()),
        ("campaign", message.campaign.to_owned()),
        ("created_at", time(message.inbound.then_some(message.at))),
        ("sent_at", time((!message.inbound && !refused).then_some(message.at))),
        ("delivered_at", time(message.delivered)),
        ("read_at", time(message.read)),
        ("failed_at", time(message.failed.map(|(at, _)| at))),
    ];
    cells.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

pub(crate) fn rows(scenario: &Scenario) -> Vec<Row> {
    scenario.messages.iter().map(row).collect()
}

/// Rows that do not say whose they are.
pub(crate) fn without_accounts(mut rows: Vec<Row>) -> Vec<Row> {
    for row in &mut rows {
        row.retain(|column, _| !["phone_number_id", "waba_id", "business_phone"].contains(column));
    }
    rows
}

/// Rows as CSV, with every column that some row fills.
pub(crate) fn csv(rows: &[Row]) -> String {
    let times = TIMES.map(|(column, _)| column);
    let all = SHARED.into_iter().chain(times).chain(["event", "event_at"]);
    let columns: Vec<&str> = all.filter(|column| rows.iter().any(|row| row.contains_key(column))).collect();
    let cell = |row: &Row, column: &str| row.get(column).cloned().unwrap_or_default();
    let line = |row: &Row| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = std::iter::once(columns.join(",")).chain(rows.iter().map(line)).collect();
    lines.join("\n") + "\n"
}

/// One row for each thing that happened.
pub(crate) fn events(rows: &[Row]) -> Vec<Row> {
    let mut events = Vec::new();
    for row in rows {
        for (column, event) in TIMES {
            let Some(at) = row.get(column) else { continue };
            let mut own: Row = row.clone();
            own.retain(|name, _| SHARED.contains(name));
            own.insert("event", event.to_owned());
            own.insert("event_at", at.clone());
            events.push(own);
        }
    }
    events
}

pub(crate) fn jsonl(rows: &[Row]) -> String {
    let object = |row: &Row| -> Map<String, Value> {
        row.iter().map(|(column, text)| ((*column).to_owned(), Value::from(text.as_str()))).collect()
    };
    rows.iter().map(|row| Value::Object(object(row)).to_string() + "\n").collect()
}

/// The accounts; a table may know a number of the business by another id.
pub(crate) fn accounts(id_of: impl Fn(&Number) -> String) -> String {
    let header = "phone_number_id,waba_id,business_phone,waba_timezone,currency,portfolio_id,primary_location,auth_intl_eligible_from\n";
    let row = |number: &Number| {
        let Number { waba, phone, zone, currency, location, .. } = number;
        format!("{},{waba},{phone},{zone},{currency},300000000000001,{location},2024-06-01\n", id_of(number))
    };
    header.to_owned() + &NUMBERS.iter().map(row).collect::<String>()
}

/// Allowances and first volume tiers are nearly used up in the months of the scenario.
pub(crate) fn carry_in(scenario: &Scenario, id_of: impl Fn(&Number) -> String) -> String {
    let mut text = "scope,id,month,market,category,used\n".to_owned();
    let mut months: Vec<String> = scenario.messages.iter().map(|message| rfc3339(message.at)[..7].to_owned()).collect();
    months.sort_unstable();
    months.dedup();
    for month in months {
        for number in &NUMBERS {
            text += &format!("service_allowance,{},{month},,,995\n", id_of(number));
        }
        for waba in [NUMBERS[0].waba, NUMBERS[2].waba] {
            text += &format!("conversation_allowance,{waba},{month},,,997\n");
        }
        for (category, used) in [("utility", 249_995), ("authentication", 499_995)] {
            text += &format!("volume_tier,300000000000001,{month},Brazil,{category},{used}\n");
        }
    }
    text
}

pub(crate) fn aliases(scenario: &Scenario) -> String {
    let line = |(old, new, at): &(String, String, i64)| format!("{old},{new},{}\n", rfc3339(*at));
    "old_customer_id,new_customer_id,at\n".to_owned() + &scenario.changes.iter().map(line).collect::<String>()
}
