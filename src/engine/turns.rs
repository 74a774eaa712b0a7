//! The messages of one chat in the order in which they are judged.

use crate::chat::ChatMessage;
use crate::judge::Turn;
use crate::model::Day;

/// Turns of messages: memory that is used for one chat after the other.
#[derive(Debug, Default)]
pub(super) struct Turns(Vec<InTurn>);

/// A message by its place in its chat.
#[derive(Clone, Copy, Debug)]
pub(super) struct InTurn {
    pub(super) turn: Turn,
    pub(super) place: u32,
    /// Local day that dates it.
    pub(super) day: Day,
}

impl Turns {
    /// Puts the messages of another chat in order; `dated` gives the local day and the turn of each.
    pub(super) fn order(
        &mut self,
        messages: &[ChatMessage<'_>],
        dated: impl Fn(&ChatMessage<'_>) -> (Day, Turn),
    ) -> &[InTurn] {
        self.0.clear();
        self.0.extend((0..).zip(messages).map(|(place, message)| {
            let (day, turn) = dated(message);
            InTurn { turn, place, day }
        }));
        // One message of a group has several recipients, whose order is settled.
        let id = |one: &InTurn| messages[one.place as usize].id;
        let tied = |a: &InTurn, b: &InTurn| id(a).cmp(id(b)).then(a.place.cmp(&b.place));
        self.0.sort_unstable_by(|a, b| a.turn.cmp(&b.turn).then_with(|| tied(a, b)));
        &self.0
    }
}
