//! The printed summary: what a finance person reads in ten seconds.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::{BilledCategory, Currency, Money, Outcome};
use crate::summarise::{LineSums, Lines, Summary};

use super::bounds::bounds_text;
use super::observed_text::observed_text;
use super::parts::{Part, parts};
use super::provider::provider_text;
use super::words;

/// Markets shown before the rest is summed up.
const MARKETS_SHOWN: usize = 8;

/// The summary as text, ending in a newline.
pub fn summary_text(title: &str, lines: &Lines, summary: &Summary) -> String {
    let mut text = String::new();
    head(&mut text, title, summary);
    let parts = parts(lines);
    for total in &summary.totals {
        let Some(currency) = Currency::parse(&total.currency) else { continue };
        let own: Vec<Part<'_>> = parts.iter().filter(|part| part.currency == currency).copied().collect();
        charged_and_free(&mut text, currency, &own);
        let bounds = summary.bounds.iter().flatten().find(|bounds| bounds.currency == currency);
        text.push_str(&bounds.map_or_else(String::new, bounds_text));
        by_category(&mut text, currency, &own);
        by_market(&mut text, currency, &own);
        by_month(&mut text, currency, &own);
    }
    if summary.totals.is_empty() {
        text.push_str("\nNo outbound message in the billed period: nothing was charged.\n");
    }
    if let Some(observed) = &summary.observed {
        text.push_str(&observed_text(observed));
    }
    remarks(&mut text, summary);
    text.extend(summary.provider.as_ref().map(provider_text));
    text
}

fn head(text: &mut String, title: &str, summary: &Summary) {
    let none = || "–".to_owned();
    let period = summary.billed_from.clone().zip(summary.billed_to.clone());
    let period = period.map_or_else(none, |(from, to)| format!("{from} to {to} (local days)"));
    let numbers =
        summary.by_phone_number.iter().map(|group| &group.name).collect::<std::collections::BTreeSet<_>>().len();
    let wabas = summary.by_waba.iter().map(|group| &group.name).collect::<std::collections::BTreeSet<_>>().len();
    let rows = &summary.rows;
    line(text, format_args!("WhatsApp bill of {title}"));
    line(text, format_args!("Period    {period}"));
    line(text, format_args!("Accounts  {} with {}", plural(wabas as u64, "account"), plural(numbers as u64, "number")));
    line(
        text,
        format_args!(
            "Messages  {} sent by the business, {} received · {} rows read, {} merged, {} rejected",
            words::count(summary.outbound_messages),
            words::count(summary.inbound_messages),
            words::count(rows.read),
            words::count(rows.merged),
            words::count(rows.rejected),
        ),
    );
    if !summary.settings.not_default.is_empty() {
        let keys: Vec<String> =
            summary.settings.not_default.iter().map(|(key, value)| format!("{key}={value}")).collect();
        line(text, format_args!("Settings  {}", keys.join(", ")));
    }
    if summary.settings.trust != "ours" {
        line(text, format_args!("Trust     Meta's own verdict is billed wherever the log has it"));
    }
    if summary.settings.regime != "auto" {
        let at = summary.settings.rates_at.as_deref().unwrap_or("");
        line(text, format_args!("Regime    {} by hand, rates of {at}", summary.settings.regime));
    }
}

fn plural(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", words::count(count), if count == 1 { "" } else { "s" })
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}

/// Sums of the parts that meet a condition.
fn sums(parts: &[Part<'_>], meets: impl Fn(&Part<'_>) -> bool) -> LineSums {
    let mut sums = LineSums::default();
    parts.iter().filter(|part| meets(part)).for_each(|part| sums.add(&part.sums));
    sums
}

