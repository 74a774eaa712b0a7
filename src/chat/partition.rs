//! Partitions: a fixed number of heaps of events, a chat never in two of them.

use hashbrown::HashMap;

use crate::model::CustomerKey;

use super::batch::{id_at, push_id};
use super::identity::Order;
use super::packed::{Extra, Packed};
use super::stored;

/// Number of partitions. It is fixed, so that results can be joined by partition number whatever the number of threads.
pub const PARTITIONS: usize = 256;

/// The events of some chats, and their message ids.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    events: Vec<Packed>,
    /// Message ids, each behind its length.
    ids: String,
    extras: Vec<Extra>,
    /// Where each chat ends, once it is settled.
    chat_ends: Vec<u32>,
}

/// What a partition holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    pub(super) events: usize,
    extras: usize,
    /// Bytes of message ids.
    ids: usize,
}

impl Size {
    /// Both together.
    pub(super) fn plus(self, other: Size) -> Size {
        let Size { events, extras, ids } = self;
        Size { events: events + other.events, extras: extras + other.extras, ids: ids + other.ids }
    }
}

/// Memory that is used for one partition after the other.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    events: Vec<Packed>,
    ids: String,
    places: Vec<Place>,
    hashes: Vec<u32>,
}

/// Where an event stands, behind its first time and the hash of its message id: so sorting a large chat does not jump through its
/// events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    time: u64,
    id_hash: u32,
    at: u32,
}

/// What most events have beside them.
static NO_EXTRA: Extra = Extra::NONE;

impl Partition {
    /// An empty partition that can take so much without moving: growing step by step needs up to three times the memory.
    pub(super) fn with_room(size: Size) -> Partition {
        Partition {
            events: Vec::with_capacity(size.events),
            ids: String::with_capacity(size.ids),
            extras: Vec::with_capacity(size.extras),
            chat_ends: Vec::new(),
        }
    }

    /// Makes room for all that is to come, of which so much is here.
    pub(super) fn expect(&mut self, part: u64, whole: u64) {
        // What turns out not to be needed is never touched, and so takes no memory. Where there is none to be had, it grows as it fills.
        let rest = |here: usize| {
            let rest = here as u128 * u128::from(whole - part) * 9 / (u128::from(part) * 8);
            usize::try_from(rest).unwrap_or(0)
        };
        let _ = self.events.try_reserve_exact(rest(self.events.len()));
        let _ = self.ids.try_reserve_exact(rest(self.ids.len()));
    }

    /// Adds an event with its message id, which stands behind its length, and what else stands beside it.
    pub(super) fn push(&mut self, mut event: Packed, id: &str, extra: Option<&Extra>) {
        event.id = self.end_of_ids();
        self.ids.push_str(id);
        event.extra = extra.map_or(0, |extra| self.add_extra(*extra));
        self.events.push(event);
    }

    /// Adds an event that was taken out of another partition.
    pub(super) fn push_one(&mut self, mut event: Packed, id: &str, extra: Extra) {
        event.id = self.end_of_ids();
        push_id(&mut self.ids, id);
        if event.extra > 0 {
            event.extra = self.add_extra(extra);
        }
        self.events.push(event);
    }

    fn end_of_ids(&self) -> u32 {
        end_of(&self.ids)
    }

    fn add_extra(&mut self, extra: Extra) -> u32 {
        self.extras.push(extra);
        u32::try_from(self.extras.len()).expect("a partition holds fewer than 2^32 events")
    }

    /// What stands beside an event.
    pub(super) fn extra(&self, event: &Packed) -> &Extra {
        (event.extra as usize).checked_sub(1).map_or(&NO_EXTRA, |place| &self.extras[place])
    }

