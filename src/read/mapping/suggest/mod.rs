//! Proposes a mapping for a log that is not known, from the names of its columns and what stands in them.

mod choose;
mod direction;
mod sample;
mod signs;
mod words;
mod write;

use std::io::{Cursor, Read};

use crate::model::{Column, Direction};
use crate::read::source::Opened;
use crate::read::{ReadError, ReadOptions};

use super::Lack;
use choose::choose;
use direction::subsets;
use write::Proposed;

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The mapping file.
    pub toml: String,
    /// Columns that a row needs and no source was found for.
    pub missing: Vec<&'static str>,
    /// What such a log does not tell.
    pub lacks: Vec<Lack>,
    /// Its times name no zone.
    pub naive_times: bool,
}

/// Looks at the first records of a log and proposes a mapping.
pub fn suggest(opened: &mut Opened<'_>, name: &str, options: &ReadOptions) -> Result<Suggestion, ReadError> {
    let not_a_log = |message: &str| ReadError::NotALog { name: name.to_owned(), message: message.to_owned() };
    let mut start = Vec::new();
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    opened.take(1 << 12).read_to_end(&mut start).map_err(io)?;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    let is_json = matches!(text.first(), Some(b'{' | b'['));
    let whole = Cursor::new(start).chain(opened);
    let groups =
        if is_json { sample::of_json(whole, name, options)? } else { vec![sample::of_table(whole, name, options)?] };
    let subsets = groups.iter().flat_map(subsets);
    let mut proposed: Vec<Proposed<'_>> =
        subsets.map(|subset| (choose(&subset), subset)).map(|(a, b)| (b, a)).collect();
    // Documents without anything of a message are no kind of record.
    let is_record = |(_, choices): &Proposed<'_>| write::missing(choices).len() < 3;
    if proposed.iter().any(is_record) {
        proposed.retain(is_record);
    }
    if proposed.is_empty() {
        return Err(not_a_log("holds no records to propose a mapping from"));
    }
    // A number that only one direction names would tear their windows apart.
    let numbered = |(_, choices): &Proposed<'_>| choices.iter().any(|one| one.column == Column::PhoneNumberId);
    if !proposed.iter().all(numbered) {
        for (_, choices) in &mut proposed {
            choices.retain(|one| one.column != Column::PhoneNumberId);
        }
    }
    let toml = write::file(name, &proposed).map_err(|_| not_a_log("cannot be described"))?;
    let mut missing: Vec<&'static str> = proposed.iter().flat_map(|(_, choices)| write::missing(choices)).collect();
    missing.sort_unstable();
    missing.dedup();
    let naive_times = proposed.iter().flat_map(|(_, choices)| choices).any(|one| one.naive);
    Ok(Suggestion { toml, missing, lacks: lacks(&proposed), naive_times })
}

fn lacks(proposed: &[Proposed<'_>]) -> Vec<Lack> {
    let has =
        |columns: &[Column]| proposed.iter().flat_map(|(_, choices)| choices).any(|one| columns.contains(&one.column));
    let inbound = proposed.iter().any(|(subset, _)| subset.direction == Direction::Inbound);
    let is_wamid = |(subset, choices): &Proposed<'_>| {
        let source = choices.iter().find(|one| one.column == Column::MessageId).map(|one| one.source);
        source.is_some_and(|source| subset.values(source).iter().any(|text| text.starts_with("wamid.")))
    };
    let events = proposed.iter().any(|(subset, choices)| choose::meanings(subset, choices).1);
    let arrived = has(&[Column::DeliveredAt, Column::ReadAt]) || events;
    let lacks = [
        (Lack::Delivery, !arrived && !has(&[Column::Status])),
        (Lack::DeliveryTime, !arrived && has(&[Column::Status])),
        (Lack::Inbound, !inbound),
        (Lack::Referral, !has(&Column::REFERRAL)),
        (Lack::Template, !has(&[Column::TemplateName, Column::TemplateId])),
        (Lack::TemplateCategory, !has(&[Column::TemplateCategory, Column::PricingCategory])),
        (Lack::PhoneNumberId, !has(&[Column::PhoneNumberId])),
        (Lack::Pricing, !has(&[Column::PricingType, Column::PricingCategory])),
        (Lack::Wamid, !proposed.iter().any(is_wamid)),
    ];
    lacks.into_iter().filter(|(_, lacking)| *lacking).map(|(lack, _)| lack).collect()
}
