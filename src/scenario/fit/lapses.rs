//! Lengths of time, counted: exact below a minute, then in steps of 3 %. The same counts whatever the order they come in.

/// Steps that a doubling of the time is cut into.
const STEPS: u32 = 32;
/// Times below this are counted exactly.
const EXACT: u32 = 64;

/// How often each length of time came, in whole seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lapses(Vec<u64>);

impl Lapses {
    /// Counts a time.
    pub fn add(&mut self, seconds: u32) {
        let place = place(seconds);
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] += 1;
    }

    /// Takes in other counts.
    pub fn merge(&mut self, other: &Lapses) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(own, more)| *own += more);
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Those below a time, and the rest. A step that the time cuts counts as below.
    pub(super) fn split(&self, seconds: u32) -> (Lapses, Lapses) {
        let cut = if seconds == 0 { 0 } else { (place(seconds - 1) + 1).min(self.0.len()) };
        let mut above = self.0.clone();
        above[..cut].fill(0);
        (Lapses(self.0[..cut].to_vec()), Lapses(above))
    }

    /// The middle of each step in seconds, with its count; empty ones are left out.
    pub(super) fn weighted(&self) -> impl Iterator<Item = (f64, f64)> {
        let counted = self.0.iter().enumerate().filter(|(_, count)| **count > 0);
        counted.map(|(place, count)| (middle(place), as_number(*count)))
    }

    /// The time that this share of all does not exceed.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let wanted = share * as_number(self.total());
        let mut seen = 0.0;
        for (seconds, count) in self.weighted() {
            seen += count;
            if seen >= wanted {
                return seconds;
            }
        }
        0.0
    }

    /// The boundary between two steps nearest to a quantile, in seconds, with the share that lies below it. Times of one second may have
    /// been shorter, so the first boundary is at two.
    pub(super) fn boundary(&self, share: f64) -> Option<(f64, f64)> {
        let all = as_number(self.total());
        let mut below = 0.0;
        let mut nearest: Option<(f64, f64)> = None;
        for (place, count) in self.0.iter().enumerate() {
            below += as_number(*count) / all.max(1.0);
            let closer = nearest.is_none_or(|(_, other)| (below - share).abs() < (other - share).abs());
            if place >= 1 && below > 0.0 && below < 1.0 && closer {
                nearest = Some((start(place + 1), below));
            }
        }
        nearest
    }

    /// The largest difference between the shares below any time (Kolmogorov and Smirnov).
    pub(super) fn distance(&self, other: &Lapses) -> f64 {
        let (own, theirs) = (as_number(self.total()).max(1.0), as_number(other.total()).max(1.0));
        let (mut below, mut largest) = (0.0, 0.0_f64);
        for place in 0..self.0.len().max(other.0.len()) {
            let at = |counts: &Lapses| as_number(counts.0.get(place).copied().unwrap_or(0));
            below += at(self) / own - at(other) / theirs;
            largest = largest.max(below.abs());
        }
        largest
    }
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(super) fn as_number(count: u64) -> f64 {
    count as f64
}

fn place(seconds: u32) -> usize {
    let index = if seconds < EXACT {
        seconds
    } else {
        let doublings = seconds.ilog2();
        EXACT + (doublings - EXACT.ilog2()) * STEPS + (seconds >> (doublings - STEPS.ilog2())) % STEPS
    };
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Where a step begins.
fn start(place: usize) -> f64 {
    let index = u32::try_from(place).unwrap_or(u32::MAX);
    if index < EXACT {
        return f64::from(index);
    }
    let (doublings, step) = ((index - EXACT) / STEPS + EXACT.ilog2(), (index - EXACT) % STEPS);
    as_number(1 << doublings) + f64::from(step) * as_number(1 << (doublings - STEPS.ilog2()))
}

/// The middle of a step. A whole second holds what took up to the next one.
fn middle(place: usize) -> f64 {
    f64::midpoint(start(place), start(place + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kept_to_three_percent() {
        for seconds in (0..200).chain([3_599, 3_600, 86_399, 86_400, 2_592_000, u32::MAX]) {
            let middle = middle(place(seconds));
            let off = (middle - f64::from(seconds)).abs();
            assert!(off <= 0.5 || off / middle < 0.02, "{seconds}: {middle}");
        }
        for pair in [(63, 64), (127, 128), (128, 132), (4_000, 4_200)] {
            assert!(place(pair.0) < place(pair.1));
        }
    }

    #[test]
    fn quantiles_distances_and_parts() {
        let mut one = Lapses::default();
        (1..=100).for_each(|second| one.add(second));
        assert!((one.quantile(0.5) - 50.5).abs() < 0.01);
        let mut other = Lapses::default();
        (51..=100).for_each(|second| other.add(second));
        assert!((one.distance(&other) - 0.5).abs() < 1e-9);
        let (below, above) = one.split(51);
        assert_eq!((below.total(), above.total()), (50, 50));
        assert!(above.distance(&other) < 1e-9);
        other.merge(&below);
        assert_eq!(one, other);
    }
}
