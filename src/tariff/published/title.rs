//! The title line: `Cost per message in USD on the WhatsApp Business Platform, effective October 1, 2026`.

use std::path::Path;

use crate::model::{Currency, Day};
use crate::tariff::table::TariffError;

use super::sheet::{Record, Sheet, one_line};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What the lines above the header say.
pub(super) struct Title {
    /// The first of them, on one line; empty if there is none.
    pub(super) text: String,
    pub(super) currency: Option<Currency>,
    date: Date,
}

enum Date {
    None,
    /// The word stands in this line, but no date after it that can be read.
    Unreadable(u64),
    On(Day),
}

impl Title {
    pub(super) fn read(sheet: &Sheet<'_>) -> Title {
        let text = sheet.above.first().map(whole_line).unwrap_or_default();
        let mut date = Date::None;
        for record in &sheet.above {
            match (effective(&whole_line(record)), &date) {
                (After::Date(day), Date::None | Date::Unreadable(_)) => date = Date::On(day),
                (After::NoDate, Date::None) => date = Date::Unreadable(record.line),
                _ => {}
            }
        }
        Title { currency: currency(&text), text, date }
    }

    pub(super) fn day(&self) -> Option<Day> {
        match self.date {
            Date::On(day) => Some(day),
            Date::None | Date::Unreadable(_) => None,
        }
    }

    pub(super) fn needed_day(&self, sheet: &Sheet<'_>) -> Result<Day, TariffError> {
        let remedy = "write 'effective October 1, 2026' or give the first day with --effective";
        match self.date {
            Date::On(day) => Ok(day),
            Date::Unreadable(line) => {
                Err(sheet.error(line, format!("no date can be read after 'effective' in the title; {remedy}")))
            }
            Date::None => Err(sheet.error(1, format!("the title does not say from when the rates hold; {remedy}"))),
        }
    }

    /// Where the rows come from: the file's own name and the title.
    pub(super) fn source(&self, file: &str) -> String {
        let name =
            Path::new(file).file_name().map_or_else(|| file.to_owned(), |name| name.to_string_lossy().into_owned());
        if self.text.is_empty() { one_line(&name) } else { format!("{}: {}", one_line(&name), self.text) }
    }
}

/// All cells that say something: without quotes, the comma before the year has cut a title in two.
fn whole_line(record: &Record) -> String {
    record.cells().filter(|(_, cell)| !cell.is_empty()).map(|(_, cell)| one_line(cell)).collect::<Vec<_>>().join(", ")
}

/// What stands after the word `effective`.
#[derive(Debug, PartialEq, Eq)]
enum After {
    /// There is no such word.
    NoWord,
    /// Nothing that can be read as a date.
    NoDate,
    Date(Day),
}

fn effective(text: &str) -> After {
    let lower = text.to_lowercase();
    let Some((_, after)) = lower.split_once("effective") else { return After::NoWord };
    let separates = |c: char| c.is_whitespace() || ",;:()\"".contains(c);
    let mut words = after.split(separates).filter(|word| !word.is_empty()).peekable();
    while words.next_if(|word| ["on", "from", "as", "of", "date", "since", "starting"].contains(word)).is_some() {}
    let words: Vec<&str> = words.take(3).collect();
    let in_figures = words.first().and_then(|word| Day::parse(word.trim_end_matches('.')));
    let day = in_figures.or_else(|| match words[..] {
        [first, second, year] => in_words(first, second, year).or_else(|| in_words(second, first, year)),
        _ => None,
    });
    day.map_or(After::NoDate, After::Date)
}

fn in_words(month: &str, day: &str, year: &str) -> Option<Day> {
    let month = month.trim_end_matches('.');
    let known = |name: &&str| **name == *month || (month.len() >= 3 && month.len() <= 4 && name.starts_with(month));
    let number = (1..).zip(&MONTHS).find(|(_, name)| known(name)).map(|(number, _)| number)?;
    let day = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    let year = year.trim_end_matches('.');
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year) || !digits(day) {
        return None;
    }
    Day::from_ymd(year.parse().ok()?, number, day.parse().ok()?)
}

/// The code after `in`, in capitals.
fn currency(text: &str) -> Option<Currency> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let code = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        Currency::parse(word).filter(|_| word.bytes().all(|b| b.is_ascii_uppercase()))
    };
    words.windows(2).filter(|pair| pair[0].eq_ignore_ascii_case("in")).find_map(|pair| code(pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_words_and_figures() {
        for text in [
            "Cost per message in USD, effective October 1, 2026",
            "EFFECTIVE OCT. 1ST 2026 - Reflecting volume tiers",
            "effective from 1 October 2026.",
            "(effective as of: 2026-10-01)",
        ] {
            assert_eq!(effective(text), After::Date(Day::parse("2026-10-01").unwrap()), "{text}");
        }
        for text in
            ["effective until 31 May 2026", "effective Octember 1, 2026", "effective February 30, 2026", "effective"]
        {
            assert_eq!(effective(text), After::NoDate, "{text}");
        }
        assert_eq!(effective("We charge per message"), After::NoWord);
    }

    #[test]
    fn the_currency_stands_after_in() {
        assert_eq!(
            currency("Cost per message in INR on the platform").map(|own| own.to_string()).as_deref(),
            Some("INR")
        );
        assert_eq!(currency("Rates in any market"), None);
    }
}
