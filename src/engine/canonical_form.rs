//! A row as `convert` writes it: the canonical columns in one spelling, nothing lost that a replay looks at.

use crate::model::{CanonicalRow, Column, FilledRow, Instant, Observation};

/// Columns whose names of categories are written as webhooks write them today.
const CATEGORIES: [Column; 2] = [Column::ConversationOrigin, Column::PricingCategory];

/// The texts that differ from the row as it came.
#[derive(Debug)]
pub(super) struct CanonicalForm {
    rewritten: Vec<(Column, String)>,
}

impl CanonicalForm {
    /// The form of a row that was understood: times in UTC, an event as the time it is about.
    pub(super) fn of<'a>(row: &impl CanonicalRow<'a>, seen: &Observation<'a>) -> CanonicalForm {
        let times = &seen.times;
        let at = [
            (Column::CreatedAt, times.created),
            (Column::SentAt, times.sent),
            (Column::DeliveredAt, times.delivered),
            (Column::ReadAt, times.read),
            (Column::PlayedAt, times.played),
            (Column::FailedAt, times.failed),
            (Column::DeletedAt, times.deleted),
            (Column::Event, None),
            (Column::EventAt, None),
            (Column::ConversationExpiresAt, seen.observed.expires),
        ];
        let text = |time: Option<Instant>| time.map_or_else(String::new, |time| time.to_string());
        let mut rewritten: Vec<(Column, String)> = at.into_iter().map(|(column, time)| (column, text(time))).collect();
        for column in CATEGORIES {
            rewritten.push((column, row.get(column).to_lowercase().replace('-', "_")));
        }
        CanonicalForm { rewritten }
    }

    /// The row in this form.
    pub(super) fn fill<'f, 'a: 'f>(&'f self, row: &impl CanonicalRow<'a>) -> FilledRow<'f> {
        let mut filled = FilledRow::empty();
        for column in Column::ALL {
            filled.set(column, row.get(column));
        }
        for (column, text) in &self.rewritten {
            filled.set(*column, text);
        }
        filled
    }
}
