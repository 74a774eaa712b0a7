//! Reads an input into rows of text, the way `convert` prints them.

use std::collections::BTreeMap;

use wabill::chat::Intake;
use wabill::model::{CanonicalRow, Column, Instant, Rejection, TemplateChange};
use wabill::read::{
    Input, OneByOne, ReadError, ReadOptions, ReadProgress, Refused, Sink, Tells, UnknownKind, observe, open,
    parse_time, read_input,
};
use wabill::tariff::{Tariff, TariffOptions};

/// Everything an input says.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; Column::COUNT]>,
    pub(crate) rejected: Vec<[String; 2]>,
    pub(crate) unknown: BTreeMap<[String; 2], u64>,
    pub(crate) links: Vec<[String; 3]>,
    pub(crate) templates: Vec<[String; 7]>,
    tells_delivery: bool,
    /// Rejections that do not say why.
    pub(crate) silent: u64,
}

struct Collector {
    table: Table,
    intake: Intake,
    tariff: Tariff,
}

impl Sink for Collector {
    type Batch = OneByOne;

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let observation = observe(row, None)?;
        let taken = self.intake.add(&observation, &self.tariff.markets);
        taken.map_err(|(code, message)| Refused { code, message })?;
        for (column, text) in &observation.unknown {
            self.count(UnknownKind::Value, format!("{}={text}", platform_name(*column)));
        }
        self.table.rows.push(Column::ALL.map(|column| shown(column, row.get(column))));
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        self.table.rejected.push([rejection.location.line.to_string(), rejection.code.name().to_owned()]);
        self.table.silent += u64::from(rejection.message.is_empty());
        Ok(())
    }

    fn tells(&mut self, what: Tells) {
        self.table.tells_delivery |= what == Tells::Delivery;
    }

    fn link(&mut self, old: &str, new: &str, at: Instant) {
        self.table.links.push([old.to_owned(), new.to_owned(), at.to_string()]);
    }

    fn template(&mut self, change: TemplateChange) {
        let row = |category: &str, from: String, to: String| {
            let names = [&change.waba_id, &change.template_id, &change.template_name, &change.template_language];
            let [waba, id, name, language] = names.map(String::clone);
            [waba, id, name, language, category.to_owned(), from, to]
        };
        if let Some(before) = change.before {
            self.table.templates.push(row(before.name(), String::new(), change.at.to_string()));
        }
        self.table.templates.push(row(change.after.name(), change.at.to_string(), String::new()));
    }

    fn unknown(&mut self, kind: UnknownKind, name: &str) {
        self.count(kind, name.to_owned());
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

impl Collector {
    fn count(&mut self, kind: UnknownKind, name: String) {
        *self.table.unknown.entry([kind.name().to_owned(), name]).or_default() += 1;
    }
}

/// The fixtures name unknown values as webhooks do.
fn platform_name(column: Column) -> &'static str {
    match column {
        Column::MessageType => "type",
        Column::PricingModel => "pricing.pricing_model",
        Column::PricingType => "pricing.type",
        Column::PricingCategory => "pricing.category",
        Column::PricingSubtype => "pricing.subtype",
        Column::Billable => "pricing.billable",
        Column::ConversationOrigin => "conversation.origin.type",
        other => other.name(),
    }
}

fn shown(column: Column, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    match column {
        Column::PricingCategory | Column::ConversationOrigin => text.to_lowercase().replace('-', "_"),
        _ if Column::TIMES.contains(&column) => parse_time(text, None).expect("a row that was taken").to_string(),
        _ => text.to_owned(),
    }
}

/// Reads a file.
pub(crate) fn read(path: &std::path::Path, max_line: Option<usize>) -> Table {
    let tariff = Tariff::load(&TariffOptions::default()).expect("the embedded tariff");
    let mut collector = Collector { table: Table::default(), intake: Intake::default(), tariff };
    let progress = ReadProgress::default();
    let mut opened = open(&Input::File(path.to_owned()), &progress).expect("the fixture");
    let mut options = ReadOptions::default();
    options.max_line = max_line.unwrap_or(options.max_line);
    options.format = Some(wabill::read::Format::Webhooks);
    read_input(&mut opened, "fixture", &options, &mut collector).expect("nothing stops the reading");
    collector.table
}

impl Table {
    /// The rows in the columns that hold something, as records.
    pub(crate) fn records(&self) -> Vec<Vec<String>> {
        let used = |column: &Column| {
            let at = *column as usize;
            self.rows.iter().any(|row| !row[at].is_empty()) || (*column == Column::DeliveredAt && self.tells_delivery)
        };
        let columns: Vec<Column> = Column::ALL.into_iter().filter(used).collect();
        if self.rows.is_empty() {
            return Vec::new();
        }
        let header = columns.iter().map(|column| column.name().to_owned()).collect();
        let record =
            |row: &[String; Column::COUNT]| columns.iter().map(|column| row[*column as usize].clone()).collect();
        std::iter::once(header).chain(self.rows.iter().map(record)).collect()
    }
}
