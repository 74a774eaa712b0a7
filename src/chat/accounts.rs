//! The accounts that a log bills to: each number and WABA it names, with its facts and its calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;

use crate::model::ProposedAccount;
use crate::tariff::{Account, AccountBook, LocalCalendar};

use super::batch::UNNAMED_NUMBER;
use super::intake::Intake;
use super::senders::SenderPlace;

/// One account of the log.
#[derive(Clone, Debug)]
pub struct ResolvedAccount {
    /// Its facts.
    pub account: Account,
    /// Its local days over the period of the log.
    pub calendar: Arc<LocalCalendar>,
    /// Place of its phone number among all of the log, in bytewise order.
    pub number: u32,
    /// Place of its WABA.
    pub waba: u32,
    /// Place of its portfolio.
    pub portfolio: u32,
}

/// All accounts of a log, by what its rows name.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// By place of a sender.
    by_sender: Vec<u32>,
    list: Vec<ResolvedAccount>,
    /// By place of a number, a WABA, a portfolio: the first account that has it.
    first: [HashMap<u32, u32>; 3],
}

impl Accounts {
    /// Resolves every pair of number and WABA that the log names.
    pub fn resolve(book: &AccountBook, intake: &Intake) -> Accounts {
        let mut pairs: Vec<([u32; 2], usize)> = intake.senders.all().iter().copied().zip(0..).collect();
        pairs.sort_unstable_by_key(|(names, _)| names.map(|name| intake.ranks[name as usize]));
        let resolved: Vec<Account> = pairs
            .iter()
            .map(|([number, waba], _)| book.resolve(intake.names.get(*number), intake.names.get(*waba)))
            .collect();
        let numbers = places(resolved.iter().map(|account| account.phone_number_id.as_str()));
        let wabas = places(resolved.iter().map(|account| account.waba_id.as_str()));
        let portfolios = places(resolved.iter().map(|account| account.portfolio_id.as_str()));
        let mut calendars: BTreeMap<&str, Arc<LocalCalendar>> = BTreeMap::new();
        let mut accounts = Accounts { by_sender: vec![0; pairs.len()], ..Accounts::default() };
        for ((_, sender), account) in pairs.iter().zip(&resolved) {
            let Some((from, to)) = intake.facts.period else { break };
            let calendar = calendars
                .entry(account.zone.name())
                .or_insert_with(|| Arc::new(LocalCalendar::new(account.zone, from, to)));
            let place = u32::try_from(accounts.list.len()).unwrap_or(u32::MAX);
            accounts.by_sender[*sender] = place;
            let resolved = ResolvedAccount {
                account: account.clone(),
                calendar: Arc::clone(calendar),
                number: numbers[account.phone_number_id.as_str()],
                waba: wabas[account.waba_id.as_str()],
                portfolio: portfolios[account.portfolio_id.as_str()],
            };
            for (first, shared) in accounts.first.iter_mut().zip([resolved.number, resolved.waba, resolved.portfolio]) {
                first.entry(shared).or_insert(place);
            }
            accounts.list.push(resolved);
        }
        accounts
    }

    /// The place of the account that the rows of a sender bill to.
    pub(super) fn place(&self, sender: SenderPlace) -> u32 {
        self.by_sender[sender.0 as usize]
    }

    /// The account at a place.
    pub fn get(&self, place: u32) -> &ResolvedAccount {
        &self.list[place as usize]
    }

    /// The id of the number at a place.
    pub fn number_id(&self, number: u32) -> &str {
        &self.first_of(0, number).account.phone_number_id
    }

    /// The id of the WABA at a place.
    pub fn waba_id(&self, waba: u32) -> &str {
        &self.first_of(1, waba).account.waba_id
    }

    /// The id of the portfolio at a place.
    pub fn portfolio_id(&self, portfolio: u32) -> &str {
        &self.first_of(2, portfolio).account.portfolio_id
    }

    fn first_of(&self, kind: usize, shared: u32) -> &ResolvedAccount {
        self.get(self.first[kind][&shared])
    }

    /// Numbers that the log names and `accounts.csv` does not have, each with its WABA and its phone number as far as the log tells
    /// them: a proposal for the file.
    pub fn proposed(book: &AccountBook, intake: &Intake) -> Vec<ProposedAccount> {
        let mut proposed: Vec<ProposedAccount> = intake
            .senders
            .all()
            .iter()
            .map(|[number, waba]| ProposedAccount {
                phone_number_id: intake.names.get(*number).to_owned(),
                waba_id: intake.names.get(*waba).to_owned(),
                business_phone: intake.business_phones.get(number).cloned().unwrap_or_default(),
            })
            .filter(|account| account.phone_number_id != UNNAMED_NUMBER && !book.lists(&account.phone_number_id))
            .collect();
        proposed.sort_unstable();
        // A number whose WABA some rows name and others do not.
        let named: BTreeSet<String> = proposed
            .iter()
            .filter(|account| !account.waba_id.is_empty())
            .map(|account| account.phone_number_id.clone())
            .collect();
        proposed.retain(|account| !account.waba_id.is_empty() || !named.contains(&account.phone_number_id));
        proposed
    }

    /// All of them, by number and WABA.
    pub fn all(&self) -> &[ResolvedAccount] {
        &self.list
    }
}

/// The place of each text in bytewise order.
fn places<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u32> {
    let mut sorted: Vec<&str> = texts.collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.into_iter().zip(0..).collect()
}
