//! The contract's names in the words of people who read bills.

use crate::model::group_thousands;

/// A reason of `lines.csv`.
pub(super) fn reason(name: &str) -> &str {
    match name {
        "free_entry_point" => "free entry point (ad click)",
        "free_customer_service" => "inside the customer service window",
        "free_group_customer_service" => "inside a group's service window",
        "free_tier" => "within the 1,000 free a month",
        "service_free" => "service conversations, free at the time",
        "session_message" => "session messages, free at the time",
        "not_yet_charged" => "Business Agent, not yet charged",
        "paid_exempt" => "exempt account",
        "waived" => "waived for this account",
        "not_delivered" => "never delivered",
        "window_closed" => "refused: no open window",
        "reaction" => "reactions",
        "marketing_paused" => "refused: marketing to US numbers",
        "business_app" => "typed in the Business app",
        "history" => "imported history",
        other => other,
    }
}

/// A category of `lines.csv`.
pub(super) fn category(name: &str) -> String {
    match name {
        "authentication_international" => "authentication, international".to_owned(),
        "business_agent" => "Business Agent".to_owned(),
        "referral_conversion" => "free entry point".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A regime's name.
pub(super) fn regime(name: &str) -> &str {
    match name {
        "cbp-2022" => "conversations",
        "cbp-2023-03" => "72 h free entry points",
        "cbp-2023-06" => "conversation categories",
        "cbp-2024-11" => "service conversations free",
        "pmp-2025-07" => "per-message pricing",
        "pmp-2026-10" => "service messages charged",
        other => other,
    }
}

/// `1234567` → `1,234,567`.
pub(super) fn count(number: u64) -> String {
    group_thousands(&number.to_string())
}
