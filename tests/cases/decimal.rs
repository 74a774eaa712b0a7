//! Exact decimals for checking sums: money never passes through a float (R8).

use anyhow::{Context, Result, ensure};
use std::fmt;
use std::iter::Sum;
use std::ops::Add;

const DIGITS: usize = 12;

/// An amount in units of 10^-12.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Decimal(i128);

impl Decimal {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        ensure!(
            !whole.is_empty() && digits(whole) && digits(fraction) && fraction.len() <= DIGITS,
            "`{text}` is no plain decimal"
        );
        let units: i128 =
            format!("{whole}{fraction:0<DIGITS$}").parse().with_context(|| format!("`{text}` is too large"))?;
        Ok(Self(units))
    }
}

impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.0, width = DIGITS + 1);
        let (whole, fraction) = digits.split_at(digits.len() - DIGITS);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            fraction => write!(f, "{whole}.{fraction}"),
        }
    }
}
