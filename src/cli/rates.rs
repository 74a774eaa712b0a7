//! `wabill rates`: what the cards say, and whether a card is sound.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use wabill::model::{BilledCategory, Currency, Day};
use wabill::tariff::{CardFamily, Confidence, EMBEDDED_FILES, MissingRate, RateBook, Regime, Tariff, TariffOptions};

use super::failure::Failure;
use super::{config, inputs, print};

const EXAMPLES: &str = "Examples:
  wabill rates show --date 2026-10-01 --currency INR
  wabill rates show --market Brazil --category utility
  wabill rates check my-card.csv my-tiers.csv";

/// Arguments of `rates`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rates {
    #[command(subcommand)]
    command: RatesCommand,
    /// Print nothing but errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Number of threads, as for every command; this one needs only one
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// A file whose `rates` are laid over the embedded cards
    #[arg(long, value_name = "wabill.toml", global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum RatesCommand {
    /// Show the rates in force on a day
    Show(Show),
    /// Check the embedded cards, and cards of your own with them
    Check(Check),
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Show {
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

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Check {
    /// Cards in the columns of data/rates.csv or `data/volume_tiers.csv`
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Rates {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let from_config = self.config.as_deref().map_or(Ok(Vec::new()), config::rates)?;
        let text = match self.command {
            RatesCommand::Show(show) => show.run(from_config)?,
            RatesCommand::Check(check) => check.run(from_config)?,
        };
        if self.quiet { Ok(()) } else { print(&text) }
    }
}

fn load(files: &[PathBuf], no_derived: bool) -> Result<Tariff, Failure> {
    let cards = files.iter().map(|path| inputs::read_named(path)).collect::<Result<Vec<_>, _>>()?;
    Ok(Tariff::load(&TariffOptions { cards, no_derived })?)
}

impl Show {
    fn run(self, from_config: Vec<PathBuf>) -> Result<String, Failure> {
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

impl Check {
    fn run(self, from_config: Vec<PathBuf>) -> Result<String, Failure> {
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
