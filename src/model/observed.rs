//! What Meta's own webhooks say about the price of a message (rules §3.1, log-formats §1.5 and §1.6).

use super::{Instant, TemplateCategory};

/// `pricing.pricing_model`, in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`name` is the platform's own term")]
pub enum PricingModel {
    Conversation,
    Notification,
    Message,
}

impl PricingModel {
    /// All of them, in order.
    pub const ALL: [PricingModel; 3] = [PricingModel::Conversation, PricingModel::Notification, PricingModel::Message];

    /// The name in webhooks.
    pub const fn name(self) -> &'static str {
        match self {
            PricingModel::Conversation => "CBP",
            PricingModel::Notification => "NBP",
            PricingModel::Message => "PMP",
        }
    }

    /// The model of a name, in any case.
    pub fn parse(text: &str) -> Option<PricingModel> {
        PricingModel::ALL.into_iter().find(|model| model.name().eq_ignore_ascii_case(text))
    }
}

/// `pricing.type`, in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`name` is the platform's own term")]
pub enum PricingType {
    FreeCustomerService,
    FreeEntryPoint,
    FreeGroupCustomerService,
    FreeTier,
    Regular,
}

impl PricingType {
    /// All of them, in order.
    pub const ALL: [PricingType; 5] = [
        PricingType::FreeCustomerService,
        PricingType::FreeEntryPoint,
        PricingType::FreeGroupCustomerService,
        PricingType::FreeTier,
        PricingType::Regular,
    ];

    /// The name in webhooks.
    pub const fn name(self) -> &'static str {
        match self {
            PricingType::FreeCustomerService => "free_customer_service",
            PricingType::FreeEntryPoint => "free_entry_point",
            PricingType::FreeGroupCustomerService => "free_group_customer_service",
            PricingType::FreeTier => "free_tier",
            PricingType::Regular => "regular",
        }
    }

    /// The type of a name; `free_entry` and the capitals of analytics are accepted, too.
    pub fn parse(text: &str) -> Option<PricingType> {
        match text.to_ascii_lowercase().as_str() {
            "free_customer_service" => Some(PricingType::FreeCustomerService),
            "free_entry_point" | "free_entry" => Some(PricingType::FreeEntryPoint),
            "free_group_customer_service" => Some(PricingType::FreeGroupCustomerService),
            "free_tier" => Some(PricingType::FreeTier),
            "regular" => Some(PricingType::Regular),
            _ => None,
        }
    }
}

/// `pricing.category` and `conversation.origin.type`, in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`name` is the platform's own term")]
pub enum ObservedCategory {
    Authentication,
    AuthenticationInternational,
    BusinessInitiated,
    GeneralPurposeAi,
    GroupMarketing,
    GroupMarketingLite,
    GroupService,
    GroupUtility,
    Marketing,
    MarketingLite,
    ReferralConversion,
    Service,
    UserInitiated,
    Utility,
}

impl ObservedCategory {
    /// All categories, in the order of their names.
    pub const ALL: [ObservedCategory; 14] = [
        ObservedCategory::Authentication,
        ObservedCategory::AuthenticationInternational,
        ObservedCategory::BusinessInitiated,
        ObservedCategory::GeneralPurposeAi,
        ObservedCategory::GroupMarketing,
        ObservedCategory::GroupMarketingLite,
        ObservedCategory::GroupService,
        ObservedCategory::GroupUtility,
        ObservedCategory::Marketing,
        ObservedCategory::MarketingLite,
        ObservedCategory::ReferralConversion,
        ObservedCategory::Service,
        ObservedCategory::UserInitiated,
        ObservedCategory::Utility,
    ];

    /// The name in webhooks, with `_`.
    pub const fn name(self) -> &'static str {
        match self {
            ObservedCategory::Authentication => "authentication",
            ObservedCategory::AuthenticationInternational => "authentication_international",
            ObservedCategory::BusinessInitiated => "business_initiated",
            ObservedCategory::GeneralPurposeAi => "general_purpose_ai",
            ObservedCategory::GroupMarketing => "group_marketing",
            ObservedCategory::GroupMarketingLite => "group_marketing_lite",
            ObservedCategory::GroupService => "group_service",
            ObservedCategory::GroupUtility => "group_utility",
            ObservedCategory::Marketing => "marketing",
            ObservedCategory::MarketingLite => "marketing_lite",
            ObservedCategory::ReferralConversion => "referral_conversion",
            ObservedCategory::Service => "service",
            ObservedCategory::UserInitiated => "user_initiated",
            ObservedCategory::Utility => "utility",
        }
    }

    /// The category of a name: in any case, and with `-` for `_` as one of Meta's lists has it.
    pub fn parse(text: &str) -> Option<ObservedCategory> {
        let same = |name: &str| {
            name.len() == text.len()
                && name.bytes().zip(text.bytes()).all(|(own, given)| {
                    let given = if given == b'-' { b'_' } else { given.to_ascii_lowercase() };
                    own == given
                })
        };
        ObservedCategory::ALL.into_iter().find(|category| same(category.name()))
    }

    /// The template category that it settles, if it does (log-formats §6).
    pub const fn template(self) -> Option<TemplateCategory> {
        match self {
            ObservedCategory::Authentication | ObservedCategory::AuthenticationInternational => {
                Some(TemplateCategory::Authentication)
            }
            ObservedCategory::Marketing | ObservedCategory::GroupMarketing => Some(TemplateCategory::Marketing),
            ObservedCategory::MarketingLite | ObservedCategory::GroupMarketingLite => {
                Some(TemplateCategory::MarketingLite)
            }
            ObservedCategory::Utility | ObservedCategory::GroupUtility => Some(TemplateCategory::Utility),
            _ => None,
        }
    }
}

