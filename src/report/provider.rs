//! A provider's own bill: `provider_lines.csv` and its block in the printed summary, apart from Meta's charges.

use std::fmt::Write;

use crate::model::{Currency, Money};
use crate::summarise::{ProviderLine, ProviderSummary, ProviderUnknown};

use super::csv_row::CsvRow;
use super::words;

/// Header of `provider_lines.csv`.
pub const PROVIDER_LINES_HEADER: &str =
    "provider,waba_id,phone_number_id,month,item,category,quantity,unit_price,amount,currency,remark\n";

/// Appends a row of `provider_lines.csv`.
pub fn write_provider_line(buffer: &mut Vec<u8>, provider: &str, line: &ProviderLine) {
    CsvRow::new(buffer)
        .text(provider)
        .text(&line.waba_id)
        .text(&line.phone_number_id)
        .plain(line.month)
        .plain(line.item.name())
        .plain(line.category)
        .plain(line.quantity)
        .money(line.unit_price)
        .money(line.amount)
        .optional(line.currency)
        .text(line.remark)
        .end();
}

/// The provider's block of the printed summary.
pub(super) fn provider_text(provider: &ProviderSummary) -> String {
    let mut text = format!("\nProvider: {} charges on top of Meta, by its own meter\n", provider.facts.name);
    let mut line = |content: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{content}");
    };
    for group in &provider.by_item {
        let amount = shown(&group.amount, &group.currency);
        line(format_args!(
            "{:<42}{:>10}{:>41} {}",
            item(&group.name),
            words::count(group.quantity),
            amount,
            group.currency
        ));
    }
    for unknown in &provider.unknown {
        let quantity = words::count(unknown.quantity);
        line(format_args!("{:<42}{quantity:>10}{:>45}", unknown_item(unknown), "unknown"));
        line(format_args!("  {}", unknown.why));
    }
    let incomplete = if provider.unknown.is_empty() { "" } else { " + ?" };
    for total in &provider.totals {
        let amount = format!("{}{incomplete}", shown(&total.amount, &total.currency));
        line(format_args!("{:<52}{amount:>41} {}", "Provider, total", total.currency));
    }
    if let Some(both) = &provider.with_meta {
        let incomplete = if both.complete { "" } else { " + ?" };
        let amount = format!("{}{incomplete}", shown(&both.together, &both.currency));
        line(format_args!("{:<52}{amount:>41} {}", "Meta + provider", both.currency));
    } else if !provider.totals.is_empty() {
        line(format_args!("Meta and provider do not charge in one currency: no sum of both"));
    }
    for note in &provider.facts.notes {
        line(format_args!("  Note: {note}"));
    }
    text
}

/// An amount for people, in the form of the other blocks.
fn shown(amount: &str, currency: &str) -> String {
    let money = Money::parse(amount).unwrap_or_default();
    let cents = Currency::parse(currency).map_or(2, |currency| currency.minor_decimals());
    money.grouped(cents)
}

fn unknown_item(unknown: &ProviderUnknown) -> String {
    if unknown.category.is_empty() {
        return item(unknown.item).to_owned();
    }
    format!("{}: {}", item(unknown.item), words::category(unknown.category))
}

fn item(name: &str) -> &str {
    match name {
        "message_out" => "Messages of the business",
        "message_in" => "Messages of customers",
        "failed_message" => "Failed messages",
        "conversation" => "Conversations that Meta charges",
        "active_user_included" => "Active users, included",
        "active_user" => "Active users",
        "monthly" => "Numbers by month",
        "markup" => "Mark-up on what Meta bills",
        "rounding" => "Meta's prices rounded up",
        "unsupported_category" => "NOT SUPPORTED",
        "undocumented" => "Not documented",
        other => other,
    }
}
