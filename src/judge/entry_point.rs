//! Answering a click in time opens a free entry point (R34–R37).

use crate::model::{Instant, Message};
use crate::tariff::Regime;

use super::Case;
use super::state::{ChatState, FreeEntryPoint};

/// Opens a free entry point from `start` if the message answers a click in time. `false` if it does not, or the regime has none.
/// The local day of `start` decides how long it lasts (Q16).
pub(super) fn open<Id>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    regime: &Regime,
    message: &Message,
    start: Instant,
    id: Id,
) -> bool {
    if !answers_click(case, state, message) {
        return false;
    }
    let day = case.day(start);
    let Some(length) = case.rules.fep_length(regime, day) else { return false };
    // What may not have been the answer is free, but nothing rests on it.
    if state.doubts(message, start) {
        return true;
    }
    let by_length = FreeEntryPoint {
        opener: id,
        start,
        end: start.plus(length),
        opened_under: regime.id,
        rolls: case.rules.fep_rolls(day),
        length_uncertain: case.rules.long_fep(day),
    };
    let fep = match seen_end(message, start) {
        Some(end) => by_length.ending(end),
        None => by_length,
    };
    state.open_free_entry_point(fep, message.sent);
    true
}

/// Opens a free entry point that the log does not explain but Meta's own verdict proves (log-formats §6): its click may lie before the
/// log, or its referral was not kept.
pub(super) fn open_as_seen<Id>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    regime: &Regime,
    message: &Message,
    start: Instant,
    id: Id,
) -> bool {
    if message.entry_point.is_none() {
        return false;
    }
    let day = case.day(start);
    let Some(length) = case.rules.fep_length(regime, day) else { return false };
    let seen = seen_end(message, start);
    let end = seen.unwrap_or_else(|| start.plus(length));
    let fep = FreeEntryPoint {
        opener: id,
        start,
        end,
        opened_under: regime.id,
        rolls: case.rules.fep_rolls(day) && seen.is_none(),
        length_uncertain: false,
    };
    state.open_free_entry_point(fep, message.sent);
    true
}

/// Meta's own word on the end of the free entry point that a message stands in at a moment is preferred to any length (R37).
pub(super) fn correct_end<Id>(state: &mut ChatState<Id>, message: &Message, at: Instant) {
    if let Some(end) = seen_end(message, at) {
        state.end_free_entry_point_at(at, end);
    }
}

/// The end by Meta's own word. One that is not after the moment it is seen at says nothing: payloads exist that repeat their own time.
fn seen_end(message: &Message, at: Instant) -> Option<Instant> {
    message.entry_point.and_then(|seen| seen.end).filter(|end| at < *end)
}

/// Whether a message answers the newest click before it in time (R35): within 24 h of it, or, since free entry points are longer, while
/// the window that the click opened has not lapsed. Groups have no clicks (Q26).
fn answers_click<Id>(case: &Case<'_>, state: &ChatState<Id>, message: &Message) -> bool {
    if state.may_answer_unseen(message) {
        return true;
    }
    let Some(click) = state.newest_click_by(message.sent).filter(|_| !message.in_group) else { return false };
    if case.rules.long_fep(case.day(message.sent)) {
        message.window.unbroken_since.is_some_and(|since| since <= click)
    } else {
        message.sent.within(click, crate::model::DAY)
    }
}
