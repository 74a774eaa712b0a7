//! A customer's diary: everything that the two sides try to say to each other, before it is known
//! what arrives.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::calendar::{self, Moment};
use super::customer::{Customer, Population};
use super::traffic::SourceKind;

/// What one side tries to say at one moment.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    pub(super) at: Moment,
    /// Name of the business number.
    pub(super) number: &'a str,
    pub(super) content: Content<'a>,
}

/// What is said.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// The customer writes.
    Inbound { kind: &'a str, referral: Option<Referral<'a>> },
    /// The business answers without a template.
    FreeForm { kind: &'a str },
    /// Meta's Business Agent answers.
    BusinessAgent { tokens: u32 },
    /// The business reacts to a message with an emoji.
    Reaction,
    /// The business sends a template.
    Template { name: &'a str },
}

/// Where a customer's message came from.
#[derive(Debug)]
pub(super) struct Referral<'a> {
    pub(super) source: SourceKind,
    pub(super) source_id: &'a str,
    /// The click's id; only ads have one.
    pub(super) click_id: Option<String>,
    /// `android`, `ios`, `web` or `desktop`.
    pub(super) client: &'static str,
}

/// The diary while it is written.
#[derive(Debug)]
pub(super) struct Diary<'a> {
    pub(super) population: &'a Population<'a>,
    pub(super) customer: Customer<'a>,
    pub(super) attempts: Vec<Attempt<'a>>,
    /// First moment of the period, and first after it.
    bounds: (Moment, Moment),
}

/// A customer with all attempts of the period, number by number, each in the order of time.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) customer: Customer<'a>,
    pub(super) attempts: Vec<Attempt<'a>>,
    /// First moment after the period.
    pub(super) end: Moment,
}

/// Writes the diary of a customer.
pub(super) fn write<'a>(population: &'a Population<'a>, customer: Customer<'a>) -> Written<'a> {
    let bounds = calendar::bounds(population.traffic);
    let mut diary = Diary { population, customer, attempts: Vec::new(), bounds };
    diary.happenings();
    diary.campaigns();
    let Diary { customer, mut attempts, .. } = diary;
    attempts.sort_by(|one, other| (one.number, one.at).cmp(&(other.number, other.at)));
    Written { customer, attempts, end: bounds.1 }
}

impl<'a> Diary<'a> {
    /// Notes an attempt, unless it falls outside the period.
    pub(super) fn note(&mut self, number: &'a str, at: Moment, content: Content<'a>) {
        if self.bounds.0 <= at && at < self.bounds.1 {
            self.attempts.push(Attempt { at, number, content });
        }
    }

    /// Notes a template, unless it is marketing and the customer's market gets none.
    pub(super) fn template(&mut self, number: &'a str, at: Moment, name: &'a str) {
        if self.takes(name) {
            self.note(number, at, Content::Template { name });
        }
    }

    /// Whether the business sends that template to the customer's market.
    pub(super) fn takes(&self, template: &str) -> bool {
        let marketing = self.population.traffic.template[template].category.is_marketing();
        !marketing || self.customer.market.marketing
    }

    /// Whether the log has begun at that moment. What starts before leaves no trace at all, or the
    /// log would hold answers to messages that it does not hold.
    pub(super) fn begun(&self, at: Moment) -> bool {
        self.bounds.0 <= at
    }

    /// A moment of that day, in the customer's zone, at which the customer is up.
    pub(super) fn waking(&mut self, day: NaiveDate) -> Moment {
        let zone = self.customer.market.zone();
        calendar::waking(&mut self.customer.dice, &self.population.traffic.rhythm, zone, day)
    }

    /// That moment, or one in the customer's next morning if it is night there: parcels and offers
    /// do not come at night.
    pub(super) fn by_day(&mut self, at: Moment) -> Moment {
        let zone = self.customer.market.zone();
        let day = calendar::at_desk(&self.population.traffic.rhythm, zone, at);
        if day == at { at } else { self.soon(day, 0, 3 * 3_600) }
    }

    /// The business's own zone.
    pub(super) fn business_zone(&self) -> Tz {
        self.population.traffic.account.timezone.0
    }

    /// A moment that many seconds later, drawn between the two.
    pub(super) fn soon(&mut self, at: Moment, from: u32, to: u32) -> Moment {
        at + TimeDelta::seconds(self.customer.dice.between(from, to).into())
    }
}
