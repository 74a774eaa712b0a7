//! The tables of price arithmetic: volume tiers and priced budgets, each driven through the program.

use crate::data::{self, Bound, Case, Defaults, MoneyFile, MoneyRow, RateRow, TierFile, TierRow};
use crate::decimal::Decimal;
use crate::program::{self, Replay, cell};
use crate::{build, trial, verified};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use std::collections::BTreeMap;
use std::sync::Arc;

const RUN: &str = "PMP2";

pub(crate) fn add(trials: &mut Vec<Trial>, defaults: &Arc<Defaults>) -> Result<()> {
    for row in data::read::<TierFile>("tiers.toml")?.tier {
        let defaults = Arc::clone(defaults);
        trials.push(trial(format!("tiers/{}", row.id), move || tiers(&row, &defaults)));
    }
    for row in data::read::<MoneyFile>("money.toml")?.money {
        trials.push(money_trial(row, Arc::clone(defaults)));
    }
    Ok(())
}

fn money_trial(row: MoneyRow, defaults: Arc<Defaults>) -> Trial {
    if row.provider {
        // shown before the name: the runner knows no reason for ignoring a test
        let ignored = trial(format!("money/{}", row.id), || Ok(()));
        return ignored.with_kind("provider fees are another issue").with_ignored_flag(true);
    }
    trial(format!("money/{}", row.id), move || money(&row, &defaults))
}

fn tiers(row: &TierRow, defaults: &Defaults) -> Result<()> {
    let case = tier_case(row)?;
    let replay = verified(&case, defaults, RUN)?;
    adds_up(&replay, &row.total)
}

/// `n` utility templates a minute apart, with `prior` units already used in the month.
fn tier_case(row: &TierRow) -> Result<Case> {
    let units = 1..=row.n;
    let list = &row.bounds.first().context("no bounds")?.rate;
    let expected = units.clone().map(|unit| {
        let (label, bound) = tier_of(&row.bounds, row.prior + unit).context("unit above all bounds")?;
        Ok(format!("e{unit} utility CHARGED tier={label} list_cost={list} billed_cost={}", bound.rate))
    });
    let carry = [
        ("scope", "volume_tier".to_owned()),
        ("id", build::PORTFOLIO.to_owned()),
        ("month", "2026-10".to_owned()),
        ("market", row.market.clone()),
        ("category", "utility".to_owned()),
        ("used", row.prior.to_string()),
    ];
    Ok(Case {
        shows: format!("tiers are marginal (R62): {} after {}", row.n, row.prior),
        note: row.note.clone(),
        to: Some(row.to.clone()),
        account: BTreeMap::from([("currency".to_owned(), row.currency.clone())]),
        carry: vec![carry.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()],
        rates: vec![RateRow {
            from: "2026-10-01".to_owned(),
            currency: row.currency.clone(),
            market: row.market.clone(),
            category: "utility".to_owned(),
            rate: list.clone(),
            tiers: row.bounds.clone(),
        }],
        ev: units.map(|unit| format!("0:{unit:02} out tpl utility")).collect(),
        exp: BTreeMap::from([(RUN.to_owned(), expected.collect::<Result<_>>()?)]),
        ..Case::default()
    })
}

/// The tier of a unit, with its name as in Meta's analytics: both bounds inclusive.
fn tier_of(bounds: &[Bound], unit: u64) -> Option<(String, &Bound)> {
    let at = bounds.iter().position(|bound| bound.upto.is_none_or(|upto| unit <= upto))?;
    let bound = bounds.get(at)?;
    let before = at.checked_sub(1).and_then(|before| bounds.get(before)).and_then(|bound| bound.upto);
    let lower = before.map_or(0, |upto| upto + 1);
    let upper = bound.upto.map_or_else(|| "MAX".to_owned(), |upto| upto.to_string());
    Some((format!("{lower}:{upper}"), bound))
}

fn money(row: &MoneyRow, defaults: &Defaults) -> Result<()> {
    let case = money_case(row);
    let replay = program::run(&build::Run::new(&case, defaults, RUN)?.scenario()?)?;
    let free = replay.verdicts.iter().filter(|v| cell(v, "reason") == "free_tier").count();
    ensure!(free == usize::try_from(row.free_left)?, "{free} messages in the allowance of {}", row.free_left);
    let expected = grouped(row.lines.iter().map(|line| (line.rate.as_str(), line.count)))?;
    let charged = replay.verdicts.iter().filter(|v| cell(v, "verdict") == "charged");
    let found = grouped(charged.map(|v| (cell(v, "billed_cost"), 1)))?;
    ensure!(found == expected, "{} {}: {found:?}, expected {expected:?}", row.src, row.note);
    adds_up(&replay, &row.total)
}

/// The traffic inside one customer service window, a second between messages.
fn money_case(row: &MoneyRow) -> Case {
    let mut ev = vec!["0:00 in".to_owned()];
    ev.extend(row.send.iter().enumerate().map(|(n, send)| format!("{}:01 {send} every=0:00:01", n * 3)));
    Case {
        to: Some(row.to.clone()),
        free_left: Some(row.free_left),
        account: BTreeMap::from([("currency".to_owned(), row.currency.clone())]),
        ev,
        ..Case::default()
    }
}

/// How many messages at which price.
fn grouped<'a>(lines: impl Iterator<Item = (&'a str, u64)>) -> Result<BTreeMap<Decimal, u64>> {
    let mut counts = BTreeMap::new();
    for (rate, count) in lines {
        let price = Decimal::parse(rate).context("unpriced")?;
        *counts.entry(price).or_default() += count;
    }
    Ok(counts)
}

fn adds_up(replay: &Replay, total: &str) -> Result<()> {
    let expected = Decimal::parse(total)?;
    let found = replay.total()?;
    ensure!(found == expected, "the bill is {found}, expected {expected}");
    ensure!(replay.summary_shows(found), "the summary does not show {found}");
    Ok(())
}
