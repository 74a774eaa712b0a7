//! What changed from one card to another: each rate, and each tier by the messages it holds for.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Currency, Money, TierBand};

use super::card_side::{CardCell, CardSide};
use super::tiers::Tier;

/// A figure on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing of the kind is on the card.
    Absent,
    /// It is on the card, but the figure is not known.
    Unknown,
    /// The figure.
    Rate(Money),
}

/// What became of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the words themselves")]
pub enum Movement {
    Up,
    Down,
    New,
    Gone,
    /// A side is not known, so nothing can be said.
    Unknown,
    Same,
}

impl Movement {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Movement::Up => "up",
            Movement::Down => "down",
            Movement::New => "new",
            Movement::Gone => "gone",
            Movement::Unknown => "unknown",
            Movement::Same => "same",
        }
    }
}

/// One figure on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is for.
    pub cell: CardCell,
    /// The messages of a month it holds for, if it is the rate of a tier.
    pub band: Option<TierBand>,
    /// On the first card.
    pub old: Entry,
    /// On the second.
    pub new: Entry,
}

impl Change {
    /// What became of it.
    pub fn movement(&self) -> Movement {
        match (self.old, self.new) {
            (Entry::Unknown, _) | (_, Entry::Unknown) => Movement::Unknown,
            (Entry::Rate(old), Entry::Rate(new)) if old < new => Movement::Up,
            (Entry::Rate(old), Entry::Rate(new)) if old > new => Movement::Down,
            (Entry::Absent, Entry::Rate(_)) => Movement::New,
            (Entry::Rate(_), Entry::Absent) => Movement::Gone,
            (Entry::Rate(_), Entry::Rate(_)) | (Entry::Absent, Entry::Absent) => Movement::Same,
        }
    }

    /// New less old, with its sign; `None` unless both are known.
    pub fn difference(&self) -> Option<String> {
        let (Entry::Rate(old), Entry::Rate(new)) = (self.old, self.new) else { return None };
        Some(if new > old { format!("+{}", new - old) } else { (new - old).to_string() })
    }

    /// The difference in percent of the old figure, with sign and two decimals; `None` where there is no such percentage.
    pub fn percent(&self) -> Option<String> {
        let (Entry::Rate(old), Entry::Rate(new)) = (self.old, self.new) else { return None };
        let hundredths = new.hundredths_of_percent_above(old)?;
        let sign = match hundredths {
            0 => "",
            1.. => "+",
            _ => "-",
        };
        let size = hundredths.unsigned_abs();
        Some(format!("{sign}{}.{:02}", size / 100, size % 100))
    }
}

/// The tiers of one cell on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierChange {
    /// What they are for.
    pub cell: CardCell,
    /// What became of the table; `Up` and `Down` where all steps that changed went that way.
    pub movement: TierMovement,
    /// The rates that are not the same, cut where either table has a bound.
    pub steps: Vec<Change>,
}

/// What became of a tier table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words themselves")]
pub enum TierMovement {
    Changed,
    New,
    Gone,
    Unknown,
    Same,
}

/// Two cards, compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardDiff {
    /// Currencies of both sides.
    pub currencies: BTreeSet<Currency>,
    /// Currencies of one side only, which are not compared.
    pub only_old: BTreeSet<Currency>,
    /// As above.
    pub only_new: BTreeSet<Currency>,
    /// All rates of either side, by currency, market and category; `None` if a side has none at all.
    pub rates: Option<Vec<Change>>,
    /// All tier tables of either side, likewise.
    pub tiers: Option<Vec<TierChange>>,
}

/// Compares two cards in the currencies that both have, or in one of them.
pub fn compare(old: &CardSide, new: &CardSide, currency: Option<Currency>) -> CardDiff {
    let wanted = |side: &CardSide| -> BTreeSet<Currency> {
        side.currencies().into_iter().filter(|own| currency.is_none_or(|wanted| wanted == *own)).collect()
    };
    let (in_old, in_new) = (wanted(old), wanted(new));
    let currencies: BTreeSet<Currency> = in_old.intersection(&in_new).copied().collect();
    let rates = cells(&old.rates, &new.rates, &currencies);
    let tiers = cells(&old.tiers, &new.tiers, &currencies);
    CardDiff {
        rates: rates.map(|cells| cells.into_iter().map(|cell| rate_change(old, new, cell)).collect()),
        tiers: tiers.map(|cells| cells.into_iter().map(|cell| tier_change(old, new, cell)).collect()),
        only_old: in_old.difference(&in_new).copied().collect(),
        only_new: in_new.difference(&in_old).copied().collect(),
        currencies,
    }
}

/// The cells of either side in these currencies; `None` if a side has none: then it is not of that kind, and nothing is new or gone.
fn cells<T>(
    old: &BTreeMap<CardCell, T>,
    new: &BTreeMap<CardCell, T>,
    currencies: &BTreeSet<Currency>,
) -> Option<BTreeSet<CardCell>> {
    let own = |side: &BTreeMap<CardCell, T>| -> BTreeSet<CardCell> {
        side.keys().filter(|(currency, ..)| currencies.contains(currency)).copied().collect()
    };
    let (old, new) = (own(old), own(new));
    (!old.is_empty() && !new.is_empty()).then(|| &old | &new)
}

