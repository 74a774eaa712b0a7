//! Exact money: an integer count of 10⁻¹² currency units, so that sums are exact in any order (R8).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

/// Decimals kept: cards print up to four, a token price needs six more.
const DECIMALS: usize = 12;
const ONE: i128 = 10_i128.pow(12);
/// Largest whole amount read from a card. Leaves room for more than 10¹² additions of it.
const WHOLE_MAX: i128 = 1_000_000_000_000;

/// An exact, non-negative amount in some currency, in units of 10⁻¹². The currency stands beside it, in the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i128);

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not of the form `123.4567`.
    #[error("'{0}' is not a plain decimal such as 0.0625")]
    Malformed(String),
    /// More than twelve decimals, or 10¹² and above.
    #[error("'{0}' has more than 12 decimals or 12 integer digits; it could not be added exactly")]
    OutOfRange(String),
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// Decimals that every amount has, as [`Money::units`] counts them.
    pub const DECIMALS: i32 = 12;

    /// The amount in units of 10⁻¹².
    pub const fn units(self) -> i128 {
        self.0
    }

    /// Reads a plain decimal (`0.0625`, `586.33`, `10`) exactly; no sign, no exponent, no thousands separator.
    pub fn parse(text: &str) -> Result<Money, MoneyError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
            return Err(MoneyError::Malformed(text.to_owned()));
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > DECIMALS || whole.len() > DECIMALS + 1 {
            return Err(MoneyError::OutOfRange(text.to_owned()));
        }
        let value = |part: &str| part.bytes().fold(0_i128, |sum, b| sum * 10 + i128::from(b - b'0'));
        let scale = 10_i128.pow(u32::try_from(DECIMALS - fraction.len()).unwrap_or(0));
        let amount = value(whole) * ONE + value(fraction) * scale;
        if value(whole) > WHOLE_MAX { Err(MoneyError::OutOfRange(text.to_owned())) } else { Ok(Money(amount)) }
    }

    /// `count` times this amount.
    ///
    /// # Panics
    /// Beyond 1.7 × 10²⁶, which no bill reaches.
    #[must_use]
    pub fn times(self, count: u64) -> Money {
        Money(
            self.0
                .checked_mul(i128::from(count))
                .expect("10^12 units times 2^64 fits i128 only for sums that no bill reaches"),
        )
    }

    /// This amount for a million, so a millionth of it for one. `None` where that has more decimals than are kept.
    pub fn per_million(self) -> Option<Money> {
        (self.0 % 1_000_000 == 0).then_some(Money(self.0 / 1_000_000))
    }

    /// By how many hundredths of a percent of `base` this amount lies above it (below it: negative), halves away from zero; `None` if
    /// `base` is nothing. For people.
    pub fn hundredths_of_percent_above(self, base: Money) -> Option<i128> {
        let (difference, base) = (self.0.checked_sub(base.0)?, base.0);
        let doubled = difference.unsigned_abs().checked_mul(20_000)?;
        let divisor = base.unsigned_abs().checked_mul(2).filter(|divisor| *divisor > 0)?;
        let size = i128::try_from((doubled + base.unsigned_abs()) / divisor).ok()?;
        Some(size * difference.signum())
    }

    /// Rounded up to a whole unit of the currency, as one provider does with each of Meta's prices (S18).
    #[must_use]
    pub fn rounded_up(self) -> Money {
        Money((self.0 + ONE - 1) / ONE * ONE)
    }

    /// `parts` of `of` equal parts of this amount, half-up at the twelfth decimal, which a percentage of a card's price never reaches.
    ///
    /// # Panics
    /// Beyond 1.7 × 10²⁶, or if `of` is zero.
    #[must_use]
    pub fn share(self, parts: u64, of: u64) -> Money {
        let product = self.0.checked_mul(i128::from(parts)).expect("a share of money never reaches 10^26");
        Money((product + i128::from(of) / 2) / i128::from(of))
    }

    /// Rounded half-up to `decimals` places: the only rounding, and only where a total is shown.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Money {
        let unit = ONE / 10_i128.pow(decimals.min(12));
        Money((self.0 + unit / 2) / unit * unit)
    }

    /// `true` for nothing at all.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Text with exactly `decimals` places and thousands separators, rounded half-up: for people.
    pub fn grouped(self, decimals: u32) -> String {
        let rounded = self.rounded(decimals).0;
        let (whole, fraction) = (rounded / ONE, rounded % ONE);
        let mut text = group_thousands(&whole.to_string());
        if decimals > 0 {
            let places = format!("{fraction:012}");
            text.push('.');
            text.push_str(&places[..decimals.min(12) as usize]);
        }
        text
    }
}

/// `1234567` → `1,234,567`.
pub fn group_thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Without exponent and without trailing zeros: `0.0625`, `12`, `0`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(24);
        self.write_to(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl Money {
    /// Appends what `Display` shows. Rows have two amounts each, so this does without its machinery.
    pub fn write_to(self, buffer: &mut Vec<u8>) {
        if self.0 < 0 {
            buffer.push(b'-');
        }
        let units = self.0.unsigned_abs();
        let (whole, mut fraction) = (units / ONE.unsigned_abs(), units % ONE.unsigned_abs());
        buffer.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
        if fraction == 0 {
            return;
        }
        buffer.push(b'.');
        let mut place = ONE.unsigned_abs() / 10;
        while fraction > 0 {
            buffer.push(b'0' + u8::try_from(fraction / place).unwrap_or(0));
            fraction %= place;
            place = (place / 10).max(1);
        }
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.checked_add(other.0).expect("a sum of money never reaches 10^26"))
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.checked_sub(other.0).expect("a difference of money never reaches 10^26"))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn reads_and_writes_exactly() {
        for text in ["0", "0.0625", "586.33", "12", "0.000002", "1940.13", "0.000000000001"] {
            assert_eq!(money(text).to_string(), text);
        }
        assert_eq!(money("0.0260").to_string(), "0.026");
        assert_eq!(money("007.50").to_string(), "7.5");
    }

    #[test]
    fn refuses_what_is_not_exact() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", "NaN", "0.0000000000001", "10000000000000", " 1"]
        {
            assert!(Money::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn rounds_half_up_to_the_minor_unit_r8() {
        assert_eq!(money("1.005").rounded(2).to_string(), "1.01");
        assert_eq!(money("1.0049").rounded(2).to_string(), "1");
        assert_eq!(money("0.5").rounded(0).to_string(), "1");
        assert_eq!(money("1234567.895").grouped(2), "1,234,567.90");
        assert_eq!(money("999.5").grouped(0), "1,000");
    }

    #[test]
    fn rounds_up_to_a_whole_unit_s18() {
        for (price, whole) in [("1169.20", "1170"), ("1948.66", "1949"), ("12", "12"), ("0", "0"), ("0.000001", "1")] {
            assert_eq!(money(price).rounded_up().to_string(), whole, "{price}");
        }
    }

    #[test]
    fn a_share_is_exact() {
        assert_eq!(money("0.0068").share(25_000, 1_000_000).to_string(), "0.00017");
        assert_eq!(money("0.000000000001").share(1, 2).to_string(), "0.000000000001");
        assert_eq!(money("0.000000000001").share(49, 100).to_string(), "0");
    }

    #[test]
    fn a_token_price_is_a_millionth() {
        assert_eq!(money("2.00").per_million().unwrap().times(22_000).to_string(), "0.044");
        assert_eq!(money("0.0000001").per_million(), None);
    }
}
