//! Published cards in the columns of `data/rates.csv` and `data/volume_tiers.csv`, as `--rates` reads them.

use std::collections::BTreeMap;

use crate::tariff::market::Markets;
use crate::tariff::table::TariffError;

use super::{Figures, PublishedCard, PublishedRate, PublishedTier};

const RATE_HEADER: [&str; 8] =
    ["effective_date", "regime", "currency", "market", "category", "rate", "source", "confidence"];
const TIER_HEADER: [&str; 10] = [
    "effective_date",
    "currency",
    "market",
    "category",
    "tier_from",
    "tier_to",
    "rate",
    "discount_percent",
    "source",
    "confidence",
];
/// How the figures are attested: read by this program in a file of the user's.
const CONFIDENCE: &str = "imported";

/// All cards as one table. They must be of one kind, and no figure may stand in two of them.
pub fn write_canonical(cards: &[PublishedCard], markets: &Markets) -> Result<String, TariffError> {
    let rows = rows(cards, markets)?;
    let tiers = cards.iter().any(|card| matches!(card.figures, Figures::Tiers(_)));
    let header = if tiers { &TIER_HEADER[..] } else { &RATE_HEADER[..] };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = || -> Result<Vec<u8>, csv::Error> {
        writer.write_record(header)?;
        rows.iter().try_for_each(|row| writer.write_record(row))?;
        writer.flush()?;
        Ok(writer.get_ref().clone())
    };
    let fail = |message: String| TariffError { file: first_file(cards), line: 1, message };
    let bytes = write().map_err(|error| fail(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| fail(error.to_string()))
}

fn first_file(cards: &[PublishedCard]) -> String {
    cards.first().map_or_else(String::new, |card| card.file.clone())
}

fn rows(cards: &[PublishedCard], markets: &Markets) -> Result<Vec<Vec<String>>, TariffError> {
    let mut rows = Vec::new();
    // By what makes two rows the same figure: everything before the rate.
    let mut seen: BTreeMap<Vec<String>, (&str, u64)> = BTreeMap::new();
    for card in cards {
        let fail = |line, message| TariffError { file: card.file.clone(), line, message };
        if std::mem::discriminant(&card.figures) != std::mem::discriminant(&cards[0].figures) {
            let message = format!("{} and {}: import them one at a time", says(&cards[0]), says(card));
            return Err(fail(1, message));
        }
        for (line, key, row) in card_rows(card, markets) {
            if let Some((file, first)) = seen.insert(key, (&card.file, line)) {
                return Err(fail(line, format!("the same market, category and date stand in {file}:{first}")));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn says(card: &PublishedCard) -> String {
    let what = if matches!(card.figures, Figures::List(_)) { "list rates" } else { "volume tiers" };
    format!("{} holds {what}", card.file)
}

/// Line, key and row of every figure.
fn card_rows(card: &PublishedCard, markets: &Markets) -> Vec<(u64, Vec<String>, Vec<String>)> {
    match &card.figures {
        Figures::List(rates) => rates.iter().map(|rate| keyed(rate.line, rate_row(rate, markets), 5)).collect(),
        Figures::Tiers(tiers) => tiers.iter().map(|tier| keyed(tier.line, tier_row(tier, markets), 5)).collect(),
    }
}

fn keyed(line: u64, row: Vec<String>, key: usize) -> (u64, Vec<String>, Vec<String>) {
    (line, row[..key].to_vec(), row)
}

fn rate_row(rate: &PublishedRate, markets: &Markets) -> Vec<String> {
    let row = &rate.row;
    vec![
        row.effective.to_string(),
        row.family.name().to_owned(),
        row.currency.to_string(),
        markets.name(row.market).to_owned(),
        row.category.name().to_owned(),
        row.rate.to_string(),
        row.source.clone(),
        CONFIDENCE.to_owned(),
    ]
}

fn tier_row(tier: &PublishedTier, markets: &Markets) -> Vec<String> {
    vec![
        tier.effective.to_string(),
        tier.currency.to_string(),
        markets.name(tier.market).to_owned(),
        tier.category.name().to_owned(),
        tier.tier.band.from.to_string(),
        tier.tier.band.to.map_or_else(String::new, |to| to.to_string()),
        tier.tier.rate.to_string(),
        tier.discount.map_or_else(String::new, |percent| percent.to_string()),
        tier.source.clone(),
        CONFIDENCE.to_owned(),
    ]
}
