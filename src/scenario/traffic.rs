//! `[traffic]`: the invented business, as its tables and fields stand in the TOML text. Who its customers are stands in
//! [`audience`](super::audience), when people write and how messages fare in [`conditions`](super::conditions).
//!
//! Units: every chance and share is 0 to 1, every weight a whole number, every time span a text with its unit. What is left out takes
//! the default of a small shop ([`defaults`](super::defaults)). Names that refer to another table are checked in
//! [`check`](super::check), so a lookup by name cannot fail later.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::audience::{Market, Segment};
use super::conditions::{Delivery, LogFaults, Rhythm};
use super::defaults::unnamed;
use super::values::{Clock, Day, Delay, Lapse, Share, Weights, Zone};

/// A name that refers to another table, with its place in the file for error messages. Empty where it was left out, until
/// [`complete`](super::defaults) fills it in.
pub(super) type Name = Spanned<String>;

/// A checked description of traffic: who writes to whom, how often, and how well it arrives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// Seed of all random streams; stands at the top of the file.
    #[serde(skip)]
    pub(super) seed: u64,
    pub(super) period: Spanned<Period>,
    #[serde(default)]
    pub(super) account: Account,
    #[serde(default)]
    pub(super) number: BTreeMap<String, Number>,
    #[serde(default)]
    pub(super) market: BTreeMap<String, Market>,
    #[serde(default)]
    pub(super) segment: BTreeMap<String, Spanned<Segment>>,
    #[serde(default)]
    pub(super) template: BTreeMap<String, Template>,
    #[serde(default)]
    pub(super) journey: BTreeMap<String, Journey>,
    #[serde(default)]
    pub(super) campaign: BTreeMap<String, Campaign>,
    #[serde(default)]
    pub(super) question: Question,
    #[serde(default)]
    pub(super) click: Clicks,
    #[serde(default)]
    pub(super) rhythm: Rhythm,
    #[serde(default)]
    pub(super) delivery: Delivery,
    #[serde(default)]
    pub(super) log: LogFaults,
}

/// First and last day of the log, in the account's time zone.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    pub(super) from: Day,
    pub(super) to: Day,
}

/// The business account of all numbers that name no other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Account {
    pub(super) waba_id: String,
    pub(super) timezone: Zone,
    /// ISO 4217.
    pub(super) currency: String,
    pub(super) portfolio_id: String,
    /// ISO 3166-1, two letters; empty: not verified.
    pub(super) primary_location: String,
    /// First day on which it is eligible for authentication-international (R68).
    pub(super) auth_intl_eligible_from: Option<Day>,
    /// Whether a Solution Partner serves it (R48); missing means yes.
    pub(super) partner_served: Option<bool>,
    /// Categories that cost it nothing (R9b).
    pub(super) waived_categories: Vec<String>,
    /// Last day on which its service messages are free beyond the allowance (R54).
    pub(super) service_exempt_until: Option<Day>,
}

/// A business number and how conversations on it go.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Number {
    /// The platform's id of the number.
    pub(super) id: String,
    /// E.164 digits.
    pub(super) phone: String,
    /// The account it belongs to, if it is another one of the same portfolio.
    pub(super) waba_id: Option<String>,
    /// Everything about its account, if it shares none of it with the others: a zone or a currency of its own.
    pub(super) account: Option<Account>,
    pub(super) talk: Talk,
}

/// A conversation in turns: the customer asks, the business replies, the customer asks again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Talk {
    /// How many turns, by weight of 0, 1, 2, …
    pub(super) turns: Weights,
    /// How many messages the customer writes in a turn, by weight of 0, 1, 2, … (0 counts as 1).
    pub(super) asks: Weights,
    /// How many messages the business replies in a turn, by weight; 0 leaves the customer alone.
    pub(super) replies: Weights,
    /// Share of turns that a bot answers; the rest is for people.
    pub(super) bot: Share,
    /// Share of turns that Meta's Business Agent answers, taken before `bot`.
    pub(super) business_agent: Share,
    /// Share of the people's turns that were forgotten at first.
    pub(super) forgotten: Share,
    /// Share of turns in which the business also reacts to the customer's message.
    pub(super) reaction: Share,
    /// Template sent after a reply that came too late and was refused.
    pub(super) reopen: Option<Name>,
    /// What may follow a conversation, such as a booked appointment: each by itself.
    pub(super) outcome: Outcomes,
}

/// None, one or several: `{ … }` or `[{ … }, { … }]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcomes(pub(super) Vec<Outcome>);

impl<'de> Deserialize<'de> for Outcomes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrMany)
    }
}

/// Tells a table from a list. An untagged enum would lose the places of names, which errors need.
struct OneOrMany;

