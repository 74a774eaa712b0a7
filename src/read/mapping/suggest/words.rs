//! What people call the columns of the canonical log, the likeliest name first.

use crate::model::{Column, Direction};

use super::super::source::same_name;

/// Names of one column.
pub(super) struct Names {
    pub(super) column: Column,
    pub(super) names: &'static [&'static str],
}

const fn names(column: Column, names: &'static [&'static str]) -> Names {
    Names { column, names }
}

/// Columns that both directions have.
const OF_BOTH: [Names; 10] = [
    names(
        Column::MessageId,
        &[
            "wamid",
            "whatsapp_message_id",
            "message_id",
            "references.id",
            "key.id",
            "message_uuid",
            "message_sid",
            "source_id",
            "external_id",
            "bsp_message_id",
            "sid",
            "payload.id",
            "uuid",
            "msg_id",
            "msgid",
            "id",
        ],
    ),
    names(
        Column::PhoneNumberId,
        &[
            "phone_number_id",
            "channel_phone_number",
            "inbox_id",
            "channel_id",
            "instance_id",
            "integration_id",
            "app_id",
            "whatsapp_account",
            "app",
            "business_phone",
        ],
    ),
    names(Column::WabaId, &["waba_id"]),
    names(Column::CustomerUserId, &["bsuid", "recipient_user_id", "from_user_id", "user_id"]),
    names(Column::MessageType, &["message_type", "content_type", "payload.type", "message.type", "msg_type", "type"]),
    names(Column::ContextMessageId, &["context_message_id", "context.id", "reply_to_message_id", "related_message_id"]),
    names(Column::Campaign, &["campaign", "campaign_id", "bulk_id", "broadcast_id", "client_ref", "client_message_id"]),
    names(Column::ProviderPrice, &["price_per_message", "total_price", "price", "usage.price", "cost", "amount"]),
    names(Column::ProviderCurrency, &["currency", "price_unit"]),
    names(Column::ConversationExpiresAt, &["conversation_expires_at", "conversation.expiration_timestamp"]),
];

const OF_INBOUND: [Names; 5] = [
    names(
        Column::CustomerId,
        &[
            "wa_id",
            "from",
            "contact_phone",
            "source",
            "sender_phone",
            "sender",
            "remote_jid",
            "urn",
            "identity",
            "phone_number",
            "customer_phone",
            "customer",
            "phone",
            "mobile",
            "msisdn",
        ],
    ),
    names(
        Column::CreatedAt,
        &[
            "received_at",
            "created_at",
            "timestamp",
            "date_created",
            "created_on",
            "created",
            "send_time",
            "sent_date",
            "date_received",
            "date_sent",
            "sent_on",
            "sent_at",
            "inserted_at",
            "message_timestamp",
            "creation",
            "accept_time",
            "event_time",
            "accepted_time",
            "create_time",
            "date",
            "time",
            "ts",
        ],
    ),
    names(Column::ReferralSourceType, &["referral_source_type", "referral.source_type"]),
    names(Column::ReferralSourceId, &["referral_source_id", "referral.source_id"]),
    names(Column::CtwaClid, &["ctwa_clid", "referral_ctwa_clid", "ctwa_click_id"]),
];

