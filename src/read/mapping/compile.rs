//! From a mapping file to a mapping: sources get numbers, and what no single value shows to be wrong is refused.

use std::collections::BTreeMap;
use std::path::Path;

use crate::model::Column;

use super::apply::tells;
use super::condition::{Condition, Pattern};
use super::field::{Cut, Field, Origin, Rule, is_value_of};
use super::file::{ColumnName, MappingFile, Plain, RecordFile, RuleFile, Rules, Texts};
use super::source::{Source, steps};
use super::{Kind, Mapping, MappingError};

impl Mapping {
    /// Reads a mapping file.
    pub fn read(name: &str, text: &str) -> Result<Mapping, MappingError> {
        let line_of = |at: usize| 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        let wrong = |at: usize, message: &str| MappingError {
            name: name.to_owned(),
            line: line_of(at),
            message: message.trim_end().replace('\n', " "),
        };
        let file: MappingFile =
            toml::from_str(text).map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message()))?;
        let mut compiler = Compiler { clock: &file.time.format, constants: &file.constants, sources: Vec::new() };
        let mut kinds = Vec::new();
        for (place, record) in file.record.iter().enumerate() {
            let kind = compiler.kind(record.get_ref());
            kinds.push(kind.map_err(|why| wrong(record.span().start, &format!("[[record]] {}: {why}", place + 1)))?);
        }
        if kinds.iter().all(|kind| kind.skip.is_some()) {
            return Err(wrong(0, "no [[record]] gives rows; write at least one without `skip`"));
        }
        let stem = Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        Ok(Mapping {
            name: file.name.or(stem).unwrap_or_default(),
            about: file.about.unwrap_or_default(),
            lacks: file.lacks,
            delimiter: file.delimiter.and_then(|delimiter| delimiter.0),
            detect: file.detect.iter().map(|all| all.iter().map(|text| Source::new(text)).collect()).collect(),
            zone: file.time.zone.map(|zone| zone.0),
            sources: compiler.sources,
            kinds,
        })
    }
}

struct Compiler<'f> {
    /// How times are written unless a rule says otherwise.
    clock: &'f super::clock::Clock,
    /// What every kind has that does not say otherwise.
    constants: &'f BTreeMap<ColumnName, Plain>,
    sources: Vec<Source>,
}

impl Compiler<'_> {
    fn kind(&mut self, record: &RecordFile) -> Result<Kind, String> {
        let path = (record.path.clone(), steps(&record.path));
        let when = self.conditions(&record.when);
        if record.skip.is_some() {
            return match (record.columns.len(), record.constants.len()) {
                (0, 0) => Ok(Kind { path, when, skip: record.skip.clone(), fields: Vec::new(), tells: Vec::new() }),
                _ => Err("what is left out with `skip` has no columns".to_owned()),
            };
        }
        let mut fields = Vec::new();
        for (ColumnName(column), Rules(rules)) in &record.columns {
            let rules = rules.iter().map(|rule| self.rule(*column, rule)).collect::<Result<Vec<_>, _>>();
            fields.push(Field { column: *column, rules: rules.map_err(|why| format!("{}: {why}", column.name()))? });
        }
        for (ColumnName(column), Plain(value)) in &record.constants {
            if fields.iter().any(|field| field.column == *column) {
                return Err(format!("{} stands in columns and in constants", column.name()));
            }
            fields.push(self.constant(*column, value)?);
        }
        for (ColumnName(column), Plain(value)) in self.constants {
            if fields.iter().all(|field| field.column != *column) {
                fields.push(self.constant(*column, value)?);
            }
        }
        needed(&fields)?;
        let tells = tells(&fields, |_| true);
        Ok(Kind { path, when, skip: None, fields, tells })
    }

    fn constant(&mut self, column: Column, value: &str) -> Result<Field, String> {
        let constant = RuleFile { value: Some(Plain(value.to_owned())), ..RuleFile::default() };
        let rule = self.rule(column, &constant).map_err(|why| format!("{}: {why}", column.name()))?;
        Ok(Field { column, rules: vec![rule] })
    }

    fn rule(&mut self, column: Column, rule: &RuleFile) -> Result<Rule, String> {
        let is_time = Column::TIMES.contains(&column);
        if rule.time.is_some() && !is_time {
            return Err("`time` is for columns that hold one".to_owned());
        }
        let origin = match (&rule.value, &rule.from) {
            (Some(Plain(value)), _) => Origin::Value(value.clone()),
            (None, Some(Texts(from))) => Origin::Sources(from.iter().map(|text| self.source(text)).collect()),
            (None, None) => Origin::Sources(Vec::new()),
        };
        let values: Vec<(String, String)> = rule.values.clone().unwrap_or_default().into_iter().collect();
        let given = rule.value.iter().map(|plain| &plain.0).chain(values.iter().map(|(_, meaning)| meaning));
        for text in given {
            if !is_value_of(column, text) {
                return Err(format!("'{text}' is no value of this column"));
            }
        }
        Ok(Rule {
            origin,
            when: self.conditions(&rule.when),
            cut: Cut {
                url_decode: rule.url_decode,
                strip_prefix: rule.strip_prefix.clone(),
                strip_suffix: rule.strip_suffix.clone(),
                after: rule.after.clone(),
                before: rule.before.clone(),
                part: rule.part.clone(),
                digits: rule.digits,
            },
            values,
            clock: is_time.then(|| rule.time.as_ref().unwrap_or(self.clock).clone()),
        })
    }

    fn conditions(&mut self, when: &BTreeMap<String, Texts>) -> Vec<Condition> {
        let condition = |(source, patterns): (&String, &Texts)| Condition {
            source: self.source(source),
            patterns: patterns.0.iter().map(|text| Pattern::new(text)).collect(),
        };
        when.iter().map(condition).collect()
    }

    fn source(&mut self, text: &str) -> usize {
        self.sources.iter().position(|source| source.text == text).unwrap_or_else(|| {
            self.sources.push(Source::new(text));
            self.sources.len() - 1
        })
    }
}

/// A row without these is none.
fn needed(fields: &[Field]) -> Result<(), String> {
    let has = |columns: &[Column]| fields.iter().any(|field| columns.contains(&field.column));
    let times = &Column::TIMES[..7];
    let needs = [
        ("message_id", has(&[Column::MessageId])),
        ("direction, as a column or a constant \"inbound\" or \"outbound\"", has(&[Column::Direction])),
        ("customer_id", has(&[Column::CustomerId, Column::CustomerUserId])),
        ("event, which event_at is about", has(&[Column::Event]) || !has(&[Column::EventAt])),
        ("time: created_at, sent_at, delivered_at, ... or event and event_at", has(times) || has(&[Column::EventAt])),
    ];
    needs.into_iter().find(|(_, there)| !there).map_or(Ok(()), |(what, _)| Err(format!("has no {what}")))
}
