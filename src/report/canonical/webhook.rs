//! Rows as Meta's webhooks, one a line: a customer's message, or one status of a message of the business (log-formats §1).
//!
//! Webhooks tell less than a row: nothing of template names, of the client a customer used, and of a Business Agent's tokens. What a
//! message is they tell by the category in `pricing`, which statuses since July 2025 have.

use std::io::{self, Write};

use chrono::DateTime;
use serde_json::{Map, Value, json};

use crate::model::{CanonicalRow, Column, FilledRow};

/// Writes webhooks in the order the rows come.
#[derive(Debug)]
pub struct WebhookWriter<W: Write> {
    out: W,
}

impl<W: Write> WebhookWriter<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> WebhookWriter<W> {
        WebhookWriter { out }
    }

    /// Writes what webhooks tell of a row of the message form.
    pub fn row(&mut self, row: &FilledRow<'_>) -> io::Result<()> {
        if row.get(Column::Direction) == "inbound" {
            return self.tell(row, "messages", &inbound(row)?);
        }
        let states = [
            ("sent", Column::SentAt),
            ("delivered", Column::DeliveredAt),
            ("read", Column::ReadAt),
            ("failed", Column::FailedAt),
        ];
        states
            .into_iter()
            .filter(|(_, column)| !row.get(*column).is_empty())
            .try_for_each(|(state, column)| self.tell(row, "statuses", &status(row, state, column)?))
    }

    fn tell(&mut self, row: &FilledRow<'_>, list: &str, object: &Value) -> io::Result<()> {
        let mut value = Map::new();
        value.insert("messaging_product".to_owned(), "whatsapp".into());
        value.insert("metadata".to_owned(), json!({ "phone_number_id": row.get(Column::PhoneNumberId) }));
        value.insert(list.to_owned(), json!([object]));
        let body = json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": row.get(Column::WabaId), "changes": [{ "field": "messages", "value": value }] }],
        });
        serde_json::to_writer(&mut self.out, &body)?;
        self.out.write_all(b"\n")
    }

    /// Gives back what it went to.
    pub fn finish(self) -> W {
        self.out
    }
}

fn seconds(row: &FilledRow<'_>, column: Column) -> io::Result<String> {
    let time = DateTime::parse_from_rfc3339(row.get(column));
    time.map(|time| time.timestamp().to_string()).map_err(|_| io::Error::other("a time of the log is no RFC 3339"))
}

fn inbound(row: &FilledRow<'_>) -> io::Result<Value> {
    let kind = row.get(Column::MessageType);
    let mut object = json!({
        "id": row.get(Column::MessageId),
        "from": row.get(Column::CustomerId),
        "timestamp": seconds(row, Column::CreatedAt)?,
        "type": kind,
    });
    object[kind] = match kind {
        "text" => json!({ "body": "hello" }),
        "button" => json!({ "payload": "YES", "text": "Yes" }),
        "interactive" => json!({ "type": "button_reply", "button_reply": { "id": "1", "title": "One" } }),
        _ => json!({ "id": "1" }),
    };
    if !row.get(Column::ReferralSourceType).is_empty() {
        let mut referral = json!({ "source_type": row.get(Column::ReferralSourceType), "source_id": row.get(Column::ReferralSourceId) });
        if !row.get(Column::CtwaClid).is_empty() {
            referral["ctwa_clid"] = row.get(Column::CtwaClid).into();
        }
        object["referral"] = referral;
    }
    Ok(object)
}

fn status(row: &FilledRow<'_>, state: &str, column: Column) -> io::Result<Value> {
    let mut object = json!({
        "id": row.get(Column::MessageId),
        "status": state,
        "timestamp": seconds(row, column)?,
        "recipient_id": row.get(Column::CustomerId),
    });
    if state == "failed" {
        let code: u32 = row.get(Column::ErrorCode).parse().unwrap_or(0);
        object["errors"] = json!([{ "code": code, "title": "Message failed to send" }]);
    } else if row.get(Column::MessageType) != "reaction" {
        let category = row.get(Column::TemplateCategory);
        let category = if category.is_empty() { "service" } else { category };
        object["pricing"] = json!({ "pricing_model": "PMP", "category": category });
    }
    Ok(object)
}
