//! Rows of `rates.csv`, `rates_derived.csv` and `gaps.csv`, as read.

use std::collections::BTreeSet;

use crate::model::{BilledCategory, Currency, Day, Money};

use super::market::{MarketId, Markets};
use super::table::{NamedText, Row, Table, TariffError};

/// Which kind of card a rate stands on; a message never takes one of another kind (Q5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`name` is the field's own term")]
pub enum CardFamily {
    /// Per notification: none is embedded, but a card of one's own may hold one.
    Nbp,
    Cbp2022,
    Cbp2023,
    Pmp,
}

impl CardFamily {
    /// The name in the `regime` column of a card.
    pub const fn name(self) -> &'static str {
        match self {
            CardFamily::Nbp => "NBP",
            CardFamily::Cbp2022 => "CBP2022",
            CardFamily::Cbp2023 => "CBP2023",
            CardFamily::Pmp => "PMP",
        }
    }

    fn parse(name: &str) -> Option<CardFamily> {
        [CardFamily::Nbp, CardFamily::Cbp2022, CardFamily::Cbp2023, CardFamily::Pmp]
            .into_iter()
            .find(|family| family.name() == name)
    }
}

/// How well a rate is attested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Read in a source.
    Seen,
    /// Follows from rates that were read; used but flagged.
    Derived,
}

/// One list rate, from its date on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of data/rates.csv")]
pub struct RateRow {
    pub effective: Day,
    pub family: CardFamily,
    pub currency: Currency,
    pub market: MarketId,
    pub category: BilledCategory,
    pub rate: Money,
    pub source: String,
    pub confidence: Confidence,
}

/// An interval in which a rate is not known, although an older row exists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of data/gaps.csv; `None` stands for `*` or an open end")]
pub struct Gap {
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub currency: Option<Currency>,
    pub market: Option<MarketId>,
    pub category: Option<BilledCategory>,
    pub reason: String,
}

impl Gap {
    /// Whether the gap's interval, both ends inclusive, holds the day.
    pub fn covers(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

pub(super) const RATE_COLUMNS: [&str; 6] = ["effective_date", "regime", "currency", "market", "category", "rate"];

/// Reads a card in the columns of `data/rates.csv`.
pub(super) fn read_rates(source: &NamedText, markets: &Markets) -> Result<Vec<RateRow>, TariffError> {
    let table = Table::read(source, &RATE_COLUMNS, &["source", "confidence"])?;
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for row in table.rows() {
        let read = rate_row(&row, markets)?;
        // Two rows for one cell and date would leave the price to their order.
        if !seen.insert((read.family, read.currency, read.market, read.category, read.effective)) {
            return Err(row.error("a second rate for the same currency, market, category and date"));
        }
        rows.push(read);
    }
    Ok(rows)
}

fn rate_row(row: &Row<'_>, markets: &Markets) -> Result<RateRow, TariffError> {
    let family = row.needed("regime")?;
    Ok(RateRow {
        effective: row.needed_day("effective_date")?,
        family: CardFamily::parse(family)
            .ok_or_else(|| row.error(format!("regime '{family}' is not NBP, CBP2022, CBP2023 or PMP")))?,
        currency: row.currency("currency")?,
        market: market(row, markets)?,
        category: category(row)?,
        rate: row.money("rate")?,
        source: row.get("source").to_owned(),
        confidence: if row.get("confidence") == "derived" { Confidence::Derived } else { Confidence::Seen },
    })
}

/// The `market` column of any tariff table.
pub(super) fn market(row: &Row<'_>, markets: &Markets) -> Result<MarketId, TariffError> {
    let name = row.needed("market")?;
    markets
        .named(name)
        .ok_or_else(|| row.error(format!("unknown market '{name}'; did you mean '{}'?", markets.nearest(name))))
}

fn category(row: &Row<'_>) -> Result<BilledCategory, TariffError> {
    let name = row.needed("category")?;
    BilledCategory::parse(name).ok_or_else(|| {
        let known = BilledCategory::ALL.map(BilledCategory::name).join(", ");
        row.error(format!("unknown category '{name}'; known: {known}"))
    })
}

/// Reads `gaps.csv`.
pub(super) fn read_gaps(source: &NamedText, markets: &Markets) -> Result<Vec<Gap>, TariffError> {
    let table = Table::read(source, &["date_from", "date_to", "currency", "market", "category", "reason"], &[])?;
    table.rows().map(|row| gap(&row, markets)).collect()
}

fn gap(row: &Row<'_>, markets: &Markets) -> Result<Gap, TariffError> {
    let unless_any = |column: &str| row.get(column) != "*";
    Ok(Gap {
        from: row.day("date_from")?,
        to: row.day("date_to")?,
        currency: if unless_any("currency") { Some(row.currency("currency")?) } else { None },
        market: if unless_any("market") { Some(market(row, markets)?) } else { None },
        category: if unless_any("category") { Some(category(row)?) } else { None },
        reason: row.needed("reason")?.to_owned(),
    })
}
