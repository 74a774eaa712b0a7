//! `--trust observed`: Meta's own verdict instead of ours, before allowances and prices.
//!
//! What it settles, and what stays ours:
//! - by message: category, price and reason. A service message that Meta calls `regular` is charged and draws on no allowance, as Meta
//!   has counted already; one it calls inside the free tier is free and uses one of the 1,000 (rules §3.1);
//! - by conversation: the kind of the conversation, and whether it is a free entry point. Which message opens one stays ours, and so
//!   does the allowance, which Meta's verdict does not show;
//! - by notification: whether it is a template.
//!
//! What the chat remembers stays ours, too: messages without a verdict of Meta's are judged as if all had been.

use crate::model::{
    BilledCategory, ConversationKind, Meaning, Message, Observed, ObservedCategory, Outcome, PricingModel, PricingType,
    Reason, RuleId, SeenPrice, TemplateCategory, Verdict,
};
use crate::tariff::{Allowance, Regime, ServicePrice};

use super::{Case, cbp};

/// Our verdict, or Meta's in its place where that is known and can be compared.
pub fn trust<Id: Copy>(case: &Case<'_>, message: &Message, observed: &Observed, own: &Verdict<Id>) -> Verdict<Id> {
    let regime = Regime::of(own.regime);
    let in_force = case.regime(message).id == Regime::on(case.day(message.dated())).id;
    let comparable = in_force && message.delivered.is_some() && own.outcome.incomparable(own.category).is_none();
    let meaning = observed.meaning(own.regime).ok().filter(|_| comparable);
    meaning.map_or(*own, |meaning| taken(case, message, regime, observed, own, meaning))
}

fn taken<Id: Copy>(
    case: &Case<'_>,
    message: &Message,
    regime: &Regime,
    observed: &Observed,
    own: &Verdict<Id>,
    meaning: Meaning,
) -> Verdict<Id> {
    let covered = matches!(own.outcome, Outcome::Covered(_));
    match (regime.id.model(), meaning) {
        (PricingModel::Notification, Meaning::Notification { template }) => by_notification(own, template),
        (PricingModel::Conversation, Meaning::FreeEntryPoint) if own.conversation.is_some() => {
            in_free_entry_point(own, covered)
        }
        (PricingModel::Conversation, Meaning::Conversation(seen)) if own.conversation.is_some() => {
            by_conversation(case, message, regime, own, seen)
        }
        // Where nothing refused the message it is ours already: one is opened for it where the log has no click.
        (PricingModel::Message, Meaning::FreeEntryPoint) if matches!(own.outcome, Outcome::NotBilled(_)) => {
            Verdict { outcome: Outcome::Free(Reason::FreeEntryPoint), rule: RuleId::R38, ..*own }
        }
        (PricingModel::Message, Meaning::Conversation(seen)) => leftover(own, seen),
        (PricingModel::Message, Meaning::Message(price, seen)) => by_message(case, regime, observed, own, price, seen),
        _ => *own,
    }
}

fn by_notification<Id: Copy>(own: &Verdict<Id>, template: bool) -> Verdict<Id> {
    let (category, outcome, rule) = if template {
        (BilledCategory::Notification, Outcome::Charged, RuleId::R73)
    } else {
        (BilledCategory::Service, Outcome::Free(Reason::SessionMessage), RuleId::R74)
    };
    Verdict { category, outcome, rule, ..*own }
}

fn in_free_entry_point<Id: Copy>(own: &Verdict<Id>, covered: bool) -> Verdict<Id> {
    let kind = ConversationKind::FreeEntryPoint;
    match own.outcome {
        Outcome::Covered(ours) if ours == kind => *own,
        Outcome::Free(Reason::FreeEntryPoint) => *own,
        _ if covered => Verdict { outcome: Outcome::Covered(kind), rule: RuleId::R38, ..*own },
        _ => Verdict {
            category: BilledCategory::ReferralConversion,
            outcome: Outcome::Free(Reason::FreeEntryPoint),
            draws_allowance: false,
            rule: RuleId::R35,
            ..*own
        },
    }
}

