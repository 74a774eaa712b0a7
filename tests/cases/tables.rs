//! The tables that are no message sequences: markets, authentication rates, status webhooks.

use crate::build::{self, NUMBER, WABA};
use crate::clock;
use crate::data::{self, AuthRow, AuthenticationFile, Case, Defaults, ExceptionRow, MarketFile, MarketRow};
use crate::data::{StatusFile, StatusRow};
use crate::program::{self, Row, cell};
use crate::sheet::Scenario;
use crate::{replay_case, trial};
use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tables cross dates or do not care: they name no regime.
const RUN: &str = "mixed";

pub(crate) fn add(trials: &mut Vec<Trial>, defaults: &Arc<Defaults>) -> Result<()> {
    let mut cases = Vec::new();
    for row in data::read::<MarketFile>("markets.toml")?.market {
        cases.push((format!("markets/{}@{}", row.prefix, row.date), market_case(&row)));
    }
    let authentication = data::read::<AuthenticationFile>("authentication.toml")?;
    for row in authentication.auth_international {
        cases.push((international_name(&row), international_case(&row)?));
    }
    for row in authentication.auth_exception {
        let name = format!("auth_exception/{}>{}@{}", row.home, row.user, row.date);
        cases.push((name, exception_case(&row)?));
    }
    for (name, case) in cases {
        let defaults = Arc::clone(defaults);
        trials.push(trial(name, move || replay_case(&case, &defaults, RUN)));
    }
    for row in data::read::<StatusFile>("statuses.toml")?.status {
        trials.push(trial(format!("statuses/{}", row.id), move || statuses(&row)));
    }
    Ok(())
}

/// One message at each end of the local day: both belong to the market of that date (R5, R6, R10).
fn market_case(row: &MarketRow) -> Case {
    let market = row.market.replace(' ', "_");
    let ends = ["e1", "e2"].map(|id| format!("{id} authentication CHARGED market={market}"));
    Case {
        shows: format!("{} belongs to {} on {}", row.prefix, row.market, row.date),
        note: row.note.clone(),
        to: Some(row.to.clone()),
        t0: Some(format!("{}T00:00Z", row.date)),
        ev: vec!["0:00 out tpl authentication".to_owned(), "23:59:59.999 out tpl authentication".to_owned()],
        exp: BTreeMap::from([(RUN.to_owned(), ends.to_vec())]),
        ..Case::default()
    }
}

fn international_name(row: &AuthRow) -> String {
    let state = match (row.eligible, row.after_start) {
        (Some(true), Some(true)) => "after-start",
        (Some(true), _) => "before-start",
        (Some(false), _) => "not-eligible",
        (None, _) => "at-home",
    };
    format!("auth_international/{}>{}-{state}", row.home, row.user)
}

/// The business's start is 2025-09-02: delivered at its first millisecond, or at the one before (R67d).
fn international_case(row: &AuthRow) -> Result<Case> {
    let eligible_from = if row.eligible == Some(false) { "" } else { "2025-09-02" };
    let at = if row.after_start == Some(false) { "-0:00:00.001" } else { "0:00" };
    let account = [("primary_location", location(&row.home)), ("auth_intl_eligible_from", eligible_from)];
    let mut case = authentication_case("2025-09-02", at, &row.user, &row.rate, &account)?;
    case.note.clone_from(&row.note);
    Ok(case)
}

/// A is Indonesia, B India with an exception, C a third country; the start is 2024-06-01 for all but the exception.
fn exception_case(row: &ExceptionRow) -> Result<Case> {
    let country = |letter: &str| match letter {
        "A" => Ok("ID"),
        "B" => Ok("IN"),
        "C" => Ok("US"),
        _ => bail!("no country `{letter}`"),
    };
    let account = [
        ("primary_location", country(&row.home)?),
        ("auth_intl_eligible_from", "2024-06-01"),
        ("auth_intl_exceptions", "IN=2024-07-01"),
    ];
    // the sharpest moment of the day: its first instant must already, its last must not yet be international
    let at = if row.rate == "authentication" { "23:59:59.999" } else { "0:00" };
    authentication_case(&row.date, at, country(&row.user)?, &row.rate, &account)
}

/// The business's country as the account has it: empty where Meta has not verified it (R68).
fn location(home: &str) -> &str {
    if home == "unverified" { "" } else { home }
}