impl<'de> Visitor<'de> for OneOrMany {
    type Value = Outcomes;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("{ journey = \"…\", chance = 0.1 }, or a list of such")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Outcomes, M::Error> {
        Outcome::deserialize(MapAccessDeserializer::new(map)).map(|only| Outcomes(vec![only]))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, list: S) -> Result<Outcomes, S::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Outcomes)
    }
}

/// A journey that starts at the end of a conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub(super) journey: Name,
    pub(super) chance: Share,
}

/// A message template; the table's name is the template's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    pub(super) category: Category,
    /// How long the platform keeps trying to deliver it; missing means 30 days.
    pub(super) valid: Option<Lapse>,
    /// Share that is delivered, in place of `delivery.lost`.
    pub(super) delivered: Option<Share>,
    /// Share of the delivered that is read, in place of `delivery.read`.
    pub(super) read: Option<Share>,
}

/// A template's category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Category {
    Marketing,
    /// Marketing by the Marketing Messages API (R33).
    #[serde(rename = "marketing_lite")]
    MarketingLite,
    Utility,
    Authentication,
}

impl Category {
    /// Marketing by either product.
    pub(super) fn is_marketing(self) -> bool {
        matches!(self, Self::Marketing | Self::MarketingLite)
    }
}

/// A series of templates that something outside the log sets off: an order, a login, a booking.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journey {
    #[serde(default = "unnamed")]
    pub(super) number: Name,
    /// The templates, each at a delay after the one before.
    pub(super) steps: Vec<Step>,
    /// Chance, at each step, that the customer asks something about it.
    #[serde(default)]
    pub(super) question: Share,
}

/// One template of a journey.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) template: Name,
    pub(super) after: Delay,
    /// Chance that the journey gets this far; missing means always.
    #[serde(default = "always")]
    pub(super) chance: Share,
    /// Whether it waits for the customer's morning rather than go out at night; missing means no.
    #[serde(default)]
    pub(super) by_day: bool,
}

fn always() -> Share {
    Share::CERTAIN
}

/// One template to many customers, on certain days; the table's name is the campaign's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Campaign {
    #[serde(default = "unnamed")]
    pub(super) number: Name,
    pub(super) template: Name,
    #[serde(default)]
    pub(super) days: Vec<Spanned<Day>>,
    /// Days of every month, in addition to `days`.
    #[serde(default)]
    pub(super) monthly: Vec<Spanned<u8>>,
    /// When sending starts, in the account's time zone.
    #[serde(default = "Clock::ten")]
    pub(super) at: Clock,
    /// How long it takes until the last one is out.
    #[serde(default = "Lapse::three_hours")]
    pub(super) within: Lapse,
    /// Share of the customers on the list.
    pub(super) audience: Share,
    /// The same for the customers of a country, where it differs.
    #[serde(default)]
    pub(super) audience_by_market: BTreeMap<Name, Share>,
    /// Chance that a customer taps the template's button and a conversation starts.
    #[serde(default)]
    pub(super) answer: Share,
    /// Chance, at each mailing, that the customer wants no marketing any more.
    #[serde(default)]
    pub(super) opt_out: Share,
}

/// Conversations that customers start of their own accord.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Question {
    pub(super) number: Name,
    /// Several numbers by weight, in place of `number`.
    pub(super) numbers: BTreeMap<Name, u16>,
}

/// Customers who come from an ad, a page button or a post.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Clicks {
    pub(super) number: Name,
    /// Several numbers by weight, in place of `number`.
    pub(super) numbers: BTreeMap<Name, u16>,
    /// Share of clicks that nobody answers.
    pub(super) unanswered: Share,
    /// Share of the answered ones that were forgotten at first.
    pub(super) forgotten: Share,
    /// Share of clicks made in the web or desktop client.
    pub(super) desktop: Share,
    /// Template sent some time after the click.
    pub(super) follow_up: Name,
    pub(super) follow_up_after: Delay,
    pub(super) follow_up_chance: Share,
    pub(super) source: Vec<ClickOrigin>,
}

/// An ad, a page button or a post.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClickOrigin {
    pub(super) kind: SourceKind,
    pub(super) id: String,
    pub(super) weight: u16,
}

/// Where a click came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceKind {
    Ad,
    PageCta,
    Post,
}

impl Traffic {
    /// The currency of its account.
    pub fn currency(&self) -> &str {
        &self.account.currency
    }

    /// Whether every day of the period is billed message by message: since July 2025.
    pub fn starts_per_message(&self) -> bool {
        Some(self.period.get_ref().from.0) >= chrono::NaiveDate::from_ymd_opt(2025, 7, 1)
    }

    /// The account that a number bills to.
    pub(super) fn waba_of<'t>(&'t self, number: &'t Number) -> &'t str {
        number.waba_id.as_deref().unwrap_or(&self.account_of(number).waba_id)
    }

    /// The facts of a number's account.
    pub(super) fn account_of<'t>(&'t self, number: &'t Number) -> &'t Account {
        number.account.as_ref().unwrap_or(&self.account)
    }
}
