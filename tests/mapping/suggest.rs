//! What is proposed for logs as if they were not known.

use wabill::model::Column;
use wabill::read::{Input, Mapping, ReadOptions, ReadProgress, Suggestion, open, suggest};

use super::collect::{Fixture, fixtures, read};

fn proposal(fixture: &Fixture) -> Suggestion {
    let input = Input::File(fixture.path.clone());
    let progress = ReadProgress::default();
    let mut opened = open(&input, &progress).expect("it is there");
    suggest(&mut opened, "log", &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The proposal loads as it is, and gives the id, direction and customer of most rows that the built-in mapping gives.
#[test]
fn proposals_find_what_a_row_needs() {
    let mut faults = Vec::new();
    for fixture in fixtures() {
        let name = fixture.path.file_name().unwrap().to_string_lossy().into_owned();
        let proposed = proposal(&fixture);
        let mapping = match Mapping::read("proposed.toml", &proposed.toml) {
            Ok(mapping) if proposed.missing.is_empty() => mapping,
            outcome => {
                faults.push(format!("{name}: {:?} {:?}\n{}", outcome.err(), proposed.missing, proposed.toml));
                continue;
            }
        };
        let options = ReadOptions { mapping: Some(std::sync::Arc::new(mapping)), ..fixture.options() };
        let options = ReadOptions { input_zone: options.input_zone.or(Some(chrono_tz::Tz::UTC)), ..options };
        let found = read(&fixture.path, &options).unwrap_or_else(|error| panic!("{name}: {error}\n{}", proposed.toml));
        let expected = read(&fixture.path, &fixture.options()).unwrap();
        let keys = |rows: &[Vec<String>]| -> Vec<[String; 2]> {
            rows.iter()
                .map(|row| [Column::Direction, Column::CustomerId].map(|column| row[column as usize].clone()))
                .collect()
        };
        let (found_keys, expected_keys) = (keys(&found.rows), keys(&expected.rows));
        let hits = expected_keys.iter().filter(|key| found_keys.contains(key)).count();
        if hits * 10 < expected_keys.len() * 7 {
            faults.push(format!("{name}: {hits} of {}\n{}{:?}", expected_keys.len(), proposed.toml, found.rejections));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn proposals_are_the_same_every_time_and_say_how_sure_they_are() {
    for fixture in fixtures() {
        let proposed = proposal(&fixture);
        assert_eq!(proposed, proposal(&fixture));
        let columns: Vec<&str> = proposed.toml.lines().filter(|line| line.starts_with("message_id")).collect();
        assert!(!columns.is_empty(), "{}", proposed.toml);
        for line in columns {
            assert!(["# sure, ", "# likely, ", "# guess, "].iter().any(|grade| line.contains(grade)), "{line}");
            assert!(line.contains(" %: "), "{line}");
        }
    }
}

#[test]
fn what_is_missing_is_said() {
    let text = b"note,colour\nhello,red\n";
    let mut opened = open(&Input::Embedded("log", text), Box::leak(Box::default())).unwrap();
    let proposed = suggest(&mut opened, "log", &ReadOptions::default()).unwrap();
    assert_eq!(proposed.missing, ["customer_id", "message_id", "sent_at"]);
    assert!(Mapping::read("proposed.toml", &proposed.toml).unwrap_err().to_string().contains("has no message_id"));
}
