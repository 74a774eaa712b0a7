//! What never becomes anything to bill, in the order of Q21: outside the API, reactions, not delivered, not allowed.

use crate::model::{BilledCategory, Country, Flag, Flags, Form, Message, Origin, Outcome, Reason, RuleId, Verdict};
use crate::tariff::{Family, Regime};

use super::{Case, alone};

/// Why a message is not billed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    reason: Reason,
    rule: RuleId,
}

/// What passing the gate showed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passed {
    /// The customer service window counts as open at the sending: it was, or the delivery proves it (Q9).
    pub(super) window_open: bool,
    pub(super) flags: Flags,
}

impl Refusal {
    pub(super) fn verdict<Id>(self, case: &Case<'_>, regime: &Regime, message: &Message) -> Verdict<Id> {
        alone(regime, own_category(case, regime, message), Outcome::NotBilled(self.reason), self.rule)
    }
}

/// The category a covered or not billed message shows: its template's, or service (Q23).
pub(super) fn own_category(case: &Case<'_>, regime: &Regime, message: &Message) -> BilledCategory {
    let template = case.template_category(message);
    match (regime.family, template) {
        (Family::Notification, Some(_)) => BilledCategory::Notification,
        (_, Some(category)) => category.into(),
        (Family::Message, None) if message.form == Form::BusinessAgent => BilledCategory::BusinessAgent,
        (_, None) => BilledCategory::Service,
    }
}

/// Lets a message pass that was delivered and allowed, or whose delivery is trusted although it looks forbidden.
pub(super) fn check(case: &Case<'_>, message: &Message) -> Result<Passed, Refusal> {
    let refuse = |reason, rule| Err(Refusal { reason, rule });
    match message.origin {
        Origin::BusinessApp => return refuse(Reason::BusinessApp, RuleId::R72),
        Origin::History => return refuse(Reason::History, RuleId::R72),
        Origin::Api | Origin::System => {}
    }
    if message.form == Form::Reaction {
        return refuse(Reason::Reaction, RuleId::R71);
    }
    if message.delivered.is_none() {
        return refuse(Reason::NotDelivered, RuleId::R2);
    }
    let free_form = message.template_category().is_none();
    let closed = free_form && !message.window.open_at_sent;
    let paused = is_paused(case, message);
    if case.rules.settings.refuse_delivered_against_rule {
        match (closed, paused) {
            (true, _) => return refuse(Reason::WindowClosed, RuleId::R20),
            (_, true) => return refuse(Reason::MarketingPaused, RuleId::R71),
            _ => {}
        }
    }
    let mut flags = Flags::NONE;
    flags.set_if(Flag::DeliveredAgainstRule, closed || paused);
    Ok(Passed { window_open: message.window.open_at_sent || closed, flags })
}

/// Marketing to a US number since April 2025, by the local day of sending (R71). An unknown category proves nothing.
fn is_paused(case: &Case<'_>, message: &Message) -> bool {
    let marketing = message.template_category().is_some_and(crate::model::TemplateCategory::is_marketing)
        && !message.category_unknown;
    case.rules.settings.us_marketing_pause
        && marketing
        && message.country == Country::US
        && case.rules.rule_day(case.day(message.sent)) >= case.rules.milestones.us_pause_from
}
