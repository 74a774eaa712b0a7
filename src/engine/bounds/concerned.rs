//! Which causes of uncertainty a message has. Every billed message is asked, so this must be cheap.

use std::collections::BTreeMap;

use crate::model::{
    Cause, ConversationKind, Currency, DAY, Flag, Flags, Form, Outcome, Rated, Reason, Span, TemplateCategory, Verdict,
};
use crate::tariff::{Family, Regime};

use super::super::pass::{Judged, Run};
use super::variant::shows_entry_points;

/// A month that began before the log is over so long after its start, in any zone.
const REST_OF_MONTH: Span = DAY.times(33);

/// A free entry point from before the log, or one whose click lies before it, ends no later: 24 h to answer, and at most seven days.
const REACH_OF_ENTRY_POINTS: Span = DAY.times(8);

/// How many billed messages each cause concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerned(BTreeMap<(Currency, Cause), u64>);

impl Concerned {
    /// Counts a message.
    pub(in super::super) fn add(&mut self, currency: Currency, cause: Cause) {
        *self.0.entry((currency, cause)).or_default() += 1;
    }

    /// Adds another count.
    pub(in super::super) fn merge(&mut self, other: &Concerned) {
        for (key, messages) in &other.0 {
            *self.0.entry(*key).or_default() += messages;
        }
    }

    /// The causes that concern any message.
    pub fn causes(&self) -> Vec<Cause> {
        Cause::ALL.into_iter().filter(|cause| self.0.keys().any(|(_, concerned)| concerned == cause)).collect()
    }

    /// Messages in a currency that a cause concerns.
    pub fn messages(&self, currency: Currency, cause: Cause) -> u64 {
        self.0.get(&(currency, cause)).copied().unwrap_or(0)
    }
}

/// The causes that could change what a message costs.
pub(in super::super) fn causes_of<'j>(
    run: &'j Run<'_>,
    judged: &'j Judged<'_, '_>,
    verdict: &'j Verdict<&str>,
    rated: &'j Rated,
) -> impl Iterator<Item = Cause> {
    let seen = Seen { run, judged, verdict, rated, flags: judged.message.message.flags.union(verdict.flags) };
    Cause::ALL.into_iter().filter(move |cause| seen.is_concerned(*cause))
}

struct Seen<'j, 'c, 'r> {
    run: &'j Run<'c>,
    judged: &'j Judged<'j, 'r>,
    verdict: &'j Verdict<&'j str>,
    rated: &'j Rated,
    flags: Flags,
}

impl Seen<'_, '_, '_> {
    fn is_concerned(&self, cause: Cause) -> bool {
        match cause {
            Cause::DeliveryUnknown => self.flags.has(Flag::AssumedDelivered),
            Cause::WindowsUnknown => self.flags.has(Flag::NoInbound) && self.window_matters(),
            Cause::EntryPointsUnknown => self.hides_entry_points() && self.entry_point_matters(),
            Cause::CategoryUnknown => self.judged.message.message.category_unknown && self.is_delivered(),
            Cause::ColdStart => self.is_early(),
            Cause::MonthBeganBefore => self.counts_in_begun_month(),
            Cause::FepLength => self.flags.has(Flag::FepLengthUncertain),
        }
    }

    fn is_delivered(&self) -> bool {
        !matches!(self.rated.outcome, Outcome::NotBilled(_))
    }

    fn regime(&self) -> &'static Regime {
        Regime::of(self.verdict.regime)
    }

    /// Whether an open window would be another bill: for utility until October 2026 (R22), for the kind of conversation (R25), for what
    /// a message is taken for (Q25), and for what may be sent at all.
    fn window_matters(&self) -> bool {
        let message = &self.judged.message.message;
        let may_be_utility = message.form == Form::Template(TemplateCategory::Utility) || message.category_unknown;
        let in_free = self.regime().utility_free_in_window && may_be_utility;
        let refused = self.rated.outcome == Outcome::NotBilled(Reason::WindowClosed);
        let billed = in_free || self.regime().one_conversation || self.flags.has(Flag::TypeInferred);
        refused || (billed && self.is_delivered())
    }

    /// Nothing in the log tells what a customer's message came from, and Meta's own verdict does not stand beside this one.
    fn hides_entry_points(&self) -> bool {
        let facts = self.run.log.intake.facts();
        (!facts.knows_referral || !facts.has_inbound) && self.judged.message.observed.kind.is_none()
    }

    /// Whether a free entry point would make it free.
    fn entry_point_matters(&self) -> bool {
        let message = &self.judged.message.message;
        let may_be_in = self.regime().fep.is_some() && !message.in_group && message.form != Form::BusinessAgent;
        may_be_in && self.rated.outcome == Outcome::Charged
    }

    fn in_entry_point(&self) -> bool {
        let kinds = [Outcome::Free(Reason::FreeEntryPoint), Outcome::Covered(ConversationKind::FreeEntryPoint)];
        kinds.contains(&self.rated.outcome)
    }

    /// Whether something from before the log could reach it.
    fn is_early(&self) -> bool {
        let Some((start, _)) = self.run.log.intake.facts().period else { return false };
        let message = &self.judged.message.message;
        let in_reach = message.sent.within(start, REACH_OF_ENTRY_POINTS) || message.dated().within(start, DAY);
        if !in_reach && !self.flags.has(Flag::ColdStart) {
            return false;
        }
        let conversation = self.regime().family == Family::Conversation && message.dated().within(start, DAY);
        let window = self.flags.has(Flag::ColdStart) && self.window_matters();
        let entry_point = (shows_entry_points(self.run) || self.hides_entry_points())
            && (self.entry_point_matters() || self.in_entry_point())
            && message.sent.within(start, REACH_OF_ENTRY_POINTS);
        window || entry_point || (conversation && self.is_delivered())
    }

    /// Whether the place in a month decides what it costs, and the month began before the log.
    fn counts_in_begun_month(&self) -> bool {
        let Some((start, _)) = self.run.log.intake.facts().period else { return false };
        let by_place = self.rated.tier.is_some() || self.rated.outcome == Outcome::Free(Reason::FreeTier);
        // Most messages are of later months, and need no calendar to see that.
        let early = self.judged.message.message.dated().within(start, REST_OF_MONTH);
        by_place && early && self.run.starts_within(self.judged.account, self.judged.day.month())
    }
}
