//! Lognormal waits: one by its moments, two by expectation and maximisation.

use super::lapses::Lapses;

/// A lognormal wait: the mean and the standard deviation of the logarithm of its seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wait {
    pub(super) location: f64,
    pub(super) spread: f64,
}

/// The widest spread that a scenario holds, and the narrowest that whole seconds can show.
const SPREADS: (f64, f64) = (0.05, 3.0);
/// Rounds of expectation and maximisation, at most.
const ROUNDS: usize = 400;
/// How little the likelihood of a wait may grow in the last round.
const CONVERGED: f64 = 1e-9;

impl Wait {
    /// The wait of these times by the moments of their logarithms; `None` of none.
    pub(super) fn by_moments(times: &Lapses) -> Option<Wait> {
        let all: Vec<(f64, f64)> = times.weighted().map(|(seconds, count)| (seconds.ln(), count)).collect();
        Wait::of(all.into_iter())
    }

    fn of(logs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Wait> {
        let count: f64 = logs.clone().map(|(_, count)| count).sum();
        if count <= 0.0 {
            return None;
        }
        let location = logs.clone().map(|(log, count)| log * count).sum::<f64>() / count;
        let variance = logs.map(|(log, count)| (log - location).powi(2) * count).sum::<f64>() / count;
        Some(Wait { location, spread: variance.sqrt().clamp(SPREADS.0, SPREADS.1) })
    }

    /// The time that half of all do not exceed, in seconds.
    pub(super) fn median(self) -> f64 {
        self.location.exp()
    }

    /// Its density at a logarithm, up to the factor that all waits share.
    fn density(self, log: f64) -> f64 {
        (-0.5 * ((log - self.location) / self.spread).powi(2)).exp() / self.spread
    }
}

/// Two waits, the shorter first, and in each group the share of the shorter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Two {
    pub(super) short: Wait,
    pub(super) long: Wait,
    pub(super) shares: Vec<f64>,
}

impl Two {
    /// Two waits that all groups mix, each in its own proportion. `None` where there is nothing.
    ///
    /// The start is the split of all times at the middle of their logarithms' range, so it does not depend on chance.
    pub(super) fn fit(groups: &[Lapses]) -> Option<Two> {
        let logs = |group: &Lapses| group.weighted().map(|(seconds, count)| (seconds.ln(), count)).collect::<Vec<_>>();
        let groups: Vec<Vec<(f64, f64)>> = groups.iter().map(logs).collect();
        let all = || groups.iter().flatten().copied();
        let (low, high) = all().fold((f64::MAX, f64::MIN), |(low, high), (log, _)| (low.min(log), high.max(log)));
        let cut = f64::midpoint(low, high);
        let short = Wait::of(all().filter(|(log, _)| *log <= cut).collect::<Vec<_>>().into_iter())?;
        let long = Wait::of(all().filter(|(log, _)| *log > cut).collect::<Vec<_>>().into_iter()).unwrap_or(short);
        let mut two = Two { short, long, shares: groups.iter().map(|group| share_below(group, cut)).collect() };
        let mut likelihood = f64::MIN;
        for _ in 0..ROUNDS {
            let now = two.step(&groups);
            if now - likelihood < CONVERGED {
                break;
            }
            likelihood = now;
        }
        Some(two)
    }

    /// One round; gives the mean logarithm of the likelihood before it.
    fn step(&mut self, groups: &[Vec<(f64, f64)>]) -> f64 {
        let (mut likelihood, mut all) = (0.0, 0.0);
        let (mut short, mut long) = (Vec::new(), Vec::new());
        for (group, share) in groups.iter().zip(&mut self.shares) {
            let (mut of_short, mut of_group) = (0.0, 0.0);
            for (log, count) in group {
                let (one, other) = (*share * self.short.density(*log), (1.0 - *share) * self.long.density(*log));
                let belongs = if one + other > 0.0 { one / (one + other) } else { 0.5 };
                likelihood += count * (one + other).max(f64::MIN_POSITIVE).ln();
                of_short += count * belongs;
                of_group += count;
                short.push((*log, count * belongs));
                long.push((*log, count * (1.0 - belongs)));
            }
            *share = if of_group > 0.0 { of_short / of_group } else { *share };
            all += of_group;
        }
        self.short = Wait::of(short.into_iter()).unwrap_or(self.short);
        self.long = Wait::of(long.into_iter()).unwrap_or(self.long);
        likelihood / all.max(1.0)
    }

    /// Whether the two are told apart: their middles lie further from each other than their spreads reach.
    pub(super) fn are_apart(&self) -> bool {
        self.long.location - self.short.location > self.short.spread.max(self.long.spread)
    }
}

fn share_below(group: &[(f64, f64)], cut: f64) -> f64 {
    let all: f64 = group.iter().map(|(_, count)| count).sum();
    let below: f64 = group.iter().filter(|(log, _)| *log <= cut).map(|(_, count)| count).sum();
    if all > 0.0 { (below / all).clamp(0.01, 0.99) } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, LogNormal};

    use super::*;

    fn draws(median: f64, spread: f64, count: usize, seed: u64) -> Lapses {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let waits = LogNormal::new(median.ln(), spread).unwrap();
        let mut times = Lapses::default();
        for _ in 0..count {
            let drawn = std::time::Duration::from_secs_f64(waits.sample(&mut dice)).as_secs();
            times.add(u32::try_from(drawn).unwrap());
        }
        times
    }

    /// The mean of n logarithms has the standard error spread / √n, their standard deviation spread / √(2n): five of each are allowed.
    #[test]
    fn moments_of_one_wait() {
        let wait = Wait::by_moments(&draws(540.0, 1.1, 4_000, 1)).unwrap();
        assert!((wait.location - 540_f64.ln()).abs() < 5.0 * 1.1 / 4_000_f64.sqrt(), "{wait:?}");
        assert!((wait.spread - 1.1).abs() < 5.0 * 1.1 / 8_000_f64.sqrt(), "{wait:?}");
        assert_eq!(Wait::by_moments(&Lapses::default()), None);
    }

    /// Bots at 20 s and people at 9 min hardly overlap, so shares and middles are as good as those of the parts by themselves; the groups
    /// mix them as 3 : 1 and 1 : 3.
    #[test]
    fn two_waits_in_two_groups() {
        let group = |bots: usize, people: usize, seed: u64| {
            let mut times = draws(20.0, 0.5, bots, seed);
            times.merge(&draws(540.0, 0.9, people, seed + 1));
            times
        };
        let two = Two::fit(&[group(3_000, 1_000, 3), group(1_000, 3_000, 5)]).unwrap();
        let error = 5.0 * (0.75_f64 * 0.25 / 4_000.0).sqrt();
        assert!((two.shares[0] - 0.75).abs() < error && (two.shares[1] - 0.25).abs() < error, "{two:?}");
        assert!((two.short.location - 20_f64.ln()).abs() < 5.0 * 0.5 / 4_000_f64.sqrt(), "{two:?}");
        assert!((two.long.location - 540_f64.ln()).abs() < 5.0 * 0.9 / 4_000_f64.sqrt(), "{two:?}");
        assert!(two.are_apart());
    }

    #[test]
    fn one_wait_is_not_taken_for_two_that_are_apart() {
        let two = Two::fit(&[draws(300.0, 1.0, 3_000, 9)]).unwrap();
        assert!(!two.are_apart(), "{two:?}");
        assert_eq!(Two::fit(&[]), None);
    }
}