fn rate_change(old: &CardSide, new: &CardSide, cell: CardCell) -> Change {
    let entry = |side: &CardSide| match side.rates.get(&cell) {
        None => Entry::Absent,
        Some(None) => Entry::Unknown,
        Some(Some(rate)) => Entry::Rate(*rate),
    };
    Change { cell, band: None, old: entry(old), new: entry(new) }
}

fn tier_change(old: &CardSide, new: &CardSide, cell: CardCell) -> TierChange {
    let (old, new) = (old.tiers.get(&cell), new.tiers.get(&cell));
    let table = |side: Option<&'_ Option<Vec<Tier>>>| side.cloned().flatten().unwrap_or_default();
    let mut steps = steps(cell, &table(old), &table(new));
    steps.retain(|step| step.movement() != Movement::Same);
    let movement = match (old, new) {
        (Some(None), _) | (_, Some(None)) => TierMovement::Unknown,
        (None, _) => TierMovement::New,
        (_, None) => TierMovement::Gone,
        _ if steps.is_empty() => TierMovement::Same,
        _ => TierMovement::Changed,
    };
    if movement == TierMovement::Unknown {
        steps.clear();
    }
    TierChange { cell, movement, steps }
}

/// Both tables cut at all bounds of either, so that within a step each has one rate.
fn steps(cell: CardCell, old: &[Tier], new: &[Tier]) -> Vec<Change> {
    let starts: Vec<u64> =
        old.iter().chain(new).map(|tier| tier.band.from).collect::<BTreeSet<_>>().into_iter().collect();
    let entry = |tiers: &[Tier], from: u64| {
        let tier = tiers.iter().rev().find(|tier| tier.band.from <= from);
        tier.map_or(Entry::Absent, |tier| Entry::Rate(tier.rate))
    };
    let step = |at: usize, from: u64| Change {
        cell,
        band: Some(TierBand { from, to: starts.get(at + 1).map(|next| next - 1) }),
        old: entry(old, from),
        new: entry(new, from),
    };
    starts.iter().enumerate().map(|(at, from)| step(at, *from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BilledCategory, Day};
    use crate::tariff::CardFamily;
    use crate::tariff::{Tariff, TariffOptions};

    fn cell() -> CardCell {
        let markets = Tariff::load(&TariffOptions::default()).unwrap().markets;
        (Currency::USD, markets.named("Brazil").unwrap(), BilledCategory::Utility)
    }

    fn rate(text: &str) -> Entry {
        Entry::Rate(Money::parse(text).unwrap())
    }

    #[test]
    fn differences_are_exact_and_percentages_rounded_half_up() {
        let shown = |old: &str, new: &str| {
            let change = Change { cell: cell(), band: None, old: rate(old), new: rate(new) };
            (change.movement().name(), change.difference().unwrap(), change.percent().unwrap_or_default())
        };
        let row = |name, difference: &str, percent: &str| (name, difference.to_owned(), percent.to_owned());
        assert_eq!(shown("0.0068", "0.0085"), row("up", "+0.0017", "+25.00"));
        assert_eq!(shown("0.0600", "0.0599"), row("down", "-0.0001", "-0.17"));
        // 1/800 is 0.125 %.
        assert_eq!(shown("800", "801"), row("up", "+1", "+0.13"));
        assert_eq!(shown("800", "799"), row("down", "-1", "-0.13"));
        assert_eq!(shown("0.0068", "0.0068"), row("same", "0", "0.00"));
        assert_eq!(shown("0", "0.01"), row("up", "+0.01", ""));
    }

    #[test]
    fn tiers_are_cut_where_either_table_has_a_bound() {
        let tier = |from, to, rate| Tier { band: TierBand { from, to }, rate: Money::parse(rate).unwrap() };
        let old = vec![tier(0, Some(100), "10"), tier(101, None, "9")];
        let new = vec![tier(0, Some(50), "10"), tier(51, Some(200), "9"), tier(201, None, "8")];
        let side = |tiers: &Vec<Tier>| CardSide {
            day: Day::parse("2026-10-01").unwrap(),
            family: CardFamily::Pmp,
            rates: BTreeMap::new(),
            tiers: BTreeMap::from([(cell(), Some(tiers.clone()))]),
        };
        let shown = |old: &Vec<Tier>, new: &Vec<Tier>| -> Vec<String> {
            let diff = compare(&side(old), &side(new), None);
            assert_eq!(diff.rates, None);
            let steps = diff.tiers.unwrap().remove(0).steps;
            steps.iter().map(|step| format!("{} {}", step.band.unwrap(), step.difference().unwrap())).collect()
        };
        assert_eq!(shown(&old, &new), ["51:100 -1", "201:MAX -1"]);
        assert!(shown(&old, &old).is_empty());
    }
}
