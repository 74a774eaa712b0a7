//! Which records of a log are inbound and which outbound, and by what a mapping can tell.

use crate::model::{Column, Direction};

use super::sample::{Group, Sampled};
use super::signs::{direction, event_direction, share};
use super::words::{columns_of, likeness};

/// Records of one direction.
#[derive(Debug)]
pub(super) struct Subset<'g> {
    pub(super) group: &'g Group,
    pub(super) direction: Direction,
    /// What tells it: a source and its values.
    pub(super) when: Vec<(String, Vec<String>)>,
    pub(super) records: Vec<&'g Sampled>,
    /// In percent.
    pub(super) sure: u32,
}

impl<'g> Subset<'g> {
    fn of(group: &'g Group, to: Direction, sure: u32, holds: impl Fn(&Sampled) -> bool) -> Subset<'g> {
        let records = group.records.iter().filter(|record| holds(record)).collect();
        Subset { group, direction: to, when: Vec::new(), records, sure }
    }

    /// Texts of a source, without empty ones.
    pub(super) fn values(&self, source: &str) -> Vec<&'g str> {
        self.records.iter().filter_map(|record| record.get(source).map(String::as_str)).collect()
    }
}

const BOTH: [Direction; 2] = [Direction::Inbound, Direction::Outbound];

/// Splits the records of a group by direction: by a column that names it, by the kind of event, by the path, or by what is there.
pub(super) fn subsets(group: &Group) -> Vec<Subset<'_>> {
    let found =
        by_value(group, &["direction", "flow", "key.from_me", "from_me", "type", "message_type"], 70, 95, direction)
            .or_else(|| {
                by_value(group, &["event_type", "type", "event", "kind"], 50, 80, |_, text| event_direction(text))
            })
            .or_else(|| event_direction(&group.path).map(|to| vec![Subset::of(group, to, 80, |_| true)]))
            .unwrap_or_else(|| by_presence(group));
    found.into_iter().filter(|subset| !subset.records.is_empty()).collect()
}

fn values<'g>(group: &'g Group, source: &str) -> Vec<&'g str> {
    group.records.iter().filter_map(|record| record.get(source).map(String::as_str)).collect()
}

fn by_value<'g>(
    group: &'g Group,
    names: &[&str],
    least: u32,
    sure: u32,
    told: impl Fn(&str, &str) -> Option<Direction>,
) -> Option<Vec<Subset<'g>>> {
    let known = |source: &&String| {
        let values = values(group, source);
        !values.is_empty() && share(&values, |text| told(source, text).is_some()) >= least
    };
    // The best name, of two alike the one nearer to the record itself.
    let alike = |source: &&String| likeness(source, names);
    let rank = |source: &&String| (alike(source), std::cmp::Reverse(source.split('.').count()));
    let source = group.sources.iter().filter(|source| alike(source) >= 85).filter(known).rev().max_by_key(rank)?;
    let of = |to: Direction| {
        let holds = |record: &Sampled| record.get(source).is_some_and(|text| told(source, text) == Some(to));
        let mut subset = Subset::of(group, to, sure, holds);
        let mut seen: Vec<String> = subset.values(source).into_iter().map(str::to_owned).collect();
        seen.sort_unstable();
        seen.dedup();
        subset.when.push((source.clone(), seen));
        subset
    };
    Some(BOTH.map(of).into_iter().collect())
}

/// What only inbound records have, or only outbound ones; else what the names of the sources speak for.
fn by_presence(group: &Group) -> Vec<Subset<'_>> {
    let some = |names: &[&str]| {
        let partly = |source: &&String| {
            let count = values(group, source).len();
            // One record without it is an oddity, and not the other direction.
            let least = (group.records.len() / 5).max(2);
            likeness(source, names) >= 94 && count >= least && count + least <= group.records.len()
        };
        group.sources.iter().find(partly)
    };
    let split = |source: &String, with: Direction, without: Direction| {
        let mut there = Subset::of(group, with, 60, |record| record.contains_key(source));
        there.when.push((source.clone(), vec!["*".to_owned()]));
        let mut rest = Subset::of(group, without, 60, |record| !record.contains_key(source));
        rest.when.push((source.clone(), vec![String::new()]));
        vec![there, rest]
    };
    if let Some(source) = some(&["received_at", "message_type"]) {
        return split(source, Direction::Inbound, Direction::Outbound);
    }
    if let Some(source) = some(&["status", "state"]) {
        return split(source, Direction::Outbound, Direction::Inbound);
    }
    let sent = [Column::Status, Column::DeliveredAt, Column::TemplateName, Column::PricingType];
    let speaks = |source: &String| {
        columns_of(Direction::Outbound).any(|one| sent.contains(&one.column) && likeness(source, one.names) >= 92)
    };
    let to = if group.sources.iter().any(speaks) { Direction::Outbound } else { Direction::Inbound };
    vec![Subset::of(group, to, 50, |_| true)]
}
