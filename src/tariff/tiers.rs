//! Volume tiers: graduated rates for utility and authentication under per-message pricing (R61–R66).

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Day, Money, TierBand};

use super::market::{MarketId, Markets};
use super::rate_rows::market;
use super::table::{NamedText, Row, Table, TariffError};

/// What has a counter of its own: both kinds of authentication share one (R64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the field's own terms")]
pub enum TierCategory {
    Authentication,
    Utility,
}

impl TierCategory {
    /// All of them, in order.
    pub const ALL: [TierCategory; 2] = [TierCategory::Authentication, TierCategory::Utility];

    /// The counter a charge moves, if its category has tiers (R66).
    pub const fn of(category: BilledCategory) -> Option<TierCategory> {
        match category {
            BilledCategory::Utility => Some(TierCategory::Utility),
            BilledCategory::Authentication | BilledCategory::AuthenticationInternational => {
                Some(TierCategory::Authentication)
            }
            _ => None,
        }
    }
}

/// One step of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its bounds.
    pub band: TierBand,
    /// Rate of each unit within them.
    pub rate: Money,
}

/// The tiers of one market and category, from their date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierTable {
    /// First day.
    pub effective: Day,
    /// The steps, lowest first, without gap; the last is open.
    pub tiers: Vec<Tier>,
}

impl TierTable {
    /// The tier of the unit that comes after `before` others in its month.
    pub fn tier_after(&self, before: u64) -> &Tier {
        let beyond = |tier: &Tier| tier.band.to.is_some_and(|to| to <= before);
        let at = self.tiers.partition_point(beyond);
        &self.tiers[at.min(self.tiers.len() - 1)]
    }
}

type Cell = (Currency, MarketId, BilledCategory);

/// All tier tables.
#[derive(Clone, Debug, Default)]
pub struct TierBook {
    cells: HashMap<Cell, Vec<TierTable>>,
    /// Upper bounds of every table of a counter, sorted: the positions at which some rate changes.
    bounds: HashMap<(MarketId, TierCategory), Vec<u64>>,
}

pub(super) const TIER_COLUMNS: [&str; 7] =
    ["effective_date", "currency", "market", "category", "tier_from", "tier_to", "rate"];

impl TierBook {
    /// Reads tables in the columns of `data/volume_tiers.csv`; those of later sources replace earlier ones of the same cell and date.
    pub fn read(sources: &[&NamedText], markets: &Markets) -> Result<TierBook, TariffError> {
        let mut book = TierBook::default();
        for source in sources {
            for ((currency, market, category, _), table) in read_tables(source, markets)? {
                let cell = book.cells.entry((currency, market, category)).or_default();
                match cell.binary_search_by_key(&table.effective, |known| known.effective) {
                    Ok(at) => cell[at] = table,
                    Err(at) => cell.insert(at, table),
                }
            }
        }
        book.collect_bounds();
        Ok(book)
    }

    fn collect_bounds(&mut self) {
        for ((_, market, category), tables) in &self.cells {
            let Some(counter) = TierCategory::of(*category) else { continue };
            let bounds = self.bounds.entry((*market, counter)).or_default();
            bounds.extend(tables.iter().flat_map(|table| &table.tiers).filter_map(|tier| tier.band.to));
            bounds.sort_unstable();
            bounds.dedup();
        }
    }

    /// The table in force: the newest up to the day, if its first step is the list rate in force (else it belongs to an older card; Q6).
    pub fn table(
        &self,
        currency: Currency,
        market: MarketId,
        category: BilledCategory,
        day: Day,
        list: Money,
    ) -> Option<&TierTable> {
        let tables = self.cells.get(&(currency, market, category))?;
        let newest = tables.partition_point(|table| table.effective <= day).checked_sub(1)?;
        Some(&tables[newest]).filter(|table| table.tiers[0].rate == list)
    }

    /// Every position in a counter at which some currency's rate changes: units 1 to the bound cost the same.
    pub fn bounds(&self, market: MarketId, category: TierCategory) -> &[u64] {
        self.bounds.get(&(market, category)).map_or(&[], Vec::as_slice)
    }

