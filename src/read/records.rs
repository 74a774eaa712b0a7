//! Cuts a byte stream into CSV records (RFC 4180): quoted fields may hold newlines, and a quote that never closes costs one line, not
//! the rest of the file.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2};

/// Bytes read at once; few when fuzzing, so that records span blocks.
const BLOCK: usize = if cfg!(fuzzing) { 1 << 6 } else { 1 << 20 };

/// What was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// One record.
    Record {
        /// It holds a quote, so its fields must be unescaped.
        quoted: bool,
    },
    /// A line whose quote never closes; reading goes on after the line.
    UnterminatedQuote,
    /// A record over the limit; only its start is kept.
    TooLong,
}

/// A record within the buffer of [`Records`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) cut: Cut,
    pub(super) line: u64,
    pub(super) byte_offset: u64,
    start: usize,
    end: usize,
    lines: u64,
}

/// What of an input is not yet read.
pub(super) struct Rest<R> {
    pub(super) bytes: Vec<u8>,
    /// What comes behind these bytes.
    pub(super) reader: R,
    /// Line and offset of the first byte.
    pub(super) line: u64,
    pub(super) byte_offset: u64,
}

/// Cuts records off a stream.
pub(super) struct Records<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Start of what is not yet cut off.
    start: usize,
    filled: usize,
    /// Offset in the stream of `buffer[0]`.
    base: u64,
    line: u64,
    max_line: usize,
    delimiter: u8,
    at_end: bool,
    /// Offset in the stream up to which a quote that was a mistake keeps all line ends to itself. A quote that is open at one of them
    /// is in the same state and comes to the same end, so that is not looked for again: with a quote in every line reading would take
    /// the square of the file's length.
    swallowed: u64,
}

impl<R: Read> Records<R> {
    /// Cuts records whose fields stand between commas, unless [`Records::delimit`] says otherwise.
    pub(super) fn new(reader: R, max_line: usize) -> Records<R> {
        let buffer = vec![0; BLOCK];
        Records {
            reader,
            buffer,
            start: 0,
            filled: 0,
            base: 0,
            line: 1,
            max_line,
            delimiter: b',',
            at_end: false,
            swallowed: 0,
        }
    }

    /// What is not yet cut off.
    pub(super) fn into_rest(mut self) -> Rest<R> {
        self.buffer.truncate(self.filled);
        let bytes = self.buffer.split_off(self.start);
        Rest { bytes, reader: self.reader, line: self.line, byte_offset: self.base + self.start as u64 }
    }

    /// Goes on from what another way of reading has left.
    pub(super) fn resume(rest: Rest<R>, max_line: usize) -> Records<R> {
        let (filled, line, base) = (rest.bytes.len(), rest.line, rest.byte_offset);
        Records { buffer: rest.bytes, filled, line, base, ..Records::new(rest.reader, max_line) }
    }

    /// Says what stands between fields; to be called before the first record is cut off.
    pub(super) fn delimit(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// The first line that is not empty, as far as it is within the limit; nothing is passed.
    pub(super) fn first_line(&mut self) -> io::Result<&[u8]> {
        loop {
            let open = &self.buffer[self.start..self.filled];
            let blank = open.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let newline = memchr(b'\n', &open[blank..]);
            if newline.is_some() || self.at_end || open.len() > self.max_line {
                let start = self.start + blank;
                let end = newline.map_or(self.filled, |at| start + at);
                return Ok(&self.buffer[start..end]);
            }
            self.fill()?;
        }
    }

    /// The bytes of a record, without its line end. Valid until the next call of [`Records::next`].
    pub(super) fn bytes(&self, span: &Span) -> &[u8] {
        let bytes = &self.buffer[span.start..span.end];
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        bytes.strip_suffix(b"\r").unwrap_or(bytes)
    }

    /// The next record that is not empty, or `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Span>> {
        loop {
            let Some(span) = self.cut()? else { return Ok(None) };
            self.start = span.end;
            self.line += span.lines;
            if span.cut == Cut::TooLong && span.lines == 0 {
                self.skip_line()?;
            }
            if !self.bytes(&span).is_empty() {
                return Ok(Some(span));
            }
        }
    }

