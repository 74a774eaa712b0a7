//! Cuts a stream of text into JSON documents: one a line, one a file, pretty-printed, or all in one array. Nothing is scanned ahead: the
//! parser of a document tells where it ends.

use std::io::{self, Read};

use memchr::memchr;

use super::cursor::plain_object;
use super::object::begin_document;
use super::stream::{Place, SUBSTITUTE, TextStream};

/// Arrays within arrays of documents; more are no log.
const MOST_ARRAYS: usize = 8;

/// Text that starts with a document and may hold more.
#[derive(Clone, Copy, Debug)]
pub(in crate::read) struct Stretch<'b> {
    text: &'b str,
    /// Nothing follows.
    at_end: bool,
    max_line: usize,
}

/// What a parser says of the text it was given, which start with a document and may hold more.
#[derive(Debug)]
pub(in crate::read) enum Parsed<T> {
    /// The document takes this many bytes, and what was made of it.
    Whole(usize, T),
    /// It takes this many bytes, which is more than a document may.
    TooLong(usize),
    /// It does not end within the text.
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
    stream: TextStream<R>,
    max_line: usize,
    /// Arrays of documents that are open: now, and where the line began.
    arrays: usize,
    arrays_before_line: usize,
    /// Length of the document that was last passed, as far as it is still here.
    last: usize,
    /// Where it stands, if its start is gone.
    last_place: Option<Place>,
}

impl<R: Read> Documents<R> {
    pub(in crate::read) fn new(reader: R, max_line: usize) -> Documents<R> {
        let stream = TextStream::new(reader);
        Documents { stream, max_line, arrays: 0, arrays_before_line: 0, last: 0, last_place: None }
    }

    /// The next document; `None` at the end. `parse` is called again with more text while a document is open.
    pub(in crate::read) fn next<T>(
        &mut self,
        mut parse: impl FnMut(Stretch<'_>) -> Parsed<T>,
    ) -> io::Result<Option<Document<T>>> {
        (self.last, self.last_place) = (0, None);
        if !self.skip_separators()? {
            // An array that was cut off may have lost documents.
            let open = std::mem::take(&mut self.arrays) > 0;
            return Ok(open.then(|| Document::Broken("the array of documents has no end".to_owned())));
        }
        loop {
            let stretch = self.stretch();
            let document = match parse(stretch) {
                Parsed::Whole(length, made) => return Ok(Some(self.passed(length, Document::Good(made)))),
                Parsed::TooLong(length) => return Ok(Some(self.passed(length, Document::TooLong))),
                Parsed::Broken(why) => Document::Broken(why),
                Parsed::Open if stretch.text.len() > self.max_line => Document::TooLong,
                Parsed::Open if stretch.at_end => Document::Broken("the document has no end".to_owned()),
                Parsed::Open => {
                    self.stream.fill()?;
                    continue;
                }
            };
            self.pass_broken()?;
            return Ok(Some(document));
        }
    }

    /// Where the document stands that was last passed, and its text for a report.
    pub(in crate::read) fn last(&mut self) -> (Place, &str) {
        let place = self.last_place.unwrap_or_else(|| self.stream.place(self.last));
        (place, self.stream.last(self.last))
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
                Parsed::Open if !stretch.at_end && stretch.text.len() <= self.max_line => self.stream.fill()?,
                Parsed::Open | Parsed::TooLong(_) | Parsed::Broken(_) => return Ok(None),
            }
        }
    }

    fn stretch(&self) -> Stretch<'_> {
        Stretch { text: self.stream.rest(), at_end: self.stream.at_end(), max_line: self.max_line }
    }

    /// Passes what stands between documents: white space, the brackets and commas of an array of them, a byte order mark.
    fn skip_separators(&mut self) -> io::Result<bool> {
        self.stream.skip_mark()?;
        loop {
            let rest = self.stream.rest().as_bytes();
            let mut passed = 0;
            for byte in rest {
                match byte {
                    b'\n' => self.arrays_before_line = self.arrays,
                    b'[' if self.arrays < MOST_ARRAYS => self.arrays += 1,
                    b']' if self.arrays > 0 => self.arrays -= 1,
                    b' ' | b'\t' | b'\r' | b',' | 0x1e => {}
                    _ => break,
                }
                passed += 1;
            }
            let found = passed < rest.len();
            self.stream.pass(passed);
            if found || self.stream.at_end() {
                return Ok(found);
            }
            self.stream.fill()?;
        }
    }

    fn passed<T>(&mut self, length: usize, document: Document<T>) -> Document<T> {
        self.stream.pass(length);
        self.last = length;
        document
    }

    fn pass_broken(&mut self) -> io::Result<()> {
        self.arrays = self.arrays_before_line;
        let place = self.stream.place(0);
        self.last_place = Some(place);
        self.skip_to_document()?;
        self.last = self.stream.since(place);
        Ok(())
    }

    /// Passes a broken document: up to the next line that starts with a bracket, or just its own line if it does not start with one.
    fn skip_to_document(&mut self) -> io::Result<()> {
        let bracket = |byte: u8| matches!(byte, b'{' | b'[');
        let mut searched = 0;
        let own_line_only = !self.stream.rest().starts_with(['{', '[']);
        loop {
            let rest = self.stream.rest().as_bytes();
            let open = &rest[searched..];
            match memchr(b'\n', open) {
                Some(at) if at + 1 < open.len() => {
                    searched += at + 1;
                    if own_line_only || bracket(rest[searched]) {
                        self.stream.pass(searched);
                        return Ok(());
                    }
                }
                _ if self.stream.at_end() => {
                    self.stream.pass(rest.len());
                    return Ok(());
                }
                newline => {
                    // Bounded memory: what cannot be the start of a document is dropped.
                    let gone = newline.unwrap_or(open.len());
                    if searched + gone > self.max_line {
                        self.stream.pass(searched + gone);
                        searched = 0;
                    }
                    self.stream.fill()?;
                }
            }
        }
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
    let Stretch { text, at_end, max_line } = stretch;
    begin_document();
    let (made, length) = match plain_object(text) {
        Some(plain) => plain,
        None => match any_document(text) {
            Ok(document) => document,
            Err(parsed) => return parsed,
        },
    };
    match behind(&text.as_bytes()[length..], at_end) {
        _ if length > max_line => Parsed::TooLong(length),
        Behind::Nothing => Parsed::Whole(length, made),
        Behind::Text => Parsed::Broken("the line goes on behind the document".to_owned()),
        Behind::Unseen => Parsed::Open,
    }
}

