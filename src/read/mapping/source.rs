//! Where a value stands in a record: a column of a table, or a path in a JSON document. A cell that holds JSON may be looked into.

use std::borrow::Cow;

use serde_json::Value;

/// A step on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// An element of an array, by number.
    Element(usize),
    /// Every element of an array; where one value is asked for, the first.
    Each,
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// At the record, or at this many records around it (`^.field`).
    Record(usize),
    /// At the document (`$.field`).
    Document,
}

/// A source as written, and as a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// As written: a header, compared with those of a table.
    pub(super) text: String,
    start: Start,
    steps: Vec<Step>,
}

impl Source {
    /// Every text is a source: brackets that hold no number, and dots of a header, belong to the name.
    pub(super) fn new(text: &str) -> Source {
        let mut rest = text;
        let mut start = Start::Record(0);
        if let Some(path) = text.strip_prefix("$.") {
            (rest, start) = (path, Start::Document);
        }
        while let Some(path) = rest.strip_prefix("^.") {
            let Start::Record(up) = start else { break };
            (rest, start) = (path, Start::Record(up + 1));
        }
        Source { text: text.to_owned(), start, steps: steps(rest) }
    }

    /// The value in a record. `chain` is the document, the records around the record, and the record.
    pub(super) fn text_in<'v>(&self, chain: &[&'v Value]) -> Cow<'v, str> {
        let place = match self.start {
            Start::Document => chain.first(),
            Start::Record(up) => chain.len().checked_sub(up + 1).and_then(|at| chain.get(at)),
        };
        let Some(record) = place else { return Cow::Borrowed("") };
        let found = text_at(record, &self.steps);
        if found.is_empty() && self.steps.len() > 1 {
            // A flat dump may have written the path as one key.
            return member(record, &self.text).map_or(found, scalar);
        }
        found
    }

    /// Whether a document has a value there.
    pub(super) fn is_in(&self, document: &Value) -> bool {
        let mut chain = vec![document];
        let mut found = false;
        walk(&self.steps, &mut chain, &mut |_| found = true);
        found
    }

    /// The column of a table that it is, or the one whose cells it looks into and the path within.
    pub(super) fn column(&self, names: &[String]) -> Option<(usize, &[Step])> {
        let at = |text: &str| names.iter().position(|name| same_name(name, text));
        if let Some(at) = at(&self.text) {
            return Some((at, &[]));
        }
        match self.steps.split_first()? {
            (Step::Key(key), path) if !path.is_empty() => at(key).map(|at| (at, path)),
            _ => None,
        }
    }
}

/// Cuts a path into steps.
pub(super) fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let mut name = part;
        let mut places = Vec::new();
        while let Some((before, place)) = name.strip_suffix(']').and_then(|open| open.rsplit_once('[')) {
            places.push(match (place, place.parse()) {
                ("", _) => Step::Each,
                (_, Ok(number)) => Step::Element(number),
                _ => break,
            });
            name = before;
        }
        if !name.is_empty() {
            steps.push(Step::Key(name.to_owned()));
        }
        steps.extend(places.into_iter().rev());
    }
    steps
}

/// Calls `found` with the chain of every value that a path leads to; no steps lead to the last of the chain itself. A single object passes for an array of one.
pub(super) fn walk<'v>(steps: &[Step], chain: &mut Vec<&'v Value>, found: &mut impl FnMut(&[&'v Value])) {
    let Some(last) = chain.last().copied() else { return };
    if steps.is_empty() {
        return found(chain);
    }
    descend(last, steps, chain, found);
}

fn descend<'v>(at: &'v Value, steps: &[Step], chain: &mut Vec<&'v Value>, found: &mut impl FnMut(&[&'v Value])) {
    let Some((step, rest)) = steps.split_first() else {
        chain.push(at);
        found(chain);
        chain.pop();
        return;
    };
    match step {
        Step::Key(key) => {
            if let Some(value) = member(at, key) {
                descend(value, rest, chain, found);
            }
        }
        Step::Element(number) => {
            if let Some(value) = at.get(number) {
                descend(value, rest, chain, found);
            }
        }
        Step::Each => {
            let items = at.as_array().map_or(std::slice::from_ref(at), Vec::as_slice);
            for item in items.iter().filter(|item| !item.is_null()) {
                if rest.is_empty() {
                    descend(item, rest, chain, found);
                } else {
                    chain.push(item);
                    descend(item, rest, chain, found);
                    chain.pop();
                }
            }
        }
    }
}

