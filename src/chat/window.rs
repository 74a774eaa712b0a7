//! The customer service windows of one chat: 24 h from each opening message, reset by every further one (R16, R19).

use crate::model::{DAY, Instant, Window};

/// The windows of a chat, from the times that open them.
#[derive(Debug, Default)]
pub(super) struct Windows {
    openings: Vec<Opening>,
    /// How many openings there are up to the moment that was asked for last.
    near: usize,
}

#[derive(Clone, Copy, Debug)]
struct Opening {
    at: Instant,
    /// Since when the window is open without a break (Q19: touching windows are unbroken).
    unbroken_since: Instant,
}

impl Windows {
    /// Becomes the windows of another chat.
    pub(super) fn refill(&mut self, openings: impl Iterator<Item = Instant>) {
        self.near = 0;
        self.openings.clear();
        self.openings.extend(openings.map(|at| Opening { at, unbroken_since: at }));
        self.openings.sort_unstable_by_key(|opening| opening.at);
        for later in 1..self.openings.len() {
            let earlier = self.openings[later - 1];
            let opening = &mut self.openings[later];
            if opening.at <= earlier.at.plus(DAY) {
                opening.unbroken_since = earlier.unbroken_since;
            }
        }
    }

    /// The window around a message.
    pub(super) fn around(&mut self, sent: Instant, delivered: Option<Instant>) -> Window {
        let at_sent = self.last_opening(sent);
        let at_delivered = delivered.and_then(|delivered| self.last_opening(delivered));
        Window {
            open_at_sent: at_sent.is_some(),
            open_at_delivered: at_delivered.is_some(),
            unbroken_since: at_sent.map(|last| last.unbroken_since),
            open_until: at_sent.map(|last| last.at.plus(DAY)),
        }
    }

    /// The last opening up to a moment, if its window is still open then.
    fn last_opening(&mut self, at: Instant) -> Option<Opening> {
        self.near = self.up_to(at);
        let last = self.openings[self.near.checked_sub(1)?];
        at.within(last.at, DAY).then_some(last)
    }

    /// How many openings there are up to a moment. Messages mostly come in the order of time, so the answer is the last one, or near it.
    fn up_to(&self, at: Instant) -> usize {
        let (before, after) = self.openings.split_at(self.near);
        let has_begun = before.last().is_none_or(|last| last.at <= at);
        let is_last = after.first().is_none_or(|next| next.at > at);
        if has_begun && is_last { self.near } else { self.search(at) }
    }

    /// Looks for it in strides that double, for a large chat has millions of openings.
    fn search(&self, at: Instant) -> usize {
        let is_over = |place: usize| self.openings[place].at <= at;
        let (mut from, mut to, mut stride) = (self.near, self.near, 1);
        while to < self.openings.len() && is_over(to) {
            from = to + 1;
            to = (to + stride).min(self.openings.len());
            stride *= 2;
        }
        while from > 0 && !is_over(from - 1) {
            to = from - 1;
            from = from.saturating_sub(stride);
            stride *= 2;
        }
        from + self.openings[from..to].partition_point(|opening| opening.at <= at)
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

    fn windows_of(openings: impl IntoIterator<Item = Instant>) -> Windows {
        let mut windows = Windows::default();
        windows.refill(openings.into_iter());
        windows
    }

    #[test]
    fn a_window_lasts_24_h_from_the_last_message_r19() {
        let mut windows = windows_of([at(10), at(0)]);
        let mut open = |at: Instant| windows.around(at.plus(NONE), None).open_at_sent;
        assert!(!open(Instant::from_ms(at(0).as_ms() - 1).unwrap()));
        assert!(open(at(0)) && open(at(24)) && open(just_before(34)));
        assert!(!open(at(34)));
    }

    #[test]
    fn windows_that_touch_are_unbroken_q19() {
        let mut windows = windows_of([at(0), at(24), at(49)]);
        assert_eq!(windows.around(at(30), None).unbroken_since, Some(at(0)));
        assert_eq!(windows.around(at(48), None).unbroken_since, None);
        assert_eq!(windows.around(at(50), None).unbroken_since, Some(at(49)));
    }

    #[test]
    fn sending_and_delivery_are_told_apart_r22() {
        let mut windows = windows_of([at(0)]);
        let window = windows.around(at(23), Some(at(25)));
        assert!(window.open_at_sent && !window.open_at_delivered);
        assert!(!windows.around(at(23), None).open_at_delivered);
    }

    #[test]
    fn the_windows_of_one_chat_say_nothing_of_the_next() {
        let mut windows = windows_of([at(0), at(20), at(40)]);
        assert!(windows.around(at(41), None).open_at_sent);
        windows.refill([at(41)].into_iter());
        assert!(!windows.around(at(40), None).open_at_sent);
        assert_eq!(windows.around(at(42), None).unbroken_since, Some(at(41)));
    }

    /// Openings of all kinds of distances, several at once among them, and moments at, before and after each of them, in no order.
    #[test]
    fn many_openings_are_found_like_few() {
        for count in [1, 31, 32, 33, 1000, 5000_u64] {
            let ms = |n: u64| 1_790_000_000_000 + n * n % 977 * 40_000_000 + n / 3;
            let mut openings: Vec<Instant> = (0..count).filter_map(|n| Instant::from_ms(ms(n))).collect();
            let mut windows = windows_of(openings.clone());
            openings.sort_unstable();
            for n in 0..count {
                for at in [ms(n) - 1, ms(n), ms(n) + 1, ms(n) + DAY.as_ms(), ms(n) + DAY.as_ms() - 1] {
                    let at = Instant::from_ms(at).unwrap();
                    let last = openings.iter().rposition(|opening| *opening <= at);
                    let open = last.map(|last| openings[last]).filter(|last| at.within(*last, DAY));
                    assert_eq!(windows.last_opening(at).map(|last| last.at), open, "{count} openings, at {at:?}");
                    assert_eq!(windows.near, last.map_or(0, |last| last + 1), "{count} openings, at {at:?}");
                }
            }
        }
    }
}
