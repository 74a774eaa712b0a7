//! One side of a comparison: the rates and tiers of a card, or of the embedded cards on a day.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{BilledCategory, Currency, Day, Money};

use super::embedded::{Tariff, is_tier_table};
use super::market::{MarketId, Markets};
use super::published::{Figures, PublishedCard, is_published, read_published};
use super::rate_book::MissingRate;
use super::rate_rows::{CardFamily, RateRow, read_rates};
use super::regime::Regime;
use super::table::{NamedText, TariffError};
use super::tiers::{Tier, TierBook, TierCategory};

/// What a figure is for.
pub type CardCell = (Currency, MarketId, BilledCategory);

/// The figures in force on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSide {
    /// The day.
    pub day: Day,
    /// The kind of card.
    pub family: CardFamily,
    /// List rates; `None` where the rate is known to exist, but not its figure.
    pub rates: BTreeMap<CardCell, Option<Money>>,
    /// Volume tiers; `None` where there are some that are not known.
    pub tiers: BTreeMap<CardCell, Option<Vec<Tier>>>,
}

impl CardSide {
    /// What the embedded cards (and cards laid over them) say on a day; `None` before the first card.
    pub fn embedded(tariff: &Tariff, day: Day) -> Option<CardSide> {
        let family = Regime::on(day).published_card()?;
        let mut side = CardSide { day, family, rates: BTreeMap::new(), tiers: BTreeMap::new() };
        let own = tariff.rates.rows().filter(|row| row.family == family);
        let cells: BTreeSet<CardCell> = own.map(|row| (row.currency, row.market, row.category)).collect();
        for cell @ (currency, market, category) in cells {
            match tariff.rates.list_rate(Some(family), currency, market, category, day) {
                Ok(list) => {
                    side.rates.insert(cell, Some(list.rate));
                    let tiers = tariff.tiers.table(currency, market, category, day, list.rate);
                    // Every such rate has tiers under per-message pricing (R61), be they known or not.
                    if family == CardFamily::Pmp && TierCategory::of(category).is_some() {
                        side.tiers.insert(cell, tiers.map(|table| table.tiers.clone()));
                    }
                }
                Err(MissingRate::Gap(_)) => {
                    side.rates.insert(cell, None);
                }
                Err(MissingRate::NoCard | MissingRate::NoRow(_)) => {}
            }
        }
        Some(side)
    }

    /// A file: one of Meta's own, or one in our columns. Of rates of several dates those in force on `day` count, or on the newest
    /// date. Meta's own files have one date; there, `day` is used instead.
    pub fn read(source: &NamedText, markets: &Markets, day: Option<Day>) -> Result<CardSide, TariffError> {
        if is_published(source) {
            read_published(source, markets, day).map(CardSide::of_published)
        } else if is_tier_table(source) {
            of_tiers(source, markets, day)
        } else {
            of_rates(source, markets, day)
        }
    }

    fn of_published(card: PublishedCard) -> CardSide {
        let (mut rates, mut tiers) = (BTreeMap::new(), BTreeMap::<_, Option<Vec<Tier>>>::new());
        // Volume tiers are read only from cards of per-message pricing.
        let family = Regime::on(card.effective).card.unwrap_or(CardFamily::Pmp);
        match card.figures {
            Figures::List(list) => rates.extend(list.into_iter().map(|own| cell_of(&own.row))),
            Figures::Tiers(steps) => {
                for own in steps {
                    let table = tiers.entry((own.currency, own.market, own.category)).or_default();
                    table.get_or_insert_default().push(own.tier);
                }
            }
        }
        tiers.values_mut().flatten().for_each(|table| table.sort_by_key(|tier| tier.band.from));
        CardSide { day: card.effective, family, rates, tiers }
    }

    /// The currencies that it has figures in.
    pub fn currencies(&self) -> BTreeSet<Currency> {
        self.rates.keys().chain(self.tiers.keys()).map(|(currency, ..)| *currency).collect()
    }
}

fn cell_of(row: &RateRow) -> (CardCell, Option<Money>) {
    ((row.currency, row.market, row.category), Some(row.rate))
}

/// The day asked for, or the newest of the file.
fn day_of(
    source: &NamedText,
    dates: impl Iterator<Item = Day>,
    day: Option<Day>,
) -> Result<(Day, CardFamily), TariffError> {
    let fail = |message: String| TariffError { file: source.name.clone(), line: 1, message };
    let dates: Vec<Day> = dates.collect();
    let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) else {
        return Err(fail("holds no rates".to_owned()));
    };
    let day = day.unwrap_or(*last);
    if day < *first {
        return Err(fail(format!("nothing in it was in force on {day}; its first date is {first}")));
    }
    let family = Regime::on(day).published_card();
    family
        .map(|family| (day, family))
        .ok_or_else(|| fail(format!("no rate card of {day} is possible; the first is of 2022-02-01")))
}

fn of_rates(source: &NamedText, markets: &Markets, day: Option<Day>) -> Result<CardSide, TariffError> {
    let mut rows = read_rates(source, markets)?;
    let (day, family) = day_of(source, rows.iter().map(|row| row.effective), day)?;
    rows.retain(|row| row.effective <= day && row.family == family);
    // Of two rows of one cell the newer is the last to go in.
    rows.sort_by_key(|row| row.effective);
    if rows.is_empty() {
        let message = format!("holds no rate of a {} card, which is the kind in force on {day}", family.name());
        return Err(TariffError { file: source.name.clone(), line: 1, message });
    }
    Ok(CardSide { day, family, rates: rows.iter().map(cell_of).collect(), tiers: BTreeMap::new() })
}

fn of_tiers(source: &NamedText, markets: &Markets, day: Option<Day>) -> Result<CardSide, TariffError> {
    let book = TierBook::read(&[source], markets)?;
    let (day, family) = day_of(source, book.tables().map(|(.., table)| table.effective), day)?;
    let mut newest: BTreeMap<CardCell, (Day, Vec<Tier>)> = BTreeMap::new();
    for (currency, market, category, table) in book.tables().filter(|(.., table)| table.effective <= day) {
        let known = newest.entry((currency, market, category)).or_insert((table.effective, table.tiers.clone()));
        if known.0 < table.effective {
            *known = (table.effective, table.tiers.clone());
        }
    }
    let tiers = newest.into_iter().map(|(cell, (_, tiers))| (cell, Some(tiers))).collect();
    Ok(CardSide { day, family, rates: BTreeMap::new(), tiers })
}
