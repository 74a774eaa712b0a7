//! What a chat remembers: open conversations, pending clicks, the free entry point. All intervals are half-open.

use crate::model::{
    Assumptions, ConversationKind, DAY, Flag, Instant, Message, RegimeId, UntoldCategories, UntoldDeliveries,
};
use crate::tariff::{FEP_CERTAIN, FEP_LONGEST};

/// A paid or free conversation of the conversation regimes: 24 h from the delivery of its opener, whatever comes after (R24).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversation<Id> {
    /// What it is for.
    pub kind: ConversationKind,
    /// The message that opened it.
    pub opener: Id,
    /// When that was delivered.
    pub start: Instant,
    /// The regime it was opened under and keeps (R11).
    pub opened_under: RegimeId,
    /// It was opened by a template whose category is only assumed.
    pub category_assumed: bool,
}

impl<Id> Conversation<Id> {
    /// Its end, exclusive.
    pub fn end(&self) -> Instant {
        self.start.plus(DAY)
    }

    /// Whether it is open at a moment.
    pub fn open_at(&self, at: Instant) -> bool {
        at.within(self.start, DAY)
    }
}

/// The free time after an answered click (R34–R38).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeEntryPoint<Id> {
    /// The answer that opened it.
    pub opener: Id,
    /// Delivery of the answer (conversation regimes) or its sending (per-message regimes; R36).
    pub start: Instant,
    /// Its end, exclusive; customer messages may move it.
    pub end: Instant,
    /// The regime of the answer.
    pub opened_under: RegimeId,
    /// Customer messages move its end (R37).
    pub rolls: bool,
    /// It was opened when its length had stopped being certain.
    pub length_uncertain: bool,
}

impl<Id> FreeEntryPoint<Id> {
    /// Whether it is open at a moment.
    pub fn open_at(&self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// The same with an end that is certain.
    #[must_use]
    pub(super) fn ending(self, end: Instant) -> FreeEntryPoint<Id> {
        FreeEntryPoint { end, rolls: false, length_uncertain: false, ..self }
    }

    /// Whether the sources disagree about this moment: between the shortest and the longest length (R37).
    pub fn uncertain_at(&self, at: Instant) -> bool {
        self.length_uncertain && at >= self.start.plus(FEP_CERTAIN) && at < self.start.plus(FEP_LONGEST)
    }
}

/// Everything that earlier messages of a chat mean for later ones.
#[derive(Clone, Debug)]
pub struct ChatState<Id> {
    conversations: Vec<Conversation<Id>>,
    /// Eligible clicks that no answer has used yet, in order of time.
    clicks: Vec<Instant>,
    /// The last free entry point, kept after its end.
    fep: Option<FreeEntryPoint<Id>>,
    /// It may have been opened before the log, or while one of before the log may have been open.
    fep_before_log: bool,
    /// One that may stand open since before the log and makes nothing free: what is answered inside it may open no other.
    doubtful: Option<FreeEntryPoint<Id>>,
    assumptions: Assumptions,
}

impl<Id> Default for ChatState<Id> {
    fn default() -> ChatState<Id> {
        ChatState {
            conversations: Vec::new(),
            clicks: Vec::new(),
            fep: None,
            fep_before_log: false,
            doubtful: None,
            assumptions: Assumptions::default(),
        }
    }
}

impl<Id> ChatState<Id> {
    /// A new chat, under what is assumed where the log leaves it open.
    pub fn under(assumptions: Assumptions) -> ChatState<Id> {
        ChatState { assumptions, ..ChatState::default() }
    }

    /// What is assumed about templates of unknown category.
    pub(super) fn assumed_categories(&self) -> Option<UntoldCategories> {
        self.assumptions.categories
    }

    /// Whether a message counts as an answer although no click is seen: the log shows no customer message at all.
    pub(super) fn may_answer_unseen(&self, message: &Message) -> bool {
        self.assumptions.entry_points && message.flags.has(Flag::NoInbound) && !message.in_group
    }

    /// Whether others than the answers seen may have been the first, so that each opens a free entry point anew.
    pub(super) fn answers_anew(&self) -> bool {
        self.assumptions.entry_points || self.fep_before_log
    }

    /// Whether nothing may rest on an answer that would open a free entry point at a moment: it may not have been delivered, or stand
    /// in a free entry point from before the log.
    pub(super) fn doubts(&self, message: &Message, start: Instant) -> bool {
        let undelivered =
            self.assumptions.deliveries == UntoldDeliveries::Doubted && message.flags.has(Flag::AssumedDelivered);
        undelivered || self.doubtful.as_ref().is_some_and(|fep| fep.open_at(start))
    }

    /// A free entry point that may have begun as the log did, and makes nothing free.
    pub(super) fn begin_doubtful_entry_point(&mut self, fep: FreeEntryPoint<Id>) {
        self.doubtful = Some(fep);
    }

    /// Adds a conversation that began as the log did.
    pub(super) fn begin_conversation(&mut self, conversation: Conversation<Id>) {
        self.conversations.push(conversation);
    }

    /// A free entry point that began as the log did, and the click for another.
    pub(super) fn begin_free_entry_point(&mut self, fep: FreeEntryPoint<Id>) {
        self.clicks.push(fep.start);
        self.fep = Some(fep);
        self.fep_before_log = true;
    }

