//! Chance: one reproducible random stream a customer.

use chrono::TimeDelta;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, LogNormal, Poisson};

use super::values::{Delay, Share, TypeMix, Weights};

/// No wait in a scenario is longer: after 30 days the platform gives up on every message.
const LONGEST: u32 = 30 * 86_400;

/// Characters of message ids and click ids: URL-safe, so that no CSV field needs quotes.
const ID_ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Random draws of one customer.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of that number under that seed. Streams do not overlap.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// Whether something of that share happens this time.
    pub(super) fn happens(&mut self, share: Share) -> bool {
        self.0.random_bool(share.probability())
    }

    /// A whole number from `from` to `to`, both included.
    pub(super) fn between(&mut self, from: u32, to: u32) -> u32 {
        self.0.random_range(from..=to)
    }

    /// A choice from 0, 1, 2, … by weight.
    pub(super) fn choice(&mut self, weights: &Weights) -> usize {
        self.by_weight(weights.by_choice().iter().copied().enumerate())
    }

    /// A message type by weight.
    pub(super) fn kind<'a>(&mut self, mix: &'a TypeMix) -> &'a str {
        self.by_weight(mix.by_type().iter().map(|(name, weight)| (name.as_str(), *weight)))
    }

    /// One of the items by weight. At least one weight must be above 0.
    pub(super) fn by_weight<T>(&mut self, items: impl Iterator<Item = (T, u16)> + Clone) -> T {
        let total: u32 = items.clone().map(|(_, weight)| u32::from(weight)).sum();
        let mut rest = self.0.random_range(0..total);
        for (item, weight) in items {
            let weight = u32::from(weight);
            if rest < weight {
                return item;
            }
            rest -= weight;
        }
        unreachable!("the draw is below the sum of the weights")
    }

    /// A wait of at least a second and at most 30 days.
    pub(super) fn delay(&mut self, delay: Delay) -> TimeDelta {
        let location = f64::from(delay.median.seconds()).ln();
        let waits = LogNormal::new(location, delay.spread.sigma());
        let drawn = waits.expect("a spread is never negative").sample(&mut self.0);
        let whole = std::time::Duration::try_from_secs_f64(drawn).map_or(u64::MAX, |d| d.as_secs());
        let seconds = u32::try_from(whole).unwrap_or(LONGEST).clamp(1, LONGEST);
        TimeDelta::seconds(seconds.into())
    }

    /// A random word of that length, of letters, digits, `-` and `_`.
    pub(super) fn word(&mut self, length: usize) -> String {
        let mark = |byte: u8| char::from(ID_ALPHABET[usize::from(byte & 63)]);
        (0..length).map(|_| mark(self.0.random())).collect()
    }

    /// A number from 0 up to, but not including, 1.
    pub(super) fn fraction(&mut self) -> f64 {
        self.0.random()
    }

    /// A gamma-distributed number with a mean of 1 and this standard deviation.
    pub(super) fn gamma(&mut self, deviation: f64) -> f64 {
        let variance = deviation * deviation;
        if variance <= 0.0 {
            return 1.0;
        }
        Gamma::new(1.0 / variance, variance).map_or(1.0, |gamma| gamma.sample(&mut self.0))
    }

    /// A Poisson-distributed count.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are whole and never negative")]
    pub(super) fn poisson(&mut self, mean: f64) -> u64 {
        Poisson::new(mean).map_or(0, |poisson| poisson.sample(&mut self.0) as u64)
    }
}
