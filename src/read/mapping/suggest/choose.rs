//! Which source fills which column, and how sure that is.

use crate::model::{Column, Direction};

use super::direction::Subset;
use super::signs::{USUAL, clock, fits, is_naive, share, status};
use super::words::{Names, columns_of, likeness};

/// Below this it is not worth a proposal.
const LEAST: u32 = 55;
/// What values alone are worth where no name helps.
const BY_VALUES: u32 = 50;

/// What a row needs is taken from wherever it is.
const NEEDED: [Column; 4] = [Column::MessageId, Column::CustomerId, Column::CreatedAt, Column::SentAt];

/// A source for a column.
#[derive(Clone, Debug)]
pub(super) struct Choice<'g> {
    pub(super) column: Column,
    pub(super) source: &'g str,
    /// Sources of records that lack this one.
    pub(super) others: Vec<&'g str>,
    /// In percent.
    pub(super) sure: u32,
    /// How its times are written, if not in a usual form.
    pub(super) pattern: Option<&'static str>,
    /// Its times name no zone.
    pub(super) naive: bool,
}

/// The best source of each column for the records of one direction.
pub(super) fn choose<'g>(subset: &Subset<'g>) -> Vec<Choice<'g>> {
    let mut choices: Vec<Choice<'g>> = columns_of(subset.direction).filter_map(|names| best(subset, names)).collect();
    let customer = choices.iter().find(|one| one.column == Column::CustomerId).map(|one| one.source);
    choices.retain(|one| one.column != Column::PhoneNumberId || Some(one.source) != customer);
    if choices.iter().all(|one| one.column != Column::PhoneNumberId) {
        choices.extend(own_number(subset, customer));
    }
    choices.sort_by_key(|one| one.column);
    choices
}

fn best<'g>(subset: &Subset<'g>, names: &Names) -> Option<Choice<'g>> {
    let mut best: Option<(u32, &'g str)> = None;
    for source in &subset.group.sources {
        let sure = score(subset, names, source);
        if sure > best.map_or(LEAST - 1, |(most, _)| most) {
            best = Some((sure, source));
        }
    }
    let (sure, source) = best.or_else(|| by_values(subset, names.column).map(|source| (BY_VALUES, source)))?;
    let mut choice = choice(subset, names.column, source, sure);
    if NEEDED.contains(&names.column) {
        choice.others = others(subset, names, source);
        choice.naive |= choice.others.iter().any(|other| is_naive(&subset.values(other), None));
    }
    Some(choice)
}

/// Further sources, the likeliest first, as long as each has a value for a record that those before it have none for.
fn others<'g>(subset: &Subset<'g>, names: &Names, best: &'g str) -> Vec<&'g str> {
    let mut scored: Vec<(u32, &'g str)> = Vec::new();
    for source in subset.group.sources.iter().filter(|source| *source != best) {
        scored.push((score(subset, names, source), source));
    }
    scored.retain(|(sure, _)| *sure >= LEAST);
    scored.sort_by_key(|(sure, _)| std::cmp::Reverse(*sure));
    let mut open: Vec<_> = subset.records.iter().filter(|record| !record.contains_key(best)).collect();
    let mut others = Vec::new();
    for (_, source) in scored {
        let before = open.len();
        open.retain(|record| !record.contains_key(source));
        if open.len() < before {
            others.push(source);
        }
    }
    others
}

fn choice<'g>(subset: &Subset<'g>, column: Column, source: &'g str, sure: u32) -> Choice<'g> {
    let values = subset.values(source);
    let pattern =
        if Column::TIMES.contains(&column) { clock(&values).filter(|pattern| *pattern != USUAL) } else { None };
    let naive = Column::TIMES.contains(&column) && is_naive(&values, pattern);
    Choice { column, source, others: Vec::new(), sure, pattern, naive }
}

fn score(subset: &Subset<'_>, names: &Names, source: &str) -> u32 {
    let name = likeness(source, names.names);
    let values = subset.values(source);
    if name == 0 || values.is_empty() {
        return 0;
    }
    let fit = fits(names.column, &values);
    let least = match names.column {
        Column::MessageType | Column::Status => 40,
        // Logs of several channels have several kinds of addresses.
        Column::CustomerId => 50,
        _ => 70,
    };
    // An id that only few records have is none.
    let everywhere = names.column != Column::MessageId || values.len() * 4 > subset.records.len();
    if fit < least || !everywhere { 0 } else { (2 * name + fit) / 3 }
}

/// What a log cannot do without is looked for by its values, too.
fn by_values<'g>(subset: &Subset<'g>, column: Column) -> Option<&'g str> {
    let is_it = |source: &&String| {
        let values = subset.values(source);
        let full = !values.is_empty() && values.len() * 10 >= subset.records.len() * 9;
        full && match column {
            Column::MessageId => share(&values, |text| text.starts_with("wamid.")) >= 50,
            Column::CustomerId => fits(column, &values) >= 90 && clock(&values).is_none(),
            Column::CreatedAt | Column::SentAt => fits(column, &values) >= 90,
            _ => false,
        }
    };
    subset.group.sources.iter().find(is_it).map(String::as_str)
}

/// The business number as the other end of a message.
fn own_number<'g>(subset: &Subset<'g>, customer: Option<&str>) -> Option<Choice<'g>> {
    let names: &[&str] = match subset.direction {
        Direction::Inbound => &["to", "destination", "receiver_phone", "receiver"],
        Direction::Outbound => &["from", "source", "sender_phone", "sender"],
    };
    let is_it = |source: &&String| {
        let values = subset.values(source);
        Some(source.as_str()) != customer && likeness(source, names) >= 94 && fits(Column::CustomerId, &values) >= 50
    };
    let source = subset.group.sources.iter().find(is_it)?;
    Some(choice(subset, Column::PhoneNumberId, source, 70))
}

/// What the values of a status mean, and whether rows are events: the same message comes with one after the other.
pub(super) fn meanings(subset: &Subset<'_>, choices: &[Choice<'_>]) -> (Vec<(String, &'static str)>, bool) {
    let of = |column| choices.iter().find(|one| one.column == column).map(|one| one.source);
    let Some(source) = of(Column::Status) else { return (Vec::new(), false) };
    let mut values = subset.values(source);
    values.sort_unstable();
    values.dedup();
    let known = values.iter().filter_map(|text| status(text).map(|meaning| ((*text).to_owned(), meaning))).collect();
    let mut ids = of(Column::MessageId).map(|source| subset.values(source)).unwrap_or_default();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    (known, ids.len() < all)
}
