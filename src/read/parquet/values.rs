//! Values of a file as the text of their column.

use std::fmt::Display;
use std::io::Write;

use chrono::{DateTime, NaiveDate, TimeDelta};
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};

use crate::model::{Instant, RejectCode};
use crate::read::Refused;

/// How values become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Bytes as they are.
    Text,
    /// Bytes of a fixed length, filled up with zeros.
    Padded,
    /// Sixteen bytes.
    Uuid,
    Signed,
    /// Numbers whose highest bit is no sign.
    Unsigned,
    Decimal {
        /// Digits behind the point.
        scale: u8,
    },
    Boolean,
    Floating,
    Timestamp {
        unit: Unit,
        /// A point in time; otherwise what a clock showed, somewhere.
        utc: bool,
    },
    Date,
}

/// What a timestamp counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Millis,
    Micros,
    Nanos,
}

impl Unit {
    const fn per_ms(self) -> i64 {
        match self {
            Unit::Millis => 1,
            Unit::Micros => 1000,
            Unit::Nanos => 1_000_000,
        }
    }
}

/// The point in time of a count since 1970, if a log can hold it.
pub(super) fn instant(count: i64, unit: Unit) -> Option<Instant> {
    let ms = count.div_euclid(unit.per_ms());
    u64::try_from(ms).ok().and_then(Instant::from_ms)
}

/// A value that can be written.
pub(super) trait Value {
    /// Appends its text.
    fn write(&self, form: Form, text: &mut Vec<u8>) -> Result<(), Refused>;
}

fn put(text: &mut Vec<u8>, value: impl Display) {
    // Writing to memory cannot fail.
    let _ = write!(text, "{value}");
}

impl Value for bool {
    fn write(&self, _: Form, text: &mut Vec<u8>) -> Result<(), Refused> {
        put(text, self);
        Ok(())
    }
}

impl Value for i32 {
    fn write(&self, form: Form, text: &mut Vec<u8>) -> Result<(), Refused> {
        match form {
            Form::Unsigned => put(text, self.cast_unsigned()),
            Form::Date => write_date(*self, text),
            _ => return i64::from(*self).write(form, text),
        }
        Ok(())
    }
}

impl Value for i64 {
    fn write(&self, form: Form, text: &mut Vec<u8>) -> Result<(), Refused> {
        match form {
            Form::Unsigned => put(text, self.cast_unsigned()),
            Form::Decimal { scale } => write_decimal((*self).into(), scale, text),
            Form::Timestamp { unit, utc } => write_timestamp((*self).into(), unit, utc, text),
            _ => put(text, self),
        }
        Ok(())
    }
}

impl Value for Int96 {
    /// The day as a Julian one, and nanoseconds within it; in UTC, as those write it who still do.
    fn write(&self, _: Form, text: &mut Vec<u8>) -> Result<(), Refused> {
        const JULIAN_DAY_OF_1970: i128 = 2_440_588;
        const NANOS_OF_DAY: i128 = 86_400_000_000_000;
        let words = self.data();
        let nanos = i128::from(words[0]) | i128::from(words[1]) << 32;
        let days = i128::from(words[2].cast_signed()) - JULIAN_DAY_OF_1970;
        write_timestamp(days * NANOS_OF_DAY + nanos, Unit::Nanos, true, text);
        Ok(())
    }
}

impl Value for ByteArray {
    fn write(&self, form: Form, text: &mut Vec<u8>) -> Result<(), Refused> {
        match form {
            Form::Decimal { scale } => write_decimal(big_endian(self.data())?, scale, text),
            _ => text.extend_from_slice(self.data()),
        }
        Ok(())
    }
}

impl Value for FixedLenByteArray {
    fn write(&self, form: Form, text: &mut Vec<u8>) -> Result<(), Refused> {
        match form {
            Form::Decimal { scale } => write_decimal(big_endian(self.data())?, scale, text),
            Form::Uuid => write_uuid(self.data(), text),
            _ => {
                let length = self.data().iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                text.extend_from_slice(&self.data()[..length]);
            }
        }
        Ok(())
    }
}

/// Whole numbers up to this have a binary fraction of their own (2⁵³).
const LAST_EXACT: u64 = 1 << 53;

