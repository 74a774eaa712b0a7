//! Which messages opened Meta's conversations, as far as the log tells.

use hashbrown::HashMap;

use crate::model::{Instant, Message};

use super::fold::ChatMessage;

/// The messages that may have opened one of Meta's conversations: the first that was sent, as Meta's ids are given then (R31), and the
/// first that was delivered, as the bill follows delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Openers<'a> {
    by_sending: (Instant, &'a str),
    by_delivery: Option<(Instant, Instant, &'a str)>,
}

impl<'a> Openers<'a> {
    fn of(message: &ChatMessage<'a>) -> Openers<'a> {
        let Message { sent, delivered, .. } = message.message;
        Openers { by_sending: (sent, message.id), by_delivery: delivered.map(|at| (at, sent, message.id)) }
    }

    /// The openers of each of Meta's conversations.
    pub(super) fn all(messages: &[ChatMessage<'a>]) -> HashMap<u64, Openers<'a>> {
        let mut openers: HashMap<u64, Openers<'a>> = HashMap::new();
        for message in messages.iter().filter(|message| message.observed.conversation != 0) {
            let own = Openers::of(message);
            let first = openers.entry(message.observed.conversation).or_insert(own);
            first.by_sending = first.by_sending.min(own.by_sending);
            first.by_delivery = [first.by_delivery, own.by_delivery].into_iter().flatten().min();
        }
        openers
    }

    pub(super) fn contain(&self, message: &ChatMessage<'a>) -> bool {
        let own = Openers::of(message);
        self.by_sending == own.by_sending || (own.by_delivery.is_some() && self.by_delivery == own.by_delivery)
    }
}
