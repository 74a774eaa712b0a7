//! Reading small tables (rate cards, side files): CSV with a header, every fault named by file, line and field.

use std::fmt::Display;

use crate::model::{Currency, Day, Money};

/// A text with the name that errors show.
#[derive(Clone, Debug)]
pub struct NamedText {
    /// File name as the user gave it, or the name within `data/`.
    pub name: String,
    /// The content.
    pub text: String,
}

/// A table that cannot be used. Stops a run before any work (exit code 2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct TariffError {
    /// The table's name.
    pub file: String,
    /// Line of the faulty row; 1 is the header.
    pub line: u64,
    /// What is wrong, and what would be accepted.
    pub message: String,
}

/// A table with the positions of its known columns.
pub(super) struct Table<'a> {
    name: &'a str,
    columns: Vec<(&'static str, Option<usize>)>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row of a [`Table`].
pub(super) struct Row<'t> {
    table: &'t Table<'t>,
    pub(super) line: u64,
    record: &'t csv::StringRecord,
}

impl<'a> Table<'a> {
    /// Reads a table. `required` columns must be there, `optional` ones may be; others are ignored unless their name looks like a
    /// misspelt known one, which would silently change a bill.
    pub(super) fn read(
        source: &'a NamedText,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Table<'a>, TariffError> {
        let fail = |line, message| TariffError { file: source.name.clone(), line, message };
        // The reader counts the line ends of spreadsheets one too low.
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text).replace("\r\n", "\n");
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| fail(1, error.to_string()))?.clone();
        let mut columns = Vec::new();
        for &name in required.iter().chain(optional) {
            columns.push((name, header.iter().position(|column| column == name)));
            if header.iter().filter(|column| *column == name).count() > 1 {
                return Err(fail(1, format!("column '{name}' stands twice in the header")));
            }
        }
        if let Some((missing, _)) = columns.iter().take(required.len()).find(|(_, at)| at.is_none()) {
            return Err(fail(1, format!("no column '{missing}'; the header needs {}", required.join(","))));
        }
        refuse_misspelt(&header, &columns).map_err(|message| fail(1, message))?;
        let mut rows = Vec::new();
        let mut lines = Lines::of_text(&text);
        for record in reader.records() {
            let record =
                record.map_err(|error| fail(error.position().map_or(1, csv::Position::line), csv_fault(&error)))?;
            let line = lines.of(&record);
            // No column of these tables holds text of several lines.
            if record.iter().any(|field| field.contains('\n')) {
                return Err(fail(line, "a quote that opens a field here never closes on its line".to_owned()));
            }
            rows.push((line, record));
        }
        Ok(Table { name: &source.name, columns, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { table: self, line: *line, record })
    }
}

/// Counts lines up to the start of each record. The reader's own count stops at blank lines before it.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    /// At the start of a text whose lines end in `\n` alone.
    pub(super) fn of_text(text: &'a str) -> Lines<'a> {
        Lines { text, at: 0, line: 1 }
    }

    /// The line of the next record.
    pub(super) fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let start = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let blank = self.text[start..].bytes().take_while(|byte| *byte == b'\n').count();
        self.line += memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..start + blank]).count() as u64;
        self.at = start + blank;
        self.line
    }
}

fn refuse_misspelt(header: &csv::StringRecord, columns: &[(&'static str, Option<usize>)]) -> Result<(), String> {
    let known = |name: &str| columns.iter().any(|(column, _)| *column == name);
    for name in header.iter().filter(|name| !known(name)) {
        let near = columns
            .iter()
            .find(|(column, at)| at.is_none() && strsim::damerau_levenshtein(column, &name.to_lowercase()) <= 2);
        if let Some((column, _)) = near {
            return Err(format!("unknown column '{name}'; did you mean '{column}'?"));
        }
    }
    Ok(())
}

fn csv_fault(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields where the header has {expected_len}")
        }
        _ => error.to_string(),
    }
}

impl<'t> Row<'t> {
    /// The text of a column, empty where the column is absent.
    pub(super) fn get(&self, column: &str) -> &'t str {
        let at = self.table.columns.iter().find(|(name, _)| *name == column).and_then(|(_, at)| *at);
        at.and_then(|at| self.record.get(at)).unwrap_or("")
    }

    /// An error about this row.
    pub(super) fn error(&self, message: impl Display) -> TariffError {
        TariffError { file: self.table.name.to_owned(), line: self.line, message: message.to_string() }
    }

    /// A column that must not be empty.
    pub(super) fn needed(&self, column: &str) -> Result<&'t str, TariffError> {
        match self.get(column) {
            "" => Err(self.error(format!("{column} is empty"))),
            text => Ok(text),
        }
    }

    /// A date, if the column is not empty.
    pub(super) fn day(&self, column: &str) -> Result<Option<Day>, TariffError> {
        match self.get(column) {
            "" => Ok(None),
            text => Day::parse(text)
                .map(Some)
                .ok_or_else(|| self.error(format!("{column} '{text}' is no date; write YYYY-MM-DD"))),
        }
    }

    /// A date that must be there.
    pub(super) fn needed_day(&self, column: &str) -> Result<Day, TariffError> {
        self.needed(column)?;
        self.day(column)?.ok_or_else(|| self.error(format!("{column} is empty")))
    }

    /// A currency code that must be there.
    pub(super) fn currency(&self, column: &str) -> Result<Currency, TariffError> {
        let text = self.needed(column)?;
        Currency::parse(text).ok_or_else(|| self.error(format!("{column} '{text}' is no currency code such as USD")))
    }

    /// An exact amount that must be there.
    pub(super) fn money(&self, column: &str) -> Result<Money, TariffError> {
        Money::parse(self.needed(column)?).map_err(|error| self.error(format!("{column}: {error}")))
    }

    /// A whole number from 0, if the column is not empty.
    pub(super) fn count(&self, column: &str) -> Result<Option<u64>, TariffError> {
        match self.get(column) {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|_| self.error(format!("{column} '{text}' is no whole number from 0")))
            }
        }
    }
}
