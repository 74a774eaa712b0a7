//! Notification-based pricing, before 1 February 2022: each delivered template is charged, the rest is free (R73, R74).

use crate::model::{BilledCategory, Message, Outcome, Reason, RuleId, Verdict};
use crate::tariff::Regime;

use super::{Case, alone};

pub(super) fn judge<Id>(case: &Case<'_>, regime: &Regime, message: &Message) -> Verdict<Id> {
    let (category, outcome, rule) = match message.template_category() {
        Some(_) => (BilledCategory::Notification, Outcome::Charged, RuleId::R73),
        None => (BilledCategory::Service, Outcome::Free(Reason::SessionMessage), RuleId::R74),
    };
    if case.waives(message, category) {
        return alone(regime, category, Outcome::Free(Reason::Waived), RuleId::R9b);
    }
    alone(regime, category, outcome, rule)
}
