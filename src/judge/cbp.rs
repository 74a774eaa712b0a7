//! Conversation-based pricing: the delivered opener pays for 24 hours, or a free entry point pays for none (R24–R42).

use crate::model::{
    BilledCategory, ConversationKind, Flag, Flags, Message, Outcome, Reason, RegimeId, RuleId, TemplateCategory,
    UntoldCategories, Verdict,
};
use crate::tariff::{Allowance, Regime, ServicePrice};

use super::gate::{Passed, own_category};
use super::state::{ChatState, Conversation};
use super::{Case, alone, entry_point};

/// Conversations that can stand open side by side: marketing, utility, authentication.
const UNKNOWN_AT_ONCE: usize = 3;

pub(super) fn judge<Id: Copy + Ord>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    regime: &'static Regime,
    message: &Message,
    passed: Passed,
    id: Id,
) -> Verdict<Id> {
    let delivered = message.dated();
    entry_point::correct_end(state, message, delivered);
    if state.answers_anew() && entry_point::open(case, state, regime, message, delivered, id) {
        return answer(regime, id);
    }
    let covered = |kind, opener, opened_under, rule| covered(case, regime, message, kind, opener, opened_under, rule);
    if let Some(fep) = state.open_fep(delivered) {
        return covered(ConversationKind::FreeEntryPoint, fep.opener, fep.opened_under, RuleId::R38);
    }
    // A conversation of the two-kinds regimes takes everything until it ends, also beyond them (R26, Q8).
    if let Some(open) = state.oldest_open(delivered, |open| Regime::of(open.opened_under).one_conversation) {
        return covered(open.kind, open.opener, open.opened_under, RuleId::R26);
    }
    // At the delivery of the answer (R36).
    if entry_point::open(case, state, regime, message, delivered, id) {
        return answer(regime, id);
    }
    if entry_point::open_as_seen(case, state, regime, message, delivered, id) {
        return Verdict { flags: Flags::only(Flag::FepFromPricing), ..answer(regime, id) };
    }
    let opening = if regime.one_conversation {
        by_initiator(case, regime, message, passed.window_open)
    } else {
        match attach_by_category(case, state, message) {
            Some((open, rule)) => return covered(open.kind, open.opener, open.opened_under, rule),
            None => by_category(regime, case.template_category(message), case.sold_as(message)),
        }
    };
    state.open_conversation(Conversation {
        kind: opening.kind,
        opener: id,
        start: delivered,
        opened_under: regime.id,
        category_assumed: state.assumed_categories().is_some() && message.flags.has(Flag::CategoryUnknown),
    });
    opening.verdict(case, regime, message, id)
}

/// The conversation that a message opens, before waivers.
pub(super) struct Opening {
    kind: ConversationKind,
    category: BilledCategory,
    outcome: Outcome,
    draws_allowance: bool,
    rule: RuleId,
}

impl Opening {
    pub(super) fn verdict<Id>(self, case: &Case<'_>, regime: &Regime, message: &Message, id: Id) -> Verdict<Id> {
        let waived = case.waives(message, self.category);
        Verdict {
            regime: regime.id,
            category: self.category,
            outcome: if waived { Outcome::Free(Reason::Waived) } else { self.outcome },
            draws_allowance: self.draws_allowance && !waived,
            rule: if waived { RuleId::R9b } else { self.rule },
            conversation: Some(id),
            flags: Flags::NONE,
        }
    }
}

/// One conversation at a time, of one of two kinds: who wrote first decides (R25, R47, R48).
pub(super) fn by_initiator(case: &Case<'_>, regime: &Regime, message: &Message, window_open: bool) -> Opening {
    let direct = !case.account.partner_served;
    let left = case.rule_day(message) >= case.rules.milestones.direct_business_initiated_charged_from;
    let outside = regime.allowance == Allowance::ConversationsByPartner && direct && left;
    let (kind, category) = if window_open {
        (ConversationKind::UserInitiated, BilledCategory::UserInitiated)
    } else {
        (ConversationKind::BusinessInitiated, BilledCategory::BusinessInitiated)
    };
    let draws_allowance = window_open || !outside;
    let rule = if draws_allowance { RuleId::R47 } else { RuleId::R48 };
    Opening { kind, category, outcome: Outcome::Charged, draws_allowance, rule }
}

/// The open conversation that a message joins: its own category for a template, any for free-form (R27, R29).
fn attach_by_category<Id: Copy + Ord>(
    case: &Case<'_>,
    state: &ChatState<Id>,
    message: &Message,
) -> Option<(Conversation<Id>, RuleId)> {
    let delivered = message.dated();
    match case.template_category(message) {
        Some(category) => {
            let unknown = message.flags.has(Flag::CategoryUnknown);
            let joins = |open: &Conversation<Id>| {
                let same = open.kind == ConversationKind::Template(category);
                match state.assumed_categories() {
                    None => same,
                    Some(UntoldCategories::Fewest(_)) if unknown => matches!(open.kind, ConversationKind::Template(_)),
                    Some(UntoldCategories::Fewest(_)) => same || open.category_assumed,
                    Some(UntoldCategories::Most(_)) if unknown => {
                        open.category_assumed && state.open_of_assumed_category(delivered) >= UNKNOWN_AT_ONCE
                    }
                    Some(UntoldCategories::Most(_)) => same && !open.category_assumed,
                }
            };
            state.oldest_open(delivered, joins).map(|open| (open, RuleId::R27))
        }
        None => state.oldest_open(delivered, |_| true).map(|open| (open, RuleId::R29)),
    }
}

/// A conversation of the message's category (R27), or a service conversation (R29, R49).
pub(super) fn by_category(regime: &Regime, template: Option<TemplateCategory>, sold_as: BilledCategory) -> Opening {
    if let Some(category) = template {
        return Opening {
            kind: ConversationKind::Template(category),
            category: sold_as,
            outcome: Outcome::Charged,
            draws_allowance: false,
            rule: RuleId::R27,
        };
    }
    let (outcome, rule) = match regime.service {
        ServicePrice::Free => (Outcome::Free(Reason::ServiceFree), RuleId::R29),
        ServicePrice::Charged => (Outcome::Charged, RuleId::R49),
    };
    let draws_allowance = regime.allowance == Allowance::ServiceConversations;
    Opening { kind: ConversationKind::Service, category: BilledCategory::Service, outcome, draws_allowance, rule }
}

/// The answer of a click is free and counts as what its click converted to (R35).
fn answer<Id>(regime: &Regime, id: Id) -> Verdict<Id> {
    let free = alone(regime, BilledCategory::ReferralConversion, Outcome::Free(Reason::FreeEntryPoint), RuleId::R35);
    Verdict { conversation: Some(id), ..free }
}

/// Covered by an open conversation; one that was opened under earlier rules keeps them (R11, Q22).
fn covered<Id>(
    case: &Case<'_>,
    regime: &Regime,
    message: &Message,
    kind: ConversationKind,
    opener: Id,
    opened_under: RegimeId,
    rule: RuleId,
) -> Verdict<Id> {
    Verdict {
        regime: regime.id,
        category: own_category(case, regime, message),
        outcome: Outcome::Covered(kind),
        draws_allowance: false,
        rule: if opened_under < regime.id { RuleId::R11 } else { rule },
        conversation: Some(opener),
        flags: Flags::NONE,
    }
}