    /// Takes all of a record but its first line back, for one whose quotes turned out to be a mistake. `None` if it has one line.
    pub(super) fn keep_first_line(&mut self, span: &Span) -> Option<Span> {
        let newline = memchr(b'\n', &self.buffer[span.start..span.end])?;
        let end = span.start + newline + 1;
        if end == span.end {
            return None;
        }
        // The record's own line end is not within its quotes.
        self.swallowed = self.base + (span.end as u64).saturating_sub(1);
        self.start = end;
        self.line = span.line + 1;
        Some(Span { cut: Cut::UnterminatedQuote, end, lines: 1, ..*span })
    }

    fn cut(&mut self) -> io::Result<Option<Span>> {
        let mut searched = 0;
        // How the bytes arrive must not matter, so nothing is decided by how much happens to be here.
        let patience = self.max_line.saturating_mul(2);
        if let Some(length) = self.swallowed_line()? {
            return Ok(Some(self.span(Cut::UnterminatedQuote, length)));
        }
        loop {
            let open = &self.buffer[self.start..self.filled];
            match record_end(open, searched, self.delimiter) {
                // The line end, one byte or two, does not count.
                End::At(length, quoted) if length <= self.max_line.saturating_add(2) => {
                    return Ok(Some(self.span(Cut::Record { quoted }, length)));
                }
                End::At(length, _) if length <= patience => return Ok(Some(self.span(Cut::TooLong, length))),
                End::At(..) => return Ok(Some(self.over_limit(patience))),
                End::StrayQuote(at) if at >= patience || first_line(open).is_some_and(|length| length > patience) => {
                    return Ok(Some(self.over_limit(patience)));
                }
                End::StrayQuote(at) if first_line(open).is_some() || self.at_end => {
                    let length = first_line(open).unwrap_or(open.len());
                    self.swallowed = self.base + (self.start + at) as u64;
                    return Ok(Some(self.span(Cut::UnterminatedQuote, length)));
                }
                End::StrayQuote(_) | End::Beyond => {}
            }
            searched = open.len();
            if self.at_end {
                return Ok(self.last());
            }
            if open.len() > patience {
                return Ok(Some(self.over_limit(patience)));
            }
            self.fill()?;
        }
    }

    /// The line that comes next, if it leaves a quote open that is known to lead nowhere.
    fn swallowed_line(&mut self) -> io::Result<Option<usize>> {
        while self.base + (self.start as u64) < self.swallowed {
            let open = &self.buffer[self.start..self.filled];
            if let Some(length) = first_line(open) {
                let line_end = self.base + (self.start + length - 1) as u64;
                let leads_nowhere = length <= self.max_line
                    && line_end < self.swallowed
                    && ends_in_quote(&open[..length - 1], self.delimiter);
                return Ok(leads_nowhere.then_some(length));
            }
            if self.at_end || open.len() > self.max_line {
                return Ok(None);
            }
            self.fill()?;
        }
        Ok(None)
    }

    fn span(&self, cut: Cut, length: usize) -> Span {
        let (start, end) = (self.start, self.start + length);
        let newlines = memchr_iter(b'\n', &self.buffer[start..end]).count();
        Span { cut, line: self.line, byte_offset: self.base + start as u64, start, end, lines: newlines as u64 }
    }

    /// What stands behind the last newline, or in an open quote.
    fn last(&mut self) -> Option<Span> {
        let open = &self.buffer[self.start..self.filled];
        if open.is_empty() {
            return None;
        }
        match first_line(open) {
            Some(length) => {
                self.swallowed = self.base + self.filled as u64;
                Some(self.span(Cut::UnterminatedQuote, length))
            }
            None if ends_in_quote(open, self.delimiter) => Some(self.span(Cut::UnterminatedQuote, open.len())),
            None => Some(self.span(Cut::Record { quoted: memchr(b'"', open).is_some() }, open.len())),
        }
    }

