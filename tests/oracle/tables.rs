//! The published tables the model needs: country and market of a number, list rates, volume tiers.
//!
//! Read anew from the data files and searched row by row, so that nothing is shared with the program under test.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts::ymd;

struct MarketRow {
    country: String,
    prefixes: Vec<String>,
    market: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// A line of a card: what it prices, and since when.
struct RateRow {
    effective: NaiveDate,
    currency: String,
    market: String,
    category: String,
    /// Ten-thousandths of the currency: no card prints more decimals.
    rate: u64,
}

struct TierRow {
    line: RateRow,
    lower: u64,
    upper: Option<u64>,
}

struct Gap {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    currency: String,
    market: String,
    category: String,
}

pub(crate) struct Tables {
    markets: Vec<MarketRow>,
    area_codes: BTreeMap<String, String>,
    rates: Vec<RateRow>,
    gaps: Vec<Gap>,
    tiers: Vec<TierRow>,
}

impl Tables {
    pub(crate) fn load() -> Tables {
        // Only the per-message cards are kept: tiers exist in no other regime family (Q5, R61).
        let rates = ["rates.csv", "rates_derived.csv"]
            .into_iter()
            .flat_map(rows)
            .filter(|row| row["regime"] == "PMP")
            .map(|row| rate_row(&row))
            .collect();
        let markets = rows("markets.csv").into_iter().map(|row| MarketRow {
            country: row["iso_code"].clone(),
            prefixes: prefixes(&row["calling_codes"]),
            market: row["market"].clone(),
            from: date(&row["valid_from"]),
            to: date(&row["valid_to"]),
        });
        let gaps = rows("gaps.csv").into_iter().map(|row| Gap {
            from: date(&row["date_from"]),
            to: date(&row["date_to"]),
            currency: row["currency"].clone(),
            market: row["market"].clone(),
            category: row["category"].clone(),
        });
        let tiers = rows("volume_tiers.csv").into_iter().map(|row| TierRow {
            line: rate_row(&row),
            lower: row["tier_from"].parse().expect("a lower bound"),
            upper: row["tier_to"].parse().ok(),
        });
        let area_codes = rows("nanp.csv").into_iter().map(|row| (row["area_code"].clone(), row["iso_code"].clone()));
        Tables {
            markets: markets.collect(),
            area_codes: area_codes.collect(),
            rates,
            gaps: gaps.collect(),
            tiers: tiers.collect(),
        }
    }

    /// R6, Q3: the country of an E.164 number, empty for one that no list names.
    pub(crate) fn country(&self, number: &str) -> &str {
        // +1 is shared: the area code alone decides, and only five of its countries are on the market list.
        if let Some(rest) = number.strip_prefix('1') {
            return self.area_codes.get(&rest[..3]).map_or("", |country| country);
        }
        let mut best = (0, "");
        for row in &self.markets {
            for prefix in &row.prefixes {
                if number.starts_with(prefix) && prefix.len() > best.0 {
                    best = (prefix.len(), &row.country);
                }
            }
        }
        best.1
    }

    /// R6: the market of a number on a date; a country that is not listed is `Other`.
    pub(crate) fn market(&self, number: &str, day: NaiveDate) -> String {
        let country = self.country(number);
        let listed: Vec<&MarketRow> = self.markets.iter().filter(|row| row.country == country).collect();
        let valid = listed.iter().find(|row| within(day, row.from, row.to));
        // Q2: before the first row of a country, its earliest row.
        let row = valid.or_else(|| listed.iter().min_by_key(|row| row.from));
        row.map_or("Other", |row| &row.market).to_string()
    }

    /// R71: the pause names US area codes; Puerto Rico and the territories are countries of their own here.
    pub(crate) fn is_us(&self, number: &str) -> bool {
        self.country(number) == "US"
    }

