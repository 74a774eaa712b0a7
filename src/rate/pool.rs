//! Pools, and which of them a verdict counts in.

use crate::model::{HOUR, Instant, Message, Month, Outcome, Verdict};
use crate::tariff::{Allowance, CardFamily, MarketId, Regime, TierCategory};

/// What shares an allowance or a counter of volume tiers. Numbers, WABAs and portfolios are places in the accounts of the log; the month
/// is local to the account that sent (R63).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PoolKey {
    /// Free conversations of a WABA (R47, R49).
    Conversations {
        /// The WABA.
        waba: u32,
        /// The month.
        month: Month,
    },
    /// Free service messages of a number (R51).
    Service {
        /// The number.
        number: u32,
        /// The month.
        month: Month,
    },
    /// Charged messages of a portfolio in a market and category (R61, R64).
    Tier {
        /// The portfolio.
        portfolio: u32,
        /// The month.
        month: Month,
        /// The market.
        market: MarketId,
        /// What has a counter.
        category: TierCategory,
    },
}

/// One unit of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The pool it counts in.
    pub pool: PoolKey,
    /// When it was delivered, which orders units first.
    pub delivered: Instant,
}

/// Who sent a message: places in the accounts of the log.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// The number.
    pub number: u32,
    /// The WABA.
    pub waba: u32,
    /// The portfolio.
    pub portfolio: u32,
    /// The local month of the delivery.
    pub month: Month,
    /// The market of the recipient.
    pub market: MarketId,
}

impl Sender {
    /// All pools that its units may count in.
    pub(super) fn pools(&self) -> [PoolKey; 4] {
        let Sender { number, waba, portfolio, month, market } = *self;
        let [authentication, utility] =
            TierCategory::ALL.map(|category| PoolKey::Tier { portfolio, month, market, category });
        [PoolKey::Conversations { waba, month }, PoolKey::Service { number, month }, authentication, utility]
    }
}

/// Whether a verdict may count in a pool at all: most free ones do not, whoever sent them where.
pub fn may_count<Id>(verdict: &Verdict<Id>) -> bool {
    verdict.draws_allowance || verdict.outcome == Outcome::Charged
}

/// The pools a verdict counts in: an allowance it draws on, and a tier counter it moves (only if it is charged, R61).
pub fn units<Id>(verdict: &Verdict<Id>, message: &Message, sender: &Sender) -> [Option<Unit>; 2] {
    let Some(delivered) = message.delivered else { return [None, None] };
    let unit = |pool| Unit { pool, delivered };
    [allowance(verdict, sender).map(unit), tier(verdict, sender).map(unit)]
}

pub(super) fn allowance<Id>(verdict: &Verdict<Id>, sender: &Sender) -> Option<PoolKey> {
    let month = sender.month;
    match Regime::of(verdict.regime).allowance {
        _ if !verdict.draws_allowance => None,
        Allowance::None => None,
        Allowance::ServiceMessages => Some(PoolKey::Service { number: sender.number, month }),
        Allowance::Conversations | Allowance::ConversationsByPartner | Allowance::ServiceConversations => {
            Some(PoolKey::Conversations { waba: sender.waba, month })
        }
    }
}

pub(super) fn tier<Id>(verdict: &Verdict<Id>, sender: &Sender) -> Option<PoolKey> {
    let by_message = Regime::of(verdict.regime).card == Some(CardFamily::Pmp);
    let category = TierCategory::of(verdict.category).filter(|_| by_message && verdict.outcome == Outcome::Charged)?;
    let Sender { portfolio, month, market, .. } = *sender;
    Some(PoolKey::Tier { portfolio, month, market, category })
}

/// Hours since 1970.
pub fn hour_of(at: Instant) -> u32 {
    u32::try_from(at.as_ms() / HOUR.as_ms()).unwrap_or(u32::MAX)
}
