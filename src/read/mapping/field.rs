//! How one column of the canonical log is filled.

use std::borrow::Cow;

use chrono_tz::Tz;

use crate::model::{Column, ObservedCategory, PricingModel, PricingType, TemplateCategory};
use crate::read::observe::time_refused;
use crate::read::{Refused, values};

use super::Record;
use super::clock::Clock;
use super::condition::{Condition, all_fit};
use super::file::PartFile;

/// A column and the rules that may fill it; the first that gives something counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) column: Column,
    pub(super) rules: Vec<Rule>,
}

/// One way to fill a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) origin: Origin,
    pub(super) when: Vec<Condition>,
    pub(super) cut: Cut,
    pub(super) values: Vec<(String, String)>,
    /// Of a column that holds a time.
    pub(super) clock: Option<Clock>,
}

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The first of these sources that is not empty.
    Sources(Vec<usize>),
    /// The mapping itself.
    Value(String),
}

/// What of a text is kept, in the order in which it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) url_decode: bool,
    pub(super) strip_prefix: Option<String>,
    pub(super) strip_suffix: Option<String>,
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
    pub(super) part: Option<PartFile>,
    pub(super) digits: bool,
}

impl Cut {
    fn keep<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if *self == Cut::default() {
            return text;
        }
        let decoded = if self.url_decode { url_decoded(&text) } else { text.into_owned() };
        let mut kept = decoded.as_str();
        kept = self.strip_prefix.as_deref().and_then(|prefix| kept.strip_prefix(prefix)).unwrap_or(kept);
        kept = self.strip_suffix.as_deref().and_then(|suffix| kept.strip_suffix(suffix)).unwrap_or(kept);
        kept = self.after.as_deref().and_then(|mark| kept.split_once(mark)).map_or(kept, |(_, rest)| rest);
        kept = self.before.as_deref().and_then(|mark| kept.split_once(mark)).map_or(kept, |(rest, _)| rest);
        if let Some(part) = &self.part {
            kept = kept.split(part.of.as_str()).nth(part.number.get() - 1).unwrap_or("");
        }
        let kept = kept.trim();
        Cow::Owned(if self.digits { kept.chars().filter(char::is_ascii_digit).collect() } else { kept.to_owned() })
    }
}

/// `%2B1555` and `+` for a space, as in bodies of web forms.
fn url_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = pair.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

impl Field {
    /// The text of the column in a record; empty where no rule gives one. Times become RFC 3339 in UTC.
    pub(super) fn text<'r>(&'r self, record: &'r impl Record, zone: Option<Tz>) -> Result<Cow<'r, str>, Refused> {
        for rule in &self.rules {
            let text = rule.text(record);
            if text.is_empty() {
                continue;
            }
            let Some(clock) = &rule.clock else { return Ok(text) };
            let at = clock.read(&text, zone).map_err(|fault| time_refused(self.column, &text, fault))?;
            return Ok(Cow::Owned(at.to_string()));
        }
        Ok(Cow::Borrowed(""))
    }
}

impl Rule {
    fn text<'r>(&'r self, record: &'r impl Record) -> Cow<'r, str> {
        if !all_fit(&self.when, record) {
            return Cow::Borrowed("");
        }
        let text = match &self.origin {
            Origin::Value(value) => Cow::Borrowed(value.as_str()),
            Origin::Sources(sources) => {
                let mut texts = sources.iter().map(|source| self.cut.keep(record.text(*source)));
                texts.find(|text| !text.is_empty()).unwrap_or(Cow::Borrowed(""))
            }
        };
        self.translated(text)
    }

    /// What stands for a value; one that is not listed stays as it is, to be counted as unknown.
    fn translated<'r>(&'r self, text: Cow<'r, str>) -> Cow<'r, str> {
        let listed = |wanted: &str| self.values.iter().find(|(value, _)| value.eq_ignore_ascii_case(wanted));
        let found = listed(&text).or_else(|| if text.is_empty() { None } else { listed("*") });
        found.map_or(text, |(_, meaning)| Cow::Borrowed(meaning.as_str()))
    }
}

/// Columns with a list of values: whether one is on it. A mapping that gives another is mistaken.
pub(super) fn is_value_of(column: Column, text: &str) -> bool {
    let lowered = text.to_ascii_lowercase();
    text.is_empty()
        || match column {
            Column::Direction => values::direction(text).is_some(),
            Column::MessageType => values::message_type(text).is_some(),
            Column::Status => values::status(text).is_some(),
            Column::Event => ["received", "accepted", "sent", "delivered", "read", "played", "failed", "deleted"]
                .contains(&lowered.as_str()),
            Column::TemplateCategory => TemplateCategory::parse(text).is_some(),
            Column::Origin => values::origin(text).is_some(),
            Column::Product => values::product(text).is_some(),
            Column::Client => values::client(text).is_some(),
            Column::ReferralSourceType => values::referral(text).is_some(),
            Column::Billable => values::billable(text).is_some(),
            Column::PricingModel => PricingModel::parse(text).is_some(),
            Column::PricingType => PricingType::parse(text).is_some(),
            Column::PricingCategory | Column::ConversationOrigin => ObservedCategory::parse(text).is_some(),
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(cut: &Cut, text: &str) -> String {
        cut.keep(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn texts_are_cut_step_by_step() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            kept(&Cut { url_decode: true, after: some(":"), ..Cut::default() }, "whatsapp%3A%2B1555+1"),
            "+1555 1"
        );
        assert_eq!(
            kept(&Cut { strip_prefix: some("whatsapp:"), digits: true, ..Cut::default() }, "whatsapp:+1 (555) 1"),
            "15551"
        );
        assert_eq!(kept(&Cut { before: some("@"), ..Cut::default() }, "1555:3@s.whatsapp.net"), "1555:3");
        assert_eq!(kept(&Cut { strip_suffix: some(" UTC"), ..Cut::default() }, "2026 UTC"), "2026");
        let second = PartFile { of: ".".to_owned(), number: std::num::NonZeroUsize::MIN.saturating_add(1) };
        assert_eq!(kept(&Cut { part: Some(second), ..Cut::default() }, "a.b.c"), "b");
        assert_eq!(kept(&Cut { url_decode: true, ..Cut::default() }, "100%+%zz%4"), "100% %zz%4");
    }
}
