//! From a record of a log to a row in the canonical columns.

use chrono_tz::Tz;

use crate::model::{Column, FilledRow};
use crate::read::table_reader::Taken;
use crate::read::{Refused, Sink, Tells, UnknownKind};

use super::condition::all_fit;
use super::field::{Field, Origin, Rule};
use super::{Kind, Mapping, Record};

impl Mapping {
    /// Gives a record to the sink as the first of these kinds that it is. One of no kind is counted, not rejected: providers send more
    /// than messages.
    pub(super) fn take<'k>(
        &self,
        kinds: impl Iterator<Item = &'k Kind>,
        record: &impl Record,
        input_zone: Option<Tz>,
        told_by: impl Fn(&'k Kind) -> &'k [Tells],
        sink: &mut impl Sink,
    ) -> Result<Taken, Refused> {
        let mut kinds = kinds.peekable();
        let path = kinds.peek().map_or("", |kind| kind.path.0.as_str());
        let left_out = |what: &str| match path {
            "" => format!("{}: {what}", self.name),
            path => format!("{}: {path}: {what}", self.name),
        };
        let Some(kind) = kinds.find(|kind| all_fit(&kind.when, record)) else {
            sink.unknown(UnknownKind::Field, &left_out("a record of no kind that is mapped"));
            return Ok(Taken::LeftOut);
        };
        if let Some(why) = &kind.skip {
            sink.unknown(UnknownKind::Field, &left_out(&format!("left out: {why}")));
            return Ok(Taken::LeftOut);
        }
        for told in told_by(kind) {
            sink.tells(*told);
        }
        kind.emit(record, self.zone.or(input_zone), sink).map(|()| Taken::Row)
    }
}

/// What columns can tell, given which sources there are.
pub(super) fn tells(fields: &[Field], has: impl Fn(usize) -> bool) -> Vec<Tells> {
    let fills = |tells: fn(Column, &Rule) -> bool| {
        fields.iter().any(|field| field.rules.iter().any(|rule| rule.may_fill(&has) && tells(field.column, rule)))
    };
    let mut told = Vec::new();
    if fills(tells_delivery) {
        told.push(Tells::Delivery);
    }
    if fills(|column, _| Column::REFERRAL.contains(&column)) {
        told.push(Tells::Referral);
    }
    told
}

/// A constant `sent` says nothing about delivery, and a column with a status does.
fn tells_delivery(column: Column, rule: &Rule) -> bool {
    let arrived = |text: &str| ["delivered", "read", "played"].iter().any(|status| status.eq_ignore_ascii_case(text));
    match column {
        Column::DeliveredAt | Column::ReadAt | Column::PlayedAt => true,
        Column::Status | Column::Event => match &rule.origin {
            Origin::Value(value) => arrived(value),
            Origin::Sources(_) => {
                rule.values.iter().all(|(value, _)| value != "*")
                    || rule.values.iter().any(|(_, meaning)| arrived(meaning))
            }
        },
        _ => false,
    }
}

impl Rule {
    fn may_fill(&self, has: &impl Fn(usize) -> bool) -> bool {
        match &self.origin {
            Origin::Value(_) => true,
            Origin::Sources(sources) => sources.iter().any(|source| has(*source)),
        }
    }
}

impl Kind {
    fn emit(&self, record: &impl Record, zone: Option<Tz>, sink: &mut impl Sink) -> Result<(), Refused> {
        let text = |field: &'_ Field| -> Result<(Column, String), Refused> {
            field.text(record, zone).map(|text| (field.column, text.into_owned()))
        };
        let texts = self.fields.iter().map(text).collect::<Result<Vec<_>, Refused>>()?;
        let mut row = FilledRow::empty();
        for (column, text) in &texts {
            row.set(*column, text.as_str());
        }
        sink.row(&row)
    }
}
