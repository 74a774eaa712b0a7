//! What billing made of a message.

use super::{Flags, RuleId, TemplateCategory};

/// A billing model with its start date in `tariff::regime` (rules §1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`name` is the field's own term")]
pub enum RegimeId {
    Nbp,
    Cbp1,
    Cbp1b,
    Cbp2,
    Cbp3,
    Pmp1,
    Pmp2,
}

impl RegimeId {
    /// The name in outputs and of `--regime`.
    pub const fn name(self) -> &'static str {
        match self {
            RegimeId::Nbp => "nbp",
            RegimeId::Cbp1 => "cbp-2022",
            RegimeId::Cbp1b => "cbp-2023-03",
            RegimeId::Cbp2 => "cbp-2023-06",
            RegimeId::Cbp3 => "cbp-2024-11",
            RegimeId::Pmp1 => "pmp-2025-07",
            RegimeId::Pmp2 => "pmp-2026-10",
        }
    }
}

/// The `category` column: what a message counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the field's own terms")]
pub enum BilledCategory {
    Authentication,
    AuthenticationInternational,
    BusinessAgent,
    BusinessInitiated,
    GroupMarketing,
    GroupMarketingLite,
    GroupService,
    GroupUtility,
    Marketing,
    MarketingLite,
    Notification,
    ReferralConversion,
    Service,
    UserInitiated,
    Utility,
}

impl BilledCategory {
    /// All categories, in the order of their names.
    pub const ALL: [BilledCategory; 15] = [
        BilledCategory::Authentication,
        BilledCategory::AuthenticationInternational,
        BilledCategory::BusinessAgent,
        BilledCategory::BusinessInitiated,
        BilledCategory::GroupMarketing,
        BilledCategory::GroupMarketingLite,
        BilledCategory::GroupService,
        BilledCategory::GroupUtility,
        BilledCategory::Marketing,
        BilledCategory::MarketingLite,
        BilledCategory::Notification,
        BilledCategory::ReferralConversion,
        BilledCategory::Service,
        BilledCategory::UserInitiated,
        BilledCategory::Utility,
    ];

    /// The name in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            BilledCategory::Authentication => "authentication",
            BilledCategory::AuthenticationInternational => "authentication_international",
            BilledCategory::BusinessAgent => "business_agent",
            BilledCategory::BusinessInitiated => "business_initiated",
            BilledCategory::GroupMarketing => "group_marketing",
            BilledCategory::GroupMarketingLite => "group_marketing_lite",
            BilledCategory::GroupService => "group_service",
            BilledCategory::GroupUtility => "group_utility",
            BilledCategory::Marketing => "marketing",
            BilledCategory::MarketingLite => "marketing_lite",
            BilledCategory::Notification => "notification",
            BilledCategory::ReferralConversion => "referral_conversion",
            BilledCategory::Service => "service",
            BilledCategory::UserInitiated => "user_initiated",
            BilledCategory::Utility => "utility",
        }
    }

    /// The same in a group (R72), for the categories that groups have.
    #[must_use]
    pub const fn in_group(self) -> BilledCategory {
        match self {
            BilledCategory::Marketing => BilledCategory::GroupMarketing,
            BilledCategory::MarketingLite => BilledCategory::GroupMarketingLite,
            BilledCategory::Service => BilledCategory::GroupService,
            BilledCategory::Utility => BilledCategory::GroupUtility,
            other => other,
        }
    }

    /// The category whose rate it has: that of one recipient.
    #[must_use]
    pub const fn by_recipient(self) -> BilledCategory {
        match self {
            BilledCategory::GroupMarketing => BilledCategory::Marketing,
            BilledCategory::GroupMarketingLite => BilledCategory::MarketingLite,
            BilledCategory::GroupService => BilledCategory::Service,
            BilledCategory::GroupUtility => BilledCategory::Utility,
            other => other,
        }
    }

    /// The category of that name.
    pub fn parse(name: &str) -> Option<BilledCategory> {
        BilledCategory::ALL.into_iter().find(|category| category.name() == name)
    }
}

