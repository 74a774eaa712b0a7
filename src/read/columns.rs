//! The columns of the canonical log (log-formats §5) and what their values mean.

use crate::model::{Client, Direction, MessageType, Origin, Product, Referral, Status, TemplateCategory};

/// A column that is read; all others are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Column {
    MessageId,
    Direction,
    PhoneNumberId,
    WabaId,
    CustomerId,
    CustomerUserId,
    CustomerCountry,
    GroupId,
    MessageType,
    TemplateId,
    TemplateName,
    TemplateLanguage,
    TemplateCategory,
    CreatedAt,
    SentAt,
    DeliveredAt,
    ReadAt,
    PlayedAt,
    FailedAt,
    DeletedAt,
    Event,
    EventAt,
    Status,
    ErrorCode,
    ReferralSourceType,
    ReferralSourceId,
    CtwaClid,
    Client,
    Origin,
    Product,
    Tokens,
    PricingType,
    PricingCategory,
    ConversationOrigin,
}

pub(super) const COLUMNS: [(&str, Column); 34] = [
    ("message_id", Column::MessageId),
    ("direction", Column::Direction),
    ("phone_number_id", Column::PhoneNumberId),
    ("waba_id", Column::WabaId),
    ("customer_id", Column::CustomerId),
    ("customer_user_id", Column::CustomerUserId),
    ("customer_country", Column::CustomerCountry),
    ("group_id", Column::GroupId),
    ("message_type", Column::MessageType),
    ("template_id", Column::TemplateId),
    ("template_name", Column::TemplateName),
    ("template_language", Column::TemplateLanguage),
    ("template_category", Column::TemplateCategory),
    ("created_at", Column::CreatedAt),
    ("sent_at", Column::SentAt),
    ("delivered_at", Column::DeliveredAt),
    ("read_at", Column::ReadAt),
    ("played_at", Column::PlayedAt),
    ("failed_at", Column::FailedAt),
    ("deleted_at", Column::DeletedAt),
    ("event", Column::Event),
    ("event_at", Column::EventAt),
    ("status", Column::Status),
    ("error_code", Column::ErrorCode),
    ("referral_source_type", Column::ReferralSourceType),
    ("referral_source_id", Column::ReferralSourceId),
    ("ctwa_clid", Column::CtwaClid),
    ("client", Column::Client),
    ("origin", Column::Origin),
    ("product", Column::Product),
    ("tokens", Column::Tokens),
    ("pricing_type", Column::PricingType),
    ("pricing_category", Column::PricingCategory),
    ("conversation_origin", Column::ConversationOrigin),
];

/// Any of these in a header says that the log knows about delivery.
pub(super) const DELIVERY_COLUMNS: [Column; 5] =
    [Column::DeliveredAt, Column::ReadAt, Column::PlayedAt, Column::Status, Column::Event];

/// Lower case without allocation for the values that matter, which are short.
fn lowered(text: &str, buffer: &mut [u8; 32]) -> Option<usize> {
    let bytes = text.as_bytes();
    let target = buffer.get_mut(..bytes.len())?;
    target.copy_from_slice(bytes);
    target.make_ascii_lowercase();
    Some(bytes.len())
}

macro_rules! values {
    ($(#[$doc:meta])* $name:ident -> $type:ty { $($($text:literal)|+ => $value:expr,)+ }) => {
        $(#[$doc])*
        pub(super) fn $name(text: &str) -> Option<$type> {
            let mut buffer = [0; 32];
            let length = lowered(text, &mut buffer)?;
            match &buffer[..length] {
                $($($text)|+ => Some($value),)+
                _ => None,
            }
        }
    };
}

values! {
    /// The `direction` column.
    direction -> Direction {
        b"inbound" | b"in" => Direction::Inbound,
        b"outbound" | b"out" => Direction::Outbound,
    }
}

values! {
    /// The `message_type` column.
    message_type -> MessageType {
        b"audio" => MessageType::Audio,
        b"button" => MessageType::Button,
        b"call" => MessageType::Call,
        b"contacts" => MessageType::Contacts,
        b"document" => MessageType::Document,
        b"edit" => MessageType::Edit,
        b"image" => MessageType::Image,
        b"interactive" => MessageType::Interactive,
        b"location" => MessageType::Location,
        b"media_placeholder" => MessageType::MediaPlaceholder,
        b"order" => MessageType::Order,
        b"other" => MessageType::Other,
        b"reaction" => MessageType::Reaction,
        b"request_welcome" => MessageType::RequestWelcome,
        b"revoke" => MessageType::Revoke,
        b"sticker" => MessageType::Sticker,
        b"system" => MessageType::System,
        b"template" => MessageType::Template,
        b"text" => MessageType::Text,
        b"unknown" => MessageType::Unknown,
        b"unsupported" => MessageType::Unsupported,
        b"video" => MessageType::Video,
        b"voice" => MessageType::Voice,
    }
}

values! {
    /// The `status` column, the one that changes in place.
    status -> Option<Status> {
        b"accepted" | b"sent" | b"pending" | b"queued" => Some(Status::Sent),
        b"delivered" | b"read" | b"played" => Some(Status::Delivered),
        b"failed" | b"undelivered" => Some(Status::Failed),
        b"deleted" | b"received" => None,
    }
}

values! {
    /// The `origin` column.
    origin -> Origin {
        b"api" => Origin::Api,
        b"business_app" => Origin::BusinessApp,
        b"history" => Origin::History,
        b"system" => Origin::System,
    }
}

values! {
    /// The `product` column.
    product -> Product {
        b"cloud_api" => Product::CloudApi,
        b"on_premises" => Product::OnPremises,
        b"marketing_messages" => Product::MarketingMessages,
        b"business_agent" => Product::BusinessAgent,
    }
}

values! {
    /// The `client` column.
    client -> Client {
        b"android" => Client::Android,
        b"desktop" => Client::Desktop,
        b"ios" => Client::Ios,
        b"web" => Client::Web,
    }
}

values! {
    /// The `referral_source_type` column.
    referral -> Referral {
        b"ad" => Referral::Ad,
        b"page_cta" => Referral::PageCta,
        b"post" => Referral::Post,
        b"organic" => Referral::Organic,
        b"unknown" => Referral::Unstated,
    }
}

/// `pricing_category` and `conversation_origin` where they settle a template's category (log-formats §6).
pub(super) fn observed_category(text: &str) -> Option<TemplateCategory> {
    match text {
        "authentication_international" | "authentication-international" => Some(TemplateCategory::Authentication),
        _ => TemplateCategory::parse(text),
    }
}
