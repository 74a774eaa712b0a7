//! The surroundings of generated chats: settings of a run, businesses with their accounts, allowances nearly used up.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;

use super::facts::{Account, CarryIn, FepLength, Ms, Settings, month_of, ymd};
use super::tables::Tables;

/// Zones on both sides of UTC, some whose clocks jump at midnight.
const ZONES: &[Tz] = &[
    Tz::UTC,
    Tz::Asia__Kolkata,
    Tz::America__Los_Angeles,
    Tz::America__Sao_Paulo,
    Tz::Pacific__Auckland,
    Tz::Europe__London,
    Tz::Africa__Cairo,
    Tz::America__Santiago,
];

/// Brazil, Brazil, India: half of all recipients, so that the pools of one market fill up.
const COMMON: &[&str] = &["55119999", "55219888", "9198765"];

/// The United States, under two area codes.
const US: &[&str] = &["120255", "121255"];

/// Recipients in every kind of market: large, moving on some date, sharing a calling code, not listed.
/// The last five digits are filled in per customer.
const PREFIXES: &[&str] = &[
    "6281234", "120255", "121255", "141655", "178755", "180955", "187655", "124255", "167155", "770112", "790312",
    "486011", "88017112", "2637712", "852912", "974331", "2126612", "3805012", "2010012", "601234", "23480312",
    "278212", "9715012", "9665012", "9230012", "2438123", "2420612", "4477001", "336123", "97798412", "947712",
    "5215512",
];

/// Dates on which something changes, for whole logs to be clustered around, each with its weight.
const CHANGES: &[(NaiveDate, usize)] = &[
    (ymd(2022, 2, 1), 2),
    (ymd(2023, 3, 1), 2),
    (ymd(2023, 4, 4), 1),
    (ymd(2023, 6, 1), 3),
    (ymd(2024, 6, 1), 1),
    (ymd(2024, 7, 1), 1),
    (ymd(2024, 10, 15), 1),
    (ymd(2024, 11, 1), 2),
    (ymd(2025, 2, 1), 1),
    (US_PAUSE, 2),
    (ymd(2025, 7, 1), 7),
    (ymd(2025, 10, 1), 1),
    (ymd(2026, 4, 1), 1),
    (ymd(2026, 7, 1), 1),
    (ymd(2026, 8, 1), 1),
    (ymd(2026, 9, 28), 4),
    (ymd(2026, 10, 1), 5),
    (ymd(2026, 11, 1), 2),
    // Clocks change: Los Angeles, Santiago, Cairo, Auckland, London.
    (ymd(2024, 3, 10), 1),
    (ymd(2025, 9, 7), 1),
    (ymd(2026, 4, 24), 1),
    (ymd(2026, 9, 27), 1),
    (ymd(2026, 10, 25), 1),
];

const US_PAUSE: NaiveDate = ymd(2025, 4, 1);

/// A few accounts that share pools, and the customers they write to.
pub(crate) struct World {
    pub(crate) accounts: Vec<Account>,
    pub(crate) customers: Vec<String>,
    /// Local midnights and other instants worth hitting exactly.
    pub(crate) anchors: Vec<Ms>,
    pub(crate) carry_in: Vec<CarryIn>,
}

pub(crate) fn settings(rng: &mut ChaCha8Rng) -> Settings {
    let days = [ymd(2026, 9, 28), ymd(2026, 9, 28), ymd(2026, 9, 21), ymd(2026, 10, 1), ymd(2026, 8, 15)];
    let lengths = [FepLength::Rolling, FepLength::Rolling, FepLength::Fixed72, FepLength::Fixed168];
    Settings {
        csw_at_delivery: rng.random_bool(0.3),
        fep_at_delivery: rng.random_bool(0.3),
        fep_length: pick(rng, &lengths),
        fep_7_days_from: pick(rng, &days),
        page_cta_after: rng.random_bool(0.3),
        post_opens_fep: rng.random_bool(0.3),
        fep_uses_allowance: rng.random_bool(0.5),
        reaction_opens: rng.random_bool(0.7),
        unsupported_opens: rng.random_bool(0.7),
        keep_conversations: rng.random_bool(0.5),
        us_pause: rng.random_bool(0.8),
        refuse: rng.random_bool(0.5),
    }
}

/// `n` makes the ids of this world its own.
pub(crate) fn world(rng: &mut ChaCha8Rng, tables: &Tables, settings: &Settings, n: usize) -> World {
    let change = day_of_change(rng, settings);
    let home = pick(rng, ZONES);
    let wabas: Vec<Account> = (0..rng.random_range(1..=3)).map(|i| waba(rng, n, i, home, change)).collect();
    let mut accounts = Vec::new();
    for i in 0..rng.random_range(1..=3usize) {
        let number = format!("{}", 200_000_000 + n * 10 + i);
        let first = rng.random_range(0..wabas.len());
        accounts.push(Account { number: number.clone(), ..wabas[first].clone() });
        // R44: since 2026 several messaging accounts may share a number.
        if wabas.len() > 1 && rng.random_bool(0.3) {
            let second = (first + 1) % wabas.len();
            accounts.push(Account { number, ..wabas[second].clone() });
        }
    }
    let customers = (0..rng.random_range(1..=4)).map(|i| customer(rng, n, i, change)).collect::<Vec<String>>();
    let mut anchors: Vec<Ms> = accounts.iter().map(|a| midnight(change, a.zone)).collect();
    anchors.push(midnight(first_of_next_month(change), home));
    let carry_in = carry_in(rng, tables, &accounts, &customers, change);
    World { accounts, customers, anchors, carry_in }
}

