//! What Meta's own verdict means on its date, and when it cannot be set against ours (rules §3.1, log-formats §1.6).
//!
//! The same words mean different things on different days: `free_customer_service` was "inside the window" until 30 September 2026 and
//! is "within the free 1,000" since; `billable` proves a free entry point in 2022 and 2023 and nothing in 2025. All of that is read
//! here, once, for the comparison and for `--trust observed` alike.

use super::{BilledCategory, Observed, ObservedCategory, Outcome, PricingModel, PricingType, Reason, RegimeId};

/// What Meta's verdict on one message says, by the meaning of its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// By notification: a charged template, or a free session message.
    Notification {
        /// Whether it is the template.
        template: bool,
    },
    /// By conversation: it belongs to a conversation of this kind. Whether that was free of charge by an allowance is not said.
    Conversation(ObservedCategory),
    /// By message: its price and its category.
    Message(SeenPrice, ObservedCategory),
    /// It stands in a free entry point, under any model.
    FreeEntryPoint,
}

/// What Meta's verdict on a message priced by itself says of its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenPrice {
    /// Charged.
    Charged,
    /// Free inside a customer service window.
    FreeInWindow,
    /// Free within the monthly 1,000.
    FreeTier,
    /// Free, as the account is exempt (R54).
    Exempt,
}

/// Why Meta's verdict on a message is not set against ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`explanation` says what each one means")]
pub enum Incomparable {
    AiProvider,
    BusinessAgent,
    Incomplete,
    NotDelivered,
    OutsideApi,
    RegimeByHand,
    UnknownValue,
    Waived,
}

impl Incomparable {
    /// The name in the summary.
    pub const fn name(self) -> &'static str {
        match self {
            Incomparable::AiProvider => "ai_provider",
            Incomparable::BusinessAgent => "business_agent",
            Incomparable::Incomplete => "incomplete",
            Incomparable::NotDelivered => "not_delivered",
            Incomparable::OutsideApi => "outside_api",
            Incomparable::RegimeByHand => "regime_by_hand",
            Incomparable::UnknownValue => "unknown_value",
            Incomparable::Waived => "waived",
        }
    }

    /// One line for people.
    pub const fn explanation(self) -> &'static str {
        match self {
            Incomparable::AiProvider => "general_purpose_ai is a price list of its own, which is not computed here",
            Incomparable::BusinessAgent => "Business Agent replies are priced by tokens and have no type and category",
            Incomparable::Incomplete => {
                "the log carries only a part of Meta's verdict: by message it takes type and category, by conversation a category"
            }
            Incomparable::NotDelivered => {
                "never delivered by this log: pricing on `sent` announces a price, but only delivery makes a charge"
            }
            Incomparable::OutsideApi => "typed in the Business app or imported history, outside API billing",
            Incomparable::RegimeByHand => "--regime judges it by rules that were not in force on its day",
            Incomparable::UnknownValue => "a value of Meta's verdict is not known to this version",
            Incomparable::Waived => "waived for this account, which Meta's verdict does not show",
        }
    }
}

impl Outcome {
    /// Why no verdict of Meta's can be set against what we made of a message, whatever it says.
    pub const fn incomparable(self, category: BilledCategory) -> Option<Incomparable> {
        match self {
            _ if matches!(category, BilledCategory::BusinessAgent) => Some(Incomparable::BusinessAgent),
            Outcome::Free(Reason::Waived) => Some(Incomparable::Waived),
            Outcome::NotBilled(Reason::NotDelivered) => Some(Incomparable::NotDelivered),
            Outcome::NotBilled(Reason::BusinessApp | Reason::History) => Some(Incomparable::OutsideApi),
            _ => None,
        }
    }
}

impl RegimeId {
    /// The `pricing_model` that Meta's webhooks name under it.
    pub const fn model(self) -> PricingModel {
        match self {
            RegimeId::Nbp => PricingModel::Notification,
            RegimeId::Cbp1 | RegimeId::Cbp1b | RegimeId::Cbp2 | RegimeId::Cbp3 => PricingModel::Conversation,
            RegimeId::Pmp1 | RegimeId::Pmp2 => PricingModel::Message,
        }
    }
}

impl Observed {
    /// What it means for a message of this regime, or why that cannot be told.
    pub fn meaning(&self, regime: RegimeId) -> Result<Meaning, Incomparable> {
        let model = self.model.unwrap_or(regime.model());
        if self.category == Some(ObservedCategory::GeneralPurposeAi) {
            return Err(Incomparable::AiProvider);
        }
        match model {
            PricingModel::Notification => {
                // No type and no category of its own: `billable` is all there is.
                let template = self.billable.ok_or(Incomparable::Incomplete)?;
                Ok(Meaning::Notification { template })
            }
            _ if self.in_free_entry_point() || self.free_by_conversation(model, regime) => Ok(Meaning::FreeEntryPoint),
            PricingModel::Conversation => {
                let kind = self.category.or(self.origin).ok_or(Incomparable::Incomplete)?;
                Ok(Meaning::Conversation(kind))
            }
            PricingModel::Message => {
                let category = self.category.ok_or(Incomparable::Incomplete)?;
                Ok(Meaning::Message(self.price(regime, category)?, category))
            }
        }
    }

