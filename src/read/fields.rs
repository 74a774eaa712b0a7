//! The fields of one record.

use memchr::memchr_iter;

/// Splits records into fields; keeps its buffers from one to the next.
pub(super) struct Fields {
    delimiter: u8,
    /// Unescaped text of a record with quotes, and where its fields end.
    unescaped: Vec<u8>,
    ends: Vec<usize>,
    bounds: Vec<Bounds>,
}

/// Where a field starts and ends.
pub(super) type Bounds = (usize, usize);

impl Default for Fields {
    fn default() -> Fields {
        Fields::between(b',')
    }
}

impl Fields {
    /// Fields that stand between these.
    pub(super) fn between(delimiter: u8) -> Fields {
        Fields { delimiter, unescaped: Vec::new(), ends: Vec::new(), bounds: Vec::new() }
    }

    /// Splits a record and gives the text its fields are parts of; `None` if that is no UTF-8.
    pub(super) fn split<'a>(&'a mut self, record: &'a [u8], quoted: bool) -> Option<Split<'a>> {
        self.bounds.clear();
        let mut start = 0;
        let text = if quoted {
            self.unescape(record);
            self.bounds.extend(self.ends.iter().map(|end| (std::mem::replace(&mut start, *end), *end)));
            &self.unescaped
        } else {
            let ends = memchr_iter(self.delimiter, record).chain([record.len()]);
            self.bounds.extend(ends.map(|end| (std::mem::replace(&mut start, end + 1), end)));
            record
        };
        let text = std::str::from_utf8(text).ok()?;
        Some(Split { text, bounds: &self.bounds })
    }

    fn unescape(&mut self, record: &[u8]) {
        // A record is never longer unescaped, and never has more fields than bytes and one.
        self.unescaped.resize(record.len() + 1, 0);
        self.ends.resize(record.len() + 2, 0);
        let mut builder = csv_core::ReaderBuilder::new();
        let mut reader = builder.delimiter(self.delimiter).terminator(csv_core::Terminator::Any(b'\n')).build();
        let (_, read, written, ends) = reader.read_record(record, &mut self.unescaped, &mut self.ends);
        let (_, _, more, more_ends) =
            reader.read_record(&record[read..], &mut self.unescaped[written..], &mut self.ends[ends..]);
        self.unescaped.truncate(written + more);
        self.ends.truncate(ends + more_ends);
    }
}

/// A record split into fields.
#[derive(Clone, Copy)]
pub(super) struct Split<'a> {
    text: &'a str,
    bounds: &'a [Bounds],
}

impl<'a> Split<'a> {
    /// A record and the bounds of its fields.
    pub(super) fn of(text: &'a str, bounds: &'a [Bounds]) -> Split<'a> {
        Split { text, bounds }
    }

    pub(super) fn len(&self) -> usize {
        self.bounds.len()
    }

    /// All fields, trimmed.
    pub(super) fn texts(&self) -> Vec<String> {
        (0..self.len()).map(|at| self.get(at).to_owned()).collect()
    }

    /// The field at a position, trimmed of spaces; empty where there is none.
    pub(super) fn get(&self, at: usize) -> &'a str {
        let Some((start, end)) = self.bounds.get(at) else { return "" };
        // Separators are ASCII, so field bounds are character bounds.
        trim(self.text.get(*start..*end).unwrap_or(""))
    }
}

/// Without spaces at its ends; most fields have none.
fn trim(text: &str) -> &str {
    let visible = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    if visible(text.as_bytes().first()) && visible(text.as_bytes().last()) { text } else { text.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(record: &str) -> Vec<String> {
        let mut fields = Fields::default();
        let split = fields.split(record.as_bytes(), record.contains('"')).unwrap();
        (0..split.len()).map(|at| split.get(at).to_owned()).collect()
    }

    #[test]
    fn plain_and_quoted_fields() {
        assert_eq!(split("a,,b "), ["a", "", "b"]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("a,\"b,\"\"c\"\"\nd\",\"\""), ["a", "b,\"c\"\nd", ""]);
        assert_eq!(split("a,5\" b,c"), ["a", "5\" b", "c"]);
        assert_eq!(split("\"ü\",é"), ["ü", "é"]);
    }
}