fn day_of_change(rng: &mut ChaCha8Rng, settings: &Settings) -> NaiveDate {
    match rng.random_range(0..10) {
        // Any month's end, from the first regime to the last.
        0..2 => {
            let months = Months::new(rng.random_range(0..62));
            ymd(2021, 11, 1) + months
        }
        // A quiet day in the middle of some regime.
        2 => ymd(2021, 11, 10) + Days::new(rng.random_range(0..1830)),
        3 => settings.fep_7_days_from,
        _ => {
            let days = CHANGES.iter().flat_map(|&(day, weight)| vec![day; weight]);
            pick(rng, &days.collect::<Vec<NaiveDate>>())
        }
    }
}

fn waba(rng: &mut ChaCha8Rng, n: usize, i: usize, home: Tz, change: NaiveDate) -> Account {
    let near = |rng: &mut ChaCha8Rng| change - Days::new(3) + Days::new(rng.random_range(0..6));
    let auth_intl_from = match rng.random_range(0..10) {
        0..4 => None,
        4..7 => Some(change - Days::new(60)),
        _ => Some(near(rng)),
    };
    let mut exceptions = Vec::new();
    // An exception without a start of its own would have no meaning.
    if auth_intl_from.is_some() && rng.random_bool(0.4) {
        exceptions.push((pick(rng, &["IN", "ID", "EG", "KZ"]).to_string(), near(rng)));
        if rng.random_bool(0.3) {
            exceptions.push(("MY".to_string(), near(rng)));
        }
    }
    let mut waived = Vec::new();
    if rng.random_bool(0.1) {
        for category in ["marketing", "utility", "authentication", "service"] {
            if rng.random_bool(0.35) {
                waived.push(category.to_string());
            }
        }
    }
    Account {
        number: String::new(),
        waba: format!("{}", 100_000_000 + n * 10 + i),
        zone: if rng.random_bool(0.6) { home } else { pick(rng, ZONES) },
        currency: pick(rng, &["USD", "USD", "USD", "USD", "USD", "USD", "INR", "INR", "EUR", "BRL"]).to_string(),
        // Often one portfolio for all, sometimes none.
        portfolio: pick(rng, &[format!("{n}000"), format!("{n}000"), format!("{n}001"), String::new()]),
        primary_location: pick(rng, &["", "BR", "IN", "ID", "US", "KZ"]).to_string(),
        auth_intl_from,
        auth_intl_exceptions: exceptions,
        partner_served: rng.random_bool(0.6),
        waived,
        exempt_until: rng.random_bool(0.4).then(
            || {
                if rng.random_bool(0.7) { near(rng) } else { change + Days::new(60) }
            },
        ),
    }
}

fn customer(rng: &mut ChaCha8Rng, n: usize, i: usize, change: NaiveDate) -> String {
    let prefix = if change == US_PAUSE && rng.random_bool(0.5) {
        pick(rng, US)
    } else if rng.random_bool(0.5) {
        pick(rng, COMMON)
    } else {
        pick(rng, PREFIXES)
    };
    format!("{prefix}{:05}", (n * 10 + i) % 100_000)
}

/// What was used before the log: close to the bounds, so that a small log crosses them.
fn carry_in(
    rng: &mut ChaCha8Rng,
    tables: &Tables,
    accounts: &[Account],
    customers: &[String],
    change: NaiveDate,
) -> Vec<CarryIn> {
    let mut rows: Vec<CarryIn> = Vec::new();
    let mut add = |scope, id: &str, month: &str, market: &str, category: &str, used| {
        let known = rows.iter().any(|r| {
            r.scope == scope && r.id == id && r.month == month && r.market == market && r.category == category
        });
        if !known {
            let (market, category) = (market.to_string(), category.to_string());
            rows.push(CarryIn { scope, id: id.to_string(), month: month.to_string(), market, category, used });
        }
    };
    let this = first_of(change);
    let before = first_of(this - Days::new(1));
    for first in [before, this, first_of_next_month(change)] {
        let month = month_of(first);
        for account in accounts {
            let left = pick(rng, &[0, 0, 1, 2, 3, 4, 6, 8]);
            let used = if rng.random_bool(0.1) { 1200 } else { 1000 - left };
            if first >= ymd(2022, 2, 1) && first < ymd(2024, 11, 1) && rng.random_bool(0.8) {
                add("conversation_allowance", &account.waba, &month, "", "", used);
            }
            if first >= ymd(2026, 10, 1) && rng.random_bool(0.8) {
                add("service_allowance", &account.number, &month, "", "", used);
            }
            let portfolio = if account.portfolio.is_empty() { &account.waba } else { &account.portfolio };
            for customer in customers {
                let market = tables.market(customer, first);
                for category in ["utility", "authentication"] {
                    let bounds = tables.tier_bounds(&market, category);
                    if first >= ymd(2025, 7, 1) && !bounds.is_empty() && rng.random_bool(0.7) {
                        let used = pick(rng, &bounds) - pick(rng, &[0, 1, 1, 2, 3]);
                        add("volume_tier", portfolio, &month, &market, category, used);
                    }
                }
            }
        }
    }
    rows
}

/// The instant at which the date begins for a clock in the zone, also where clocks skip midnight.
fn midnight(date: NaiveDate, zone: Tz) -> Ms {
    let mut time = NaiveTime::MIN;
    loop {
        if let Some(at) = zone.from_local_datetime(&date.and_time(time)).earliest() {
            return at.timestamp_millis();
        }
        time += TimeDelta::minutes(15);
    }
}

fn first_of_next_month(date: NaiveDate) -> NaiveDate {
    first_of(first_of(date) + Days::new(31))
}

fn first_of(date: NaiveDate) -> NaiveDate {
    ymd(date.year(), date.month(), 1)
}

pub(crate) fn pick<T: Clone>(rng: &mut impl Rng, from: &[T]) -> T {
    from.choose(rng).expect("something to choose from").clone()
}
