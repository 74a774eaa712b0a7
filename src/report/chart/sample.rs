//! Invented data for the tests, in the shapes that real logs have.

use chrono::{Days, NaiveDate};

use super::{ChartCategory, ChartData, DayCount, FreeReason, MarketCost, Money, RegimeChange};

const CATEGORIES: [ChartCategory; 6] = [
    ChartCategory::Marketing,
    ChartCategory::Utility,
    ChartCategory::Authentication,
    ChartCategory::Service,
    ChartCategory::BusinessAgent,
    ChartCategory::Other,
];

/// All samples with their names.
pub(crate) fn all() -> Vec<(&'static str, ChartData)> {
    vec![
        ("shop", shop()),
        ("four-years", four_years()),
        ("one-year", one_year()),
        ("one-day", one_day()),
        ("empty", ChartData::default()),
        ("many-markets", many_markets()),
        ("millions", millions()),
        ("many-currencies", many_currencies()),
        ("all-free", all_free()),
    ]
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

/// A number that looks random and is always the same.
fn noise(seed: u64, below: u64) -> u64 {
    let mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) % (1 << 40) % below.max(1)
}

fn money(currency: &str, amount: &str, minor_digits: u32) -> Money {
    Money { currency: currency.to_owned(), amount: amount.to_owned(), minor_digits }
}

fn cost(market: &str, currency: &str, amount: &str) -> MarketCost {
    MarketCost { market: market.to_owned(), billed: money(currency, amount, 2) }
}

fn reason(reason: &str, messages: u64, list_price: Vec<Money>) -> FreeReason {
    FreeReason { reason: reason.to_owned(), messages, list_price }
}

fn change(date: NaiveDate, label: &str) -> RegimeChange {
    RegimeChange { date, label: label.to_owned() }
}

/// Days with all categories; service is charged from `service_from` on.
fn days(first: NaiveDate, count: u64, scale: u64, service_from: NaiveDate) -> Vec<DayCount> {
    let mut all = Vec::new();
    for offset in 0..count {
        let date = first + Days::new(offset);
        for (index, category) in CATEGORIES.into_iter().enumerate() {
            let weight = [30, 22, 12, 60, 9, 2][index] * scale / 100;
            let seed = offset * 7 + index as u64;
            let messages = weight / 2 + noise(seed, weight + 1);
            let service = category == ChartCategory::Service;
            let charged_part = match category {
                ChartCategory::Service if date < service_from => 0,
                ChartCategory::Service => messages * 4 / 5,
                ChartCategory::Utility => messages / 3,
                ChartCategory::Other => 0,
                _ => messages * 9 / 10,
            };
            let split = [(true, charged_part), (false, messages - charged_part)];
            let quiet = offset % 7 == 6 && !service;
            for (charged, messages) in split.into_iter().filter(|s| s.1 > 0 && !quiet) {
                all.push(DayCount { date, category, charged, messages });
            }
        }
    }
    all
}

/// A shop in autumn 2026, when service messages begin to be charged.
pub(crate) fn shop() -> ChartData {
    ChartData {
        title: "sample: 1 Aug – 31 Oct 2026".to_owned(),
        period: Some((date(2026, 8, 1), date(2026, 10, 31))),
        days: days(date(2026, 8, 1), 92, 100, date(2026, 10, 1)),
        regime_changes: vec![
            change(date(2026, 10, 1), "service messages charged"),
            change(date(2026, 8, 20), "utility volume tiers"),
            change(date(2026, 9, 1), "authentication rates for Latin America"),
            change(date(2020, 9, 1), "long ago"),
        ],
        cost_per_market: vec![
            cost("Germany", "EUR", "231.4123"),
            cost("Rest of Central & Eastern Europe", "EUR", "87.055"),
            cost("Rest of Western Europe", "EUR", "12.5"),
            cost("Türkiye", "EUR", "0.0049"),
        ],
        free_by_reason: vec![
            reason("customer service window", 4210, vec![money("EUR", "120.33", 2)]),
            reason("free entry point (ad click)", 913, vec![money("EUR", "61.4", 2)]),
            reason("1,000 free a month", 2000, vec![money("EUR", "88.001", 2)]),
            reason("not delivered", 12, vec![]),
        ],
    }
}

