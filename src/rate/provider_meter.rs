//! A provider's own meter over the messages of a log (rules §4).
//!
//! What counts, whoever the provider is:
//! - only what passed through the API: not what was typed in the Business app or imported as history (R72), no calls, and no notices
//!   of the platform about a message;
//! - a message of the business either failed (an error or a status says so and it was never delivered, or the platform refuses it) or
//!   went out; whether one that is neither delivered nor failed costs is a matter of the provider ([`CountedOut`]);
//! - in a group, once per recipient, as Meta's verdicts do (R72);
//! - conversations are those that Meta charges: a free one costs nothing with the provider whose text says so (S18);
//! - an active user wrote something, or received something that was delivered (messengerpeople.dev).

use std::collections::BTreeMap;

use hashbrown::HashSet;

use crate::model::{
    BilledCategory, Message, Money, Month, Origin, Outcome, Rated, Reason, TemplateCategory, Traffic, Verdict,
};
use crate::tariff::{CountedOut, Family, ProviderFees, Regime};

/// Where and when the meter counts a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeterPlace {
    /// The account: a place among those of the log.
    pub account: u32,
    /// Its number, likewise.
    pub number: u32,
    /// The month in the provider's calendar.
    pub month: Month,
    /// The customer, whatever names the log has for it.
    pub person: u64,
}

/// What one account did in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) messages_out: u64,
    pub(super) messages_in: u64,
    pub(super) failed: u64,
    pub(super) conversations: u64,
    /// Charges of Meta with a known price, their sum, and what rounding each of them up adds.
    pub(super) charges: u64,
    pub(super) billed: Money,
    pub(super) rounding: Money,
    /// Charges of Meta without a known price.
    pub(super) unpriced: u64,
    /// Charges of Meta that the provider's text does not cover.
    pub(super) undocumented: u64,
    pub(super) unsupported: BTreeMap<BilledCategory, u64>,
}

/// Counts of all accounts and months. Merging is adding, so neither the order of messages nor that of partitions matters.
#[derive(Clone, Debug, Default)]
pub struct ProviderMeter {
    pub(super) counts: BTreeMap<(u32, Month), Counts>,
    /// By number and month; kept only where a fee asks for it.
    pub(super) active: BTreeMap<(u32, Month), HashSet<u64>>,
}

impl ProviderMeter {
    /// Counts a message of a customer.
    pub fn inbound(&mut self, fees: &ProviderFees, place: &MeterPlace, message: &Message) {
        if !is_api_message(message) {
            return;
        }
        self.counts.entry((place.account, place.month)).or_default().messages_in += 1;
        self.activate(fees, place);
    }

    /// Counts a message of the business with its verdict and price. `opens` says whether it opened a conversation.
    pub fn outbound<Id>(
        &mut self,
        fees: &ProviderFees,
        place: &MeterPlace,
        message: &Message,
        verdict: &Verdict<Id>,
        rated: &Rated,
        opens: bool,
    ) {
        if !is_api_message(message) {
            return;
        }
        let failed = has_failed(message, rated.outcome);
        if message.delivered.is_some() && !failed {
            self.activate(fees, place);
        }
        let counts = self.counts.entry((place.account, place.month)).or_default();
        if let Some(category) = unsupported(fees, message, verdict.category) {
            *counts.unsupported.entry(category).or_default() += 1;
            return;
        }
        if failed {
            let free = fees.failed_free.holds(message.sent, rated.outcome.error_code(message.error_code));
            counts.failed += u64::from(!free);
        } else if message.delivered.is_some() || fees.messages_out == CountedOut::Sent {
            counts.messages_out += 1;
        }
        if rated.outcome == Outcome::Charged && fees.follows_meta() {
            let conversation = opens && Regime::of(verdict.regime).family == Family::Conversation;
            counts.charge(fees, message, verdict.category, rated.billed, conversation);
        }
    }

    fn activate(&mut self, fees: &ProviderFees, place: &MeterPlace) {
        if fees.per_monthly_active_user.is_charged() {
            self.active.entry((place.number, place.month)).or_default().insert(place.person);
        }
    }

    /// Adds another meter.
    pub fn merge(&mut self, other: ProviderMeter) {
        for (key, counts) in other.counts {
            self.counts.entry(key).or_default().add(counts);
        }
        for (key, persons) in other.active {
            self.active.entry(key).or_default().extend(persons);
        }
    }
}

impl Counts {
    fn charge(
        &mut self,
        fees: &ProviderFees,
        message: &Message,
        category: BilledCategory,
        billed: Option<Money>,
        conversation: bool,
    ) {
        if !fees.documented.holds(category, message.country) {
            self.undocumented += 1;
            return;
        }
        self.conversations += u64::from(conversation);
        match billed {
            Some(billed) => {
                self.charges += 1;
                self.billed += billed;
                self.rounding += billed.rounded_up() - billed;
            }
            None => self.unpriced += 1,
        }
    }

    fn add(&mut self, other: Counts) {
        self.messages_out += other.messages_out;
        self.messages_in += other.messages_in;
        self.failed += other.failed;
        self.conversations += other.conversations;
        self.charges += other.charges;
        self.billed += other.billed;
        self.rounding += other.rounding;
        self.unpriced += other.unpriced;
        self.undocumented += other.undocumented;
        for (category, messages) in other.unsupported {
            *self.unsupported.entry(category).or_default() += messages;
        }
    }
}

fn is_api_message(message: &Message) -> bool {
    message.origin == Origin::Api && message.traffic != Traffic::Notice
}

/// It failed by the log, or the platform refuses it, which is how a simulated attempt fails (R20, R71).
fn has_failed(message: &Message, outcome: Outcome) -> bool {
    let refused = matches!(outcome, Outcome::NotBilled(Reason::WindowClosed | Reason::MarketingPaused));
    message.traffic == Traffic::Failed || refused
}

/// The unsupported category that a message is of, by its template or by what Meta bills it as.
fn unsupported(fees: &ProviderFees, message: &Message, billed_as: BilledCategory) -> Option<BilledCategory> {
    let own = message.template_category().filter(|_| !message.category_unknown).map(TemplateCategory::into);
    [own, Some(billed_as)].into_iter().flatten().find(|category| fees.unsupported.contains(category))
}
