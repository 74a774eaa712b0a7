//! Tables of any kind, record by record: what cannot be used is rejected with its place.

use std::io::Read;

use crate::model::{Location, RejectCode, Rejection};

use super::fields::{Fields, Split};
use super::records::{Cut, Records, Rest, Span};
use super::{ReadError, ReadOptions, Refused, Sink, mapping, too_long};

/// Records between two looks at whether to go on.
const ROWS_PER_PAUSE: u64 = 4096;
/// Bytes of a rejected row that are shown.
pub(super) const RAW_SHOWN: usize = 1000;

/// What became of a record that could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is a row.
    Row,
    /// It is none, and was counted by its kind.
    LeftOut,
}

/// A table being read, record by record.
pub(super) struct TableReader<'t, R> {
    records: Records<R>,
    fields: Fields,
    name: &'t str,
    options: &'t ReadOptions,
    delimiter: u8,
}

impl<'t, R: Read> TableReader<'t, R> {
    pub(super) fn new(reader: R, name: &'t str, options: &'t ReadOptions, delimiter: u8) -> TableReader<'t, R> {
        let records = Records::new(reader, options.max_line);
        let mut table = TableReader { records, fields: Fields::default(), name, options, delimiter };
        table.delimit(delimiter);
        table
    }

    /// Says what stands between fields; to be called before anything is read.
    pub(super) fn delimit(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
        self.records.delimit(delimiter);
        self.fields = Fields::between(delimiter);
    }

    /// How it is read.
    pub(super) fn options(&self) -> &'t ReadOptions {
        self.options
    }

    /// The name of the input.
    pub(super) fn name(&self) -> &'t str {
        self.name
    }

    /// The first line that is not empty, to see what stands between fields.
    pub(super) fn first_line(&mut self) -> Result<&[u8], ReadError> {
        let name = self.name;
        self.records.first_line().map_err(|source| ReadError::Io { name: name.to_owned(), source })
    }

    fn io(&self, source: std::io::Error) -> ReadError {
        ReadError::Io { name: self.name.to_owned(), source }
    }

    /// Reads the header, which is the first record.
    pub(super) fn header<T>(&mut self, make: impl FnOnce(Split<'_>) -> Result<T, String>) -> Result<T, ReadError> {
        let name = self.name;
        let not_a_log = |message: &str| not_a_log(name, message.to_owned());
        let span = self.records.next().map_err(|source| self.io(source))?;
        let span = span.ok_or_else(|| {
            not_a_log("is empty; a log starts with a header row such as message_id,direction,customer_id,sent_at")
        })?;
        let bytes = self.records.bytes(&span);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.contains(&b'\r') {
            return Err(not_a_log("ends its lines with a carriage return alone; save it with LF or CRLF line ends"));
        }
        let split = match span.cut {
            Cut::Record { quoted } => self.fields.split(bytes, quoted),
            _ => None,
        };
        let split = split.ok_or_else(|| not_a_log("its first line is no CSV header in UTF-8"))?;
        make(split).map_err(|message| not_a_log(&message))
    }

    /// Lets another way of reading go first, and takes up what it leaves.
    pub(super) fn read_ahead(
        self,
        read: impl FnOnce(Rest<R>, &'t str, &'t ReadOptions) -> Result<(u64, Rest<R>), ReadError>,
    ) -> Result<(u64, TableReader<'t, R>), ReadError> {
        let TableReader { records, fields, name, options, delimiter } = self;
        let (rows, rest) = read(records.into_rest(), name, options)?;
        let mut records = Records::resume(rest, options.max_line);
        records.delimit(delimiter);
        Ok((rows, TableReader { records, fields, name, options, delimiter }))
    }

    /// Hands every record to `take`, and rejects with its place what cannot be used. Gives the number of rows.
    pub(super) fn read_rows<S: Sink>(
        mut self,
        width: usize,
        sink: &mut S,
        mut take: impl FnMut(Split<'_>, &mut S) -> Result<Taken, Refused>,
    ) -> Result<u64, ReadError> {
        let name = self.name;
        let (mut rows, mut seen) = (0_u64, 0_u64);
        while let Some(span) = self.records.next().map_err(|source| self.io(source))? {
            seen += 1;
            let record = self.records.bytes(&span);
            let shape = Shape { width, delimiter: self.delimiter, max_line: self.options.max_line };
            let outcome = shape.split(&mut self.fields, record, span.cut).and_then(|split| take(split, sink));
            rows += u64::from(!matches!(outcome, Ok(Taken::LeftOut)));
            if let Err(refused) = outcome {
                // Several lines with the wrong number of fields: a quote that was never meant to be one. Only its line is lost.
                let span = if refused.code == RejectCode::FieldCount {
                    self.records.keep_first_line(&span).unwrap_or(span)
                } else {
                    span
                };
                // What is seen of a row over the limit depends on how its bytes arrive.
                let bytes = self.records.bytes(&span);
                let bytes = &bytes[..bytes.len().min(self.options.max_line)];
                sink.reject(rejection(name, &span, bytes, refused))?;
            }
            if seen.is_multiple_of(ROWS_PER_PAUSE) {
                sink.pause()?;
            }
        }
        Ok(rows)
    }
}

/// An input that is no log, and why.
pub(super) fn not_a_log(name: &str, message: String) -> ReadError {
    ReadError::NotALog { name: name.to_owned(), message }
}

/// What every record of a table must be like.
struct Shape {
    width: usize,
    delimiter: u8,
    max_line: usize,
}

impl Shape {
    fn split<'a>(&self, fields: &'a mut Fields, record: &'a [u8], cut: Cut) -> Result<Split<'a>, Refused> {
        let quoted = match cut {
            Cut::Record { quoted } => quoted,
            Cut::UnterminatedQuote => return Err(unterminated_quote()),
            Cut::TooLong => return Err(too_long(self.max_line)),
        };
        if record.len() > self.max_line {
            return Err(too_long(self.max_line));
        }
        let split = fields.split(record, quoted);
        let split = split.ok_or_else(not_utf8)?;
        if split.len() == self.width { Ok(split) } else { Err(field_count(split.len(), self.width, self.delimiter)) }
    }
}

pub(super) fn not_utf8() -> Refused {
    Refused { code: RejectCode::InvalidUtf8, message: "the row is not UTF-8; export the log as UTF-8".to_owned() }
}

/// A record with more or fewer fields than the header.
pub(super) fn field_count(found: usize, width: usize, delimiter: u8) -> Refused {
    let between = mapping::delimiter_name(delimiter);
    let message = format!("{found} fields where the header has {width}; quote fields that hold {between}");
    Refused { code: RejectCode::FieldCount, message }
}

fn rejection(name: &str, span: &Span, record: &[u8], refused: Refused) -> Rejection {
    let refused = if span.cut == Cut::UnterminatedQuote { unterminated_quote() } else { refused };
    rejection_at(name, (span.line, span.byte_offset), record, refused)
}

/// The rejection of a record that starts at a line and offset.
pub(super) fn rejection_at(name: &str, (line, byte_offset): (u64, u64), record: &[u8], refused: Refused) -> Rejection {
    let location = Location { file: name.to_owned(), line, byte_offset };
    let shown = &record[..record.len().min(RAW_SHOWN)];
    Rejection {
        location,
        code: refused.code,
        message: refused.message,
        raw: String::from_utf8_lossy(shown).into_owned(),
    }
}

fn unterminated_quote() -> Refused {
    Refused {
        code: RejectCode::UnterminatedQuote,
        message: "a quote that opens a field here never closes; double quotes inside a field".to_owned(),
    }
}
