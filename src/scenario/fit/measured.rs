//! What is counted of a log, real or simulated: whole numbers that can be added in any order.

use std::collections::BTreeMap;

use super::lapses::Lapses;
use super::shape::Shape;

/// Turns, asks and replies are counted up to this many.
pub(super) const MOST: usize = 20;
/// Quarters of an hour in a day.
pub(super) const QUARTERS: usize = 96;

/// Adds counts to counts.
pub(super) trait Merge {
    fn absorb(&mut self, other: &Self);
}

impl Merge for u64 {
    fn absorb(&mut self, other: &u64) {
        *self += other;
    }
}

impl Merge for Lapses {
    fn absorb(&mut self, other: &Lapses) {
        Lapses::merge(self, other);
    }
}

impl<T: Merge> Merge for Vec<T> {
    fn absorb(&mut self, other: &Vec<T>) {
        self.iter_mut().zip(other).for_each(|(own, more)| own.absorb(more));
    }
}

impl<T: Merge, const N: usize> Merge for [T; N] {
    fn absorb(&mut self, other: &[T; N]) {
        self.iter_mut().zip(other).for_each(|(own, more)| own.absorb(more));
    }
}

impl<K: Ord + Clone, V: Merge + Clone> Merge for BTreeMap<K, V> {
    fn absorb(&mut self, other: &BTreeMap<K, V>) {
        for (key, more) in other {
            self.entry(key.clone()).and_modify(|own| own.absorb(more)).or_insert_with(|| more.clone());
        }
    }
}

