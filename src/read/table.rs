//! The canonical log as CSV, in message form and event form (log-formats §5).

use std::io::Read;

use crate::model::{CanonicalRow, Column, Location, RejectCode, Rejection};

use super::fields::{Fields, Split};
use super::records::{Cut, Records, Span};
use super::{ReadError, ReadOptions, Refused, Sink, Tells, too_long};

/// Rows between two looks at whether to go on.
const ROWS_PER_PAUSE: u64 = 4096;
/// Bytes of a rejected row that are shown.
const RAW_SHOWN: usize = 1000;

/// Reads a table to its end and gives the number of its rows, rejected ones included.
pub fn read_csv(reader: impl Read, name: &str, options: &ReadOptions, sink: &mut impl Sink) -> Result<u64, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let mut records = Records::new(reader, options.max_line);
    let mut fields = Fields::default();
    let header = read_header(&mut records, &mut fields, name)?;
    if Column::DELIVERY.iter().any(|column| header.has(*column)) {
        sink.tells(Tells::Delivery);
    }
    if Column::REFERRAL.iter().any(|column| header.has(*column)) {
        sink.tells(Tells::Referral);
    }
    let mut rows = 0_u64;
    while let Some(span) = records.next().map_err(io)? {
        rows += 1;
        let record = records.bytes(&span);
        let outcome = read_row(&header, &mut fields, record, span.cut, options, sink);
        if let Err(refused) = outcome {
            // Several lines with the wrong number of fields: a quote that was never meant to be one. Only its line is lost.
            let span = if refused.code == RejectCode::FieldCount {
                records.keep_first_line(&span).unwrap_or(span)
            } else {
                span
            };
            // What is seen of a row over the limit depends on how its bytes arrive.
            let bytes = records.bytes(&span);
            sink.reject(rejection(name, &span, &bytes[..bytes.len().min(options.max_line)], refused))?;
        }
        if rows.is_multiple_of(ROWS_PER_PAUSE) {
            sink.pause()?;
        }
    }
    Ok(rows)
}

fn rejection(name: &str, span: &Span, record: &[u8], refused: Refused) -> Rejection {
    let refused = if span.cut == Cut::UnterminatedQuote { unterminated_quote() } else { refused };
    let location = Location { file: name.to_owned(), line: span.line, byte_offset: span.byte_offset };
    let shown = &record[..record.len().min(RAW_SHOWN)];
    Rejection {
        location,
        code: refused.code,
        message: refused.message,
        raw: String::from_utf8_lossy(shown).into_owned(),
    }
}

/// Where each known column stands.
struct Header {
    at: [Option<usize>; Column::COUNT],
    fields: usize,
}

impl Header {
    fn has(&self, column: Column) -> bool {
        self.at[column as usize].is_some()
    }
}

/// A record under its header.
struct TableRow<'h, 'a> {
    header: &'h Header,
    split: Split<'a>,
}

impl<'a> CanonicalRow<'a> for TableRow<'_, 'a> {
    fn get(&self, column: Column) -> &'a str {
        self.header.at[column as usize].map_or("", |at| self.split.get(at))
    }
}

fn read_header<R: Read>(records: &mut Records<R>, fields: &mut Fields, name: &str) -> Result<Header, ReadError> {
    let not_a_log = |message: String| ReadError::NotALog { name: name.to_owned(), message };
    let span = records.next().map_err(|source| ReadError::Io { name: name.to_owned(), source })?;
    let span = span.ok_or_else(|| {
        not_a_log(
            "is empty; a log starts with a header row such as message_id,direction,customer_id,sent_at".to_owned(),
        )
    })?;
    let bytes = records.bytes(&span);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&b'\r') {
        let message = "ends its lines with a carriage return alone; save it with LF or CRLF line ends";
        return Err(not_a_log(message.to_owned()));
    }
    let split = match span.cut {
        Cut::Record { quoted } => fields.split(bytes, quoted),
        _ => None,
    };
    let split = split.ok_or_else(|| not_a_log("its first line is no CSV header in UTF-8".to_owned()))?;
    let mut header = Header { at: [None; Column::COUNT], fields: split.len() };
    for at in 0..split.len() {
        if let Some(column) = Column::named(split.get(at))
            && header.at[column as usize].replace(at).is_some()
        {
            return Err(not_a_log(format!("column '{}' stands twice in its header", column.name())));
        }
    }
    refuse_misspelt(&header, &split).map_err(not_a_log)?;
    match missing_columns(&header).as_slice() {
        [] => Ok(header),
        missing => Err(not_a_log(format!(
            "its header has no column {}; a log needs at least message_id,direction,customer_id and a time (created_at, sent_at, delivered_at, or event and event_at)",
            missing.join(", ")
        ))),
    }
}

/// Extra columns are ignored, but one that is a letter away from a column that is not there is a slip that would change the bill.
fn refuse_misspelt(header: &Header, split: &Split<'_>) -> Result<(), String> {
    for at in (0..split.len()).filter(|at| !header.at.contains(&Some(*at))) {
        let name = split.get(at).to_ascii_lowercase();
        let near = |column: &Column| !header.has(*column) && strsim::damerau_levenshtein(column.name(), &name) == 1;
        if let Some(column) = Column::ALL.into_iter().find(near) {
            return Err(format!("unknown column '{}' in its header; did you mean '{}'?", split.get(at), column.name()));
        }
    }
    Ok(())
}

fn missing_columns(header: &Header) -> Vec<&'static str> {
    let times =
        [Column::CreatedAt, Column::SentAt, Column::DeliveredAt, Column::ReadAt, Column::PlayedAt, Column::FailedAt];
    let has_time = if header.has(Column::Event) {
        header.has(Column::EventAt)
    } else {
        times.iter().any(|column| header.has(*column))
    };
    let needed = [
        ("message_id", header.has(Column::MessageId)),
        ("direction", header.has(Column::Direction)),
        ("customer_id", header.has(Column::CustomerId) || header.has(Column::CustomerUserId)),
        (if header.has(Column::Event) { "event_at" } else { "sent_at" }, has_time),
    ];
    needed.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
}

fn read_row(
    header: &Header,
    fields: &mut Fields,
    record: &[u8],
    cut: Cut,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<(), Refused> {
    let refuse = |code, message: &str| Refused { code, message: message.to_owned() };
    let quoted = match cut {
        Cut::Record { quoted } => quoted,
        Cut::UnterminatedQuote => return Err(unterminated_quote()),
        Cut::TooLong => return Err(too_long(options.max_line)),
    };
    if record.len() > options.max_line {
        return Err(too_long(options.max_line));
    }
    let split = fields.split(record, quoted);
    let split =
        split.ok_or_else(|| refuse(RejectCode::InvalidUtf8, "the row is not UTF-8; export the log as UTF-8"))?;
    if split.len() != header.fields {
        let message =
            format!("{} fields where the header has {}; quote fields that hold commas", split.len(), header.fields);
        return Err(refuse(RejectCode::FieldCount, &message));
    }
    sink.row(&TableRow { header, split })
}

fn unterminated_quote() -> Refused {
    Refused {
        code: RejectCode::UnterminatedQuote,
        message: "a quote that opens a field here never closes; double quotes inside a field".to_owned(),
    }
}
