//! What became of outbound messages: `statuses[]` with `conversation` and `pricing` (log-formats §1.4 to §1.7).

use crate::model::{Column, FilledRow};
use crate::read::Sink;
use crate::read::json::object::items;
use crate::read::json::text::Text;

use super::framing::{Relay, RelayedMessage};
use super::rows::{Business, Out, add_contact, text, time};
use super::schema::{Contact, Conversation, Fault, Pricing, Status};

/// One status.
pub(super) fn status<S: Sink>(
    out: &mut Out<'_, S>,
    business: &Business<'_>,
    contacts: &[Contact<'_>],
    status: &Status<'_>,
) {
    let mut row = business.row();
    row.set(Column::Direction, "outbound");
    row.set(Column::MessageId, text(&status.id));
    add_recipient(&mut row, contacts, status);
    add_state(out, &mut row, text(&status.status), time(&status.at));
    row.set(Column::Campaign, text(&status.campaign));
    if status.gupshup.is_some() {
        row.set(Column::Provider, "gupshup");
        row.set(Column::ProviderMessageId, text(&status.gupshup));
    }
    add_verdict(&mut row, status.conversation.as_deref(), status.pricing.as_ref());
    add_error(&mut row, items(status.errors.as_ref()));
    out.row(&row);
    count_unknown(out, status);
}

/// In a group the recipient is the participant (log-formats §1.9).
fn add_recipient<'v>(row: &mut FilledRow<'v>, contacts: &'v [Contact<'_>], status: &'v Status<'_>) {
    let recipient = text(&status.recipient);
    let (number, user) = if text(&status.recipient_type).eq_ignore_ascii_case("group") {
        row.set(Column::GroupId, recipient);
        (text(&status.participant), text(&status.participant_user))
    } else {
        (recipient, text(&status.recipient_user))
    };
    row.set(Column::CustomerId, number);
    add_contact(row, contacts, number, user);
}

/// The time of a state. One that is not known is kept as it stands, with the time as that of the request.
fn add_state<'v, S: Sink>(out: &mut Out<'_, S>, row: &mut FilledRow<'v>, state: &'v str, at: &'v str) {
    let column = match state.to_ascii_lowercase().as_str() {
        "sent" => Column::SentAt,
        "delivered" => Column::DeliveredAt,
        "read" => Column::ReadAt,
        "played" => Column::PlayedAt,
        "failed" => Column::FailedAt,
        "deleted" => Column::DeletedAt,
        "accepted" | "enqueued" | "held_for_quality_assessment" | "warning" => Column::CreatedAt,
        _ => {
            row.set(Column::Status, state);
            Column::CreatedAt
        }
    };
    if matches!(column, Column::DeliveredAt | Column::ReadAt | Column::PlayedAt) {
        out.tells_delivery();
    }
    row.set(column, at);
}

/// Meta's own verdict. In groups `pricing` stands inside of `conversation` (log-formats §1.5).
fn add_verdict<'v>(
    row: &mut FilledRow<'v>,
    conversation: Option<&'v Conversation<'_>>,
    pricing: Option<&'v Pricing<'_>>,
) {
    if let Some(conversation) = conversation {
        row.set(Column::ConversationId, text(&conversation.id));
        row.set(Column::ConversationOrigin, conversation.origin.as_ref().map_or("", |origin| text(&origin.kind)));
        row.set(Column::ConversationExpiresAt, time(&conversation.expires));
    }
    let Some(pricing) = pricing.or_else(|| conversation.and_then(|conversation| conversation.pricing.as_ref())) else {
        return;
    };
    row.set(Column::PricingModel, text(&pricing.model));
    row.set(Column::PricingType, text(&pricing.kind));
    row.set(Column::PricingCategory, text(&pricing.category));
    row.set(Column::PricingSubtype, text(&pricing.subtype));
    row.set(Column::Billable, pricing.billable.as_ref().map_or("", Text::scalar));
    if text(&pricing.category).eq_ignore_ascii_case("marketing_lite") {
        row.set(Column::Product, "marketing_messages");
    }
}

fn add_error<'v>(row: &mut FilledRow<'v>, errors: &'v [Fault<'_>]) {
    let code = errors.first().map_or("", |error| text(&error.code));
    row.set(Column::ErrorCode, code);
}

fn count_unknown<S: Sink>(out: &mut Out<'_, S>, status: &Status<'_>) {
    out.unknown_keys("statuses[]", &status.unknown);
    if let Some(pricing) = &status.pricing {
        out.unknown_keys("statuses[].pricing", &pricing.unknown);
    }
    if let Some(conversation) = &status.conversation {
        out.unknown_keys("statuses[].conversation", &conversation.unknown);
    }
}

/// A status in the form of a relay: `event` says the state where `status` does not.
pub(super) fn relayed<S: Sink>(out: &mut Out<'_, S>, relay: &Relay<'_>, one: &RelayedMessage<'_>) {
    let number = one.number.as_ref().or(relay.number.as_ref()).map_or("", Text::text);
    let business = Business::relayed(text(&relay.waba), number);
    let mut row = business.row();
    row.set(Column::Direction, "outbound");
    row.set(Column::MessageId, text(&one.id));
    row.set(Column::CustomerId, text(&one.recipient));
    row.set(Column::CustomerUserId, text(&one.recipient_user));
    let by_event = text(&relay.event).rsplit('.').next().unwrap_or_default();
    let state = if text(&one.status).is_empty() { by_event } else { text(&one.status) };
    add_state(out, &mut row, state, time(&relay.at));
    add_verdict(&mut row, one.conversation.as_deref(), one.pricing.as_ref());
    add_error(&mut row, items(one.errors.as_ref()));
    out.row(&row);
}
