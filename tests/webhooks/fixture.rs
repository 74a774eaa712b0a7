//! One fixture: an input and what it must give.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::table::{Table, read};

pub(crate) struct Fixture {
    pub(crate) name: String,
    input: PathBuf,
}

/// All fixtures, by name.
pub(crate) fn all() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/webhooks");
    let mut fixtures: Vec<Fixture> = fs::read_dir(folder)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json" || ending == "jsonl"))
        .map(|input| Fixture { name: input.file_stem().expect("a name").to_string_lossy().into_owned(), input })
        .collect();
    fixtures.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(fixtures.len() > 100, "{} fixtures", fixtures.len());
    fixtures
}

impl Fixture {
    pub(crate) fn check(&self) -> Result<(), String> {
        let max_line = self.beside("args").map(|text| {
            let number = text.trim().strip_prefix("--max-line ").expect("no other switch is used");
            number.parse().expect("a number")
        });
        let table = read(&self.input, max_line);
        if table.silent > 0 {
            return Err("a rejection does not say why".to_owned());
        }
        let header = |names: &str| names.split(',').map(str::to_owned).collect::<Vec<_>>();
        let unknown = |table: &Table| {
            let row = |([kind, name], count): (&[String; 2], &u64)| vec![kind.clone(), name.clone(), count.to_string()];
            table.unknown.iter().map(row).collect::<Vec<_>>()
        };
        let with = |names: &str, rows: Vec<Vec<String>>| -> Vec<Vec<String>> {
            if rows.is_empty() { rows } else { std::iter::once(header(names)).chain(rows).collect() }
        };
        let faults: Vec<String> = [
            ("csv", table.records()),
            ("rejected.csv", with("line,code", table.rejected.iter().map(|row| row.to_vec()).collect())),
            ("unknown.csv", with("kind,name,count", unknown(&table))),
            (
                "aliases.csv",
                with("old_customer_id,new_customer_id,at", table.links.iter().map(|row| row.to_vec()).collect()),
            ),
            (
                "templates.csv",
                with(
                    "waba_id,template_id,template_name,template_language,template_category,valid_from,valid_to",
                    table.templates.iter().map(|row| row.to_vec()).collect(),
                ),
            ),
        ]
        .into_iter()
        .filter_map(|(ending, found)| difference(ending, &self.expected(ending), &found))
        .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    fn beside(&self, ending: &str) -> Option<String> {
        fs::read_to_string(self.input.with_extension(ending)).ok()
    }

    /// The expected records, none if there is no such file.
    fn expected(&self, ending: &str) -> Vec<Vec<String>> {
        let text = self.beside(ending);
        assert!(text.is_some() || ending != "csv", "{} has no expected rows", self.name);
        let text = text.unwrap_or_default();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let record = |record: csv::Result<csv::StringRecord>| {
            record.expect("a record").iter().map(str::to_owned).collect::<Vec<_>>()
        };
        reader.records().map(record).collect()
    }
}

fn difference(what: &str, expected: &[Vec<String>], found: &[Vec<String>]) -> Option<String> {
    if expected == found {
        return None;
    }
    let lines = |records: &[Vec<String>]| records.iter().map(|record| record.join(",")).collect::<Vec<_>>();
    let (expected, found) = (lines(expected), lines(found));
    let mut text = format!("{what} differs:");
    for at in 0..expected.len().max(found.len()) {
        let [own, other] = [&expected, &found].map(|lines| lines.get(at).map_or("(none)", String::as_str));
        if own != other {
            let _ = write!(text, "\n  {:>3} expected {own}\n      found    {other}", at + 1);
        }
    }
    Some(text)
}
