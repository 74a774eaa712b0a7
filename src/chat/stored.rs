//! Events as bytes, for partitions that are put on disk.

use crate::model::{CustomerKey, Instant, Observed, ObservedCategory, PricingModel, PricingType};

use super::packed::{Extra, Packed};
use super::senders::{SenderPlace, TemplatePlace};

/// Bytes of an event.
pub(super) const EVENT: usize = 48;
/// Bytes of what stands beside one.
pub(super) const EXTRA: usize = 80;

/// An event as bytes.
pub(super) fn event_bytes(event: &Packed) -> [u8; EVENT] {
    let [first, second] = event.offsets.map(i32::cast_unsigned);
    let words = [first, second, event.sender.0, event.template.0, event.id, event.id_hash, event.values, event.extra];
    let mut bytes = [0; EVENT];
    bytes[..8].copy_from_slice(&event.customer.to_bits().to_le_bytes());
    bytes[8..16].copy_from_slice(&event.times.to_le_bytes());
    for (place, word) in bytes[16..].chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// An event from [`event_bytes`].
pub(super) fn event(bytes: &[u8; EVENT]) -> Packed {
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    Packed {
        customer: CustomerKey::from_bits(long(0)),
        times: long(8),
        offsets: [word(16).cast_signed(), word(20).cast_signed()],
        sender: SenderPlace(word(24)),
        template: TemplatePlace(word(28)),
        id: word(32),
        id_hash: word(36),
        values: word(40),
        extra: word(44),
    }
}

/// What stands beside an event, as bytes.
pub(super) fn extra_bytes(extra: &Extra) -> [u8; EXTRA] {
    let ms = |at: Option<Instant>| at.map_or(0, Instant::as_ms);
    let number = |value: Option<u32>| value.map_or(0, |value| u64::from(value) + 1);
    let times = extra.times.unwrap_or_default().map(ms);
    let observed = &extra.observed;
    let words = [
        u64::from(extra.group),
        number(extra.tokens),
        number(extra.error_code),
        observed.conversation,
        ms(observed.expires),
        times[0],
        times[1],
        times[2],
        times[3],
        codes(observed) | u64::from(extra.times.is_some()) << 63,
    ];
    let mut bytes = [0; EXTRA];
    for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// The same from [`extra_bytes`].
pub(super) fn extra(bytes: &[u8; EXTRA]) -> Extra {
    let word = |at: usize| {
        let bytes = &bytes[at * 8..at * 8 + 8];
        bytes.iter().rev().fold(0_u64, |word, byte| word << 8 | u64::from(*byte))
    };
    let number = |at: usize| word(at).checked_sub(1).and_then(|value| u32::try_from(value).ok());
    let observed = Observed { conversation: word(3), expires: Instant::from_ms(word(4)), ..observed(word(9)) };
    Extra {
        group: u32::try_from(word(0)).unwrap_or(0),
        tokens: number(1),
        error_code: number(2),
        observed,
        times: (word(9) >> 63 == 1).then(|| [5, 6, 7, 8].map(|at| Instant::from_ms(word(at)))),
    }
}

/// Values with a list of names, eight bits each: 0 for none, else its place and one.
fn codes(observed: &Observed) -> u64 {
    let values = [
        observed.model.map(|value| value as u64),
        observed.kind.map(|value| value as u64),
        observed.category.map(|value| value as u64),
        observed.origin.map(|value| value as u64),
        observed.billable.map(u64::from),
        observed.exempt.then_some(0),
    ];
    values.into_iter().rev().fold(0, |word, value| word << 8 | value.map_or(0, |value| value + 1))
}

fn observed(codes: u64) -> Observed {
    let place = |at: u32| ((codes >> (8 * at) & 0x7f) as usize).checked_sub(1);
    Observed {
        model: place(0).and_then(|place| PricingModel::ALL.get(place).copied()),
        kind: place(1).and_then(|place| PricingType::ALL.get(place).copied()),
        category: place(2).and_then(|place| ObservedCategory::ALL.get(place).copied()),
        origin: place(3).and_then(|place| ObservedCategory::ALL.get(place).copied()),
        billable: place(4).map(|place| place == 1),
        exempt: place(5).is_some(),
        ..Observed::NOTHING
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_comes_back_as_it_was() {
        let given = Packed {
            customer: CustomerKey::from_name(7),
            times: u64::MAX - 5,
            offsets: [-1, i32::MIN],
            sender: SenderPlace(3),
            template: TemplatePlace(u32::MAX),
            id: 9,
            id_hash: 0xdead_beef,
            values: 0x0123_4567,
            extra: 1,
        };
        assert_eq!(event(&event_bytes(&given)), given);
    }

    #[test]
    fn every_value_of_meta_s_verdict_comes_back() {
        let at = Instant::from_ms(1_790_000_000_123);
        for (place, category) in ObservedCategory::ALL.into_iter().enumerate() {
            let observed = Observed {
                model: PricingModel::ALL.get(place).copied(),
                kind: PricingType::ALL.get(place).copied(),
                category: Some(category),
                origin: ObservedCategory::ALL.get(13 - place).copied(),
                billable: [None, Some(true), Some(false)][place % 3],
                exempt: place % 2 == 0,
                conversation: u64::MAX - place as u64,
                expires: at.filter(|_| place > 3),
            };
            let times = (place % 2 == 1).then_some([at, None, None, at]);
            let given = Extra { group: 5, tokens: Some(0), error_code: Some(u32::MAX), observed, times };
            assert_eq!(extra(&extra_bytes(&given)), given);
        }
        assert_eq!(extra(&extra_bytes(&Extra::NONE)), Extra::NONE);
    }
}
