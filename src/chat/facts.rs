//! What a log says as a whole.

use crate::model::{Direction, Instant, Referral, Times};

use super::event::Event;

/// What the log as a whole says.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a yes or no about the log")]
pub struct LogFacts {
    /// Rows taken in.
    pub rows: u64,
    /// Some row is inbound.
    pub has_inbound: bool,
    /// Some table has a column that tells of delivery.
    pub knows_delivery: bool,
    /// Some input can tell what a customer's message came from.
    pub knows_referral: bool,
    /// Some customer came from a click, or Meta counts some message to a free entry point.
    pub has_entry_points: bool,
    /// The earliest and the latest time of any row.
    pub period: Option<(Instant, Instant)>,
}

impl LogFacts {
    /// Takes in a row.
    pub(super) fn note(&mut self, event: &Event, times: &Times) {
        self.rows += 1;
        self.has_inbound |= event.direction == Direction::Inbound;
        self.has_entry_points |= event.referral.is_some_and(|referral| referral != Referral::Organic);
        self.has_entry_points |= event.observed.in_free_entry_point();
        for at in times.all().into_iter().flatten() {
            self.extend((at, at));
        }
    }

    /// Takes in what other rows say.
    pub(super) fn merge(&mut self, other: &LogFacts) {
        self.rows += other.rows;
        self.has_inbound |= other.has_inbound;
        self.knows_delivery |= other.knows_delivery;
        self.knows_referral |= other.knows_referral;
        self.has_entry_points |= other.has_entry_points;
        if let Some(period) = other.period {
            self.extend(period);
        }
    }

    fn extend(&mut self, (first, last): (Instant, Instant)) {
        let (from, to) = self.period.unwrap_or((first, last));
        self.period = Some((from.min(first), to.max(last)));
    }
}
