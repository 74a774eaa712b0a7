//! The canonical log as CSV, in message form and event form (log-formats §5).

use std::io::Read;

use crate::model::{Flag, Flags, Instant, Location, Observation, RejectCode, Rejection, Times};

use super::columns::{self, COLUMNS, Column, DELIVERY_COLUMNS};
use super::fields::{Fields, Split};
use super::records::{Cut, Records, Span};
use super::time::{TimeFault, parse_time};
use super::{ReadError, ReadOptions, Refused, Sink};

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
    if header.tells_delivery() {
        sink.knows_delivery();
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
            sink.reject(rejection(name, &span, records.bytes(&span), refused))?;
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
    at: [Option<usize>; COLUMNS.len()],
    fields: usize,
}

impl Header {
    fn get<'a>(&self, split: &Split<'a>, column: Column) -> &'a str {
        self.at[column as usize].map_or("", |at| split.get(at))
    }

    fn has(&self, column: Column) -> bool {
        self.at[column as usize].is_some()
    }

    fn tells_delivery(&self) -> bool {
        DELIVERY_COLUMNS.iter().any(|column| self.has(*column))
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
    let mut header = Header { at: [None; COLUMNS.len()], fields: split.len() };
    for at in 0..split.len() {
        let column = COLUMNS.iter().find(|(known, _)| split.get(at).eq_ignore_ascii_case(known));
        if let Some((known, column)) = column
            && header.at[*column as usize].replace(at).is_some()
        {
            return Err(not_a_log(format!("column '{known}' stands twice in its header")));
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
        let near =
            |(known, column): &&(&str, Column)| !header.has(*column) && strsim::damerau_levenshtein(known, &name) == 1;
        if let Some((known, _)) = COLUMNS.iter().find(near) {
            return Err(format!("unknown column '{}' in its header; did you mean '{known}'?", split.get(at)));
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
        Cut::TooLong => {
            let message =
                format!("the row is longer than {} bytes; raise --max-line if it is meant to be", options.max_line);
            return Err(refuse(RejectCode::LineTooLong, &message));
        }
    };
    if record.len() > options.max_line {
        let message =
            format!("the row is longer than {} bytes; raise --max-line if it is meant to be", options.max_line);
        return Err(refuse(RejectCode::LineTooLong, &message));
    }
    let split = fields.split(record, quoted);
    let split =
        split.ok_or_else(|| refuse(RejectCode::InvalidUtf8, "the row is not UTF-8; export the log as UTF-8"))?;
    if split.len() != header.fields {
        let message =
            format!("{} fields where the header has {}; quote fields that hold commas", split.len(), header.fields);
        return Err(refuse(RejectCode::FieldCount, &message));
    }
    let observation = observation(header, &split, options)?;
    sink.observe(&observation)
}

fn unterminated_quote() -> Refused {
    Refused {
        code: RejectCode::UnterminatedQuote,
        message: "a quote that opens a field here never closes; double quotes inside a field".to_owned(),
    }
}

fn observation<'a>(header: &Header, split: &Split<'a>, options: &ReadOptions) -> Result<Observation<'a>, Refused> {
    let get = |column| header.get(split, column);
    let message_id = get(Column::MessageId);
    if message_id.is_empty() {
        return Err(Refused {
            code: RejectCode::MissingMessageId,
            message: "message_id is empty; without it duplicates cannot be told".to_owned(),
        });
    }
    let direction = columns::direction(get(Column::Direction)).ok_or_else(|| Refused {
        code: RejectCode::BadDirection,
        message: format!("direction '{}' is not inbound or outbound", get(Column::Direction)),
    })?;
    let mut flags = Flags::NONE;
    let times = read_times(header, split, options)?;
    Ok(Observation {
        message_id,
        direction,
        phone_number_id: get(Column::PhoneNumberId),
        waba_id: get(Column::WabaId),
        customer_id: get(Column::CustomerId),
        customer_user_id: get(Column::CustomerUserId),
        customer_country: get(Column::CustomerCountry),
        group_id: get(Column::GroupId),
        message_type: known(get(Column::MessageType), columns::message_type, &mut flags),
        template_id: get(Column::TemplateId),
        template_name: get(Column::TemplateName),
        template_language: get(Column::TemplateLanguage),
        template_category: known(get(Column::TemplateCategory), crate::model::TemplateCategory::parse, &mut flags),
        times,
        status: known(get(Column::Status), columns::status, &mut flags).flatten(),
        error_code: known(get(Column::ErrorCode), |text| text.parse().ok(), &mut flags),
        tokens: tokens(get(Column::Tokens))?,
        origin: known(get(Column::Origin), columns::origin, &mut flags),
        product: known(get(Column::Product), columns::product, &mut flags),
        client: known(get(Column::Client), columns::client, &mut flags),
        referral: referral(header, split, &mut flags),
        observed_pricing: observed_pricing(header, split),
        observed_origin: columns::observed_category(get(Column::ConversationOrigin)),
        flags,
    })
}

