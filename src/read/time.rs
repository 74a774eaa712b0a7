//! Times as logs write them (log-formats §5): Unix seconds or milliseconds, RFC 3339, RFC 2822, and naive ones with a given zone.

use chrono::{DateTime, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use crate::model::{Day, DigitForm, Instant};

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFault {
    /// No form that is understood, no real date, or outside of 2009 to 2099.
    Malformed,
    /// A date and time without a zone, and no `--input-tz`.
    Naive,
}

const MS_FROM: u64 = 1_000_000_000_000;

/// Reads a time; `zone` is for those that name none.
pub fn parse_time(text: &str, zone: Option<Tz>) -> Result<Instant, TimeFault> {
    in_utc(text.as_bytes()).map_or_else(|| in_any_form(text, zone), Ok)
}

// By itself, so that the form that most logs have need not make room for all the others.
#[inline(never)]
fn in_any_form(text: &str, zone: Option<Tz>) -> Result<Instant, TimeFault> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        let number: u64 = text.parse().map_err(|_| TimeFault::Malformed)?;
        let ms = if number >= MS_FROM { number } else { number.saturating_mul(1000) };
        return Instant::from_ms(ms).ok_or(TimeFault::Malformed);
    }
    if bytes.first().is_some_and(u8::is_ascii_alphabetic)
        || text.get(..3).is_some_and(|start| start.trim_end().len() < 3)
    {
        return rfc_2822(text);
    }
    match date_and_time(bytes) {
        Some((clock_ms, rest)) => with_zone(clock_ms, rest, zone),
        None => rfc_2822(text),
    }
}

/// `2026-10-01T09:30:00Z`, the form that most logs have, without a detour.
fn in_utc(bytes: &[u8]) -> Option<Instant> {
    const MONTH: DigitForm = DigitForm::new(b"0000-00-");
    const MINUTE: DigitForm = DigitForm::new(b"00T00:00");
    const SECOND: DigitForm = DigitForm::new(b"0:00:00Z");
    let bytes: &[u8; 20] = bytes.try_into().ok()?;
    let [century, _, of_century, _, _, month, ..] = MONTH.read(bytes.first_chunk()?)?.pairs();
    let [day, _, _, hour, _, _, minute, _] = MINUTE.read(bytes[8..].first_chunk()?)?.pairs();
    let [.., second, _, _] = SECOND.read(bytes.last_chunk()?)?.pairs();
    let year = i32::from(century) * 100 + i32::from(of_century);
    let day = Day::from_ymd(year, month.into(), day.into())?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (u64::from(hour) * 60 + u64::from(minute)) * 60 + u64::from(second);
    Instant::from_ms((u64::try_from(day.epoch_days()).ok()? * 86_400 + seconds) * 1000)
}

fn rfc_2822(text: &str) -> Result<Instant, TimeFault> {
    let at = DateTime::parse_from_rfc2822(text).map_err(|_| TimeFault::Malformed)?;
    from_ms(at.timestamp_millis())
}

fn from_ms(ms: i64) -> Result<Instant, TimeFault> {
    u64::try_from(ms).ok().and_then(Instant::from_ms).ok_or(TimeFault::Malformed)
}

/// `YYYY-MM-DD`, `T` or a space, `HH:MM[:SS[.fraction]]`: milliseconds as if in UTC, and what follows.
fn date_and_time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let pair = |at: usize| two_digits(bytes.get(at..at + 2)?);
    let separators = [(4, b'-'), (7, b'-'), (13, b':')];
    let shaped = bytes.len() >= 16
        && separators.iter().all(|(at, byte)| bytes[*at] == *byte)
        && matches!(bytes[10], b'T' | b't' | b' ');
    if !shaped {
        return None;
    }
    let year = pair(0)? * 100 + pair(2)?;
    let day = Day::from_ymd(i32::try_from(year).ok()?, pair(5)?, pair(8)?)?;
    let (hour, minute) = (pair(11)?, pair(14)?);
    let (second, mut rest) = if bytes.get(16) == Some(&b':') { (pair(17)?, &bytes[19..]) } else { (0, &bytes[16..]) };
    let mut milli = 0;
    if let [b'.' | b',', digits @ ..] = rest {
        let count = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
        let digit = |place: usize| digits[..count].get(place).map_or(0, |digit| i64::from(digit - b'0'));
        milli = digit(0) * 100 + digit(1) * 10 + digit(2);
        rest = if count == 0 { return None } else { &digits[count..] };
    }
    // A leap second counts as the first of the next minute, as Unix time has it.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = i64::from(day.epoch_days());
    Some((((days * 24 + i64::from(hour)) * 60 + i64::from(minute)) * 60_000 + i64::from(second) * 1000 + milli, rest))
}

