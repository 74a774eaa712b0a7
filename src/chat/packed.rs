//! One observation in 48 bytes, as partitions keep it; what few rows have stands beside it.

use crate::model::{
    Client, Country, CustomerKey, Direction, Flag, Flags, Instant, MessageType, Observation, Observed, Origin, Product,
    Referral, Status, TemplateCategory,
};

use super::event::{CountrySource, Event};
use super::senders::{SenderPlace, TemplatePlace};

/// The times an event may have: requested or received, sent, delivered, failed.
pub(super) type FourTimes = [Option<Instant>; 4];

/// What few rows have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extra {
    /// Number of the group's name, 0 outside of groups.
    pub(super) group: u32,
    pub(super) tokens: Option<u32>,
    pub(super) error_code: Option<u32>,
    /// Meta's own verdict.
    pub(super) observed: Observed,
    /// All times, where [`Packed`] cannot hold them.
    pub(super) times: Option<FourTimes>,
}

impl Extra {
    /// Nothing of it.
    pub(super) const NONE: Extra =
        Extra { group: 0, tokens: None, error_code: None, observed: Observed::NOTHING, times: None };

    /// Whether a row says anything of it, times aside.
    fn is_needed(seen: &Observation<'_>, known: &Known) -> bool {
        known.group != 0
            || seen.tokens.is_some()
            || seen.error_code.is_some()
            || known.conversation != 0
            || !seen.observed.is_empty()
    }
}

/// A compact event. Names are numbers of [`Strings`](super::Strings).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    pub(super) customer: CustomerKey,
    /// From the lowest bit: the first time in milliseconds (44), which times there are (4), the country (16).
    pub(super) times: u64,
    /// The second and third time, from the first.
    pub(super) offsets: [i32; 2],
    pub(super) sender: SenderPlace,
    pub(super) template: TemplatePlace,
    /// Where the message id stands in its partition.
    pub(super) id: u32,
    pub(super) id_hash: u32,
    pub(super) values: u32,
    /// Place of its [`Extra`] and one, 0 if it has none.
    pub(super) extra: u32,
}

/// What the reading has found out about a row beyond what it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) customer: CustomerKey,
    pub(super) country: (CountrySource, Country),
    pub(super) sender: SenderPlace,
    pub(super) template: TemplatePlace,
    /// Number of the group's name, 0 outside of groups.
    pub(super) group: u32,
    pub(super) id_hash: u32,
    /// Hash of the id of Meta's conversation, 0 if there is none.
    pub(super) conversation: u64,
}

const TIME_BITS: u32 = 44;
const COUNTRY_AT: u32 = 48;

impl Packed {
    /// Packs what a row says; what does not fit is put beside it.
    pub(super) fn new(seen: &Observation<'_>, known: &Known, extras: &mut Vec<Extra>) -> Packed {
        let times = &seen.times;
        let all = [times.created, times.sent, times.delivery_evidence(), times.failed_or_only_deleted()];
        let packed_times = pack_times(&all);
        let has_extra = packed_times.is_none() || Extra::is_needed(seen, known);
        if has_extra {
            extras.push(Extra {
                group: known.group,
                tokens: seen.tokens,
                error_code: seen.error_code,
                observed: Observed { conversation: known.conversation, ..seen.observed },
                times: packed_times.is_none().then_some(all),
            });
        }
        let (times, offsets) = packed_times.unwrap_or((0, [0; 2]));
        Packed {
            customer: known.customer,
            times: times | (known.country.1.index() as u64) << COUNTRY_AT,
            offsets,
            sender: known.sender,
            template: known.template,
            id: 0,
            id_hash: known.id_hash,
            values: pack_values(seen, known.country.0),
            extra: if has_extra { u32::try_from(extras.len()).expect("a batch is small") } else { 0 },
        }
    }

    /// The same with the numbers that names have elsewhere.
    pub(super) fn renamed(self, customer: CustomerKey, sender: SenderPlace, template: TemplatePlace) -> Packed {
        Packed { customer, sender, template, ..self }
    }

    /// The event, with the account of its sender and the id, name and language of its template.
    pub(super) fn unpack(&self, extra: &Extra, waba: u32, template: [u32; 3]) -> Event {
        let [created, sent, delivered, failed] = self.times(extra);
        let mut values = Values(self.values);
        Event {
            id: self.id,
            customer: self.customer,
            sender: self.sender,
            group: extra.group,
            waba,
            template_id: template[0],
            template_name: template[1],
            template_language: template[2],
            created,
            sent,
            delivered,
            failed,
            last: [created, sent],
            tokens: extra.tokens,
            error_code: extra.error_code,
            direction: if values.bit() { Direction::Outbound } else { Direction::Inbound },
            delivered_itself: values.bit(),
            status_delivered: values.bit(),
            status_failed: values.bit(),
            flags: values.flags(),
            country: (values.one_of(&CountrySource::ALL, 2).unwrap_or(CountrySource::Column), self.country()),
            message_type: values.one_of(&MessageType::ALL, 5),
            category: values.one_of(&TemplateCategory::ALL, 3),
            origin: values.one_of(&Origin::ALL, 3),
            product: values.one_of(&Product::ALL, 3),
            client: values.one_of(&Client::ALL, 3),
            referral: values.one_of(&Referral::ALL, 3),
            observed: extra.observed,
        }
    }

