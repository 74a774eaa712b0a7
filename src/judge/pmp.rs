//! Per-message pricing: each delivered message by itself, unless a free entry point or the window makes it free (R55–R60).

use crate::model::{
    BilledCategory, ConversationKind, Flag, Flags, Form, Instant, Message, Outcome, Reason, RuleId, TemplateCategory,
    Verdict,
};
use crate::tariff::{Allowance, EvaluatedAt, Family, Regime, ServicePrice};

use super::state::ChatState;
use super::{Case, alone, entry_point};

pub(super) fn judge<Id: Copy + Ord>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    regime: &'static Regime,
    message: &Message,
    id: Id,
) -> Verdict<Id> {
    if message.form == Form::BusinessAgent {
        return business_agent(case, regime, message);
    }
    let at = moment(case.rules.settings.fep_evaluated_at, message);
    entry_point::correct_end(state, message, at);
    let uncertain = state.free_entry_point().is_some_and(|fep| fep.uncertain_at(at));
    let anew = if state.answers_anew() { answer(case, state, regime, message, id) } else { None };
    let mut verdict = anew
        .or_else(|| in_free_entry_point(case, state, regime, message, at))
        .or_else(|| answer(case, state, regime, message, id))
        .or_else(|| as_seen(case, state, regime, message, id))
        .unwrap_or_else(|| outside_free_entry_point(case, state, regime, message));
    verdict.flags.set_if(Flag::FepLengthUncertain, uncertain);
    verdict
}

/// The moment a window is tested at.
fn moment(setting: EvaluatedAt, message: &Message) -> Instant {
    if setting == EvaluatedAt::Sent { message.sent } else { message.dated() }
}

/// Tokens, wherever it stands, from the day they are charged (R59, Q10).
fn business_agent<Id>(case: &Case<'_>, regime: &Regime, message: &Message) -> Verdict<Id> {
    let category = BilledCategory::BusinessAgent;
    if case.waives(message, category) {
        return alone(regime, category, Outcome::Free(Reason::Waived), RuleId::R9b);
    }
    let charged = case.rule_day(message) >= case.rules.milestones.business_agent_from;
    let outcome = if charged { Outcome::Charged } else { Outcome::Free(Reason::NotYetCharged) };
    alone(regime, category, outcome, RuleId::R59)
}

/// Inside an open free entry point everything is free (R38); one that conversation pricing opened runs on (R14).
fn in_free_entry_point<Id: Copy>(
    case: &Case<'_>,
    state: &ChatState<Id>,
    regime: &Regime,
    message: &Message,
    at: Instant,
) -> Option<Verdict<Id>> {
    let fep = state.open_fep(at)?;
    let by_conversation = Regime::of(fep.opened_under).family == Family::Conversation;
    let rule = if by_conversation { RuleId::R14 } else { RuleId::R38 };
    Some(free_by_entry_point(case, regime, message, fep.opener, rule))
}

/// The first answer in time opens a free entry point at its sending and is free itself (R35, R36).
fn answer<Id: Copy>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    regime: &Regime,
    message: &Message,
    id: Id,
) -> Option<Verdict<Id>> {
    let opens = entry_point::open(case, state, regime, message, message.sent, id);
    opens.then(|| free_by_entry_point(case, regime, message, id, RuleId::R35))
}

/// Meta counts it to a free entry point that the log does not explain.
fn as_seen<Id: Copy>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    regime: &Regime,
    message: &Message,
    id: Id,
) -> Option<Verdict<Id>> {
    let opens = entry_point::open_as_seen(case, state, regime, message, message.sent, id);
    let free = || free_by_entry_point(case, regime, message, id, RuleId::R35);
    opens.then(|| Verdict { flags: Flags::only(Flag::FepFromPricing), ..free() })
}

fn free_by_entry_point<Id>(
    case: &Case<'_>,
    regime: &Regime,
    message: &Message,
    opener: Id,
    rule: RuleId,
) -> Verdict<Id> {
    let free_form = message.template_category().is_none();
    Verdict {
        regime: regime.id,
        category: case.sold_as(message),
        outcome: Outcome::Free(Reason::FreeEntryPoint),
        draws_allowance: free_form
            && regime.allowance == Allowance::ServiceMessages
            && case.rules.settings.fep_uses_allowance,
        rule,
        conversation: Some(opener),
        flags: Flags::NONE,
    }
}

fn outside_free_entry_point<Id: Copy + Ord>(
    case: &Case<'_>,
    state: &ChatState<Id>,
    regime: &Regime,
    message: &Message,
) -> Verdict<Id> {
    let template = case.template_category(message);
    if let Some(covered) = template.and_then(|template| by_leftover(case, state, regime, message, template)) {
        return covered;
    }
    let category = case.sold_as(message);
    if case.waives(message, category) {
        return alone(regime, category, Outcome::Free(Reason::Waived), RuleId::R9b);
    }
    match template {
        Some(template) => template_message(case, regime, message, template),
        None => service_message(regime, message),
    }
}

/// A conversation of before 1 July 2025 covers templates of its category until it ends (R12; R13 by setting).
fn by_leftover<Id: Copy + Ord>(
    case: &Case<'_>,
    state: &ChatState<Id>,
    regime: &Regime,
    message: &Message,
    template: TemplateCategory,
) -> Option<Verdict<Id>> {
    let utility = template == TemplateCategory::Utility;
    if !utility && !case.rules.settings.keep_conversations_open_at_2025_07_01 {
        return None;
    }
    let open = state.oldest_open(message.sent, |open| open.kind == ConversationKind::Template(template))?;
    let rule = if utility { RuleId::R12 } else { RuleId::R11 };
    Some(Verdict {
        conversation: Some(open.opener),
        ..alone(regime, template.into(), Outcome::Covered(open.kind), rule)
    })
}

/// A template is charged, unless it is utility and the window makes it free (R22).
fn template_message<Id>(
    case: &Case<'_>,
    regime: &Regime,
    message: &Message,
    template: TemplateCategory,
) -> Verdict<Id> {
    let utility = template == TemplateCategory::Utility;
    let in_window = match case.rules.settings.csw_evaluated_at {
        EvaluatedAt::Sent => message.window.open_at_sent,
        EvaluatedAt::Delivered => message.window.open_at_delivered,
    };
    if utility && regime.utility_free_in_window && in_window {
        return alone(regime, BilledCategory::Utility, free_in_window(message), RuleId::R22);
    }
    let rule = if regime.utility_free_in_window { RuleId::R55 } else { RuleId::R56 };
    alone(regime, case.sold_as(message), Outcome::Charged, rule)
}

/// Free-form: free, or charged beyond the allowance (R55, R51).
fn service_message<Id>(regime: &Regime, message: &Message) -> Verdict<Id> {
    match regime.service {
        ServicePrice::Free => alone(regime, BilledCategory::Service, free_in_window(message), RuleId::R55),
        ServicePrice::Charged => {
            let charged = alone(regime, BilledCategory::Service, Outcome::Charged, RuleId::R51);
            Verdict { draws_allowance: true, ..charged }
        }
    }
}

fn free_in_window(message: &Message) -> Outcome {
    Outcome::Free(if message.in_group { Reason::FreeGroupCustomerService } else { Reason::FreeCustomerService })
}
