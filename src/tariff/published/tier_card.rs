//! The volume tiers: a block of rows for each market, a group of five columns for each category (R61–R66).

use std::collections::BTreeMap;

use crate::model::{BilledCategory, Currency, Money, TierBand};
use crate::tariff::market::MarketId;
use crate::tariff::rate_rows::CardFamily;
use crate::tariff::table::TariffError;
use crate::tariff::tiers::{Tier, TierCategory, check_contiguous};

use super::cell::{count, discount, is_not_sold, money, upper_bound};
use super::sheet::{CURRENCY, MARKET, Record, category, heading};
use super::{Card, Figures, PublishedTier, Read, market_name};

/// The columns of one category.
struct Group {
    category: BilledCategory,
    /// Its name on the card.
    name: String,
    from: usize,
    to: usize,
    rate: usize,
    /// `Rate type`, which says nothing that the figures do not.
    rate_type: Option<usize>,
    discount: Option<usize>,
}

struct Columns {
    market: usize,
    currency: Option<usize>,
    groups: Vec<Group>,
}

/// The market of the rows being read: only the first row of a block names it.
#[derive(Clone, Copy)]
struct Block {
    market: MarketId,
    currency: Currency,
}

/// Reads every row below the header.
pub(super) fn read(card: &Card<'_>) -> Result<Read, TariffError> {
    if card.family != CardFamily::Pmp {
        let message = format!("there are no volume tiers before 2025-07-01, and the card is of {}", card.effective);
        return Err(card.sheet.error(card.sheet.header.line, message));
    }
    let columns = columns(card)?;
    let (mut tiers, mut not_sold, mut block) = (Vec::new(), 0, None);
    for record in card.sheet.body.iter().filter(|record| !is_note(card, &columns, record)) {
        card.sheet.check_shape(record)?;
        let own = block_of(card, &columns, record, block)?;
        for group in &columns.groups {
            match step(card, group, record, own)? {
                Some(tier) => tiers.push(tier),
                None => not_sold += 1,
            }
        }
        block = Some(own);
    }
    if tiers.is_empty() {
        return Err(card.sheet.error(card.sheet.header.line, "no tier below the header"));
    }
    check_steps(card, &tiers)?;
    Ok(Read { figures: Figures::Tiers(tiers), not_sold, left_out: Vec::new() })
}

fn columns(card: &Card<'_>) -> Result<Columns, TariffError> {
    let header = &card.sheet.header;
    let fail = |message: String| card.sheet.error(header.line, message);
    let market = header.heading(&MARKET).ok_or_else(|| fail("no column 'Market'".to_owned()))?;
    let starts: Vec<usize> = header.cells().filter(|(_, cell)| heading(cell) == "from").map(|(at, _)| at).collect();
    let mut groups: Vec<Group> = Vec::new();
    for (nth, from) in starts.iter().enumerate() {
        let end = starts.get(nth + 1).copied().unwrap_or(usize::MAX);
        let group = group(card, *from, end)?;
        if groups.iter().any(|own| own.category == group.category) {
            return Err(fail(format!("two groups of columns are headed '{}'", group.name)));
        }
        groups.push(group);
    }
    Ok(Columns { market, currency: header.heading(&CURRENCY), groups })
}

/// The group that starts at a column `From` and ends before the next one.
fn group(card: &Card<'_>, from: usize, end: usize) -> Result<Group, TariffError> {
    let header = &card.sheet.header;
    let (category, name) = group_heading(card, from).ok_or_else(|| {
        let message =
            "no category stands above this group of columns; the line 'Utility … Authentication …' is missing";
        card.cell_error(header.line, &format!("From ({})", from + 1), message)
    })?;
    if TierCategory::of(category).is_none() {
        return Err(card.sheet.error(
            header.line,
            format!("'{name}' has no tiers; only utility, authentication and authentication-international have (R66)"),
        ));
    }
    let column = |names: &[&str]| {
        let mut own = header.cells().filter(|(at, _)| *at >= from && *at < end);
        own.find(|(_, cell)| names.contains(&heading(cell).as_str())).map(|(at, _)| at)
    };
    let needed = |heading: &str, names: &[&str]| {
        column(names).ok_or_else(|| card.sheet.error(header.line, format!("no column '{heading}' for {name}")))
    };
    Ok(Group {
        category,
        from,
        to: needed("To", &["to"])?,
        rate: needed("Rate", &["rate"])?,
        rate_type: column(&["ratetype"]),
        discount: column(&["vslistrate", "discount"]),
        name,
    })
}

