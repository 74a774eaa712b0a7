//! The values of columns that have a fixed list of them, in any case.

use crate::model::{Client, Direction, MessageType, Origin, Product, Referral, Status};

/// Lower case without allocation, of texts no longer than the values.
fn lowered<'b>(text: &str, buffer: &'b mut [u8; 32]) -> &'b [u8] {
    let lowered = &mut buffer[..text.len().min(32)];
    if lowered.len() == text.len() {
        lowered.copy_from_slice(text.as_bytes());
        lowered.make_ascii_lowercase();
    }
    lowered
}

macro_rules! values {
    ($(#[$doc:meta])* $name:ident -> $type:ty { $($($text:literal)|+ => $value:expr,)+ }) => {
        $(#[$doc])*
        pub(super) fn $name(text: &str) -> Option<$type> {
            let known = |text: &[u8]| match text {
                $($($text)|+ => Some($value),)+
                _ => None,
            };
            // Most logs have them as they stand here.
            known(text.as_bytes()).or_else(|| known(lowered(text, &mut [0; 32])))
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
        b"failed" | b"undelivered" | b"error" => Some(Status::Failed),
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

values! {
    /// The `billable` column.
    billable -> bool {
        b"true" | b"1" | b"yes" => true,
        b"false" | b"0" | b"no" => false,
    }
}