/// An opener opens, and a covered message is covered by, a conversation of the kind that Meta names.
fn by_conversation<Id: Copy>(
    case: &Case<'_>,
    message: &Message,
    regime: &Regime,
    own: &Verdict<Id>,
    seen: ObservedCategory,
) -> Verdict<Id> {
    let Some(kind) = kind_of(case, message, seen) else { return *own };
    if let Outcome::Covered(ours) = own.outcome {
        let rule = match kind {
            _ if ours == kind || own.rule == RuleId::R11 => own.rule,
            ConversationKind::UserInitiated | ConversationKind::BusinessInitiated => RuleId::R26,
            ConversationKind::Template(_) if message.template_category().is_some() => RuleId::R27,
            _ => RuleId::R29,
        };
        return Verdict { outcome: Outcome::Covered(kind), rule, ..*own };
    }
    let two_kinds = matches!(kind, ConversationKind::UserInitiated | ConversationKind::BusinessInitiated);
    if two_kinds != regime.one_conversation {
        // The words of another regime: there is no such price on this day.
        return *own;
    }
    let opening = match kind {
        ConversationKind::UserInitiated => cbp::by_initiator(case, regime, message, true),
        ConversationKind::BusinessInitiated => cbp::by_initiator(case, regime, message, false),
        ConversationKind::Template(template) => {
            // Before MM Lite was a category of its own it was plain marketing (Q27).
            let sold_as = if template == TemplateCategory::Authentication { seen.billed() } else { None };
            cbp::by_category(regime, Some(template), sold_as.unwrap_or(template.into()))
        }
        ConversationKind::Service | ConversationKind::FreeEntryPoint => {
            cbp::by_category(regime, None, BilledCategory::Service)
        }
    };
    match own.conversation {
        Some(id) => Verdict { flags: own.flags, ..opening.verdict(case, regime, message, id) },
        None => *own,
    }
}

fn kind_of(case: &Case<'_>, message: &Message, seen: ObservedCategory) -> Option<ConversationKind> {
    Some(match seen {
        ObservedCategory::UserInitiated => ConversationKind::UserInitiated,
        ObservedCategory::BusinessInitiated => ConversationKind::BusinessInitiated,
        ObservedCategory::Service => ConversationKind::Service,
        _ => {
            let template = seen.template()?;
            ConversationKind::Template(case.category_in_force(template, message))
        }
    })
}

/// A conversation of before 1 July 2025 covers it (R12; R13 for the other categories).
fn leftover<Id: Copy>(own: &Verdict<Id>, seen: ObservedCategory) -> Verdict<Id> {
    let Some(template) = seen.template() else { return *own };
    let covered = Outcome::Covered(ConversationKind::Template(template));
    if own.outcome == covered {
        return *own;
    }
    let rule = if template == TemplateCategory::Utility { RuleId::R12 } else { RuleId::R11 };
    Verdict { category: template.into(), outcome: covered, draws_allowance: false, rule, conversation: None, ..*own }
}

fn by_message<Id: Copy>(
    case: &Case<'_>,
    regime: &Regime,
    observed: &Observed,
    own: &Verdict<Id>,
    price: SeenPrice,
    seen: ObservedCategory,
) -> Verdict<Id> {
    let Some(category) = seen.billed().filter(|category| exists(regime, *category, price)) else { return *own };
    let group = category != category.by_recipient() || observed.kind == Some(PricingType::FreeGroupCustomerService);
    let lite = own.category == BilledCategory::GroupMarketingLite && category == BilledCategory::GroupMarketing;
    let service = category.by_recipient() == BilledCategory::Service;
    let templates_rule = if regime.utility_free_in_window { RuleId::R55 } else { RuleId::R56 };
    let in_window = if group { Reason::FreeGroupCustomerService } else { Reason::FreeCustomerService };
    let (outcome, rule) = match price {
        SeenPrice::Charged if service => (Outcome::Charged, RuleId::R51),
        SeenPrice::Charged => (Outcome::Charged, templates_rule),
        SeenPrice::FreeInWindow if service => (Outcome::Free(in_window), RuleId::R55),
        SeenPrice::FreeInWindow => (Outcome::Free(in_window), RuleId::R22),
        SeenPrice::FreeTier => (Outcome::Free(Reason::FreeTier), RuleId::R51),
        SeenPrice::Exempt => (Outcome::Free(Reason::PaidExempt), RuleId::R54),
    };
    let waived = outcome == Outcome::Charged && case.account.waived.contains(&category.by_recipient());
    let (outcome, rule) = if waived { (Outcome::Free(Reason::Waived), RuleId::R9b) } else { (outcome, rule) };
    let in_group = if group { category.in_group() } else { category };
    Verdict {
        category: if lite { own.category } else { in_group },
        outcome,
        draws_allowance: price == SeenPrice::FreeTier,
        rule,
        conversation: None,
        ..*own
    }
}

/// Whether the regime has such a price at all; Meta's word for one of another regime is kept out of the bill and shows as a disagreement.
fn exists(regime: &Regime, category: BilledCategory, price: SeenPrice) -> bool {
    let service = category.by_recipient() == BilledCategory::Service;
    match (category, price) {
        (BilledCategory::UserInitiated | BilledCategory::BusinessInitiated | BilledCategory::ReferralConversion, _) => {
            false
        }
        (_, SeenPrice::Charged) => !service || regime.service == ServicePrice::Charged,
        (_, SeenPrice::FreeTier | SeenPrice::Exempt) => service && regime.allowance == Allowance::ServiceMessages,
        (_, SeenPrice::FreeInWindow) => true,
    }
}
