//! A mapping file as data. What cannot be right is refused while it is read, so that the message names the line.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono_tz::Tz;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use crate::model::Column;

use super::clock::Clock;
use super::lacks::Lack;

/// The file.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    pub(super) name: Option<String>,
    pub(super) about: Option<String>,
    #[serde(default)]
    pub(super) lacks: Vec<Lack>,
    pub(super) delimiter: Option<Delimiter>,
    #[serde(default)]
    pub(super) detect: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) time: TimeFile,
    /// For all kinds of records that do not say otherwise.
    #[serde(default)]
    pub(super) constants: BTreeMap<ColumnName, Plain>,
    pub(super) record: Vec<Spanned<RecordFile>>,
}

/// `[time]`: what holds for all times of a log.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeFile {
    pub(super) zone: Option<Zone>,
    #[serde(default)]
    pub(super) format: Clock,
}

/// `[[record]]`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordFile {
    #[serde(default)]
    pub(super) path: String,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Texts>,
    pub(super) skip: Option<String>,
    #[serde(default)]
    pub(super) columns: BTreeMap<ColumnName, Rules>,
    #[serde(default)]
    pub(super) constants: BTreeMap<ColumnName, Plain>,
}

/// One way to fill a column.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) from: Option<Texts>,
    pub(super) value: Option<Plain>,
    #[serde(default)]
    pub(super) when: BTreeMap<String, Texts>,
    #[serde(default)]
    pub(super) url_decode: bool,
    pub(super) strip_prefix: Option<String>,
    pub(super) strip_suffix: Option<String>,
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
    pub(super) part: Option<PartFile>,
    #[serde(default)]
    pub(super) digits: bool,
    pub(super) values: Option<BTreeMap<String, String>>,
    pub(super) time: Option<Clock>,
}

/// A part of a text that holds several.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartFile {
    /// What stands between the parts.
    pub(super) of: String,
    /// Which part, from 1.
    pub(super) number: std::num::NonZeroUsize,
}

/// A name, a table that says more, or a list of both of which the first that gives something counts.
#[derive(Debug)]
pub(super) struct Rules(pub(super) Vec<RuleFile>);

/// A text or a list of texts.
#[derive(Debug)]
pub(super) struct Texts(pub(super) Vec<String>);

/// A text, number or truth value as text.
#[derive(Debug)]
pub(super) struct Plain(pub(super) String);

/// A canonical column.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ColumnName(pub(super) Column);

impl TryFrom<String> for ColumnName {
    type Error = String;

    fn try_from(name: String) -> Result<ColumnName, String> {
        Column::named(&name).map(ColumnName).ok_or_else(|| {
            let distance = |column: &Column| strsim::damerau_levenshtein(column.name(), &name);
            let near = Column::ALL.into_iter().min_by_key(distance).filter(|column| distance(column) <= 3);
            match near {
                Some(column) => {
                    format!("'{name}' is no column of the canonical log; did you mean '{}'?", column.name())
                }
                None => {
                    format!("'{name}' is no column of the canonical log; see `wabill mapping show NAME` for examples")
                }
            }
        })
    }
}

/// What stands between the fields of a table.
#[derive(Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Delimiter(pub(super) Option<u8>);

impl TryFrom<String> for Delimiter {
    type Error = String;

    fn try_from(text: String) -> Result<Delimiter, String> {
        match text.as_str() {
            "auto" => Ok(Delimiter(None)),
            "," | "comma" => Ok(Delimiter(Some(b','))),
            ";" | "semicolon" => Ok(Delimiter(Some(b';'))),
            "\t" | "tab" => Ok(Delimiter(Some(b'\t'))),
            "|" | "pipe" => Ok(Delimiter(Some(b'|'))),
            _ => Err(format!("delimiter '{text}' is none of auto, comma, semicolon, tab, pipe")),
        }
    }
}

/// A time zone by name.
#[derive(Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Zone(pub(super) Tz);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Zone, String> {
        name.parse().map(Zone).map_err(|_| format!("'{name}' is no IANA time zone such as UTC or Asia/Kolkata"))
    }
}

// --- Values of several types -----------------------------------------------------------------------

/// Reads one text, one table or a list into `T`.
struct Several<T>(&'static str, PhantomData<T>);

/// What [`Several`] can become.
trait FromSeveral: Sized {
    fn one(text: &str) -> Self;
    fn table<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error>;
    fn list<'de, A: SeqAccess<'de>>(items: A) -> Result<Self, A::Error>;
}

impl<'de, T: FromSeveral> Visitor<'de> for Several<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(T::one(text))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<T, E> {
        Ok(T::one(if truth { "true" } else { "false" }))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(T::one(&number.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::list(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        T::table(entries)
    }
}

const QUOTE: &str = "a text was expected, not a table; quote a name that holds a dot, as in \"key.fromMe\" = \"true\"";

impl FromSeveral for Rules {
    fn one(text: &str) -> Rules {
        Rules(vec![RuleFile { from: Some(Texts(vec![text.to_owned()])), ..RuleFile::default() }])
    }

    fn table<'de, A: MapAccess<'de>>(entries: A) -> Result<Rules, A::Error> {
        let rule = RuleFile::deserialize(MapAccessDeserializer::new(entries))?;
        let wrong = |message: &str| Err(A::Error::custom(message));
        match (&rule.from, &rule.value) {
            (None, None) => wrong("a rule needs `from`, the name of a column or a path, or `value`"),
            (Some(_), Some(_)) => wrong("a rule takes a text `from` somewhere or has a `value`, not both"),
            (Some(Texts(from)), None) if from.iter().all(String::is_empty) => wrong("`from` is empty"),
            _ => Ok(Rules(vec![rule])),
        }
    }

    fn list<'de, A: SeqAccess<'de>>(items: A) -> Result<Rules, A::Error> {
        let rules = Vec::<Rules>::deserialize(SeqAccessDeserializer::new(items))?;
        Ok(Rules(rules.into_iter().flat_map(|rules| rules.0).collect()))
    }
}

impl FromSeveral for Texts {
    fn one(text: &str) -> Texts {
        Texts(vec![text.to_owned()])
    }

    fn table<'de, A: MapAccess<'de>>(_: A) -> Result<Texts, A::Error> {
        Err(A::Error::custom(QUOTE))
    }

    fn list<'de, A: SeqAccess<'de>>(items: A) -> Result<Texts, A::Error> {
        let texts = Vec::<Plain>::deserialize(SeqAccessDeserializer::new(items))?;
        Ok(Texts(texts.into_iter().map(|text| text.0).collect()))
    }
}

impl FromSeveral for Plain {
    fn one(text: &str) -> Plain {
        Plain(text.to_owned())
    }

    fn table<'de, A: MapAccess<'de>>(_: A) -> Result<Plain, A::Error> {
        Err(A::Error::custom(QUOTE))
    }

    fn list<'de, A: SeqAccess<'de>>(_: A) -> Result<Plain, A::Error> {
        Err(A::Error::custom("one text was expected, not a list"))
    }
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rules, D::Error> {
        let expected = "the name of a column, a table with `from`, or a list of these";
        deserializer.deserialize_any(Several::<Rules>(expected, PhantomData))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
        deserializer.deserialize_any(Several::<Texts>("a text, or a list of texts", PhantomData))
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Plain, D::Error> {
        deserializer.deserialize_any(Several::<Plain>("a text", PhantomData))
    }
}
