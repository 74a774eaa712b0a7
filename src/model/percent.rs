//! Percentages of money.

use std::fmt;

use super::Money;

/// Parts that one per cent is counted in.
const PARTS: u32 = 10_000;

/// An exact percentage from 0 to 1,000 with up to four decimals: of a price with six decimals it makes an amount that is exact, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u32);

impl Percent {
    /// Reads `3`, `2.5` or `0.125`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Percent> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || text.ends_with('.') || fraction.len() > 4 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let whole = whole.parse::<u32>().ok().filter(|whole| *whole <= 1_000)?;
        Some(Percent(whole * PARTS + format!("{fraction:0<4}").parse::<u32>().ok()?))
    }

    /// `true` for nothing at all.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This percentage of an amount.
    #[must_use]
    pub fn of(self, amount: Money) -> Money {
        amount.share(u64::from(self.0), u64::from(PARTS) * 100)
    }
}

/// Without trailing zeros: `3`, `2.5`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / PARTS, self.0 % PARTS);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{fraction:04}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_exactly() {
        for text in ["0", "3", "2.5", "0.125", "12.0001", "1000"] {
            assert_eq!(Percent::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "3%", "-1", "1e1", ".5", "3.", "0.00001", "1001"] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_percentage_of_a_price_is_exact() {
        let price = Money::parse("356.65").unwrap();
        assert_eq!(Percent::parse("3").unwrap().of(price).to_string(), "10.6995");
        assert_eq!(
            Percent::parse("0.0001").unwrap().of(Money::parse("0.000002").unwrap()).to_string(),
            "0.000000000002"
        );
    }
}
