//! `wabill rates check`: whether the cards are sound.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use wabill::model::{Currency, Day};
use wabill::tariff::{CardFamily, EMBEDDED_FILES, Tariff};

use super::load;
use crate::cli::failure::Failure;

const EXAMPLES: &str = "Examples:
  wabill rates check
  wabill rates check my-card.csv my-tiers.csv";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// Cards in the columns of data/rates.csv or `data/volume_tiers.csv`
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Check {
    pub(super) fn run(self, from_config: Vec<PathBuf>) -> Result<String, Failure> {
        let tariff = load(&[from_config, self.files.clone()].concat(), false)?;
        let mut cards: BTreeMap<(Day, Currency), usize> = BTreeMap::new();
        tariff.rates.rows().for_each(|row| *cards.entry((row.effective, row.currency)).or_default() += 1);
        let unequal = unequal_first_tiers(&tariff);
        if !unequal.is_empty() {
            return Err(Failure::Usage(format!(
                "first tier differs from the list rate of its date:{}",
                unequal.concat()
            )));
        }
        let mut text = String::new();
        let files: Vec<&str> = EMBEDDED_FILES.iter().map(|(name, _)| *name).collect();
        let own = self.files.iter().map(|path| path.display().to_string());
        let all: Vec<String> = files.into_iter().map(str::to_owned).chain(own).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "sound: {}", all.join(", "));
        let _ = writeln!(
            text,
            "{} rates, {} tier tables, {} markets",
            tariff.rates.rows().count(),
            tariff.tiers.tables().count(),
            tariff.markets.names().len()
        );
        for ((day, currency), rates) in cards {
            let _ = writeln!(text, "  {day}  {currency}  {rates:>4} rates");
        }
        Ok(text)
    }
}

/// Tables whose first step is not the list rate of their own date.
fn unequal_first_tiers(tariff: &Tariff) -> Vec<String> {
    let mut unequal = Vec::new();
    for (currency, market, category, table) in tariff.tiers.tables() {
        let list = tariff.rates.list_rate(Some(CardFamily::Pmp), currency, market, category, table.effective);
        let first = table.tiers[0].rate;
        if list.as_ref().map(|list| list.rate) != Ok(first) {
            let list = list.map_or_else(|missing| missing.to_string(), |list| list.rate.to_string());
            unequal.push(format!(
                "\n  {} {currency} {} {}: {first}, list rate: {list}",
                table.effective,
                tariff.markets.name(market),
                category.name()
            ));
        }
    }
    unequal.sort();
    unequal
}
