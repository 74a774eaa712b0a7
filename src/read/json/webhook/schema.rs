//! The objects of webhooks, with the keys that matter here (log-formats §1). What is inside a message's own content, an error or a
//! contact is not looked into.

use crate::read::json::object::{List, object};
use crate::read::json::text::Text;

object! {
    /// `entry[]`: what came for one WABA.
    Entry { "id" => id: Text<'a>, "time" => time: Text<'a>, "changes" => changes: List<Change<'a>>, } not needed ["uid"]
}

object! {
    /// `changes[]`: a field and its value.
    Change { "field" => field: Text<'a>, "value" => value: Box<Value<'a>>, } not needed []
}

object! {
    /// The value of a change, or all of an On-Premises webhook.
    Value {
        "metadata" => metadata: Metadata<'a>,
        "contacts" => contacts: List<Contact<'a>>,
        "messages" => messages: List<Inbound<'a>>,
        "statuses" => statuses: List<Status<'a>>,
        "errors" => errors: List<Fault<'a>>,
        "message_echoes" => echoes: List<Inbound<'a>>,
        "history" => history: List<History<'a>>,
        "calls" => calls: List<Call<'a>>,
        "user_id_update" => user_ids: List<UserIdUpdate<'a>>,
        "message_template_id" => template_id: Text<'a>,
        "message_template_name" => template_name: Text<'a>,
        "message_template_language" => template_language: Text<'a>,
        "new_category" => new_category: Text<'a>,
        "previous_category" => previous_category: Text<'a>,
        "correct_category" => correct_category: Text<'a>,
        "category_update_timestamp" => category_at: Text<'a>,
    } not needed ["messaging_product"]
}

object! {
    /// `metadata`: the business's number.
    Metadata { "phone_number_id" => number: Text<'a>, "display_phone_number" => phone: Text<'a>, } not needed []
}

object! {
    /// `contacts[]`: a customer.
    Contact { "wa_id" => number: Text<'a>, "user_id" => user: Text<'a>, "profile" => profile: Profile<'a>, } not needed []
}

object! {
    /// `contacts[].profile`.
    Profile { "country_code" => country: Text<'a>, } not needed []
}

object! {
    /// `messages[]`, an echo, or a message of a history.
    Inbound {
        "id" => id: Text<'a>,
        "from" => from: Text<'a>,
        "from_user_id" => from_user: Text<'a>,
        "to" => to: Text<'a>,
        "to_user_id" => to_user: Text<'a>,
        "timestamp" => at: Text<'a>,
        "type" => kind: Text<'a>,
        "group_id" => group: Text<'a>,
        "context" => context: Box<Context<'a>>,
        "referral" => referral: Box<Referral<'a>>,
        "system" => system: Box<System<'a>>,
        "history_context" => history: Box<HistoryContext<'a>>,
    } not needed [
        "text", "image", "video", "audio", "voice", "document", "sticker", "location", "contacts", "button", "interactive",
        "order", "reaction", "unsupported", "edit", "revoke", "errors", "identity", "from_parent_user_id",
        "to_parent_user_id", "request_welcome", "media_placeholder", "preview_url", "recipient_type",
    ]
}

object! {
    /// `context`: the message that is answered.
    Context { "id" => id: Text<'a>, } not needed []
}

object! {
    /// `referral`: the ad or post that a message came from.
    Referral {
        "source_type" => source_type: Text<'a>, "source_id" => source_id: Text<'a>, "ctwa_clid" => click: Text<'a>,
    } not needed []
}

object! {
    /// `system`: a notice of the platform.
    System {
        "type" => kind: Text<'a>,
        "wa_id" => number: Text<'a>,
        "new_wa_id" => new_number: Text<'a>,
        "user_id" => user: Text<'a>,
        "previous_user_id" => previous_user: Text<'a>,
    } not needed []
}

object! {
    /// `history_context`.
    HistoryContext { "status" => status: Text<'a>, } not needed []
}

object! {
    /// `statuses[]`: what became of an outbound message.
    Status {
        "id" => id: Text<'a>,
        "status" => status: Text<'a>,
        "timestamp" => at: Text<'a>,
        "recipient_id" => recipient: Text<'a>,
        "recipient_user_id" => recipient_user: Text<'a>,
        "recipient_type" => recipient_type: Text<'a>,
        "recipient_participant_id" => participant: Text<'a>,
        "recipient_participant_user_id" => participant_user: Text<'a>,
        "biz_opaque_callback_data" => campaign: Text<'a>,
        "gs_id" => gupshup: Text<'a>,
        "conversation" => conversation: Box<Conversation<'a>>,
        "pricing" => pricing: Pricing<'a>,
        "errors" => errors: List<Fault<'a>>,
    } not needed ["type", "recipient_identity_key_hash", "recipient_parent_user_id", "recipient_participant_parent_user_id"]
}

object! {
    /// `conversation`.
    Conversation {
        "id" => id: Text<'a>,
        "origin" => origin: ConversationOrigin<'a>,
        "expiration_timestamp" => expires: Text<'a>,
        "pricing" => pricing: Pricing<'a>,
    } not needed []
}

object! {
    /// `conversation.origin`.
    ConversationOrigin { "type" => kind: Text<'a>, } not needed []
}

object! {
    /// `pricing`: Meta's own verdict.
    Pricing {
        "pricing_model" => model: Text<'a>,
        "type" => kind: Text<'a>,
        "category" => category: Text<'a>,
        "subtype" => subtype: Text<'a>,
        "billable" => billable: Text<'a>,
    } not needed []
}

object! {
    /// `errors[]`.
    Fault { "code" => code: Text<'a>, } not needed []
}

object! {
    /// `history[]`: a chunk of earlier chats.
    History { "threads" => threads: List<HistoryThread<'a>>, } not needed ["metadata", "errors"]
}

object! {
    /// `history[].threads[]`.
    HistoryThread { "id" => id: Text<'a>, "messages" => messages: List<Inbound<'a>>, } not needed ["context"]
}

object! {
    /// `calls[]`.
    Call {
        "id" => id: Text<'a>,
        "from" => from: Text<'a>,
        "to" => to: Text<'a>,
        "from_user_id" => from_user: Text<'a>,
        "to_user_id" => to_user: Text<'a>,
        "timestamp" => at: Text<'a>,
        "event" => event: Text<'a>,
        "status" => status: Text<'a>,
        "direction" => direction: Text<'a>,
    } not needed ["session", "start_time", "end_time", "duration", "biz_opaque_callback_data", "errors", "cta_payload", "deeplink_payload"]
}

object! {
    /// `user_id_update[]`: a business-scoped id took the place of another.
    UserIdUpdate { "user_id" => user: UserIds<'a>, "timestamp" => at: Text<'a>, } not needed ["wa_id", "detail"]
}

object! {
    /// `user_id_update[].user_id`.
    UserIds { "previous" => previous: Text<'a>, "current" => current: Text<'a>, } not needed []
}
