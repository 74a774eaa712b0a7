//! The tables of price arithmetic: volume tiers and priced budgets, each driven through the program.

use crate::data::{self, Bound, Case, Defaults, MoneyFile, MoneyRow, RateRow, TierFile, TierRow};
use crate::decimal::Decimal;
use crate::program::{self, Replay, Row, cell};
use crate::{build, trial, verified};
use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
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
    let check = if row.provider { provider_money } else { money };
    trial(format!("money/{}", row.id), move || check(&row, &defaults))
}

/// A provider's published example: its own fees, or the invoice of both where its prices contain Meta's.
fn provider_money(row: &MoneyRow, defaults: &Defaults) -> Result<()> {
    let case = Case { ev: row.ev.clone(), rates: row.rates.clone(), ..money_case(row) };
    let mut scenario = build::Run::new(&case, defaults, &row.run)?.scenario()?;
    scenario.provider = Some(row.preset.clone());
    let replay = program::run(&scenario)?;
    let own = amounts(&replay.provider_lines, "amount")?;
    let shown = replay.summary.pointer("/provider/totals/0/amount").and_then(Value::as_str).context("no total")?;
    ensure!(Decimal::parse(shown)? == own, "the lines add up to {own}, the summary says {shown}");
    let meta = replay.total()?;
    let expected = Decimal::parse(&row.total)?;
    if row.with_meta {
        same_price_for_all(row, &replay)?;
        let together = replay.summary.pointer("/provider/with_meta/together").and_then(Value::as_str);
        ensure!(Decimal::parse(together.context("no sum of both")?)? == expected, "{together:?} together");
        ensure!(meta + own == expected, "{}: {meta} and {own}, expected {expected}", row.note);
        return Ok(());
    }
    let expected_lines = grouped(row.lines.iter().map(|line| (line.rate.as_str(), line.count)))?;
    let mut found: BTreeMap<Decimal, u64> = BTreeMap::new();
    for line in &replay.provider_lines {
        let count: u64 = cell(line, "quantity").parse()?;
        *found.entry(Decimal::parse(cell(line, "unit_price"))?).or_default() += count;
    }
    ensure!(found == expected_lines, "{} {}: {found:?}, expected {expected_lines:?}", row.src, row.note);
    ensure!(own == expected, "the fees are {own}, expected {expected}");
    Ok(())
}

/// Every unit costs the one published price: Meta charges each the same, and each of the provider's lines counts all of them.
fn same_price_for_all(row: &MoneyRow, replay: &Replay) -> Result<()> {
    let [line] = row.lines.as_slice() else { anyhow::bail!("{} has several prices", row.id) };
    let charged: Vec<&str> =
        replay.verdicts.iter().filter(|v| cell(v, "verdict") == "charged").map(|v| cell(v, "billed_cost")).collect();
    ensure!(charged.len() as u64 == line.count, "{} charges of Meta, expected {}", charged.len(), line.count);
    ensure!(charged.iter().all(|cost| cost == &charged[0]), "Meta's prices differ: {charged:?}");
    ensure!(!replay.provider_lines.is_empty(), "the provider charges nothing");
    for own in &replay.provider_lines {
        ensure!(cell(own, "quantity") == line.count.to_string(), "{own:?}: not once for each of {}", line.count);
    }
    let price = Decimal::parse(&line.rate)?;
    let published: Decimal = (0..line.count).map(|_| price).sum();
    ensure!(published == Decimal::parse(&row.total)?, "{} contradicts itself", row.id);
    Ok(())
}

fn amounts(rows: &[Row], column: &str) -> Result<Decimal> {
    rows.iter().map(|row| Decimal::parse(cell(row, column))).sum()
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
            regime: None,
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