/// Numbers become binary fractions where a table had gaps in them. What is no number stands for nothing, as there.
pub(super) fn write_floating(value: impl Display, text: &mut Vec<u8>) -> Result<(), Refused> {
    let shown = value.to_string();
    let digits = shown.strip_prefix('-').unwrap_or(&shown);
    let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole && !digits.parse().is_ok_and(|number: u64| number <= LAST_EXACT) {
        let message = format!(
            "{shown} was stored as a binary fraction, which has lost its last digits; write the column as text or whole numbers"
        );
        return Err(Refused { code: RejectCode::BadNumber, message });
    }
    if shown != "NaN" {
        text.extend_from_slice(shown.as_bytes());
    }
    Ok(())
}

/// Points in time become Unix milliseconds, clocks the time they showed. What no log can hold is written out, to be refused as it stands.
fn write_timestamp(count: i128, unit: Unit, utc: bool, text: &mut Vec<u8>) {
    let ms = count.div_euclid(unit.per_ms().into());
    match i64::try_from(count).ok().and_then(|count| instant(count, unit)) {
        Some(at) if utc => write_milliseconds(at.as_ms(), text),
        Some(at) => {
            put(text, at);
            text.truncate(text.len() - 1);
        }
        None => match i64::try_from(ms).ok().and_then(DateTime::from_timestamp_millis) {
            Some(at) => put(text, at.format("%Y-%m-%dT%H:%M:%SZ")),
            None => put(text, format_args!("timestamp {ms}")),
        },
    }
}

/// Milliseconds of a time that a log can hold have thirteen digits.
pub(super) fn write_milliseconds(mut ms: u64, text: &mut Vec<u8>) {
    let mut digits = [b'0'; 13];
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(ms % 10).unwrap_or(0);
        ms /= 10;
    }
    text.extend_from_slice(&digits);
}

fn write_date(days: i32, text: &mut Vec<u8>) {
    let epoch = DateTime::UNIX_EPOCH.date_naive();
    let date: Option<NaiveDate> = epoch.checked_add_signed(TimeDelta::days(days.into()));
    match date {
        Some(date) => put(text, date),
        None => put(text, format_args!("day {days}")),
    }
}

/// The exact number, with all its digits.
fn write_decimal(unscaled: i128, scale: u8, text: &mut Vec<u8>) {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    put(text, format_args!("{}{whole}", if unscaled < 0 { "-" } else { "" }));
    if scale > 0 {
        put(text, format_args!(".{fraction}"));
    }
}

fn big_endian(bytes: &[u8]) -> Result<i128, Refused> {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let filler = if negative { 0xff } else { 0 };
    let spare = bytes.len().saturating_sub(16);
    let too_long = bytes[..spare].iter().any(|byte| *byte != filler);
    let mut whole = [filler; 16];
    whole[16 - (bytes.len() - spare)..].copy_from_slice(&bytes[spare..]);
    let number = i128::from_be_bytes(whole);
    if too_long || (number < 0) != negative {
        let message = "a decimal of more than 38 digits; write the column as text".to_owned();
        return Err(Refused { code: RejectCode::BadNumber, message });
    }
    Ok(number)
}

fn write_uuid(bytes: &[u8], text: &mut Vec<u8>) {
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push(b'-');
        }
        put(text, format_args!("{byte:02x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut text = Vec::new();
        write(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn decimals_are_exact() {
        for (unscaled, scale, expected) in
            [(7, 4, "0.0007"), (-7, 4, "-0.0007"), (123_450, 2, "1234.50"), (0, 0, "0"), (-5, 0, "-5")]
        {
            assert_eq!(text(|text| write_decimal(unscaled, scale, text)), expected);
        }
        assert_eq!(big_endian(&[0xff, 0xfe]).unwrap(), -2);
        assert_eq!(big_endian(&[0; 20]).unwrap(), 0);
        assert!(big_endian(&[1; 17]).is_err());
        assert!(big_endian(&[&[0_u8][..], &[0xff; 16]].concat()).is_err());
    }

    #[test]
    fn timestamps_of_no_log_are_no_unix_seconds() {
        assert_eq!(text(|text| write_timestamp(1_786_160_000_123_999, Unit::Micros, true, text)), "1786160000123");
        assert_eq!(
            text(|text| write_timestamp(1_786_160_000_123, Unit::Millis, false, text)),
            "2026-08-08T03:33:20.123"
        );
        assert_eq!(text(|text| write_timestamp(1_786_160_000, Unit::Millis, true, text)), "1970-01-21T16:09:20Z");
        assert_eq!(text(|text| write_timestamp(-1, Unit::Nanos, true, text)), "1969-12-31T23:59:59Z");
        assert!(text(|text| write_timestamp(i128::MAX, Unit::Nanos, true, text)).starts_with("timestamp"));
    }
}