fn two_digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().all(u8::is_ascii_digit).then(|| u32::from(bytes[0] - b'0') * 10 + u32::from(bytes[1] - b'0'))
}

/// Applies `Z`, `+hh:mm`, `+hhmm`, `+hh`, or the given zone where nothing follows.
fn with_zone(clock_ms: i64, rest: &[u8], zone: Option<Tz>) -> Result<Instant, TimeFault> {
    match rest.trim_ascii_start() {
        [] => naive(clock_ms, zone.ok_or(TimeFault::Naive)?),
        [b'Z' | b'z'] => from_ms(clock_ms),
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let minutes = offset_minutes(offset).ok_or(TimeFault::Malformed)?;
            let ms = minutes * 60_000;
            from_ms(if *sign == b'+' { clock_ms - ms } else { clock_ms + ms })
        }
        _ => Err(TimeFault::Malformed),
    }
}

fn offset_minutes(text: &[u8]) -> Option<i64> {
    let (hours, minutes) = match text {
        [hours @ .., b':', a, b] if hours.len() == 2 => (two_digits(hours)?, two_digits(&[*a, *b])?),
        [a, b, c, d] => (two_digits(&[*a, *b])?, two_digits(&[*c, *d])?),
        [a, b] => (two_digits(&[*a, *b])?, 0),
        _ => return None,
    };
    (hours <= 14 && minutes <= 59).then(|| i64::from(hours * 60 + minutes))
}

/// Where a clock hour comes twice its first occurrence counts; where it is skipped there is no such time.
fn naive(clock_ms: i64, zone: Tz) -> Result<Instant, TimeFault> {
    let local: NaiveDateTime = DateTime::from_timestamp_millis(clock_ms).ok_or(TimeFault::Malformed)?.naive_utc();
    let at = zone.from_local_datetime(&local).earliest().ok_or(TimeFault::Malformed)?;
    from_ms(at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_canonical_log() {
        for text in [
            "1786160000",
            "1786160000000",
            "2026-08-08T03:33:20Z",
            "2026-08-08t03:33:20z",
            "2026-08-08 03:33:20+00:00",
            "2026-08-08T03:33:20.0000000+0000",
            "2026-08-08T00:33:20-0300",
            "2026-08-08T09:03:20+05:30",
            "2026-08-08T05:33:20+02",
            "Sat, 08 Aug 2026 03:33:20 +0000",
            "8 Aug 2026 03:33:20 +0000",
        ] {
            assert_eq!(parse_time(text, None).map(Instant::as_ms), Ok(1_786_160_000_000), "{text}");
        }
    }

    #[test]
    fn every_second_of_days_at_the_turn_of_months_and_years() {
        for first in [1_230_768_000, 1_709_164_800, 1_767_052_800, 4_102_358_400 - 86_400] {
            for second in (first..first + 2 * 86_400).step_by(7) {
                let at = Instant::from_ms(second * 1000).unwrap();
                assert_eq!(parse_time(&at.to_string(), None), Ok(at));
            }
        }
        assert_eq!(parse_time("2026-12-31T23:59:60Z", None), parse_time("2027-01-01T00:00:00Z", None));
    }

    #[test]
    fn fractions_are_cut_to_milliseconds() {
        assert_eq!(parse_time("2026-08-08T03:33:20.1239999Z", None).unwrap().as_ms() % 1000, 123);
        assert_eq!(parse_time("2026-08-08T03:33:20.5Z", None).unwrap().as_ms() % 1000, 500);
    }

    #[test]
    fn a_time_without_zone_needs_one() {
        assert_eq!(parse_time("2026-08-08 05:33:20", None), Err(TimeFault::Naive));
        let berlin = Some(Tz::Europe__Berlin);
        assert_eq!(parse_time("2026-08-08 05:33:20", berlin).unwrap().as_ms(), 1_786_160_000_000);
        assert_eq!(parse_time("2026-08-08T05:33", berlin).unwrap().as_ms(), 1_786_159_980_000);
        // The clock goes from 02:00 to 03:00 on 2026-03-29, and through 02:30 twice on 2026-10-25.
        assert_eq!(parse_time("2026-03-29 02:30:00", berlin), Err(TimeFault::Malformed));
        assert_eq!(parse_time("2026-10-25 02:30:00", berlin).unwrap().to_string(), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-08-08T24:00:00Z",
            "2026-08-08",
            "08/08/2026 03:33",
            "yesterday",
            "1.786E+09",
            "-1786160000",
            "12",
            "99999999999999999999",
            "2026-08-08T03:33:20+25:00",
            "2026-08-08T03:33:20.Z",
            "1970-01-01T00:00:00Z",
            "2026-08-08T03:33:20X",
            "№",
        ] {
            assert_eq!(parse_time(text, Some(Tz::UTC)), Err(TimeFault::Malformed), "{text}");
        }
    }
}