impl From<TemplateCategory> for BilledCategory {
    fn from(category: TemplateCategory) -> BilledCategory {
        match category {
            TemplateCategory::Authentication => BilledCategory::Authentication,
            TemplateCategory::Marketing => BilledCategory::Marketing,
            TemplateCategory::MarketingLite => BilledCategory::MarketingLite,
            TemplateCategory::Utility => BilledCategory::Utility,
        }
    }
}

/// The kind of an open conversation that covers a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the field's own terms")]
pub enum ConversationKind {
    UserInitiated,
    BusinessInitiated,
    Template(TemplateCategory),
    Service,
    FreeEntryPoint,
}

impl ConversationKind {
    /// The name in the `reason` and `category` columns.
    pub const fn name(self) -> &'static str {
        match self {
            ConversationKind::UserInitiated => "user_initiated",
            ConversationKind::BusinessInitiated => "business_initiated",
            ConversationKind::Template(category) => category.name(),
            ConversationKind::Service => "service",
            ConversationKind::FreeEntryPoint => "free_entry_point",
        }
    }
}

/// Why a message was free, or not billed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`name` and `in_words` say it")]
pub enum Reason {
    FreeEntryPoint,
    FreeCustomerService,
    FreeGroupCustomerService,
    FreeTier,
    ServiceFree,
    SessionMessage,
    NotYetCharged,
    PaidExempt,
    Waived,
    NotDelivered,
    WindowClosed,
    Reaction,
    MarketingPaused,
    BusinessApp,
    History,
}

impl Reason {
    /// The name in the `reason` column.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::FreeEntryPoint => "free_entry_point",
            Reason::FreeCustomerService => "free_customer_service",
            Reason::FreeGroupCustomerService => "free_group_customer_service",
            Reason::FreeTier => "free_tier",
            Reason::ServiceFree => "service_free",
            Reason::SessionMessage => "session_message",
            Reason::NotYetCharged => "not_yet_charged",
            Reason::PaidExempt => "paid_exempt",
            Reason::Waived => "waived",
            Reason::NotDelivered => "not_delivered",
            Reason::WindowClosed => "window_closed",
            Reason::Reaction => "reaction",
            Reason::MarketingPaused => "marketing_paused",
            Reason::BusinessApp => "business_app",
            Reason::History => "history",
        }
    }
}

/// What a message comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Charged, or would be if no allowance is left for it.
    Charged,
    /// Free, and why.
    Free(Reason),
    /// Covered by an open conversation of this kind.
    Covered(ConversationKind),
    /// Never became anything to bill, and why.
    NotBilled(Reason),
}

impl Outcome {
    /// The `verdict` column.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Charged => "charged",
            Outcome::Free(_) => "free",
            Outcome::Covered(_) => "covered",
            Outcome::NotBilled(_) => "not_billed",
        }
    }

    /// The `reason` column.
    pub const fn reason(self) -> &'static str {
        match self {
            Outcome::Charged => "",
            Outcome::Free(reason) | Outcome::NotBilled(reason) => reason.name(),
            Outcome::Covered(kind) => kind.name(),
        }
    }

    /// The `error_code` column: what the platform answers, or the log's own code for a message that was not delivered.
    pub const fn error_code(self, logged: u32) -> u32 {
        match self {
            Outcome::NotBilled(Reason::WindowClosed) => 131_047,
            Outcome::NotBilled(Reason::MarketingPaused) => 131_049,
            Outcome::NotBilled(_) => logged,
            _ => 0,
        }
    }
}

/// What one message of one chat came to, before allowances that it shares with other chats and before its price.
///
/// `Id` names a message: an index within the chat while a batch is judged, an id where state is carried from one batch to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict<Id> {
    /// The regime it was judged under.
    pub regime: RegimeId,
    /// What it counts as.
    pub category: BilledCategory,
    /// What it comes to if no allowance is left.
    pub outcome: Outcome,
    /// Whether it takes one unit of the regime's allowance: a charged one is then free while there is some.
    pub draws_allowance: bool,
    /// The rule that decided.
    pub rule: RuleId,
    /// Opener of the conversation or free entry point it belongs to; itself where it opened one.
    pub conversation: Option<Id>,
    /// Remarks that only judging could make.
    pub flags: Flags,
}
