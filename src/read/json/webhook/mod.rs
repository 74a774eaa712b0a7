//! Webhooks of the Cloud API and the On-Premises API, in every framing in which they are stored (log-formats §1).

mod framing;
mod inbound;
mod rows;
mod schema;
mod status;

use std::io::Read;

use crate::model::RejectCode;
use crate::read::{ReadError, ReadOptions, Sink, Tells};

use super::documents::{Documents, parse};
use super::object::{Whole, items};
use super::rows::{Emitted, read_documents};
use framing::Document;
use rows::{Business, Out, contacts, text};
use schema::{Entry, Value};

pub(in crate::read) use framing::is_webhook;

/// Texts in which a document may be wrapped: a notification, and an entry in it.
const MOST_WRAPPINGS: u8 = 4;

/// Reads webhooks to the end and gives the number of their rows. Nothing that is not known stops it.
pub(in crate::read) fn read_webhooks<R: Read>(
    documents: &mut Documents<R>,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    read_documents(documents, name, options, sink, |stretch, sink| {
        parse::<Whole<Document<'_>>>(stretch).map(|Whole(document)| {
            let mut out = Out { sink, emitted: Emitted::default() };
            take_document(&mut out, &document, MOST_WRAPPINGS);
            out.emitted
        })
    })
}

fn take_document<S: Sink>(out: &mut Out<'_, S>, document: &Document<'_>, wrappings: u8) {
    if !document.is_webhook() {
        let message = "no webhook: neither entry nor field and value nor messages or statuses; if it is another kind of log, describe it with --mapping";
        out.emitted.refuse(RejectCode::NotAMessage, message);
        return;
    }
    // A message that came from an ad says so.
    out.sink.tells(Tells::Referral);
    for entry in items(document.entries.as_ref()) {
        take_entry(out, entry);
    }
    if let Some(value) = &document.change {
        take_value(out, "", text(&document.field), value, "");
    }
    if let Some(value) = &document.value {
        take_value(out, "", "messages", value, "");
    }
    if let Some(wrapped) = &document.wrapped {
        take_document(out, wrapped, wrappings);
    }
    take_relayed(out, document);
    take_texts(out, document, wrappings);
}

/// Notifications hold an entry, or all of a document, as a text of JSON.
fn take_texts<S: Sink>(out: &mut Out<'_, S>, document: &Document<'_>, wrappings: u8) {
    let broken = |out: &mut Out<'_, S>, error: &dyn std::fmt::Display| {
        out.emitted.refuse(RejectCode::BadJson, &format!("the webhook inside of the notification is no JSON: {error}"));
    };
    let entry = text(&document.entry_text);
    if !entry.is_empty() {
        match serde_json::from_str::<Whole<Entry<'_>>>(entry) {
            Ok(Whole(entry)) => take_entry(out, &entry),
            Err(error) => broken(out, &error),
        }
    }
    let inner = text(&document.notified);
    if !inner.is_empty() {
        match serde_json::from_str::<Whole<Document<'_>>>(inner) {
            _ if wrappings == 0 => broken(out, &"it is wrapped too often"),
            Ok(Whole(document)) => take_document(out, &document, wrappings - 1),
            Err(error) => broken(out, &error),
        }
    }
}

/// Statuses and messages in the form of a relay.
fn take_relayed<S: Sink>(out: &mut Out<'_, S>, document: &Document<'_>) {
    let Some(relay) = &document.relay else { return };
    for one in relay.data.iter().flat_map(|data| &data.0.0) {
        match &one.message {
            Some(message) => {
                let number = one.number.as_ref().or(relay.number.as_ref());
                let business = Business::relayed(text(&relay.waba), number.map_or("", |number| number.text()));
                inbound::message(out, &business, &[], message);
            }
            None => status::relayed(out, relay, one),
        }
    }
}

fn take_entry<S: Sink>(out: &mut Out<'_, S>, entry: &Entry<'_>) {
    for change in items(entry.changes.as_ref()) {
        if let Some(value) = &change.value {
            take_value(out, text(&entry.id), text(&change.field), value, text(&entry.time));
        }
    }
}

fn take_value<S: Sink>(out: &mut Out<'_, S>, waba: &str, field: &str, value: &Value<'_>, entry_time: &str) {
    let business = Business::of(waba, value);
    let contacts = contacts(value);
    for message in items(value.messages.as_ref()) {
        inbound::message(out, &business, contacts, message);
    }
    for one in items(value.statuses.as_ref()) {
        status::status(out, &business, contacts, one);
    }
    for message in items(value.echoes.as_ref()) {
        inbound::echo(out, &business, message);
    }
    for thread in items(value.history.as_ref()).iter().flat_map(|chunk| items(chunk.threads.as_ref())) {
        inbound::history(out, &business, thread);
    }
    for call in items(value.calls.as_ref()) {
        inbound::call(out, &business, call);
    }
    for update in items(value.user_ids.as_ref()) {
        let ids = update.user.as_ref();
        let id = |id: Option<&super::text::Text<'_>>| id.map_or("", super::text::Text::text).to_owned();
        let (old, new) = (id(ids.and_then(|ids| ids.previous.as_ref())), id(ids.and_then(|ids| ids.current.as_ref())));
        out.link(&old, &new, text(&update.at));
    }
    if field == "template_category_update" {
        out.template(waba, value, entry_time);
    }
    count_unread(out, field, value);
}

/// Fields that carry no messages, and account-level errors: counted by name.
fn count_unread<S: Sink>(out: &mut Out<'_, S>, field: &str, value: &Value<'_>) {
    let read = matches!(
        field,
        "messages" | "smb_message_echoes" | "history" | "calls" | "template_category_update" | "user_id_update"
    );
    let carries = value.messages.is_some() || value.statuses.is_some();
    if !read && !carries && !field.is_empty() {
        out.unknown_field(field);
    } else if value.errors.is_some() && !carries {
        out.unknown_field("errors");
    }
}