    /// R69: whether the country has an authentication-international rate on that date.
    pub(crate) fn has_auth_international(&self, number: &str, day: NaiveDate) -> bool {
        let since = match self.country(number) {
            "ID" => ymd(2024, 6, 1),
            "IN" => ymd(2024, 7, 1),
            "EG" | "MY" | "NG" | "PK" | "SA" | "ZA" | "AE" => ymd(2025, 2, 1),
            "BD" | "IQ" | "KZ" | "KW" | "MA" | "NP" | "OM" | "LK" | "UA" => ymd(2026, 10, 1),
            _ => return false,
        };
        day >= since
    }

    /// The list rate of the per-message cards: the newest row, unless a gap says that it is stale.
    fn list_rate(&self, currency: &str, market: &str, category: &str, day: NaiveDate) -> Option<u64> {
        let rows = self.rates.iter().filter(|row| row.is(currency, market, category) && row.effective <= day);
        let newest = rows.max_by_key(|row| row.effective)?;
        for gap in &self.gaps {
            let about = gap.currency == currency
                && (gap.market == "*" || gap.market == market)
                && (gap.category == "*" || gap.category == category);
            // A row dated inside the gap is a card seen in part, and wins over the gap.
            if about && within(day, gap.from, gap.to) && !within(newest.effective, gap.from, gap.to) {
                return None;
            }
        }
        Some(newest.rate)
    }

    /// Q6: the band `lower:upper` of the n-th unit of a month, empty where no table holds.
    pub(crate) fn tier(&self, currency: &str, market: &str, category: &str, day: NaiveDate, position: u64) -> String {
        let dated = |row: &&TierRow| row.line.is(currency, market, category) && row.line.effective <= day;
        let Some(newest) = self.tiers.iter().filter(dated).map(|row| row.line.effective).max() else {
            return String::new();
        };
        let table: Vec<&TierRow> = self.tiers.iter().filter(dated).filter(|row| row.line.effective == newest).collect();
        // A table belongs to the card whose list rate is its first tier; beside another card it says nothing.
        let first = table.iter().find(|row| row.lower == 0).expect("tables start at 0");
        if Some(first.line.rate) != self.list_rate(currency, market, category, day) {
            return String::new();
        }
        let holds = |row: &&&TierRow| row.lower <= position && row.upper.is_none_or(|upper| position <= upper);
        let band = table.iter().find(holds).unwrap_or_else(|| panic!("the tiers of {market} have a hole"));
        let upper = band.upper.map_or("MAX".to_string(), |upper| upper.to_string());
        format!("{}:{upper}", band.lower)
    }

    /// The upper bounds of a market's tiers, for a generator that wants to cross one.
    pub(crate) fn tier_bounds(&self, market: &str, category: &str) -> Vec<u64> {
        let rows = self.tiers.iter().filter(|row| row.line.market == market && row.line.category == category);
        rows.filter_map(|row| row.upper).collect()
    }
}

impl RateRow {
    fn is(&self, currency: &str, market: &str, category: &str) -> bool {
        self.currency == currency && self.market == market && self.category == category
    }
}

/// Both ends belong to the interval; a missing end is open.
fn within(day: NaiveDate, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to)
}

/// `55` is one prefix; `1 (809, 829)` is the prefixes 1809 and 1829.
fn prefixes(codes: &str) -> Vec<String> {
    let Some((head, tail)) = codes.split_once('(') else {
        return vec![codes.to_string()];
    };
    tail.trim_end_matches(')').split(',').map(|part| format!("{}{}", head.trim(), part.trim())).collect()
}

fn rate_row(row: &BTreeMap<String, String>) -> RateRow {
    RateRow {
        effective: date(&row["effective_date"]).expect("every line of a card has a date"),
        currency: row["currency"].clone(),
        market: row["market"].clone(),
        category: row["category"].clone(),
        rate: ten_thousandths(&row["rate"]),
    }
}

fn ten_thousandths(rate: &str) -> u64 {
    let (whole, decimals) = rate.split_once('.').unwrap_or((rate, ""));
    assert!(decimals.len() <= 4, "{rate} has more decimals than any card");
    format!("{whole}{decimals:0<4}").parse().expect("a rate")
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/{}"), file);
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    reader.deserialize().map(|row| row.unwrap_or_else(|e| panic!("{path}: {e}"))).collect()
}
