//! Partitions: a fixed number of heaps of events, a chat never in two of them.

use crate::model::{CustomerKey, Observed};

use super::event::{Event, IdSpan};
use super::identity::Order;

/// Number of partitions. It is fixed, so that results can be joined by partition number whatever the number of threads.
pub const PARTITIONS: usize = 256;

/// The events of some chats, and their message ids.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    pub(super) events: Vec<Event>,
    ids: Vec<u8>,
    /// Meta's own verdicts, for the events that have one.
    observed: Vec<Observed>,
}

impl Partition {
    /// Adds an event with its message id and Meta's own verdict.
    pub(super) fn push(&mut self, mut event: Event, id: &str, observed: &Observed) {
        let start = u32::try_from(self.ids.len()).expect("the message ids of one partition stay below 4 GiB");
        self.ids.extend_from_slice(id.as_bytes());
        event.id = IdSpan { start, length: u32::try_from(id.len()).expect("an id is shorter than a row") };
        event.observed = 0;
        if !observed.is_empty() {
            self.observed.push(*observed);
            event.observed = u32::try_from(self.observed.len()).expect("a partition holds fewer than 2^32 events");
        }
        self.events.push(event);
    }

    /// Meta's own verdict in an event.
    pub(super) fn observed(&self, event: &Event) -> Observed {
        let place = (event.observed as usize).checked_sub(1);
        place.map_or(Observed::default(), |place| self.observed[place])
    }

    /// The message id of an event.
    pub(super) fn id(&self, event: &Event) -> &str {
        let start = event.id.start as usize;
        std::str::from_utf8(&self.ids[start..start + event.id.length as usize]).unwrap_or("")
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Sorts by chat, and within a chat by message id and recipient, so that observations of one message stand together.
    pub(super) fn sort_by(&mut self, order: &Order<'_>) {
        let mut events = std::mem::take(&mut self.events);
        events.sort_unstable_by(|a, b| {
            let by_hash = (order.chat(a), a.id_hash).cmp(&(order.chat(b), b.id_hash));
            let recipient = |event: &Event| (order.person(event.customer), order.name(event.customer));
            by_hash.then_with(|| self.id(a).cmp(self.id(b))).then_with(|| recipient(a).cmp(&recipient(b)))
        });
        self.events = events;
    }

    /// Takes out the events that meet a condition, with their ids and Meta's own verdicts.
    pub(super) fn extract(&mut self, leaves: impl Fn(&Event) -> bool) -> Vec<(Event, String, Observed)> {
        let (gone, kept): (Vec<Event>, Vec<Event>) = std::mem::take(&mut self.events).into_iter().partition(leaves);
        let gone = gone.into_iter().map(|event| (event, self.id(&event).to_owned(), self.observed(&event))).collect();
        self.events = kept;
        gone
    }
}

/// The partition of a chat: FNV-1a over the bytes of `phone_number_id`, then `xor` with the customer's E.164 number, or FNV-1a over the
/// bytes of any other customer or group id; then the finaliser of ``SplitMix64``, and its top eight bits.
pub(super) fn partition_of(number_hash: u64, customer: CustomerKey, name: &str) -> usize {
    let mixed = match customer.e164() {
        Some(number) => number_hash ^ number,
        None => fnv_1a(number_hash, name),
    };
    usize::try_from(split_mix(mixed) >> 56).unwrap_or(0)
}

/// Where FNV-1a starts.
pub(super) const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, going on from `hash`.
pub(super) fn fnv_1a(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn split_mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The end of the run of equal neighbours that starts at `start`.
pub(super) fn run_end<T>(items: &[T], start: usize, same: impl Fn(&T, &T) -> bool) -> usize {
    let first = &items[start];
    items[start..].iter().position(|item| !same(first, item)).map_or(items.len(), |length| start + length)
}
