//! What has arrived of a stream, as text. Bytes are checked to be UTF-8 once, a block at a time, so that parsers need not look at them
//! again.

use std::io::{self, ErrorKind, Read};

use memchr::memchr_iter;

/// Bytes read at once; few when fuzzing, so that documents span blocks.
const BLOCK: usize = if cfg!(fuzzing) { 1 << 6 } else { 1 << 17 };

/// ASCII's own SUBSTITUTE takes the place of each byte that is no UTF-8: everything else stays where it is, and a document with such a
/// control character is none.
pub(super) const SUBSTITUTE: u8 = 0x1a;

/// Where something stands in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) struct Place {
    pub(in crate::read) line: u64,
    pub(in crate::read) byte_offset: u64,
}

/// A stream of text.
pub(super) struct TextStream<R> {
    reader: R,
    text: String,
    /// Start of what is not yet passed.
    start: usize,
    /// Bytes behind the text: the start of a character whose rest has not arrived.
    incomplete: Vec<u8>,
    /// Offset in the stream of the start of `text`.
    base: u64,
    at_end: bool,
    /// Lines are counted up to here, and only where somebody asks or the text goes.
    counted: usize,
    line: u64,
}

impl<R: Read> TextStream<R> {
    pub(super) fn new(reader: R) -> TextStream<R> {
        let (text, incomplete) = (String::new(), Vec::new());
        TextStream { reader, text, start: 0, incomplete, base: 0, at_end: false, counted: 0, line: 1 }
    }

    /// What has arrived and is not yet passed.
    #[inline]
    pub(super) fn rest(&self) -> &str {
        &self.text[self.start..]
    }

    /// Nothing follows what has arrived.
    pub(super) fn at_end(&self) -> bool {
        self.at_end
    }

    /// Where the stream is, or was some bytes before. Does not go back behind a place that was asked for.
    pub(super) fn place(&mut self, before: usize) -> Place {
        let at = self.start - before.min(self.start);
        self.count_lines(at);
        Place { line: self.line, byte_offset: self.base + at as u64 }
    }

    fn count_lines(&mut self, to: usize) {
        let more = self.text.as_bytes().get(self.counted..to).unwrap_or_default();
        self.line += memchr_iter(b'\n', more).count() as u64;
        self.counted = to;
    }

    /// Bytes that were passed since a place; none if that is gone.
    pub(super) fn since(&self, place: Place) -> usize {
        let at = place.byte_offset.checked_sub(self.base).and_then(|at| usize::try_from(at).ok());
        at.map_or(0, |at| self.start.saturating_sub(at))
    }

    /// The end of what was passed.
    pub(super) fn last(&self, length: usize) -> &str {
        &self.text[self.start - length.min(self.start)..self.start]
    }

    /// Passes bytes, up to the start of a character.
    #[inline]
    pub(super) fn pass(&mut self, length: usize) {
        self.start += length;
    }

    /// Passes a byte order mark at the start.
    pub(super) fn skip_mark(&mut self) -> io::Result<()> {
        if self.base > 0 || self.start > 0 {
            return Ok(());
        }
        if self.text.is_empty() && !self.at_end {
            self.fill()?;
        }
        if self.rest().starts_with('\u{feff}') {
            self.start += '\u{feff}'.len_utf8();
        }
        Ok(())
    }

    /// Reads on: as much again as is open, so that a long document is not parsed too often.
    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.count_lines(self.start);
        self.counted = 0;
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        bytes.copy_within(self.start.., 0);
        let open = bytes.len() - self.start;
        self.base += self.start as u64;
        self.start = 0;
        let mut filled = open + self.incomplete.len();
        bytes.resize(filled + filled.max(BLOCK), 0);
        bytes[open..filled].copy_from_slice(&self.incomplete);
        self.incomplete.clear();
        while filled < bytes.len() && !self.at_end {
            match self.reader.read(&mut bytes[filled..]) {
                Ok(0) => self.at_end = true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        bytes.truncate(filled);
        if !self.at_end {
            self.incomplete = bytes.split_off(filled - incomplete(&bytes));
        }
        self.text = String::from_utf8(bytes).unwrap_or_else(|error| substituted(error.as_bytes()));
        Ok(())
    }
}

/// Bytes at the end that start a character, but do not end it.
fn incomplete(bytes: &[u8]) -> usize {
    let is_start = |count: &usize| {
        let end = bytes.get(bytes.len().wrapping_sub(*count)..).unwrap_or_default();
        std::str::from_utf8(end).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (1..=3).find(is_start).unwrap_or(0)
}

/// Text of the same length.
fn substituted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::from(SUBSTITUTE)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf_8_is_substituted_byte_by_byte() {
        assert_eq!(substituted(b"a\xffb\xe2\x82\xc3\xa9"), "a\u{1a}b\u{1a}\u{1a}\u{e9}");
    }

    #[test]
    fn a_character_may_arrive_in_pieces() {
        let whole = "\u{20ac}".as_bytes();
        for length in 0..3 {
            assert_eq!(incomplete(&whole[..length]), length);
        }
        assert_eq!(incomplete(whole), 0);
        assert_eq!(incomplete(b"\x82\xac"), 0, "no start");
    }
}
