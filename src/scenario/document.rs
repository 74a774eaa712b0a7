//! The text of a scenario file as a tree in which every value knows its place: for errors that name line and key, for keys that are not
//! known, and for the changes of a variant, which are laid over the tree before it is read.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::error::ScenarioError;

/// What may stand in a scenario file, as published.
const SCHEMA: &str = include_str!("../../scenarios/scenario.schema.json");

/// A scenario file, parsed but not yet understood.
#[derive(Debug, Clone)]
pub(super) struct Document<'t> {
    text: &'t str,
    name: &'t str,
    root: Spanned<DeValue<'t>>,
}

impl<'t> Document<'t> {
    /// Parses the text, and refuses keys that no scenario has.
    pub(super) fn parse(text: &'t str, name: &'t str) -> Result<Self, ScenarioError> {
        let at =
            |span: Range<usize>, problem: String| ScenarioError::at(name, text, span.start, String::new(), problem);
        let table = DeTable::parse(text)
            .map_err(|error| at(error.span().unwrap_or_default(), format!("{}; this is no TOML", error.message())))?;
        let span = table.span();
        let document = Self { text, name, root: Spanned::new(span, DeValue::Table(table.into_inner())) };
        let schema: Json = serde_json::from_str(SCHEMA).expect("the published schema is JSON");
        Known { schema: &schema }
            .check(document.root.get_ref(), &schema, &mut Vec::new())
            .map_err(|unknown| ScenarioError::at(name, text, unknown.place.start, unknown.key, unknown.problem))?;
        Ok(document)
    }

    /// A text that was parsed before, without looking for faults again.
    ///
    /// # Panics
    /// If the text is no TOML, which would have been told before.
    pub(super) fn known(text: &'t str, name: &'t str) -> Self {
        let table = DeTable::parse(text).expect("the text was parsed before");
        let span = table.span();
        Self { text, name, root: Spanned::new(span, DeValue::Table(table.into_inner())) }
    }

    /// The text and what it is called.
    pub(super) fn owned(&self) -> (String, String) {
        (self.text.to_owned(), self.name.to_owned())
    }

    /// A value by its keys, if it is there.
    pub(super) fn get(&self, path: &[&str]) -> Option<&Spanned<DeValue<'t>>> {
        path.iter().try_fold(&self.root, |value, key| value.get_ref().get(*key))
    }

    /// A value of a list, by its place.
    pub(super) fn at(&self, path: &[&str], place: usize) -> Option<&Spanned<DeValue<'t>>> {
        self.get(path).and_then(|list| list.get_ref().get(place))
    }

    /// Understands a value of the file.
    pub(super) fn read<T: DeserializeOwned>(&self, value: Spanned<DeValue<'t>>) -> Result<T, ScenarioError> {
        let whole = value.span();
        T::deserialize(ValueDeserializer::from(value)).map_err(|error| {
            let span = error.span().unwrap_or(whole);
            self.error(span, error.message().trim_end().to_owned())
        })
    }

    /// Understands the whole file.
    pub(super) fn read_all<T: DeserializeOwned>(&self) -> Result<T, ScenarioError> {
        self.read(self.root.clone())
    }

    /// Something wrong with what stands at a place.
    pub(super) fn error(&self, place: Range<usize>, problem: String) -> ScenarioError {
        let key = key_at(self.root.get_ref(), &place);
        ScenarioError::at(self.name, self.text, place.start, key, problem)
    }

    /// The same where the key is known.
    pub(super) fn error_of(&self, place: Range<usize>, key: &str, problem: String) -> ScenarioError {
        ScenarioError::at(self.name, self.text, place.start, key.to_owned(), problem)
    }
}

/// Lays a table over another: tables are merged key by key, everything else is replaced.
pub(super) fn overlay<'t>(base: &mut Spanned<DeValue<'t>>, over: &Spanned<DeValue<'t>>) {
    let DeValue::Table(changes) = over.get_ref() else {
        *base = over.clone();
        return;
    };
    let DeValue::Table(own) = base.get_mut() else {
        *base = over.clone();
        return;
    };
    for (key, value) in changes {
        match own.get_mut(key) {
            Some(known) => overlay(known, value),
            None => drop(own.insert(key.clone(), value.clone())),
        }
    }
}