/// Meta's verdict on one message, as far as the log carries it. It holds no amount and no tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// `pricing.pricing_model`.
    pub model: Option<PricingModel>,
    /// `pricing.type`.
    pub kind: Option<PricingType>,
    /// `pricing.category`.
    pub category: Option<ObservedCategory>,
    /// `pricing.subtype` is `paid_exempt` (R54).
    pub exempt: bool,
    /// `pricing.billable`.
    pub billable: Option<bool>,
    /// `conversation.origin.type`.
    pub origin: Option<ObservedCategory>,
    /// `conversation.id`, hashed: it is only ever compared within one chat. 0 where there is none.
    pub conversation: u64,
    /// `conversation.expiration_timestamp`.
    pub expires: Option<Instant>,
}

impl Observed {
    /// No word from Meta.
    pub const NOTHING: Observed = Observed {
        model: None,
        kind: None,
        category: None,
        exempt: false,
        billable: None,
        origin: None,
        conversation: 0,
        expires: None,
    };

    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        *self == Observed::NOTHING
    }

    /// Whether it says anything of a price. The id of a conversation alone does not: inbox products have such ids of their own.
    pub fn is_verdict(&self) -> bool {
        !Observed { conversation: 0, expires: None, ..*self }.is_empty()
    }

    /// Whether Meta counts the message to a free entry point.
    pub fn in_free_entry_point(&self) -> bool {
        let converted = Some(ObservedCategory::ReferralConversion);
        self.kind == Some(PricingType::FreeEntryPoint) || self.category == converted || self.origin == converted
    }

    /// The template category that `pricing` settles; inside a free entry point it says nothing about the template (log-formats §6).
    pub fn priced_template(&self) -> Option<TemplateCategory> {
        let category = self.category.filter(|_| !self.in_free_entry_point());
        category.and_then(ObservedCategory::template)
    }

    /// The template category that `conversation.origin` settles.
    pub fn origin_template(&self) -> Option<TemplateCategory> {
        self.origin.and_then(ObservedCategory::template)
    }

    /// Whether Meta counts the message as free-form: only such a one is ever sold as service.
    pub fn is_free_form(&self) -> bool {
        let service = [Some(ObservedCategory::Service), Some(ObservedCategory::GroupService)];
        service.contains(&self.category) && !self.in_free_entry_point()
    }

    /// The template category that proves a template. Per message the category is the message's own; per conversation it is that of the
    /// conversation, which proves something about its opener only.
    pub fn proves_template(&self, opens_conversation: bool) -> Option<TemplateCategory> {
        let by_message = self.model == Some(PricingModel::Message) || self.kind.is_some();
        let settled = self.priced_template().or_else(|| self.origin_template());
        settled.filter(|_| by_message || opens_conversation)
    }

    /// Takes in another observation of the same message: the smaller value of each field wins, so that order does not matter.
    /// Tells whether they contradict.
    pub fn merge(&mut self, other: &Observed) -> bool {
        let contradicts = smallest(&mut self.model, other.model)
            | smallest(&mut self.kind, other.kind)
            | smallest(&mut self.category, other.category)
            | smallest(&mut self.billable, other.billable)
            | smallest(&mut self.origin, other.origin);
        // The end of a conversation is on `sent` only, in full minutes; retries may differ.
        smallest(&mut self.expires, other.expires);
        self.exempt |= other.exempt;
        let ids = [self.conversation, other.conversation].into_iter().filter(|id| *id != 0);
        self.conversation = ids.min().unwrap_or(0);
        contradicts
    }
}

/// Keeps the smaller of two values, and tells whether they contradict.
fn smallest<T: Copy + Ord>(own: &mut Option<T>, other: Option<T>) -> bool {
    let (Some(mine), Some(theirs)) = (*own, other) else {
        *own = own.or(other);
        return false;
    };
    *own = Some(mine.min(theirs));
    mine != theirs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_authentication_international() {
        let international = Some(ObservedCategory::AuthenticationInternational);
        assert_eq!(ObservedCategory::parse("authentication-international"), international);
        assert_eq!(ObservedCategory::parse("AUTHENTICATION_INTERNATIONAL"), international);
        assert_eq!(ObservedCategory::parse("authentication international"), None);
        assert!(ObservedCategory::ALL.is_sorted_by_key(|category| category.name()));
    }

    #[test]
    fn merging_does_not_depend_on_order() {
        let utility = Observed { category: Some(ObservedCategory::Utility), conversation: 7, ..Observed::default() };
        let service = Observed { category: Some(ObservedCategory::Service), exempt: true, ..Observed::default() };
        let (mut one, mut two) = (utility, service);
        assert!(one.merge(&service) && two.merge(&utility));
        assert_eq!(one, two);
        assert_eq!((one.category, one.conversation, one.exempt), (Some(ObservedCategory::Service), 7, true));
        assert!(!one.merge(&Observed::default()));
    }

    #[test]
    fn a_free_entry_point_says_nothing_about_the_template() {
        let inside = Observed {
            kind: Some(PricingType::FreeEntryPoint),
            category: Some(ObservedCategory::Utility),
            ..Observed::default()
        };
        assert_eq!(inside.priced_template(), None);
        assert_eq!(Observed { kind: None, ..inside }.priced_template(), Some(TemplateCategory::Utility));
    }
}
