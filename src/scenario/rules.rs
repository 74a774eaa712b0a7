//! What a scenario says of the bill rather than of the messages, and where a real log stands.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::values::Day;

/// A real log with its side files; paths are relative to the scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSource {
    /// The log: a file, a folder or a pattern.
    pub log: String,
    /// `accounts.csv`.
    pub accounts: Option<PathBuf>,
    /// `templates.csv`.
    pub templates: Option<PathBuf>,
    /// `aliases.csv`.
    pub aliases: Option<PathBuf>,
    /// A mapping file.
    pub mapping: Option<PathBuf>,
    /// Zone of accounts that name none.
    pub timezone: Option<String>,
    /// Currency of accounts that name none.
    pub currency: Option<String>,
    /// Zone of times that name none.
    pub input_tz: Option<String>,
}

/// Rules, prices and days of a bill. What a variant says replaces what the scenario says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleChanges {
    /// As `--regime`: a name, or `NAME@DATE`.
    pub regime: Option<String>,
    /// As `--set`, each key for itself.
    pub set: BTreeMap<String, toml::Value>,
    /// A provider: the name of a preset, or a table as `[provider]` in wabill.toml.
    pub provider: Option<toml::Value>,
    /// Rate cards; paths are relative to the scenario.
    pub rates: Option<Vec<PathBuf>>,
    /// Units used before the log, as in `carry_in.csv`.
    pub carry_in: Option<Vec<CarriedIn>>,
    /// First local day of the bill.
    pub(super) bill_from: Option<Day>,
    /// Last local day of the bill.
    pub(super) bill_to: Option<Day>,
}

/// A row of `carry_in.csv`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the columns of the file")]
pub struct CarriedIn {
    pub scope: String,
    pub id: String,
    pub month: String,
    #[serde(default)]
    pub market: String,
    #[serde(default)]
    pub category: String,
    pub used: u64,
}

impl RuleChanges {
    /// The first and the last local day of the bill, as far as they are said.
    pub fn bill_days(&self) -> (Option<String>, Option<String>) {
        let text = |day: Option<Day>| day.map(|day| day.0.to_string());
        (text(self.bill_from), text(self.bill_to))
    }

    /// `carry_in.csv`, if anything is carried in.
    pub fn carry_in_file(&self) -> Option<String> {
        let rows = self.carry_in.as_ref()?;
        let row = |row: &CarriedIn| {
            let CarriedIn { scope, id, month, market, category, used } = row;
            format!("{scope},{id},{month},{market},{category},{used}\n")
        };
        Some("scope,id,month,market,category,used\n".to_owned() + &rows.iter().map(row).collect::<String>())
    }

    /// These rules with the changes of a variant.
    pub(super) fn changed_by(&self, own: RuleChanges) -> RuleChanges {
        let mut set = self.set.clone();
        set.extend(own.set);
        RuleChanges {
            regime: own.regime.or_else(|| self.regime.clone()),
            set,
            provider: own.provider.or_else(|| self.provider.clone()),
            rates: own.rates.or_else(|| self.rates.clone()),
            carry_in: own.carry_in.or_else(|| self.carry_in.clone()),
            bill_from: own.bill_from.or(self.bill_from),
            bill_to: own.bill_to.or(self.bill_to),
        }
    }
}
