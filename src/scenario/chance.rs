//! How an uncertain number is drawn, and the random streams of runs.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, LogNormal, Normal, Triangular, Uniform};
use serde::Deserialize;
use toml::Spanned;

/// A number of the traffic that is not known for sure. One distribution must be given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameter {
    /// Its place below `[traffic]`, such as `segment.all.question.per_month`.
    pub(super) key: Spanned<String>,
    /// Whether what is drawn multiplies the number in the file rather than replaces it.
    #[serde(default)]
    pub(super) relative: bool,
    /// Lowest and highest.
    uniform: Option<[f64; 2]>,
    /// Mean and standard deviation.
    normal: Option<[f64; 2]>,
    /// Median, and standard deviation of the logarithm.
    lognormal: Option<[f64; 2]>,
    /// Lowest, most likely, highest.
    triangular: Option<[f64; 3]>,
    /// Any of these, equally likely.
    choice: Option<Vec<f64>>,
}

/// How a number is drawn.
#[derive(Debug, Clone)]
pub(super) enum Chance {
    Uniform(Uniform<f64>),
    Normal(Normal<f64>),
    LogNormal(LogNormal<f64>),
    Triangular(Triangular<f64>),
    Choice(Vec<f64>),
}

impl Parameter {
    /// The one distribution it has, or what is wrong with it.
    pub(super) fn chance(&self) -> Result<Chance, String> {
        let Self { uniform, normal, lognormal, triangular, choice, .. } = self;
        let given = [uniform.is_some(), normal.is_some(), lognormal.is_some(), triangular.is_some(), choice.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            return Err("expected one of uniform, normal, lognormal, triangular and choice".to_owned());
        }
        let bad = |what: &str| format!("these figures make no {what} distribution");
        if let Some([low, high]) = *uniform {
            let drawn = Uniform::new_inclusive(low, high).map(Chance::Uniform);
            return drawn.map_err(|_| bad("uniform") + ": expected the lowest, then the highest");
        }
        if let Some([mean, deviation]) = *normal {
            let fits = deviation >= 0.0;
            let drawn = Normal::new(mean, deviation).ok().filter(|_| fits).map(Chance::Normal);
            return drawn.ok_or_else(|| bad("normal") + ": expected a mean and a standard deviation of at least 0");
        }
        if let Some([median, sigma]) = *lognormal {
            let fits = median > 0.0 && sigma >= 0.0;
            let drawn = LogNormal::new(median.ln(), sigma).ok().filter(|_| fits).map(Chance::LogNormal);
            return drawn.ok_or_else(|| bad("lognormal") + ": expected a median above 0 and a deviation of at least 0");
        }
        if let Some([low, mode, high]) = *triangular {
            let drawn = Triangular::new(low, high, mode).map(Chance::Triangular);
            return drawn.map_err(|_| bad("triangular") + ": expected the lowest, the most likely and the highest");
        }
        match choice {
            Some(values) if !values.is_empty() => Ok(Chance::Choice(values.clone())),
            _ => Err("choice is empty: expected numbers such as [1.0, 2.0]".to_owned()),
        }
    }
}

impl Chance {
    /// A number.
    pub(super) fn draw(&self, dice: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Uniform(chance) => chance.sample(dice),
            Self::Normal(chance) => chance.sample(dice),
            Self::LogNormal(chance) => chance.sample(dice),
            Self::Triangular(chance) => chance.sample(dice),
            Self::Choice(values) => {
                let place = Uniform::new(0, values.len()).map_or(0, |places| places.sample(dice));
                values[place]
            }
        }
    }

    /// The number below which this share of the draws lies.
    pub(super) fn quantile(&self, share: f64, dice: &mut ChaCha8Rng) -> f64 {
        const DRAWS: usize = 4_001;
        let mut draws: Vec<f64> = (0..DRAWS).map(|_| self.draw(dice)).collect();
        draws.sort_by(f64::total_cmp);
        draws[rank(share, DRAWS)]
    }
}

/// The place of a quantile (0 to 1) among so many sorted values: the smallest value that at least this share is not above.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a list"
)]
fn rank(share: f64, of: usize) -> usize {
    ((share * of as f64).ceil() as usize).clamp(1, of) - 1
}

/// The stream of the draws of a run: apart from those of all customers.
pub(super) fn dice(seed: u64, run: u64) -> ChaCha8Rng {
    let mut dice = ChaCha8Rng::seed_from_u64(seed ^ 0x6d6f_6e74_6563_6172);
    dice.set_stream(run);
    dice
}

/// The seed of a run: far from those of other runs and scenarios (`SplitMix64`).
pub(super) fn seed_of(seed: u64, run: u64) -> u64 {
    let mut x = seed.wrapping_add((run + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
