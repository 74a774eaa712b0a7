//! Meta's verdict beside ours: does it agree, and if not, where does the difference come from (rules §3.1).
//!
//! Meta's words are read by the meaning of their date ([`Observed::meaning`]). What the log took from Meta's verdict in the first place
//! agrees by itself: a template category that no other column has, and a free entry point whose click is not in the log. Both are
//! flagged on their messages.

mod cause;
mod edges;
mod matrix;

pub use cause::Cause;
pub use edges::ConversationEdges;
pub use matrix::{AgreementTally, CauseCount, MatrixRow, NotComparedCount, ObservedSummary};

use crate::model::{
    BilledCategory, ConversationKind, Incomparable, Meaning, Observed, ObservedCategory, Outcome, PricingModel,
    PricingType, Reason, RegimeId, SeenPrice, TemplateCategory,
};

/// Our own verdict on a message, after allowances.
#[derive(Clone, Copy, Debug)]
pub struct Ours {
    /// The regime it was judged under.
    pub regime: RegimeId,
    /// Whether that was in force on its day, and not chosen by hand.
    pub in_force: bool,
    /// Whether it was delivered.
    pub delivered: bool,
    /// What it counts as.
    pub category: BilledCategory,
    /// What it comes to.
    pub outcome: Outcome,
    /// The category of its template, if it is one.
    pub template: Option<TemplateCategory>,
    /// Whether its row holds a value that is not known.
    pub unknown_value: bool,
}

/// What came of setting Meta's verdict against ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// They say the same.
    Agrees,
    /// They do not.
    Differs(Cause),
    /// They cannot be set against each other.
    NotComparable(Incomparable),
}

/// Sets Meta's verdict on one message against ours.
pub fn compare(ours: Ours, observed: &Observed) -> Agreement {
    if !ours.in_force {
        return Agreement::NotComparable(Incomparable::RegimeByHand);
    }
    if let Some(why) = ours.outcome.incomparable(ours.category) {
        return Agreement::NotComparable(why);
    }
    if !ours.delivered {
        return Agreement::NotComparable(Incomparable::NotDelivered);
    }
    match observed.meaning(ours.regime) {
        Err(Incomparable::Incomplete) if ours.unknown_value => Agreement::NotComparable(Incomparable::UnknownValue),
        Err(why) => Agreement::NotComparable(why),
        Ok(meaning) => difference(ours, meaning, observed).map_or(Agreement::Agrees, Agreement::Differs),
    }
}

fn difference(ours: Ours, meaning: Meaning, observed: &Observed) -> Option<Cause> {
    if let Outcome::NotBilled(reason) = ours.outcome {
        return refused(reason, meaning);
    }
    let model = ours.regime.model();
    let covered = matches!(ours.outcome, Outcome::Covered(_));
    match meaning {
        _ if model == PricingModel::Notification => by_notification(ours, meaning),
        Meaning::FreeEntryPoint => (!ours.in_free_entry_point()).then_some(Cause::FreeEntryPoint),
        _ if ours.in_free_entry_point() => Some(Cause::FreeEntryPoint),
        Meaning::Conversation(seen) if covered || model == PricingModel::Conversation => by_conversation(ours, seen),
        Meaning::Message(price, seen) if !covered && model == PricingModel::Message => {
            by_message(ours, price, seen, observed.kind)
        }
        // Under per-message pricing only what a conversation of before still covers carries the old model (R12).
        _ => Some(Cause::RegimeDate),
    }
}

/// Delivered, but refused by our rules. A reaction costs nothing, whatever a free verdict calls it (R71).
fn refused(reason: Reason, meaning: Meaning) -> Option<Cause> {
    let counts = matches!(meaning, Meaning::Message(SeenPrice::Charged | SeenPrice::FreeTier, _));
    match reason {
        Reason::Reaction => counts.then_some(Cause::Other),
        _ => Some(Cause::Delivery),
    }
}

/// Templates are charged, session messages are not (R73, R74).
fn by_notification(ours: Ours, meaning: Meaning) -> Option<Cause> {
    match meaning {
        Meaning::Notification { template } => {
            (template != (ours.outcome == Outcome::Charged)).then_some(Cause::TemplateOrService)
        }
        _ => Some(Cause::RegimeDate),
    }
}

/// The kind of conversation decides; whether an allowance made it free is not said.
fn by_conversation(ours: Ours, seen: ObservedCategory) -> Option<Cause> {
    let Some(own) = ours.conversation_kind() else { return Some(Cause::Other) };
    if ours.is_of_kind(own, seen) {
        return None;
    }
    let two_kinds =
        |category| matches!(category, ObservedCategory::UserInitiated | ObservedCategory::BusinessInitiated);
    let own_two_kinds = matches!(own, ConversationKind::UserInitiated | ConversationKind::BusinessInitiated);
    Some(match (own_two_kinds, two_kinds(seen)) {
        // Who wrote first within 24 h decides between the two (R25).
        (true, true) => Cause::Window,
        (true, false) | (false, true) => Cause::RegimeDate,
        (false, false) if is_group(seen) => Cause::Group,
        // Free-form joins whatever is open (R29), so another kind means another conversation.
        (false, false) if ours.template.is_none() => Cause::ConversationBoundary,
        (false, false) if seen == ObservedCategory::Service => Cause::TemplateOrService,
        (false, false) => Cause::TemplateCategory,
    })
}

