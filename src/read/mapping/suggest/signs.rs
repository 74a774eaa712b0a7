//! What values look like.

use crate::model::{Column, Direction};
use crate::read::time::parse_time;
use chrono_tz::Tz;

use super::super::clock::Clock;
use super::super::field::is_value_of;

/// The time format of the usual forms.
pub(super) const USUAL: &str = "auto";
/// Patterns that are tried where times are in none of the usual forms; the first that fits all counts.
pub(super) const PATTERNS: [&str; 10] = [
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
];

/// How many of some values pass, in percent.
pub(super) fn share(values: &[&str], test: impl Fn(&str) -> bool) -> u32 {
    let passing = values.iter().filter(|value| test(value)).count();
    u32::try_from(100 * passing / values.len().max(1)).unwrap_or(0)
}

/// How many values are such as a column holds, in percent.
pub(super) fn fits(column: Column, values: &[&str]) -> u32 {
    match column {
        Column::MessageId => share(values, |text| text.len() > 1 && !text.contains(char::is_whitespace)),
        Column::CustomerId => share(values, is_phone),
        Column::CustomerUserId => share(values, |text| text.get(2..3) == Some(".")),
        Column::ErrorCode => share(values, |text| text.parse::<u32>().is_ok()),
        Column::Status => share(values, |text| status(text).is_some()),
        Column::ProviderPrice => {
            share(values, |text| text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()))
        }
        Column::ProviderCurrency => {
            share(values, |text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()))
        }
        Column::MessageType => share(values, |text| is_value_of(column, &text.to_lowercase())),
        _ if Column::TIMES.contains(&column) => clock(values).map_or(0, |_| 100),
        _ => share(values, |text| is_value_of(column, text)),
    }
}

/// A number with its country, in any dress: `whatsapp:+1555...`, `1555...@s.whatsapp.net`.
fn is_phone(text: &str) -> bool {
    let bare = text
        .rsplit_once(':')
        .filter(|(scheme, _)| scheme.chars().all(char::is_alphabetic))
        .map_or(text, |(_, rest)| rest);
    let bare = bare.split('@').next().unwrap_or(bare);
    let digits = bare.chars().filter(char::is_ascii_digit).count();
    (8..=15).contains(&digits)
        && bare.chars().all(|c| c.is_ascii_digit() || " +()-.".contains(c))
        && bare.trim_start_matches('+').starts_with(|c: char| c != '0')
}

/// How these times are written, if most are times: a pattern, or `auto` for the usual forms.
pub(super) fn clock(values: &[&str]) -> Option<&'static str> {
    let most = |test: &dyn Fn(&str) -> bool| !values.is_empty() && share(values, test) >= 60;
    let usual = |text: &str| text.len() >= 10 && parse_time(text, Some(Tz::UTC)).is_ok();
    if most(&usual) {
        return Some(USUAL);
    }
    let fits = |pattern: &&'static str| {
        Clock::of(pattern).is_ok_and(|clock| most(&|text| clock.read(text, Some(Tz::UTC)).is_ok()))
    };
    PATTERNS.iter().find(|pattern| fits(pattern)).copied()
}

/// Whether times name no zone.
pub(super) fn is_naive(values: &[&str], pattern: Option<&str>) -> bool {
    pattern.is_some() || values.iter().any(|text| matches!(parse_time(text, None), Err(crate::read::TimeFault::Naive)))
}

/// What a word says a message's state is.
pub(super) fn status(text: &str) -> Option<&'static str> {
    let word = text.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    Some(match word.as_str() {
        "d" => "delivered",
        "s" | "queued_on_channel" => "sent",
        "r" => "read",
        "f" | "error" | "undelivered" => "failed",
        "q" | "w" | "p" | "i" | "e" => "accepted",
        _ if has(&["undeliver", "fail", "reject", "expired", "cancel"]) => "failed",
        _ if has(&["deliver", "dlvrd"]) => "delivered",
        _ if has(&["read", "seen", "played"]) => "read",
        _ if has(&["queue", "accept", "pending", "schedul", "enqueued", "wired", "dispatch", "sending"]) => "accepted",
        _ if has(&["sent", "submitted", "server_ack"]) => "sent",
        _ => return None,
    })
}

/// What a value of a column about the direction says; `name` is that of the column.
pub(super) fn direction(name: &str, text: &str) -> Option<Direction> {
    let name = name.to_lowercase().replace('_', "");
    let word = text.to_lowercase();
    let from_me = name.ends_with("fromme");
    match word.as_str() {
        "true" if from_me => Some(Direction::Outbound),
        "false" if from_me => Some(Direction::Inbound),
        "in" | "i" | "incoming" | "mo" | "inbound" => Some(Direction::Inbound),
        "out" | "o" | "outgoing" | "mt" => Some(Direction::Outbound),
        // As inboxes built on Rails number them.
        "0" if name.ends_with("messagetype") => Some(Direction::Inbound),
        "1" if name.ends_with("messagetype") => Some(Direction::Outbound),
        _ if word.starts_with("outbound") => Some(Direction::Outbound),
        _ => None,
    }
}

/// What the name of an event, or of the list it stands in, says.
pub(super) fn event_direction(text: &str) -> Option<Direction> {
    let word = text.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if word == "message" || word == "notifications[]" || has(&["inbound", "incoming", "received", ".mo", "momessage"]) {
        return Some(Direction::Inbound);
    }
    has(&["status", "sent", "deliver", "read", "failed", "message-event", "billing", "message.updated", "outbound"])
        .then_some(Direction::Outbound)
}
