//! The order in which the messages of a chat take their turns (rules §2.10).

use crate::model::{Day, Form, Instant, Message};

use super::Case;
use crate::tariff::Rules;

/// When a message takes its turn: by time, at the same instant what opens windows first, then by sending. Ties beyond that go by
/// message id, bytewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// Inbound: when it was received. By conversation: delivery. By message: sending.
    pub at: Instant,
    outbound: bool,
    sent: Instant,
}

/// The turn of a message. It depends on the rules of the run: its local day decides its regime, and that decides what orders it.
pub fn turn(case: &Case<'_>, message: &Message) -> Turn {
    turn_on(case, case.day(message.dated()), message)
}

/// The same where its local day is known.
pub fn turn_on(case: &Case<'_>, day: Day, message: &Message) -> Turn {
    let at = match message.form {
        Form::Inbound { .. } => message.sent,
        Form::Call => message.dated(),
        _ if Rules::by_sending(case.rules.regime(day)) => message.sent,
        _ => message.dated(),
    };
    Turn { at, outbound: message.is_judged(), sent: message.sent }
}
