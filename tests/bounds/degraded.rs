//! Random logs that tell everything, and what is left when a part of what they tell is taken away: the true bill lies within the bounds.

use std::cell::Cell;

use chrono::{DateTime, Duration, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::log::{Log, run, time, written};

/// First day, and whether conversations are of two kinds.
const WORLDS: [(&str, Regime); 7] = [
    ("2022-10-01", Regime::TwoKinds),
    ("2023-04-01", Regime::TwoKinds),
    ("2023-07-01", Regime::Categories),
    ("2024-12-01", Regime::Categories),
    ("2025-11-01", Regime::Message),
    ("2026-07-01", Regime::Message),
    ("2026-10-01", Regime::Message),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Regime {
    TwoKinds,
    Categories,
    Message,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Referrals,
    Deliveries,
    Inbound,
    Categories,
    FirstDays,
}

const LOSSES: [Loss; 5] = [Loss::Referrals, Loss::Deliveries, Loss::Inbound, Loss::Categories, Loss::FirstDays];

/// A log that starts with its month and leaves nothing open, in one market.
fn complete(first: &str, regime: Regime, losses: &[Loss], dice: &mut ChaCha8Rng) -> Log {
    let start = time(&format!("{first}T00:00:00Z"));
    let mut log = Log::at(&written(start)).row("5511999990002", "inbound", &[("created_at", written(start))]);
    for customer in 0..5 {
        log = chat(log, &format!("551199999100{customer}"), start, regime, losses, dice);
    }
    log
}

fn chat(
    mut log: Log,
    customer: &str,
    start: DateTime<Utc>,
    regime: Regime,
    losses: &[Loss],
    dice: &mut ChaCha8Rng,
) -> Log {
    let minutes = [3, 110, 600, 1439, 1441, 1800, 4260, 4321, 6000];
    let mut at = start + Duration::minutes(dice.random_range(30..3000));
    let mut written_last: Option<DateTime<Utc>> = None;
    // Where kinds of conversations depend on windows, some chats have none (docs/bounds.md).
    let quiet =
        regime == Regime::TwoKinds && losses.iter().any(|loss| matches!(loss, Loss::Deliveries | Loss::FirstDays));
    for _ in 0..dice.random_range(3..22) {
        at += Duration::minutes(minutes[dice.random_range(0..minutes.len())])
            + Duration::seconds(dice.random_range(0..50));
        let open = written_last.is_some_and(|last| at - last < Duration::hours(24));
        if !quiet && dice.random_bool(0.4) {
            let click = if dice.random_bool(0.35) { "ad" } else { "" };
            let fields =
                [("message_type", "text".into()), ("created_at", written(at)), ("referral_source_type", click.into())];
            log = log.row(customer, "inbound", &fields);
            written_last = Some(at);
            continue;
        }
        let what = ["text", "text", "marketing", "utility", "authentication"][dice.random_range(0..5)];
        let what = if what == "text" && !open { "utility" } else { what };
        // Conversations begin at a delivery that a log without deliveries cannot tell (docs/bounds.md).
        let delay = if regime == Regime::Message { dice.random_range(0..90) } else { 0 };
        let delivered = if dice.random_bool(0.85) { written(at + Duration::seconds(delay)) } else { String::new() };
        log = log.sent_to(customer, written(at), what, delivered);
    }
    log
}

/// Whether a row lies on or after a day, whatever part of it.
fn since(row: &[String], day: &str) -> bool {
    row[7..10].iter().filter(|time| !time.is_empty()).all(|time| &time[..10] >= day)
}

fn take_away(mut log: Log, loss: Loss, day: &str, dice: &mut ChaCha8Rng) -> Log {
    match loss {
        Loss::Referrals => return log.without(&["referral_source_type"]),
        Loss::Deliveries => return log.without(&["delivered_at"]),
        Loss::Inbound => log.rows.retain(|row| row[1] != "inbound"),
        Loss::FirstDays => log.rows.retain(|row| since(row, day)),
        Loss::Categories => {
            let all = dice.random_bool(0.5);
            for row in log.rows.iter_mut().filter(|row| row[4] == "template") {
                if all || dice.random_bool(0.5) {
                    row[6].clear();
                }
            }
        }
    }
    log
}

fn units(text: &str) -> u128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<12}").parse().expect("digits")
}

const ACCOUNTS: &str = "phone_number_id,waba_id,waba_timezone,currency\n1,A,UTC,USD\n";

