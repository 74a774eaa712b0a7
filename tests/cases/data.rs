//! The case files as they stand on disk.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A log in short notation and what must come out of it, for one or more regimes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    /// Where the expectation comes from; `D` = derived from the rules.
    pub(crate) src: Vec<String>,
    /// What the case is there for, in one sentence.
    pub(crate) shows: String,
    #[serde(default)]
    pub(crate) note: String,
    pub(crate) waba_tz: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) device: Option<String>,
    pub(crate) fep_mode: Option<String>,
    /// Start, as UTC (`2026-09-30T22:00Z`) or as local time (`2026-10-01T00:00 Asia/Kolkata`).
    pub(crate) t0: Option<String>,
    /// Runs once in each of these zones; `t0` is then local time without a zone.
    #[serde(default)]
    pub(crate) zones: Vec<String>,
    /// Allowance left at the start, in the month of the start.
    pub(crate) free_left: Option<u32>,
    /// One template name for all templates of the case.
    pub(crate) template: Option<String>,
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, String>,
    /// Columns of the account that differ from the default.
    #[serde(default)]
    pub(crate) account: BTreeMap<String, String>,
    /// Further accounts, each as columns that differ from the first.
    #[serde(default)]
    pub(crate) also: Vec<BTreeMap<String, String>>,
    /// Further rows of `carry_in.csv`.
    #[serde(default)]
    pub(crate) carry: Vec<BTreeMap<String, String>>,
    /// Rows that replace those of the built-in rate card.
    #[serde(default)]
    pub(crate) rates: Vec<RateRow>,
    pub(crate) ev: Vec<String>,
    pub(crate) exp: BTreeMap<String, Vec<String>>,
}

/// One list rate, with its volume tiers if it has any.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateRow {
    /// The card's billing model; per message where it says nothing.
    pub(crate) regime: Option<String>,
    pub(crate) from: String,
    pub(crate) currency: String,
    pub(crate) market: String,
    pub(crate) category: String,
    pub(crate) rate: String,
    #[serde(default)]
    pub(crate) tiers: Vec<Bound>,
}

/// One volume tier: units up to and including `upto`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bound {
    pub(crate) upto: Option<u64>,
    pub(crate) rate: String,
    pub(crate) discount: String,
}

/// What holds where a case says nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    pub(crate) waba_tz: String,
    pub(crate) to: String,
    pub(crate) free_left: u32,
    pub(crate) device: String,
    /// Start of a run, by regime.
    pub(crate) t0: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarketFile {
    pub(crate) market: Vec<MarketRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarketRow {
    pub(crate) prefix: String,
    pub(crate) to: String,
    pub(crate) date: String,
    pub(crate) market: String,
    #[serde(default)]
    pub(crate) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthenticationFile {
    pub(crate) auth_international: Vec<AuthRow>,
    pub(crate) auth_exception: Vec<ExceptionRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthRow {
    pub(crate) home: String,
    pub(crate) user: String,
    pub(crate) eligible: Option<bool>,
    pub(crate) after_start: Option<bool>,
    pub(crate) rate: String,
    #[serde(default)]
    pub(crate) note: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExceptionRow {
    pub(crate) home: String,
    pub(crate) user: String,
    pub(crate) date: String,
    pub(crate) rate: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusFile {
    pub(crate) status: Vec<StatusRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusRow {
    pub(crate) id: String,
    pub(crate) seq: Vec<String>,
    pub(crate) delivered: bool,
    pub(crate) at: Option<String>,
    #[serde(default)]
    pub(crate) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TierFile {
    pub(crate) tier: Vec<TierRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TierRow {
    pub(crate) id: String,
    pub(crate) currency: String,
    pub(crate) market: String,
    pub(crate) to: String,
    pub(crate) bounds: Vec<Bound>,
    pub(crate) prior: u64,
    pub(crate) n: u64,
    pub(crate) total: String,
    #[serde(default)]
    pub(crate) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyFile {
    pub(crate) money: Vec<MoneyRow>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyRow {
    pub(crate) id: String,
    pub(crate) src: String,
    pub(crate) currency: String,
    pub(crate) lines: Vec<MoneyLine>,
    pub(crate) total: String,
    #[serde(default)]
    pub(crate) note: String,
    #[serde(default)]
    pub(crate) to: String,
    #[serde(default)]
    pub(crate) free_left: u32,
    #[serde(default)]
    pub(crate) send: Vec<String>,
    #[serde(default)]
    pub(crate) provider: bool,
    /// The provider's preset.
    #[serde(default)]
    pub(crate) preset: String,
    /// The run that a provider's traffic happens in.
    #[serde(default)]
    pub(crate) run: String,
    /// The provider's traffic.
    #[serde(default)]
    pub(crate) ev: Vec<String>,
    /// Rates of Meta that the source names.
    #[serde(default)]
    pub(crate) rates: Vec<RateRow>,
    /// The published prices contain Meta's.
    #[serde(default)]
    pub(crate) with_meta: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyLine {
    pub(crate) count: u64,
    pub(crate) rate: String,
}

impl Case {
    /// The case once per zone, with the zone's name; the case itself where it names no zones.
    pub(crate) fn in_zones(&self) -> Vec<(String, Self)> {
        if self.zones.is_empty() {
            return vec![(String::new(), self.clone())];
        }
        let local = self.t0.as_deref().unwrap_or_default();
        let placed =
            |zone: &String| Self { waba_tz: Some(zone.clone()), t0: Some(format!("{local} {zone}")), ..self.clone() };
        self.zones.iter().map(|zone| (format!(" in {zone}"), placed(zone))).collect()
    }
}

/// Reads one file of the `cases` folder.
pub(crate) fn read<T: DeserializeOwned>(name: &str) -> Result<T> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "cases", name].iter().collect();
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("in {}", path.display()))
}

pub(crate) fn cases(name: &str) -> Result<Vec<Case>> {
    Ok(read::<CaseFile>(name)?.case)
}
