//! The customer service windows of one chat: 24 h from each opening message, reset by every further one (R16, R19).

use crate::model::{DAY, Instant, Window};

/// The windows of a chat, from the times that open them.
#[derive(Debug, Default)]
pub(super) struct Windows {
    openings: Vec<Instant>,
    /// By opening: since when the window is open without a break (Q19: touching windows are unbroken).
    unbroken_since: Vec<Instant>,
}

impl Windows {
    pub(super) fn new(mut openings: Vec<Instant>) -> Windows {
        openings.sort_unstable();
        let mut unbroken_since: Vec<Instant> = Vec::with_capacity(openings.len());
        for (i, opening) in openings.iter().enumerate() {
            let goes_on = i > 0 && *opening <= openings[i - 1].plus(DAY);
            unbroken_since.push(if goes_on { unbroken_since[i - 1] } else { *opening });
        }
        Windows { openings, unbroken_since }
    }

    /// The window around a message.
    pub(super) fn around(&self, sent: Instant, delivered: Option<Instant>) -> Window {
        let at_sent = self.last_opening(sent);
        Window {
            open_at_sent: at_sent.is_some(),
            open_at_delivered: delivered.is_some_and(|delivered| self.last_opening(delivered).is_some()),
            unbroken_since: at_sent.map(|last| self.unbroken_since[last]),
            open_until: at_sent.map(|last| self.openings[last].plus(DAY)),
        }
    }

    /// The last opening up to a moment, if its window is still open then.
    fn last_opening(&self, at: Instant) -> Option<usize> {
        let last = self.openings.partition_point(|opening| *opening <= at).checked_sub(1)?;
        at.within(self.openings[last], DAY).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HOUR, Span};

    fn at(hours: u64) -> Instant {
        Instant::from_ms(1_790_000_000_000).unwrap().plus(HOUR.times(hours))
    }

    fn just_before(hours: u64) -> Instant {
        Instant::from_ms(at(hours).as_ms() - 1).unwrap()
    }

    const NONE: Span = HOUR.times(0);

    #[test]
    fn a_window_lasts_24_h_from_the_last_message_r19() {
        let windows = Windows::new(vec![at(10), at(0)]);
        let open = |at: Instant| windows.around(at.plus(NONE), None).open_at_sent;
        assert!(!open(Instant::from_ms(at(0).as_ms() - 1).unwrap()));
        assert!(open(at(0)) && open(at(24)) && open(just_before(34)));
        assert!(!open(at(34)));
    }

    #[test]
    fn windows_that_touch_are_unbroken_q19() {
        let windows = Windows::new(vec![at(0), at(24), at(49)]);
        assert_eq!(windows.around(at(30), None).unbroken_since, Some(at(0)));
        assert_eq!(windows.around(at(48), None).unbroken_since, None);
        assert_eq!(windows.around(at(50), None).unbroken_since, Some(at(49)));
    }

    #[test]
    fn sending_and_delivery_are_told_apart_r22() {
        let windows = Windows::new(vec![at(0)]);
        let window = windows.around(at(23), Some(at(25)));
        assert!(window.open_at_sent && !window.open_at_delivered);
        assert!(!windows.around(at(23), None).open_at_delivered);
    }
}
