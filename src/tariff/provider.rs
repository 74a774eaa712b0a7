//! What a provider charges for its own work, as data: the fees of `[provider]` in wabill.toml (rules §4).
//!
//! A provider's fee is a second meter over the same log. It counts what Meta does not (inbound, failed and free messages, active
//! users), so it is kept apart from Meta's charges everywhere. A fee that exists but is not published is [`Fee::Unknown`]: what it is
//! for is counted, and no amount is made up.

use crate::model::{BilledCategory, Country, Currency, Day, Instant, Money, Percent};

/// The price of one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fee {
    /// Not charged for.
    #[default]
    None,
    /// Charged for, but nobody outside knows the price.
    Unknown,
    /// So much a piece.
    Price(Money),
}

impl Fee {
    /// Whether there is such a fee at all.
    pub fn is_charged(self) -> bool {
        self != Fee::None
    }

    /// The price, if it is known.
    pub fn price(self) -> Option<Money> {
        if let Fee::Price(price) = self { Some(price) } else { None }
    }
}

/// Which messages of the business `per_message_out` counts. One that failed is never among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountedOut {
    /// All that were sent.
    #[default]
    Sent,
    /// Those that were delivered.
    Delivered,
}

/// Whose calendar months and billed days follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProviderCalendar {
    /// The account's, as Meta's do (R10).
    #[default]
    Local,
    /// UTC.
    Utc,
}

/// What a provider does to each price of Meta before it passes it on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// Nothing.
    #[default]
    None,
    /// Rounds it up to a whole unit of the currency.
    UpToUnit,
}

/// Failed messages that cost nothing although failed ones do.
#[derive(Clone, Copy, Debug, Default)]
pub struct FailedFree {
    /// First day (UTC) on which failed messages cost anything.
    pub before: Option<Day>,
    /// Error codes that never do.
    pub codes: &'static [u32],
}

impl FailedFree {
    /// Whether a message that failed then, with that code, is free.
    pub fn holds(&self, at: Instant, code: u32) -> bool {
        self.before.is_some_and(|before| at.utc_day() < before) || self.codes.contains(&code)
    }
}

/// The charges of Meta that a provider says its price for; for others it is not documented.
#[derive(Clone, Copy, Debug, Default)]
pub struct Documented {
    /// Categories of Meta's; empty = all.
    pub categories: &'static [BilledCategory],
    /// A country whose numbers are priced in another way.
    pub except: Option<Country>,
}

impl Documented {
    /// Whether the price of such a charge is documented.
    pub fn holds(&self, category: BilledCategory, country: Country) -> bool {
        (self.categories.is_empty() || self.categories.contains(&category)) && self.except != Some(country)
    }
}

/// The fees of one provider.
#[derive(Clone, Debug, Default)]
pub struct ProviderFees {
    /// How outputs call the provider.
    pub name: String,
    /// The preset it was made from.
    pub preset: Option<&'static str>,
    /// Where the preset's figures stand.
    pub source: &'static str,
    /// What to know about the preset.
    pub notes: &'static [&'static str],
    /// Currency of all fees but mark-up and rounding, which are in that of the account.
    pub currency: Option<Currency>,
    /// For a message of the business that did not fail.
    pub per_message_out: Fee,
    /// Which of them count.
    pub messages_out: CountedOut,
    /// For a message of a customer.
    pub per_message_in: Fee,
    /// For a message of the business that failed.
    pub per_failed: Fee,
    /// Failed ones that are free.
    pub failed_free: FailedFree,
    /// For a conversation that Meta charges.
    pub per_conversation: Fee,
    /// For a customer who wrote or received at least one message in a month, per number.
    pub per_monthly_active_user: Fee,
    /// Active users a month and number that cost nothing.
    pub included: u64,
    /// For a number and month, from its first message to its last.
    pub monthly: Fee,
    /// On top of what Meta bills.
    pub markup: Percent,
    /// Of each of Meta's prices.
    pub rounding: Rounding,
    /// Categories the provider cannot send: counted and flagged, never priced.
    pub unsupported: Vec<BilledCategory>,
    /// Which charges of Meta the fees are documented for.
    pub documented: Documented,
    /// Whose months.
    pub calendar: ProviderCalendar,
}

impl ProviderFees {
    /// Whether anything depends on what Meta charges.
    pub fn follows_meta(&self) -> bool {
        self.per_conversation.is_charged() || self.changes_prices()
    }

    /// Whether Meta's prices are passed on changed.
    pub fn changes_prices(&self) -> bool {
        !self.markup.is_zero() || self.rounding == Rounding::UpToUnit
    }

    /// The fees that stand for themselves, by their keys.
    pub fn fees(&self) -> [(&'static str, Fee); 6] {
        [
            ("per_message_out", self.per_message_out),
            ("per_message_in", self.per_message_in),
            ("per_failed", self.per_failed),
            ("per_conversation", self.per_conversation),
            ("per_monthly_active_user", self.per_monthly_active_user),
            ("monthly", self.monthly),
        ]
    }

    /// Whether there is nothing to charge or to flag.
    pub fn is_empty(&self) -> bool {
        !self.fees().iter().any(|(_, fee)| fee.is_charged()) && !self.changes_prices() && self.unsupported.is_empty()
    }
}