    /// No record end where one should be: an open quote if there is a line end, else one long line.
    fn over_limit(&mut self, patience: usize) -> Span {
        let open = &self.buffer[self.start..self.filled];
        match first_line(open).filter(|length| *length <= self.max_line) {
            Some(length) => {
                self.swallowed = self.base + (self.start as u64).saturating_add(patience as u64);
                self.span(Cut::UnterminatedQuote, length)
            }
            None => self.span(Cut::TooLong, first_line(open).unwrap_or(open.len())),
        }
    }

    /// Drops what is left of a line that was too long.
    fn skip_line(&mut self) -> io::Result<()> {
        let kept = (self.start, self.filled);
        let mut block = vec![0; BLOCK];
        loop {
            let read = read_some(&mut self.reader, &mut block)?;
            if read == 0 {
                self.at_end = true;
                return Ok(());
            }
            let Some(newline) = memchr(b'\n', &block[..read]) else {
                self.base += read as u64;
                continue;
            };
            self.line += 1;
            // The kept start of the line stays in the buffer, so offsets behind it count what was dropped.
            self.base += newline as u64 + 1;
            self.buffer.truncate(kept.1);
            self.buffer.extend_from_slice(&block[newline + 1..read]);
            self.filled = self.buffer.len();
            return Ok(());
        }
    }

    /// Reads another block behind what is not yet cut off.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.base += self.start as u64;
        self.filled -= self.start;
        self.start = 0;
        if self.buffer.len() < self.filled + BLOCK {
            self.buffer.resize(self.filled + BLOCK, 0);
        }
        let read = read_some(&mut self.reader, &mut self.buffer[self.filled..])?;
        self.filled += read;
        self.at_end = read == 0;
        Ok(())
    }
}

