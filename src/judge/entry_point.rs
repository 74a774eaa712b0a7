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
    let day = case.day(start);
    let Some(length) = case.rules.fep_length(regime, day).filter(|_| answers_click(case, state, message)) else {
        return false;
    };
    let fep = FreeEntryPoint {
        opener: id,
        start,
        end: start.plus(length),
        opened_under: regime.id,
        rolls: case.rules.fep_rolls(day),
        length_uncertain: case.rules.long_fep(day),
    };
    state.open_free_entry_point(fep, message.sent);
    true
}

/// Whether a message answers the newest click before it in time (R35): within 24 h of it, or, since free entry points are longer, while
/// the window that the click opened has not lapsed. Groups have no clicks (Q26).
fn answers_click<Id>(case: &Case<'_>, state: &ChatState<Id>, message: &Message) -> bool {
    let Some(click) = state.newest_click_by(message.sent).filter(|_| !message.in_group) else { return false };
    if case.rules.long_fep(case.day(message.sent)) {
        message.window.unbroken_since.is_some_and(|since| since <= click)
    } else {
        message.sent.within(click, crate::model::DAY)
    }
}