/// The text where a path leads from a value; empty where there is none.
pub(super) fn text_at<'v>(value: &'v Value, steps: &[Step]) -> Cow<'v, str> {
    let Some((step, rest)) = steps.split_first() else { return scalar(value) };
    let next = match (step, value) {
        (_, Value::String(text)) => return Cow::Owned(text_within(text, steps)),
        (Step::Key(key), _) => member(value, key),
        (Step::Element(number), _) => value.get(number),
        (Step::Each, Value::Array(items)) => items.first(),
        (Step::Each, _) => Some(value),
    };
    next.map_or(Cow::Borrowed(""), |next| text_at(next, rest))
}

/// The same within a text that holds JSON, as cells of exports and fields of dumps do.
pub(super) fn text_within(text: &str, steps: &[Step]) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return String::new();
    }
    let parsed = serde_json::from_str::<Value>(text).unwrap_or_default();
    text_at(&parsed, steps).into_owned()
}

/// A value by its key: as written, else as [`same_name`] has it.
fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    object.get(key).or_else(|| object.iter().find(|(name, _)| same_name(name, key)).map(|(_, value)| value))
}

fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text.trim()),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Bool(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        Value::Null | Value::Array(_) | Value::Object(_) => Cow::Borrowed(""),
    }
}

/// Names are the same in any case, with or without `_`, `-` and spaces: consoles and interfaces of one provider differ in these.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    let plain = |text: &str| {
        let kept = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
        kept.flat_map(char::to_lowercase).collect::<Vec<char>>()
    };
    a == b || plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_into_objects_arrays_and_texts_of_json() {
        let document = json!({"a": {"b": [{"c": 7}, {"c": true}]}, "raw": "{\"x\": {\"y\": \"z\"}}", "p.q": "flat"});
        for (path, expected) in [
            ("a.b[1].c", "true"),
            ("a.b[].c", "7"),
            ("a.b[2].c", ""),
            ("a.b", ""),
            ("raw.x.y", "z"),
            ("A.B[0].C", "7"),
            ("p.q", "flat"),
            ("^.a", ""),
            ("a.b[x].c", ""),
        ] {
            assert_eq!(Source::new(path).text_in(&[&document]), expected, "{path}");
        }
    }

    #[test]
    fn records_know_what_is_around_them() {
        let document = json!({"id": 1, "outer": [{"id": 2, "inner": [{"id": 3}, {"id": 4}]}, {"inner": {"id": 5}}]});
        let mut seen = Vec::new();
        walk(&steps("outer[].inner[]"), &mut vec![&document], &mut |chain| {
            seen.push(
                ["id", "^.id", "^.^.id", "$.id", "^.^.^.id"].map(|path| Source::new(path).text_in(chain).into_owned()),
            );
        });
        assert_eq!(seen, [["3", "2", "1", "1", ""], ["4", "2", "1", "1", ""], ["5", "", "1", "1", ""]]);
    }

    #[test]
    fn columns_are_found_by_name_or_looked_into() {
        let names = ["Num Segments".to_owned(), "key".to_owned(), "a.b".to_owned()];
        let place = |text: &str| Source::new(text).column(&names).map(|(at, path)| (at, path.len()));
        assert_eq!(place("num_segments"), Some((0, 0)));
        assert_eq!(place("key.fromMe"), Some((1, 1)));
        assert_eq!(place("a.b"), Some((2, 0)));
        assert_eq!(place("a.c"), None);
    }
}
