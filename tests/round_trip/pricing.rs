//! What Meta would have said: `pricing` and `conversation` made of our own verdicts on the canonical log (rules §3.1).

use serde_json::{Value, json};

use super::outcome::{Cells, Outcome};
use super::scenario::{Message, Scenario, full_minute, rfc3339, seconds};

const DAY: i64 = 86_400;

/// From here on free entry points last up to seven days (R37).
pub(crate) const LONG_SINCE: &str = "2026-09-28";

/// Meta's word on one message.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) pricing: Value,
    pub(crate) conversation: Option<Conversation>,
    /// Per message, outside of a free entry point: up to v23 a conversation of its own, after that none.
    pub(crate) alone: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) origin: String,
    pub(crate) expires: i64,
}

/// What Meta says of a message, nothing if it is not billed at all.
pub(crate) fn said(message: &Message, scenario: &Scenario, outcome: &Outcome) -> Option<Said> {
    let verdict = &outcome.verdicts[&(message.id.clone(), message.customer().to_owned())];
    let opener = outcome.conversations.get(&verdict["conversation_id"]);
    let by_conversation = verdict["regime"].starts_with("cbp") || verdict["verdict"] == "covered";
    match verdict["verdict"].as_str() {
        "not_billed" => None,
        _ if by_conversation => Some(by_conversation_pricing(verdict, opener.expect("its conversation"))),
        _ => Some(by_message_pricing(verdict, opener, message, scenario)),
    }
}

/// Every message of a conversation says the same, whatever it is itself.
fn by_conversation_pricing(verdict: &Cells, conversation: &Cells) -> Said {
    let category = match conversation["category"].as_str() {
        "free_entry_point" => "referral_conversion",
        category => category,
    };
    // False for free entry points only; a free allowance does not show (rules §3.1).
    let billable = category != "referral_conversion" && verdict["reason"] != "service_free";
    Said {
        pricing: json!({ "billable": billable, "pricing_model": "CBP", "category": spelled(category) }),
        conversation: Some(Conversation {
            id: meta_id(&conversation["conversation_id"]),
            origin: category.to_owned(),
            expires: seconds(&conversation["expires_at"]),
        }),
        alone: false,
    }
}

fn by_message_pricing(verdict: &Cells, opener: Option<&Cells>, message: &Message, scenario: &Scenario) -> Said {
    let own = verdict["category"].as_str();
    let in_group = own.starts_with("group_");
    let free_tier = if in_group { "free_group_customer_service" } else { "free_customer_service" };
    let (kind, category) = match (verdict["verdict"].as_str(), verdict["reason"].as_str()) {
        ("charged", _) => ("regular", own),
        ("free", "free_tier") => (free_tier, own),
        // Meta has both: the message's own category, and what the click converted to.
        ("free", "free_entry_point") if message.at % 120 == 0 => ("free_entry_point", "referral_conversion"),
        ("free", reason @ ("free_entry_point" | "free_customer_service" | "free_group_customer_service")) => {
            (reason, own)
        }
        other => panic!("{other:?} does not occur here"),
    };
    let pricing = json!({
        "billable": kind == "regular",
        "pricing_model": "PMP",
        "type": kind,
        "category": spelled(category),
    });
    let in_fep = kind == "free_entry_point";
    let conversation = if in_fep {
        let opener = opener.expect("its free entry point");
        Conversation {
            id: meta_id(&opener["conversation_id"]),
            origin: "referral_conversion".to_owned(),
            expires: end_as_known(opener, message, scenario),
        }
    } else {
        let expires = message.at + DAY;
        Conversation { id: meta_id(&message.id), origin: own.to_owned(), expires }
    };
    Said { pricing, conversation: Some(conversation), alone: !in_fep }
}

/// The end of a free entry point as it stood when a message was sent, in full minutes: customer messages may move it later (R37).
fn end_as_known(opener: &Cells, message: &Message, scenario: &Scenario) -> i64 {
    let (start, last) = (seconds(&opener["opened_at"]), seconds(&opener["expires_at"]));
    let long = rfc3339(start).as_str() >= LONG_SINCE && last - start > 3 * DAY;
    if !long {
        return full_minute(last);
    }
    let same_chat = |other: &&Message| other.number == message.number && other.customer() == message.customer();
    let mut moves: Vec<i64> =
        scenario.messages.iter().filter(same_chat).filter(|other| other.opens_window()).map(|other| other.at).collect();
    moves.sort_unstable();
    let mut end = start + 3 * DAY;
    for at in moves.into_iter().filter(|at| start <= *at && *at <= message.at) {
        if at < end {
            end = end.max(at + DAY).min(start + 7 * DAY);
        }
    }
    full_minute(end)
}

/// With a hyphen here, as one of Meta's lists has it, and an underscore in `conversation.origin`.
fn spelled(category: &str) -> String {
    category.replace("authentication_international", "authentication-international")
}

/// Not the id of any message.
fn meta_id(id: &str) -> String {
    id.bytes().map(|byte| format!("{byte:02x}")).collect()
}
