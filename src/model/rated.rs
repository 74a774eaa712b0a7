//! A verdict with its price.

use std::fmt;

use super::{BilledCategory, Currency, Day, Flags, Money, Outcome, RuleId};

/// A volume tier as Meta's analytics write it: `0:100000`, `100001:MAX` (rules §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TierBand {
    /// Lower bound.
    pub from: u64,
    /// Upper bound, inclusive; `None` in the last tier.
    pub to: Option<u64>,
}

impl fmt::Display for TierBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "{}:{to}", self.from),
            None => write!(f, "{}:MAX", self.from),
        }
    }
}

/// A charge without a known rate: the rate row that is missing. Never counted as zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unpriced {
    /// Currency of the account.
    pub currency: Currency,
    /// Market of the recipient.
    pub market: String,
    /// What was charged.
    pub category: BilledCategory,
    /// Day whose rate is missing.
    pub day: Day,
    /// Why there is none, in words.
    pub why: String,
}

/// What a message finally came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// After allowances.
    pub outcome: Outcome,
    /// The rule that decided.
    pub rule: RuleId,
    /// The volume tier it fell in, where there are tiers.
    pub tier: Option<TierBand>,
    /// At the card's list rate; `None` where no rate is known.
    pub list: Option<Money>,
    /// What it cost; `None` where no rate is known.
    pub billed: Option<Money>,
    /// The missing rate, if it is charged and has none.
    pub unpriced: Option<Box<Unpriced>>,
    /// Remarks of rating.
    pub flags: Flags,
}
