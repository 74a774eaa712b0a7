//! `wabill rates show`: the rates in force on a day.

use std::path::PathBuf;

use clap::Args;
use wabill::model::{BilledCategory, Currency, Day};
use wabill::tariff::{CardFamily, Confidence, MissingRate, RateBook, Regime, Tariff};

use super::load;
use crate::cli::failure::Failure;

const EXAMPLES: &str = "Examples:
  wabill rates show --date 2026-10-01 --currency INR
  wabill rates show --market Brazil --category utility";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Show {
    /// The day [default: that of the newest card]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// The currency
    #[arg(long, value_name = "CODE", default_value = "USD")]
    currency: String,
    /// One market only, with the source of its rates
    #[arg(long, value_name = "NAME")]
    market: Option<String>,
    /// One category only
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// A card of your own, laid over the embedded ones; may be repeated
    #[arg(long, value_name = "FILE")]
    rates: Vec<PathBuf>,
    /// Leave out rates that were not seen but follow from others
    #[arg(long)]
    no_derived_rates: bool,
}

impl Show {
    pub(super) fn run(self, from_config: Vec<PathBuf>) -> Result<String, Failure> {
        let tariff = load(&[from_config, self.rates.clone()].concat(), self.no_derived_rates)?;
        let day = match self.date.as_deref() {
            None => {
                tariff.rates.newest_card(CardFamily::Pmp).ok_or_else(|| Failure::Usage("no card at all".to_owned()))?
            }
            Some(text) => Day::parse(text)
                .ok_or_else(|| Failure::Usage(format!("--date '{text}' is no date; write YYYY-MM-DD")))?,
        };
        let currency = Currency::parse(&self.currency);
        let currency = currency
            .ok_or_else(|| Failure::Usage(format!("--currency '{}' is no currency code such as INR", self.currency)))?;
        if !tariff.rates.rows().any(|row| row.currency == currency) {
            return Err(Failure::Usage(format!("no rate card in {currency} is known; give one with --rates")));
        }
        let family = Regime::on(day).card.filter(|family| tariff.rates.newest_card(*family).is_some());
        let Some(family) = family else {
            return Err(Failure::Usage(format!("no rate card of before 2022-02-01 is known ({day})")));
        };
        let categories = self.categories(&tariff.rates, family, currency)?;
        match &self.market {
            Some(name) => one_market(&tariff, family, currency, day, name, &categories),
            None => Ok(all_markets(&tariff, family, currency, day, &categories)),
        }
    }

    /// The category asked for, or all that the currency's cards have.
    fn categories(
        &self,
        rates: &RateBook,
        family: CardFamily,
        currency: Currency,
    ) -> Result<Vec<BilledCategory>, Failure> {
        if let Some(name) = &self.category {
            let known = || BilledCategory::ALL.map(BilledCategory::name).join(", ");
            let category = BilledCategory::parse(name);
            return category
                .map(|one| vec![one])
                .ok_or_else(|| Failure::Usage(format!("--category '{name}' is not one of {}", known())));
        }
        let own = |category: &BilledCategory| {
            rates.rows().any(|row| (row.family, row.currency, row.category) == (family, currency, *category))
        };
        Ok(BilledCategory::ALL.into_iter().filter(own).collect())
    }
}

/// A table of all markets; `?` where a rate is not known, empty where nothing of the kind is on the card.
fn all_markets(
    tariff: &Tariff,
    family: CardFamily,
    currency: Currency,
    day: Day,
    categories: &[BilledCategory],
) -> String {
    let mut text = format!(
        "{currency} list rates on {day} ({} card; ? = not known, * = derived)\n\n{:<32}",
        family.name(),
        "market"
    );
    for category in categories {
        push(&mut text, &format!("{:>30}", category.name()));
    }
    text.push('\n');
    for name in tariff.markets.names() {
        let Some(market) = tariff.markets.named(name) else { continue };
        let rates: Vec<String> = categories
            .iter()
            .map(|category| match tariff.rates.list_rate(Some(family), currency, market, *category, day) {
                Ok(rate) if rate.row.confidence == Confidence::Derived => format!("{}*", rate.rate),
                Ok(rate) => rate.rate.to_string(),
                Err(MissingRate::Gap(_)) => "?".to_owned(),
                Err(_) => String::new(),
            })
            .collect();
        if rates.iter().any(|rate| !rate.is_empty()) {
            push(&mut text, &format!("{name:<32}"));
            for rate in rates {
                push(&mut text, &format!("{rate:>30}"));
            }
            text.push('\n');
        }
    }
    text
}

/// One market: each rate with its date and source, and its volume tiers.
fn one_market(
    tariff: &Tariff,
    family: CardFamily,
    currency: Currency,
    day: Day,
    name: &str,
    categories: &[BilledCategory],
) -> Result<String, Failure> {
    let market = tariff.markets.named(name);
    let market = market.ok_or_else(|| {
        Failure::Usage(format!("unknown market '{name}'; did you mean '{}'?", tariff.markets.nearest(name)))
    })?;
    let mut text = format!("{currency} list rates for {name} on {day}\n");
    for category in categories {
        match tariff.rates.list_rate(Some(family), currency, market, *category, day) {
            Err(missing) => push(&mut text, &format!("\n{}: not known: {missing}\n", category.name())),
            Ok(rate) => {
                push(
                    &mut text,
                    &format!(
                        "\n{}: {} since {} [{}]\n",
                        category.name(),
                        rate.rate,
                        rate.row.effective,
                        rate.row.source
                    ),
                );
                let tiers = tariff.tiers.table(currency, market, *category, day, rate.rate);
                for tier in tiers.map_or(&[][..], |table| &table.tiers) {
                    push(&mut text, &format!("    tier {:<24}{}\n", tier.band.to_string(), tier.rate));
                }
            }
        }
    }
    Ok(text)
}

fn push(text: &mut String, more: &str) {
    text.push_str(more);
}
