//! One message, after all that the log says about it was folded together.

use super::{Country, Flags, Instant};

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Customer to business.
    Inbound,
    /// Business to customer.
    Outbound,
}

/// Category of a template: what the business registered it as (R70).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the field's own terms")]
pub enum TemplateCategory {
    Authentication,
    Marketing,
    /// Sent through the Marketing Messages API (R33, Q27).
    MarketingLite,
    Utility,
}

impl TemplateCategory {
    /// All of them, in order.
    pub const ALL: [TemplateCategory; 4] = [
        TemplateCategory::Authentication,
        TemplateCategory::Marketing,
        TemplateCategory::MarketingLite,
        TemplateCategory::Utility,
    ];

    /// The name in logs and outputs.
    pub const fn name(self) -> &'static str {
        match self {
            TemplateCategory::Authentication => "authentication",
            TemplateCategory::Marketing => "marketing",
            TemplateCategory::MarketingLite => "marketing_lite",
            TemplateCategory::Utility => "utility",
        }
    }

    /// The category of a name as logs spell it: any case, `OTP` and `TRANSACTIONAL` of older APIs included.
    pub fn parse(text: &str) -> Option<TemplateCategory> {
        let older = [("otp", TemplateCategory::Authentication), ("transactional", TemplateCategory::Utility)];
        let names = TemplateCategory::ALL.map(|category| (category.name(), category));
        let mut known = names.into_iter().chain(older);
        known.find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, category)| category)
    }

    /// Marketing by either product.
    pub const fn is_marketing(self) -> bool {
        matches!(self, TemplateCategory::Marketing | TemplateCategory::MarketingLite)
    }
}

/// Where a message was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Through the API: what this program is about.
    Api,
    /// In the WhatsApp Business app of a coexistence number (R72).
    BusinessApp,
    /// Imported chat history (R72, Q12).
    History,
    /// By the platform itself.
    System,
}

impl Origin {
    /// All of them, in order.
    pub const ALL: [Origin; 4] = [Origin::Api, Origin::BusinessApp, Origin::History, Origin::System];
}

/// What a message is to the meter of a provider, which counts other things than Meta does (rules §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// A message: on its way, delivered or received.
    Message,
    /// A message of the business that failed and was never delivered.
    Failed,
    /// No message: a call, or a notice of the platform about one.
    Notice,
}

/// A click that may open a free entry point once it is answered (R34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClickSource {
    /// A Click-to-WhatsApp ad.
    Ad,
    /// A Facebook Page's call-to-action button: only until free entry points became longer (Q20).
    PageCta,
    /// A post: only by the setting `post_referral_opens_fep` (Q7).
    Post,
}

/// What a message is to billing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// From the customer.
    Inbound {
        /// Whether it opens a customer service window (R16, Q11).
        opens_window: bool,
        /// The click it came from, if the app it came from makes it eligible.
        click: Option<ClickSource>,
    },
    /// A template, or a Direct Send with a category (R20b).
    Template(TemplateCategory),
    /// Any other message of a person or a bot.
    FreeForm,
    /// A free-form reply of Meta Business Agent (R59).
    BusinessAgent,
    /// An emoji on another message (R71).
    Reaction,
    /// A business call: opens a window if the customer accepted it, and gets no verdict (R17).
    Call,
}

/// The customer service window as it stood at one moment, stamped on a message when its chat is folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Open at the message's sending (R20).
    pub open_at_sent: bool,
    /// Open at its delivery (setting `csw_evaluated_at`, R22).
    pub open_at_delivered: bool,
    /// Open without a break since this moment until the sending (R35, Q19). `None` where it was closed.
    pub unbroken_since: Option<Instant>,
    /// When the window open at the sending ends, unless the customer writes again.
    pub open_until: Option<Instant>,
}

/// What Meta's own verdict says of the free entry point that a message stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenEntryPoint {
    /// Its end, where the log has it (R37: preferred to any length).
    pub end: Option<Instant>,
}

/// One message, complete.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Message {
    /// What it is.
    pub form: Form,
    /// Where it was typed.
    pub origin: Origin,
    /// What a provider's meter counts it as.
    pub traffic: Traffic,
    /// When it was sent; inbound: received.
    pub sent: Instant,
    /// When it was delivered, if it was (R71). An inbound message is delivered when it is received.
    pub delivered: Option<Instant>,
    /// The customer service window around it.
    pub window: Window,
    /// The recipient's country (Q4).
    pub country: Country,
    /// In a group: one window for all members, no free entry points (R23, Q26).
    pub in_group: bool,
    /// The template's category is not known; `form` says marketing.
    pub category_unknown: bool,
    /// Meta counts it to a free entry point.
    pub entry_point: Option<SeenEntryPoint>,
    /// The log's own error code, 0 if none.
    pub error_code: u32,
    /// Size of a Business Agent's reply, if known.
    pub tokens: Option<u32>,
    /// What had to be assumed.
    pub flags: Flags,
}

impl Message {
    /// Whether it came from the customer.
    pub const fn is_inbound(&self) -> bool {
        matches!(self.form, Form::Inbound { .. })
    }

    /// Whether it is an outbound message that gets a verdict: all but calls.
    pub const fn is_judged(&self) -> bool {
        !matches!(self.form, Form::Inbound { .. } | Form::Call)
    }

    /// Its template category, if it has one.
    pub const fn template_category(&self) -> Option<TemplateCategory> {
        if let Form::Template(category) = self.form { Some(category) } else { None }
    }

    /// The moment by which its date counts: delivery, or the sending if it was never delivered (R3, R4, Q1).
    pub fn dated(&self) -> Instant {
        self.delivered.unwrap_or(self.sent)
    }
}
