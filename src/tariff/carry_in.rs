//! `carry_in.csv`: what was used of allowances and volume tiers before the log starts (contract §2).

use std::collections::BTreeMap;

use crate::model::Month;

use super::market::{MarketId, Markets};
use super::rate_rows::market;
use super::table::{NamedText, Row, Table, TariffError};
use super::tiers::TierCategory;

/// Units used before the log starts, by what shares them.
#[derive(Clone, Debug, Default)]
pub struct CarryIn {
    conversations: BTreeMap<(String, Month), u64>,
    service: BTreeMap<(String, Month), u64>,
    tiers: BTreeMap<(String, Month, MarketId, TierCategory), u64>,
}

impl CarryIn {
    /// Reads `carry_in.csv`.
    pub fn read(source: &NamedText, markets: &Markets) -> Result<CarryIn, TariffError> {
        let table = Table::read(source, &["scope", "id", "month", "used"], &["market", "category"])?;
        let mut carry_in = CarryIn::default();
        for row in table.rows() {
            let used = row.count("used")?.ok_or_else(|| row.error("used is empty; write a whole number from 0"))?;
            if !carry_in.add(&row, markets, used)? {
                return Err(row.error("second row for the same scope, id, month, market and category"));
            }
        }
        Ok(carry_in)
    }

    /// Adds one row; `false` if there was one already.
    fn add(&mut self, row: &Row<'_>, markets: &Markets, used: u64) -> Result<bool, TariffError> {
        let id = row.needed("id")?.to_owned();
        let text = row.needed("month")?;
        let month =
            Month::parse(text).ok_or_else(|| row.error(format!("month '{text}' is not of the form 2026-10")))?;
        Ok(match row.needed("scope")? {
            "conversation_allowance" => self.conversations.insert((id, month), used).is_none(),
            "service_allowance" => self.service.insert((id, month), used).is_none(),
            "volume_tier" => self.tiers.insert((id, month, market(row, markets)?, tier_category(row)?), used).is_none(),
            other => {
                let known = "conversation_allowance, service_allowance or volume_tier";
                return Err(row.error(format!("scope '{other}' is not {known}")));
            }
        })
    }

    /// Conversations of the WABA in the month; `None` where the file says nothing.
    pub fn conversations(&self, waba_id: &str, month: Month) -> Option<u64> {
        self.conversations.get(&(waba_id.to_owned(), month)).copied()
    }

    /// Service messages of the number in the month, likewise.
    pub fn service(&self, phone_number_id: &str, month: Month) -> Option<u64> {
        self.service.get(&(phone_number_id.to_owned(), month)).copied()
    }

    /// Charged messages of the portfolio in the month, market and category, likewise.
    pub fn tier(&self, portfolio_id: &str, month: Month, market: MarketId, category: TierCategory) -> Option<u64> {
        self.tiers.get(&(portfolio_id.to_owned(), month, market, category)).copied()
    }
}

fn tier_category(row: &Row<'_>) -> Result<TierCategory, TariffError> {
    match row.needed("category")? {
        "utility" => Ok(TierCategory::Utility),
        "authentication" => Ok(TierCategory::Authentication),
        other => Err(row.error(format!("category '{other}' of a volume_tier is not utility or authentication"))),
    }
}