fn read_some(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

fn first_line(bytes: &[u8]) -> Option<usize> {
    memchr(b'\n', bytes).map(|at| at + 1)
}

/// Where the first record ends.
enum End {
    /// Behind this many bytes, line end included; and whether it holds a quote.
    At(usize, bool),
    /// Not within these bytes.
    Beyond,
    /// A quote that closes a field is followed by more text, here: it opens another field, and a quote before it never closed.
    StrayQuote(usize),
}

/// The end of the first record. `searched` bytes are known to hold no line end, unless they hold a quote.
fn record_end(bytes: &[u8], searched: usize, delimiter: u8) -> End {
    let newline = memchr(b'\n', &bytes[searched..]).map(|at| searched + at + 1);
    let line = &bytes[..newline.unwrap_or(bytes.len())];
    match (memchr(b'"', line), newline) {
        (None, Some(end)) => End::At(end, false),
        (None, None) => End::Beyond,
        (Some(_), _) => quoted_end(bytes, delimiter),
    }
}

/// The same field by field: a quote counts only at the start of a field, as in RFC 4180.
fn quoted_end(bytes: &[u8], delimiter: u8) -> End {
    let mut at = 0;
    loop {
        let opens = bytes.get(at) == Some(&b'"');
        let Some(text_end) = field_text_end(bytes, at) else { return End::Beyond };
        let rest = &bytes[text_end..];
        let closes =
            rest.first() == Some(&delimiter) || matches!(rest, [] | [b'\n', ..] | [b'\r'] | [b'\r', b'\n', ..]);
        if opens && !closes {
            return End::StrayQuote(text_end);
        }
        let Some(separator) = memchr2(delimiter, b'\n', rest) else { return End::Beyond };
        at = text_end + separator + 1;
        if bytes[at - 1] == b'\n' {
            return End::At(at, true);
        }
    }
}

/// Behind the closing quote of a quoted field, or the start of an unquoted one.
fn field_text_end(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start) != Some(&b'"') {
        return Some(start);
    }
    let mut at = start + 1;
    loop {
        at += memchr(b'"', &bytes[at..])? + 1;
        if bytes.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether the last field of a text without newline has a quote that does not close.
fn ends_in_quote(bytes: &[u8], delimiter: u8) -> bool {
    let mut at = 0;
    loop {
        match field_text_end(bytes, at) {
            None => return true,
            Some(end) => match memchr(delimiter, &bytes[end..]) {
                None => return false,
                Some(comma) => at = end + comma + 1,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, max_line: usize) -> Vec<(Cut, u64, u64, String)> {
        let mut records = Records::new(text.as_bytes(), max_line);
        let mut cuts = Vec::new();
        while let Some(span) = records.next().unwrap() {
            let text = String::from_utf8_lossy(records.bytes(&span)).into_owned();
            cuts.push((span.cut, span.line, span.byte_offset, text));
        }
        cuts
    }

    const PLAIN: Cut = Cut::Record { quoted: false };
    const QUOTED: Cut = Cut::Record { quoted: true };

    #[test]
    fn cuts_lines_of_any_kind() {
        let cuts = cut("a,b\r\n\nc,\"d\ne\"\nf,5\" g\nh", 100);
        let expected =
            [(PLAIN, 1, 0, "a,b"), (QUOTED, 3, 6, "c,\"d\ne\""), (QUOTED, 5, 14, "f,5\" g"), (PLAIN, 6, 21, "h")];
        assert_eq!(cuts, expected.map(|(cut, line, at, text)| (cut, line, at, text.to_owned())));
    }

    #[test]
    fn an_open_quote_costs_one_line() {
        let cuts = cut("a,b\nc,\"d\ne,f\ng,h", 100);
        let kinds: Vec<_> = cuts.iter().map(|(cut, line, _, text)| (*cut, *line, text.as_str())).collect();
        assert_eq!(
            kinds,
            [(PLAIN, 1, "a,b"), (Cut::UnterminatedQuote, 2, "c,\"d"), (PLAIN, 3, "e,f"), (PLAIN, 4, "g,h")]
        );
        assert_eq!(cut("a,\"b", 100)[0].0, Cut::UnterminatedQuote);
        assert_eq!(cut("a,\"b\"", 100)[0].0, QUOTED);
    }

    /// Each line leaves a quote open, and closes the one before.
    #[test]
    fn quotes_in_every_line_take_no_longer_than_the_lines() {
        let lines = 200_000;
        for end in ["", "\"x\n"] {
            let cuts = cut(&("5\",\"\n".repeat(lines) + end), 1 << 20);
            assert!(cuts[..lines - 1].iter().all(|(cut, ..)| *cut == Cut::UnterminatedQuote));
            assert_eq!(cuts[lines - 1].1, lines as u64);
        }
    }

    #[test]
    fn a_line_over_the_limit_is_cut_and_left_behind() {
        let long = "x".repeat(3 << 20);
        let text = format!("a,b\n{long}\nc,d\n");
        let cuts = cut(&text, 1 << 20);
        assert_eq!(cuts.len(), 3);
        assert_eq!((cuts[1].0, cuts[1].1, cuts[1].2), (Cut::TooLong, 2, 4));
        assert_eq!(cuts[2], (PLAIN, 3, 4 + (3 << 20) + 1, "c,d".to_owned()));
    }

    #[test]
    fn records_may_span_blocks() {
        let row = format!("{},\"{}\"\n", "y".repeat(1000), "z\n".repeat(200));
        let text = row.repeat(3000);
        let cuts = cut(&text, 1 << 20);
        assert_eq!(cuts.len(), 3000);
        assert!(cuts.iter().enumerate().all(|(i, (cut, line, at, _))| {
            *cut == QUOTED && *line == 1 + 201 * i as u64 && *at == (row.len() * i) as u64
        }));
    }
}
