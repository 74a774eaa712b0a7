//! How often something happens to one customer.

use serde::Deserialize;

use super::values::Share;

/// Days that `per_month` counts.
pub(super) const MONTH_DAYS: f64 = 30.0;

/// How often something happens: a chance for each day, or a rate.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged, expecting = "expected a chance for one day such as 0.01, or { per_month = 0.5, variation = 1.0 }")]
pub(super) enum Frequency {
    /// At most once a day, with this chance (on a weekend day with `rhythm.weekend` of it).
    Daily(Share),
    /// So often in 30 days, at random moments.
    Monthly(Monthly),
}

/// A Poisson process whose rate differs from customer to customer: a gamma distribution with a mean of 1 is drawn for each. So counts vary
/// more than those of a Poisson process, as real ones do: a count with the mean `m` has the variance `m + (variation × m)²`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Monthly {
    pub(super) per_month: Rate,
    /// Standard deviation of the customers' rates over their mean; 0 = all customers have the same rate.
    #[serde(default)]
    pub(super) variation: Variation,
}

impl Frequency {
    /// What never happens.
    pub(super) const NEVER: Self = Self::Monthly(Monthly { per_month: Rate(0.0), variation: Variation(0.0) });

    /// So many times in 1,000 months, with a variation in tenths.
    pub(super) fn per_thousand_months(times: u16, tenths: u8) -> Self {
        let per_month = Rate(f64::from(times) / 1_000.0);
        Self::Monthly(Monthly { per_month, variation: Variation(f64::from(tenths) / 10.0) })
    }
}

/// Times in 30 days: 0 to 3,000.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Rate(pub(super) f64);

impl TryFrom<f64> for Rate {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        within(value, 0.0, 3_000.0, "number of times in 30 days").map(Self)
    }
}

/// How much customers differ: 0 to 10.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Variation(pub(super) f64);

impl TryFrom<f64> for Variation {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        within(value, 0.0, 10.0, "variation").map(Self)
    }
}

/// By how much a segment grows in 30 days: -0.9 to 9.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Growth(pub(super) f64);

impl TryFrom<f64> for Growth {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        within(value, -0.9, 9.0, "growth in 30 days").map(Self)
    }
}

fn within(value: f64, from: f64, to: f64, what: &str) -> Result<f64, String> {
    if (from..=to).contains(&value) { Ok(value) } else { Err(format!("{value} is no {what}: expected {from} to {to}")) }
}
