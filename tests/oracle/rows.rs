//! What one row says by itself: its place in the chat, its category, whether it is a click or opens a window.

use chrono::NaiveDate;

use super::facts::{Account, Log, Message, Ms, Regime, local_date, ymd};
use super::tables::Tables;

/// Key time and ties of §2.10: inbound first, then the earlier sending, then the message id.
pub(crate) fn key<'a>(log: &Log, message: &'a Message) -> (Ms, bool, Ms, &'a str) {
    if !message.is_judged() {
        let t = if message.inbound { message.at } else { message.delivered.unwrap_or(message.sent) };
        return (t, false, t, &message.id);
    }
    let at = message.delivered.unwrap_or(message.sent);
    let regime = Regime::on(local_date(at, log.account(message).zone));
    let at = if regime.is_pmp() { message.sent } else { at };
    (at, true, message.sent, &message.id)
}

/// When the row opens or renews the service window, if it does (R16, R17, Q11, Q12).
pub(crate) fn opens_window(log: &Log, message: &Message) -> Option<Ms> {
    if message.is_call() {
        // A business call counts from its acceptance.
        // READING: the contract lets a call open a window without a date, although R17 is marked PMP.
        let t = if message.inbound { message.at } else { message.delivered? };
        return Some(t);
    }
    let opens = match message.kind.as_str() {
        _ if !message.inbound => false,
        "reaction" => log.settings.reaction_opens,
        "unsupported" => log.settings.unsupported_opens,
        "system" | "edit" | "revoke" | "request_welcome" | "media_placeholder" => false,
        _ => true,
    };
    opens.then_some(message.at)
}

/// R34, Q7, Q20.
/// READING: any inbound row with an eligible referral is a click, also one that opens no window.
pub(crate) fn is_click(log: &Log, message: &Message) -> bool {
    let settings = &log.settings;
    if !message.inbound || message.client == "web" || message.client == "desktop" {
        return false;
    }
    match message.referral.as_str() {
        "ad" => true,
        "page_cta" => {
            let day = local_date(message.at, log.account(message).zone);
            settings.page_cta_after || day < settings.fep_7_days_from
        }
        "post" => settings.post_opens_fep,
        _ => false,
    }
}

/// Q23, Q27: the message's own category on its date.
pub(crate) fn own_category(message: &Message, regime: Regime, day: NaiveDate) -> String {
    let lite = message.category == "marketing_lite"
        || (message.category == "marketing" && message.product == "marketing_messages");
    let own = match message.category.as_str() {
        "" if message.product == "business_agent" => "business_agent",
        "" => "service",
        _ if regime == Regime::Nbp => "notification",
        _ if lite && day < ymd(2024, 10, 15) => "marketing",
        _ if lite => "marketing_lite",
        category => category,
    };
    own.to_string()
}

/// The category a message would be charged under: its own, or authentication-international (R67).
/// READING: an exception date replaces the start for its country; no start at all means never.
pub(crate) fn billed_as(tables: &Tables, message: &Message, account: &Account, own: &str, day: NaiveDate) -> String {
    let country = tables.country(&message.customer);
    let exception = account.auth_intl_exceptions.iter().find(|(code, _)| code == country);
    let start = account.auth_intl_from.map(|start| exception.map_or(start, |(_, date)| *date));
    let international = own == "authentication"
        && tables.has_auth_international(&message.customer, day)
        // R68: home is always domestic, an unverified location is foreign everywhere.
        && account.primary_location != country
        && start.is_some_and(|start| day >= start);
    if international { "authentication_international".to_string() } else { own.to_string() }
}
