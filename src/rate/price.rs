//! What one unit costs at list price, and by its volume tier.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::model::{BilledCategory, Currency, Day, Message, Money, RegimeId};
use crate::tariff::{Account, CardFamily, MarketId, RateRow, Regime, Rules, ServicePrice, Tariff, TierTable};

/// What is asked of the card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) regime: RegimeId,
    pub(super) currency: Currency,
    pub(super) market: MarketId,
    pub(super) category: BilledCategory,
    pub(super) day: Day,
}

/// What the card answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    pub(super) list: Money,
    pub(super) row: Option<&'a RateRow>,
    pub(super) tiers: Option<&'a TierTable>,
}

/// A question without its day, and the period of the card that this lies in.
type Cell = (RegimeId, Currency, MarketId, BilledCategory, usize);

/// List prices, each looked up once: as few as the card has, so that they stay in the cache.
#[derive(Clone, Debug)]
pub(super) struct PriceList<'a> {
    tariff: &'a Tariff,
    rules: &'a Rules,
    known: HashMap<Cell, Result<Answer<'a>, String>, FixedState>,
}

impl<'a> PriceList<'a> {
    pub(super) fn new(tariff: &'a Tariff, rules: &'a Rules) -> PriceList<'a> {
        PriceList { tariff, rules, known: HashMap::default() }
    }

    /// The price of one unit, or why none is known. Nothing of the kind sold is a price of zero.
    pub(super) fn price(
        &mut self,
        question: Question,
        account: &Account,
        message: &Message,
    ) -> Result<Answer<'a>, String> {
        if self.is_not_sold(&question) {
            return Ok(Answer { list: Money::ZERO, row: None, tiers: None });
        }
        if question.category == BilledCategory::BusinessAgent {
            return self.agent(question, account, message);
        }
        if message.category_unknown && depends_on_category(&question) {
            return Err("the category of the template is not known; give --templates or --default-category".to_owned());
        }
        let (tariff, known) = (self.tariff, &mut self.known);
        let Question { regime, currency, market, category, day } = question;
        let cell = (regime, currency, market, category, tariff.price_period(day));
        known.entry(cell).or_insert_with(|| look_up(tariff, &question)).clone()
    }

    /// Free-form before it had a price, Business Agent before it had one, and the opener of a free entry point are not on any card.
    fn is_not_sold(&self, question: &Question) -> bool {
        match question.category.by_recipient() {
            BilledCategory::ReferralConversion => true,
            BilledCategory::Service => Regime::of(question.regime).service == ServicePrice::Free,
            BilledCategory::BusinessAgent => question.day < self.rules.milestones.business_agent_from,
            _ => false,
        }
    }

    /// Tokens at their price, which is in US dollars only (R59, Q10, Q30).
    fn agent(&self, question: Question, account: &Account, message: &Message) -> Result<Answer<'a>, String> {
        let price = self.tariff.agent_price(account.currency, question.day);
        let price = price.ok_or_else(|| "the price of Business Agent tokens is known in USD only".to_owned())?;
        let tokens = message.tokens.ok_or_else(|| "the log does not say how many tokens the reply had".to_owned())?;
        Ok(Answer { list: price.times(u64::from(tokens)), row: None, tiers: None })
    }
}

/// Before 2023-06-01 the template's category has no influence on the price.
fn depends_on_category(question: &Question) -> bool {
    !matches!(
        question.category,
        BilledCategory::UserInitiated | BilledCategory::BusinessInitiated | BilledCategory::Notification
    )
}

fn look_up<'a>(tariff: &'a Tariff, question: &Question) -> Result<Answer<'a>, String> {
    let Question { regime, currency, market, day, .. } = *question;
    let family = Regime::of(regime).card;
    let card_category = on_card(question.category, family);
    let list =
        tariff.rates.list_rate(family, currency, market, card_category, day).map_err(|missing| missing.to_string())?;
    let by_message = family == Some(CardFamily::Pmp);
    Ok(Answer {
        list: list.rate,
        row: Some(list.row),
        tiers: if by_message { tariff.tiers.table(currency, market, question.category, day, list.rate) } else { None },
    })
}

/// Per message, MM Lite costs what marketing costs (R33); before that it had a card of its own.
fn on_card(category: BilledCategory, family: Option<CardFamily>) -> BilledCategory {
    match category.by_recipient() {
        BilledCategory::MarketingLite if family == Some(CardFamily::Pmp) => BilledCategory::Marketing,
        other => other,
    }
}
