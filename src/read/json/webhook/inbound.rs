//! What customers and the business app wrote: `messages[]`, `message_echoes[]`, `history[]`, `calls[]` (log-formats §1.2, §1.10).

use crate::model::{Column, FilledRow};
use crate::read::Sink;
use crate::read::json::object::items;

use super::rows::{Business, Out, add_contact, text, time};
use super::schema::{Call, Contact, HistoryThread, Inbound, Referral, System};

/// One message as it came.
pub(super) fn message<S: Sink>(
    out: &mut Out<'_, S>,
    business: &Business<'_>,
    contacts: &[Contact<'_>],
    message: &Inbound<'_>,
) {
    let from = text(&message.from);
    let mut row = content(business, message);
    if business.is_sender(from) {
        row.set(Column::Direction, "outbound");
        row.set(Column::CustomerId, text(&message.to));
        row.set(Column::CustomerUserId, text(&message.to_user));
        row.set(Column::SentAt, time(&message.at));
    } else {
        row.set(Column::Direction, "inbound");
        row.set(Column::CustomerId, from);
        add_contact(&mut row, contacts, from, text(&message.from_user));
        row.set(Column::CreatedAt, time(&message.at));
    }
    if let Some(referral) = message.referral.as_ref().filter(|referral| referral.there) {
        add_referral(&mut row, referral);
    }
    out.row(&row);
    if let Some(system) = &message.system {
        link(out, message, system);
    }
    out.unknown_keys("messages[]", &message.unknown);
}

/// What every message has, whoever wrote it.
fn content<'v>(business: &'v Business<'_>, message: &'v Inbound<'_>) -> FilledRow<'v> {
    let mut row = business.row();
    row.set(Column::MessageId, text(&message.id));
    row.set(Column::MessageType, text(&message.kind));
    row.set(Column::GroupId, text(&message.group));
    row.set(Column::ContextMessageId, message.context.as_ref().map_or("", |context| text(&context.id)));
    row
}

/// Any referral is one, also without a source type (log-formats §1.3).
fn add_referral<'v>(row: &mut FilledRow<'v>, referral: &'v Referral<'_>) {
    let source = text(&referral.source_type);
    row.set(Column::ReferralSourceType, if source.is_empty() { "unknown" } else { source });
    row.set(Column::ReferralSourceId, text(&referral.source_id));
    row.set(Column::CtwaClid, text(&referral.click));
}

/// A customer who changed the number or the business-scoped id (R6b).
fn link<S: Sink>(out: &mut Out<'_, S>, message: &Inbound<'_>, system: &System<'_>) {
    let at = text(&message.at);
    let (old, new) = match text(&system.kind) {
        "customer_identity_changed" => return,
        "user_changed_user_id" => (text(&system.previous_user), text(&system.user)),
        _ if system.new_number.is_some() => (text(&message.from), text(&system.new_number)),
        _ => (text(&message.from), text(&system.number)),
    };
    out.link(old, new, at);
}

/// What was typed in the Business app of a coexistence number: never API traffic (R72).
pub(super) fn echo<S: Sink>(out: &mut Out<'_, S>, business: &Business<'_>, message: &Inbound<'_>) {
    let mut row = content(business, message);
    row.set(Column::Direction, "outbound");
    row.set(Column::CustomerId, text(&message.to));
    row.set(Column::CustomerUserId, text(&message.to_user));
    row.set(Column::SentAt, time(&message.at));
    row.set(Column::Origin, "business_app");
    out.row(&row);
    out.unknown_keys("message_echoes[]", &message.unknown);
}

/// Earlier chats of the app: context, never charged (Q12).
pub(super) fn history<S: Sink>(out: &mut Out<'_, S>, business: &Business<'_>, thread: &HistoryThread<'_>) {
    let customer = text(&thread.id);
    for message in items(thread.messages.as_ref()) {
        let status = message.history.as_ref().map_or("", |history| text(&history.status)).to_ascii_lowercase();
        let mut row = content(business, message);
        row.set(Column::CustomerId, customer);
        row.set(Column::Origin, "history");
        let from = text(&message.from);
        if business.is_sender(from) || (!text(&message.to).is_empty() && from != customer) {
            row.set(Column::Direction, "outbound");
            row.set(Column::SentAt, time(&message.at));
            row.set(Column::Status, &status);
        } else {
            row.set(Column::Direction, "inbound");
            row.set(Column::CreatedAt, time(&message.at));
        }
        out.row(&row);
    }
}

/// A call: a customer's opens a window, a business's does when it is accepted (R17).
pub(super) fn call<S: Sink>(out: &mut Out<'_, S>, business: &Business<'_>, call: &Call<'_>) {
    let mut row = business.row();
    row.set(Column::MessageId, text(&call.id));
    row.set(Column::MessageType, "call");
    let by_business =
        text(&call.direction).eq_ignore_ascii_case("business_initiated") || business.is_sender(text(&call.from));
    if by_business {
        row.set(Column::Direction, "outbound");
        row.set(Column::CustomerId, text(&call.to));
        row.set(Column::CustomerUserId, text(&call.to_user));
        row.set(Column::SentAt, time(&call.at));
        let accepted = |word: &str| ["accepted", "completed"].iter().any(|known| word.eq_ignore_ascii_case(known));
        if accepted(text(&call.event)) || accepted(text(&call.status)) {
            row.set(Column::DeliveredAt, time(&call.at));
        }
    } else {
        row.set(Column::Direction, "inbound");
        row.set(Column::CustomerId, text(&call.from));
        row.set(Column::CustomerUserId, text(&call.from_user));
        row.set(Column::CreatedAt, time(&call.at));
    }
    out.row(&row);
    out.unknown_keys("calls[]", &call.unknown);
}
