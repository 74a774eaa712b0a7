//! A chat of very many rows. A chat is folded and judged as a whole, so the largest one sets how little memory will do.

use std::mem::size_of;

use super::fold::ChatMessage;
use super::intake::Intake;
use super::packed::Packed;
use super::partition::Partition;

/// Whose chat it is, and how large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LargeChat {
    /// The business number.
    pub phone_number_id: String,
    /// The customer or the group, by any of its names.
    pub with: String,
    /// Its rows.
    pub rows: usize,
    /// Bytes that it takes in memory while it is judged, without what is written of it.
    pub bytes: u64,
}

impl LargeChat {
    /// Bytes of a row: as it was read, as a message, and its place in the order of turns. Ids come on top.
    pub const ROW: usize = size_of::<Packed>() + size_of::<ChatMessage<'_>>() + TURN;

    /// The chat of these events.
    pub(super) fn of(intake: &Intake, partition: &Partition, events: &[Packed]) -> LargeChat {
        let first = events.first();
        let number = first.map_or(0, |event| intake.senders.get(event.sender.0)[0]);
        let ids: usize = events.iter().map(|event| partition.id(event.id).len()).sum();
        LargeChat {
            phone_number_id: intake.names.get(number).to_owned(),
            with: first.map_or_else(String::new, |event| name(intake, partition, event)),
            rows: events.len(),
            bytes: (events.len() * LargeChat::ROW + ids) as u64,
        }
    }
}

/// Bytes by which a message is put in the order of turns: three times and where it stands.
const TURN: usize = 32;

fn name(intake: &Intake, partition: &Partition, event: &Packed) -> String {
    let group = partition.extra(event).group;
    match (group, event.customer.e164(), event.customer.name()) {
        (0, Some(number), _) => number.to_string(),
        (0, None, name) => intake.names.get(name.unwrap_or(0)).to_owned(),
        _ => intake.names.get(group).to_owned(),
    }
}