    /// `billable: false` proves a free entry point while the free 1,000 carried `true` all the same. Since service conversations
    /// are free, public payloads have it either way and it proves nothing.
    fn free_by_conversation(&self, model: PricingModel, regime: RegimeId) -> bool {
        let proves = matches!(regime, RegimeId::Cbp1 | RegimeId::Cbp1b | RegimeId::Cbp2);
        proves && model == PricingModel::Conversation && self.billable == Some(false)
    }

    /// By `type` and `subtype`; `billable` is left out of account, as it is to be dropped and says no more.
    fn price(&self, regime: RegimeId, category: ObservedCategory) -> Result<SeenPrice, Incomparable> {
        let service = matches!(category, ObservedCategory::Service | ObservedCategory::GroupService);
        if self.exempt {
            return Ok(SeenPrice::Exempt);
        }
        match self.kind.ok_or(Incomparable::Incomplete)? {
            PricingType::Regular => Ok(SeenPrice::Charged),
            PricingType::FreeTier => Ok(SeenPrice::FreeTier),
            PricingType::FreeCustomerService | PricingType::FreeGroupCustomerService
                if service && regime >= RegimeId::Pmp2 =>
            {
                Ok(SeenPrice::FreeTier)
            }
            _ => Ok(SeenPrice::FreeInWindow),
        }
    }
}

impl ObservedCategory {
    /// The category of ours with the same meaning, if there is one.
    pub const fn billed(self) -> Option<BilledCategory> {
        Some(match self {
            ObservedCategory::Authentication => BilledCategory::Authentication,
            ObservedCategory::AuthenticationInternational => BilledCategory::AuthenticationInternational,
            ObservedCategory::BusinessInitiated => BilledCategory::BusinessInitiated,
            ObservedCategory::GeneralPurposeAi => return None,
            ObservedCategory::GroupMarketing => BilledCategory::GroupMarketing,
            ObservedCategory::GroupMarketingLite => BilledCategory::GroupMarketingLite,
            ObservedCategory::GroupService => BilledCategory::GroupService,
            ObservedCategory::GroupUtility => BilledCategory::GroupUtility,
            ObservedCategory::Marketing => BilledCategory::Marketing,
            ObservedCategory::MarketingLite => BilledCategory::MarketingLite,
            ObservedCategory::ReferralConversion => BilledCategory::ReferralConversion,
            ObservedCategory::Service => BilledCategory::Service,
            ObservedCategory::UserInitiated => BilledCategory::UserInitiated,
            ObservedCategory::Utility => BilledCategory::Utility,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priced(kind: PricingType, category: ObservedCategory) -> Observed {
        Observed { kind: Some(kind), category: Some(category), ..Observed::default() }
    }

    #[test]
    fn free_customer_service_changed_its_meaning_in_october_2026() {
        let service = priced(PricingType::FreeCustomerService, ObservedCategory::Service);
        let meaning = |regime| service.meaning(regime);
        let by = |price| Ok(Meaning::Message(price, ObservedCategory::Service));
        assert_eq!(meaning(RegimeId::Pmp1), by(SeenPrice::FreeInWindow));
        assert_eq!(meaning(RegimeId::Pmp2), by(SeenPrice::FreeTier));
    }

    #[test]
    fn billable_false_proves_a_free_entry_point_only_while_service_was_charged() {
        let service = Observed {
            billable: Some(false),
            category: Some(ObservedCategory::Service),
            model: Some(PricingModel::Conversation),
            ..Observed::default()
        };
        assert_eq!(service.meaning(RegimeId::Cbp2), Ok(Meaning::FreeEntryPoint));
        assert_eq!(service.meaning(RegimeId::Cbp3), Ok(Meaning::Conversation(ObservedCategory::Service)));
        let by_message = Observed { kind: Some(PricingType::Regular), model: Some(PricingModel::Message), ..service };
        let charged = Ok(Meaning::Message(SeenPrice::Charged, ObservedCategory::Service));
        assert_eq!(by_message.meaning(RegimeId::Pmp2), charged, "the type counts");
    }

    #[test]
    fn half_a_verdict_is_none() {
        let no_type = Observed { category: Some(ObservedCategory::Utility), ..Observed::default() };
        assert_eq!(no_type.meaning(RegimeId::Pmp1), Err(Incomparable::Incomplete));
        assert_eq!(no_type.meaning(RegimeId::Nbp), Err(Incomparable::Incomplete));
        let kind = Ok(Meaning::Conversation(ObservedCategory::Utility));
        assert_eq!(no_type.meaning(RegimeId::Cbp2), kind, "by conversation there is no type");
    }
}
