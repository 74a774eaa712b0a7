//! One pass over a partition: fold each chat, put its messages in the order of their turns, judge them.

use std::cell::OnceCell;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::chat::{Accounts, Chat, ChatMessage, Folder, Glimpse, PARTITIONS, Partition, ResolvedAccount};
use crate::judge::{Case, ChatState, Turn, before_log, judge_on, trust, turn_on};
use crate::model::{Assumptions, BeforeLog, Country, CustomerText, Day, Month, MonthBefore, Verdict};
use crate::rate::{OrderKey, PoolCounts, PoolKey, Positions, Search, Sender, Sought, carried_in, may_count, units};
use crate::tariff::{MONTHLY_ALLOWANCE, Rules, TemplateBook};

use super::hours::WantedHours;
use super::log::Log;
use super::plan::{Plan, Trust};
use super::replay::RunError;
use super::turns::{InTurn, Turns};
use super::watch::{Pass, Watch};

/// A plan and a log, ready to be gone over.
#[derive(Debug)]
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The log.
    pub log: &'a Log,
    /// The accounts the log bills to.
    pub accounts: Accounts,
    /// Categories of templates: of `templates.csv`, and as the log says that they changed.
    pub templates: TemplateBook,
    /// The rules: the plan's, or others where bounds are looked for.
    pub rules: Rules,
    /// What is taken for true where the log leaves it open.
    pub assumptions: Assumptions,
    watch: Option<&'a dyn Watch>,
    /// What all its passes are for, if it is one run of several.
    part_of: Option<Pass>,
}

/// A message in its turn, judged.
#[derive(Debug)]
pub(super) struct Judged<'s, 'r> {
    pub(super) message: &'s ChatMessage<'r>,
    pub(super) turn: Turn,
    pub(super) account: &'r ResolvedAccount,
    /// Local day that dates it.
    pub(super) day: Day,
    /// What is billed: our verdict, or Meta's where the plan trusts it. `None` for inbound messages and calls.
    pub(super) verdict: Option<Verdict<&'r str>>,
    /// Our own verdict, likewise.
    pub(super) own: Option<Verdict<&'r str>>,
    /// The chat after it.
    pub(super) state: &'s ChatState<&'r str>,
    /// Who sent it where, once it is asked for.
    sender: OnceCell<Sender>,
}

/// Which verdicts count in the pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Those that are billed.
    Billed,
    /// Our own, whatever is trusted.
    Own,
}

impl<'r> Judged<'_, 'r> {
    fn seen(&self, view: View) -> Option<&Verdict<&'r str>> {
        if view == View::Own { self.own.as_ref() } else { self.verdict.as_ref() }
    }

    /// The day whose rates hold.
    pub(super) fn rate_day(&self, run: &Run<'_>) -> Day {
        run.plan.rules.rule_day(self.day)
    }

    /// Who sent it where.
    pub(super) fn sender(&self, run: &Run<'_>) -> Sender {
        *self.sender.get_or_init(|| run.sender(self.account, self.message.message.country, self.day))
    }
}

