//! Refused scenarios: each is the sample with one thing broken.

use crate::scenario::{Scenario, ScenarioError};

const SAMPLE: &str = include_str!("../../../scenarios/sample.toml");

fn refusal(from: &str, to: &str) -> String {
    assert!(SAMPLE.contains(from), "the sample has no `{from}` to break");
    let broken = SAMPLE.replacen(from, to, 1);
    Scenario::parse(&broken, "broken.toml").expect_err("broken on purpose").to_string()
}

#[test]
fn names_file_line_and_field_of_a_name_that_leads_nowhere() {
    let refusal = refusal("follow_up = \"welcome_offer\"", "follow_up = \"nothing\"");
    let line = SAMPLE.lines().position(|line| line.starts_with("follow_up =")).map(|at| at + 1);
    let line = line.expect("the line is there");
    assert!(refusal.starts_with(&format!("broken.toml: line {line}: click.follow_up: ")));
    assert!(refusal.contains("no template `nothing`: expected one of "));
}

#[test]
fn names_the_line_of_a_value_out_of_range() {
    let refusal = refusal("duplicate = ", "duplicate = 1");
    assert!(refusal.starts_with("broken.toml: TOML parse error at line "));
    assert!(refusal.contains("is no share: expected 0.0 to 1.0"));
}

#[test]
fn refuses_an_unknown_field() {
    assert!(refusal("seed = ", "sead = ").contains("unknown field `sead`, expected one of"));
}

#[test]
fn refuses_a_period_that_ends_before_it_starts() {
    let refusal = refusal("to = 2026-10-31", "to = 2026-07-31");
    assert!(refusal.ends_with("2026-07-31 comes before the first day, 2026-08-01"));
}

#[test]
fn refuses_a_campaign_outside_the_period() {
    let refusal = refusal("days = [2026-08-05", "days = [2026-11-05");
    assert!(refusal.contains(".days: 2026-11-05 is outside the period"));
}

#[test]
fn refuses_more_customers_than_numbers() {
    let broken = SAMPLE.replacen("numbers = [\"447700900###\"]", "numbers = [\"44770090000#\"]", 1);
    let error = Scenario::parse(&broken, "broken.toml").expect_err("broken on purpose");
    let ScenarioError::Field { field, problem, .. } = error else {
        panic!("a fault between fields, not {error}");
    };
    assert_eq!(field, "market.GB.customers");
    assert!(problem.ends_with("have room for 10 numbers"));
}

#[test]
fn refuses_patterns_that_could_give_one_number_twice() {
    let refusal = refusal("\"57300000####\"", "\"97150000####\"");
    assert!(refusal.contains("market.CO.numbers: 97150000#### could give a number of market.AE"));
}
