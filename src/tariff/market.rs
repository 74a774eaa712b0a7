//! From a recipient to a market: longest calling-code prefix, +1 by area code, each by date (R5, R6, Q2–Q4).

use std::collections::BTreeMap;

use crate::model::{Country, Day};

use super::table::{NamedText, Row, Table, TariffError};

/// A market of the rate cards, by position in the sorted list of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarketId(u8);

impl MarketId {
    /// Position in the sorted list of markets.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

const PREFIX_MAX_DIGITS: usize = 4;
/// Numbers with no more digits than that.
const STARTS: usize = 10_000;
/// What cuts so many digits off the end of a number.
const POWERS: [u64; 17] = powers();
const COUNTRIES: usize = 26 * 26 + 2;

/// Countries, their prefixes, and the market each belongs to on a date.
#[derive(Clone, Debug)]
pub struct Markets {
    names: Vec<String>,
    /// By number of digits, then by the digits: the country of a prefix.
    prefixes: [Vec<Option<Country>>; PREFIX_MAX_DIGITS],
    /// By the first digits of a number, as many as the longest prefix has: the country of the longest that it starts with.
    by_start: Vec<Country>,
    /// By country: its markets with their first day, oldest first. Empty = Other.
    by_country: Vec<Vec<(Day, MarketId)>>,
    other: MarketId,
}

struct MarketRow {
    line: u64,
    iso: String,
    codes: String,
    market: String,
    from: Day,
    to: Option<Day>,
}

impl Markets {
    /// Reads `markets.csv` and `nanp.csv` and checks that each country's rows follow each other without gap or overlap.
    pub fn read(markets: &NamedText, area_codes: &NamedText) -> Result<Markets, TariffError> {
        let table = Table::read(
            markets,
            &["iso_code", "calling_codes", "market", "valid_from", "valid_to"],
            &["country", "source", "note"],
        )?;
        let rows = table.rows().map(|row| market_row(&row)).collect::<Result<Vec<_>, _>>()?;
        let fail = |line, message| TariffError { file: markets.name.clone(), line, message };
        let mut names: Vec<String> = rows.iter().map(|row| row.market.clone()).collect();
        names.sort();
        names.dedup();
        let other =
            names.iter().position(|name| name == "Other").ok_or_else(|| fail(1, "no market 'Other'".to_owned()))?;
        let id =
            |index: usize| u8::try_from(index).map(MarketId).map_err(|_| fail(1, "more than 256 markets".to_owned()));
        let prefixes = std::array::from_fn(|digits| vec![None; 10_usize.pow(u32::try_from(digits).unwrap_or(0) + 1)]);
        let by_country = vec![Vec::new(); COUNTRIES];
        let mut book = Markets { other: id(other)?, prefixes, by_start: Vec::new(), by_country, names };
        for (country, rows) in rows_by_country(&rows).map_err(|(line, message)| fail(line, message))? {
            for row in rows {
                let market = book.named(&row.market).unwrap_or(book.other);
                book.by_country[country.index()].push((row.from, market));
                book.add_prefixes(country, &row.codes).map_err(|message| fail(row.line, message))?;
            }
        }
        book.read_area_codes(area_codes)?;
        book.by_start = (0..STARTS).map(|start| book.longest_prefix(start)).collect();
        Ok(book)
    }

    fn read_area_codes(&mut self, source: &NamedText) -> Result<(), TariffError> {
        // The bare prefix settles the market of a new area code, but not which country it is in (R6).
        self.prefixes[0][1] = Some(Country::PLUS_ONE);
        self.by_country[Country::PLUS_ONE.index()] = self.by_country[Country::US.index()].clone();
        let table = Table::read(source, &["area_code", "iso_code"], &[])?;
        for row in table.rows() {
            let iso = row.needed("iso_code")?;
            let country =
                Country::parse(iso).ok_or_else(|| row.error(format!("iso_code '{iso}' is not two letters")))?;
            let area_code = row.needed("area_code")?;
            self.add_prefix(country, &format!("1{area_code}")).map_err(|message| row.error(message))?;
        }
        Ok(())
    }

    /// `93`, or `7 (6, 7)` for a code shared with others, or `varies`.
    fn add_prefixes(&mut self, country: Country, codes: &str) -> Result<(), String> {
        match codes.split_once('(') {
            _ if codes == "varies" || codes == "1" => Ok(()),
            None => self.add_prefix(country, codes),
            Some((code, rest)) => {
                let prefixes = rest.trim_end_matches(')').split(',');
                prefixes
                    .map(str::trim)
                    .try_for_each(|prefix| self.add_prefix(country, &format!("{}{prefix}", code.trim())))
            }
        }
    }

    fn add_prefix(&mut self, country: Country, prefix: &str) -> Result<(), String> {
        let value: usize = prefix.parse().map_err(|_| format!("calling code '{prefix}' is no number"))?;
        let digits = prefix.len();
        if digits > PREFIX_MAX_DIGITS {
            return Err(format!("calling code '{prefix}' has more than {PREFIX_MAX_DIGITS} digits"));
        }
        let place = &mut self.prefixes[digits - 1][value];
        match place {
            Some(taken) if *taken != country => Err(format!("prefix {prefix} belongs to {taken} and {country}")),
            _ => {
                *place = Some(country);
                Ok(())
            }
        }
    }

