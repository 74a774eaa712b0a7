//! Who the customers are: their countries and their habits.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::frequency::{Frequency, Growth};
use super::number_pattern::NumberPattern;
use super::traffic::Name;
use super::values::Zone;

/// The customers of one country; the table's name is the country's two letters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Market {
    /// Customers of the country who take one of the segments with a `weight`.
    #[serde(default = "nobody")]
    pub(super) customers: Spanned<u32>,
    /// Missing: the zone of the country's largest city.
    pub(super) timezone: Option<Zone>,
    /// Where their numbers come from, in turn; missing: a range for fiction or an invented block of the country.
    #[serde(default)]
    pub(super) numbers: Vec<NumberPattern>,
    /// Whether the business sends marketing there; missing means yes.
    #[serde(default = "yes")]
    pub(super) marketing: bool,
}

fn nobody() -> Spanned<u32> {
    Spanned::new(0..0, 0)
}

fn yes() -> bool {
    true
}

impl Market {
    /// A country of which nothing is said.
    pub(super) fn unsaid() -> Self {
        Self { customers: nobody(), timezone: None, numbers: Vec::new(), marketing: true }
    }

    /// The customers' zone; filled in before anybody asks.
    pub(super) fn zone(&self) -> chrono_tz::Tz {
        self.timezone.map_or(chrono_tz::Tz::UTC, |zone| zone.0)
    }
}

/// Customers of one habit: a number of their own (`customers`), or a share of each market's (`weight`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Segment {
    /// How common the segment is among the customers that a `[market]` counts.
    pub(super) weight: Option<u16>,
    /// Customers at the start of the period.
    pub(super) customers: Option<u32>,
    /// Countries of these customers, by weight.
    pub(super) markets: BTreeMap<Name, u16>,
    /// By how much their number changes in 30 days: 0.05 is 5 % more.
    pub(super) growth: Growth,
    /// Conversations that the customer starts.
    pub(super) question: Option<Frequency>,
    /// Clicks on an ad, a page button or a post.
    pub(super) click: Option<Frequency>,
    /// Journeys, by name.
    pub(super) journey: Option<BTreeMap<Name, Frequency>>,
}

impl Segment {
    /// Whether it says nothing of what the customers do.
    pub(super) fn is_silent(&self) -> bool {
        self.question.is_none() && self.click.is_none() && self.journey.is_none()
    }

    /// Conversations that the customer starts.
    pub(super) fn questions(&self) -> Frequency {
        self.question.unwrap_or(Frequency::NEVER)
    }

    /// Clicks.
    pub(super) fn clicks(&self) -> Frequency {
        self.click.unwrap_or(Frequency::NEVER)
    }

    /// Journeys by name.
    pub(super) fn journeys(&self) -> impl Iterator<Item = (&str, Frequency)> {
        self.journey.iter().flatten().map(|(name, often)| (name.get_ref().as_str(), *often))
    }
}