    /// All tables with their cell, in no particular order.
    pub fn tables(&self) -> impl Iterator<Item = (Currency, MarketId, BilledCategory, &TierTable)> {
        self.cells.iter().flat_map(|((currency, market, category), tables)| {
            tables.iter().map(move |table| (*currency, *market, *category, table))
        })
    }
}

type TableKey = (Currency, MarketId, BilledCategory, Day);

fn read_tables(source: &NamedText, markets: &Markets) -> Result<BTreeMap<TableKey, TierTable>, TariffError> {
    let table = Table::read(source, &TIER_COLUMNS, &["discount_percent", "source", "confidence"])?;
    let mut rows: BTreeMap<TableKey, Vec<(u64, Tier)>> = BTreeMap::new();
    for row in table.rows() {
        let (key, tier) = tier_row(&row, markets)?;
        rows.entry(key).or_default().push((row.line, tier));
    }
    let fail = |line, message| TariffError { file: source.name.clone(), line, message };
    let mut tables = BTreeMap::new();
    for (key, mut steps) in rows {
        steps.sort_by_key(|(_, tier)| tier.band.from);
        check_contiguous(&steps).map_err(|(line, message)| fail(line, message))?;
        let tiers = steps.into_iter().map(|(_, tier)| tier).collect();
        tables.insert(key, TierTable { effective: key.3, tiers });
    }
    Ok(tables)
}

fn tier_row(row: &Row<'_>, markets: &Markets) -> Result<(TableKey, Tier), TariffError> {
    let name = row.needed("category")?;
    let category = BilledCategory::parse(name).filter(|category| TierCategory::of(*category).is_some());
    let category = category.ok_or_else(|| {
        row.error(format!(
            "category '{name}' has no tiers; only utility, authentication and authentication_international have (R66)"
        ))
    })?;
    let from = row.count("tier_from")?.ok_or_else(|| row.error("tier_from is empty"))?;
    let band = TierBand { from, to: row.count("tier_to")? };
    if band.to.is_some_and(|to| to < from) {
        return Err(row.error("tier_to is below tier_from"));
    }
    let key = (row.currency("currency")?, market(row, markets)?, category, row.needed_day("effective_date")?);
    Ok((key, Tier { band, rate: row.money("rate")? }))
}

/// The first tier starts at 0, each further one just after the one before, the last is open, and no step gets dearer.
pub(super) fn check_contiguous(steps: &[(u64, Tier)]) -> Result<(), (u64, String)> {
    let (first_line, first) = &steps[0];
    if first.band.from != 0 {
        return Err((*first_line, format!("the first tier starts at {}, not at 0", first.band.from)));
    }
    for pair in steps.windows(2) {
        let ((_, below), (line, above)) = (&pair[0], &pair[1]);
        if below.band.to.and_then(|to| to.checked_add(1)) != Some(above.band.from) {
            return Err((*line, format!("tier {} overlaps tier {} or leaves a gap before it", above.band, below.band)));
        }
        if above.rate > below.rate {
            return Err((*line, format!("tier {} costs more than tier {}", above.band, below.band)));
        }
    }
    match steps.last() {
        Some((line, last)) if last.band.to.is_some() => Err((*line, "the last tier must have no tier_to".to_owned())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TierTable {
        let tier = |from, to, rate| Tier { band: TierBand { from, to }, rate: Money::parse(rate).unwrap() };
        let tiers = vec![tier(0, Some(3), "10"), tier(4, Some(5), "9"), tier(6, None, "8")];
        TierTable { effective: Day::parse("2026-10-01").unwrap(), tiers }
    }

    #[test]
    fn steps_are_marginal_and_both_bounds_inclusive_r62() {
        let rates: Vec<_> = (0..7).map(|before| table().tier_after(before).rate.to_string()).collect();
        assert_eq!(rates, ["10", "10", "10", "9", "9", "8", "8"]);
    }
}
