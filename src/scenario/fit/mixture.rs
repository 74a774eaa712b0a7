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
/// Quantiles by which a wait is told: between them lies the bulk, outside of them what may be of another kind.
const QUARTILES: [f64; 2] = [0.25, 0.75];
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

    /// The wait of these times by two of their quantiles, which a few times of another kind do not move, nor whole seconds: below a
    /// whole second lies a share that is known exactly. `None` of none.
    pub(super) fn by_quantiles(times: &Lapses) -> Option<Wait> {
        let [low, high] = QUARTILES.map(|share| times.boundary(share));
        let ((first, below_first), (last, below_last)) = (low?, high?);
        let (one, other) = (probit(below_first), probit(below_last));
        if last <= first || other - one < 1e-6 {
            return Wait::by_moments(times);
        }
        let spread = (last.ln() - first.ln()) / (other - one);
        Some(Wait { location: first.ln() - one * spread, spread: spread.clamp(SPREADS.0, SPREADS.1) })
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

/// The number that a normal draw stays below with this chance: Acklam's approximation, good to a part in a billion.
fn probit(chance: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -54.476_098_798_224_06,
        161.585_836_858_040_9,
        -155.698_979_859_886_6,
        66.801_311_887_719_72,
        -13.280_681_552_885_72,
        1.0,
    ];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] =
        [0.007_784_695_709_041_462, 0.322_467_129_070_039_8, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    const TAIL: f64 = 0.02425;
    let polynomial = |factors: &[f64], at: f64| factors.iter().fold(0.0, |sum, factor| sum * at + factor);
    let chance = chance.clamp(1e-9, 1.0 - 1e-9);
    let tail = |chance: f64| {
        let at = (-2.0 * chance.ln()).sqrt();
        polynomial(&C, at) / polynomial(&D, at)
    };
    if chance < TAIL {
        tail(chance)
    } else if chance > 1.0 - TAIL {
        -tail(1.0 - chance)
    } else {
        let (off, square) = (chance - 0.5, (chance - 0.5).powi(2));
        polynomial(&A, square) * off / polynomial(&B, square)
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

    /// The time between the middles of the two, in whole seconds.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time in seconds, above nothing")]
    pub(super) fn cut(&self) -> u32 {
        f64::midpoint(self.short.location, self.long.location).exp().min(f64::from(u32::MAX)) as u32
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

    /// Whole seconds, half of which are the first: neither the middle nor the spread is lost. A quantile of n draws has the standard error
    /// √(p (1 − p) / n) over the density there; the sum of both, divided by their distance, stays below 0.05 for 4,000.
    #[test]
    fn quantiles_of_whole_seconds_with_others_among_them() {
        let mut times = draws(2.0, 0.7, 4_000, 21);
        times.merge(&draws(30_000.0, 1.0, 60, 22));
        let wait = Wait::by_quantiles(&times).unwrap();
        assert!((wait.location - 2_f64.ln()).abs() < 0.05 && (wait.spread - 0.7).abs() < 0.07, "{wait:?}");
        for (chance, expected) in [(0.5, 0.0), (0.841_344_746, 1.0), (0.001, -3.090_232_306), (0.25, -0.674_489_750)] {
            assert!((probit(chance) - expected).abs() < 1e-6, "{chance}");
        }
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
