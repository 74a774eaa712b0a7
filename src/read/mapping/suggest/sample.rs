//! The first records of a log, each as texts by their source.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde_json::Value;

use crate::model::{CanonicalRow, Instant, Rejection, TemplateChange};
use crate::read::json::{Document, Documents, parse_tree};
use crate::read::table_reader::{TableReader, Taken};
use crate::read::{OneByOne, ReadError, ReadOptions, Refused, Sink, Tells, UnknownKind};

use super::super::detect::delimiter;
use super::words::likeness;

/// Records looked at.
const RECORDS: usize = 1000;
/// Bytes looked at.
const BYTES: u64 = 8 << 20;
/// Levels of objects within a record.
const DEPTH: usize = 5;

/// Texts of a record by their source.
pub(super) type Sampled = BTreeMap<String, String>;

/// Records that stand at one path.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) path: String,
    /// Sources in the order of the log.
    pub(super) sources: Vec<String>,
    pub(super) records: Vec<Sampled>,
}

impl Group {
    fn add(&mut self, texts: Vec<(String, String)>) {
        let mut known: BTreeSet<String> = self.sources.iter().cloned().collect();
        for (source, _) in &texts {
            if known.insert(source.clone()) {
                self.sources.push(source.clone());
            }
        }
        self.records.push(texts.into_iter().filter(|(_, text)| !text.is_empty()).collect());
    }
}

/// The records of a table.
pub(super) fn of_table(reader: impl Read, name: &str, options: &ReadOptions) -> Result<Group, ReadError> {
    let mut table = TableReader::new(reader.take(BYTES), name, options, b',');
    let between = delimiter(table.first_line()?);
    table.delimit(between);
    let names = table.header(|split| Ok(split.texts()))?;
    let mut group = Group { sources: names.clone(), ..Group::default() };
    table.read_rows(names.len(), &mut Nowhere, |split, _| {
        if group.records.len() < RECORDS {
            let mut texts = Vec::new();
            for (source, cell) in names.iter().zip(split.texts()) {
                match serde_json::from_str::<Value>(&cell) {
                    Ok(value @ Value::Object(_)) => flatten(&value, source, 1, &mut texts),
                    _ if ["NULL", "\\N"].contains(&cell.as_str()) => {}
                    _ => texts.push((source.clone(), cell)),
                }
            }
            group.add(texts);
        }
        Ok(Taken::Row)
    })?;
    Ok(group)
}

/// The records of JSON documents, by the list they stand in.
pub(super) fn of_json(reader: impl Read, name: &str, options: &ReadOptions) -> Result<Vec<Group>, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let mut documents = Documents::new(reader.take(BYTES), options.max_line);
    let mut groups: Vec<Group> = Vec::new();
    let mut seen = 0;
    while seen < RECORDS {
        let Some(document) = documents.next(parse_tree).map_err(io)? else {
            break;
        };
        seen += 1;
        let Document::Good(document) = document else { continue };
        for (path, record) in records(&document) {
            let mut texts = Vec::new();
            flatten(record, "", 0, &mut texts);
            if !path.is_empty() {
                let around = document.as_object().into_iter().flatten().filter(|(_, value)| !value.is_object());
                for (key, value) in around {
                    flatten(value, &format!("$.{key}"), DEPTH, &mut texts);
                }
            }
            let place = groups.iter().position(|group| group.path == path).unwrap_or_else(|| {
                groups.push(Group { path, ..Group::default() });
                groups.len() - 1
            });
            groups[place].add(texts);
        }
    }
    Ok(groups)
}

/// The records of a document: the elements of lists of things that have an id, else the document.
fn records(document: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    lists(document, "", 0, &mut found);
    if found.is_empty() { vec![(String::new(), document)] } else { found }
}

fn lists<'v>(value: &'v Value, path: &str, depth: usize, found: &mut Vec<(String, &'v Value)>) {
    let has_id = |item: &Value| {
        item.as_object().is_some_and(|object| object.keys().any(|key| likeness(key, &["message_id", "wamid"]) >= 98))
    };
    for (key, value) in value.as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Array(items) => {
                let path = format!("{path}[]");
                found.extend(items.iter().filter(|item| has_id(item)).map(|item| (path.clone(), item)));
            }
            Value::Object(_) if depth < 2 => lists(value, &path, depth + 1, found),
            _ => {}
        }
    }
}

fn flatten(value: &Value, path: &str, depth: usize, texts: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(entries) if depth < DEPTH => {
            for (key, value) in entries {
                flatten(value, &below(key), depth + 1, texts);
            }
        }
        Value::Array(items) if depth < DEPTH => {
            if let Some(first) = items.first() {
                flatten(first, &format!("{path}[0]"), depth + 1, texts);
            }
        }
        Value::Object(_) | Value::Array(_) => {}
        Value::String(text) if text.starts_with('{') => match serde_json::from_str::<Value>(text) {
            Ok(within) => flatten(&within, path, depth, texts),
            Err(_) => texts.push((path.to_owned(), text.clone())),
        },
        Value::String(text) => texts.push((path.to_owned(), text.trim().to_owned())),
        Value::Null => texts.push((path.to_owned(), String::new())),
        other => texts.push((path.to_owned(), other.to_string())),
    }
}

/// Takes what is read while only a look is wanted; broken records are for the run to reject.
struct Nowhere;

impl Sink for Nowhere {
    type Batch = OneByOne;

    fn row<'a>(&mut self, _: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        Ok(())
    }

    fn reject(&mut self, _: Rejection) -> Result<(), ReadError> {
        Ok(())
    }

    fn tells(&mut self, _: Tells) {}

    fn link(&mut self, _: &str, _: &str, _: Instant) {}

    fn template(&mut self, _: TemplateChange) {}

    fn unknown(&mut self, _: UnknownKind, _: &str) {}

    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}
