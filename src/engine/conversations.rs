//! The conversations and free entry points of one chat, as its messages open, join and end them.

use crate::judge::FreeEntryPoint;
use crate::model::{
    ClosedBy, ConversationRow, Currency, CustomerText, DAY, Day, Instant, Outcome, Rated, Reason, RegimeId, RuleId,
    Verdict,
};

use super::pass::Judged;
use super::replay::opens_conversation;

/// One conversation while its chat is gone over.
#[derive(Debug)]
struct Open<'a> {
    id: &'a str,
    waba_id: &'a str,
    phone_number_id: &'a str,
    customer: CustomerText<'a>,
    currency: Currency,
    market: &'a str,
    day: Day,
    category: &'static str,
    start: Instant,
    end: Instant,
    closed: Option<Instant>,
    messages_out: u64,
    messages_in: u64,
    regime: RegimeId,
    rated: (Outcome, RuleId, Option<crate::model::Money>, Option<crate::model::Money>),
}

/// All conversations of a chat.
#[derive(Debug, Default)]
pub(super) struct Conversations<'a> {
    open: Vec<Open<'a>>,
    /// So many of the first are over: customers write in order of time, so no further message counts in them.
    over: usize,
}

/// What a row shows besides the verdict.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) id: &'a str,
    pub(super) waba_id: &'a str,
    pub(super) phone_number_id: &'a str,
    pub(super) customer: CustomerText<'a>,
    pub(super) currency: Currency,
    pub(super) market: &'a str,
}

impl<'a> Conversations<'a> {
    /// Takes in an outbound message that was judged and rated.
    pub(super) fn outbound(
        &mut self,
        judged: &Judged<'_, '_>,
        verdict: &Verdict<&str>,
        rated: &Rated,
        shown: Shown<'a>,
    ) {
        if let Some(opener) = verdict.conversation {
            if opens_conversation(judged, verdict) && self.find(opener).is_none() {
                self.open(judged, verdict, rated, shown);
            }
            if let Some(conversation) = self.find(opener) {
                conversation.messages_out += 1;
            }
        }
        self.follow(judged.state.free_entry_point());
    }

    /// Takes in an inbound message: it counts in the oldest conversation that is open.
    pub(super) fn inbound(&mut self, judged: &Judged<'_, '_>) {
        let at = judged.message.message.sent;
        let is_over = |one: &&Open<'a>| one.closed.unwrap_or(one.end) <= at;
        self.over += self.open[self.over..].iter().take_while(is_over).count();
        let holds = |one: &&mut Open<'a>| one.start <= at && at < one.closed.unwrap_or(one.end);
        if let Some(conversation) = self.open[self.over..].iter_mut().find(holds) {
            conversation.messages_in += 1;
        }
        self.follow(judged.state.free_entry_point());
    }

    fn find(&mut self, id: &str) -> Option<&mut Open<'a>> {
        self.open.iter_mut().rev().find(|one| one.id == id)
    }

    /// A rolling free entry point may have a later end by now (R37).
    fn follow(&mut self, fep: Option<&FreeEntryPoint<&str>>) {
        let Some(fep) = fep else { return };
        let Some(place) = self.open.iter().rposition(|one| one.id == fep.opener) else { return };
        if self.open[place].end != fep.end {
            self.open[place].end = fep.end;
            self.over = self.over.min(place);
        }
    }

    fn open(&mut self, judged: &Judged<'_, '_>, verdict: &Verdict<&str>, rated: &Rated, shown: Shown<'a>) {
        let entry_point = verdict.outcome == Outcome::Free(Reason::FreeEntryPoint);
        let start = judged.turn.at;
        if entry_point {
            // Opening a free entry point ends every other conversation at once (R40).
            self.open
                .iter_mut()
                .filter(|one| one.closed.is_none() && start < one.end)
                .for_each(|one| one.closed = Some(start));
        }
        self.open.push(Open {
            id: shown.id,
            waba_id: shown.waba_id,
            phone_number_id: shown.phone_number_id,
            customer: shown.customer,
            currency: shown.currency,
            market: shown.market,
            day: judged.day,
            category: if entry_point { "free_entry_point" } else { verdict.category.name() },
            start,
            end: start.plus(DAY),
            closed: None,
            messages_out: 0,
            messages_in: 0,
            regime: verdict.regime,
            rated: (rated.outcome, rated.rule, rated.list, rated.billed),
        });
    }

    /// The rows, in order of opening. `log_end` is the last instant of the log: what ends later is still open.
    pub(super) fn rows(&self, log_end: Instant) -> impl Iterator<Item = (Day, ConversationRow<'a>)> {
        self.open.iter().map(move |one| {
            let expiry = if one.end > log_end { ClosedBy::OpenAtEnd } else { ClosedBy::Expiry(one.end) };
            let (outcome, rule, list_cost, billed_cost) = one.rated;
            let row = ConversationRow {
                conversation_id: one.id,
                waba_id: one.waba_id,
                phone_number_id: one.phone_number_id,
                customer: one.customer,
                category: one.category,
                opened: one.start,
                expires: one.end,
                closed: one.closed.map_or(expiry, ClosedBy::FreeEntryPoint),
                messages_out: one.messages_out,
                messages_in: one.messages_in,
                outcome,
                rule,
                regime: one.regime,
                market: one.market,
                list_cost,
                billed_cost,
                currency: one.currency,
            };
            (one.day, row)
        })
    }
}
