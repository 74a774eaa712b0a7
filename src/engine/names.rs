//! The names that lines show, each once, and their order.

use std::sync::Arc;

use crate::model::Currency;
use crate::summarise::LineNames;
use crate::tariff::Account;

use super::pass::Run;

/// WABA, number and currency.
type AccountNames = (Arc<str>, Arc<str>, Currency);

/// The names of a run.
pub(super) struct Names<'a> {
    run: &'a Run<'a>,
    /// By account: WABA, number and currency, and the place of these among those of all accounts.
    accounts: Vec<(AccountNames, u32)>,
    markets: Vec<Arc<str>>,
    /// By rank of a name: the names of templates that were sent.
    templates: Vec<(u32, Arc<str>)>,
}

impl<'a> Names<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Names<'a> {
        let shown: Vec<_> = run.accounts.all().iter().map(|one| columns(&one.account)).collect();
        let mut sorted = shown.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let account = |&(waba, number, currency): &(&str, &str, Currency)| {
            let rank = sorted.partition_point(|other| *other < (waba, number, currency));
            ((waba.into(), number.into(), currency), u32::try_from(rank).unwrap_or(u32::MAX))
        };
        let markets = run.plan.tariff.markets.names().iter().map(|name| name.as_str().into());
        let template = |name: u32| (run.log.intake.ranks()[name as usize], run.log.intake.names().get(name).into());
        let mut templates: Vec<(u32, Arc<str>)> = run.log.intake.template_names().map(template).collect();
        templates.sort_unstable();
        templates.dedup();
        Names { run, accounts: shown.iter().map(account).collect(), markets: markets.collect(), templates }
    }
}

fn columns(account: &Account) -> (&str, &str, Currency) {
    (&account.waba_id, &account.phone_number_id, account.currency)
}

impl LineNames for Names<'_> {
    fn account(&self, account: u32) -> (Arc<str>, Arc<str>, Currency) {
        self.accounts[account as usize].0.clone()
    }

    fn account_rank(&self, account: u32) -> u32 {
        self.accounts[account as usize].1
    }

    fn market(&self, market: usize) -> Arc<str> {
        self.markets[market].clone()
    }

    fn template(&self, template: u32) -> Arc<str> {
        let rank = self.template_rank(template);
        let known = self.templates.binary_search_by_key(&rank, |(rank, _)| *rank);
        known.map_or_else(|_| self.run.log.intake.names().get(template).into(), |place| self.templates[place].1.clone())
    }

    fn template_rank(&self, template: u32) -> u32 {
        self.run.log.intake.ranks()[template as usize]
    }
}
