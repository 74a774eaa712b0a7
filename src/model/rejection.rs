//! Rows that could not be used. Nothing is dropped silently: each goes to `rejected.csv` and is counted by code.

use super::Location;

/// Why a row could not be used. The names are the `code` column of `rejected.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it; each rejection carries a message with the remedy")]
pub enum RejectCode {
    BadDirection,
    BadJson,
    BadNumber,
    BadTime,
    FieldCount,
    InvalidUtf8,
    LineTooLong,
    MissingMessageId,
    NaiveTime,
    NoCustomer,
    NoTime,
    NotAMessage,
    Oversized,
    UnknownEvent,
    UnknownMarket,
    UnterminatedQuote,
}

impl RejectCode {
    /// All codes, in the order of their names.
    pub const ALL: [RejectCode; 16] = [
        RejectCode::BadDirection,
        RejectCode::BadJson,
        RejectCode::BadNumber,
        RejectCode::BadTime,
        RejectCode::FieldCount,
        RejectCode::InvalidUtf8,
        RejectCode::LineTooLong,
        RejectCode::MissingMessageId,
        RejectCode::NaiveTime,
        RejectCode::NoCustomer,
        RejectCode::NoTime,
        RejectCode::NotAMessage,
        RejectCode::Oversized,
        RejectCode::UnknownEvent,
        RejectCode::UnknownMarket,
        RejectCode::UnterminatedQuote,
    ];

    /// The name in `rejected.csv` and in the summary.
    pub const fn name(self) -> &'static str {
        match self {
            RejectCode::BadDirection => "BAD_DIRECTION",
            RejectCode::BadJson => "BAD_JSON",
            RejectCode::BadNumber => "BAD_NUMBER",
            RejectCode::BadTime => "BAD_TIME",
            RejectCode::FieldCount => "FIELD_COUNT",
            RejectCode::InvalidUtf8 => "INVALID_UTF8",
            RejectCode::LineTooLong => "LINE_TOO_LONG",
            RejectCode::MissingMessageId => "MISSING_MESSAGE_ID",
            RejectCode::NaiveTime => "NAIVE_TIME",
            RejectCode::NoCustomer => "NO_CUSTOMER",
            RejectCode::NoTime => "NO_TIME",
            RejectCode::NotAMessage => "NOT_A_MESSAGE",
            RejectCode::Oversized => "OVERSIZED",
            RejectCode::UnknownEvent => "UNKNOWN_EVENT",
            RejectCode::UnknownMarket => "UNKNOWN_MARKET",
            RejectCode::UnterminatedQuote => "UNTERMINATED_QUOTE",
        }
    }
}

/// One row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Where it stands.
    pub location: Location,
    /// The kind of fault.
    pub code: RejectCode,
    /// What is wrong and what would be accepted.
    pub message: String,
    /// The row as it stood, cut at a thousand characters; bytes that are no UTF-8 replaced.
    pub raw: String,
}
