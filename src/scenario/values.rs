//! The values of a scenario file that have a range or a notation of their own.
//!
//! Each is checked while the file is read, so that the error shows the line it stands on, and so
//! that nothing behind the reader has to ask again.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use serde::Deserialize;
use toml::value::Datetime;

/// How likely something is: a number from 0 to 1.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Share(f64);

impl Share {
    /// What always happens.
    pub(super) const CERTAIN: Self = Self(1.0);

    /// A share of so many in a thousand.
    pub(super) fn permille(permille: u16) -> Self {
        Self(f64::from(permille.min(1_000)) / 1_000.0)
    }

    /// Whether it never happens.
    pub(super) fn is_never(self) -> bool {
        self.0 <= 0.0
    }

    /// Whether it takes one of many by a hash of its name.
    #[expect(clippy::cast_precision_loss, reason = "20 bits are held exactly")]
    pub(super) fn takes(self, hash: u64) -> bool {
        ((hash & 0xF_FFFF) as f64) < self.0 * 1_048_576.0
    }

    /// The share of the rest.
    pub(super) fn rest(self) -> Self {
        Self(1.0 - self.0)
    }

    /// The probability, from 0 to 1.
    pub(super) fn probability(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Share {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(format!("{value} is no share: expected 0.0 to 1.0"))
        }
    }
}

/// A length of time in whole seconds, written as `"40s"`, `"12m"`, `"9h"` or `"2d"`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Lapse(u32);

impl Lapse {
    /// So many seconds, at least one.
    pub(super) fn of_seconds(seconds: u32) -> Self {
        Self(seconds.max(1))
    }

    /// How long a mailing takes if nothing is said.
    pub(super) fn three_hours() -> Self {
        Self(3 * 3_600)
    }

    /// The length in seconds, never 0.
    pub(super) fn seconds(self) -> u32 {
        self.0
    }

    /// The same as a difference of moments.
    pub(super) fn length(self) -> TimeDelta {
        TimeDelta::seconds(self.0.into())
    }
}

impl TryFrom<String> for Lapse {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let expected = || format!("`{text}` is no time span: expected such as 40s, 12m, 9h or 2d");
        let unit = text.chars().next_back().ok_or_else(expected)?;
        let seconds_each: u32 = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(expected()),
        };
        let count = text.trim_end_matches(unit).parse::<u32>();
        let seconds = count.ok().and_then(|count| count.checked_mul(seconds_each));
        seconds.filter(|&seconds| seconds > 0).map(Self).ok_or_else(expected)
    }
}

/// A time span that varies the way waiting does: half of the draws are shorter than `median`, and
/// the larger `spread` is, the longer the tail (the standard deviation of the logarithm).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delay {
    pub(super) median: Lapse,
    pub(super) spread: Spread,
}

impl Delay {
    /// A delay by its median in seconds and its spread in tenths.
    pub(super) fn typical(seconds: u32, tenths: u8) -> Self {
        Self { median: Lapse::of_seconds(seconds), spread: Spread(f64::from(tenths) / 10.0) }
    }
}

/// How much a [`Delay`] varies: 0 (not at all) to 3.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Spread(f64);

impl Spread {
    /// The standard deviation of the logarithm.
    pub(super) fn sigma(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Spread {
    type Error = String;

    fn try_from(value: f64) -> Result<Self, String> {
        if (0.0..=3.0).contains(&value) {
            Ok(Self(value))
        } else {
            Err(format!("{value} is no spread: expected 0.0 to 3.0"))
        }
    }
}

/// Weights of the choices 0, 1, 2, …: the choice `i` is drawn with weight `i` of all.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<u16>")]
pub(super) struct Weights(Vec<u16>);

impl Weights {
    /// The weights by choice; at least one is above 0.
    pub(super) fn by_choice(&self) -> &[u16] {
        &self.0
    }
}

impl Weights {
    /// Weights that are known to be good.
    pub(super) fn of(weights: &[u16]) -> Self {
        Self(weights.to_vec())
    }
}

impl TryFrom<Vec<u16>> for Weights {
    type Error = String;

    fn try_from(weights: Vec<u16>) -> Result<Self, String> {
        if weights.iter().any(|&weight| weight > 0) {
            Ok(Self(weights))
        } else {
            Err("no choice is left: expected at least one weight above 0".to_owned())
        }
    }
}

/// Message types with their weights, such as `{ text = 9, image = 1 }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "BTreeMap<String, u16>")]
pub(super) struct TypeMix(Vec<(String, u16)>);

/// The message types that a mix may name. Reactions, calls and templates are no free-form content
/// and are made elsewhere.
const FREE_FORM: [&str; 10] =
    ["text", "image", "video", "audio", "document", "sticker", "location", "contacts", "interactive", "order"];

impl TypeMix {
    /// The types and their weights, by name; at least one weight is above 0.
    pub(super) fn by_type(&self) -> &[(String, u16)] {
        &self.0
    }
}

impl TypeMix {
    /// A mix that is known to be good.
    pub(super) fn of(mix: &[(&str, u16)]) -> Self {
        Self(mix.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect())
    }
}

impl TryFrom<BTreeMap<String, u16>> for TypeMix {
    type Error = String;

    fn try_from(mix: BTreeMap<String, u16>) -> Result<Self, String> {
        if let Some(unknown) = mix.keys().find(|name| !FREE_FORM.contains(&name.as_str())) {
            let known = FREE_FORM.join(", ");
            return Err(format!("`{unknown}` is no message type here: expected one of {known}"));
        }
        if mix.values().all(|&weight| weight == 0) {
            return Err("no type is left: expected at least one weight above 0".to_owned());
        }
        Ok(Self(mix.into_iter().collect()))
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Zone(pub(super) Tz);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let unknown = |_| format!("`{name}` is no time zone: expected such as Europe/Berlin");
        name.parse().map(Self).map_err(unknown)
    }
}

/// A day, written as a TOML local date (`2026-08-01`, without quotes).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Datetime")]
pub(super) struct Day(pub(super) NaiveDate);

impl TryFrom<Datetime> for Day {
    type Error = String;

    fn try_from(value: Datetime) -> Result<Self, String> {
        let whole = value.date.filter(|_| value.time.is_none() && value.offset.is_none());
        whole
            .and_then(|day| NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into()))
            .map(Self)
            .ok_or_else(|| format!("{value} is no day: expected such as 2026-08-01"))
    }
}

/// A time of day, written as a TOML local time (`08:30:00`, without quotes).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Datetime")]
pub(super) struct Clock(pub(super) NaiveTime);

impl Clock {
    /// A full hour.
    pub(super) fn hour(hour: u32) -> Self {
        Self(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN))
    }

    /// When a mailing starts if nothing is said.
    pub(super) fn ten() -> Self {
        Self::hour(10)
    }
}

impl TryFrom<Datetime> for Clock {
    type Error = String;

    fn try_from(value: Datetime) -> Result<Self, String> {
        let bare = value.time.filter(|_| value.date.is_none() && value.offset.is_none());
        bare.and_then(|time| {
            let second = time.second.unwrap_or(0);
            NaiveTime::from_hms_opt(time.hour.into(), time.minute.into(), second.into())
        })
        .map(Self)
        .ok_or_else(|| format!("{value} is no time of day: expected such as 08:30:00"))
    }
}