/// Four years with every change of rules there was.
pub(crate) fn four_years() -> ChartData {
    ChartData {
        title: "archive: 3 Feb 2023 – 15 Jan 2027".to_owned(),
        period: None,
        days: days(date(2023, 2, 3), 1443, 2500, date(2026, 10, 1)),
        regime_changes: vec![
            change(date(2023, 6, 1), "conversation categories"),
            change(date(2024, 11, 1), "service conversations free"),
            change(date(2025, 4, 1), "new authentication rates"),
            change(date(2025, 7, 1), "per-message pricing"),
            change(date(2025, 10, 1), "new rates"),
            change(date(2026, 1, 1), "billing in local currency"),
            change(date(2026, 10, 1), "service messages charged"),
            change(date(2026, 10, 1), "maximum price"),
        ],
        ..many_markets()
    }
}

/// A year in weeks, without messages in the first weeks.
pub(crate) fn one_year() -> ChartData {
    ChartData {
        title: "calendar year 2026".to_owned(),
        period: Some((date(2026, 1, 1), date(2026, 12, 31))),
        days: days(date(2026, 2, 4), 325, 9000, date(2026, 10, 1)),
        regime_changes: vec![change(date(2026, 10, 1), "service messages charged")],
        ..shop()
    }
}

/// A single day.
pub(crate) fn one_day() -> ChartData {
    ChartData {
        title: "1 Oct 2026".to_owned(),
        period: None,
        days: days(date(2026, 10, 1), 1, 100, date(2026, 10, 1)),
        regime_changes: vec![change(date(2026, 10, 1), "service messages charged")],
        cost_per_market: vec![cost("India", "INR", "12.345")],
        free_by_reason: vec![reason("customer service window", 1, Vec::new())],
    }
}

/// More markets than there is room for, in two currencies.
pub(crate) fn many_markets() -> ChartData {
    let mut data = shop();
    data.cost_per_market = (0..47)
        .flat_map(|n| {
            let name = match n {
                3 => "Rest of Central & Eastern Europe".to_owned(),
                7 => "United Kingdom of Great Britain and Northern Ireland".to_owned(),
                8 => "Rest of Asia Pacific".to_owned(),
                _ => format!("Market number {n}"),
            };
            let amount = |k: u64| format!("{}.{:04}", noise(n * 11 + k, 90_000) / (n + 1), n * 17);
            [cost(&name, "USD", &amount(1)), cost(&name, "EUR", &amount(2))]
        })
        .collect();
    data.free_by_reason = (0..15)
        .map(|n| {
            let price = |currency| money(currency, &format!("{}.77", noise(n, 5000)), 2);
            let name = format!("reason number {n}, described in more words than fit on one line");
            reason(&name, 9000 / (n + 1), vec![price("USD"), price("EUR")])
        })
        .collect();
    data
}

/// Amounts in currencies with many digits.
pub(crate) fn millions() -> ChartData {
    let mut data = shop();
    data.title = "a long log name & <more>, ".repeat(9);
    data.days = days(date(2026, 8, 1), 92, 900_000, date(2026, 10, 1));
    data.cost_per_market = vec![
        cost("India", "INR", "123456789.875"),
        cost("Indonesia", "INR", "4567890.1"),
        cost("United Arab Emirates", "INR", "890123"),
        cost("Rest of Central & Eastern Europe", "INR", "14.2"),
        cost("Colombia", "COP", "9876543210.5"),
        cost("Brazil", "COP", "8001234567"),
        cost("Rest of Latin America", "COP", "98765432"),
    ];
    let prices = |inr: &str, cop: &str| vec![money("INR", inr, 2), money("COP", cop, 2)];
    data.free_by_reason = vec![
        reason("customer service window", 81_234_567, prices("98765432.1", "1234567890.12")),
        reason("free entry point (ad click)", 2_345_678, prices("5432.1", "7890.12")),
    ];
    data
}

/// More currencies than panels.
pub(crate) fn many_currencies() -> ChartData {
    let mut data = many_markets();
    let currencies = ["USD", "EUR", "GBP", "INR", "IDR", "AUD", "MXN", "BRL"];
    for (index, cost) in data.cost_per_market.iter_mut().enumerate() {
        currencies[index % 8].clone_into(&mut cost.billed.currency);
    }
    for reason in &mut data.free_by_reason {
        let prices = currencies.map(|currency| money(currency, "1234567.5", 2));
        reason.list_price = prices.to_vec();
    }
    data
}

/// Nothing charged at all, two days apart.
pub(crate) fn all_free() -> ChartData {
    let count = |day, messages| DayCount {
        date: date(2026, 9, day),
        category: ChartCategory::Service,
        charged: false,
        messages,
    };
    ChartData {
        title: "a quiet account".to_owned(),
        period: Some((date(2026, 9, 1), date(2026, 9, 30))),
        days: vec![count(3, 1), count(5, 2)],
        free_by_reason: vec![reason("customer service window", 3, Vec::new())],
        ..ChartData::default()
    }
}