/// The value of a text; an unknown one is left out of account and flagged (log-formats §6).
fn known<T>(text: &str, parse: impl Fn(&str) -> Option<T>, flags: &mut Flags) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let value = parse(text);
    flags.set_if(Flag::UnknownValue, value.is_none());
    value
}

/// Any referral column with a value makes a referral; its type may be missing (Q7).
fn referral(header: &Header, split: &Split<'_>, flags: &mut Flags) -> Option<crate::model::Referral> {
    let unstated = crate::model::Referral::Unstated;
    let text = header.get(split, Column::ReferralSourceType);
    if !text.is_empty() {
        return Some(known(text, columns::referral, flags).unwrap_or(unstated));
    }
    let hint = [Column::ReferralSourceId, Column::CtwaClid].iter().any(|column| !header.get(split, *column).is_empty());
    hint.then_some(unstated)
}

/// Inside a free entry point Meta's category says nothing about the template's (log-formats §6).
fn observed_pricing(header: &Header, split: &Split<'_>) -> Option<crate::model::TemplateCategory> {
    let in_entry_point = header.get(split, Column::PricingType).eq_ignore_ascii_case("free_entry_point");
    if in_entry_point { None } else { columns::observed_category(header.get(split, Column::PricingCategory)) }
}

fn tokens(text: &str) -> Result<Option<u32>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let message = || format!("tokens '{text}' is no whole number from 0 to {}", u32::MAX);
    text.parse().map(Some).map_err(|_| Refused { code: RejectCode::BadNumber, message: message() })
}

fn read_times(header: &Header, split: &Split<'_>, options: &ReadOptions) -> Result<Times, Refused> {
    let time = |column, name: &str| match header.get(split, column) {
        "" => Ok(None),
        text => parse_time(text, options.input_zone).map(Some).map_err(|fault| time_refused(name, text, fault)),
    };
    let mut times = Times {
        created: time(Column::CreatedAt, "created_at")?,
        sent: time(Column::SentAt, "sent_at")?,
        delivered: time(Column::DeliveredAt, "delivered_at")?,
        read: time(Column::ReadAt, "read_at")?,
        played: time(Column::PlayedAt, "played_at")?,
        failed: time(Column::FailedAt, "failed_at")?,
    };
    let mut deleted = time(Column::DeletedAt, "deleted_at")?;
    if header.has(Column::Event) {
        let at = time(Column::EventAt, "event_at")?;
        add_event(&mut times, &mut deleted, header.get(split, Column::Event), at)?;
    }
    // A deletion changes nothing (R71) but proves that there was a message.
    let known = [times.created, times.sent, times.delivered, times.read, times.played, times.failed];
    if known.iter().all(Option::is_none) {
        times.failed = deleted;
        if deleted.is_none() {
            let message =
                "no time in any of created_at, sent_at, delivered_at, read_at, played_at, failed_at".to_owned();
            return Err(Refused { code: RejectCode::NoTime, message });
        }
    }
    Ok(times)
}

fn add_event(
    times: &mut Times,
    deleted: &mut Option<Instant>,
    event: &str,
    at: Option<Instant>,
) -> Result<(), Refused> {
    let place = match event.to_ascii_lowercase().as_str() {
        "received" | "accepted" => &mut times.created,
        "sent" => &mut times.sent,
        "delivered" => &mut times.delivered,
        "read" => &mut times.read,
        "played" => &mut times.played,
        "failed" => &mut times.failed,
        "deleted" => deleted,
        _ => {
            let message =
                format!("event '{event}' is not received, accepted, sent, delivered, read, played, failed or deleted");
            return Err(Refused { code: RejectCode::UnknownEvent, message });
        }
    };
    *place = at;
    Ok(())
}

fn time_refused(column: &str, text: &str, fault: TimeFault) -> Refused {
    match fault {
        TimeFault::Malformed => Refused {
            code: RejectCode::BadTime,
            message: format!(
                "{column} '{text}' is no time; use Unix seconds, RFC 3339 (2026-10-01T09:30:00Z) or RFC 2822, from 2009 to 2099"
            ),
        },
        TimeFault::Naive => Refused {
            code: RejectCode::NaiveTime,
            message: format!(
                "{column} '{text}' names no time zone; give the zone of such times with --input-tz, e.g. --input-tz Europe/Berlin"
            ),
        },
    }
}
