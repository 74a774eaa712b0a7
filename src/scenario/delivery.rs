//! What becomes of the attempts: accepted or refused, delivered, read, and what the log tells of it.

use chrono::{NaiveDate, TimeDelta};

use super::calendar::Moment;
use super::conditions::Delivery;
use super::customer::Customer;
use super::diary::{Attempt, Content, Written};
use super::dice::Dice;
use super::log::{Entry, Times, Wording};
use super::traffic::{Template, Traffic};
use super::values::{Lapse, Share};

/// Free-form messages are accepted for less than this after the customer's last message.
pub(super) const WINDOW: TimeDelta = TimeDelta::hours(24);
/// How long the platform keeps trying to deliver a template that says nothing else.
const VALID: TimeDelta = TimeDelta::days(30);

/// Number unreachable, or no WhatsApp user.
const UNREACHABLE: u32 = 131_026;
/// More than 24 hours since the customer wrote.
const WINDOW_CLOSED: u32 = 131_047;
/// Held back so that the customer gets no more marketing than they can take.
const HELD_BACK: u32 = 131_049;

/// Turns attempts into log entries, chat by chat.
pub(super) fn settle<'t>(traffic: &'t Traffic, written: Written<'t>) -> Vec<Entry<'t>> {
    let Written { mut customer, attempts, end } = written;
    let mut entries = Vec::with_capacity(attempts.len());
    for chat in attempts.chunk_by(|one, other| one.number == other.number) {
        let mut fates = fates(traffic, &mut customer, chat, end);
        read_together(&mut fates);
        for (attempt, times) in chat.iter().zip(&fates) {
            entries.extend(logged(traffic, &mut customer, attempt, times));
        }
    }
    entries
}

/// What becomes of each attempt of a chat. An attempt sees the messages before it, for the service
/// window, and the customer's next message, because who writes is online.
fn fates(traffic: &Traffic, customer: &mut Customer<'_>, chat: &[Attempt<'_>], end: Moment) -> Vec<Times> {
    let mut last_inbound: Option<Moment> = None;
    let fate = |(position, attempt): (usize, &Attempt<'_>)| {
        let later = chat[position + 1..].iter();
        let next_inbound = later.filter(|next| next.content.is_inbound()).map(|next| next.at).next();
        let window_open = last_inbound.is_some_and(|last| attempt.at - last < WINDOW);
        if attempt.content.is_inbound() {
            last_inbound = Some(attempt.at);
        }
        let situation = Situation { at: attempt.at, window_open, next_inbound, end };
        situation.times(traffic, customer, &attempt.content)
    };
    chat.iter().enumerate().map(fate).collect()
}

/// Who opens a chat reads all of it: nothing is read later than what came after it.
fn read_together(fates: &mut [Times]) {
    let mut opened: Option<Moment> = None;
    for times in fates.iter_mut().rev() {
        let (Some(read), Some(delivered)) = (times.read, times.delivered) else {
            opened = earlier(opened, times.read);
            continue;
        };
        let together = earlier(opened, Some(read)).map(|read| read.max(delivered));
        times.read = together;
        opened = earlier(opened, together);
    }
}

/// The earlier of two moments, or the only one.
fn earlier(one: Option<Moment>, other: Option<Moment>) -> Option<Moment> {
    one.into_iter().chain(other).min()
}

/// The entry of an attempt, or two where the log repeats it.
fn logged<'t>(
    traffic: &'t Traffic,
    customer: &mut Customer<'_>,
    attempt: &Attempt<'t>,
    times: &Times,
) -> Vec<Entry<'t>> {
    let wording = Wording { traffic, phone: customer.phone, attempt };
    let dice = &mut customer.dice;
    let faults = traffic.log;
    let mut logged = attempt.at;
    if dice.happens(faults.late) {
        logged += dice.delay(faults.late_by);
    }
    let entry = wording.entry(logged, times, dice);
    if !dice.happens(faults.duplicate) {
        return vec![entry];
    }
    let again = entry.clone().logged_at(logged + dice.delay(faults.late_by));
    vec![entry, again]
}

/// What an attempt meets when it is made.
struct Situation {
    at: Moment,
    window_open: bool,
    next_inbound: Option<Moment>,
    /// The log tells nothing from this moment on.
    end: Moment,
}

