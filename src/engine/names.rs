//! The names that lines show.

use crate::model::Currency;
use crate::summarise::LineNames;

use super::pass::Run;

impl LineNames for Run<'_> {
    fn account(&self, account: u32) -> (&str, &str, Currency) {
        let account = &self.accounts.get(account).account;
        (&account.waba_id, &account.phone_number_id, account.currency)
    }

    fn market(&self, market: usize) -> &str {
        &self.plan.tariff.markets.names()[market]
    }

    fn template(&self, template: u32) -> &str {
        self.log.intake.names().get(template)
    }
}
