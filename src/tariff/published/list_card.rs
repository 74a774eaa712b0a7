//! The list card: one row a market, one column a category.

use std::collections::BTreeMap;

use crate::model::{BilledCategory, Money};
use crate::tariff::rate_rows::{CardFamily, Confidence, RateRow};
use crate::tariff::table::TariffError;

use super::cell::{is_not_sold, money};
use super::sheet::{CURRENCY, MARKET, Record, category, heading};
use super::{Card, Figures, PublishedRate, Read, market_name};

/// Where the columns stand.
struct Columns {
    market: usize,
    currency: Option<usize>,
    categories: Vec<(usize, BilledCategory)>,
    left_out: Vec<String>,
}

/// Reads every row below the header.
pub(super) fn read(card: &Card<'_>) -> Result<Read, TariffError> {
    let columns = columns(card)?;
    let (mut rates, mut not_sold, mut lines) = (Vec::new(), 0, BTreeMap::new());
    for record in card.sheet.body.iter().filter(|record| !is_note(card, &columns, record)) {
        card.sheet.check_shape(record)?;
        let row = row(card, &columns, record)?;
        if let Some(first) = lines.insert((row.currency, row.market), record.line) {
            let name = card.markets.name(row.market);
            return Err(card.sheet.error(record.line, format!("{name} stands in line {first} already")));
        }
        not_sold += columns.categories.len() - row.rates.len();
        rates.extend(row.rates);
    }
    if rates.is_empty() {
        return Err(card.sheet.error(card.sheet.header.line, "no rate below the header"));
    }
    Ok(Read { figures: Figures::List(rates), not_sold, left_out: columns.left_out })
}

fn columns(card: &Card<'_>) -> Result<Columns, TariffError> {
    let header = &card.sheet.header;
    let fail = |message: String| card.sheet.error(header.line, message);
    let market = header.heading(&MARKET).ok_or_else(|| fail("no column 'Market'".to_owned()))?;
    let mut columns =
        Columns { market, currency: header.heading(&CURRENCY), categories: Vec::new(), left_out: Vec::new() };
    for (at, cell) in header.cells().filter(|(at, cell)| !cell.is_empty() && *at != market) {
        match category(cell) {
            _ if columns.currency == Some(at) => {}
            Some(category) if columns.categories.iter().any(|(_, own)| *own == category) => {
                return Err(fail(format!("column '{}' stands twice in the header", card.sheet.column(at))));
            }
            Some(category) if !is_sold_under(card.family, category) => {
                return Err(fail(format!(
                    "column '{}': a {} card, in force on {}, has no such rates; is the date right (--effective)?",
                    card.sheet.column(at),
                    card.family.name(),
                    card.effective
                )));
            }
            Some(category) => columns.categories.push((at, category)),
            // Priced by tokens, not by messages (R59); see data/business_agent.csv.
            None if heading(cell).contains("businessagent") => columns.left_out.push(card.sheet.column(at)),
            None => return Err(fail(unknown_column(&card.sheet.column(at)))),
        }
    }
    Ok(columns)
}

/// A column that is not understood could be a category of a bill.
fn unknown_column(name: &str) -> String {
    format!(
        "unknown column '{name}'; known: Market, Currency, Marketing, Utility, Authentication, \
         Authentication-International, Service, Business-initiated, User-initiated. Take it out if it holds no rates"
    )
}

fn is_sold_under(family: CardFamily, category: BilledCategory) -> bool {
    let first_model = matches!(category, BilledCategory::BusinessInitiated | BilledCategory::UserInitiated);
    first_model == (family == CardFamily::Cbp2022)
}

/// Text among or below the rows: in no known market, without a currency and without anything that could be a rate.
fn is_note(card: &Card<'_>, columns: &Columns, record: &Record) -> bool {
    let no_rate = |cell: &str| cell.is_empty() || cell.starts_with("http");
    columns.currency.is_none_or(|at| record.cell(at).is_empty())
        && columns.categories.iter().all(|(at, _)| no_rate(record.cell(*at)))
        && market_name::find(card.markets, record.cell(columns.market)).is_none()
}

struct MarketRow {
    currency: crate::model::Currency,
    market: crate::tariff::MarketId,
    rates: Vec<PublishedRate>,
}

fn row(card: &Card<'_>, columns: &Columns, record: &Record) -> Result<MarketRow, TariffError> {
    let market = card.market(record.line, record.cell(columns.market))?;
    let currency = card.currency(record.line, columns.currency.map_or("", |at| record.cell(at)), None)?;
    let mut rates = Vec::new();
    for (at, category) in &columns.categories {
        let cell = record.cell(*at);
        if is_not_sold(cell) {
            continue;
        }
        let rate = match (cell, category) {
            ("", _) => Err("is empty; write a rate, or n/a where nothing is sold".to_owned()),
            // As in data/rates.csv since service conversations are free: a row of 0.
            (free, BilledCategory::Service) if free.eq_ignore_ascii_case("free") => Ok(Money::ZERO),
            (cell, _) => money(cell, currency),
        };
        let rate = rate.map_err(|fault| card.cell_error(record.line, &card.sheet.column(*at), fault))?;
        let row = RateRow {
            effective: card.effective,
            family: card.family,
            currency,
            market,
            category: *category,
            rate,
            source: card.source.clone(),
            confidence: Confidence::Seen,
        };
        rates.push(PublishedRate { line: record.line, row });
    }
    Ok(MarketRow { currency, market, rates })
}
