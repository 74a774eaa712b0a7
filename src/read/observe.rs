//! From a row in the canonical columns to what it says, or why it cannot be used.

use chrono_tz::Tz;

use crate::model::{
    CanonicalRow, Column, Columns, Flag, Flags, Instant, Observation, Observed, ObservedCategory, PricingModel,
    PricingType, Referral, RejectCode, TemplateCategory, Times,
};

use super::Refused;
use super::time::{TimeFault, parse_time};
use super::values;

/// What a row says. `zone` is for times that name none.
pub fn observe<'a>(row: &impl CanonicalRow<'a>, zone: Option<Tz>) -> Result<Observation<'a>, Refused> {
    let row = &Told { row, columns: row.columns() };
    let get = |column| row.get(column);
    let message_id = get(Column::MessageId);
    if message_id.is_empty() {
        return Err(Refused {
            code: RejectCode::MissingMessageId,
            message: "message_id is empty; without it duplicates cannot be told: export the log with its ids"
                .to_owned(),
        });
    }
    let direction = values::direction(get(Column::Direction)).ok_or_else(|| Refused {
        code: RejectCode::BadDirection,
        message: format!("direction '{}' is not inbound or outbound", get(Column::Direction)),
    })?;
    let times = read_times(row, zone)?;
    let mut unknown = Unknown(Vec::new());
    let observed = observed(row, &mut unknown, zone)?;
    let mut observation = Observation {
        message_id,
        direction,
        phone_number_id: get(Column::PhoneNumberId),
        waba_id: get(Column::WabaId),
        business_phone: get(Column::BusinessPhone),
        customer_id: get(Column::CustomerId),
        customer_user_id: get(Column::CustomerUserId),
        customer_country: get(Column::CustomerCountry),
        group_id: get(Column::GroupId),
        message_type: unknown.read(row, Column::MessageType, values::message_type),
        template_id: get(Column::TemplateId),
        template_name: get(Column::TemplateName),
        template_language: get(Column::TemplateLanguage),
        template_category: unknown.read(row, Column::TemplateCategory, TemplateCategory::parse),
        times,
        status: unknown.read(row, Column::Status, values::status).flatten(),
        error_code: unknown.read(row, Column::ErrorCode, |text| text.parse().ok()),
        tokens: tokens(get(Column::Tokens))?,
        origin: unknown.read(row, Column::Origin, values::origin),
        product: unknown.read(row, Column::Product, values::product),
        client: unknown.read(row, Column::Client, values::client),
        referral: referral(row, &mut unknown),
        observed,
        conversation_id: get(Column::ConversationId),
        unknown: Vec::new(),
        flags: Flags::NONE,
    };
    observation.flags.set_if(Flag::UnknownValue, !unknown.0.is_empty());
    observation.unknown = unknown.0;
    Ok(observation)
}

/// A row that is asked only for what it may have.
struct Told<'r, R> {
    row: &'r R,
    columns: Columns,
}

impl<'a, R: CanonicalRow<'a>> CanonicalRow<'a> for Told<'_, R> {
    fn get(&self, column: Column) -> &'a str {
        if self.columns.has(column) { self.row.get(column) } else { "" }
    }

    fn columns(&self) -> Columns {
        self.columns
    }

    fn instant(&self, column: Column) -> Option<Instant> {
        if self.columns.has(column) { self.row.instant(column) } else { None }
    }
}

/// Values that are not known: left out of account, flagged and counted by name (log-formats §6).
struct Unknown<'a>(Vec<(Column, &'a str)>);

impl<'a> Unknown<'a> {
    fn read<T>(&mut self, row: &impl CanonicalRow<'a>, column: Column, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = row.get(column);
        if text.is_empty() {
            return None;
        }
        let value = parse(text);
        if value.is_none() {
            self.0.push((column, text));
        }
        value
    }
}

/// Any referral column with a value makes a referral; its type may be missing (Q7).
fn referral<'a>(row: &impl CanonicalRow<'a>, unknown: &mut Unknown<'a>) -> Option<Referral> {
    const REFERRAL: Columns = Columns::of(&Column::REFERRAL);
    if !row.columns().has_any(REFERRAL) {
        return None;
    }
    let named = unknown.read(row, Column::ReferralSourceType, values::referral);
    let hint = Column::REFERRAL.iter().any(|column| !row.get(*column).is_empty());
    named.or_else(|| hint.then_some(Referral::Unstated))
}

