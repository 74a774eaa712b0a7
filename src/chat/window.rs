//! The customer service windows of one chat: 24 h from each opening message, reset by every further one (R16, R19).

use crate::model::{DAY, Instant, Window};

/// The windows of a chat, from the times that open them.
#[derive(Debug, Default)]
pub(super) struct Windows {
    openings: Vec<Instant>,
    /// By opening: since when the window is open without a break (Q19: touching windows are unbroken).
    unbroken_since: Vec<Instant>,
    buckets: Buckets,
}

/// The openings of a chat by stretches of equal length: a large chat has millions, and a search through all of them waits for memory at
/// every step.
#[derive(Debug, Default)]
struct Buckets {
    /// The first opening, and the length of a stretch, in milliseconds.
    first: u64,
    length: u64,
    /// By stretch: how many openings there are before it. None where there are few openings.
    before: Vec<usize>,
    openings: usize,
}

/// Openings of a stretch, if they come evenly.
const BUCKET: usize = 32;

impl Buckets {
    fn new(openings: &[Instant]) -> Buckets {
        let [first, .., last] = openings else { return Buckets { openings: openings.len(), ..Buckets::default() } };
        let stretches = (openings.len() / BUCKET) as u64;
        let mut buckets = Buckets { first: first.as_ms(), length: 0, before: Vec::new(), openings: openings.len() };
        let Some(length) = (last.as_ms() - buckets.first).checked_div(stretches) else { return buckets };
        buckets.length = length + 1;
        for (place, opening) in openings.iter().enumerate() {
            while buckets.before.len() <= buckets.stretch(*opening) {
                buckets.before.push(place);
            }
        }
        buckets
    }

    fn stretch(&self, at: Instant) -> usize {
        let since = at.as_ms().saturating_sub(self.first);
        usize::try_from(since / self.length).unwrap_or(usize::MAX)
    }

    /// Between which places the first opening after a moment stands.
    fn around(&self, at: Instant) -> (usize, usize) {
        if self.before.is_empty() {
            return (0, self.openings);
        }
        let stretch = self.stretch(at);
        let end = |stretch: usize| self.before.get(stretch).copied().unwrap_or(self.openings);
        (end(stretch), end(stretch.saturating_add(1)))
    }
}

impl Windows {
    pub(super) fn new(mut openings: Vec<Instant>) -> Windows {
        openings.sort_unstable();
        let mut unbroken_since: Vec<Instant> = Vec::with_capacity(openings.len());
        for (i, opening) in openings.iter().enumerate() {
            let goes_on = i > 0 && *opening <= openings[i - 1].plus(DAY);
            unbroken_since.push(if goes_on { unbroken_since[i - 1] } else { *opening });
        }
        let buckets = Buckets::new(&openings);
        Windows { openings, unbroken_since, buckets }
    }

    /// The window around a message.
    pub(super) fn around(&self, sent: Instant, delivered: Option<Instant>) -> Window {
        let at_sent = self.last_opening(sent);
        let at_delivered = delivered.and_then(|delivered| self.last_opening(delivered));
        Window {
            open_at_sent: at_sent.is_some(),
            open_at_delivered: at_delivered.is_some(),
            unbroken_since: at_sent.map(|last| self.unbroken_since[last]),
            open_until: at_sent.map(|last| self.openings[last].plus(DAY)),
        }
    }

    /// The last opening up to a moment, if its window is still open then.
    fn last_opening(&self, at: Instant) -> Option<usize> {
        let (from, to) = self.buckets.around(at);
        let later = self.openings[from..to].partition_point(|opening| *opening <= at);
        let last = (from + later).checked_sub(1)?;
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

    /// Openings of all kinds of distances, several at once among them, and moments at, before and after each of them.
    #[test]
    fn many_openings_are_found_like_few() {
        for count in [1, 31, 32, 33, 1000, 5000_u64] {
            let ms = |n: u64| 1_790_000_000_000 + n * n % 977 * 40_000_000 + n / 3;
            let mut openings: Vec<Instant> = (0..count).filter_map(|n| Instant::from_ms(ms(n))).collect();
            let windows = Windows::new(openings.clone());
            openings.sort_unstable();
            for n in 0..count {
                for at in [ms(n) - 1, ms(n), ms(n) + 1, ms(n) + DAY.as_ms(), ms(n) + DAY.as_ms() - 1] {
                    let at = Instant::from_ms(at).unwrap();
                    let last = openings.iter().rposition(|opening| *opening <= at);
                    let open = last.filter(|last| at.within(openings[*last], DAY));
                    assert_eq!(windows.last_opening(at), open, "{count} openings, at {at:?}");
                }
            }
        }
    }
}
