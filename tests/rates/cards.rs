//! The fixtures, and the embedded cards printed as Meta would.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::run::Sandbox;

pub(crate) const LIST: &str = include_str!("../fixtures/rates/list.csv");
pub(crate) const LIST_2027: &str = include_str!("../fixtures/rates/list-2027.csv");
pub(crate) const TIERS: &str = include_str!("../fixtures/rates/tiers.csv");

/// A folder with the three fixtures.
pub(crate) fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with("list.csv", LIST);
    sandbox.write("list-2027.csv", LIST_2027);
    sandbox.write("tiers.csv", TIERS);
    sandbox
}

/// `currency market category rate` of every row of a canonical card, sorted.
pub(crate) fn rates(sandbox: &Sandbox, name: &str) -> Vec<String> {
    let columns = ["effective_date", "regime", "currency", "market", "category", "rate"];
    cells(sandbox, name, &columns)
}

/// `market category from to rate discount` of every row of canonical tiers, sorted.
pub(crate) fn tiers(sandbox: &Sandbox, name: &str) -> Vec<String> {
    let columns =
        ["effective_date", "currency", "market", "category", "tier_from", "tier_to", "rate", "discount_percent"];
    cells(sandbox, name, &columns)
}

fn cells(sandbox: &Sandbox, name: &str, columns: &[&str]) -> Vec<String> {
    let row = |row: &crate::run::Record| columns.iter().map(|column| row.get(column)).collect::<Vec<_>>().join(" ");
    let mut rows: Vec<String> = sandbox.table(name).iter().map(row).collect();
    rows.sort();
    rows
}

/// One row by column.
type Cells = BTreeMap<String, String>;

/// Rows of an embedded table of one date and currency, by market and category in the order of the file.
fn embedded(text: &str, date: &str, currency: &str) -> Vec<Cells> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let rows = reader.records().map(|record| {
        let record = record.expect("a sound row");
        header.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    });
    rows.filter(|row: &Cells| row["effective_date"] == date && row["currency"] == currency).collect()
}

/// The embedded list card of a date, printed in the published layout; with it what an import must give.
pub(crate) fn published_list(date: &str, title_date: &str, currency: &str) -> (String, Vec<String>) {
    let rows = embedded(include_str!("../../data/rates.csv"), date, currency);
    let mut markets: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    let mut expected = Vec::new();
    for row in &rows {
        markets.entry(&row["market"]).or_default().insert(&row["category"], &row["rate"]);
        let plain = row["rate"].trim_end_matches('0').trim_end_matches('.');
        expected.push(format!("{date} {} {currency} {} {} {plain}", row["regime"], row["market"], row["category"]));
    }
    expected.sort();
    let mut text = format!(
        "\"Cost per message in {currency} on the WhatsApp Business Platform, effective {title_date}\",,,,,,\r\n\
         Note,,,,https://example.org,,\r\n\
         Market,Currency,Marketing,Utility,Authentication,\"Authentication-\r\nInternational\",Service\r\n"
    );
    for (market, rates) in markets {
        write!(text, "{market},{currency}").expect("a string");
        for category in ["marketing", "utility", "authentication", "authentication_international", "service"] {
            write!(text, ",{}", rates.get(category).unwrap_or(&"n/a")).expect("a string");
        }
        text.push_str("\r\n");
    }
    (text, expected)
}

/// The embedded tiers of a date, printed in the published layout; with it what an import must give.
pub(crate) fn published_tiers(date: &str, title_date: &str, currency: &str) -> (String, Vec<String>) {
    let rows = embedded(include_str!("../../data/volume_tiers.csv"), date, currency);
    let mut markets: BTreeMap<&str, BTreeMap<&str, Vec<&Cells>>> = BTreeMap::new();
    let mut expected = Vec::new();
    for row in &rows {
        markets.entry(&row["market"]).or_default().entry(&row["category"]).or_default().push(row);
        let plain = row["rate"].trim_end_matches('0').trim_end_matches('.');
        let cell = |column: &str| row[column].clone();
        let bounds = format!("{} {}", cell("tier_from"), cell("tier_to"));
        expected.push(format!(
            "{date} {currency} {} {} {bounds} {plain} {}",
            cell("market"),
            cell("category"),
            cell("discount_percent")
        ));
    }
    expected.sort();
    let head: String = TIERS.split_inclusive('\n').skip(1).take(5).collect();
    let mut text = format!("\"Cost per message in {currency}, effective {title_date}\"\n{head}");
    for (market, tables) in markets {
        for at in 0..tables.values().map(Vec::len).max().expect("a table") {
            text.push_str(if at == 0 { market } else { "" });
            write!(text, ",{}", if at == 0 { currency } else { "" }).expect("a string");
            for category in ["utility", "authentication", "authentication_international"] {
                let step = tables.get(category).and_then(|steps| steps.get(at));
                text.push_str(&step.map_or_else(|| ",n/a,n/a,n/a,n/a,n/a".to_owned(), |step| tier_cells(step)));
            }
            text.push('\n');
        }
    }
    (text, expected)
}

fn tier_cells(step: &Cells) -> String {
    let to = if step["tier_to"].is_empty() { "--".to_owned() } else { grouped(&step["tier_to"]) };
    let (from, rate, percent) = (grouped(&step["tier_from"]), &step["rate"], &step["discount_percent"]);
    let (kind, sign) = if percent == "0" { ("List rate", "") } else { ("Tier rate", "-") };
    format!(",\"{from}\",\"{to}\",{kind},{rate},{sign}{percent}%")
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
