//! Built-in mappings give the rows that their fixtures expect, and are recognised.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use wabill::read::{BUILT_IN, Format, Mapping, ReadOptions, Tells, UnknownKind};

use super::collect::{Collected, Fixture, fixtures, read};

/// Compares with the file, or writes it where `WABILL_UPDATE` is set. A file that is not there stands for `empty`.
fn compare(fixture: &Fixture, ending: &str, found: &str, faults: &mut Vec<String>) {
    let path = fixture.beside(ending);
    let is_empty = found.lines().count() <= 1;
    if std::env::var_os("WABILL_UPDATE").is_some() {
        if is_empty {
            drop(fs::remove_file(&path));
        } else {
            fs::write(&path, found).expect("it can be written");
        }
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let found = if is_empty { "" } else { found };
    if expected != found {
        faults.push(format!("{}\n--- expected\n{expected}--- found\n{found}", path.display()));
    }
}

#[test]
fn every_fixture_gives_its_rows() {
    let mut faults = Vec::new();
    for fixture in fixtures() {
        let collected = read(&fixture.path, &fixture.options()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(collected.count, (collected.rows.len() + collected.rejections.len()) as u64, "{fixture:?}");
        compare(&fixture, "expected.csv", &collected.table(), &mut faults);
        compare(&fixture, "rejected.csv", &collected.rejected(), &mut faults);
        compare(&fixture, "unknown.csv", &collected.counted(), &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_mapping_has_fixtures_that_show_what_it_can() {
    let mut covered = BTreeSet::new();
    for fixture in fixtures() {
        let collected = read(&fixture.path, &fixture.options()).unwrap();
        let records = collected.rows.len() + collected.rejections.len();
        assert!(records >= 7, "{}: {records} records", fixture.path.display());
        covered.insert(fixture.mapping.clone());
    }
    assert_eq!(covered, BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect());
    for name in &covered {
        let of_mapping: Vec<Collected> = fixtures()
            .iter()
            .filter(|fixture| fixture.mapping == *name)
            .map(|fixture| read(&fixture.path, &fixture.options()).unwrap())
            .collect();
        let any = |test: &dyn Fn(&Collected) -> bool| of_mapping.iter().any(test);
        for direction in ["inbound", "outbound"] {
            assert!(any(&|one| one.table().contains(direction)), "{name}: nothing {direction}");
        }
        assert!(any(&|one| one.tells.contains(&Tells::Delivery)), "{name} tells nothing of delivery");
        assert!(
            any(&|one| one.unknown.keys().any(|(kind, _)| *kind == UnknownKind::Field)),
            "{name} leaves nothing out"
        );
        assert!(any(&|one| !one.rejections.is_empty()), "{name} rejects nothing");
    }
}

/// Recognised by content, named by hand or given as a file: the rows are the same.
#[test]
fn naming_the_mapping_changes_nothing() {
    for fixture in fixtures() {
        let recognised = read(&fixture.path, &fixture.options()).unwrap();
        let format = Format::named(&fixture.mapping).unwrap();
        assert!(format.is_some(), "{}", fixture.mapping);
        let named = read(&fixture.path, &ReadOptions { format, ..fixture.options() }).unwrap();
        assert_eq!(named.table(), recognised.table(), "{}", fixture.path.display());
        let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == fixture.mapping).unwrap();
        let mapping = Mapping::read("copy.toml", text).unwrap();
        let given = ReadOptions { mapping: Some(std::sync::Arc::new(mapping)), ..fixture.options() };
        assert_eq!(read(&fixture.path, &given).unwrap().table(), recognised.table(), "{}", fixture.path.display());
    }
}

#[test]
fn built_in_files_are_complete() {
    for (name, text) in BUILT_IN {
        let mapping = Mapping::read(name, text).unwrap();
        assert_eq!(mapping.name(), name);
        assert!(!mapping.about().is_empty() && !mapping.lacks().is_empty(), "{name}");
        let comments: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        let comment = comments.join("\n");
        assert!(comments.len() >= 5 && comment.contains("Facts:") && comment.contains("not tell"), "{name}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/mappings/{name}.toml"));
        assert!(path.is_file(), "{name}");
    }
    assert!(BUILT_IN.is_sorted_by_key(|(name, _)| *name));
}

#[test]
fn format_names_are_known() {
    for name in Format::names() {
        assert!(Format::named(name).unwrap().is_some(), "{name}");
    }
    assert!(Format::named("fax").unwrap().is_none());
    assert!(matches!(Format::named("360dialog"), Ok(Some(Format::Webhooks))));
}