/// Little is left of every allowance, and of the first volume tiers.
fn carry_in(month: &str) -> String {
    let tiers =
        format!("volume_tier,A,{month},Brazil,utility,249998\nvolume_tier,A,{month},Brazil,authentication,499998\n");
    let allowances = format!("conversation_allowance,A,{month},,,992\nservice_allowance,1,{month},,,992\n");
    format!("scope,id,month,market,category,used\n{tiers}{allowances}")
}

thread_local! {
    static NOT_EMPTY: Cell<u32> = const { Cell::new(0) };
}

fn holds(seed: u64, world: (&str, Regime), losses: &[Loss]) -> Result<(), String> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let (first, regime) = world;
    let mut log = complete(first, regime, losses, &mut dice);
    let day = format!("{}{:02}", &first[..8], dice.random_range(3..16));
    if losses.contains(&Loss::FirstDays) {
        // A message sent before the cut and delivered after it would be lost, not open.
        log.rows
            .retain(|row| since(row, &day) || !row[7..10].iter().any(|time| !time.is_empty() && time[..10] >= *day));
    }
    let carry_in = carry_in(&first[..7]);
    let side = [("a.csv", ACCOUNTS), ("c.csv", carry_in.as_str())];
    let accounts = ["--accounts", "a.csv", "--allow-unpriced", "--threads", "1"];
    let cut = losses.contains(&Loss::FirstDays);
    let period = if cut { vec!["--bill-from", day.as_str()] } else { Vec::new() };
    let known = ["--carry-in", "c.csv"];
    let truth = run(&log.csv(), &side, &[&accounts[..], &known, &period, &["--bounds", "off"]].concat());
    let degraded = losses.iter().fold(log.clone(), |log, loss| take_away(log, *loss, &day, &mut dice));
    let told: &[&str] = if cut { &[] } else { &known };
    let found = run(&degraded.csv(), &side, &[&accounts[..], told, &period].concat());
    let total = |said: &super::log::Said| said.summary["totals"][0]["billed_cost"].as_str().unwrap_or("0").to_owned();
    if truth.summary["unpriced"].as_array().is_none_or(|unpriced| !unpriced.is_empty()) {
        return Err(format!("seed {seed} {world:?}: the full log lacks rates\n{}", truth.stdout));
    }
    let bounds = &found.summary["bounds"][0];
    let bound = |side: &str| bounds[side].as_str().map_or_else(|| total(&found), str::to_owned);
    let (low, high, bill) = (bound("low"), bound("high"), total(&truth));
    NOT_EMPTY.set(NOT_EMPTY.get() + u32::from(!bounds.is_null()));
    if (units(&low)..=units(&high)).contains(&units(&bill)) {
        return Ok(());
    }
    Err(format!(
        "seed {seed} {world:?} {losses:?} cut {day}: {bill} not in {low} to {high}: {:?}\n{}",
        found.bounds(),
        log.csv()
    ))
}

/// Where `WABILL_SEEDS` asks for more, more are tried.
fn seeds() -> u64 {
    std::env::var("WABILL_SEEDS").map_or(6, |text| text.parse().expect("WABILL_SEEDS is a number"))
}

fn assert_holds(losses: impl Fn(u64) -> Vec<Loss>) {
    let mut faults = Vec::new();
    for seed in 0..seeds() {
        for world in WORLDS {
            faults.extend(holds(seed, world, &losses(seed)).err());
        }
    }
    let heads: Vec<&str> = faults.iter().filter_map(|fault| fault.lines().next()).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}\n{}", faults.len(), seeds() * 7, heads.join("\n"), faults[0]);
    assert!(NOT_EMPTY.get() > 5, "{} logs had bounds at all", NOT_EMPTY.get());
}

#[test]
fn without_referrals() {
    assert_holds(|_| vec![Loss::Referrals]);
}

#[test]
fn without_deliveries() {
    assert_holds(|_| vec![Loss::Deliveries]);
}

#[test]
fn without_inbound_rows() {
    assert_holds(|_| vec![Loss::Inbound]);
}

#[test]
fn without_categories() {
    assert_holds(|_| vec![Loss::Categories]);
}

#[test]
fn without_the_first_days() {
    assert_holds(|_| vec![Loss::FirstDays]);
}

#[test]
fn without_two_of_them() {
    assert_holds(|seed| {
        let first = usize::try_from(seed).expect("small") % LOSSES.len();
        vec![
            LOSSES[first],
            LOSSES[(first + 1 + usize::try_from(seed).expect("small") / LOSSES.len() % 4) % LOSSES.len()],
        ]
    });
}
