//! The trips: canonical forms, and webhooks in every shape.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::canonical::{self, Row};
use super::compare;
use super::files::{documents, in_three_files, untidy};
use super::outcome::{Desk, Outcome};
use super::scenario::{NUMBERS, Number, Scenario, all};
use super::webhook::{Shape, told};

pub(crate) const SIDE_FILES: [&str; 6] =
    ["--accounts", "accounts.csv", "--carry-in", "carry_in.csv", "--aliases", "aliases.csv"];

fn own_id(number: &Number) -> String {
    number.id.to_owned()
}

/// A folder with the side files of a scenario, and the run on its canonical log.
pub(crate) fn by_canonical_log(scenario: &Scenario) -> (Desk, Vec<Row>, Outcome) {
    let desk = Desk::new();
    desk.write("accounts.csv", canonical::accounts(own_id));
    desk.write("carry_in.csv", canonical::carry_in(scenario, own_id));
    desk.write("aliases.csv", canonical::aliases(scenario));
    let rows = canonical::rows(scenario);
    desk.write("log.csv", canonical::csv(&rows));
    let outcome = desk.replay(&["log.csv"], &SIDE_FILES);
    (desk, rows, outcome)
}

/// Runs the webhooks of a scenario. What links numbers is in them.
fn by_webhooks(desk: &Desk, scenario: &Scenario, canonical: &Outcome, shape: Shape, arguments: &[&str]) -> Outcome {
    let mut dice = ChaCha8Rng::seed_from_u64(scenario.seed ^ 0x77);
    let told = untidy(told(scenario, canonical, shape, &mut dice), &mut dice);
    let files = in_three_files(&documents(&told, shape, &mut dice));
    for (name, bytes) in &files {
        desk.write(name, bytes);
    }
    desk.replay(&files.iter().map(|(name, _)| *name).collect::<Vec<_>>(), arguments)
}

fn differences(canonical: &Outcome, webhooks: &Outcome) -> Vec<String> {
    let mut faults = compare::verdicts(canonical, webhooks);
    faults.extend(compare::conversations(canonical, webhooks));
    if compare::bill(canonical) != compare::bill(webhooks) {
        faults.push("the lines of the bill differ".to_owned());
    }
    if canonical.totals() != webhooks.totals() {
        faults.push(format!("totals: {:?} | {:?}", canonical.totals(), webhooks.totals()));
    }
    faults
}

/// How many differences each scenario has, and the first of each.
fn report(faults: &[(String, Vec<String>)]) {
    let heads: Vec<String> = faults.iter().map(|(name, own)| format!("{name}: {}\n  {}", own.len(), own[0])).collect();
    assert!(faults.is_empty(), "{}", heads.join("\n"));
}

fn assert_webhooks_agree(shape: Shape) {
    let mut faults = Vec::new();
    for scenario in all() {
        let (desk, _, canonical) = by_canonical_log(&scenario);
        let webhooks = by_webhooks(&desk, &scenario, &canonical, shape, &SIDE_FILES[..4]);
        let found = differences(&canonical, &webhooks);
        if !found.is_empty() {
            faults.push((format!("seed {} {} {shape:?}", scenario.seed, scenario.first), found));
        }
    }
    report(&faults);
}

#[test]
fn canonical_forms_give_the_same_bytes() {
    let mut charged = 0;
    for scenario in all() {
        let (desk, rows, csv) = by_canonical_log(&scenario);
        desk.write("log.jsonl", canonical::jsonl(&rows));
        desk.write("events.csv", canonical::csv(&canonical::events(&rows)));
        desk.write("events.jsonl", canonical::jsonl(&canonical::events(&rows)));
        for form in ["log.jsonl", "events.csv", "events.jsonl"] {
            let other = desk.replay(&[form], &SIDE_FILES);
            assert!(csv.bytes == other.bytes, "seed {} {} {form}", scenario.seed, scenario.first);
        }
        charged += csv.lines.iter().filter(|line| line["verdict"] == "charged").count();
    }
    assert!(charged > 1000, "{charged} charged lines are no scenario");
}

#[test]
fn webhooks_with_a_conversation_for_each_message() {
    assert_webhooks_agree(Shape::Cloud23);
}

#[test]
fn webhooks_without_conversations() {
    assert_webhooks_agree(Shape::Cloud24);
}

#[test]
fn webhooks_by_way_of_gupshup() {
    assert_webhooks_agree(Shape::Gupshup3);
}

#[test]
fn webhooks_in_notifications() {
    assert_webhooks_agree(Shape::Sns);
}

#[test]
fn webhooks_as_bare_changes() {
    assert_webhooks_agree(Shape::Change);
}

/// They name neither number nor account: one number is assumed for both forms.
#[test]
fn webhooks_of_an_on_premises_installation() {
    let mut faults = Vec::new();
    for scenario in all().iter().map(Scenario::on_premises) {
        let desk = Desk::new();
        desk.write("aliases.csv", canonical::aliases(&scenario));
        desk.write("log.csv", canonical::csv(&canonical::without_accounts(canonical::rows(&scenario))));
        let zone = ["--timezone", NUMBERS[0].zone, "--currency", NUMBERS[0].currency];
        let canonical = desk.replay(&["log.csv"], &[&zone[..], &["--aliases", "aliases.csv"]].concat());
        let webhooks = by_webhooks(&desk, &scenario, &canonical, Shape::OnPremises, &zone);
        let found = differences(&canonical, &webhooks);
        if !found.is_empty() {
            faults.push((format!("seed {} {}", scenario.seed, scenario.first), found));
        }
    }
    report(&faults);
}
