//! What a log says as a whole.

use crate::model::{Direction, Instant, Observation, Referral};

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
    pub(super) fn note(&mut self, seen: &Observation<'_>) {
        self.rows += 1;
        self.has_inbound |= seen.direction == Direction::Inbound;
        self.has_entry_points |= seen.referral.is_some_and(|referral| referral != Referral::Organic);
        self.has_entry_points |= seen.observed.in_free_entry_point();
        seen.times.all().into_iter().flatten().for_each(|at| self.extend((at, at)));
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