    /// The country of a phone number, by its longest known prefix (R6).
    pub fn country_of(&self, e164: u64) -> Country {
        let digits = e164.checked_ilog10().unwrap_or(0) as usize + 1;
        match digits.checked_sub(PREFIX_MAX_DIGITS) {
            // No power that is left out: the largest number has twenty digits.
            Some(behind) => self.by_start[usize::try_from(e164 / POWERS[behind]).unwrap_or(0)],
            None => self.longest_prefix(usize::try_from(e164).unwrap_or(0)),
        }
    }

    /// The country of the longest known prefix of a number without more digits than that may have.
    fn longest_prefix(&self, number: usize) -> Country {
        let (mut prefix, mut digits) = (number, number.checked_ilog10().unwrap_or(0) as usize + 1);
        while digits > 0 {
            if let Some(country) = self.prefixes[digits - 1][prefix] {
                return country;
            }
            prefix /= 10;
            digits -= 1;
        }
        Country::UNLISTED
    }

    /// The market of a country on a day; before the table's first row, that row (Q2).
    pub fn market(&self, country: Country, day: Day) -> MarketId {
        let rows = &self.by_country[country.index()];
        let later = rows.partition_point(|(from, _)| *from <= day);
        rows.get(later.max(1) - 1).map_or(self.other, |(_, market)| *market)
    }

    /// The market of that name.
    pub fn named(&self, name: &str) -> Option<MarketId> {
        let index = self.names.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        u8::try_from(index).ok().map(MarketId)
    }

    /// The name of a market.
    pub fn name(&self, market: MarketId) -> &str {
        &self.names[market.index()]
    }

    /// All markets, sorted by name.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The known name most like `name`, for error messages.
    pub fn nearest(&self, name: &str) -> &str {
        let score = |known: &String| strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase());
        self.names.iter().max_by(|a, b| score(a).total_cmp(&score(b))).map_or("Other", String::as_str)
    }
}

const fn powers() -> [u64; 17] {
    let mut powers = [1; 17];
    let mut place = 1;
    while place < powers.len() {
        powers[place] = powers[place - 1] * 10;
        place += 1;
    }
    powers
}

fn market_row(row: &Row<'_>) -> Result<MarketRow, TariffError> {
    Ok(MarketRow {
        line: row.line,
        iso: row.needed("iso_code")?.to_owned(),
        codes: row.needed("calling_codes")?.to_owned(),
        market: row.needed("market")?.to_owned(),
        from: row.needed_day("valid_from")?,
        to: row.day("valid_to")?,
    })
}

/// Rows by country, oldest first; each must end the day before the next begins. The row `*` only says what Other is.
fn rows_by_country(rows: &[MarketRow]) -> Result<BTreeMap<Country, Vec<&MarketRow>>, (u64, String)> {
    let mut groups: BTreeMap<Country, Vec<&MarketRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.iso != "*") {
        let country =
            Country::parse(&row.iso).ok_or_else(|| (row.line, format!("iso_code '{}' is not two letters", row.iso)))?;
        groups.entry(country).or_default().push(row);
    }
    for rows in groups.values_mut() {
        rows.sort_by_key(|row| row.from);
        for pair in rows.windows(2) {
            if pair[0].to != Some(pair[1].from.previous()) {
                return Err((
                    pair[1].line,
                    format!("{}: rows overlap or leave a gap before {}", pair[1].iso, pair[1].from),
                ));
            }
        }
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_decides_in_numbers_of_any_length() {
        let named = |name: &str, text: &str| NamedText { name: name.to_owned(), text: text.to_owned() };
        let rows = "US,1,A,2022-01-01,\nRU,7,A,2022-01-01,\nKZ,\"7 (6, 70)\",A,2022-01-01,\nFI,358,A,2022-01-01,\n*,varies,Other,2022-01-01,\n";
        let markets = named("markets.csv", &format!("iso_code,calling_codes,market,valid_from,valid_to\n{rows}"));
        let markets = Markets::read(&markets, &named("nanp.csv", "area_code,iso_code\n201,US\n")).unwrap();
        let shown = |number: &str| markets.country_of(number.parse().unwrap()).to_string();
        for (start, country) in
            [("7", "RU"), ("76", "KZ"), ("77", "RU"), ("770", "KZ"), ("358", "FI"), ("1201", "US"), ("1202", "+1")]
        {
            for digits in start.len()..=19 {
                assert_eq!(shown(&format!("{start:1<digits$}")), country, "{start} and {digits} digits in all");
            }
            assert_eq!(shown(start), country);
        }
        for other in ["0", "35", "359", "3599999999", "18446744073709551615", "9999", "10000"] {
            let country = if other.starts_with('1') { "+1" } else { "unlisted" };
            assert_eq!(shown(other), country, "{other}");
        }
    }
}
