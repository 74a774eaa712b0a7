//! Cuts a byte stream into JSON documents: one a line, one a file, pretty-printed, or all in one array. Nothing is scanned ahead: the
//! parser of a document tells where it ends.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter};

use super::object::begin_document;

/// Bytes read at once; few when fuzzing, so that records span blocks.
const BLOCK: usize = if cfg!(fuzzing) { 1 << 6 } else { 1 << 20 };
/// Arrays within arrays of documents; more are no log.
const MOST_ARRAYS: usize = 8;

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) struct Place {
    pub(in crate::read) line: u64,
    pub(in crate::read) byte_offset: u64,
}

/// Bytes that start with a document and may hold more.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) struct Stretch<'b> {
    bytes: &'b [u8],
    /// Nothing follows.
    at_end: bool,
    max_line: usize,
}

/// What a parser says of the bytes it was given, which start with a document and may hold more.
#[derive(Debug)]
pub(in crate::read) enum Parsed<T> {
    /// The document takes this many bytes, and what was made of it.
    Whole(usize, T),
    /// It takes this many bytes, which is more than a document may.
    TooLong(usize),
    /// It does not end within the bytes.
    Open,
    /// It is no JSON.
    Broken(String),
}

impl<T> Parsed<T> {
    /// Makes something of the document, if it is whole.
    pub(in crate::read) fn map<U>(self, make: impl FnOnce(T) -> U) -> Parsed<U> {
        match self {
            Parsed::Whole(length, document) => Parsed::Whole(length, make(document)),
            Parsed::TooLong(length) => Parsed::TooLong(length),
            Parsed::Open => Parsed::Open,
            Parsed::Broken(why) => Parsed::Broken(why),
        }
    }
}

/// What a document turned out to be.
#[derive(Debug)]
pub(in crate::read) enum Document<T> {
    /// A document, and what was made of it.
    Good(T),
    /// No JSON, and why. Reading goes on at the next line that starts a document.
    Broken(String),
    /// Over the limit, likewise.
    TooLong,
}

/// Cuts documents off a stream.
pub(in crate::read) struct Documents<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Start of what is not yet cut off.
    start: usize,
    filled: usize,
    /// Offset in the stream of `buffer[0]`.
    base: u64,
    line: u64,
    max_line: usize,
    at_end: bool,
    /// Arrays of documents that are open: now, and where the line began.
    arrays: usize,
    arrays_before_line: usize,
}

impl<R: Read> Documents<R> {
    pub(in crate::read) fn new(reader: R, max_line: usize) -> Documents<R> {
        Documents {
            reader,
            buffer: Vec::new(),
            start: 0,
            filled: 0,
            base: 0,
            line: 1,
            max_line,
            at_end: false,
            arrays: 0,
            arrays_before_line: 0,
        }
    }

