//! `wabill rates diff`: what changed from one card to another.

use std::path::{Path, PathBuf};

use clap::Args;
use wabill::model::{Currency, Day};
use wabill::tariff::{CardSide, NamedText, Tariff, compare};

use super::{diff_text, load};
use crate::cli::failure::Failure;
use crate::cli::inputs;

const EXAMPLES: &str = "Examples:
  wabill rates diff 2026-07-01 2026-10-01 --currency USD
  wabill rates diff embedded@2026-10-01 USD_rates.csv
  wabill rates diff old-card.csv new-card.csv --csv > changes.csv";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Diff {
    /// The card before: a file (Meta's own or one for --rates), FILE@DATE, or a DATE for the embedded cards
    #[arg(value_name = "A")]
    old: String,
    /// The card after
    #[arg(value_name = "B")]
    new: String,
    /// One currency only
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// A table instead of text, one row a change
    #[arg(long)]
    csv: bool,
}

/// A side with the name that it is shown by.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) card: CardSide,
}

impl Diff {
    pub(super) fn run(self, from_config: &[PathBuf]) -> Result<String, Failure> {
        let tariff = load(from_config, false)?;
        let currency = self.currency.as_deref().map(currency).transpose()?;
        let (old, new) = (side(&self.old, &tariff)?, side(&self.new, &tariff)?);
        for own in [&old, &new] {
            if let Some(missing) = currency.filter(|code| !own.card.currencies().contains(code)) {
                return Err(Failure::Usage(format!(
                    "{} has nothing in {missing}; it has {}",
                    own.name,
                    codes(&own.card)
                )));
            }
        }
        let diff = compare(&old.card, &new.card, currency);
        if diff.currencies.is_empty() {
            let message = format!(
                "the two have no currency in common: {} has {}, {} has {}",
                old.name,
                codes(&old.card),
                new.name,
                codes(&new.card)
            );
            return Err(Failure::Usage(message));
        }
        if diff.rates.is_none() && diff.tiers.is_none() {
            let message =
                format!("one of {} and {} holds list rates only, the other volume tiers only", old.name, new.name);
            return Err(Failure::Usage(message));
        }
        if self.csv {
            diff_text::table(&diff, &tariff.markets).map_err(|error| Failure::could_not("write the table", &error))
        } else {
            Ok(diff_text::text(&old, &new, &diff, &tariff.markets))
        }
    }
}

fn codes(card: &CardSide) -> String {
    card.currencies().iter().map(Currency::to_string).collect::<Vec<_>>().join(", ")
}

fn currency(text: &str) -> Result<Currency, Failure> {
    let wrong = || Failure::Usage(format!("--currency '{text}' is no currency code such as INR"));
    Currency::parse(text).ok_or_else(wrong)
}

/// A file by its name wins over what the name could mean otherwise.
fn side(text: &str, tariff: &Tariff) -> Result<Named, Failure> {
    if Path::new(text).exists() {
        return file(Path::new(text), None, tariff);
    }
    if let Some(day) = Day::parse(text) {
        return embedded(day, tariff);
    }
    match text.rsplit_once('@') {
        Some((name, date)) => {
            let day = Day::parse(date)
                .ok_or_else(|| Failure::Usage(format!("'{text}': '{date}' is no date; write YYYY-MM-DD")))?;
            if name == "embedded" { embedded(day, tariff) } else { file(Path::new(name), Some(day), tariff) }
        }
        None if text == "embedded" => {
            Err(Failure::Usage("embedded: of which day? Write embedded@YYYY-MM-DD".to_owned()))
        }
        None => file(Path::new(text), None, tariff),
    }
}

fn embedded(day: Day, tariff: &Tariff) -> Result<Named, Failure> {
    let card = CardSide::embedded(tariff, day)
        .ok_or_else(|| Failure::Usage(format!("no rate card of before 2022-02-01 is known ({day})")))?;
    Ok(Named { name: format!("embedded@{day}"), card })
}

fn file(path: &Path, day: Option<Day>, tariff: &Tariff) -> Result<Named, Failure> {
    let wrong = |failure: Failure| {
        Failure::Usage(format!("{failure}; write a file, FILE@YYYY-MM-DD, embedded@YYYY-MM-DD or YYYY-MM-DD"))
    };
    let source: NamedText =
        if path.exists() { inputs::read_named(path) } else { inputs::read_named(path).map_err(wrong) }?;
    let card = CardSide::read(&source, &tariff.markets, day)?;
    Ok(Named { name: source.name, card })
}