fn by_message(ours: Ours, price: SeenPrice, seen: ObservedCategory, kind: Option<PricingType>) -> Option<Cause> {
    let Some(theirs) = seen.billed().map(BilledCategory::by_recipient) else { return Some(Cause::Other) };
    let own = ours.category.by_recipient();
    let own_group = own != ours.category;
    let same =
        theirs == own || (own_group && own == BilledCategory::MarketingLite && theirs == BilledCategory::Marketing);
    if matches!(theirs, BilledCategory::UserInitiated | BilledCategory::BusinessInitiated) {
        return Some(Cause::RegimeDate);
    }
    if own_group != (is_group(seen) || kind == Some(PricingType::FreeGroupCustomerService)) {
        return Some(Cause::Group);
    }
    if !same {
        let service = BilledCategory::Service;
        let one_is_service = (own == service) != (theirs == service);
        return Some(if one_is_service { Cause::TemplateOrService } else { Cause::TemplateCategory });
    }
    other_price(ours, price)
}

/// Same category, another price.
fn other_price(ours: Ours, seen: SeenPrice) -> Option<Cause> {
    let own = match ours.outcome {
        Outcome::Charged => SeenPrice::Charged,
        Outcome::Free(Reason::FreeCustomerService | Reason::FreeGroupCustomerService) => SeenPrice::FreeInWindow,
        Outcome::Free(Reason::FreeTier) => SeenPrice::FreeTier,
        Outcome::Free(Reason::PaidExempt) => SeenPrice::Exempt,
        _ => return Some(Cause::Other),
    };
    if own == seen {
        return None;
    }
    let either = |price| own == price || seen == price;
    Some(match ours.category.by_recipient() {
        // The exempt part begins where the free tier ends (R54).
        _ if either(SeenPrice::Exempt) && !either(SeenPrice::FreeTier) => Cause::Exemption,
        BilledCategory::Service if either(SeenPrice::FreeInWindow) => Cause::RegimeDate,
        BilledCategory::Service => Cause::FreeTier,
        BilledCategory::Utility if either(SeenPrice::FreeInWindow) && either(SeenPrice::Charged) => {
            if ours.regime >= RegimeId::Pmp2 { Cause::RegimeDate } else { Cause::Window }
        }
        _ => Cause::Other,
    })
}

const fn is_group(seen: ObservedCategory) -> bool {
    use ObservedCategory::{GroupMarketing, GroupMarketingLite, GroupService, GroupUtility};
    matches!(seen, GroupMarketing | GroupMarketingLite | GroupService | GroupUtility)
}

impl Ours {
    /// Whether it stands in a free entry point, as its opener or inside.
    fn in_free_entry_point(self) -> bool {
        self.conversation_kind() == Some(ConversationKind::FreeEntryPoint)
    }

    /// The kind of the conversation it opened or belongs to, as far as its category and outcome tell.
    fn conversation_kind(self) -> Option<ConversationKind> {
        match (self.outcome, self.category) {
            (Outcome::Covered(kind), _) => Some(kind),
            (Outcome::NotBilled(_), _) => None,
            (Outcome::Free(Reason::FreeEntryPoint), _) => Some(ConversationKind::FreeEntryPoint),
            (_, BilledCategory::UserInitiated) => Some(ConversationKind::UserInitiated),
            (_, BilledCategory::BusinessInitiated) => Some(ConversationKind::BusinessInitiated),
            (_, BilledCategory::Service) => Some(ConversationKind::Service),
            (_, BilledCategory::Marketing) => Some(ConversationKind::Template(TemplateCategory::Marketing)),
            (_, BilledCategory::MarketingLite) => Some(ConversationKind::Template(TemplateCategory::MarketingLite)),
            (_, BilledCategory::Utility) => Some(ConversationKind::Template(TemplateCategory::Utility)),
            (_, BilledCategory::Authentication | BilledCategory::AuthenticationInternational) => {
                Some(ConversationKind::Template(TemplateCategory::Authentication))
            }
            _ => None,
        }
    }

    /// Whether Meta's category names a conversation of our kind.
    fn is_of_kind(self, own: ConversationKind, seen: ObservedCategory) -> bool {
        let covered = matches!(self.outcome, Outcome::Covered(_));
        match (own, seen) {
            (ConversationKind::UserInitiated, ObservedCategory::UserInitiated)
            | (ConversationKind::BusinessInitiated, ObservedCategory::BusinessInitiated)
            | (ConversationKind::Service, ObservedCategory::Service) => true,
            // One conversation whatever its rate (Q28): its opener shows which one, what it covers need not.
            (
                ConversationKind::Template(TemplateCategory::Authentication),
                ObservedCategory::Authentication | ObservedCategory::AuthenticationInternational,
            ) => covered || seen.billed() == Some(self.category),
            // MM Lite was plain marketing before it became its own (R33, Q27).
            (ConversationKind::Template(TemplateCategory::Marketing), ObservedCategory::MarketingLite) => {
                self.template == Some(TemplateCategory::MarketingLite)
            }
            (ConversationKind::Template(category), _) => seen.template() == Some(category) && !is_group(seen),
            _ => false,
        }
    }
}