fn charged_and_free(text: &mut String, currency: Currency, parts: &[Part<'_>]) {
    let decimals = currency.minor_decimals();
    let incomplete = |sums: &LineSums| sums.unpriced > 0;
    line(
        text,
        format_args!(
            "\n{:<42}{:>10}{:>15}{:>15}{:>15}",
            format!("In {currency}"),
            "messages",
            "conversations",
            "at list price",
            "billed"
        ),
    );
    let mut row = |name: &str, sums: &LineSums| {
        let [messages, conversations] = [words::count(sums.messages), words::count(sums.conversations)];
        line(
            text,
            format_args!(
                "{name:<42}{messages:>10}{conversations:>15}{:>15}{:>15}",
                at_least(sums.list, incomplete(sums) || sums.list_unknown > 0, decimals),
                at_least(sums.billed, incomplete(sums), decimals)
            ),
        );
    };
    row("Charged", &sums(parts, |part| part.outcome == Outcome::Charged));
    row("Free", &sums(parts, |part| matches!(part.outcome, Outcome::Free(_))));
    for (name, sums) in by_reason(parts, |outcome| matches!(outcome, Outcome::Free(_))) {
        row(&format!("  {}", words::reason(name)), &sums);
    }
    let covered = sums(parts, |part| matches!(part.outcome, Outcome::Covered(_)));
    if covered.messages > 0 {
        row("Covered by an open conversation", &covered);
    }
    row("Not billed", &sums(parts, |part| matches!(part.outcome, Outcome::NotBilled(_))));
    for (name, sums) in by_reason(parts, |outcome| matches!(outcome, Outcome::NotBilled(_))) {
        row(&format!("  {}", words::reason(name)), &sums);
    }
    row("Total", &sums(parts, |_| true));
}

/// What a group was billed.
fn billed(sums: &LineSums, currency: Currency) -> String {
    at_least(sums.billed, sums.unpriced > 0, currency.minor_decimals())
}

/// An amount, marked where a rate is missing and it is only a part.
fn at_least(amount: Money, incomplete: bool, decimals: u32) -> String {
    format!("{}{}", amount.grouped(decimals), if incomplete { " + ?" } else { "" })
}

fn by_reason(parts: &[Part<'_>], meets: impl Fn(Outcome) -> bool) -> BTreeMap<&'static str, LineSums> {
    let mut reasons: BTreeMap<&str, LineSums> = BTreeMap::new();
    for part in parts.iter().filter(|part| meets(part.outcome)) {
        reasons.entry(part.outcome.reason()).or_default().add(&part.sums);
    }
    reasons
}

fn by_category(text: &mut String, currency: Currency, parts: &[Part<'_>]) {
    line(
        text,
        format_args!(
            "\n{:<32}{:>10}{:>10}{:>10}{:>12}{:>15}",
            "By category", "charged", "free", "covered", "not billed", "billed"
        ),
    );
    let mut categories: Vec<&str> = parts.iter().map(|part| part.category.name()).collect();
    categories.sort_unstable();
    categories.dedup();
    for name in categories {
        let own: Vec<Part<'_>> = parts.iter().filter(|part| part.category.name() == name).copied().collect();
        let count = |meets: fn(Outcome) -> bool| words::count(sums(&own, |part| meets(part.outcome)).messages);
        line(
            text,
            format_args!(
                "{:<32}{:>10}{:>10}{:>10}{:>12}{:>15}",
                words::category(name),
                count(|outcome| outcome == Outcome::Charged),
                count(|outcome| matches!(outcome, Outcome::Free(_))),
                count(|outcome| matches!(outcome, Outcome::Covered(_))),
                count(|outcome| matches!(outcome, Outcome::NotBilled(_))),
                billed(&sums(&own, |_| true), currency),
            ),
        );
    }
}

fn by_market(text: &mut String, currency: Currency, parts: &[Part<'_>]) {
    let mut markets: BTreeMap<&str, LineSums> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.outcome == Outcome::Charged) {
        markets.entry(part.market).or_default().add(&part.sums);
    }
    if markets.is_empty() {
        return;
    }
    let mut markets: Vec<(&str, LineSums)> = markets.into_iter().collect();
    markets.sort_by_key(|(name, sums)| (std::cmp::Reverse(sums.billed), *name));
    line(text, format_args!("\n{:<32}{:>10}{:>47}", "By market", "charged", "billed"));
    let mut row = |name: &str, sums: &LineSums| {
        let billed = billed(sums, currency);
        line(text, format_args!("{name:<32}{:>10}{billed:>47}", words::count(sums.messages)));
    };
    let (shown, rest) = markets.split_at(markets.len().min(MARKETS_SHOWN));
    for (name, sums) in shown {
        row(name, sums);
    }
    if !rest.is_empty() {
        let mut others = LineSums::default();
        for (_, sums) in rest {
            others.add(sums);
        }
        row(&format!("{} other markets", rest.len()), &others);
    }
}

/// Month by month, so that a change of rules shows at a glance.
fn by_month(text: &mut String, currency: Currency, parts: &[Part<'_>]) {
    let mut months: Vec<_> = parts.iter().map(|part| part.day.month()).collect();
    months.sort_unstable();
    months.dedup();
    if months.len() < 2 {
        return;
    }
    line(
        text,
        format_args!(
            "\n{:<32}{:>10}{:>10}{:>22}{:>15}",
            "By month", "charged", "free", "of it service billed", "billed"
        ),
    );
    for month in months {
        let own: Vec<Part<'_>> = parts.iter().filter(|part| part.day.month() == month).copied().collect();
        line(
            text,
            format_args!(
                "{:<32}{:>10}{:>10}{:>22}{:>15}",
                month.to_string(),
                words::count(sums(&own, |part| part.outcome == Outcome::Charged).messages),
                words::count(sums(&own, |part| matches!(part.outcome, Outcome::Free(_))).messages),
                billed(&sums(&own, |part| part.category.by_recipient() == BilledCategory::Service), currency),
                billed(&sums(&own, |_| true), currency),
            ),
        );
    }
}

fn remarks(text: &mut String, summary: &Summary) {
    let undelivered =
        summary.by_reason.iter().filter(|group| group.name == "not_delivered").map(|group| group.messages);
    if summary.outbound_messages > 0 && undelivered.sum::<u64>() == summary.outbound_messages {
        line(
            text,
            format_args!(
                "\nNO MESSAGE WAS DELIVERED by this log, so nothing was charged. If the log cannot tell, leave its columns"
            ),
        );
        line(
            text,
            format_args!(
                "delivered_at, read_at, played_at and status out: then what was sent counts as delivered, flagged."
            ),
        );
    }
    if !summary.unpriced.is_empty() {
        let charges = words::count(summary.unpriced_messages());
        line(text, format_args!("\nUNPRICED: {charges} charged messages have no known rate and are NOT in the total"));
        for row in &summary.unpriced {
            let days = if row.from == row.to { row.from.clone() } else { format!("{} to {}", row.from, row.to) };
            let place = format!("{} · {} · {}", row.currency, row.market, words::category(row.category));
            line(text, format_args!("  {:>8}  {place}, {days}: {}", words::count(row.messages), row.why));
        }
    }
    if !summary.rejected.is_empty() {
        line(text, format_args!("\nRejected rows (see rejected.csv)"));
        summary
            .rejected
            .iter()
            .for_each(|row| line(text, format_args!("  {:>8}  {}", words::count(row.rows), row.code)));
    }
    if !summary.flags.is_empty() {
        line(text, format_args!("\nFlags (messages)"));
        summary.flags.iter().for_each(|flag| {
            line(text, format_args!("  {:>8}  {}: {}", words::count(flag.messages), flag.flag, flag.meaning));
        });
    }
    if summary.free_without_list_rate > 0 {
        let messages = words::count(summary.free_without_list_rate);
        line(
            text,
            format_args!("\n{messages} free messages have no known list rate; \"at list price\" leaves them out"),
        );
    }
}