impl Situation {
    fn times(&self, traffic: &Traffic, customer: &mut Customer<'_>, content: &Content<'_>) -> Times {
        let delivery = &traffic.delivery;
        match content {
            Content::Inbound { .. } => Times { created: Some(self.at), ..Times::default() },
            Content::Template { name } => {
                let template = &traffic.template[*name];
                if template.category.is_marketing() && self.is_paused(traffic, customer) {
                    return self.failed(&mut customer.dice, HELD_BACK);
                }
                self.template(delivery, template, customer)
            }
            _ if !self.window_open => self.failed(&mut customer.dice, WINDOW_CLOSED),
            // The platform reports nothing but `sent` for a reaction.
            Content::Reaction => self.sent(),
            Content::FreeForm { .. } | Content::BusinessAgent { .. } => self.free_form(delivery, customer),
        }
    }

    /// Marketing to a US number since April 2025, by the local day of sending: not delivered (R71).
    fn is_paused(&self, traffic: &Traffic, customer: &Customer<'_>) -> bool {
        let zone = traffic.account.timezone.0;
        customer.country == "US"
            && Some(self.at.with_timezone(&zone).date_naive()) >= NaiveDate::from_ymd_opt(2025, 4, 1)
    }

    fn sent(&self) -> Times {
        Times { sent: Some(self.at), ..Times::default() }
    }

    fn failed(&self, dice: &mut Dice, error: u32) -> Times {
        let failed = self.at + TimeDelta::seconds(dice.between(1, 3).into());
        Times { created: Some(self.at), failed: Some((failed, error)), ..Times::default() }
    }

    fn free_form(&self, delivery: &Delivery, customer: &mut Customer<'_>) -> Times {
        let dice = &mut customer.dice;
        if dice.happens(delivery.unreachable) {
            return self.failed(dice, UNREACHABLE);
        }
        let arrival = Arrival {
            lost: dice.happens(delivery.lost),
            read: delivery.read,
            after: dice.delay(delivery.prompt),
            read_after: dice.delay(delivery.read_after),
            valid: VALID,
        };
        self.received(delivery, customer, &arrival)
    }

    fn template(&self, delivery: &Delivery, template: &Template, customer: &mut Customer<'_>) -> Times {
        let dice = &mut customer.dice;
        if dice.happens(delivery.unreachable) {
            return self.failed(dice, UNREACHABLE);
        }
        let unasked = template.category.is_marketing() && !self.window_open;
        if unasked && dice.happens(delivery.held_back) {
            return self.failed(dice, HELD_BACK);
        }
        let late = dice.happens(delivery.late);
        let arrival = Arrival {
            lost: dice.happens(template.delivered.map_or(delivery.lost, Share::rest)),
            read: template.read.unwrap_or(delivery.read),
            after: dice.delay(if late { delivery.late_by } else { delivery.prompt }),
            read_after: dice.delay(delivery.template_read_after),
            valid: template.valid.map_or(VALID, Lapse::length),
        };
        self.received(delivery, customer, &arrival)
    }

    /// What arrives, and what of it is reported before the log ends. Whoever writes next is online
    /// and has the chat open: by then everything that can still arrive has arrived and is read.
    fn received(&self, delivery: &Delivery, customer: &mut Customer<'_>, arrival: &Arrival) -> Times {
        let dice = &mut customer.dice;
        let reads = dice.happens(arrival.read) && customer.receipts;
        let read_only = dice.happens(delivery.read_only);
        let Some(delivered) = self.delivered(arrival) else {
            return self.sent();
        };
        let read = self.by_next_inbound(delivered + arrival.read_after);
        match (reads && read < self.end, read_only) {
            (true, true) => Times { read: Some(delivered), ..self.sent() },
            (true, false) => Times { delivered: Some(delivered), read: Some(read), ..self.sent() },
            (false, _) => Times { delivered: Some(delivered), ..self.sent() },
        }
    }

    fn delivered(&self, arrival: &Arrival) -> Option<Moment> {
        let delivered = if arrival.lost { self.next_inbound? } else { self.by_next_inbound(self.at + arrival.after) };
        let in_time = delivered - self.at < arrival.valid && delivered < self.end;
        in_time.then_some(delivered)
    }

    fn by_next_inbound(&self, moment: Moment) -> Moment {
        self.next_inbound.map_or(moment, |next| next.min(moment))
    }
}

/// How a message would arrive at a customer who writes nothing meanwhile.
struct Arrival {
    lost: bool,
    /// Chance that it is read.
    read: Share,
    /// From sending to delivery.
    after: TimeDelta,
    /// From delivery to reading.
    read_after: TimeDelta,
    /// How long the platform keeps trying.
    valid: TimeDelta,
}
