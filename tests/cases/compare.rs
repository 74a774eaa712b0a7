//! Holds the verdicts of one run against what the case expects.

use crate::build::Run;
use crate::decimal::Decimal;
use crate::notation::{Event, Expectation, Outcome};
use crate::program::{Replay, Row, cell};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;

/// All differences between a run's verdicts and its expectations, in words.
pub(crate) fn differences(run: &Run, expected: &[Expectation], replay: &Replay) -> Vec<String> {
    let mut found: Vec<String> = expected
        .iter()
        .filter_map(|one| check(run, expected, one, replay).err())
        .map(|error| format!("{error:#}"))
        .collect();
    if replay.verdicts.len() != expected.len() {
        found.push(format!("{} verdicts, {} expected", replay.verdicts.len(), expected.len()));
    }
    found.extend(replay.total().err().map(|error| error.to_string()));
    found
}

/// A case that forgets a message would pass whatever the program does with it.
pub(crate) fn ensure_complete(run: &Run, expected: &[Expectation]) -> Result<()> {
    let judged: BTreeSet<&str> = run.events.iter().filter(|e| e.has_verdict()).map(|e| e.id.as_str()).collect();
    let named: BTreeSet<&str> = expected.iter().map(|e| e.id.as_str()).collect();
    ensure!(judged == named, "the log has {judged:?}, the expectations name {named:?}");
    Ok(())
}

fn check(run: &Run, all: &[Expectation], one: &Expectation, replay: &Replay) -> Result<()> {
    let event = event(run, &one.id)?;
    let row = replay.verdict(event.message_id(), run.customer(event))?;
    if let Some(regime) = run.regime {
        is(one, row, "regime", regime)?;
    }
    match &one.outcome {
        Outcome::Charged => charged(one, row)?,
        Outcome::Free(reason) => free(one, row, reason)?,
        Outcome::Attached(opener) => attached(one, row, all, opener)?,
        Outcome::None(reason) => not_billed(one, row, reason)?,
    }
    category(one, row, event)?;
    for (column, value) in &one.columns {
        named_column(one, row, column, value)?;
    }
    Ok(())
}

fn event<'r>(run: &'r Run, id: &str) -> Result<&'r Event> {
    run.events.iter().find(|e| e.id == id).with_context(|| format!("no event {id}"))
}

fn charged(one: &Expectation, row: &Row) -> Result<()> {
    is(one, row, "verdict", "charged")?;
    is(one, row, "reason", "")
}

fn free(one: &Expectation, row: &Row, reason: &str) -> Result<()> {
    is(one, row, "verdict", "free")?;
    is(one, row, "reason", reason)?;
    is(one, row, "billed_cost", "0")
}

fn attached(one: &Expectation, row: &Row, all: &[Expectation], opener: &str) -> Result<()> {
    is(one, row, "verdict", "covered")?;
    is(one, row, "conversation_id", opener)?;
    let kind = all.iter().find(|e| e.id == opener).and_then(|e| e.category.as_deref());
    if let Some(kind) = kind {
        is(one, row, "reason", conversation_kind(kind))?;
    }
    costs_nothing(one, row)
}

/// The kind of conversation an opener of this category opens (contract: `reason` of `covered`; Q28).
fn conversation_kind(opener: &str) -> &str {
    match opener {
        "referral_conversion" => "free_entry_point",
        "authentication_international" => "authentication",
        other => other,
    }
}

fn not_billed(one: &Expectation, row: &Row, reason: &str) -> Result<()> {
    let (reason, code) = match reason {
        "131047" => ("window_closed", Some("131047")),
        "131049" => ("marketing_paused", Some("131049")),
        other => (other, None),
    };
    is(one, row, "verdict", "not_billed")?;
    is(one, row, "reason", reason)?;
    if let Some(code) = code {
        is(one, row, "error_code", code)?;
    }
    is(one, row, "conversation_id", "")?;
    costs_nothing(one, row)
}

fn costs_nothing(one: &Expectation, row: &Row) -> Result<()> {
    is(one, row, "list_cost", "0")?;
    is(one, row, "billed_cost", "0")
}

fn category(one: &Expectation, row: &Row, event: &Event) -> Result<()> {
    match one.category.as_deref() {
        Some("*") => Ok(()),
        Some(category) => is(one, row, "category", category),
        None => event.own_category().map_or(Ok(()), |own| is(one, row, "category", own)),
    }
}

fn named_column(one: &Expectation, row: &Row, column: &str, value: &str) -> Result<()> {
    let found = row.get(column).with_context(|| format!("{}: no column {column}", one.id))?;
    let holds = match column {
        "flags" => flags_hold(found, value),
        "list_cost" | "billed_cost" if !value.is_empty() => Decimal::parse(found).ok() == Some(Decimal::parse(value)?),
        _ => found == value,
    };
    ensure!(holds, "{}: {column} is `{found}`, expected `{value}`", one.id);
    Ok(())
}

fn is(one: &Expectation, row: &Row, column: &str, value: &str) -> Result<()> {
    let found = cell(row, column);
    ensure!(found == value, "{}: {column} is `{found}`, expected `{value}`", one.id);
    Ok(())
}

/// `FLAG` must be among the flags, `!FLAG` must not.
fn flags_hold(found: &str, wanted: &str) -> bool {
    let name = wanted.trim_start_matches('!');
    let mut flags = found.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    flags.any(|flag| flag == name) != wanted.starts_with('!')
}
