//! Points in time: UTC, milliseconds.

use std::fmt;
use std::num::NonZeroU64;

use super::Day;

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    ms: u64,
}

/// One minute.
pub const MINUTE: Span = Span { ms: 60_000 };
/// One hour.
pub const HOUR: Span = Span { ms: 3_600_000 };
/// Twenty-four hours: the length of a customer service window and of a conversation (R16, R24).
pub const DAY: Span = HOUR.times(24);

impl Span {
    /// `count` times this length.
    #[must_use]
    pub const fn times(self, count: u64) -> Span {
        Span { ms: self.ms * count }
    }

    /// Milliseconds.
    pub const fn as_ms(self) -> u64 {
        self.ms
    }
}

/// A point in time in UTC milliseconds since 1970. Never zero, so an `Option<Instant>` is as small as an `Instant`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(NonZeroU64);

impl Instant {
    /// Earliest time a log may hold: WhatsApp was founded in 2009.
    pub const EARLIEST_MS: u64 = 1_230_768_000_000;
    /// First millisecond of 2100, which no log may reach.
    pub const LATEST_MS: u64 = 4_102_444_800_000;

    /// The earliest time of any log.
    pub const EARLIEST: Instant = Instant(NonZeroU64::new(Self::EARLIEST_MS).expect("not zero"));

    /// From UTC milliseconds; `None` outside of 2009 to 2099.
    pub fn from_ms(ms: u64) -> Option<Instant> {
        if (Self::EARLIEST_MS..Self::LATEST_MS).contains(&ms) { NonZeroU64::new(ms).map(Instant) } else { None }
    }

    /// UTC milliseconds since 1970.
    pub const fn as_ms(self) -> u64 {
        self.0.get()
    }

    /// This much later.
    #[must_use]
    pub const fn plus(self, span: Span) -> Instant {
        Instant(self.0.saturating_add(span.ms))
    }

    /// The day in UTC, for those who count in it whatever an account's zone.
    pub fn utc_day(self) -> Day {
        Day::from_epoch_days(i32::try_from(self.as_ms() / DAY.ms).unwrap_or(i32::MAX))
    }

    /// Whether `self` lies in the half-open interval from `start` to `start + span` (R19).
    pub fn within(self, start: Instant, span: Span) -> bool {
        start <= self && self < start.plus(span)
    }
}

/// RFC 3339 in UTC; milliseconds only where there are any.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(24);
        self.write_to(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl Instant {
    /// Appends what `Display` shows. Rows have two times each, so this does without its machinery.
    pub fn write_to(self, buffer: &mut Vec<u8>) {
        let ms = self.0.get();
        let (year, month, day) = self.utc_day().year_month_day();
        let rest = ms % DAY.ms;
        let (hour, minute, second, milli) = (rest / HOUR.ms, rest / MINUTE.ms % 60, rest / 1000 % 60, rest % 1000);
        let date =
            [u64::from(year.unsigned_abs()) / 100, u64::from(year.unsigned_abs()) % 100, month.into(), day.into()];
        let [a, b, month, day] = date.map(two_digits);
        let [hour, minute, second] = [hour, minute, second].map(two_digits);
        for part in [&a[..], &b, b"-", &month, b"-", &day, b"T", &hour, b":", &minute, b":", &second] {
            buffer.extend_from_slice(part);
        }
        if milli > 0 {
            buffer.push(b'.');
            buffer.extend_from_slice(&two_digits(milli / 10));
            buffer.push(two_digits(milli % 10)[1]);
        }
        buffer.push(b'Z');
    }
}

/// Two decimal digits of a number below 100.
fn two_digits(number: u64) -> [u8; 2] {
    let digit = |value: u64| b'0' + u8::try_from(value % 10).unwrap_or(0);
    [digit(number / 10), digit(number)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_rfc_3339() {
        assert_eq!(Instant::from_ms(1_759_276_800_000).unwrap().to_string(), "2025-10-01T00:00:00Z");
        assert_eq!(Instant::from_ms(1_759_276_799_050).unwrap().to_string(), "2025-09-30T23:59:59.050Z");
    }

    #[test]
    fn intervals_are_half_open_r19() {
        let start = Instant::from_ms(1_759_276_800_000).unwrap();
        assert!(start.within(start, DAY));
        assert!(!start.plus(DAY).within(start, DAY));
        assert!(!start.within(start.plus(MINUTE), DAY));
    }

    #[test]
    fn an_optional_instant_costs_nothing() {
        assert_eq!(size_of::<Option<Instant>>(), 8);
    }
}
