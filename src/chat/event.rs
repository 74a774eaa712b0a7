//! All that the observations of one message say, and how several become one (Q14).

use crate::model::{
    Client, Country, CustomerKey, DAY, Direction, Flag, Flags, Instant, MessageType, Observed, Origin, Product,
    Referral, TemplateCategory,
};

use super::identity::customer_order;
use super::senders::SenderPlace;

/// What told the country, best first (Q4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CountrySource {
    BusinessScopedId,
    Number,
    Column,
}

impl CountrySource {
    pub(super) const ALL: [CountrySource; 3] =
        [CountrySource::BusinessScopedId, CountrySource::Number, CountrySource::Column];
}

/// One observation, or several of one message. Texts are numbers of a [`Strings`](super::Strings), 0 where there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    /// Where its message id stands in its partition.
    pub(super) id: u32,
    pub(super) customer: CustomerKey,
    pub(super) sender: SenderPlace,
    pub(super) group: u32,
    pub(super) waba: u32,
    pub(super) template_id: u32,
    pub(super) template_name: u32,
    pub(super) template_language: u32,
    /// Inbound: when it was received. Outbound: when it was requested.
    pub(super) created: Option<Instant>,
    pub(super) sent: Option<Instant>,
    /// The earliest evidence of delivery: delivered, read or played.
    pub(super) delivered: Option<Instant>,
    pub(super) failed: Option<Instant>,
    /// The latest of `created` and of `sent` that was merged: far from the earliest, two messages bear one id.
    pub(super) last: [Option<Instant>; 2],
    pub(super) tokens: Option<u32>,
    pub(super) error_code: Option<u32>,
    pub(super) country: (CountrySource, Country),
    pub(super) direction: Direction,
    pub(super) message_type: Option<MessageType>,
    pub(super) category: Option<TemplateCategory>,
    /// Meta's own verdict.
    pub(super) observed: Observed,
    pub(super) origin: Option<Origin>,
    pub(super) product: Option<Product>,
    pub(super) client: Option<Client>,
    pub(super) referral: Option<Referral>,
    /// There is a `delivered` time, not only `read` or `played`.
    pub(super) delivered_itself: bool,
    pub(super) status_delivered: bool,
    pub(super) status_failed: bool,
    pub(super) flags: Flags,
}

impl Event {
    /// Takes in another observation of the same message: non-empty beats empty, each status keeps its earliest time, otherwise the
    /// bytewise smallest value wins and the contradiction is flagged, as are times that are more than a day apart. The order of merging does not matter.
    pub(super) fn merge(&mut self, other: &Event, ranks: &[u32]) {
        let mut contradicts = self.direction != other.direction;
        self.direction = self.direction.min(other.direction);
        let mut text = |own: &mut u32, other: u32| {
            contradicts |= *own != 0 && other != 0 && *own != other;
            let beats = *own == 0 || (other != 0 && ranks[other as usize] < ranks[*own as usize]);
            *own = if beats { other } else { *own };
            beats
        };
        if text(&mut self.waba, other.waba) {
            self.sender = other.sender;
        }
        text(&mut self.template_id, other.template_id);
        text(&mut self.template_name, other.template_name);
        text(&mut self.template_language, other.template_language);
        contradicts |= smallest(&mut self.message_type, other.message_type)
            | smallest(&mut self.category, other.category)
            | smallest(&mut self.origin, other.origin)
            | smallest(&mut self.product, other.product)
            | smallest(&mut self.client, other.client)
            | smallest(&mut self.referral, other.referral)
            | smallest_text(&mut self.tokens, other.tokens)
            | smallest_text(&mut self.error_code, other.error_code)
            | self.observed.merge(&other.observed);
        earliest(&mut self.created, other.created);
        earliest(&mut self.sent, other.sent);
        self.last = [self.last[0].max(other.last[0]), self.last[1].max(other.last[1])];
        contradicts |= far_apart(self.created, self.last[0]) || far_apart(self.sent, self.last[1]);
        earliest(&mut self.delivered, other.delivered);
        earliest(&mut self.failed, other.failed);
        self.country = self.country.min(other.country);
        self.customer =
            std::cmp::min_by_key(self.customer, other.customer, |customer| customer_order(*customer, ranks));
        self.delivered_itself |= other.delivered_itself;
        self.status_delivered |= other.status_delivered;
        self.status_failed |= other.status_failed;
        self.flags = self.flags.union(other.flags);
        self.flags.set_if(Flag::ConflictingDuplicate, contradicts);
    }

    /// Whether anything says that it failed.
    pub(super) fn failed(&self) -> bool {
        self.status_failed || self.failed.is_some()
    }
}

/// Keeps the smaller of two values, and tells whether they contradict.
fn smallest<T: Copy + Ord>(own: &mut Option<T>, other: Option<T>) -> bool {
    let (Some(mine), Some(theirs)) = (*own, other) else {
        *own = own.or(other);
        return false;
    };
    *own = Some(mine.min(theirs));
    mine != theirs
}

/// The same for numbers, which logs hold as text: `10` comes before `9`.
fn smallest_text(own: &mut Option<u32>, other: Option<u32>) -> bool {
    let (Some(mine), Some(theirs)) = (*own, other) else {
        *own = own.or(other);
        return false;
    };
    if theirs.to_string() < mine.to_string() {
        *own = other;
    }
    mine != theirs
}

/// Whether one message can hardly have been sent at both times.
fn far_apart(first: Option<Instant>, last: Option<Instant>) -> bool {
    first.zip(last).is_some_and(|(first, last)| last > first.plus(DAY))
}

fn earliest(own: &mut Option<Instant>, other: Option<Instant>) {
    smallest(own, other);
}
