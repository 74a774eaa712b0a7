//! The state of one chat: service windows, pending clicks, conversations and free entry points.
//!
//! Everything is kept in plain lists and asked by scanning them.

use super::facts::{DAY, Ms, Regime};

pub(crate) const FEP: &str = "free_entry_point";

/// A conversation or free entry point.
#[derive(Clone)]
pub(crate) struct Conversation {
    /// The opening message: its index in the log, its id, its regime.
    pub(crate) opener: usize,
    pub(crate) id: String,
    pub(crate) regime: Regime,
    pub(crate) kind: String,
    pub(crate) start: Ms,
    pub(crate) end: Ms,
    /// When a free entry point closed it (R40).
    pub(crate) closed: Option<Ms>,
    pub(crate) rolling: bool,
}

impl Conversation {
    /// R19, R24: half-open, unless a free entry point closed it earlier.
    fn open_at(&self, x: Ms) -> bool {
        self.start <= x && x < self.end && self.closed.is_none_or(|closed| x < closed)
    }

    /// Opened under CBP1 or `CBP1b`.
    pub(crate) fn is_by_starter(&self) -> bool {
        self.kind == "user_initiated" || self.kind == "business_initiated"
    }
}

pub(crate) struct Windows {
    /// All instants of the chat, past and future, that open or renew the service window.
    opens: Vec<Ms>,
    clicks: Vec<Ms>,
    pub(crate) conversations: Vec<Conversation>,
}

impl Windows {
    pub(crate) fn new(opens: Vec<Ms>) -> Windows {
        Windows { opens, clicks: Vec::new(), conversations: Vec::new() }
    }

    pub(crate) fn click(&mut self, at: Ms) {
        self.clicks.push(at);
    }

    /// R41b: the newest pending click that a message sent at `s` can answer.
    pub(crate) fn click_before(&self, s: Ms) -> Option<Ms> {
        self.clicks.iter().copied().filter(|&click| click <= s).max()
    }

    /// R37, rolling: a customer's message moves the end, up to seven days after the start.
    pub(crate) fn extend_fep(&mut self, t: Ms) {
        let inside = |c: &&mut Conversation| c.kind == FEP && c.rolling && c.open_at(t);
        if let Some(fep) = self.conversations.iter_mut().find(inside) {
            fep.end = fep.end.max(t + DAY).min(fep.start + 7 * DAY);
        }
    }

    /// R40: the free entry point closes whatever is open, and uses up the clicks before the answer.
    /// READING: also where a PMP answer opens it.
    pub(crate) fn open_fep(&mut self, fep: Conversation, answered: Ms) {
        for other in self.conversations.iter_mut().filter(|c| c.open_at(fep.start)) {
            other.closed = Some(fep.start);
        }
        self.clicks.retain(|&click| click > answered);
        self.conversations.push(fep);
    }

    pub(crate) fn fep_at(&self, x: Ms) -> Option<Conversation> {
        self.conversations.iter().find(|c| c.kind == FEP && c.open_at(x)).cloned()
    }

    /// Open conversations other than free entry points, in the order of Q17.
    pub(crate) fn open_at(&self, x: Ms) -> Vec<Conversation> {
        let open = self.conversations.iter().filter(|c| c.kind != FEP && c.open_at(x));
        let mut open: Vec<Conversation> = open.cloned().collect();
        open.sort_by_key(|c| (c.start, c.id.clone()));
        open
    }

    /// R16, R19: some window-opening event lies less than 24 hours back.
    pub(crate) fn csw_open(&self, x: Ms) -> bool {
        self.opens.iter().any(|&t| t <= x && x < t + DAY)
    }

    /// R35, Q19: every instant of the span lies in some window; windows that touch leave no gap.
    pub(crate) fn csw_unbroken(&self, from: Ms, to: Ms) -> bool {
        // A gap, if there is one, begins at `from` or at the end of some window.
        let ends = self.opens.iter().map(|&t| t + DAY).filter(|&end| from < end && end <= to);
        ends.chain([from]).all(|x| self.csw_open(x))
    }
}
