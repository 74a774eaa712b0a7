//! `wabill rates import`: Meta's own CSVs into cards for `--rates`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use wabill::model::Day;
use wabill::tariff::{Figures, PublishedCard, Regime, read_published, write_canonical};

use super::load;
use crate::cli::failure::Failure;
use crate::cli::{inputs, print, tell};

const EXAMPLES: &str = "Examples:
  wabill rates import USD_rates.csv -o my-card.csv
  wabill rates import USD_volume_tiers.csv -o my-tiers.csv
  wabill rates import old_card.csv --effective 2026-04-01 > my-card.csv
  wabill replay messages.csv --rates my-card.csv --rates my-tiers.csv";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// CSVs as Meta publishes them, all list cards or all volume tiers
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Where the card goes [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// First day of the rates, instead of the date in the title
    #[arg(long, value_name = "DATE")]
    effective: Option<String>,
}

impl Import {
    pub(super) fn run(self, quiet: bool) -> Result<(), Failure> {
        let effective = self.effective.as_deref().map(day).transpose()?;
        if let Some(output) = &self.output {
            refuse_input(output, &self.files)?;
        }
        let markets = load(&[], false)?.markets;
        let mut cards = Vec::new();
        for path in &self.files {
            cards.push(read_published(&inputs::read_named(path)?, &markets, effective)?);
        }
        let text = write_canonical(&cards, &markets)?;
        match &self.output {
            None => print(&text)?,
            Some(path) => {
                let could_not = |error| Failure::could_not(&format!("write {}", path.display()), &error);
                std::fs::write(path, text).map_err(could_not)?;
            }
        }
        if !quiet {
            for card in &cards {
                tell(&said_of(card));
            }
        }
        Ok(())
    }
}

fn day(text: &str) -> Result<Day, Failure> {
    let wrong = || Failure::Usage(format!("--effective '{text}' is no date; write YYYY-MM-DD"));
    Day::parse(text).ok_or_else(wrong)
}

fn refuse_input(output: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    let same = |file: &&PathBuf| output.canonicalize().is_ok_and(|a| file.canonicalize().is_ok_and(|b| a == b));
    match files.iter().find(same) {
        Some(file) => Err(Failure::Usage(format!("{} would be overwritten; choose another --output", file.display()))),
        None => Ok(()),
    }
}

/// What was read of a file, in one line, and what was not.
fn said_of(card: &PublishedCard) -> String {
    let (what, figures, markets, currencies) = match &card.figures {
        Figures::List(rates) => {
            let markets: BTreeSet<_> = rates.iter().map(|own| own.row.market).collect();
            let currencies: BTreeSet<_> = rates.iter().map(|own| own.row.currency.to_string()).collect();
            ("rates", rates.len(), markets, currencies)
        }
        Figures::Tiers(tiers) => {
            let markets: BTreeSet<_> = tiers.iter().map(|own| own.market).collect();
            let currencies: BTreeSet<_> = tiers.iter().map(|own| own.currency.to_string()).collect();
            ("tiers", tiers.len(), markets, currencies)
        }
    };
    let currencies = currencies.into_iter().collect::<Vec<_>>().join(", ");
    let family = Regime::on(card.effective).card.map_or("", |family| family.name());
    let mut text = format!(
        "{}: {family} card of {} in {currencies}: {figures} {what}, {} markets, {} n/a",
        card.file,
        card.effective,
        markets.len(),
        card.not_sold
    );
    if let Some(own) = card.overridden {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{}: its title says {own}; --effective was used", card.file);
    }
    for column in &card.left_out {
        let _ = write!(text, "\n{}: column '{column}' is not the price of a message and was left out", card.file);
    }
    text
}