/// The nearest line above the header that names categories; its last one at or before the column.
fn group_heading(card: &Card<'_>, from: usize) -> Option<(BilledCategory, String)> {
    let headings = card.sheet.above.iter().rev().find(|record| {
        let named = record.cells().filter(|(_, cell)| category(cell).is_some()).count();
        named > 0 && record.cells().all(|(_, cell)| cell.is_empty() || category(cell).is_some())
    })?;
    let named =
        headings.cells().take_while(|(at, _)| *at <= from).filter_map(|(_, cell)| Some((category(cell)?, cell)));
    named.last().map(|(category, cell)| (category, super::sheet::one_line(cell)))
}

impl Group {
    /// The columns whose cells make a tier.
    fn figures(&self) -> impl Iterator<Item = usize> {
        [Some(self.from), Some(self.to), self.rate_type, Some(self.rate), self.discount].into_iter().flatten()
    }
}

/// Text among or below the rows: a name of no market, and nothing that could be a tier.
fn is_note(card: &Card<'_>, columns: &Columns, record: &Record) -> bool {
    let no_figure = |at: usize| record.cell(at).is_empty() || record.cell(at).starts_with("http");
    columns.currency.is_none_or(|at| record.cell(at).is_empty())
        && columns.groups.iter().flat_map(Group::figures).all(no_figure)
        && market_name::find(card.markets, record.cell(columns.market)).is_none()
}

fn block_of(card: &Card<'_>, columns: &Columns, record: &Record, block: Option<Block>) -> Result<Block, TariffError> {
    let currency = columns.currency.map_or("", |at| record.cell(at));
    match (record.cell(columns.market), block) {
        ("", None) => Err(card.cell_error(record.line, "Market", "the first row of a block must name its market")),
        ("", Some(block)) => {
            let own = card.currency(record.line, currency, Some(block.currency))?;
            if own == block.currency {
                Ok(block)
            } else {
                Err(card.cell_error(record.line, "Currency", format!("{own} within a block in {}", block.currency)))
            }
        }
        (name, _) => {
            let market = card.market(record.line, name)?;
            Ok(Block { market, currency: card.currency(record.line, currency, None)? })
        }
    }
}

/// One step, or `None` where the category is not sold or its table has fewer steps than its neighbours'.
fn step(card: &Card<'_>, group: &Group, record: &Record, block: Block) -> Result<Option<PublishedTier>, TariffError> {
    let absent = |at: usize| record.cell(at).is_empty() || is_not_sold(record.cell(at));
    if group.figures().all(absent) {
        return Ok(None);
    }
    let fail = |heading: &str, at: usize, fault: String| {
        let fault = if record.cell(at).is_empty() { format!("is empty; {fault}") } else { fault };
        card.cell_error(record.line, &format!("{} {heading}", group.name), fault)
    };
    let from = count(record.cell(group.from)).map_err(|fault| fail("From", group.from, fault))?;
    let to = upper_bound(record.cell(group.to)).map_err(|fault| fail("To", group.to, fault))?;
    let rate: Money =
        money(record.cell(group.rate), block.currency).map_err(|fault| fail("Rate", group.rate, fault))?;
    let own = group.discount.filter(|at| !record.cell(*at).is_empty());
    let discount =
        own.map(|at| discount(record.cell(at)).map_err(|fault| fail("vs. List rate", at, fault))).transpose()?;
    if to.is_some_and(|to| to < from) {
        return Err(fail("To", group.to, format!("{} is below From {from}", record.cell(group.to))));
    }
    Ok(Some(PublishedTier {
        line: record.line,
        effective: card.effective,
        currency: block.currency,
        market: block.market,
        category: group.category,
        tier: Tier { band: TierBand { from, to }, rate },
        discount,
        source: card.source.clone(),
    }))
}

/// Every table starts at 0, has no gap, ends open and never gets dearer (R62).
fn check_steps(card: &Card<'_>, tiers: &[PublishedTier]) -> Result<(), TariffError> {
    let mut tables: BTreeMap<_, Vec<(u64, Tier)>> = BTreeMap::new();
    for own in tiers {
        tables.entry((own.currency, own.market, own.category)).or_default().push((own.line, own.tier));
    }
    for ((_, market, category), mut steps) in tables {
        steps.sort_by_key(|(_, tier)| tier.band.from);
        let name = || format!("{} {}", card.markets.name(market), category.name());
        check_contiguous(&steps).map_err(|(line, message)| card.sheet.error(line, format!("{}: {message}", name())))?;
    }
    Ok(())
}
