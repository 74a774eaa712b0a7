//! Rows of one partition on their way to a recorder.

use crate::model::{ConversationRow, DisagreementRow, VerdictRow};

use super::replay::Recorder;

/// Rows that a recorder is given at once: so many that it can take them column by column, so few that they stay in the nearest cache.
const AT_ONCE: usize = 64;

/// Rows that were recorded, and those that wait to be.
pub(super) struct Rows<'r, 's, R: Recorder> {
    recorder: &'s R,
    buffer: R::Buffer,
    verdicts: Vec<VerdictRow<'r>>,
    conversations: Vec<ConversationRow<'r>>,
}

impl<'r, 's, R: Recorder> Rows<'r, 's, R> {
    pub(super) fn new(recorder: &'s R) -> Rows<'r, 's, R> {
        Rows { recorder, buffer: R::Buffer::default(), verdicts: Vec::new(), conversations: Vec::new() }
    }

    /// Adds a verdict, if such are kept.
    pub(super) fn verdict(&mut self, row: impl FnOnce() -> VerdictRow<'r>) {
        if self.recorder.keeps_verdicts() {
            self.verdicts.push(row());
            if self.verdicts.len() == AT_ONCE {
                self.record_verdicts();
            }
        }
    }

    /// Adds a conversation.
    pub(super) fn conversation(&mut self, row: ConversationRow<'r>) {
        self.conversations.push(row);
        if self.conversations.len() == AT_ONCE {
            self.record_conversations();
        }
    }

    /// Adds a message whose verdict by Meta differs from ours.
    pub(super) fn disagreement(&mut self, row: &DisagreementRow<'_>) {
        self.recorder.disagreement(&mut self.buffer, row);
    }

    /// All of them, ready to be written.
    pub(super) fn into_buffer(mut self) -> R::Buffer {
        self.record_verdicts();
        self.record_conversations();
        self.buffer
    }

    fn record_verdicts(&mut self) {
        self.recorder.verdicts(&mut self.buffer, &self.verdicts);
        self.verdicts.clear();
    }

    fn record_conversations(&mut self) {
        self.recorder.conversations(&mut self.buffer, &self.conversations);
        self.conversations.clear();
    }
}
