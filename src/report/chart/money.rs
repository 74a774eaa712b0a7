//! Exact amounts: read from text, added up, and rounded only for display.

use super::format::grouped;
use super::{ChartError, Money};

/// Decimal places kept. Rate cards have four to six.
const PLACES: u32 = 18;
const ONE: i128 = 10_i128.pow(PLACES);

/// An amount in units of 10⁻¹⁸.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(i128);

impl Amount {
    /// Reads an amount.
    pub(super) fn of(money: &Money) -> Result<Self, ChartError> {
        parse(&money.amount)
            .ok_or_else(|| ChartError::Amount { amount: money.amount.clone(), currency: money.currency.clone() })
    }

    /// The sum; at the limit of the type it stays there, which no bill reaches.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The amount of a plain number.
    pub(super) const fn from_raw(raw: i128) -> Self {
        Self(raw)
    }

    /// The smallest amount that is shown.
    pub(super) fn minor_unit(minor_digits: u32) -> Self {
        Self(ONE / 10_i128.pow(minor_digits.min(PLACES)))
    }

    /// The amount as a plain number, for comparing bar lengths.
    pub(super) const fn raw(self) -> i128 {
        self.0
    }

    /// `INR 1,234,567.80`: half a minor unit is rounded away from zero.
    pub(super) fn text(self, currency: &str, minor_digits: u32) -> String {
        let digits = minor_digits.min(PLACES);
        let step = ONE / 10_i128.pow(digits);
        let size = self.0.unsigned_abs();
        let unit = step.unsigned_abs();
        let minor = size / unit + u128::from(size % unit >= unit.div_ceil(2));
        let base = 10_u128.pow(digits);
        let sign = if self.0 < 0 && minor > 0 { "−" } else { "" };
        let whole = grouped(minor / base);
        if digits == 0 {
            return format!("{currency} {sign}{whole}");
        }
        let places = digits as usize;
        format!("{currency} {sign}{whole}.{:0places$}", minor % base)
    }
}

/// Reads plain decimal text. Places beyond the eighteenth are dropped, which
/// cannot change how the amount rounds.
fn parse(text: &str) -> Option<Amount> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let places = PLACES as usize;
    let kept = &fraction[..fraction.len().min(places)];
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i128 = format!("{kept:0<places$}").parse().ok()?;
    let size = whole.checked_mul(ONE)?.checked_add(part)?;
    Some(Amount(if negative { -size } else { size }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, digits: u32) -> Option<String> {
        parse(text).map(|amount| amount.text("INR", digits))
    }

    #[test]
    fn amounts_are_rounded_to_the_minor_unit_and_grouped() {
        let cases = [
            ("1234567.805", 2, "INR 1,234,567.81"),
            ("0.0049999999999999999999", 2, "INR 0.00"),
            ("0.005", 2, "INR 0.01"),
            ("-0.005", 2, "INR −0.01"),
            ("-0.001", 2, "INR 0.00"),
            ("999.995", 2, "INR 1,000.00"),
            ("1500.5", 0, "INR 1,501"),
            (".5", 3, "INR 0.500"),
            ("7", 2, "INR 7.00"),
        ];
        for (text, digits, expected) in cases {
            assert_eq!(shown(text, digits).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_text_is_not_an_amount() {
        let long = "9".repeat(40);
        for text in ["", ".", "-", "1e5", "1,000", "₹5", "1.2.3", " 1", &long] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
