//! The axis of amounts: where an amount stands, and round amounts to read it by.

use super::format::pixels;
use super::money::Amount;

/// Steps between the ends of an axis, about.
const STEPS: i128 = 5;

/// Where an amount stands between two others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    low: i128,
    span: i128,
    left: i32,
    width: i32,
}

impl Scale {
    /// From the least of the amounts to the largest, on so many pixels from `left`; from zero, if asked for.
    pub(super) fn of(
        amounts: impl Iterator<Item = Amount> + Clone,
        from_zero: bool,
        (left, width): (i32, i32),
    ) -> Scale {
        let lowest = amounts.clone().map(Amount::raw).min().unwrap_or(0);
        let highest = amounts.map(Amount::raw).max().unwrap_or(0);
        let low = if from_zero { lowest.min(0) } else { lowest };
        Scale { low, span: (highest - low).max(1), left, width }
    }

    /// Where an amount stands.
    pub(super) fn x(&self, amount: Amount) -> i32 {
        self.left + pixels(amount.raw() - self.low, self.span, self.width)
    }

    /// Round amounts, in order; neighbours lie 1, 2 or 5 times a power of ten apart, and at least a minor unit.
    pub(super) fn ticks(&self, minor_digits: u32) -> Vec<Amount> {
        let minor = Amount::minor_unit(minor_digits).raw();
        let mut power = 1_i128;
        while power <= self.span / STEPS / 10 {
            power *= 10;
        }
        let fits = |step: &i128| step * STEPS >= self.span;
        let step = [power, 2 * power, 5 * power, 10 * power].into_iter().find(fits).unwrap_or(10 * power).max(minor);
        let first = self.low.div_euclid(step) + i128::from(self.low.rem_euclid(step) > 0);
        let last = (self.low + self.span).div_euclid(step);
        (first..=last).map(|place| Amount::from_raw(place * step)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Money;
    use super::*;

    fn amounts(texts: [&str; 2]) -> [Amount; 2] {
        texts.map(|text| Amount::of(&Money { currency: "USD".into(), amount: text.into(), minor_digits: 2 }).unwrap())
    }

    #[test]
    fn ticks_are_round_amounts_between_the_ends() {
        for (ends, from_zero, expected) in [
            (["3", "10.85"], true, vec!["0.00", "5.00", "10.00"]),
            (["12.67", "22.92"], false, vec!["15.00", "20.00"]),
            (["0", "48.3"], true, vec!["0.00", "10.00", "20.00", "30.00", "40.00"]),
            (["-2.5", "1.5"], true, vec!["−2.00", "−1.00", "0.00", "1.00"]),
            (["0", "0.02"], true, vec!["0.00", "0.01", "0.02"]),
        ] {
            let scale = Scale::of(amounts(ends).into_iter(), from_zero, (100, 500));
            let texts: Vec<String> =
                scale.ticks(2).into_iter().map(|tick| tick.text("", 2).trim_start().to_owned()).collect();
            assert_eq!(texts, expected, "{ends:?}");
        }
        let scale = Scale::of(amounts(["0", "10"]).into_iter(), true, (100, 500));
        let [half, _] = amounts(["5", "0"]);
        assert_eq!(scale.x(half), 350);
    }
}
