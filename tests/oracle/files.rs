//! A log as the files and arguments that the program takes.

use std::fs::File;
use std::path::Path;

use chrono::SecondsFormat;
use csv::Writer;

use super::facts::{Account, FepLength, Log, Message, Ms, Settings, utc};

pub(crate) fn write(log: &Log, folder: &Path) {
    let mut messages = writer(
        folder,
        "messages.csv",
        "message_id,direction,phone_number_id,waba_id,customer_id,message_type,template_name,template_category,\
         created_at,sent_at,delivered_at,failed_at,error_code,referral_source_type,client,origin,product,tokens",
    );
    for message in &log.messages {
        messages.write_record(message_row(message)).expect("a written row");
    }
    let mut accounts = writer(
        folder,
        "accounts.csv",
        "phone_number_id,waba_id,business_phone,waba_timezone,currency,portfolio_id,primary_location,\
         auth_intl_eligible_from,partner_served,waived_categories,auth_intl_exceptions,service_exempt_until",
    );
    for account in &log.accounts {
        accounts.write_record(account_row(account)).expect("a written row");
    }
    let mut carry_in = writer(folder, "carry_in.csv", "scope,id,month,market,category,used");
    for c in &log.carry_in {
        let used = c.used.to_string();
        carry_in.write_record([c.scope, &c.id, &c.month, &c.market, &c.category, &used]).expect("a written row");
    }
    for mut file in [messages, accounts, carry_in] {
        file.flush().expect("a written file");
    }
}

/// `key=value` for every setting, as the switch `--set` takes them.
pub(crate) fn settings(settings: &Settings) -> Vec<String> {
    let choose = |key: &str, value: bool, yes: &str, no: &str| format!("{key}={}", if value { yes } else { no });
    let length = match settings.fep_length {
        FepLength::Rolling => "rolling",
        FepLength::Fixed72 => "fixed72",
        FepLength::Fixed168 => "fixed168",
    };
    vec![
        choose("csw_evaluated_at", settings.csw_at_delivery, "delivered", "sent"),
        choose("fep_evaluated_at", settings.fep_at_delivery, "delivered", "sent"),
        format!("fep_length_2026={length}"),
        format!("fep_7_days_from={}", settings.fep_7_days_from),
        choose("fep_page_cta_after_2026_09_28", settings.page_cta_after, "true", "false"),
        choose("post_referral_opens_fep", settings.post_opens_fep, "true", "false"),
        choose("fep_uses_allowance", settings.fep_uses_allowance, "true", "false"),
        choose("reaction_opens_window", settings.reaction_opens, "true", "false"),
        choose("unsupported_opens_window", settings.unsupported_opens, "true", "false"),
        choose("conversations_open_at_2025_07_01", settings.keep_conversations, "keep", "per_message"),
        choose("us_marketing_pause", settings.us_pause, "on", "off"),
        choose("delivered_against_rule", settings.refuse, "refuse", "trust"),
    ]
}

pub(crate) fn show_time(at: Ms) -> String {
    utc(at).to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn writer(folder: &Path, name: &str, header: &str) -> Writer<File> {
    let mut writer = Writer::from_path(folder.join(name)).expect("a file to write");
    writer.write_record(header.split(',')).expect("a written header");
    writer
}

fn message_row(m: &Message) -> Vec<String> {
    let time = |at: Option<Ms>| at.map(show_time).unwrap_or_default();
    let is_template = m.kind == "template";
    let failed = (!m.error_code.is_empty()).then_some(m.sent + 5000);
    vec![
        m.id.clone(),
        if m.inbound { "inbound" } else { "outbound" }.to_string(),
        m.number.clone(),
        m.waba.clone(),
        m.customer.clone(),
        m.kind.clone(),
        if is_template { format!("t-{}", m.category) } else { String::new() },
        m.category.clone(),
        time(m.inbound.then_some(m.at)),
        time((!m.inbound).then_some(m.sent)),
        time(m.delivered),
        time(failed),
        m.error_code.clone(),
        m.referral.clone(),
        m.client.clone(),
        m.origin.clone(),
        m.product.clone(),
        m.tokens.map(|tokens| tokens.to_string()).unwrap_or_default(),
    ]
}

fn account_row(a: &Account) -> Vec<String> {
    let exceptions: Vec<String> = a.auth_intl_exceptions.iter().map(|(code, date)| format!("{code}={date}")).collect();
    vec![
        a.number.clone(),
        a.waba.clone(),
        String::new(),
        a.zone.name().to_string(),
        a.currency.clone(),
        a.portfolio.clone(),
        a.primary_location.clone(),
        a.auth_intl_from.map(|date| date.to_string()).unwrap_or_default(),
        a.partner_served.to_string(),
        a.waived.join(";"),
        exceptions.join(";"),
        a.exempt_until.map(|date| date.to_string()).unwrap_or_default(),
    ]
}
