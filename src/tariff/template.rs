//! `templates.csv`: the category each template had at a time, for logs that give only its name (R70).

use std::collections::BTreeSet;

use crate::model::{Day, Instant, TemplateCategory, TemplateChange};

use super::account::Account;
use super::calendar::LocalCalendar;
use super::table::{NamedText, Row, Table, TariffError};
use super::template_span::TemplateSpan;

/// One bound of a row's validity.
#[derive(Clone, Copy, Debug)]
enum Bound {
    /// A local day of the WABA, inclusive at both ends.
    Day(Day),
    /// An instant: from is inclusive, to exclusive.
    At(Instant),
}

#[derive(Clone, Debug)]
struct TemplateRow {
    waba_id: String,
    id: String,
    name: String,
    language: String,
    category: TemplateCategory,
    from: Option<Bound>,
    to: Option<Bound>,
}

/// All templates with their dated categories.
#[derive(Clone, Debug, Default)]
pub struct TemplateBook {
    rows: Vec<TemplateRow>,
}

const COLUMNS: [&str; 6] = ["waba_id", "template_id", "template_name", "template_language", "valid_from", "valid_to"];

impl TemplateBook {
    /// Reads `templates.csv`. A row needs its category and an id or a name.
    pub fn read(source: &NamedText) -> Result<TemplateBook, TariffError> {
        let table = Table::read(source, &["template_category"], &COLUMNS)?;
        let mut rows: Vec<TemplateRow> = Vec::new();
        for row in table.rows() {
            let read = template_row(&row)?;
            if rows.iter().any(|other| other.contradicts(&read)) {
                let name = if read.name.is_empty() { &read.id } else { &read.name };
                return Err(row.error(format!("another row gives '{name}' a different category from the same date on")));
            }
            rows.push(read);
        }
        Ok(TemplateBook { rows })
    }

    /// The same with the changes that a log tells of: what they say is dated to the moment, so it beats a row without dates.
    #[must_use]
    pub fn with_changes(&self, changes: &BTreeSet<TemplateChange>) -> TemplateBook {
        let mut book = self.clone();
        for span in TemplateSpan::of(changes) {
            let row = TemplateRow {
                waba_id: span.change.waba_id.clone(),
                id: span.change.template_id.clone(),
                name: span.change.template_name.clone(),
                language: span.change.template_language.clone(),
                category: span.category,
                from: span.from.map(Bound::At),
                to: span.to.map(Bound::At),
            };
            book.rows.push(row);
        }
        book
    }

    /// Whether the template changed its category within the local month of `sent`, so that a mistake about the moment would matter.
    pub fn changed_in_month(
        &self,
        account: &Account,
        calendar: &LocalCalendar,
        id: &str,
        name: &str,
        sent: Instant,
    ) -> bool {
        let month = calendar.day(sent).month();
        let own = |row: &&TemplateRow| {
            let named = if id.is_empty() || row.id.is_empty() { row.name == name } else { row.id == id };
            named && (row.waba_id.is_empty() || row.waba_id == account.waba_id)
        };
        self.rows.iter().filter(own).any(|row| {
            let day = match row.from {
                None => return false,
                Some(Bound::Day(day)) => day,
                Some(Bound::At(at)) => calendar.day_anywhere(at),
            };
            // From the first day on, the whole month has one category.
            day.month() == month && day.previous().month() == month
        })
    }

    /// Whether there is nothing to join.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The category at `sent`: by id, else by WABA, name and language, else by WABA and name if that leaves one category.
    pub fn category(
        &self,
        account: &Account,
        calendar: &LocalCalendar,
        id: &str,
        name: &str,
        language: &str,
        sent: Instant,
    ) -> Option<TemplateCategory> {
        let day = calendar.day(sent);
        let valid =
            |row: &&TemplateRow| row.holds(sent, day) && (row.waba_id.is_empty() || row.waba_id == account.waba_id);
        let newest = |matches: &dyn Fn(&TemplateRow) -> bool| {
            let rows = self.rows.iter().filter(valid).filter(|row| matches(row));
            rows.max_by_key(|row| row.from.map(Bound::order)).map(|row| row.category)
        };
        let by_id = || if id.is_empty() { None } else { newest(&|row| row.id == id) };
        let by_language =
            || if language.is_empty() { None } else { newest(&|row| row.name == name && row.language == language) };
        by_id().or_else(|| if name.is_empty() { None } else { by_language().or_else(|| self.by_name(name, &valid)) })
    }

    fn by_name(&self, name: &str, valid: &dyn Fn(&&TemplateRow) -> bool) -> Option<TemplateCategory> {
        let rows: Vec<&TemplateRow> = self.rows.iter().filter(|row| valid(row) && row.name == name).collect();
        let newest = rows.iter().map(|row| row.from.map(Bound::order)).max()?;
        let mut categories = rows.iter().filter(|row| row.from.map(Bound::order) == newest).map(|row| row.category);
        let first = categories.next()?;
        categories.all(|category| category == first).then_some(first)
    }
}

impl TemplateRow {
    /// The same template from the same moment, with another category: the order of the rows would decide.
    fn contradicts(&self, other: &TemplateRow) -> bool {
        let key = |row: &TemplateRow| {
            let names = [&row.waba_id, &row.id, &row.name, &row.language].map(String::clone);
            (names, row.from.map(Bound::order))
        };
        key(self) == key(other) && self.category != other.category
    }

    fn holds(&self, sent: Instant, day: Day) -> bool {
        let begun = match self.from {
            None => true,
            Some(Bound::Day(from)) => from <= day,
            Some(Bound::At(from)) => from <= sent,
        };
        let over = match self.to {
            None => false,
            Some(Bound::Day(to)) => to < day,
            Some(Bound::At(to)) => to <= sent,
        };
        begun && !over
    }
}

impl Bound {
    /// For "the newest row wins" where two rows meet on a day.
    fn order(self) -> u64 {
        match self {
            Bound::Day(day) => u64::try_from(day.epoch_days()).unwrap_or(0) * crate::model::DAY.as_ms(),
            Bound::At(at) => at.as_ms(),
        }
    }
}

fn template_row(row: &Row<'_>) -> Result<TemplateRow, TariffError> {
    let (id, name) = (row.get("template_id"), row.get("template_name"));
    if id.is_empty() && name.is_empty() {
        return Err(row.error("neither template_id nor template_name"));
    }
    let text = row.needed("template_category")?;
    let unknown = || row.error(format!("template_category '{text}' is not marketing, utility or authentication"));
    let (from, to) = (bound(row, "valid_from")?, bound(row, "valid_to")?);
    if from.zip(to).is_some_and(|(from, to)| to.order() < from.order()) {
        return Err(row.error("valid_to is before valid_from"));
    }
    Ok(TemplateRow {
        waba_id: row.get("waba_id").to_owned(),
        id: id.to_owned(),
        name: name.to_owned(),
        language: row.get("template_language").to_owned(),
        category: TemplateCategory::parse(text).ok_or_else(unknown)?,
        from,
        to,
    })
}

fn bound(row: &Row<'_>, column: &str) -> Result<Option<Bound>, TariffError> {
    let text = row.get(column);
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(day) = Day::parse(text) {
        return Ok(Some(Bound::Day(day)));
    }
    let at = chrono::DateTime::parse_from_rfc3339(text).ok().and_then(|at| u64::try_from(at.timestamp_millis()).ok());
    let at = at.and_then(Instant::from_ms).map(Bound::At);
    at.map(Some).ok_or_else(|| row.error(format!("{column} '{text}' is neither a date nor an RFC 3339 time")))
}
