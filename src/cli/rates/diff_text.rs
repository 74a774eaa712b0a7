//! A comparison of cards in words and as a table.

use std::collections::BTreeMap;
use std::fmt::Write;

use wabill::model::Currency;
use wabill::tariff::{CardDiff, CardSide, Change, Entry, Markets, Movement, TierChange, TierMovement};

use super::diff::Named;

/// For people: what is compared, the rates that changed, the tiers that changed, and the sum.
pub(super) fn text(old: &Named, new: &Named, diff: &CardDiff, markets: &Markets) -> String {
    let mut text = format!("from {}\nto   {}\n", said_of(old), said_of(new));
    if old.card.family != new.card.family {
        text.push_str("The two are of different billing models; their rates are not for the same unit.\n");
    }
    for (side, only) in [(old, &diff.only_old), (new, &diff.only_new)] {
        if !only.is_empty() {
            let codes = only.iter().map(Currency::to_string).collect::<Vec<_>>().join(", ");
            // Writing to a string cannot fail.
            let _ = writeln!(text, "Only in {}, so not compared: {codes}", side.name);
        }
    }
    for currency in &diff.currencies {
        let of_currency = |change: &&Change| change.cell.0 == *currency && is_told(change);
        let rates: Vec<&Change> = diff.rates.iter().flatten().filter(of_currency).collect();
        push_table(&mut text, &format!("{currency} list rates"), rates.iter().map(|rate| row(rate, markets)).collect());
        let tables = diff.tiers.iter().flatten().filter(|table| table.cell.0 == *currency);
        let rows = tables.flat_map(|table| tier_rows(table, markets)).collect();
        push_table(&mut text, &format!("{currency} volume tiers"), rows);
    }
    text.push('\n');
    match &diff.rates {
        Some(rates) => text.push_str(&sum_of_rates(rates)),
        None => text.push_str(&one_sided("list rates", old, new, |card| card.rates.is_empty())),
    }
    match &diff.tiers {
        Some(tiers) => text.push_str(&sum_of_tiers(tiers)),
        None if old.card.tiers.is_empty() && new.card.tiers.is_empty() => {}
        None => text.push_str(&one_sided("volume tiers", old, new, |card| card.tiers.is_empty())),
    }
    text
}

fn said_of(side: &Named) -> String {
    format!("{} ({} card, {})", side.name, side.card.family.name(), side.card.day)
}

/// A figure unknown on both sides tells nothing.
fn is_told(change: &Change) -> bool {
    change.movement() != Movement::Same && (change.old, change.new) != (Entry::Unknown, Entry::Unknown)
}

fn one_sided(what: &str, old: &Named, new: &Named, has_none: impl Fn(&CardSide) -> bool) -> String {
    let without = if has_none(&old.card) { old } else { new };
    format!("{what} were not compared: {} has none\n", without.name)
}

/// Market, category, messages, old, arrow, new, difference, percent or what else became of it.
type Row = [String; 8];

/// Columns as wide as their longest cell; text to the left, figures to the right.
fn push_table(text: &mut String, title: &str, rows: Vec<Row>) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    let widths: [usize; 8] =
        std::array::from_fn(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0));
    for row in rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(widths).enumerate().filter(|(_, (_, width))| *width > 0) {
            let _ = if at < 3 { write!(line, "  {cell:<width$}") } else { write!(line, "  {cell:>width$}") };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn row(change: &Change, markets: &Markets) -> Row {
    let (_, market, category) = change.cell;
    let percent = change.percent().map(|percent| format!("{percent} %"));
    let word = match change.movement() {
        Movement::Unknown => "not known",
        movement => movement.name(),
    };
    [
        markets.name(market).to_owned(),
        category.name().to_owned(),
        change.band.map_or_else(String::new, |band| band.to_string()),
        figure(change.old),
        "->".to_owned(),
        figure(change.new),
        change.difference().unwrap_or_default(),
        percent.unwrap_or_else(|| word.to_owned()),
    ]
}

fn figure(entry: Entry) -> String {
    match entry {
        Entry::Absent => "n/a".to_owned(),
        Entry::Unknown => "?".to_owned(),
        Entry::Rate(rate) => rate.to_string(),
    }
}

/// The steps that changed; of a table that only one side has, its first and last rate.
fn tier_rows(table: &TierChange, markets: &Markets) -> Vec<Row> {
    let (Some(first), Some(last)) = (table.steps.first(), table.steps.last()) else { return Vec::new() };
    if table.movement == TierMovement::Changed {
        return table.steps.iter().map(|step| row(step, markets)).collect();
    }
    let range = |first: Entry, last: Entry| {
        if first == last { figure(first) } else { format!("{} to {}", figure(first), figure(last)) }
    };
    let mut whole = row(first, markets);
    whole[2] = format!("{} tiers", table.steps.len());
    whole[3] = range(first.old, last.old);
    whole[5] = range(first.new, last.new);
    vec![whole]
}

/// `12 of 120 rates changed: 9 up, 3 down; 108 same`.
fn sum_of_rates(rates: &[Change]) -> String {
    let mut counts: BTreeMap<Movement, usize> = BTreeMap::new();
    for change in rates {
        *counts.entry(change.movement()).or_default() += 1;
    }
    let count = |movement| counts.get(&movement).copied().unwrap_or(0);
    let (up, down, same) = (count(Movement::Up), count(Movement::Down), count(Movement::Same));
    let mut text = format!("{} of {} rates changed: {up} up, {down} down; {same} same", up + down, up + down + same);
    for (count, word) in [
        (count(Movement::New), "new"),
        (count(Movement::Gone), "gone"),
        (count(Movement::Unknown), "not known on one side or both"),
    ] {
        if count > 0 {
            let _ = write!(text, "; {count} {word}");
        }
    }
    text + "\n"
}

/// As for rates, by table.
fn sum_of_tiers(tiers: &[TierChange]) -> String {
    let count = |movement| tiers.iter().filter(|table| table.movement == movement).count();
    let (changed, same) = (count(TierMovement::Changed), count(TierMovement::Same));
    let mut text = format!("{changed} of {} tier tables changed; {same} same", changed + same);
    for (count, word) in [
        (count(TierMovement::New), "new"),
        (count(TierMovement::Gone), "gone"),
        (count(TierMovement::Unknown), "not known on one side or both"),
    ] {
        if count > 0 {
            let _ = write!(text, "; {count} {word}");
        }
    }
    text + "\n"
}

/// For programs: one row a change.
pub(super) fn table(diff: &CardDiff, markets: &Markets) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "currency",
        "market",
        "category",
        "tier_from",
        "tier_to",
        "old_rate",
        "new_rate",
        "change",
        "percent",
        "movement",
    ])?;
    let rates = diff.rates.iter().flatten().filter(|change| is_told(change));
    let steps = diff.tiers.iter().flatten().flat_map(|table| &table.steps);
    for change in rates.chain(steps) {
        let (currency, market, category) = change.cell;
        let rate = |entry: Entry| if let Entry::Rate(rate) = entry { rate.to_string() } else { String::new() };
        writer.write_record([
            currency.code(),
            markets.name(market),
            category.name(),
            &change.band.map_or_else(String::new, |band| band.from.to_string()),
            &change.band.and_then(|band| band.to).map_or_else(String::new, |to| to.to_string()),
            &rate(change.old),
            &rate(change.new),
            &change.difference().unwrap_or_default(),
            &change.percent().unwrap_or_default(),
            change.movement().name(),
        ])?;
    }
    writer.flush()?;
    Ok(String::from_utf8_lossy(writer.get_ref()).into_owned())
}