/// The keys that lead to the smallest value around a place; none for a place of no length, which is the whole file. The place of a table
/// with a header is its header only, so what stands in it is looked at in any case.
fn key_at(value: &DeValue<'_>, place: &Range<usize>) -> String {
    let path = if place.is_empty() { None } else { path_to(value, place) };
    path.unwrap_or_default().join(".").replace(".[", "[")
}

fn path_to(value: &DeValue<'_>, place: &Range<usize>) -> Option<Vec<String>> {
    let around = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
    let through = |name: String, part: &Spanned<DeValue<'_>>, here: bool| {
        let below = path_to(part.get_ref(), place).or_else(|| (here || around(part.span())).then(Vec::new));
        below.map(|below| std::iter::once(name).chain(below).collect())
    };
    match value {
        DeValue::Table(table) => {
            table.iter().find_map(|(key, part)| through(key.get_ref().to_string(), part, around(key.span())))
        }
        DeValue::Array(list) => list.iter().enumerate().find_map(|(at, part)| through(format!("[{at}]"), part, false)),
        _ => None,
    }
}

/// A key that is not known.
struct Unknown {
    place: Range<usize>,
    key: String,
    problem: String,
}

/// Holds a tree against the schema, as far as keys go. Values are checked where they are read.
struct Known<'s> {
    schema: &'s Json,
}

impl<'s> Known<'s> {
    fn check(&self, value: &DeValue<'_>, rule: &'s Json, path: &mut Vec<String>) -> Result<(), Unknown> {
        let rule = self.resolve(rule, value);
        match value {
            DeValue::Table(table) => table.iter().try_for_each(|(key, value)| {
                let rule = rule_of(rule, key, path)?;
                path.push(key.get_ref().to_string());
                self.check(value.get_ref(), rule, path)?;
                path.pop();
                Ok(())
            }),
            DeValue::Array(list) => list.iter().try_for_each(|value| self.check(value.get_ref(), &rule["items"], path)),
            _ => Ok(()),
        }
    }

    /// Follows references, and among alternatives takes the one for tables, or for lists, if the value is one.
    fn resolve(&self, rule: &'s Json, value: &DeValue<'_>) -> &'s Json {
        if let Some(name) = rule["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.resolve(&self.schema["$defs"][name], value);
        }
        let wanted = if value.is_array() { "array" } else { "object" };
        let alternatives = rule["oneOf"].as_array().into_iter().flatten();
        let fits = |one: &&Json| self.resolve(one, value)["type"] == wanted;
        alternatives.into_iter().find(fits).map_or(rule, |one| self.resolve(one, value))
    }
}

/// What may stand under a key.
fn rule_of<'s>(rule: &'s Json, key: &Spanned<std::borrow::Cow<'_, str>>, path: &[String]) -> Result<&'s Json, Unknown> {
    let name = key.get_ref().as_ref();
    let further = &rule["additionalProperties"];
    let Some(known) = rule["properties"].as_object() else { return Ok(further) };
    match (known.get(name), further) {
        (Some(own), _) => Ok(own),
        (None, Json::Object(_)) => Ok(further),
        (None, _) => Err(unknown(key, path, known.keys().map(String::as_str))),
    }
}

/// How alike two names must be for one to be taken for the other.
const ALIKE: f64 = 0.75;

fn unknown<'k>(
    key: &Spanned<std::borrow::Cow<'_, str>>,
    path: &[String],
    known: impl Iterator<Item = &'k str> + Clone,
) -> Unknown {
    let name = key.get_ref();
    let scored = known.clone().map(|one| (strsim::jaro_winkler(one, &name.to_lowercase()), one));
    let nearest = scored.filter(|(score, _)| *score >= ALIKE).max_by(|(one, _), (other, _)| one.total_cmp(other));
    let suggestion = nearest.map_or_else(String::new, |(_, one)| format!("did you mean `{one}`? "));
    let list = known.collect::<Vec<_>>().join(", ");
    let full: Vec<&str> = path.iter().map(String::as_str).chain([name.as_ref()]).collect();
    Unknown { place: key.span(), key: full.join("."), problem: format!("unknown key; {suggestion}known here: {list}") }
}
