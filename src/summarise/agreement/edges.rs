//! Whether Meta's conversations begin and end where ours do.

use crate::model::{ConversationKind, Observed, PricingModel};

use super::{Agreement, Cause, Ours};

/// The last message of each kind of conversation in one chat: two neighbours share Meta's conversation exactly where they share ours.
///
/// Only conversation pricing and free entry points have conversations; by message Meta's id is new for each message (rules §3.1).
#[derive(Clone, Debug, Default)]
pub struct ConversationEdges<'a> {
    last: Vec<Last<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Last<'a> {
    model: PricingModel,
    kind: ConversationKind,
    own: &'a str,
    theirs: u64,
}

impl<'a> ConversationEdges<'a> {
    /// Takes in the next message of the chat, in its turn, with our conversation, and gives the agreement on it with bounds in mind.
    pub fn follow(
        &mut self,
        agreement: Agreement,
        ours: Ours,
        conversation: Option<&'a str>,
        observed: &Observed,
    ) -> Agreement {
        let kind = ours.conversation_kind().filter(|kind| Self::has_conversations(ours, *kind));
        let (Agreement::Agrees, Some(kind), Some(own)) = (agreement, kind, conversation) else { return agreement };
        if observed.conversation == 0 {
            return agreement;
        }
        let next = Last { model: ours.regime.model(), kind, own, theirs: observed.conversation };
        let same_kind = |last: &&mut Last<'a>| last.model == next.model && last.kind == kind;
        let Some(last) = self.last.iter_mut().find(same_kind) else {
            self.last.push(next);
            return agreement;
        };
        let same_bounds = (last.own == next.own) == (last.theirs == next.theirs);
        *last = next;
        if same_bounds { agreement } else { Agreement::Differs(Cause::ConversationBoundary) }
    }

    fn has_conversations(ours: Ours, kind: ConversationKind) -> bool {
        let by_conversation = ours.regime.model() == PricingModel::Conversation;
        let leftover = matches!(ours.outcome, crate::model::Outcome::Covered(_));
        by_conversation || leftover || kind == ConversationKind::FreeEntryPoint
    }
}
