//! One row of a CSV output (RFC 4180), appended to a buffer: the hot path of a run with one row per message.

use std::fmt::Display;
use std::io::Write;

use crate::model::{Instant, Money};

/// A row being written. Fields come in order; [`CsvRow::end`] ends it.
pub(super) struct CsvRow<'b> {
    buffer: &'b mut Vec<u8>,
    first: bool,
}

impl<'b> CsvRow<'b> {
    pub(super) fn new(buffer: &'b mut Vec<u8>) -> CsvRow<'b> {
        CsvRow { buffer, first: true }
    }

    /// A text from outside, quoted where it must be.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.separate();
        if memchr::memchr3(b',', b'"', b'\n', text.as_bytes()).is_some() || text.contains('\r') {
            self.buffer.push(b'"');
            self.buffer
                .extend(text.bytes().flat_map(|byte| std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 })));
            self.buffer.push(b'"');
        } else {
            self.buffer.extend_from_slice(text.as_bytes());
        }
        self
    }

    /// One of our own names, which never need quotes.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.separate();
        self.buffer.extend_from_slice(name.as_bytes());
        self
    }

    /// A whole number.
    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.name(itoa::Buffer::new().format(number))
    }

    /// A time, empty where there is none.
    pub(super) fn time(&mut self, at: Option<Instant>) -> &mut Self {
        self.separate();
        if let Some(at) = at {
            at.write_to(self.buffer);
        }
        self
    }

    /// A value whose text never needs quotes.
    pub(super) fn plain(&mut self, value: impl Display) -> &mut Self {
        self.separate();
        // Writing to memory cannot fail.
        let _ = write!(self.buffer, "{value}");
        self
    }

    /// Such a value, empty where there is none.
    pub(super) fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.plain(""),
        }
    }

    /// An amount, empty where its rate is unknown.
    pub(super) fn money(&mut self, amount: Option<Money>) -> &mut Self {
        self.separate();
        if let Some(amount) = amount {
            amount.write_to(self.buffer);
        }
        self
    }

    /// Ends the row.
    pub(super) fn end(&mut self) {
        self.buffer.push(b'\n');
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.buffer.push(b',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_what_needs_it() {
        let mut buffer = Vec::new();
        CsvRow::new(&mut buffer).text("a").text("b,c").text("d\"e").text("f\ng").plain(1).optional(None::<u8>).end();
        assert_eq!(String::from_utf8(buffer).unwrap(), "a,\"b,c\",\"d\"\"e\",\"f\ng\",1,\n");
    }
}