impl<'a> Run<'a> {
    /// Resolves the accounts of the log.
    pub fn new(plan: &'a Plan, log: &'a Log) -> Run<'a> {
        let templates = plan.fold.templates.with_changes(&log.template_changes);
        let accounts = Accounts::resolve(&plan.accounts, &log.intake);
        let (rules, assumptions) = (plan.rules.clone(), Assumptions::default());
        Run { plan, log, accounts, templates, rules, assumptions, watch: None, part_of: None }
    }

    /// The same with somebody who is told how far it is.
    #[must_use]
    pub fn watched_by(self, watch: &'a dyn Watch) -> Run<'a> {
        Run { watch: Some(watch), ..self }
    }

    /// The same under other rules and assumptions, to look for bounds.
    pub(super) fn under(&self, rules: Rules, assumptions: Assumptions) -> Run<'a> {
        Run {
            plan: self.plan,
            log: self.log,
            accounts: self.accounts.clone(),
            templates: self.templates.clone(),
            rules,
            assumptions,
            watch: self.watch,
            part_of: Some(Pass::Bounds),
        }
    }

    /// The folder of the log's chats.
    pub(super) fn folder(&self) -> Folder<'_> {
        Folder {
            intake: &self.log.intake,
            accounts: &self.accounts,
            options: &self.plan.fold,
            templates: &self.templates,
            assumptions: &self.assumptions,
        }
    }

    /// A customer as outputs show it.
    pub(super) fn customer<'s>(&'s self, message: &ChatMessage<'_>) -> CustomerText<'s> {
        match (message.customer.e164(), message.customer.name()) {
            (Some(number), _) => CustomerText::Number(number),
            (None, name) => CustomerText::Name(self.log.intake.names().get(name.unwrap_or(0))),
        }
    }

    /// Who sends to a country on a local day.
    fn sender(&self, account: &ResolvedAccount, country: Country, day: Day) -> Sender {
        Sender {
            number: account.number,
            waba: account.waba,
            portfolio: account.portfolio,
            month: account.calendar.month(day),
            market: self.plan.tariff.markets.market(country, self.plan.rules.rule_day(day)),
        }
    }

    /// Judges the messages of a chat in their turns.
    pub(super) fn judge_chat<'r>(&'r self, chat: &Chat<'r>, turns: &mut Turns, mut visit: impl FnMut(&Judged<'_, 'r>)) {
        let dated = |message: &ChatMessage<'_>| {
            let case = self.case(message.account);
            let day = case.day(message.message.dated());
            (day, turn_on(&case, day, &message.message))
        };
        let trusting = self.plan.trust == Trust::Observed;
        let mut state = self.state_before(chat);
        for InTurn { turn, place, day } in turns.order(&chat.messages, dated).iter().copied() {
            let message = &chat.messages[place as usize];
            let case = self.case(message.account);
            let own = judge_on(&case, day, &mut state, &message.message, message.id);
            let taken = |own| if trusting { trust(&case, &message.message, &message.observed, &own) } else { own };
            let verdict = own.map(taken);
            let account = self.accounts.get(message.account);
            visit(&Judged { message, turn, account, day, verdict, own, state: &state, sender: OnceCell::new() });
        }
    }

    /// The chat before its first message.
    fn state_before<'r>(&'r self, chat: &Chat<'r>) -> ChatState<&'r str> {
        let start = self
            .log
            .intake
            .facts()
            .period
            .map(|(start, _)| start)
            .filter(|_| self.assumptions.before_log != BeforeLog::Nothing);
        match (start, start.and_then(|_| chat.first())) {
            (Some(start), Some(first)) => {
                before_log(&self.case(first.account), self.assumptions, start, "", first.message.in_group)
            }
            _ => ChatState::under(self.assumptions),
        }
    }

    fn case(&self, account: u32) -> Case<'_> {
        let resolved = self.accounts.get(account);
        Case { rules: &self.rules, tariff: &self.plan.tariff, account: &resolved.account, calendar: &resolved.calendar }
    }

    /// Judges every chat of a partition.
    pub(super) fn judge_partition<'r>(&'r self, partition: &'r Partition, mut visit: impl FnMut(&Judged<'_, 'r>)) {
        let mut turns = Turns::default();
        self.folder().for_each_chat(partition, |_| true, |chat| self.judge_chat(chat, &mut turns, &mut visit));
    }

    /// Says that all partitions are gone over from here on.
    pub(super) fn begin(&self, pass: Pass) {
        if let Some(watch) = self.watch {
            watch.begin(self.part_of.unwrap_or(pass), self.log.intake.facts().rows);
        }
    }

    /// Goes over a partition, unless the run is to stop.
    pub(super) fn over<T>(
        &self,
        place: usize,
        interrupted: &AtomicBool,
        work: impl FnOnce(&Partition) -> T,
    ) -> Result<T, RunError> {
        if interrupted.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        let partition = self.log.intake.partition(place).map_err(RunError::Spill)?;
        let result = work(&partition);
        if let Some(watch) = self.watch {
            watch.done(partition.len() as u64);
        }
        Ok(result)
    }

    /// Where each pool crosses its bounds: one pass to count, and one to look closer if any bound is crossed.
    pub(super) fn positions(&self, view: View, interrupted: &AtomicBool) -> Result<Positions, RunError> {
        self.begin(Pass::Counting);
        let counts = (0..PARTITIONS).into_par_iter().try_fold(PoolCounts::default, |counts, place| {
            self.over(place, interrupted, |partition| self.count(view, partition, counts))
        });
        let counts = counts.try_reduce(PoolCounts::default, |a, b| Ok(a.merge(&b)))?;
        let search = Search::new(&counts, &self.plan.tariff.tiers, |pool| self.used_before(pool));
        if search.is_empty() {
            return Ok(search.settle(Sought::default()));
        }
        let hours = WantedHours::new(&search, &self.accounts);
        self.begin(Pass::Ranking);
        let seek = |partition: &Partition| self.seek(view, partition, &search, &hours);
        let sought = (0..PARTITIONS).into_par_iter().map(|place| self.over(place, interrupted, seek));
        let sought = sought.try_reduce(Sought::default, |a, b| Ok(a.merge(b)))?;
        Ok(search.settle(sought))
    }

    /// Units of a pool that were used before the log starts: what `carry_in.csv` says, else what is assumed.
    fn used_before(&self, pool: &PoolKey) -> u64 {
        let told = carried_in(&self.plan.carry_in, pool, |pool| self.pool_name(pool));
        told.unwrap_or_else(|| match (pool, self.assumptions.month) {
            (PoolKey::Tier { .. }, MonthBefore::LastTiers) if self.began_before_log(pool) => u64::MAX,
            (PoolKey::Conversations { .. } | PoolKey::Service { .. }, MonthBefore::AllowancesUsed)
                if self.began_before_log(pool) =>
            {
                MONTHLY_ALLOWANCE
            }
            _ => 0,
        })
    }

    /// Whether the month of a pool began before the log, by the days of any account that shares it.
    fn began_before_log(&self, pool: &PoolKey) -> bool {
        self.accounts.all().iter().any(|one| match *pool {
            PoolKey::Conversations { waba, month } => one.waba == waba && self.starts_within(one, month),
            PoolKey::Service { number, month } => one.number == number && self.starts_within(one, month),
            PoolKey::Tier { portfolio, month, .. } => one.portfolio == portfolio && self.starts_within(one, month),
        })
    }

    /// Whether the log starts inside a month: on another local day than its first.
    pub(super) fn starts_within(&self, account: &ResolvedAccount, month: Month) -> bool {
        let Some((start, _)) = self.log.intake.facts().period else { return false };
        let day = account.calendar.day(start);
        day.month() == month && day.previous().month() == month
    }

    fn count(&self, view: View, partition: &Partition, mut counts: PoolCounts) -> PoolCounts {
        self.judge_partition(partition, |judged| {
            if let Some(verdict) = judged.seen(view).filter(|verdict| may_count(verdict)) {
                units(verdict, &judged.message.message, &judged.sender(self))
                    .iter()
                    .flatten()
                    .for_each(|unit| counts.add(unit));
            }
        });
        counts
    }

    fn seek(&self, view: View, partition: &Partition, search: &Search, hours: &WantedHours) -> Sought {
        let mut sought = Sought::default();
        let mut note = |judged: &Judged<'_, '_>| {
            let at_wanted_hour = || hours.hold(judged.message.account, judged.message.message.dated());
            let seen = judged.seen(view).filter(|verdict| may_count(verdict) && at_wanted_hour());
            let Some(verdict) = seen else { return };
            for unit in units(verdict, &judged.message.message, &judged.sender(self)).iter().flatten() {
                if search.wants(unit.pool, unit.delivered) {
                    sought.add(unit.pool, self.order_key(judged.message));
                }
            }
        };
        let mut turns = Turns::default();
        let is_wanted = |account: u32, country, at| {
            let account = self.accounts.get(account);
            search.wants_any(&self.sender(account, country, account.calendar.day(at)), at)
        };
        let matters = |chat: &Glimpse<'_>| hours.may_be_in(chat, is_wanted);
        self.folder().for_each_chat(partition, matters, |chat| self.judge_chat(chat, &mut turns, &mut note));
        sought
    }

    fn order_key(&self, message: &ChatMessage<'_>) -> OrderKey {
        OrderKey {
            delivered: message.message.dated(),
            sent: message.message.sent,
            id: message.id.to_owned(),
            customer: self.customer(message).to_string(),
        }
    }

    /// The id by which `carry_in.csv` knows a pool.
    fn pool_name(&self, pool: &PoolKey) -> String {
        match *pool {
            PoolKey::Conversations { waba, .. } => self.accounts.waba_id(waba),
            PoolKey::Service { number, .. } => self.accounts.number_id(number),
            PoolKey::Tier { portfolio, .. } => self.accounts.portfolio_id(portfolio),
        }
        .to_owned()
    }
}