    /// The country of its recipient.
    pub(super) fn country(&self) -> Country {
        Country::from_index(u16::try_from(self.times >> COUNTRY_AT).unwrap_or(u16::MAX))
    }

    /// The first of its times in milliseconds, by the order of [`FourTimes`].
    pub(super) fn first_time(&self, extra: &Extra) -> u64 {
        let first = |times: FourTimes| times.into_iter().flatten().next().map_or(0, Instant::as_ms);
        extra.times.map_or(self.times & ((1 << TIME_BITS) - 1), first)
    }

    /// Its times.
    pub(super) fn times(&self, extra: &Extra) -> FourTimes {
        extra.times.unwrap_or_else(|| self.unpack_times())
    }

    /// The same without their order, some of them more than once.
    pub(super) fn moments(&self, extra: &Extra) -> FourTimes {
        let first = self.times & ((1 << TIME_BITS) - 1);
        let [second, third] = self.later_times();
        extra.times.unwrap_or_else(|| [first, second, third, first].map(Instant::from_ms))
    }

    fn unpack_times(&self) -> FourTimes {
        let first = self.times & ((1 << TIME_BITS) - 1);
        let [second, third] = self.later_times();
        let mut left = [first, second, third].map(Instant::from_ms);
        std::array::from_fn(|place| {
            if self.times >> (TIME_BITS as usize + place) & 1 == 0 {
                return None;
            }
            let next = left[0];
            left = [left[1], left[2], None];
            next
        })
    }

    /// The second and third time in milliseconds.
    fn later_times(&self) -> [u64; 2] {
        let first = self.times & ((1 << TIME_BITS) - 1);
        self.offsets.map(|offset| first.wrapping_add_signed(i64::from(offset)))
    }
}

/// Up to three times that lie within 24 days of the first.
fn pack_times(all: &FourTimes) -> Option<(u64, [i32; 2])> {
    let mut there = 0;
    let mut given = [0_u64; 4];
    let mut count = 0;
    for (place, at) in all.iter().enumerate() {
        let Some(at) = at else { continue };
        there |= 1_u64 << (TIME_BITS as usize + place);
        given[count] = at.as_ms();
        count += 1;
    }
    let offset = |at: u64| if at == 0 { Some(0) } else { i32::try_from(at.checked_signed_diff(given[0])?).ok() };
    let offsets = [offset(given[1])?, offset(given[2])?];
    (count < 4).then_some((given[0] | there, offsets))
}

fn pack_values(seen: &Observation<'_>, country: CountrySource) -> u32 {
    let mut values = Values(0);
    values.push_one_of(seen.referral.map(|value| value as u32), 3);
    values.push_one_of(seen.client.map(|value| value as u32), 3);
    values.push_one_of(seen.product.map(|value| value as u32), 3);
    values.push_one_of(seen.origin.map(|value| value as u32), 3);
    values.push_one_of(seen.template_category.map(|value| value as u32), 3);
    values.push_one_of(seen.message_type.map(|value| value as u32), 5);
    values.push_one_of(Some(country as u32), 2);
    let mut flags = seen.flags;
    flags.set_if(Flag::SingleNumberAssumed, seen.phone_number_id.is_empty());
    for flag in READ_FLAGS.into_iter().rev() {
        values.push(u32::from(flags.has(flag)), 1);
    }
    values.push(u32::from(seen.status == Some(Status::Failed)), 1);
    values.push(u32::from(seen.status == Some(Status::Delivered)), 1);
    values.push(u32::from(seen.times.delivered.is_some()), 1);
    values.push(u32::from(seen.direction == Direction::Outbound), 1);
    values.0
}

/// The flags that a row can have before it is folded.
const READ_FLAGS: [Flag; 2] = [Flag::SingleNumberAssumed, Flag::UnknownValue];

/// Small values in one word: pushed from the last to the first, taken out from the first to the last.
struct Values(u32);

impl Values {
    fn push(&mut self, value: u32, bits: u32) {
        self.0 = self.0 << bits | value;
    }

    fn push_one_of(&mut self, value: Option<u32>, bits: u32) {
        self.push(value.map_or(0, |value| value + 1), bits);
    }

    fn take(&mut self, bits: u32) -> u32 {
        let value = self.0 & ((1 << bits) - 1);
        self.0 >>= bits;
        value
    }

    fn bit(&mut self) -> bool {
        self.take(1) == 1
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::NONE;
        for flag in READ_FLAGS {
            flags.set_if(flag, self.bit());
        }
        flags
    }

    fn one_of<T: Copy>(&mut self, all: &[T], bits: u32) -> Option<T> {
        let place = (self.take(bits) as usize).checked_sub(1)?;
        all.get(place).copied()
    }
}