const OF_OUTBOUND: [Names; 16] = [
    names(
        Column::CustomerId,
        &[
            "wa_id",
            "recipient",
            "to",
            "destination",
            "contact_phone",
            "receiver_phone",
            "receiver",
            "remote_jid",
            "urn",
            "identity",
            "recipient_id",
            "phone_number",
            "customer_phone",
            "customer",
            "phone",
            "mobile",
            "msisdn",
        ],
    ),
    names(
        Column::SentAt,
        &[
            "sent_at",
            "send_time",
            "date_sent",
            "sent_date",
            "sent_on",
            "ts",
            "timestamp",
            "event_time",
            "created_at",
            "created",
            "date_received",
            "message_timestamp",
            "creation",
            "created_on",
            "accepted_time",
            "inserted_at",
            "create_time",
            "date_created",
            "date",
            "time",
        ],
    ),
    names(Column::DeliveredAt, &["delivered_at", "deliver_time", "done_at", "delivery_time", "date_delivered"]),
    names(Column::ReadAt, &["read_at", "read_time", "seen_at", "date_read"]),
    names(Column::FailedAt, &["failed_at", "fail_time"]),
    names(
        Column::Status,
        &[
            "status",
            "state",
            "bsp_status",
            "delivery_status",
            "status_string",
            "group_name",
            "message_status",
            "payload.type",
            "event_type",
        ],
    ),
    names(Column::ErrorCode, &["error_code", "errors[0].code", "failed_code", "error.id", "code"]),
    names(Column::TemplateName, &["template_name", "template.name", "template_params.name", "template"]),
    names(
        Column::TemplateLanguage,
        &["template_language", "template.language.code", "template.language", "template_params.language"],
    ),
    names(Column::TemplateId, &["template_id", "template_uuid", "content_sid"]),
    names(Column::TemplateCategory, &["template_category", "template_params.category", "category"]),
    names(Column::PricingModel, &["pricing_model", "pricing.pricing_model", "deductions.model"]),
    names(Column::PricingType, &["pricing_type", "pricing.type", "deduction_type"]),
    names(Column::PricingCategory, &["pricing_category", "pricing.category", "deductions.category"]),
    names(Column::Billable, &["billable", "is_billable"]),
    names(Column::ConversationOrigin, &["conversation_origin", "conversation.origin.type"]),
];

/// Columns of a direction with their names.
pub(super) fn columns_of(direction: Direction) -> impl Iterator<Item = &'static Names> {
    let own: &'static [Names] = match direction {
        Direction::Inbound => &OF_INBOUND,
        Direction::Outbound => &OF_OUTBOUND,
    };
    OF_BOTH.iter().chain(own)
}

/// How much a source is called like one of these names, in percent.
pub(super) fn likeness(source: &str, names: &[&str]) -> u32 {
    let score = |(rank, name): (u32, &&str)| {
        // The first names are the likeliest, and what stands deep in a record is seldom what it is about.
        let depth = u32::try_from(source.split('.').count() - 1).unwrap_or(0).min(5);
        let exact = 100_u32.saturating_sub(2 * rank + depth);
        if ends_with(source, name) { exact } else { exact * alike(last(source), name) / 130 }
    };
    (0_u32..).zip(names).map(score).max().unwrap_or(0)
}

fn last(source: &str) -> &str {
    source.rsplit('.').next().unwrap_or(source)
}

/// Whether a path is that name, or ends with it.
fn ends_with(source: &str, name: &str) -> bool {
    let parts = name.split('.').count();
    let segments: Vec<&str> = source.split('.').collect();
    let end = segments.len().checked_sub(parts).map(|start| segments[start..].join("."));
    end.is_some_and(|end| same_name(&end, name))
}

/// How alike two texts are, in percent; nothing below 85, where it is chance.
fn alike(a: &str, b: &str) -> u32 {
    let (a, b) = (a.to_lowercase().replace(['_', '-', ' '], ""), b.to_lowercase().replace(['_', '-', ' '], ""));
    let longest = a.chars().count().max(b.chars().count()).max(1);
    let distance = strsim::damerau_levenshtein(&a, &b).min(longest);
    let alike = u32::try_from(100 - 100 * distance / longest).unwrap_or(0);
    if alike < 85 { 0 } else { alike }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_their_end() {
        assert_eq!(likeness("payload.references.id", &["wamid", "references.id"]), 96);
        assert_eq!(likeness("WhatsApp Message ID", &["whatsapp_message_id"]), 100);
        assert!(likeness("mesage_id", &["message_id"]) > 60);
        assert_eq!(likeness("body", &["message_id", "to"]), 0);
    }
}
