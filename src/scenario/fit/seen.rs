//! A chat as it is counted: who said what when, and what became of it.

use crate::model::{ClickSource, Country, MessageType};

/// One message of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Seconds since 1970.
    pub at: i64,
    /// What it is.
    pub act: Act,
    /// Place of its account in the shape.
    pub account: u16,
    /// Seconds until it was delivered, if it was.
    pub delivered_after: Option<u32>,
    /// The platform's error code, 0 if none.
    pub error: u32,
}

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The customer writes.
    Ask {
        /// From where they came.
        click: Option<ClickSource>,
        /// What it contains: a place in `KINDS`.
        kind: Option<usize>,
    },
    /// The business replies.
    Reply {
        /// What it contains, likewise.
        kind: Option<usize>,
    },
    /// A Business Agent replies.
    Agent,
    /// The business reacts.
    React,
    /// The business sends a template, by its place in the shape.
    Template(u16),
}

/// A chat in the order of its sendings.
#[derive(Debug, Clone)]
pub struct SeenChat {
    /// The customer's country.
    pub country: Country,
    /// Its messages.
    pub messages: Vec<Seen>,
}

/// Contents that a scenario tells apart.
pub(super) const KINDS: [(MessageType, &str); 10] = [
    (MessageType::Text, "text"),
    (MessageType::Image, "image"),
    (MessageType::Video, "video"),
    (MessageType::Audio, "audio"),
    (MessageType::Document, "document"),
    (MessageType::Sticker, "sticker"),
    (MessageType::Location, "location"),
    (MessageType::Contacts, "contacts"),
    (MessageType::Interactive, "interactive"),
    (MessageType::Order, "order"),
];

/// The place of a content, if a scenario tells it apart.
pub fn kind_of(kind: Option<MessageType>) -> Option<usize> {
    KINDS.iter().position(|(own, _)| Some(*own) == kind)
}
