//! Rate cards as Meta publishes them: the list card and the volume tiers, each a CSV made for people.
//!
//! A title line with the date, lines of notes, a header whose cells have line breaks, one row a market. Which of the two a file is,
//! where its header stands and what the columns mean is found in the file itself; nothing is guessed about a cell. Comes in: the
//! text of a file. Goes out: rows as in `data/rates.csv` or `data/volume_tiers.csv`, or the file, line and column of what is wrong.

mod canonical;
mod cell;
mod list_card;
mod market_name;
mod sheet;
mod tier_card;
mod title;

pub use canonical::write_canonical;

use crate::model::{BilledCategory, Currency, Day, Money};

use super::market::{MarketId, Markets};
use super::rate_rows::{CardFamily, RateRow};
use super::regime::Regime;
use super::table::{NamedText, TariffError};
use super::tiers::Tier;

use sheet::{Kind, Sheet};
use title::Title;

/// One of Meta's files, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedCard {
    /// The file.
    pub file: String,
    /// Its first line, on one line.
    pub title: String,
    /// First day of its rates.
    pub effective: Day,
    /// The date in the title, where another was asked for.
    pub overridden: Option<Day>,
    /// What it holds.
    pub figures: Figures,
    /// Cells that say a category is not sold.
    pub not_sold: usize,
    /// Columns that hold no rates of messages.
    pub left_out: Vec<String>,
}

/// The rows of a card, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figures {
    /// A list card.
    List(Vec<PublishedRate>),
    /// Volume tiers.
    Tiers(Vec<PublishedTier>),
}

/// One cell of a list card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRate {
    /// Where it stands.
    pub line: u64,
    /// The row it is.
    pub row: RateRow,
}

/// One step of a volume tier.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of data/volume_tiers.csv")]
pub struct PublishedTier {
    pub line: u64,
    pub effective: Day,
    pub currency: Currency,
    pub market: MarketId,
    pub category: BilledCategory,
    pub tier: Tier,
    /// Percent off the list rate, if the card says it.
    pub discount: Option<Money>,
    pub source: String,
}

/// What holds for every row of a file.
struct Card<'a> {
    sheet: &'a Sheet<'a>,
    markets: &'a Markets,
    effective: Day,
    family: CardFamily,
    /// The currency in the title, if there is one.
    currency: Option<Currency>,
    source: String,
}

/// Whether a text is one of Meta's files rather than a card in our columns.
pub fn is_published(source: &NamedText) -> bool {
    Sheet::read(source).is_ok()
}

/// Reads one of Meta's files. `effective` is used instead of the date in the title.
pub fn read_published(
    source: &NamedText,
    markets: &Markets,
    effective: Option<Day>,
) -> Result<PublishedCard, TariffError> {
    let sheet = Sheet::read(source)?;
    let title = Title::read(&sheet);
    let day = match effective {
        Some(day) => day,
        None => title.needed_day(&sheet)?,
    };
    let family = Regime::on(day).published_card().ok_or_else(|| {
        sheet.error(1, format!("no billing model with rate cards was in force on {day}; the first is of 2022-02-01"))
    })?;
    let card = Card {
        sheet: &sheet,
        markets,
        effective: day,
        family,
        currency: title.currency,
        source: title.source(&source.name),
    };
    let read = match sheet.kind {
        Kind::List => list_card::read(&card)?,
        Kind::Tiers => tier_card::read(&card)?,
    };
    Ok(PublishedCard {
        file: source.name.clone(),
        overridden: title.day().filter(|own| *own != day),
        title: title.text,
        effective: day,
        figures: read.figures,
        not_sold: read.not_sold,
        left_out: read.left_out,
    })
}

/// What the rows of a file came to.
struct Read {
    figures: Figures,
    not_sold: usize,
    left_out: Vec<String>,
}

impl Card<'_> {
    /// An error about a cell.
    fn cell_error(&self, line: u64, column: &str, message: impl std::fmt::Display) -> TariffError {
        self.sheet.error(line, format!("column '{column}': {message}"))
    }

    fn market(&self, line: u64, name: &str) -> Result<MarketId, TariffError> {
        market_name::find(self.markets, name).ok_or_else(|| {
            let nearest = self.markets.nearest(&sheet::one_line(name));
            self.sheet.error(line, format!("unknown market '{}'; did you mean '{nearest}'?", sheet::one_line(name)))
        })
    }

    /// The currency of a row: its own, else that of its block, else that of the title.
    fn currency(&self, line: u64, text: &str, block: Option<Currency>) -> Result<Currency, TariffError> {
        let own = match text {
            "" => block.or(self.currency),
            text => Some(Currency::parse(text).ok_or_else(|| {
                self.cell_error(line, "Currency", format!("'{text}' is no currency code such as USD"))
            })?),
        };
        let own = own.ok_or_else(|| {
            self.cell_error(line, "Currency", "is empty, and the title names none ('Cost per message in USD …')")
        })?;
        match self.currency {
            Some(title) if title != own => {
                Err(self.cell_error(line, "Currency", format!("{own}, but the title says {title}")))
            }
            _ => Ok(own),
        }
    }
}
