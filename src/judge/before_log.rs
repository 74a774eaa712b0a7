//! A chat as it stands when the log starts, if all that could have begun before did so at the last moment.

use crate::model::{Assumptions, BeforeLog, ConversationKind, Instant, TemplateCategory};
use crate::tariff::Family;

use super::Case;
use super::state::{ChatState, Conversation, FreeEntryPoint};

const CATEGORIES: [TemplateCategory; 4] = [
    TemplateCategory::Authentication,
    TemplateCategory::Marketing,
    TemplateCategory::MarketingLite,
    TemplateCategory::Utility,
];

/// A chat with a conversation of each kind and, where the assumptions say so, a free entry point that began as the log did, and a click
/// that waits for its answer. `opener` stands for the messages before the log. Groups have no free entry points (Q26).
pub fn before_log<Id: Copy>(
    case: &Case<'_>,
    assumptions: Assumptions,
    start: Instant,
    opener: Id,
    in_group: bool,
) -> ChatState<Id> {
    let mut state = ChatState::under(assumptions);
    let day = case.day(start);
    let regime = case.rules.regime(day);
    if regime.family == Family::Conversation && assumptions.before_log.opens_window() {
        let kinds: Vec<ConversationKind> = if regime.one_conversation {
            vec![ConversationKind::UserInitiated]
        } else {
            CATEGORIES.into_iter().map(ConversationKind::Template).chain([ConversationKind::Service]).collect()
        };
        for kind in kinds {
            let opened_under = regime.id;
            state.begin_conversation(Conversation { kind, opener, start, opened_under, category_assumed: false });
        }
    }
    let Some(length) = case.rules.fep_length(regime, day).filter(|_| !in_group) else { return state };
    let fep = FreeEntryPoint {
        opener,
        start,
        end: start.plus(length),
        opened_under: regime.id,
        rolls: case.rules.fep_rolls(day),
        length_uncertain: false,
    };
    match assumptions.before_log {
        BeforeLog::EntryPoints | BeforeLog::EntryPointsAlone => state.begin_free_entry_point(fep),
        BeforeLog::DoubtfulEntryPoint => state.begin_doubtful_entry_point(fep),
        BeforeLog::Nothing | BeforeLog::Conversations => {}
    }
    state
}
