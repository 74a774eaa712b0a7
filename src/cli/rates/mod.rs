//! `wabill rates`: what the cards say, whether a card is sound, and cards as Meta publishes them.

mod check;
mod diff;
mod diff_text;
mod import;
mod show;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use wabill::tariff::{Tariff, TariffOptions};

use super::failure::Failure;
use super::{config, inputs, print};

const EXAMPLES: &str = "Examples:
  wabill rates show --date 2026-10-01 --currency INR
  wabill rates check my-card.csv my-tiers.csv
  wabill rates import USD_rates.csv -o my-card.csv
  wabill rates diff 2026-07-01 2026-10-01 --currency USD";

/// Arguments of `rates`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Rates {
    #[command(subcommand)]
    command: RatesCommand,
    /// Print nothing but errors (and the card that `import` makes, unless it goes to a file)
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
    Show(show::Show),
    /// Check the embedded cards, and cards of your own with them
    Check(check::Check),
    /// Turn Meta's own CSVs (list card or volume tiers) into cards for --rates
    Import(import::Import),
    /// Show what changed from one card to another, and by how much
    Diff(diff::Diff),
}

impl Rates {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let from_config = self.config.as_deref().map_or(Ok(Vec::new()), config::rates)?;
        let text = match self.command {
            RatesCommand::Show(show) => show.run(from_config)?,
            RatesCommand::Check(check) => check.run(from_config)?,
            RatesCommand::Import(import) => return import.run(self.quiet),
            RatesCommand::Diff(diff) => diff.run(&from_config)?,
        };
        if self.quiet { Ok(()) } else { print(&text) }
    }
}

fn load(files: &[PathBuf], no_derived: bool) -> Result<Tariff, Failure> {
    let cards = files.iter().map(|path| inputs::read_named(path)).collect::<Result<Vec<_>, _>>()?;
    Ok(Tariff::load(&TariffOptions { cards, no_derived })?)
}
