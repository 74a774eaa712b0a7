//! Reads inputs as the engine does, and keeps what came of them as tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use wabill::chat::Intake;
use wabill::model::{CanonicalRow, Column, Instant, RejectCode, Rejection, TemplateChange};
use wabill::read::{
    Input, OneByOne, ReadError, ReadOptions, ReadProgress, Refused, Sink, Tells, UnknownKind, observe, open, read_input,
};
use wabill::tariff::{Tariff, TariffOptions};

/// What came of an input.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) rejections: Vec<Rejection>,
    pub(crate) unknown: BTreeMap<(UnknownKind, String), u64>,
    pub(crate) tells: Vec<Tells>,
    /// What the reader says.
    pub(crate) count: u64,
}

struct Collector<'c> {
    collected: &'c mut Collected,
    options: &'c ReadOptions,
    intake: Intake,
    tariff: Tariff,
}

impl Sink for Collector<'_> {
    type Batch = OneByOne;

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let observation = observe(row, self.options.input_zone)?;
        let taken = self.intake.add(&observation, &self.tariff.markets);
        taken.map_err(|(code, message)| Refused { code, message })?;
        for (column, text) in &observation.unknown {
            self.unknown(UnknownKind::Value, &format!("{}={text}", column.name()));
        }
        self.collected.rows.push(Column::ALL.map(|column| row.get(column).to_owned()).to_vec());
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        self.collected.rejections.push(rejection);
        Ok(())
    }

    fn tells(&mut self, what: Tells) {
        if !self.collected.tells.contains(&what) {
            self.collected.tells.push(what);
        }
    }

    fn link(&mut self, _: &str, _: &str, _: Instant) {}

    fn template(&mut self, _: TemplateChange) {}

    fn unknown(&mut self, kind: UnknownKind, name: &str) {
        *self.collected.unknown.entry((kind, name.to_owned())).or_default() += 1;
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

/// Reads a file.
pub(crate) fn read(path: &Path, options: &ReadOptions) -> Result<Collected, ReadError> {
    read_named(&Input::File(path.to_owned()), options)
}

/// Reads some bytes as if they were a file.
pub(crate) fn read_bytes(bytes: &[u8], options: &ReadOptions) -> Result<Collected, ReadError> {
    read_named(&Input::Embedded("log", bytes.to_vec().leak()), options)
}

fn read_named(input: &Input, options: &ReadOptions) -> Result<Collected, ReadError> {
    let progress = ReadProgress::default();
    let mut opened = open(input, &progress)?;
    let mut collected = Collected::default();
    let tariff = Tariff::load(&TariffOptions::default()).expect("the embedded tables are sound");
    let mut sink = Collector { collected: &mut collected, options, intake: Intake::default(), tariff };
    let count = read_input(&mut opened, &input.name(), options, &mut sink)?;
    collected.count = count;
    Ok(collected)
}

impl Collected {
    /// The rows as CSV: columns that some row fills, in the canonical order.
    pub(crate) fn table(&self) -> String {
        let used: Vec<usize> =
            (0..Column::COUNT).filter(|place| self.rows.iter().any(|row| !row[*place].is_empty())).collect();
        let header: Vec<&str> = used.iter().map(|place| Column::ALL[*place].name()).collect();
        let rows = self.rows.iter().map(|row| used.iter().map(|place| row[*place].as_str()).collect());
        csv(std::iter::once(header).chain(rows))
    }

    /// Rejected rows as CSV.
    pub(crate) fn rejected(&self) -> String {
        let rows = self.rejections.iter().map(|one| vec![one.location.line.to_string(), one.code.name().to_owned()]);
        csv(std::iter::once(vec!["line".to_owned(), "code".to_owned()]).chain(rows))
    }

    /// Counted names as CSV.
    pub(crate) fn counted(&self) -> String {
        let row = |((kind, name), count): (&(UnknownKind, String), &u64)| {
            vec![kind.name().to_owned(), name.clone(), count.to_string()]
        };
        let header = ["kind", "name", "count"].map(str::to_owned).to_vec();
        csv(std::iter::once(header).chain(self.unknown.iter().map(row)))
    }

    pub(crate) fn codes(&self) -> Vec<RejectCode> {
        self.rejections.iter().map(|one| one.code).collect()
    }

    /// The texts of one column.
    pub(crate) fn column(&self, column: Column) -> Vec<&str> {
        self.rows.iter().map(|row| row[column as usize].as_str()).collect()
    }
}

fn csv<T: AsRef<[u8]>>(rows: impl Iterator<Item = Vec<T>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8")
}

/// A fixture: a log of a provider.
#[derive(Clone, Debug)]
pub(crate) struct Fixture {
    pub(crate) path: PathBuf,
    /// Its mapping: the name up to the first dot.
    pub(crate) mapping: String,
}

impl Fixture {
    /// A file beside it, with another ending.
    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        self.path.with_extension(ending)
    }

    pub(crate) fn options(&self) -> ReadOptions {
        let args = std::fs::read_to_string(self.beside("args")).unwrap_or_default();
        let zone = args.trim().strip_prefix("--input-tz ").map(|name| name.parse().expect("a zone"));
        ReadOptions { input_zone: zone, ..ReadOptions::default() }
    }
}

/// All fixtures, in the order of their names.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/providers");
    let mut found: Vec<Fixture> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let is_log = path.extension().is_some_and(|end| end == "csv" || end == "jsonl");
            is_log && !["expected", "rejected", "unknown"].iter().any(|kind| name.ends_with(&format!(".{kind}.csv")))
        })
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            Fixture { mapping: name.split('.').next().expect("a name").to_owned(), path }
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
