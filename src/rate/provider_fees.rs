//! From a provider's meter to its charges.

use std::collections::BTreeMap;

use crate::model::{BilledCategory, Currency, Money, Month, ProviderItem};
use crate::tariff::{Fee, ProviderFees, Rounding};

use super::provider_meter::{Counts, ProviderMeter};

/// One charge of a provider. The account is a place among those of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of provider_lines.csv")]
pub struct ProviderCharge {
    pub account: u32,
    pub month: Month,
    pub item: ProviderItem,
    pub category: Option<BilledCategory>,
    pub quantity: u64,
    /// `None` where it is not known, or differs from piece to piece.
    pub unit_price: Option<Money>,
    /// `None` where it is not known. Never zero for that reason.
    pub amount: Option<Money>,
    /// `None` where not even that is known.
    pub currency: Option<Currency>,
    pub remark: &'static str,
}

const UNPUBLISHED: &str = "the fee is not known; set it in [provider]";
const UNPRICED: &str = "the rate of Meta is not known";
const UNSUPPORTED: &str = "the provider does not send this category; not priced";
const UNDOCUMENTED: &str = "the provider documents no price for these charges of Meta";

impl ProviderMeter {
    /// What the provider charges for what was counted. `facts` gives number and currency of an account.
    pub fn charges(&self, fees: &ProviderFees, facts: impl Fn(u32) -> (u32, Currency)) -> Vec<ProviderCharge> {
        let mut charges = Vec::new();
        for ((account, month), counts) in &self.counts {
            let mut account_charges = AccountCharges { fees, account: *account, month: *month, charges: &mut charges };
            account_charges.of_messages(counts);
            account_charges.of_metas_prices(counts, facts(*account).1);
            account_charges.flagged(counts);
        }
        let mut numbers: BTreeMap<u32, NumberMonths> = BTreeMap::new();
        for (account, month) in self.counts.keys() {
            let seen = NumberMonths { account: *account, first: *month, last: *month };
            numbers.entry(facts(*account).0).or_insert(seen).include(*month);
        }
        for (number, months) in numbers {
            for month in months.all() {
                let active = self.active.get(&(number, month)).map_or(0, |persons| persons.len() as u64);
                AccountCharges { fees, account: months.account, month, charges: &mut charges }.of_number(active);
            }
        }
        charges
    }
}

/// The months of a number, and the account that its own fees stand with: the first one it sends for.
struct NumberMonths {
    account: u32,
    first: Month,
    last: Month,
}

impl NumberMonths {
    fn include(&mut self, month: Month) {
        self.first = self.first.min(month);
        self.last = self.last.max(month);
    }

    fn all(&self) -> impl Iterator<Item = Month> + use<> {
        let last = self.last;
        std::iter::successors(Some(self.first), |month| Some(month.next())).take_while(move |month| *month <= last)
    }
}

/// Writes charges of one account and month.
struct AccountCharges<'a> {
    fees: &'a ProviderFees,
    account: u32,
    month: Month,
    charges: &'a mut Vec<ProviderCharge>,
}

impl AccountCharges<'_> {
    fn of_messages(&mut self, counts: &Counts) {
        self.by_piece(ProviderItem::MessageOut, counts.messages_out, self.fees.per_message_out);
        self.by_piece(ProviderItem::MessageIn, counts.messages_in, self.fees.per_message_in);
        self.by_piece(ProviderItem::FailedMessage, counts.failed, self.fees.per_failed);
        self.by_piece(ProviderItem::Conversation, counts.conversations, self.fees.per_conversation);
    }

    fn of_number(&mut self, active: u64) {
        self.by_piece(ProviderItem::Monthly, 1, self.fees.monthly);
        if self.fees.per_monthly_active_user.is_charged() {
            let included = active.min(self.fees.included);
            self.by_piece(ProviderItem::ActiveUserIncluded, included, Fee::Price(Money::ZERO));
            self.by_piece(ProviderItem::ActiveUser, active - included, self.fees.per_monthly_active_user);
        }
    }

    fn of_metas_prices(&mut self, counts: &Counts, currency: Currency) {
        let fees = self.fees;
        let mut changed = |item, amount| {
            if counts.charges > 0 {
                self.push(item, None, counts.charges, (None, Some(amount)), Some(currency), "");
            }
            if counts.unpriced > 0 {
                self.push(item, None, counts.unpriced, (None, None), Some(currency), UNPRICED);
            }
        };
        if !fees.markup.is_zero() {
            changed(ProviderItem::Markup, fees.markup.of(counts.billed));
        }
        if fees.rounding == Rounding::UpToUnit {
            changed(ProviderItem::Rounding, counts.rounding);
        }
    }

    fn flagged(&mut self, counts: &Counts) {
        for (category, messages) in &counts.unsupported {
            let item = ProviderItem::UnsupportedCategory;
            self.push(item, Some(*category), *messages, (None, None), self.fees.currency, UNSUPPORTED);
        }
        if counts.undocumented > 0 {
            let currency = self.fees.currency;
            self.push(ProviderItem::Undocumented, None, counts.undocumented, (None, None), currency, UNDOCUMENTED);
        }
    }

    fn by_piece(&mut self, item: ProviderItem, quantity: u64, fee: Fee) {
        if quantity == 0 || !fee.is_charged() {
            return;
        }
        let price = fee.price();
        let remark = if price.is_none() { UNPUBLISHED } else { "" };
        let amount = price.map(|price| price.times(quantity));
        self.push(item, None, quantity, (price, amount), self.fees.currency, remark);
    }

    fn push(
        &mut self,
        item: ProviderItem,
        category: Option<BilledCategory>,
        quantity: u64,
        (unit_price, amount): (Option<Money>, Option<Money>),
        currency: Option<Currency>,
        remark: &'static str,
    ) {
        let (account, month) = (self.account, self.month);
        self.charges.push(ProviderCharge {
            account,
            month,
            item,
            category,
            quantity,
            unit_price,
            amount,
            currency,
            remark,
        });
    }
}
