//! What one row of a log says about one message, before anything is concluded from it.

use super::{Column, Direction, Flags, Instant, Observed, Origin, TemplateCategory};

/// Where a row stands in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The input's name as the user gave it (`-` for stdin).
    pub file: String,
    /// Line of the row's first byte, from 1.
    pub line: u64,
    /// Offset of the row's first byte, from 0, in the decompressed input.
    pub byte_offset: u64,
}

/// The `message_type` column (log-formats §5b, with `call` of contract §2), in the order of the names, which settles contradictions (Q14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names of the platform")]
pub enum MessageType {
    Audio,
    Button,
    Call,
    Contacts,
    Document,
    Edit,
    Image,
    Interactive,
    Location,
    MediaPlaceholder,
    Order,
    Other,
    Reaction,
    RequestWelcome,
    Revoke,
    Sticker,
    System,
    Template,
    Text,
    Unknown,
    Unsupported,
    Video,
    Voice,
}

impl MessageType {
    /// All of them, in order.
    pub const ALL: [MessageType; 23] = [
        MessageType::Audio,
        MessageType::Button,
        MessageType::Call,
        MessageType::Contacts,
        MessageType::Document,
        MessageType::Edit,
        MessageType::Image,
        MessageType::Interactive,
        MessageType::Location,
        MessageType::MediaPlaceholder,
        MessageType::Order,
        MessageType::Other,
        MessageType::Reaction,
        MessageType::RequestWelcome,
        MessageType::Revoke,
        MessageType::Sticker,
        MessageType::System,
        MessageType::Template,
        MessageType::Text,
        MessageType::Unknown,
        MessageType::Unsupported,
        MessageType::Video,
        MessageType::Voice,
    ];

    /// Notices of the platform, which are no message of the customer and open no window (Q11).
    pub const fn is_notice(self) -> bool {
        use MessageType::{Edit, MediaPlaceholder, RequestWelcome, Revoke, System};
        matches!(self, Edit | MediaPlaceholder | RequestWelcome | Revoke | System)
    }
}

/// The `status` column: one mutable status, as inboxes keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Accepted or sent, no word from the phone yet.
    Sent,
    /// Delivered, read or played.
    Delivered,
    /// Failed.
    Failed,
}

/// The `product` column, in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// Meta Business Agent (R59).
    BusinessAgent,
    /// Cloud API.
    CloudApi,
    /// Marketing Messages API ("MM Lite", R33).
    MarketingMessages,
    /// On-Premises API.
    OnPremises,
}

impl Product {
    /// All of them, in order.
    pub const ALL: [Product; 4] =
        [Product::BusinessAgent, Product::CloudApi, Product::MarketingMessages, Product::OnPremises];
}

/// The `client` column: the app an inbound message came from, in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Client {
    Android,
    Desktop,
    Ios,
    Web,
}

impl Client {
    /// All of them, in order.
    pub const ALL: [Client; 4] = [Client::Android, Client::Desktop, Client::Ios, Client::Web];

    /// Web and desktop, whose clicks open no free entry point (R34).
    pub const fn is_ineligible(self) -> bool {
        matches!(self, Client::Desktop | Client::Web)
    }
}

/// What a referral came from (R34, Q7), in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Referral {
    /// A Click-to-WhatsApp ad.
    Ad,
    /// Anything that is no click.
    Organic,
    /// A Facebook Page's call-to-action button.
    PageCta,
    /// A post.
    Post,
    /// A referral that does not say what it came from.
    Unstated,
}

impl Referral {
    /// All of them, in order.
    pub const ALL: [Referral; 5] =
        [Referral::Ad, Referral::Organic, Referral::PageCta, Referral::Post, Referral::Unstated];
}

/// The times of a row, each if it has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Inbound: when it was received. Outbound: when it was requested.
    pub created: Option<Instant>,
    /// Handed to WhatsApp.
    pub sent: Option<Instant>,
    /// Delivered.
    pub delivered: Option<Instant>,
    /// Read.
    pub read: Option<Instant>,
    /// A voice message first played.
    pub played: Option<Instant>,
    /// Failed.
    pub failed: Option<Instant>,
    /// Deleted by its sender.
    pub deleted: Option<Instant>,
}

impl Times {
    /// All of them, the deletion last.
    pub fn all(&self) -> [Option<Instant>; 7] {
        [self.created, self.sent, self.delivered, self.read, self.played, self.failed, self.deleted]
    }

    /// When it failed. A deletion changes nothing (R71), but a row that tells of nothing else proves that there was a message, and no
    /// delivery.
    pub fn failed_or_only_deleted(&self) -> Option<Instant> {
        let only_deleted = self.deleted.is_some() && self.all()[..6].iter().all(Option::is_none);
        if only_deleted { self.deleted } else { self.failed }
    }

    /// The earliest evidence of delivery (R71: `delivered`, `read` and `played` all prove it).
    pub fn delivery_evidence(&self) -> Option<Instant> {
        [self.delivered, self.read, self.played].into_iter().flatten().min()
    }
}

/// What one row says. Texts are borrowed from the row and empty where it says nothing.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields are the columns of log-formats §5b")]
pub struct Observation<'a> {
    pub message_id: &'a str,
    pub direction: Direction,
    pub phone_number_id: &'a str,
    pub waba_id: &'a str,
    pub business_phone: &'a str,
    pub customer_id: &'a str,
    pub customer_user_id: &'a str,
    pub customer_country: &'a str,
    pub group_id: &'a str,
    pub message_type: Option<MessageType>,
    pub template_id: &'a str,
    pub template_name: &'a str,
    pub template_language: &'a str,
    pub template_category: Option<TemplateCategory>,
    pub times: Times,
    pub status: Option<Status>,
    pub error_code: Option<u32>,
    pub tokens: Option<u32>,
    pub origin: Option<Origin>,
    pub product: Option<Product>,
    pub client: Option<Client>,
    pub referral: Option<Referral>,
    /// Meta's own verdict, without the id of its conversation.
    pub observed: Observed,
    pub conversation_id: &'a str,
    /// Values that are not known, as they stand.
    pub unknown: Vec<(Column, &'a str)>,
    pub flags: Flags,
}

/// A template that had one category until a moment and another from it on (`template_category_update`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the columns of templates.csv")]
pub struct TemplateChange {
    pub waba_id: String,
    pub template_id: String,
    pub template_name: String,
    pub template_language: String,
    /// The moment of the change.
    pub at: Instant,
    /// The category until then, if it is told.
    pub before: Option<TemplateCategory>,
    /// The category from then on.
    pub after: TemplateCategory,
}
