//! The dated list rates: which rate held on a day, or why none is known.

use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Day, Money};

use super::market::MarketId;
use super::rate_rows::{CardFamily, Gap, RateRow};

type Cell = (CardFamily, Currency, MarketId, BilledCategory);

/// Every list rate, by cell of the card and date.
#[derive(Clone, Debug, Default)]
pub struct RateBook {
    cells: HashMap<Cell, Vec<RateRow>>,
    gaps: Vec<Gap>,
}

/// A list rate in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRate<'a> {
    /// Per message or conversation.
    pub rate: Money,
    /// The row it stands in.
    pub row: &'a RateRow,
}

/// Why no rate is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MissingRate<'a> {
    /// The regime has no card at all.
    #[error("no rate card of this billing model is known")]
    NoCard,
    /// No row for this cell up to the day.
    #[error("no row of a {0} card up to this date")]
    NoRow(&'static str),
    /// Rates changed and the new figure is not known.
    #[error("{0}")]
    Gap(&'a str),
}

impl RateBook {
    /// Builds the book. Later `rows` replace earlier ones of the same cell and date, so a user's card goes last.
    pub fn new(rows: Vec<RateRow>, gaps: Vec<Gap>) -> RateBook {
        let mut cells: HashMap<Cell, Vec<RateRow>> = HashMap::new();
        for row in rows {
            let cell = cells.entry((row.family, row.currency, row.market, row.category)).or_default();
            match cell.binary_search_by_key(&row.effective, |known| known.effective) {
                Ok(at) => cell[at] = row,
                Err(at) => cell.insert(at, row),
            }
        }
        RateBook { cells, gaps }
    }

    /// The rate in force on a day: the newest row up to it, unless a gap covers the day and does not hold that row's own date.
    pub fn list_rate(
        &self,
        family: Option<CardFamily>,
        currency: Currency,
        market: MarketId,
        category: BilledCategory,
        day: Day,
    ) -> Result<ListRate<'_>, MissingRate<'_>> {
        let family = family.ok_or(MissingRate::NoCard)?;
        let rows = self.cells.get(&(family, currency, market, category)).map_or(&[][..], Vec::as_slice);
        let newest = rows.partition_point(|row| row.effective <= day).checked_sub(1).map(|at| &rows[at]);
        // Without a card of one's own there is nothing to be out of date.
        if family == CardFamily::Nbp && newest.is_none() {
            return Err(MissingRate::NoCard);
        }
        let hides = |gap: &&Gap| {
            gap.covers(day)
                && !newest.is_some_and(|row| gap.covers(row.effective))
                && gap.currency.is_none_or(|own| own == currency)
                && gap.market.is_none_or(|own| own == market)
                && gap.category.is_none_or(|own| own == category)
        };
        match (self.gaps.iter().find(hides), newest) {
            (Some(gap), _) => Err(MissingRate::Gap(&gap.reason)),
            (None, Some(row)) => Ok(ListRate { rate: row.rate, row }),
            (None, None) => Err(MissingRate::NoRow(family.name())),
        }
    }

    /// Every day on which a row or a gap begins, or a gap is over.
    pub(super) fn changes(&self) -> impl Iterator<Item = Day> {
        let of_gaps = self.gaps.iter().flat_map(|gap| [gap.from, gap.to.map(Day::next)]);
        self.rows().map(|row| row.effective).chain(of_gaps.flatten())
    }

    /// The newest date of any row of a card family.
    pub fn newest_card(&self, family: CardFamily) -> Option<Day> {
        self.rows().filter(|row| row.family == family).map(|row| row.effective).max()
    }

    /// All rows, in no particular order.
    pub fn rows(&self) -> impl Iterator<Item = &RateRow> {
        self.cells.values().flatten()
    }
}
