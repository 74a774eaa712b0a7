//! The cells of one of Meta's CSVs, and where its header stands.

use crate::model::BilledCategory;
use crate::tariff::table::{Lines, NamedText, TariffError};

/// Spreadsheets of some languages write `;` or tabs.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Which of the two files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Tiers,
}

/// One record; its cells have no blanks around them.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) line: u64,
    cells: Vec<String>,
}

/// A file cut at its header.
#[derive(Clone, Debug)]
pub(super) struct Sheet<'a> {
    file: &'a str,
    pub(super) kind: Kind,
    /// Title, notes, and headings above the header.
    pub(super) above: Vec<Record>,
    pub(super) header: Record,
    /// Everything below the header that is not blank.
    pub(super) body: Vec<Record>,
}

impl Record {
    /// A cell, empty where the row is short.
    pub(super) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", String::as_str)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().map(String::as_str).enumerate()
    }

    /// Position of the first cell whose heading is one of `names`.
    pub(super) fn heading(&self, names: &[&str]) -> Option<usize> {
        self.cells.iter().position(|cell| names.contains(&heading(cell).as_str()))
    }

    fn kind(&self) -> Option<Kind> {
        self.heading(&MARKET)?;
        if self.heading(&["from"]).is_some() && self.heading(&["to"]).is_some() {
            return Some(Kind::Tiers);
        }
        self.cells.iter().any(|cell| category(cell).is_some()).then_some(Kind::List)
    }
}

/// Headings of the column of markets.
pub(super) const MARKET: [&str; 4] = ["market", "markets", "region", "marketregion"];
/// Headings of the column of currencies.
pub(super) const CURRENCY: [&str; 2] = ["currency", "currencycode"];

impl<'a> Sheet<'a> {
    /// Reads a file and finds its header.
    pub(super) fn read(source: &'a NamedText) -> Result<Sheet<'a>, TariffError> {
        // The reader counts the line ends of spreadsheets one too low.
        let text =
            source.text.strip_prefix('\u{feff}').unwrap_or(&source.text).replace("\r\n", "\n").replace('\r', "\n");
        for delimiter in DELIMITERS {
            let mut records = records(&source.name, &text, delimiter)?;
            if let Some((at, kind)) = records.iter().enumerate().find_map(|(at, record)| Some((at, record.kind()?))) {
                let body = records.split_off(at + 1);
                let Some(header) = records.pop() else { continue };
                return Ok(Sheet { file: &source.name, kind, above: records, header, body });
            }
        }
        Err(TariffError { file: source.name.clone(), line: 1, message: no_header(&text) })
    }

    pub(super) fn error(&self, line: u64, message: impl Into<String>) -> TariffError {
        TariffError { file: self.file.to_owned(), line, message: message.into() }
    }

    /// The heading of a column, on one line.
    pub(super) fn column(&self, at: usize) -> String {
        one_line(self.header.cell(at))
    }

    /// Checks what no row of a table may have: cells beyond the header, or a cell that runs over several lines.
    pub(super) fn check_shape(&self, record: &Record) -> Result<(), TariffError> {
        if let Some((at, cell)) = record.cells().find(|(at, cell)| *at >= self.header.cells.len() && !cell.is_empty()) {
            let columns = self.header.cells.len();
            let message = format!(
                "'{}' stands in column {}, but the header has {columns}; put quotes around numbers with commas",
                one_line(cell),
                at + 1
            );
            return Err(self.error(record.line, message));
        }
        match record.cells().find(|(_, cell)| cell.contains('\n')) {
            Some((at, _)) => Err(self.error(
                record.line,
                format!("column '{}': a quote that opens here never closes on its line", self.column(at)),
            )),
            None => Ok(()),
        }
    }
}

fn records(file: &str, text: &str, delimiter: u8) -> Result<Vec<Record>, TariffError> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut lines = Lines::of_text(text);
    let mut records = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| TariffError {
            file: file.to_owned(),
            line: error.position().map_or(1, csv::Position::line),
            message: error.to_string(),
        })?;
        let line = lines.of(&record);
        let cells: Vec<String> = record.iter().map(|cell| trim(cell).to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            records.push(Record { line, cells });
        }
    }
    Ok(records)
}

/// Why there is no header, and what would be one.
fn no_header(text: &str) -> String {
    let first = text.lines().next().unwrap_or("");
    if first.contains("effective_date") {
        return "already in the columns of `data/rates.csv` or `data/volume_tiers.csv`; give it to --rates as it is"
            .to_owned();
    }
    if first.starts_with("PK") {
        return "a spreadsheet, not a CSV; save the sheet as CSV (UTF-8)".to_owned();
    }
    "no header of one of Meta's cards; a list card has Market,Currency,Marketing,Utility,Authentication,…, volume tiers \
     have Market,Currency and From,To,Rate type,Rate,vs. List rate for each category. Is a quote above it left open?"
        .to_owned()
}

/// Without blanks around it, be they no-break or of no width.
fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}

/// Text of several lines on one.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A heading without case, line breaks, punctuation and what stands in brackets: `Market\n(per rate card)` is `market`.
pub(super) fn heading(cell: &str) -> String {
    let plain = cell.split('(').next().unwrap_or("");
    plain.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The category that a heading names.
pub(super) fn category(cell: &str) -> Option<BilledCategory> {
    let name = heading(cell);
    let endings = ["rates", "rate", "conversations", "conversation", "messages", "message"];
    let name = endings.iter().fold(name.as_str(), |name, ending| name.strip_suffix(ending).unwrap_or(name));
    match name {
        "marketing" => Some(BilledCategory::Marketing),
        "marketinglite" => Some(BilledCategory::MarketingLite),
        "utility" => Some(BilledCategory::Utility),
        "authentication" => Some(BilledCategory::Authentication),
        "authenticationinternational" => Some(BilledCategory::AuthenticationInternational),
        "service" => Some(BilledCategory::Service),
        "businessinitiated" => Some(BilledCategory::BusinessInitiated),
        "userinitiated" => Some(BilledCategory::UserInitiated),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_whatever_their_dress() {
        assert_eq!(heading("Market\n(per rate card)"), "market");
        assert_eq!(category("AUTHENTICATION-\nInternational"), Some(BilledCategory::AuthenticationInternational));
        assert_eq!(category("Business-initiated conversation rate"), Some(BilledCategory::BusinessInitiated));
        assert_eq!(category("Meta Business Agent"), None);
        assert_eq!(trim("\u{a0} 0.1\u{200b} "), "0.1");
    }
}
