//! Rows of any texts survive the way through every form.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::files::{parquet, plain, texts};
use super::replays_alike::succeed;
use super::run::Sandbox;

const COLUMNS: [&str; 7] =
    ["message_id", "direction", "customer_id", "sent_at", "template_name", "conversation_id", "campaign"];

fn row() -> impl Strategy<Value = Vec<String>> {
    // No spaces at the ends: all readers take those for padding.
    let text = "([^\\s]([^\\x00]{0,12}[^\\s])?)?".prop_map(|text: String| text.trim().to_owned());
    let id =
        "[^\\s\\x00]{1,12}".prop_map(|text: String| text.trim().to_owned()).prop_filter("an id", |id| !id.is_empty());
    let direction = prop::sample::select(vec!["inbound", "outbound", "in", "OUT"]).prop_map(str::to_owned);
    let customer = (5_511_900_000_000_u64..5_511_999_999_999).prop_map(|number| number.to_string());
    // Milliseconds, whole seconds among them.
    let time = (1_640_995_200_000_u64..1_830_297_600_000, any::<bool>()).prop_map(|(ms, whole)| {
        wabill::model::Instant::from_ms(if whole { ms / 1000 * 1000 } else { ms }).unwrap().to_string()
    });
    (id, direction, customer, time, text.clone(), text.clone(), text)
        .prop_map(|(a, b, c, d, e, f, g)| vec![a, b, c, d, e, f, g])
}

fn table(sandbox: &Sandbox, name: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(sandbox.path(name)).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |column: &str| header.iter().position(|name| name == column);
    let places = COLUMNS.map(at);
    let field = |record: &csv::StringRecord, place: &Option<usize>| place.map_or("", |place| &record[place]).to_owned();
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            places.iter().map(|place| field(&record, place)).collect()
        })
        .collect()
}

#[test]
fn random_rows_survive_every_form() {
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 24, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let rows = prop::collection::vec(row(), 1..40);
    let outcome = runner.run(&rows, |rows| {
        let schema = COLUMNS.map(|name| format!("optional binary {name} (STRING);")).concat();
        let columns = (0..COLUMNS.len()).map(|at| texts(&rows.iter().map(|row| row[at].as_str()).collect::<Vec<_>>()));
        let file = parquet(&format!("message log {{ {schema} }}"), plain(), &[columns.collect()]);
        let sandbox = Sandbox::with("in.parquet", file);
        let steps = ["in.parquet", "a.csv", "b.parquet", "c.jsonl", "d.csv"];
        for step in steps.windows(2) {
            let ran = succeed(&sandbox, &["convert", step[0], "-o", step[1]]);
            prop_assert_eq!(ran.stderr, "");
        }
        prop_assert_eq!(&table(&sandbox, "a.csv"), &rows);
        prop_assert!(fs::read(sandbox.path("a.csv")).unwrap() == fs::read(sandbox.path("d.csv")).unwrap());
        Ok(())
    });
    outcome.unwrap();
}