/// Structures of counts, which are merged field by field.
macro_rules! counts {
    ($($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Default, PartialEq, Eq)]
            pub(super) struct $name { $($(#[$doc])* pub(super) $field: $kind,)* }

            impl Merge for $name {
                fn absorb(&mut self, other: &$name) {
                    $(self.$field.absorb(&other.$field);)*
                }
            }
        )*
    };
}

counts! {
    /// How often something came, by segment, and the squares of how often it came to each chat.
    Flow {
        times: Vec<u64>,
        squares: Vec<u64>,
    }

    /// Conversations on one account.
    Talks {
        /// Conversations that customers started.
        conversations: u64,
        /// Turns by how many messages the customer wrote.
        asks: Vec<u64>,
        /// Turns by how many replies they got; those whose first reply was refused are not among them, …
        replies: Vec<u64>,
        /// … nor are first turns after a click.
        click_replies: Vec<u64>,
        /// Answered turns after which the customer said no more, by place of the turn, …
        ended: Vec<u64>,
        /// … and after which the customer wrote again.
        went_on: Vec<u64>,
        /// Waits for the first reply, by local hour of the customer's message, and those for the answer to a click.
        waits: Vec<Lapses>,
        click_waits: Lapses,
        /// First replies that took minutes, by the local hour in which they went out.
        slow_at: Vec<u64>,
        /// Turns whose first reply was refused: it came more than 24 hours later. Clicks apart.
        refused: u64,
        click_refused: u64,
        /// Turns answered by a Business Agent.
        by_agent: u64,
        /// Reactions.
        reactions: u64,
        /// Spontaneous conversations, and clicks.
        questions: u64,
        clicks: u64,
        /// Replies that nobody had asked for, as far as the log goes back.
        unasked: u64,
    }

    /// How one template goes out.
    Sent {
        /// Inside an open service window, by segment; mailings, and what follows a refused reply, are not among them.
        inside: Vec<u64>,
        /// Outside of one.
        outside: Flow,
        /// Of these two, those that follow a click within ten days.
        after_click: u64,
        follow_wait: Lapses,
        /// Right after a refused reply.
        reopening: u64,
        /// Mailings by day and segment, and by quarter of an hour of the account's day.
        mailed: Vec<Vec<u64>>,
        clock: Vec<u64>,
        /// By hour of the customer's day.
        hours: Vec<u64>,
        /// Conversations that began within hours after it.
        answers: u64,
        /// Neither refused nor held back; of these, those that never arrived.
        accepted: u64,
        lost: u64,
        waits: Lapses,
    }

    /// How messages fare.
    Fates {
        /// Messages that the platform took a decision on, and those it could not reach anybody with.
        tried: u64,
        unreachable: u64,
        /// Marketing outside of a window, and what of it was held back.
        unasked: u64,
        held_back: u64,
        /// Replies that were accepted, and those that never arrived.
        replies: u64,
        lost: u64,
        reply_waits: Lapses,
    }

    /// Clicks, by kind: ads, page buttons, posts.
    Clicked {
        kinds: Vec<u64>,
        flow: Flow,
        unanswered: u64,
        late: u64,
    }

    /// All counts.
    Counts {
        /// Customers seen, by segment.
        customers: Vec<u64>,
        inbound: u64,
        outbound: u64,
        /// What customers and the outside world start, by hour of the customer's day and day of the week.
        start_hours: Vec<u64>,
        start_days: Vec<u64>,
        /// The same in the first and the second half of the days.
        start_halves: Vec<u64>,
        /// Messages of customers, likewise.
        inbound_hours: Vec<u64>,
        inbound_days: Vec<u64>,
        /// Waits of customers within conversations.
        customer_waits: Lapses,
        questions: Flow,
        clicked: Clicked,
        talks: Vec<Talks>,
        sent: Vec<Sent>,
        /// Waits between a template and the one before in the same chat.
        pairs: BTreeMap<(u16, u16), Lapses>,
        fates: Fates,
        /// Free-form content by type: of customers, and of the business.
        inbound_kinds: Vec<u64>,
        reply_kinds: Vec<u64>,
    }
}

/// What was counted along a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured(pub(super) Counts);

impl Flow {
    fn empty(segments: usize) -> Flow {
        Flow { times: vec![0; segments], squares: vec![0; segments] }
    }

    pub(super) fn total(&self) -> u64 {
        self.times.iter().sum()
    }
}

impl Measured {
    /// Nothing yet.
    pub fn empty(shape: &Shape) -> Measured {
        let segments = shape.segments.len();
        let talks = Talks {
            asks: vec![0; MOST + 1],
            replies: vec![0; MOST + 1],
            click_replies: vec![0; MOST + 1],
            ended: vec![0; MOST + 1],
            went_on: vec![0; MOST + 1],
            waits: vec![Lapses::default(); 24],
            slow_at: vec![0; 24],
            ..Talks::default()
        };
        let sent = |mailings: usize| Sent {
            inside: vec![0; segments],
            outside: Flow::empty(segments),
            mailed: vec![vec![0; segments]; mailings],
            clock: vec![0; QUARTERS],
            hours: vec![0; 24],
            ..Sent::default()
        };
        Measured(Counts {
            customers: vec![0; segments],
            start_hours: vec![0; 24],
            start_days: vec![0; 7],
            start_halves: vec![0; 2],
            inbound_hours: vec![0; 24],
            inbound_days: vec![0; 7],
            questions: Flow::empty(segments),
            clicked: Clicked { kinds: vec![0; 3], flow: Flow::empty(segments), ..Clicked::default() },
            talks: vec![talks; shape.accounts.len()],
            sent: shape.templates.iter().map(|template| sent(template.mailings.len())).collect(),
            inbound_kinds: vec![0; super::seen::KINDS.len()],
            reply_kinds: vec![0; super::seen::KINDS.len()],
            ..Counts::default()
        })
    }

    /// Takes in other counts.
    pub fn merge(&mut self, other: &Measured) {
        self.0.absorb(&other.0);
    }

    /// Notes customers of a segment.
    pub fn add_customers(&mut self, segment: u16, customers: u64) {
        self.0.customers[usize::from(segment)] += customers;
    }
}