    /// The last free entry point, open or over.
    pub fn free_entry_point(&self) -> Option<&FreeEntryPoint<Id>> {
        self.fep.as_ref()
    }

    /// Conversations not known to be over.
    pub fn conversations(&self) -> &[Conversation<Id>] {
        &self.conversations
    }

    /// Clicks that wait for an answer.
    pub fn pending_clicks(&self) -> &[Instant] {
        &self.clicks
    }

    pub(super) fn add_click(&mut self, at: Instant) {
        self.clicks.push(at);
    }

    /// The newest click that came no later than `sent`: a message sent before a click is no answer to it (R41b).
    pub(super) fn newest_click_by(&self, sent: Instant) -> Option<Instant> {
        self.clicks.iter().rev().copied().find(|click| *click <= sent)
    }

    /// The free entry point, if it is open at a moment.
    pub(super) fn open_fep(&self, at: Instant) -> Option<&FreeEntryPoint<Id>> {
        self.fep.as_ref().filter(|fep| fep.open_at(at))
    }

    /// Opens a free entry point: all conversations end at once, without refund (R40), and clicks up to its answer's sending are used up.
    pub(super) fn open_free_entry_point(&mut self, fep: FreeEntryPoint<Id>, answered: Instant) {
        self.conversations.clear();
        // Inside one that is only assumed, its click may wait on; so a later message may answer it, too (R42).
        let inside = self.answers_anew() && self.open_fep(fep.start).is_some();
        if !inside {
            self.clicks.retain(|click| *click > answered);
        }
        self.fep_before_log &= inside;
        self.fep = Some(fep);
    }

    /// Corrects the end of the free entry point that is open at a moment, by what Meta says (R37).
    pub(super) fn end_free_entry_point_at(&mut self, at: Instant, end: Instant) {
        if let Some(fep) = self.fep.as_mut().filter(|fep| fep.open_at(at)) {
            (fep.end, fep.rolls, fep.length_uncertain) = (end, false, false);
        }
    }

    /// A customer message inside a rolling free entry point moves its end to at least 24 h later, up to seven days (R37).
    pub(super) fn roll_free_entry_point(&mut self, received: Instant) {
        let open = [self.fep.as_mut(), self.doubtful.as_mut()].into_iter().flatten();
        for fep in open.filter(|fep| fep.rolls && fep.open_at(received)) {
            fep.end = fep.end.max(received.plus(DAY)).min(fep.start.plus(FEP_LONGEST));
        }
    }

    /// Opens a conversation and forgets those that are over.
    pub(super) fn open_conversation(&mut self, conversation: Conversation<Id>) {
        self.conversations.retain(|open| open.end() > conversation.start);
        self.conversations.push(conversation);
    }
}

impl<Id: Copy + Ord> ChatState<Id> {
    /// How many conversations are open at a moment whose category is only assumed.
    pub(super) fn open_of_assumed_category(&self, at: Instant) -> usize {
        self.conversations.iter().filter(|open| open.category_assumed && open.open_at(at)).count()
    }

    /// The oldest conversation that is open at a moment and meets a condition; opened at the same instant: by message id (Q17).
    pub(super) fn oldest_open(
        &self,
        at: Instant,
        meets: impl Fn(&Conversation<Id>) -> bool,
    ) -> Option<Conversation<Id>> {
        let open = self.conversations.iter().filter(|conversation| conversation.open_at(at) && meets(conversation));
        open.min_by_key(|conversation| (conversation.start, conversation.opener)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::HOUR;

    fn at(hours: u64) -> Instant {
        Instant::from_ms(1_790_000_000_000).unwrap().plus(HOUR.times(hours))
    }

    fn fep(rolls: bool) -> ChatState<u32> {
        let fep = FreeEntryPoint {
            opener: 1,
            start: at(0),
            end: at(72),
            opened_under: RegimeId::Pmp2,
            rolls,
            length_uncertain: true,
        };
        ChatState { fep: Some(fep), ..ChatState::default() }
    }

    fn end_after(state: &mut ChatState<u32>, hours: &[u64]) -> Instant {
        for hour in hours {
            state.roll_free_entry_point(at(*hour));
        }
        state.fep.unwrap().end
    }

    #[test]
    fn a_rolling_free_entry_point_reaches_seven_days_at_most_r37() {
        assert_eq!(end_after(&mut fep(true), &[40]), at(72), "24 h later is earlier than the end");
        assert_eq!(end_after(&mut fep(true), &[70]), at(94));
        assert_eq!(end_after(&mut fep(true), &[72]), at(72), "already over");
        assert_eq!(end_after(&mut fep(true), &[71, 94, 117, 140, 163]), at(168), "capped");
        assert_eq!(end_after(&mut fep(false), &[70]), at(72));
    }

    #[test]
    fn clicks_are_answered_by_later_messages_only_r41b() {
        let mut state = ChatState::<u32>::default();
        state.add_click(at(1));
        state.add_click(at(5));
        assert_eq!(state.newest_click_by(at(0)), None);
        assert_eq!(state.newest_click_by(at(4)), Some(at(1)));
        assert_eq!(state.newest_click_by(at(5)), Some(at(5)));
    }
}