/// Columns of Meta's own verdict.
const VERDICT: Columns = Columns::of(&[
    Column::PricingModel,
    Column::PricingType,
    Column::PricingCategory,
    Column::PricingSubtype,
    Column::Billable,
    Column::ConversationOrigin,
    Column::ConversationExpiresAt,
]);

/// Meta's own verdict, as far as the row carries it.
fn observed<'a>(row: &impl CanonicalRow<'a>, unknown: &mut Unknown<'a>, zone: Option<Tz>) -> Result<Observed, Refused> {
    if !row.columns().has_any(VERDICT) {
        return Ok(Observed::NOTHING);
    }
    let subtype =
        unknown.read(row, Column::PricingSubtype, |text| text.eq_ignore_ascii_case("paid_exempt").then_some(()));
    Ok(Observed {
        model: unknown.read(row, Column::PricingModel, PricingModel::parse),
        kind: unknown.read(row, Column::PricingType, PricingType::parse),
        category: unknown.read(row, Column::PricingCategory, ObservedCategory::parse),
        exempt: subtype.is_some(),
        billable: unknown.read(row, Column::Billable, values::billable),
        origin: unknown.read(row, Column::ConversationOrigin, ObservedCategory::parse),
        conversation: 0,
        expires: time(row, Column::ConversationExpiresAt, zone)?,
    })
}

fn tokens(text: &str) -> Result<Option<u32>, Refused> {
    if text.is_empty() {
        return Ok(None);
    }
    let message = || format!("tokens '{text}' is no whole number from 0 to {}", u32::MAX);
    text.parse().map(Some).map_err(|_| Refused { code: RejectCode::BadNumber, message: message() })
}

fn time<'a>(row: &impl CanonicalRow<'a>, column: Column, zone: Option<Tz>) -> Result<Option<Instant>, Refused> {
    if !row.columns().has(column) {
        return Ok(None);
    }
    if let Some(at) = row.instant(column) {
        return Ok(Some(at));
    }
    match row.get(column) {
        "" => Ok(None),
        text => parse_time(text, zone).map(Some).map_err(|fault| time_refused(column, text, fault)),
    }
}

/// The times of a row; an event of the event form becomes the time it is about (log-formats §5a).
pub fn read_times<'a>(row: &impl CanonicalRow<'a>, zone: Option<Tz>) -> Result<Times, Refused> {
    let time = |column| time(row, column, zone);
    let mut times = Times {
        created: time(Column::CreatedAt)?,
        sent: time(Column::SentAt)?,
        delivered: time(Column::DeliveredAt)?,
        read: time(Column::ReadAt)?,
        played: time(Column::PlayedAt)?,
        failed: time(Column::FailedAt)?,
        deleted: time(Column::DeletedAt)?,
    };
    let (event, at) = (row.get(Column::Event), time(Column::EventAt)?);
    if !event.is_empty() || at.is_some() {
        *event_time(&mut times, event)? = at;
    }
    if times == Times::default() {
        let message = "no time in any of created_at, sent_at, delivered_at, read_at, played_at, failed_at".to_owned();
        return Err(Refused { code: RejectCode::NoTime, message });
    }
    Ok(times)
}

fn event_time<'t>(times: &'t mut Times, event: &str) -> Result<&'t mut Option<Instant>, Refused> {
    match event.to_ascii_lowercase().as_str() {
        "received" | "accepted" => Ok(&mut times.created),
        "sent" => Ok(&mut times.sent),
        "delivered" => Ok(&mut times.delivered),
        "read" => Ok(&mut times.read),
        "played" => Ok(&mut times.played),
        "failed" => Ok(&mut times.failed),
        "deleted" => Ok(&mut times.deleted),
        _ => {
            let message =
                format!("event '{event}' is not received, accepted, sent, delivered, read, played, failed or deleted");
            Err(Refused { code: RejectCode::UnknownEvent, message })
        }
    }
}

pub(super) fn time_refused(column: Column, text: &str, fault: TimeFault) -> Refused {
    let column = column.name();
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
