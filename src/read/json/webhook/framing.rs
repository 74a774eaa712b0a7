//! The framings in which webhooks are stored (log-formats §1.1): whole bodies, single changes or values, and what relays wrap around
//! them.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Tree;

use crate::read::json::object::{InPlace, List, Object, Whole, nothing, object, once, read_object};
use crate::read::json::skip::Skipped;
use crate::read::json::text::Text;

use super::schema::{Conversation, Entry, Fault, Inbound, Pricing, Value};

/// A stored document: one of the framings, by the keys that it has.
#[derive(Debug, Default)]
pub(super) struct Document<'a> {
    /// A whole body.
    pub(super) entries: Option<List<Entry<'a>>>,
    /// A single change.
    pub(super) field: Option<Text<'a>>,
    pub(super) change: Option<Box<Value<'a>>>,
    /// A value by itself.
    pub(super) value: Option<Box<Value<'a>>>,
    /// A body or an entry inside of something else.
    pub(super) wrapped: Option<Box<Document<'a>>>,
    /// One entry as a text.
    pub(super) entry_text: Option<Text<'a>>,
    /// A document as a text.
    pub(super) notified: Option<Text<'a>>,
    /// A relay's own form.
    pub(super) relay: Option<Box<Relay<'a>>>,
}

object! {
    /// A webhook in the form of a relay: one status with plain names, or messages one by one.
    Relay {
        "event" => event: Text<'a>,
        "waba_id" => waba: Text<'a>,
        "phone_number_id" => number: Text<'a>,
        "timestamp" => at: Text<'a>,
        "data" => data: Relayed<'a>,
    } not needed []
}

object! {
    /// What a relay tells of one message.
    RelayedMessage {
        "message_id" => id: Text<'a>,
        "status" => status: Text<'a>,
        "recipient" => recipient: Text<'a>,
        "recipient_bsuid" => recipient_user: Text<'a>,
        "pricing" => pricing: Pricing<'a>,
        "conversation" => conversation: Box<Conversation<'a>>,
        "errors" => errors: List<Fault<'a>>,
        "message" => message: Box<Inbound<'a>>,
        "phone_number_id" => number: Text<'a>,
    } not needed []
}

/// One message, or several.
#[derive(Debug, Default)]
pub(super) struct Relayed<'a>(pub(super) List<RelayedMessage<'a>>);

impl<'de> InPlace<'de> for Relayed<'de> {
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(RelayedVisitor(&mut self.0))
    }
}

struct RelayedVisitor<'p, 'a>(&'p mut List<RelayedMessage<'a>>);

impl<'de> Visitor<'de> for RelayedVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    nothing! {}

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        self.0.read(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<(), A::Error> {
        self.0.0.push(RelayedMessage::default());
        self.0.0.last_mut().map_or(Ok(()), |one| one.read(MapAccessDeserializer::new(entries)))
    }
}

impl<'de> Object<'de> for Document<'de> {
    fn take<A: MapAccess<'de>>(&mut self, key: &str, values: &mut A) -> Result<bool, A::Error> {
        match key {
            "entry" => once(&mut self.entries, key, values),
            "object" => values.next_value::<Skipped>().map(|_| true),
            "field" => once(&mut self.field, key, values),
            "value" => once(&mut self.change, key, values),
            "metaData" | "detail" => once(&mut self.wrapped, key, values),
            "whatsAppWebhookEntry" => once(&mut self.entry_text, key, values),
            "Message" => once(&mut self.notified, key, values),
            _ if Value::KEYS.contains(&key) => self.value.get_or_insert_default().take(key, values),
            _ if Relay::KEYS.contains(&key) => self.relay.get_or_insert_default().take(key, values),
            _ => Ok(false),
        }
    }

    /// What else a wrapper holds is its own business.
    fn unknown(&mut self, _: Cow<'de, str>) {}
}

impl<'de> InPlace<'de> for Document<'de> {
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        read_object(self, deserializer)
    }
}

impl Document<'_> {
    /// Whether it has the keys of any framing.
    pub(super) fn is_webhook(&self) -> bool {
        let relayed = |message: &RelayedMessage<'_>| message.id.is_some() || message.message.is_some();
        let bare = |value: &Value<'_>| {
            value.messages.is_some()
                || value.statuses.is_some()
                || value.errors.is_some()
                || value.echoes.is_some()
                || value.history.is_some()
                || value.calls.is_some()
        };
        self.entries.is_some()
            || self.change.is_some() && self.field.is_some()
            || self.value.as_ref().is_some_and(|value| bare(value))
            || self.entry_text.is_some()
            || self.notified.as_ref().is_some_and(|text| text.text().starts_with('{'))
            || self.wrapped.as_ref().is_some_and(|wrapped| wrapped.is_webhook())
            || self.relay.iter().flat_map(|relay| &relay.data).any(|data| data.0.0.iter().any(relayed))
    }
}

/// Whether a document that was read as a whole is a webhook in one of its framings.
pub(in crate::read) fn is_webhook(document: &Tree) -> bool {
    Whole::<Document<'_>>::deserialize(document).is_ok_and(|document| document.0.is_webhook())
}
