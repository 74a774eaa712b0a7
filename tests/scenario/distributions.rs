//! Traffic follows the distributions that it is said to follow: seeds are fixed, and every bound is five standard errors of the theory.

#![expect(
    clippy::float_arithmetic,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "statistics of a few thousand draws; no amount of money"
)]

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use wabill::model::Column;
use wabill::scenario::{EntryTexts, LOG_COLUMNS, Population, Scenario, entries};

/// Standard errors that a figure may be off. One in 1.7 million draws is further.
const ERRORS: f64 = 5.0;

/// A row by column.
struct Row(EntryTexts);

impl Row {
    fn get(&self, column: Column) -> &str {
        let at = LOG_COLUMNS.iter().position(|own| *own == column).expect("a column of the log");
        &self.0.0[at]
    }

    fn time(&self, column: Column) -> Option<DateTime<Utc>> {
        let text = self.get(column);
        (!text.is_empty()).then(|| text.parse().expect("RFC 3339"))
    }

    fn is_inbound(&self) -> bool {
        self.get(Column::Direction) == "inbound"
    }
}

/// The rows of each customer.
fn customers(text: &str) -> Vec<Vec<Row>> {
    let scenario = Scenario::parse(text, "test.toml").unwrap_or_else(|error| panic!("{error}"));
    let population = Population::new(scenario.traffic().expect("traffic"));
    (0..population.size())
        .map(|customer| entries(&population, customer).iter().map(|entry| Row(entry.texts())).collect())
        .collect()
}

/// Four whole weeks, in which each conversation is one message of the customer.
fn asking(customers: u32, question: &str, more: &str) -> String {
    format!(
        "version = 1\nseed = 11\n[traffic]\nperiod = {{ from = 2026-10-05, to = 2026-11-01 }}\n\
         [traffic.segment.all]\ncustomers = {customers}\nmarkets = {{ BR = 1 }}\nquestion = {question}\n\
         [traffic.number.main.talk]\nturns = [0, 1]\nasks = [0, 1]\nreplies = [1]\n{more}"
    )
}

