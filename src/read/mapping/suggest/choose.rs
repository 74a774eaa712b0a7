//! Which source fills which column, and how sure that is.

use crate::model::{Column, Direction};

use super::direction::Subset;
use super::signs::{clock, fits, is_naive, share, status};
use super::words::{Names, columns_of, likeness};

/// Below this it is not worth a proposal.
const LEAST: u32 = 55;
/// What values alone are worth where no name helps.
const BY_VALUES: u32 = 50;

/// A source for a column.
#[derive(Clone, Debug)]
pub(super) struct Choice<'g> {
    pub(super) column: Column,
    pub(super) source: &'g str,
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
    Some(choice(subset, names.column, source, sure))
}

fn choice<'g>(subset: &Subset<'g>, column: Column, source: &'g str, sure: u32) -> Choice<'g> {
    let values = subset.values(source);
    let pattern = if Column::TIMES.contains(&column) { clock(&values).flatten() } else { None };
    let naive = Column::TIMES.contains(&column) && is_naive(&values, pattern);
    Choice { column, source, sure, pattern, naive }
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
        _ => 70,
    };
    // An id that only some records have is none.
    let everywhere = names.column != Column::MessageId || values.len() * 2 > subset.records.len();
    if fit < least || !everywhere { 0 } else { (2 * name + fit) / 3 }
}

/// What a log cannot do without is looked for by its values, too.
fn by_values<'g>(subset: &Subset<'g>, column: Column) -> Option<&'g str> {
    let is_it = |source: &&String| {
        let values = subset.values(source);
        let full = !values.is_empty() && values.len() * 10 >= subset.records.len() * 9;
        full && match column {
            Column::MessageId => share(&values, |text| text.starts_with("wamid.")) >= 50,
            Column::CustomerId | Column::CreatedAt | Column::SentAt => fits(column, &values) >= 90,
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
        Some(source.as_str()) != customer && likeness(source, names) >= 94 && fits(Column::CustomerId, &values) >= 90
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