    /// The next document and where it stands, with its first bytes for a report; `None` at the end. `parse` is called again with more
    /// bytes while a document is open.
    pub(in crate::read) fn next<T>(
        &mut self,
        mut parse: impl FnMut(Stretch<'_>) -> Parsed<T>,
    ) -> io::Result<Option<(Place, Document<T>, usize)>> {
        if !self.skip_separators()? {
            // An array that was cut off may have lost documents.
            let place = Place { line: self.line, byte_offset: self.base + self.start as u64 };
            let open = std::mem::take(&mut self.arrays) > 0;
            return Ok(open.then(|| (place, Document::Broken("the array of documents has no end".to_owned()), 0)));
        }
        loop {
            let place = Place { line: self.line, byte_offset: self.base + self.start as u64 };
            let stretch = self.stretch();
            let (document, length) = match parse(stretch) {
                Parsed::TooLong(length) => (Document::TooLong, Some(length)),
                Parsed::Whole(length, made) => (Document::Good(made), Some(length)),
                Parsed::Broken(why) => (Document::Broken(why), None),
                Parsed::Open if stretch.bytes.len() > self.max_line => (Document::TooLong, None),
                Parsed::Open if self.at_end => (Document::Broken("the document has no end".to_owned()), None),
                Parsed::Open => {
                    self.fill()?;
                    continue;
                }
            };
            let start = self.start;
            if let Some(length) = length {
                self.pass(length);
            } else {
                self.arrays = self.arrays_before_line;
                self.skip_to_document()?;
            }
            // The start of a document that was skipped over several blocks is gone.
            let shown = self.start.saturating_sub(start);
            return Ok(Some((place, document, shown)));
        }
    }

    /// Looks at the next document without passing it.
    pub(in crate::read) fn peek<T>(
        &mut self,
        mut parse: impl FnMut(Stretch<'_>) -> Parsed<T>,
    ) -> io::Result<Option<T>> {
        if !self.skip_separators()? {
            return Ok(None);
        }
        loop {
            let stretch = self.stretch();
            match parse(stretch) {
                Parsed::Whole(_, made) => return Ok(Some(made)),
                Parsed::Open if !self.at_end && stretch.bytes.len() <= self.max_line => self.fill()?,
                Parsed::Open | Parsed::TooLong(_) | Parsed::Broken(_) => return Ok(None),
            }
        }
    }

    fn stretch(&self) -> Stretch<'_> {
        let bytes = &self.buffer[self.start..self.filled];
        Stretch { bytes, at_end: self.at_end, max_line: self.max_line }
    }

    /// The bytes of the document that [`Documents::next`] last passed.
    pub(in crate::read) fn last(&self, length: usize) -> &[u8] {
        &self.buffer[self.start - length.min(self.start)..self.start]
    }

    /// Passes what stands between documents: white space, the brackets and commas of an array of them, a byte order mark.
    fn skip_separators(&mut self) -> io::Result<bool> {
        loop {
            while self.start < self.filled {
                match self.buffer[self.start] {
                    b'\n' => {
                        self.line += 1;
                        self.arrays_before_line = self.arrays;
                    }
                    b'[' if self.arrays < MOST_ARRAYS => self.arrays += 1,
                    b']' if self.arrays > 0 => self.arrays -= 1,
                    b' ' | b'\t' | b'\r' | b',' | 0x1e => {}
                    0xef | 0xbb | 0xbf if self.base + (self.start as u64) < 3 => {}
                    _ => return Ok(true),
                }
                self.start += 1;
            }
            if self.at_end {
                return Ok(false);
            }
            self.fill()?;
        }
    }

    fn pass(&mut self, length: usize) {
        let passed = &self.buffer[self.start..self.start + length];
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.start += length;
    }

    /// Passes a broken document: up to the next line that starts with a bracket, or just its own line if it does not start with one.
    fn skip_to_document(&mut self) -> io::Result<()> {
        let bracket = |byte: u8| matches!(byte, b'{' | b'[');
        let mut searched = 0;
        let own_line_only = !self.buffer[self.start..self.filled].first().copied().is_some_and(bracket);
        loop {
            let open = &self.buffer[self.start + searched..self.filled];
            match memchr(b'\n', open) {
                Some(at) if self.start + searched + at + 1 < self.filled => {
                    searched += at + 1;
                    if own_line_only || bracket(self.buffer[self.start + searched]) {
                        self.pass(searched);
                        return Ok(());
                    }
                }
                _ if self.at_end => {
                    self.pass(self.filled - self.start);
                    return Ok(());
                }
                newline => {
                    // Bounded memory: what cannot be the start of a document is dropped.
                    let gone = newline.unwrap_or(open.len());
                    if searched + gone > self.max_line {
                        self.pass(searched + gone);
                        searched = 0;
                    }
                    self.fill()?;
                }
            }
        }
    }

    /// Reads on: as much again as is open, so that a long document is not parsed too often.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.base += self.start as u64;
        self.filled -= self.start;
        self.start = 0;
        let wanted = self.filled.max(BLOCK);
        if self.buffer.len() < self.filled + wanted {
            self.buffer.resize(self.filled + wanted, 0);
        }
        let target = self.filled + wanted;
        while self.filled < target && !self.at_end {
            match self.reader.read(&mut self.buffer[self.filled..target]) {
                Ok(0) => self.at_end = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What follows a document.
enum Behind {
    Nothing,
    Text,
    /// That cannot be seen yet.
    Unseen,
}

fn behind(rest: &[u8], at_end: bool) -> Behind {
    let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    match next {
        None if at_end => Behind::Nothing,
        None => Behind::Unseen,
        Some(b'\n' | b',' | b'[' | b']' | b'{' | 0x1e) => Behind::Nothing,
        Some(_) => Behind::Text,
    }
}

/// Parses the document that a stretch starts with, if it is no longer than it may be. A line that goes on behind it with something that
/// is no document was damaged as a whole.
pub(in crate::read) fn parse<'b, T: serde::Deserialize<'b>>(stretch: Stretch<'b>) -> Parsed<T> {
    let Stretch { bytes, at_end, max_line } = stretch;
    begin_document();
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<T>();
    let parsed = stream.next();
    let length = stream.byte_offset();
    match parsed {
        Some(Ok(_)) if length > max_line => Parsed::TooLong(length),
        Some(Ok(made)) => match behind(&bytes[length..], at_end) {
            Behind::Nothing => Parsed::Whole(length, made),
            Behind::Text => Parsed::Broken("the line goes on behind the document".to_owned()),
            Behind::Unseen => Parsed::Open,
        },
        Some(Err(error)) if error.is_eof() => Parsed::Open,
        Some(Err(error)) => Parsed::Broken(error.to_string()),
        None => Parsed::Open,
    }
}

/// The same into a tree, for documents whose form is not known.
pub(in crate::read) fn parse_tree(stretch: Stretch<'_>) -> Parsed<serde_json::Value> {
    parse(stretch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.len().min(buffer.len()).min(self.1);
            buffer[..read].copy_from_slice(&self.0[..read]);
            self.0 = &self.0[read..];
            Ok(read)
        }
    }

    fn all(text: &str, max_line: usize) -> Vec<(u64, u64, String)> {
        let read = |step: usize| {
            let mut documents = Documents::new(Slow(text.as_bytes(), step), max_line);
            let mut found = Vec::new();
            while let Some((place, document, _)) = documents.next(parse_tree).unwrap() {
                let shown = match document {
                    Document::Good(value) => value.to_string(),
                    Document::Broken(_) => "broken".to_owned(),
                    Document::TooLong => "too long".to_owned(),
                };
                found.push((place.line, place.byte_offset, shown));
            }
            found
        };
        let found = read(usize::MAX);
        assert_eq!(found, read(1), "how the bytes arrive does not matter");
        found
    }

    fn texts(found: &[(u64, u64, String)]) -> Vec<&str> {
        found.iter().map(|(_, _, text)| text.as_str()).collect()
    }

    #[test]
    fn every_framing_gives_the_same_documents() {
        for text in [
            "{\"a\":1}\n{\"b\":[2]}\n",
            "{\"a\":1}{\"b\":[2]}",
            "[{\"a\":1},\n {\"b\":[2]}]\n",
            "\u{feff}{\n  \"a\": 1\n}\n\n{\n  \"b\": [\n    2\n  ]\n}",
            "\r\n{\"a\":1},\r\n{\"b\":[2]}\r\n",
        ] {
            assert_eq!(texts(&all(text, 100)), ["{\"a\":1}", "{\"b\":[2]}"], "{text}");
        }
    }

    #[test]
    fn a_broken_document_costs_its_own_lines() {
        let found = all("{\"a\":1}\n{\"b\": {\"c\":2\n{\"d\":3}\nnonsense\n{\"e\":\n  oops\n}\n{\"f\":4}\n", 100);
        assert_eq!(texts(&found), ["{\"a\":1}", "broken", "{\"d\":3}", "broken", "broken", "{\"f\":4}"]);
        assert_eq!(found.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 8]);
        assert_eq!(texts(&all("{\"a\":1}\n{\"b\":", 100)), ["{\"a\":1}", "broken"]);
    }

    #[test]
    fn a_line_that_goes_on_is_damaged_and_an_array_must_end() {
        assert_eq!(texts(&all("{\"a\":1} x\n{\"b\":2} \n", 100)), ["broken", "{\"b\":2}"]);
        assert_eq!(texts(&all("[{\"a\":1},\n{\"b\":2}", 100)), ["{\"a\":1}", "{\"b\":2}", "broken"]);
        assert_eq!(texts(&all("{\"a\":1}]\n{\"b\":2}\n", 100)), ["{\"a\":1}", "broken", "{\"b\":2}"]);
        assert_eq!(texts(&all(&"[".repeat(1000), 100)), ["broken"]);
        assert_eq!(texts(&all("[[[\n", 100)), ["broken"]);
    }

    #[test]
    fn a_document_over_the_limit_is_passed_in_bounded_memory() {
        let long = format!("{{\"a\":\"{}\"}}\n{{\"b\":2}}\n", "x".repeat(50));
        assert_eq!(texts(&all(&long, 20)), ["too long", "{\"b\":2}"]);
        assert_eq!(texts(&all(&long, 100)).len(), 2);
        let open = format!("{{\"a\":\"{}\n{{\"b\":2}}\n", "x".repeat(50));
        assert_eq!(texts(&all(&open, 20)), ["broken", "{\"b\":2}"], "a raw line end cannot stand in a string");
    }
}
