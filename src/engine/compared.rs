//! Each message as it is billed and as we alone judge it, with Meta's verdict beside it.

use std::sync::atomic::AtomicBool;

use crate::model::{DisagreementRow, Flag, Flags, Observed, Outcome, Rated, RuleId, Verdict};
use crate::rate::{Positions, Rater};
use crate::summarise::{Agreement, ConversationEdges, Ours, compare};
use crate::tariff::Regime;

use super::pass::{Judged, Run, View};
use super::plan::Trust;
use super::replay::{RunError, rateable, shown};

/// Where the pools cross their edges: as billed, and, where Meta's verdicts are trusted, as they would by ours alone.
#[derive(Debug)]
pub(super) struct BothPositions {
    billed: Positions,
    own: Option<Positions>,
}

impl BothPositions {
    pub(super) fn of(run: &Run<'_>, interrupted: &AtomicBool) -> Result<BothPositions, RunError> {
        let trusting = run.plan.trust == Trust::Observed;
        Ok(BothPositions {
            billed: run.positions(View::Billed, interrupted)?,
            own: trusting.then(|| run.positions(View::Own, interrupted)).transpose()?,
        })
    }
}

/// Rates messages and sets Meta's verdict against ours.
#[derive(Debug)]
pub(super) struct Appraiser<'r, 'p> {
    run: &'r Run<'r>,
    pub(super) billed: Rater<'r, 'p>,
    own: Option<Rater<'r, 'p>>,
}

/// What one message came to.
#[derive(Debug)]
pub(super) struct Appraised {
    /// As it is billed.
    pub(super) rated: Rated,
    /// Our own verdict, and the rule it rests on.
    pub(super) ours: (Ours, RuleId),
    /// Whether Meta's agrees; `None` where the log has none for it.
    pub(super) agreement: Option<Agreement>,
}

impl<'r, 'p> Appraiser<'r, 'p> {
    pub(super) fn new(run: &'r Run<'r>, positions: &'p BothPositions) -> Appraiser<'r, 'p> {
        let rater = |positions| Rater::new(&run.plan.tariff, &run.plan.rules, positions);
        Appraiser { run, billed: rater(&positions.billed), own: positions.own.as_ref().map(rater) }
    }

    /// Takes the messages of a chat in their turns, each with its verdict as billed.
    pub(super) fn appraise<'m>(
        &mut self,
        judged: &Judged<'_, 'm>,
        verdict: &Verdict<&'m str>,
        edges: &mut ConversationEdges<'m>,
    ) -> Appraised {
        let mut rated = self.billed.rate(&rateable(self.run, judged, verdict));
        let own = judged.own.as_ref().unwrap_or(verdict);
        let (outcome, rule) = match &mut self.own {
            Some(by_own_pools) => {
                let alone = by_own_pools.rate(&rateable(self.run, judged, own));
                (alone.outcome, alone.rule)
            }
            None => (rated.outcome, rated.rule),
        };
        let ours = ours(judged, own, outcome);
        let observed = &judged.message.observed;
        let agreement =
            observed.is_verdict().then(|| edges.follow(compare(ours, observed), ours, own.conversation, observed));
        rated.flags = rated.flags.union(flags(agreement, own != verdict, ours, (rated.outcome, verdict)));
        Appraised { rated, ours: (ours, rule), agreement }
    }
}

fn ours(judged: &Judged<'_, '_>, own: &Verdict<&str>, outcome: Outcome) -> Ours {
    let message = &judged.message.message;
    Ours {
        regime: own.regime,
        in_force: own.regime == Regime::on(judged.day).id,
        delivered: message.delivered.is_some(),
        category: own.category,
        outcome,
        template: message.template_category(),
        unknown_value: message.flags.has(Flag::UnknownValue),
    }
}

fn flags(
    agreement: Option<Agreement>,
    taken: bool,
    ours: Ours,
    (outcome, verdict): (Outcome, &Verdict<&str>),
) -> Flags {
    let mut flags = Flags::NONE;
    flags.set_if(Flag::VerdictMismatch, matches!(agreement, Some(Agreement::Differs(_))));
    flags.set_if(Flag::VerdictTrusted, taken && (outcome, verdict.category) != (ours.outcome, ours.category));
    flags
}

/// The row of `disagreements.csv`, if there is a disagreement.
pub(super) fn disagreement<'r>(
    run: &'r Run<'_>,
    judged: &Judged<'_, 'r>,
    appraised: &Appraised,
) -> Option<DisagreementRow<'r>> {
    let Some(Agreement::Differs(cause)) = appraised.agreement else { return None };
    let place = shown(run, judged);
    let (ours, rule) = appraised.ours;
    let observed: Observed = judged.message.observed;
    Some(DisagreementRow {
        message_id: place.id,
        customer: place.customer,
        phone_number_id: place.phone_number_id,
        waba_id: place.waba_id,
        sent: judged.message.message.sent,
        delivered: judged.message.message.delivered,
        regime: ours.regime,
        outcome: ours.outcome,
        category: ours.category,
        rule,
        observed,
        cause: cause.name(),
        explanation: cause.explanation(),
    })
}
