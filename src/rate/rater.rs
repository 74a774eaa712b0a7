//! Rates one verdict: allowance, exemption, list price, volume tier.

use crate::model::{CustomerText, Day, Flag, Flags, Message, Money, Outcome, Rated, Reason, RuleId, Unpriced, Verdict};
use crate::tariff::{Account, Allowance, Confidence, MONTHLY_ALLOWANCE, RateRow, Regime, Rules, Tariff};

use super::pool::{Sender, allowance, tier};
use super::positions::Positions;
use super::price::{Answer, PriceList, Question};

/// Rates verdicts one by one, in any order.
#[derive(Clone, Debug)]
pub struct Rater<'a, 'p> {
    tariff: &'a Tariff,
    positions: &'p Positions,
    prices: PriceList<'a>,
}

/// A verdict to rate, with what its price depends on.
#[derive(Debug)]
pub struct Rateable<'m, Id> {
    /// The verdict.
    pub verdict: &'m Verdict<Id>,
    /// Its message.
    pub message: &'m Message,
    /// Its message's id, for the order in its pools.
    pub id: &'m str,
    /// Its customer as outputs show it, likewise.
    pub customer: CustomerText<'m>,
    /// The account that sent it.
    pub account: &'m Account,
    /// Who sent it where.
    pub sender: Sender,
    /// The day whose rates hold.
    pub rate_day: Day,
}

impl<'a, 'p> Rater<'a, 'p> {
    /// A rater with the positions of all pools.
    pub fn new(tariff: &'a Tariff, rules: &'a Rules, positions: &'p Positions) -> Rater<'a, 'p> {
        Rater { tariff, positions, prices: PriceList::new(tariff, rules) }
    }

    /// The price of a verdict.
    pub fn rate<Id>(&mut self, case: &Rateable<'_, Id>) -> Rated {
        let (outcome, rule) = self.after_allowance(case);
        let free = Rated {
            outcome,
            rule,
            tier: None,
            list: Some(Money::ZERO),
            billed: Some(Money::ZERO),
            unpriced: None,
            flags: Flags::NONE,
        };
        match outcome {
            Outcome::Covered(_) | Outcome::NotBilled(_) => free,
            Outcome::Free(_) => match self.list_price(case) {
                Ok(answer) => Rated { list: Some(answer.list), flags: derived(&answer), ..free },
                Err(_) => Rated { list: None, ..free },
            },
            Outcome::Charged => match self.list_price(case) {
                Ok(answer) => self.charge(case, &answer, free),
                Err(why) => {
                    Rated { list: None, billed: None, unpriced: Some(Box::new(self.unpriced(case, why))), ..free }
                }
            },
        }
    }

    /// A charged verdict is free while its allowance lasts, and beyond it for an exempt account (Q21, R54).
    fn after_allowance<Id>(&self, case: &Rateable<'_, Id>) -> (Outcome, RuleId) {
        let verdict = case.verdict;
        let unchanged = (verdict.outcome, verdict.rule);
        let Some(pool) = allowance(verdict, &case.sender).filter(|_| verdict.outcome == Outcome::Charged) else {
            return unchanged;
        };
        if self.before(case, &pool) < MONTHLY_ALLOWANCE {
            return (Outcome::Free(Reason::FreeTier), verdict.rule);
        }
        let service = Regime::of(verdict.regime).allowance == Allowance::ServiceMessages;
        let exempt = case.account.service_exempt_until.is_some_and(|until| case.rate_day <= until);
        if service && exempt { (Outcome::Free(Reason::PaidExempt), RuleId::R54) } else { unchanged }
    }

    fn before<Id>(&self, case: &Rateable<'_, Id>, pool: &super::PoolKey) -> u64 {
        self.positions.before(pool, case.message.dated(), case.message.sent, case.id, case.customer)
    }

    /// The row of the card that a verdict's list price stands in.
    pub fn row<Id>(&mut self, case: &Rateable<'_, Id>) -> Option<&'a RateRow> {
        self.list_price(case).ok().and_then(|answer| answer.row)
    }

    fn list_price<Id>(&mut self, case: &Rateable<'_, Id>) -> Result<Answer<'a>, String> {
        let question = Question {
            regime: case.verdict.regime,
            currency: case.account.currency,
            market: case.sender.market,
            category: case.verdict.category,
            day: case.rate_day,
        };
        self.prices.price(question, case.account, case.message)
    }

    /// At list rate, or by the tier that the unit's place in its counter falls in (R62, R64).
    fn charge<Id>(&self, case: &Rateable<'_, Id>, answer: &Answer<'_>, free: Rated) -> Rated {
        let charged = Rated { list: Some(answer.list), billed: Some(answer.list), flags: derived(answer), ..free };
        let counter = tier(case.verdict, &case.sender);
        match (counter, answer.tiers) {
            (None, _) => charged,
            (Some(_), None) => Rated { flags: charged.flags.union(Flags::only(Flag::TiersUnknown)), ..charged },
            (Some(pool), Some(table)) => {
                let step = table.tier_after(self.before(case, &pool));
                Rated { tier: Some(step.band), billed: Some(step.rate), ..charged }
            }
        }
    }

    fn unpriced<Id>(&self, case: &Rateable<'_, Id>, why: String) -> Unpriced {
        Unpriced {
            currency: case.account.currency,
            market: self.tariff.markets.name(case.sender.market).to_owned(),
            category: case.verdict.category,
            day: case.rate_day,
            why,
        }
    }
}

fn derived(answer: &Answer<'_>) -> Flags {
    if answer.row.is_some_and(|row| row.confidence == Confidence::Derived) {
        Flags::only(Flag::RateDerived)
    } else {
        Flags::NONE
    }
}