/// A document that is not plain, and its length; or what is wrong with it.
#[cold]
fn any_document<'b, T: serde::Deserialize<'b>>(text: &'b str) -> Result<(T, usize), Parsed<T>> {
    begin_document();
    let mut parser = serde_json::Deserializer::from_str(text).into_iter::<T>();
    match parser.next() {
        Some(Ok(made)) => Ok((made, parser.byte_offset())),
        Some(Err(error)) if !error.is_eof() => Err(Parsed::Broken(fault(&error, text))),
        Some(Err(_)) | None => Err(Parsed::Open),
    }
}

/// What is wrong with a text, and where in it.
fn fault(error: &serde_json::Error, text: &str) -> String {
    let (line, column) = (error.line(), error.column());
    let found = text.lines().nth(line.saturating_sub(1)).and_then(|line| line.as_bytes().get(column.checked_sub(1)?));
    match found {
        Some(&SUBSTITUTE) => format!("a byte that is no UTF-8 at line {line} column {column}"),
        _ => error.to_string(),
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
            while let Some(document) = documents.next(parse_tree).unwrap() {
                let (place, _) = documents.last();
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
    fn a_byte_that_is_no_utf_8_breaks_its_document() {
        for text in
            [&b"{\"a\":\"\xff\"}\n{\"b\":2}"[..], b"{\"a\":\xff1}\n{\"b\":2}", b"{\"a\":\"\xe2\x82\"}\n{\"b\":2}"]
        {
            let mut documents = Documents::new(text, 100);
            let first = documents.next(parse_tree).unwrap();
            assert!(matches!(&first, Some(Document::Broken(why)) if why.contains("no UTF-8 at line 1")), "{first:?}");
            assert!(matches!(documents.next(parse_tree).unwrap(), Some(Document::Good(_))));
        }
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