/// Mean and variance.
fn moments(counts: &[f64]) -> (f64, f64) {
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    (mean, counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

fn assert_near(what: &str, found: f64, theory: f64, error: f64) {
    let off = (found - theory).abs() / error;
    assert!(off <= ERRORS, "{what}: {found}, not {theory}: {off:.1} standard errors of {error}");
}

/// A share of so many draws.
fn assert_share(what: &str, hits: usize, draws: usize, theory: f64) {
    let n = draws as f64;
    assert_near(what, hits as f64 / n, theory, (theory * (1.0 - theory) / n).sqrt());
}

/// Counts of bins by weight: the chi-squared statistic, whose mean is its degrees of freedom and whose variance is twice that.
fn assert_shape(what: &str, counts: &[f64], weights: &[f64]) {
    let (total, sum) = (counts.iter().sum::<f64>(), weights.iter().sum::<f64>());
    let expected = weights.iter().map(|weight| total * weight / sum);
    let bins: Vec<(f64, f64)> = counts.iter().copied().zip(expected).filter(|(_, expected)| *expected > 0.0).collect();
    assert_eq!(bins.iter().map(|(count, _)| count).sum::<f64>(), total, "{what}: something where nothing can be");
    let statistic: f64 = bins.iter().map(|(count, expected)| (count - expected).powi(2) / expected).sum();
    let freedom = bins.len() as f64 - 1.0;
    assert!(
        statistic <= freedom + ERRORS * (2.0 * freedom).sqrt(),
        "{what}: {statistic} at {freedom} degrees of freedom"
    );
}

/// Negative binomial with mean `m` and `r = 1 / variation²`: variance `m + m²/r`, excess kurtosis `6/r + r / (m (r + m))`.
#[test]
fn arrivals_are_as_dispersed_as_a_gamma_mixture() {
    const CUSTOMERS: u32 = 8_000;
    for (variation, per_month) in [(0.0, 3.0), (0.8, 3.0), (1.5, 1.2)] {
        let text = asking(CUSTOMERS, &format!("{{ per_month = {per_month:.1}, variation = {variation:.1} }}"), "");
        let counts: Vec<f64> = customers(&text).iter().map(|rows| rows.len() as f64).collect();
        let (mean, variance) = moments(&counts);
        let m: f64 = per_month * 28.0 / 30.0;
        let excess = if variation > 0.0 {
            let r: f64 = 1.0 / (variation * variation);
            6.0 / r + r / (m * (r + m))
        } else {
            1.0 / m
        };
        let sigma2: f64 = m + (variation * m).powi(2);
        let n = f64::from(CUSTOMERS);
        assert_near("mean", mean, m, (sigma2 / n).sqrt());
        assert_near("variance", variance, sigma2, sigma2 * ((excess + 2.0) / n).sqrt());
    }
}

#[test]
fn a_chance_for_each_day_is_a_binomial_count() {
    let counts: Vec<f64> = customers(&asking(4_000, "0.1", "[traffic.rhythm]\nweekend = 1.0\n"))
        .iter()
        .map(|rows| rows.len() as f64)
        .collect();
    let (mean, variance) = moments(&counts);
    let (m, sigma2): (f64, f64) = (28.0 * 0.1, 28.0 * 0.1 * 0.9);
    assert_near("mean", mean, m, (sigma2 / 4_000.0).sqrt());
    let excess = (1.0 - 6.0 * 0.1 * 0.9) / sigma2;
    assert_near("variance", variance, sigma2, sigma2 * ((excess + 2.0) / 4_000.0_f64).sqrt());
}

/// São Paulo is three hours behind UTC all year.
#[test]
fn arrivals_follow_the_hours_and_the_days_of_the_week() {
    let hours: [f64; 24] = std::array::from_fn(|hour| if hour < 6 { 0.0 } else { (hour * hour % 17 + 1) as f64 });
    let days = [9.0, 7.0, 5.0, 6.0, 8.0, 3.0, 1.0];
    let list = |weights: &[f64]| weights.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let rhythm = format!("[traffic.rhythm]\nhours = [{}]\ndays = [{}]\n", list(&hours), list(&days));
    let (mut by_hour, mut by_day, mut by_second) = ([0.0; 24], [0.0; 7], [0.0; 60]);
    for row in customers(&asking(6_000, "{ per_month = 4.0, variation = 1.0 }", &rhythm)).iter().flatten() {
        let local = row.time(Column::CreatedAt).expect("written").with_timezone(&chrono_tz::America::Sao_Paulo);
        by_hour[local.hour() as usize] += 1.0;
        by_second[local.second() as usize] += 1.0;
        by_day[local.weekday().num_days_from_monday() as usize] += 1.0;
    }
    assert_shape("hours", &by_hour, &hours);
    assert_shape("seconds", &by_second, &[1.0; 60]);
    // The account's days are those of UTC; the last evening of the period lies outside it. Hours from 21:00 on belong to the next day there.
    let evening = hours[21..].iter().sum::<f64>() / hours.iter().sum::<f64>() / 4.0;
    let counted: Vec<f64> =
        days.iter().enumerate().map(|(day, weight)| weight * if day == 6 { 1.0 - evening } else { 1.0 }).collect();
    assert_shape("days", &by_day, &counted);
}

#[test]
fn markets_come_by_their_weights() {
    let text = asking(5_000, "1.0", "").replace("{ BR = 1 }", "{ BR = 70, MX = 25, IN = 5 }");
    let all = customers(&text);
    for (prefix, share) in [("55", 0.70), ("52", 0.25), ("91", 0.05)] {
        let hits = all.iter().filter(|rows| rows[0].get(Column::CustomerId).starts_with(prefix)).count();
        assert_share(prefix, hits, all.len(), share);
    }
}

/// `customers × (1 + growth)^(d / 30)`, rounded to whole customers.
#[test]
fn a_segment_grows_and_shrinks_as_it_is_said() {
    for growth in [0.4, -0.3] {
        let more = format!("[traffic.segment.all]\ngrowth = {growth:.1}\n");
        let text = asking(2_000, "1.0", "[traffic.rhythm]\nweekend = 1.0\nhours = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n")
            .replace("[traffic.segment.all]\n", &more);
        let mut by_day: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        for row in customers(&text).iter().flatten() {
            *by_day.entry(row.time(Column::CreatedAt).expect("written").date_naive()).or_default() += 1.0;
        }
        assert_eq!(by_day.len(), 28);
        for (day, count) in by_day.values().enumerate() {
            let theory = 2_000.0 * f64::powf(1.0 + growth, day as f64 / 30.0);
            assert!((count - theory).abs() <= 1.0, "day {day}: {count}, not {theory}");
        }
    }
}

/// Standard normal distribution function, by its series; good to 1e-9.
fn phi(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return if x < 0.0 { 0.0 } else { 1.0 };
    }
    let (mut term, mut sum) = (x, x);
    for k in 1..60 {
        term *= x * x / f64::from(2 * k + 1);
        sum += term;
    }
    0.5 + sum * (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Waits are cut to whole seconds, so `P(wait < t)` is that of the lognormal at whole `t`.
#[test]
fn replies_wait_as_a_mixture_of_two_lognormals() {
    let talk = "[traffic.number.main.talk]\nturns = [0, 1]\nasks = [0, 1]\nreplies = [0, 1]\nbot = 0.0\nforgotten = 0.3\nreaction = 0.0\n\
                [traffic.rhythm]\ndesk_opens = 00:00:00\ndesk_closes = 23:59:59\n\
                person_reply = { median = \"8m\", spread = 0.9 }\nforgotten_reply = { median = \"5h\", spread = 0.4 }\n";
    let text = asking(6_000, "{ per_month = 2.0 }", "");
    let text = text.split("[traffic.number").next().expect("a part").to_owned() + talk;
    let mut waits = Vec::new();
    for rows in customers(&text) {
        let mut asked = None;
        for row in &rows {
            match (row.is_inbound(), asked) {
                (true, _) => asked = row.time(Column::CreatedAt),
                (false, Some(at)) => {
                    let sent = row.time(Column::SentAt).or(row.time(Column::CreatedAt)).expect("sent");
                    waits.push((sent - at).num_seconds());
                    asked = None;
                }
                (false, None) => {}
            }
        }
    }
    assert!(waits.len() > 9_000, "{}", waits.len());
    let below = |median: f64, spread: f64, at: f64| phi((at / median).ln() / spread);
    for minutes in [2, 4, 8, 16, 40, 150, 300, 500] {
        let at = f64::from(minutes) * 60.0;
        let theory = 0.7 * below(480.0, 0.9, at) + 0.3 * below(18_000.0, 0.4, at);
        let hits = waits.iter().filter(|wait| (**wait as f64) < at).count();
        // Conversations that overlap hide a few waits; with two in a month they are fewer than one in a hundred.
        let n = waits.len() as f64;
        assert_near(&format!("{minutes} min"), hits as f64 / n, theory, (theory * (1.0 - theory) / n).sqrt() + 0.002);
    }
}

#[test]
fn failures_clicks_and_opt_outs_have_their_shares() {
    let text = "version = 1\nseed = 3\n[traffic]\nperiod = { from = 2026-10-05, to = 2026-11-01 }\n\
        [traffic.segment.all]\ncustomers = 4000\nmarkets = { BR = 1 }\nclick = { per_month = 1.0 }\n\
        [traffic.campaign.news]\ntemplate = \"offer\"\ndays = [2026-10-06, 2026-10-13, 2026-10-20, 2026-10-27]\naudience = 1.0\nopt_out = 0.2\n\
        [traffic.click]\ndesktop = 0.25\nfollow_up_chance = 0.0\nunanswered = 1.0\n\
        [traffic.delivery]\nunreachable = 0.1\nheld_back = 0.0\n";
    let (mut mailings, mut unreachable, mut clicks, mut desktop) = (0, 0, 0, 0);
    for row in customers(text).iter().flatten() {
        if row.get(Column::MessageType) == "template" {
            mailings += 1;
            unreachable += usize::from(row.get(Column::ErrorCode) == "131026");
        } else if !row.get(Column::ReferralSourceType).is_empty() {
            clicks += 1;
            desktop += usize::from(["web", "desktop"].contains(&row.get(Column::Client)));
        }
    }
    assert_share("unreachable", unreachable, mailings, 0.1);
    assert_share("desktop", desktop, clicks, 0.25);
    // Mailings until the first opt-out, at most four: P(more than k) = 0.8^k, so the mean is 1 + 0.8 + 0.64 + 0.512.
    let theory = 1.0 + 0.8 + 0.64 + 0.512;
    let square = 1.0 + 3.0 * 0.8 + 5.0 * 0.64 + 7.0 * 0.512;
    assert_near("mailings", mailings as f64 / 4_000.0, theory, ((square - theory * theory) / 4_000.0).sqrt());
}

/// The platform refuses marketing to the United States since April 2025 (131049), and replies outside of the window (131047).
#[test]
fn what_the_platform_refuses_fails_with_its_code() {
    let text = "version = 1\nseed = 3\n[traffic]\nperiod = { from = 2026-10-05, to = 2026-11-01 }\n\
        [traffic.segment.all]\ncustomers = 300\nmarkets = { US = 1 }\nquestion = 0.1\n\
        [traffic.number.main.talk]\nforgotten = 0.5\nbot = 0.0\n\
        [traffic.campaign.news]\ntemplate = \"offer\"\ndays = [2026-10-06]\naudience = 1.0\n";
    let (mut late, mut paused) = (0, 0);
    for rows in customers(text) {
        let mut last: Option<DateTime<Utc>> = None;
        for row in &rows {
            let at = row.time(Column::SentAt).or(row.time(Column::CreatedAt)).expect("a time");
            let open = last.is_some_and(|last| (at - last).num_seconds() < 86_400);
            match row.get(Column::MessageType) {
                _ if row.is_inbound() => last = Some(at),
                "template" => {
                    assert_eq!((row.get(Column::ErrorCode), row.get(Column::DeliveredAt)), ("131049", ""));
                    paused += 1;
                }
                _ => {
                    assert_eq!(row.get(Column::ErrorCode) == "131047", !open);
                    late += usize::from(!open);
                }
            }
        }
    }
    assert_eq!(paused, 300);
    assert!(late > 50, "{late}");
}

#[test]
fn a_further_segment_changes_nobody_elses_traffic() {
    let text = asking(50, "{ per_month = 3.0 }", "");
    let more = format!("{text}[traffic.segment.aaa]\ncustomers = 40\nmarkets = {{ BR = 1, US = 1 }}\nclick = 0.1\n");
    let rows = |text: &str| -> Vec<EntryTexts> { customers(text).into_iter().flatten().map(|row| row.0).collect() };
    let (before, after) = (rows(&text), rows(&more));
    assert!(after.len() > before.len());
    assert!(before.iter().all(|row| after.contains(row)));
}

/// Ten lines make a shop with something of everything.
#[test]
fn ten_lines_make_a_plausible_shop() {
    let text = "version = 1\nseed = 7\n\n[traffic]\nperiod = { from = 2026-10-01, to = 2026-10-31 }\n\n[traffic.segment.customers]\ncustomers = 1000\nmarkets = { BR = 80, MX = 20 }\n";
    assert!(text.lines().count() <= 10);
    let all = customers(text);
    let count = |holds: &dyn Fn(&Row) -> bool| all.iter().flatten().filter(|row| holds(row)).count();
    for category in ["marketing", "utility", "authentication"] {
        assert!(count(&|row| row.get(Column::TemplateCategory) == category) > 200, "{category}");
    }
    assert!(count(&|row| row.get(Column::ReferralSourceType) == "ad") > 30);
    assert!(count(&|row| !row.is_inbound() && row.get(Column::MessageType) == "text") > 300);
}
