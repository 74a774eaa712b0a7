//! The vertical axis of the daily chart: message counts on both sides of zero.

use super::format::pixels;

/// Message counts upwards and downwards from one zero line, on one scale, so
/// that charged and free bars can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CountAxis {
    /// Count between two grid lines.
    pub(super) step: u64,
    /// Number of grid lines above zero.
    pub(super) above: u64,
    /// Number of grid lines below zero.
    pub(super) below: u64,
    top: i32,
    height: i32,
}

impl CountAxis {
    /// An axis that reaches `most_above` and `most_below` on `height` pixels.
    /// Even an empty side keeps the height of one step.
    pub(super) fn new(most_above: u64, most_below: u64, top: i32, height: i32) -> Self {
        let step = round_step(most_above.saturating_add(most_below));
        Self { step, above: most_above.div_ceil(step).max(1), below: most_below.div_ceil(step).max(1), top, height }
    }

    /// The zero line.
    pub(super) fn zero(&self) -> i32 {
        let all = i128::from(self.above) + i128::from(self.below);
        self.top + pixels(self.above.into(), all, self.height)
    }

    /// Height in pixels of a bar for `count` messages.
    pub(super) fn length(&self, count: u64) -> i32 {
        let all = (i128::from(self.above) + i128::from(self.below)) * i128::from(self.step);
        pixels(count.into(), all, self.height)
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50 … that needs at most eight steps.
fn round_step(range: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if range / step < 8 || step == u64::MAX {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_steps_are_round() {
        for (range, step) in [(0, 1), (7, 1), (8, 2), (430, 100), (5_000_000, 1_000_000)] {
            assert_eq!(round_step(range), step, "{range}");
        }
        let axis = CountAxis::new(u64::MAX, u64::MAX, 0, 600);
        assert!(axis.length(u64::MAX) <= 600);
    }
}