fn authentication_case(day: &str, at: &str, user: &str, rate: &str, account: &[(&str, &str)]) -> Result<Case> {
    let to = match user {
        "BR" => "+5511999990001",
        "ID" => "+6281234567890",
        "IN" => "+919876543210",
        _ => bail!("no number in `{user}`"),
    };
    let owned = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
    Ok(Case {
        shows: format!("an authentication template to {user} at {day} {at} is sold as {rate}"),
        to: Some(to.to_owned()),
        t0: Some(format!("{day}T00:00Z")),
        account: account.iter().map(owned).collect(),
        ev: vec![format!("{at} out tpl authentication")],
        exp: BTreeMap::from([(RUN.to_owned(), vec![format!("e1 {rate} CHARGED")])]),
        ..Case::default()
    })
}

const START: &str = "2026-10-13T08:00Z";
const MINUTE: i64 = 60_000;

fn statuses(row: &StatusRow) -> Result<()> {
    let start = clock::instant(START)?;
    let mut scenario = Scenario::of_events();
    for (event, at) in timed(&row.seq, start)? {
        let code = if event == "failed" { "131026" } else { "" };
        push_event(&mut scenario, &row.id, event, at, code)?;
    }
    if !row.delivered {
        // a log without any delivery would be read as one that does not record deliveries
        push_event(&mut scenario, "another", "delivered", start, "")?;
    }
    scenario.accounts.push(build::account("UTC", "USD"))?;
    let replay = program::run(&scenario)?;
    let verdict = replay.verdict(&row.id, CUSTOMER)?;
    let checked = if row.delivered { delivered(row, verdict, start) } else { not_delivered(row, verdict) };
    checked.with_context(|| {
        format!("{:?} {}\n\nlog\n{}\n\nverdicts\n{}", row.seq, row.note, scenario.log.excerpt(), replay.excerpt())
    })
}

const CUSTOMER: &str = "5511999990001";

fn push_event(scenario: &mut Scenario, id: &str, event: &str, at: i64, error_code: &str) -> Result<()> {
    scenario.log.push([
        ("message_id", id.to_owned()),
        ("direction", "outbound".to_owned()),
        ("phone_number_id", NUMBER.to_owned()),
        ("waba_id", WABA.to_owned()),
        ("customer_id", CUSTOMER.to_owned()),
        ("message_type", "template".to_owned()),
        ("template_name", "offer".to_owned()),
        ("template_category", "marketing".to_owned()),
        ("event", event.to_owned()),
        ("event_at", clock::rfc3339(at)?),
        ("error_code", error_code.to_owned()),
    ])
}

/// Each status with the time it would have had, whatever the order it arrived in; each repetition a second later.
fn timed(seq: &[String], start: i64) -> Result<Vec<(&str, i64)>> {
    let mut times = Vec::new();
    for (n, event) in seq.iter().enumerate() {
        let earlier = seq.iter().take(n).filter(|e| *e == event).count();
        times.push((event.as_str(), start + minute(event)? * MINUTE + i64::try_from(earlier)? * 1000));
    }
    Ok(times)
}

fn minute(event: &str) -> Result<i64> {
    let order = ["sent", "delivered", "read", "played", "failed"];
    let at = order.iter().position(|e| *e == event).with_context(|| format!("no status `{event}`"))?;
    Ok(i64::try_from(at)?)
}

fn delivered(row: &StatusRow, verdict: &Row, start: i64) -> Result<()> {
    expect(verdict, "verdict", "charged")?;
    let at = row.at.as_deref().context("delivered, but when?")?;
    let at = start + minute(at.trim_start_matches("first "))? * MINUTE;
    let found = clock::instant(cell(verdict, "delivered_at"))?;
    ensure!(found == at, "delivered_at is {}, expected {}", clock::rfc3339(found)?, clock::rfc3339(at)?);
    if row.seq.iter().any(|event| event == "failed") {
        let flags = cell(verdict, "flags");
        ensure!(flags.contains("FAILED_AND_DELIVERED"), "no warning among the flags `{flags}`");
    }
    Ok(())
}

fn not_delivered(row: &StatusRow, verdict: &Row) -> Result<()> {
    expect(verdict, "verdict", "not_billed")?;
    expect(verdict, "reason", "not_delivered")?;
    expect(verdict, "delivered_at", "")?;
    let failed = row.seq.iter().any(|event| event == "failed");
    expect(verdict, "error_code", if failed { "131026" } else { "" })
}

fn expect(verdict: &Row, column: &str, value: &str) -> Result<()> {
    let found = cell(verdict, column);
    ensure!(found == value, "{column} is `{found}`, expected `{value}`");
    Ok(())
}
