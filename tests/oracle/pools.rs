//! What crosses chats: the free allowances (R47, R49, R51) and the volume tiers (R61–R66).
//!
//! All units of a pool are collected, put in the one order of the contract, and counted from what was used before.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts::{Log, Ms, Verdict, month_of};
use super::tables::Tables;

/// Scope, id, month, market, category: the columns that name a pool in the carry-in file.
type Pool = (&'static str, String, String, String, String);

const FREE_UNITS: u64 = 1000;

/// What a message takes from a shared allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Draw {
    Nothing,
    /// R47, R49: conversations of a WABA and month.
    Conversation,
    /// R51: service messages of a number and month.
    Service,
    /// R45 with `fep_uses_allowance`: takes a place among the 1,000, and is free anyway.
    PlaceOnly,
}

/// A judged outbound message, before the pools have had their say.
pub(crate) struct Judged {
    pub(crate) index: usize,
    /// Local date that decides everything dated (Q1).
    pub(crate) day: NaiveDate,
    pub(crate) verdict: Verdict,
    pub(crate) draw: Draw,
}

impl Judged {
    pub(crate) fn says(mut self, verdict: &str, reason: &str, rule: &str) -> Judged {
        self.verdict.outcome = verdict.to_string();
        self.verdict.reason = reason.to_string();
        self.verdict.rule = rule.to_string();
        self
    }

    pub(crate) fn category(mut self, category: &str) -> Judged {
        self.verdict.category = category.to_string();
        self
    }

    pub(crate) fn conversation(mut self, id: &str) -> Judged {
        self.verdict.conversation_id = id.to_string();
        self
    }

    pub(crate) fn error(mut self, code: &str) -> Judged {
        self.verdict.error_code = code.to_string();
        self
    }

    pub(crate) fn draws(mut self, draw: Draw) -> Judged {
        self.draw = draw;
        self
    }
}

pub(crate) fn resolve(tables: &Tables, log: &Log, judged: &mut [Judged]) {
    allowances(log, judged);
    exemptions(log, judged);
    tiers(tables, log, judged);
}

fn allowances(log: &Log, judged: &mut [Judged]) {
    for (pool, members) in pools(log, judged, allowance_of) {
        for (position, place) in ranked(log, judged, &pool, members) {
            let unit = &mut judged[place];
            if unit.draw != Draw::PlaceOnly && position <= FREE_UNITS {
                unit.verdict.outcome = "free".to_string();
                unit.verdict.reason = "free_tier".to_string();
            }
        }
    }
}

fn allowance_of(log: &Log, unit: &Judged) -> Option<Pool> {
    let message = &log.messages[unit.index];
    let month = month_of(unit.day);
    match unit.draw {
        Draw::Nothing => None,
        Draw::Conversation => {
            Some(("conversation_allowance", message.waba.clone(), month, String::new(), String::new()))
        }
        Draw::Service | Draw::PlaceOnly => {
            Some(("service_allowance", message.number.clone(), month, String::new(), String::new()))
        }
    }
}

/// R54: service beyond the 1,000 of an exempt account, up to and on its last day (Q21).
fn exemptions(log: &Log, judged: &mut [Judged]) {
    for unit in judged.iter_mut().filter(|unit| unit.draw == Draw::Service && unit.verdict.outcome == "charged") {
        let account = log.account(&log.messages[unit.index]);
        if account.exempt_until.is_some_and(|last| unit.day <= last) {
            unit.verdict.outcome = "free".to_string();
            unit.verdict.reason = "paid_exempt".to_string();
            unit.verdict.rule = "R54".to_string();
        }
    }
}

fn tiers(tables: &Tables, log: &Log, judged: &mut [Judged]) {
    for (pool, members) in pools(log, judged, tier_pool_of) {
        for (position, place) in ranked(log, judged, &pool, members) {
            let unit = &mut judged[place];
            let currency = &log.account(&log.messages[unit.index]).currency;
            // R64: one counter for both kinds of authentication, each with its own column.
            let (category, market) = (&unit.verdict.category, &unit.verdict.market);
            unit.verdict.tier = tables.tier(currency, market, category, unit.day, position);
        }
    }
}

/// R61, R63: only charged utility and authentication of the per-message regimes move a counter.
fn tier_pool_of(log: &Log, unit: &Judged) -> Option<Pool> {
    let verdict = &unit.verdict;
    let category = match verdict.category.as_str() {
        "utility" => "utility",
        "authentication" | "authentication_international" => "authentication",
        _ => return None,
    };
    if verdict.outcome != "charged" || !verdict.regime.starts_with("pmp") {
        return None;
    }
    let account = log.account(&log.messages[unit.index]);
    // Q29: a WABA without a portfolio is its own.
    let portfolio = if account.portfolio.is_empty() { &account.waba } else { &account.portfolio };
    let month = month_of(unit.day);
    Some(("volume_tier", portfolio.clone(), month, verdict.market.clone(), category.to_string()))
}

fn pools(log: &Log, judged: &[Judged], pool_of: fn(&Log, &Judged) -> Option<Pool>) -> BTreeMap<Pool, Vec<usize>> {
    let mut pools: BTreeMap<Pool, Vec<usize>> = BTreeMap::new();
    for (place, unit) in judged.iter().enumerate() {
        if let Some(pool) = pool_of(log, unit) {
            pools.entry(pool).or_default().push(place);
        }
    }
    pools
}

/// The members in the order of the contract, each with its position in the month, counted from one.
fn ranked(log: &Log, judged: &[Judged], pool: &Pool, mut members: Vec<usize>) -> Vec<(u64, usize)> {
    members.sort_by_key(|&place| rank(log, &judged[place]));
    let before = log
        .carry_in
        .iter()
        .filter(|c| (c.scope, &c.id, &c.month, &c.market, &c.category) == (pool.0, &pool.1, &pool.2, &pool.3, &pool.4))
        .map(|c| c.used)
        .sum::<u64>();
    (before + 1..).zip(members).collect()
}

fn rank<'a>(log: &'a Log, unit: &Judged) -> (Ms, Ms, &'a str, &'a str) {
    let message = &log.messages[unit.index];
    let delivered = message.delivered.expect("only delivered messages are units");
    (delivered, message.sent, &message.id, &message.customer)
}
