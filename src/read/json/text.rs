//! A value of a field that holds text, whatever JSON type it was written as.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::object::InPlace;
use super::skip::Skipped;

/// A text, number or truth value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::read) enum Text<'a> {
    /// `null`, or no such key.
    #[default]
    Absent,
    /// A text, or a number as text.
    Plain(Cow<'a, str>),
    /// `true` or `false`.
    Truth(bool),
    /// An object or an array, where none is expected.
    Odd,
}

impl Text<'_> {
    /// The text of a text or number, and only of these.
    pub(in crate::read) fn text(&self) -> &str {
        match self {
            Text::Plain(text) => trimmed(text),
            Text::Absent | Text::Truth(_) | Text::Odd => "",
        }
    }

    /// The same for a time: what is none must not look as if it were not there.
    pub(in crate::read) fn time(&self) -> &str {
        match self {
            Text::Truth(_) | Text::Odd => "(neither text nor number)",
            _ => self.text(),
        }
    }

    /// The text of any scalar.
    pub(in crate::read) fn scalar(&self) -> &str {
        match self {
            Text::Truth(true) => "true",
            Text::Truth(false) => "false",
            _ => self.text(),
        }
    }
}

/// Spaces at the ends are rare, and no letter is below them.
fn trimmed(text: &str) -> &str {
    let spaced = |byte: Option<&u8>| byte.is_some_and(|byte| *byte <= b' ' || *byte >= 0x80);
    let bytes = text.as_bytes();
    if spaced(bytes.first()) || spaced(bytes.last()) { text.trim() } else { text }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> InPlace<'de> for Text<'de> {
    fn read<D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = deserializer.deserialize_any(TextVisitor)?;
        Ok(())
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text::Plain(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text::Plain(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Text<'de>, E> {
        Ok(Text::Plain(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Text<'de>, E> {
        Ok(Text::Plain(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Text<'de>, E> {
        Ok(Text::Plain(Cow::Owned(number.to_string())))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Text<'de>, E> {
        Ok(Text::Truth(truth))
    }

    fn visit_unit<E>(self) -> Result<Text<'de>, E> {
        Ok(Text::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text<'de>, A::Error> {
        while items.next_element::<Skipped>()?.is_some() {}
        Ok(Text::Odd)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Text<'de>, A::Error> {
        while entries.next_entry::<Skipped, Skipped>()?.is_some() {}
        Ok(Text::Odd)
    }
}
