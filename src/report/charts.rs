//! What the charts show, from the lines of a bill.

use std::collections::BTreeMap;

use crate::model::{BilledCategory, Currency, Day, Money, Outcome, RegimeId};
use crate::summarise::Lines;

use super::chart::{ChartCategory, ChartData, DayCount, FreeReason, MarketCost, RegimeChange};
use super::parts::{Part, parts};
use super::{chart, words};

/// The data of all charts. `title` names the log.
pub fn chart_data(title: &str, lines: &Lines) -> ChartData {
    let parts = &parts(lines);
    let days = || parts.iter().map(|part| part.day);
    ChartData {
        title: days()
            .min()
            .zip(days().max())
            .map_or_else(|| title.to_owned(), |(from, to)| format!("{title}: {from} to {to}")),
        period: days().min().zip(days().max()).map(|(from, to)| (from.date(), to.date())),
        days: day_counts(parts),
        regime_changes: regime_changes(parts),
        cost_per_market: cost_per_market(parts),
        free_by_reason: free_by_reason(parts),
    }
}

fn day_counts(parts: &[Part<'_>]) -> Vec<DayCount> {
    let mut counts: BTreeMap<(Day, u8, bool), (ChartCategory, u64)> = BTreeMap::new();
    for part in parts {
        let charged = match part.outcome {
            Outcome::Charged => true,
            Outcome::Free(_) | Outcome::Covered(_) => false,
            Outcome::NotBilled(_) => continue,
        };
        let (order, category) = chart_category(part.category);
        counts.entry((part.day, order, charged)).or_insert((category, 0)).1 += part.sums.messages;
    }
    let count = |((day, _, charged), (category, messages)): ((Day, u8, bool), (ChartCategory, u64))| DayCount {
        date: day.date(),
        category,
        charged,
        messages,
    };
    counts.into_iter().map(count).collect()
}

fn chart_category(category: BilledCategory) -> (u8, ChartCategory) {
    match category.by_recipient() {
        BilledCategory::Marketing | BilledCategory::MarketingLite => (0, ChartCategory::Marketing),
        BilledCategory::Utility => (1, ChartCategory::Utility),
        BilledCategory::Authentication | BilledCategory::AuthenticationInternational => {
            (2, ChartCategory::Authentication)
        }
        BilledCategory::Service => (3, ChartCategory::Service),
        BilledCategory::BusinessAgent => (4, ChartCategory::BusinessAgent),
        _ => (5, ChartCategory::Other),
    }
}

/// The first day of each regime after the first.
fn regime_changes(parts: &[Part<'_>]) -> Vec<RegimeChange> {
    let mut first: BTreeMap<RegimeId, Day> = BTreeMap::new();
    for part in parts {
        let day = first.entry(part.regime).or_insert(part.day);
        *day = (*day).min(part.day);
    }
    first
        .into_iter()
        .skip(1)
        .map(|(regime, day)| RegimeChange { date: day.date(), label: words::regime(regime.name()).to_owned() })
        .collect()
}

fn cost_per_market(parts: &[Part<'_>]) -> Vec<MarketCost> {
    let mut costs: BTreeMap<(&str, Currency), Money> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.outcome == Outcome::Charged) {
        *costs.entry((part.market, part.currency)).or_default() += part.sums.billed;
    }
    costs
        .into_iter()
        .map(|((market, currency), billed)| MarketCost { market: market.to_owned(), billed: money(billed, currency) })
        .collect()
}

fn free_by_reason(parts: &[Part<'_>]) -> Vec<FreeReason> {
    let mut reasons: BTreeMap<&str, (u64, BTreeMap<Currency, Money>)> = BTreeMap::new();
    for part in parts.iter().filter(|part| matches!(part.outcome, Outcome::Free(_))) {
        let (messages, list) = reasons.entry(part.outcome.reason()).or_default();
        *messages += part.sums.messages;
        *list.entry(part.currency).or_default() += part.sums.list;
    }
    let reason = |(name, (messages, list)): (&str, (u64, BTreeMap<Currency, Money>))| FreeReason {
        reason: words::reason(name).to_owned(),
        messages,
        list_price: list.into_iter().map(|(currency, amount)| money(amount, currency)).collect(),
    };
    reasons.into_iter().map(reason).collect()
}

fn money(amount: Money, currency: Currency) -> chart::Money {
    chart::Money { currency: currency.to_string(), amount: amount.to_string(), minor_digits: currency.minor_decimals() }
}