    /// The message id at a place.
    pub(super) fn id(&self, place: u32) -> &str {
        id_at(&self.ids, place).0
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Adds itself to bytes, for [`Partition::restore`], becomes empty, and says how much that was.
    pub(super) fn store(&mut self, bytes: &mut Vec<u8>) -> Size {
        let size = Size { events: self.events.len(), extras: self.extras.len(), ids: self.ids.len() };
        for length in [self.events.len(), self.extras.len()] {
            bytes.extend_from_slice(&(length as u64).to_le_bytes());
        }
        self.events.drain(..).for_each(|event| bytes.extend_from_slice(&stored::event_bytes(&event)));
        self.extras.drain(..).for_each(|extra| bytes.extend_from_slice(&stored::extra_bytes(&extra)));
        bytes.extend_from_slice(self.ids.as_bytes());
        self.ids.clear();
        size
    }

    /// Takes in what [`Partition::store`] gave; `None` if these are other bytes.
    pub(super) fn restore(&mut self, bytes: &[u8]) -> Option<()> {
        let (events, bytes) = length(bytes)?;
        let (extras, bytes) = length(bytes)?;
        let (events, bytes) = bytes.split_at_checked(events.checked_mul(stored::EVENT)?)?;
        let (extras, ids) = bytes.split_at_checked(extras.checked_mul(stored::EXTRA)?)?;
        let (first_id, first_extra) = (self.end_of_ids(), u32::try_from(self.extras.len()).ok()?);
        self.events.extend(events.as_chunks().0.iter().map(|bytes| {
            let event = stored::event(bytes);
            let extra = if event.extra > 0 { event.extra + first_extra } else { 0 };
            Packed { id: event.id + first_id, extra, ..event }
        }));
        self.extras.extend(extras.as_chunks().0.iter().map(stored::extra));
        self.ids.push_str(std::str::from_utf8(ids).ok()?);
        Some(())
    }

    /// The chats, in their order; in each, messages by their first times, and the observations of one message together.
    pub(super) fn chats(&self) -> impl Iterator<Item = &[Packed]> {
        let starts = std::iter::once(0).chain(self.chat_ends.iter().copied());
        starts.zip(&self.chat_ends).map(|(start, end)| &self.events[start as usize..*end as usize])
    }

    /// Puts the events in the order of chats, and within a chat in the order of messages by their first times.
    pub(super) fn settle(&mut self, order: &Order<'_>, scratch: &mut Scratch) {
        self.by_chat(order, &mut scratch.places);
        let mut start = 0;
        for end in &self.chat_ends {
            let places = &mut scratch.places[start..*end as usize];
            if are_distinct(places, &mut scratch.hashes) {
                places.sort_unstable();
            } else {
                self.by_message(order, places);
            }
            start = *end as usize;
        }
        self.arrange(scratch);
    }

    /// Puts events and their ids in a new order, so that all later passes go through memory from start to end.
    fn arrange(&mut self, scratch: &mut Scratch) {
        let Scratch { events, ids, places, .. } = scratch;
        // The memory of this partition is that of the next one's new order.
        std::mem::swap(&mut self.events, events);
        std::mem::swap(&mut self.ids, ids);
        self.events.clear();
        self.ids.clear();
        // That of one with a hot chat is not: a small partition would hold it to the end.
        if self.events.capacity() > 2 * events.len() || self.ids.capacity() > 2 * ids.len() {
            (self.events, self.ids) = (Vec::new(), String::new());
        }
        self.events.reserve_exact(events.len());
        self.ids.reserve_exact(ids.len());
        // Events before ids, so that the next places of memory are known well before they are read.
        self.events.extend(places.iter().map(|place| events[place.at as usize]));
        for event in &mut self.events {
            let (_, end) = id_at(ids, event.id);
            let own = &ids[event.id as usize..end];
            event.id = end_of(&self.ids);
            self.ids.push_str(own);
        }
    }

    /// Puts the observations of each message together, where the first of them was.
    fn by_message(&self, order: &Order<'_>, places: &mut [Place]) {
        let event = |place: &Place| &self.events[place.at as usize];
        let recipient = |event: &Packed| (order.person(event.customer), order.name(event.customer));
        places.sort_unstable_by(|a, b| {
            let by_id = || self.id(event(a).id).cmp(self.id(event(b).id));
            let by_recipient = || recipient(event(a)).cmp(&recipient(event(b)));
            a.id_hash.cmp(&b.id_hash).then_with(by_id).then_with(by_recipient)
        });
        for observations in places.chunk_by_mut(|a, b| a.id_hash == b.id_hash) {
            let first = observations.iter().map(|place| place.time).min().unwrap_or(0);
            for place in observations {
                place.time = first;
            }
        }
        places.sort_by_key(|place| (place.time, place.id_hash));
    }

    /// Places of events, those of one chat together, chats in their order; notes where each chat ends.
    fn by_chat(&mut self, order: &Order<'_>, places: &mut Vec<Place>) {
        let mut chats: HashMap<(u32, u64), u32, foldhash::fast::FixedState> = HashMap::default();
        let mut sizes: Vec<u32> = Vec::new();
        let mut chat_of_event = Vec::with_capacity(self.events.len());
        for event in &self.events {
            let next = u32::try_from(sizes.len()).expect("a partition holds fewer than 2^32 events");
            let chat = *chats.entry(order.chat(event, self.extra(event))).or_insert(next);
            if chat == next {
                sizes.push(0);
            }
            sizes[chat as usize] += 1;
            chat_of_event.push(chat);
        }
        // As one number each, which is compared in one go.
        let one_number =
            |((number, person), chat)| u128::from(number) << 96 | u128::from(person) << 32 | u128::from(chat);
        let mut sorted: Vec<u128> = chats.into_iter().map(one_number).collect();
        sorted.sort_unstable();
        let mut next_place = vec![0; sizes.len()];
        let mut end = 0;
        self.chat_ends.clear();
        for chat in sorted.into_iter().map(|chat| (chat & u128::from(u32::MAX)) as usize) {
            next_place[chat] = end;
            end += sizes[chat];
            self.chat_ends.push(end);
        }
        places.clear();
        places.resize(self.events.len(), Place::default());
        for ((at, event), chat) in (0..).zip(&self.events).zip(&chat_of_event) {
            let place = &mut next_place[*chat as usize];
            places[*place as usize] = Place { time: event.first_time(self.extra(event)), id_hash: event.id_hash, at };
            *place += 1;
        }
    }

    /// Takes out the events that meet a condition, with their ids and what else stands beside them.
    pub(super) fn extract(&mut self, leaves: impl Fn(&Packed, &Extra) -> bool) -> Vec<(Packed, String, Extra)> {
        let events = std::mem::take(&mut self.events);
        let (gone, kept): (Vec<Packed>, Vec<Packed>) =
            events.into_iter().partition(|event| leaves(event, self.extra(event)));
        self.events = kept;
        gone.into_iter().map(|event| (event, self.id(event.id).to_owned(), *self.extra(&event))).collect()
    }
}

fn end_of(ids: &str) -> u32 {
    u32::try_from(ids.len()).expect("the message ids of one partition stay below 4 GiB")
}

/// Whether no two events may be of one message: so it is where each message has one row.
fn are_distinct(places: &[Place], hashes: &mut Vec<u32>) -> bool {
    hashes.clear();
    hashes.extend(places.iter().map(|place| place.id_hash));
    hashes.sort_unstable();
    hashes.array_windows().all(|[a, b]| a != b)
}

/// A length in front of bytes.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    Some((usize::try_from(u64::from_le_bytes(*length)).ok()?, rest))
}

/// The partition of a chat: FNV-1a over the bytes of `phone_number_id`, then `xor` with the customer's E.164 number, or FNV-1a over the
/// bytes of any other customer or group id; then the finaliser of ``SplitMix64``, and its top eight bits.
pub(super) fn partition_of(number_hash: u64, customer: CustomerKey, name: &str) -> u8 {
    let mixed = match customer.e164() {
        Some(number) => number_hash ^ number,
        None => fnv_1a(number_hash, name),
    };
    u8::try_from(split_mix(mixed) >> 56).unwrap_or(0)
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

#[cfg(test)]
impl Partition {
    /// A partition to be put somewhere.
    pub(super) fn with_one_event() -> Partition {
        let event = super::stored::event(&[0; super::stored::EVENT]);
        let mut partition = Partition::default();
        partition.push_one(event, "wamid.1", Extra::NONE);
        partition
    }
}
