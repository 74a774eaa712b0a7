//! The scenario file: its tables and fields, as they stand in the TOML text.
//!
//! Units: every chance and share is 0 to 1, every weight a whole number, every time span a text
//! with its unit. Names that refer to another table are checked in [`check`](super::check), so a
//! lookup by name cannot fail later.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::conditions::{Delivery, LogFaults, Rhythm};
use super::error::ScenarioError;
use super::values::{Clock, Day, Delay, Lapse, NumberPattern, Share, Weights, Zone};

/// A name that refers to another table, with its place in the file for error messages.
pub(super) type Name = Spanned<String>;

/// A checked scenario: who writes to whom, how often, and how well it arrives.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Seed of all random streams.
    pub(super) seed: u32,
    pub(super) period: Spanned<Period>,
    pub(super) account: Account,
    pub(super) number: BTreeMap<String, Number>,
    pub(super) market: BTreeMap<String, Market>,
    pub(super) segment: BTreeMap<String, Segment>,
    pub(super) template: BTreeMap<String, Template>,
    pub(super) journey: BTreeMap<String, Journey>,
    pub(super) campaign: BTreeMap<String, Campaign>,
    pub(super) question: Question,
    pub(super) click: Clicks,
    pub(super) rhythm: Rhythm,
    pub(super) delivery: Delivery,
    pub(super) log: LogFaults,
}

impl Scenario {
    /// Reads and checks a scenario file.
    ///
    /// `toml_text` is the file's text and `name` what errors call it. The first thing found wrong
    /// is returned, with its line and what would be accepted.
    pub fn parse(toml_text: &str, name: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(toml_text).map_err(|error| ScenarioError::Syntax {
            name: name.to_owned(),
            detail: error.to_string().trim_end().to_owned(),
        })?;
        super::check::check(&scenario, toml_text, name)?;
        Ok(scenario)
    }
}

/// First and last day of the log, in the account's time zone.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    pub(super) from: Day,
    pub(super) to: Day,
}

/// The business account that all numbers belong to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) waba_id: String,
    pub(super) timezone: Zone,
    /// ISO 4217.
    pub(super) currency: String,
    pub(super) portfolio_id: String,
    /// ISO 3166-1, two letters.
    pub(super) primary_location: String,
}

/// A business number and how conversations on it go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Number {
    /// The platform's id of the number.
    pub(super) id: String,
    /// E.164 digits.
    pub(super) phone: String,
    pub(super) talk: Talk,
}

/// A conversation in turns: the customer asks, the business replies, the customer asks again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// What may follow a conversation, such as a booked appointment.
    pub(super) outcome: Option<Outcome>,
}

/// A journey that starts at the end of a conversation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outcome {
    pub(super) journey: Name,
    pub(super) chance: Share,
}

/// The customers of one country; the table's name is the country's two letters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Market {
    pub(super) customers: Spanned<u32>,
    pub(super) timezone: Zone,
    /// Where their numbers come from, in turn.
    pub(super) numbers: Vec<NumberPattern>,
    /// Whether the business sends marketing there; missing means yes.
    #[serde(default = "yes")]
    pub(super) marketing: bool,
}

fn yes() -> bool {
    true
}

/// Customers of one habit. All chances are for one day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Segment {
    /// How common the segment is.
    pub(super) weight: u16,
    /// Chance of a conversation that the customer starts.
    pub(super) question: Share,
    /// Chance of a click on an ad, a page button or a post.
    pub(super) click: Share,
    /// Chance of each journey, by its name.
    pub(super) journey: BTreeMap<Name, Share>,
}

/// A message template; the table's name is the template's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    pub(super) category: Category,
    /// How long the platform keeps trying to deliver it; missing means 30 days.
    pub(super) valid: Option<Lapse>,
}

/// A template's category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Category {
    Marketing,
    Utility,
    Authentication,
}

/// A series of templates that something outside the log sets off: an order, a login, a booking.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journey {
    pub(super) number: Name,
    /// The templates, each at a delay after the one before.
    pub(super) steps: Vec<Step>,
    /// Chance, at each step, that the customer asks something about it.
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
    pub(super) number: Name,
    pub(super) template: Name,
    pub(super) days: Vec<Spanned<Day>>,
    /// When sending starts, in the account's time zone.
    pub(super) at: Clock,
    /// How long it takes until the last one is out.
    pub(super) within: Lapse,
    /// Share of the customers on the list.
    pub(super) audience: Share,
    /// Chance that a customer taps the template's button and a conversation starts.
    pub(super) answer: Share,
}

/// Conversations that customers start of their own accord.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) number: Name,
}

/// Customers who come from an ad, a page button or a post.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clicks {
    pub(super) number: Name,
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
    pub(super) source: Vec<Source>,
}

/// An ad, a page button or a post.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
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
