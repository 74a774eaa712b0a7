//! What a record must say for a kind or a rule to apply.

use std::borrow::Cow;

use super::Record;

/// A text that a value may be, in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `"*"`: any value.
    Any,
    /// `""`: no value.
    None,
    /// `"text"`.
    Is(String),
    /// `"text*"`.
    StartsWith(String),
    /// `"*text"`.
    EndsWith(String),
    /// `"*text*"`.
    Holds(String),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Pattern {
        let lowered = text.to_lowercase();
        let middle = lowered.trim_matches('*').to_owned();
        match (lowered.as_str(), lowered.starts_with('*'), lowered.ends_with('*')) {
            ("", ..) => Pattern::None,
            ("*", ..) => Pattern::Any,
            (_, true, true) => Pattern::Holds(middle),
            (_, true, false) => Pattern::EndsWith(middle),
            (_, false, true) => Pattern::StartsWith(middle),
            (_, false, false) => Pattern::Is(middle),
        }
    }

    /// Whether a text in lower case is such.
    pub(super) fn fits(&self, value: &str) -> bool {
        match self {
            Pattern::Any => !value.is_empty(),
            Pattern::None => value.is_empty(),
            Pattern::Is(text) => text == value,
            Pattern::StartsWith(text) => value.starts_with(text.as_str()),
            Pattern::EndsWith(text) => value.ends_with(text.as_str()),
            Pattern::Holds(text) => value.contains(text.as_str()),
        }
    }
}

/// One value, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) source: usize,
    pub(super) patterns: Vec<Pattern>,
}

impl Condition {
    fn fits(&self, record: &impl Record) -> bool {
        let value = record.text(self.source);
        let lowered = if value.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
            value
        } else {
            Cow::Owned(value.to_lowercase())
        };
        self.patterns.iter().any(|pattern| pattern.fits(&lowered))
    }
}

/// Whether a record says all of it.
pub(super) fn all_fit(conditions: &[Condition], record: &impl Record) -> bool {
    conditions.iter().all(|condition| condition.fits(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_in_any_case() {
        for (pattern, fits, fails) in [
            ("*", "x", ""),
            ("", "", "x"),
            ("Read", "read", "reads"),
            ("outbound*", "outbound-api", "inbound"),
            ("*@g.us", "1@g.us", "1@s.whatsapp.net"),
            ("*deliver*", "undelivered", "sent"),
        ] {
            assert!(Pattern::new(pattern).fits(fits), "{pattern}");
            assert!(!Pattern::new(pattern).fits(fails), "{pattern}");
        }
    }
}
