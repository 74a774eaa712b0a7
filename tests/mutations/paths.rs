//! Every value of every document replaced by every other kind of value, one at a time.

use serde_json::Value;
use wabill::model::{Column, RejectCode};

use crate::logs::{Log, documents, objects, providers, webhooks};
use crate::told::{Told, read_as, read_webhooks};
use crate::values::{self, Put, UNICODE};
use wabill::read::Format;

/// Stands where a value is replaced; no fixture holds it.
const MARK: &str = "\u{1}mark\u{1}";
const WRITTEN_MARK: &str = "\"\\u0001mark\\u0001\"";

/// Visits every value below one, and gives the document with the mark in its place.
fn marked(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut copy = document.clone();
    for pointer in pointers(document) {
        let place = copy.pointer_mut(&pointer).expect("it was found");
        let before = std::mem::replace(place, Value::from(MARK));
        found.push(copy.to_string());
        *copy.pointer_mut(&pointer).expect("it was found") = before;
    }
    found
}

fn pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(object) => {
                let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
                open.extend(object.iter().map(|(key, value)| (format!("{path}/{}", escaped(key)), value)));
            }
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(at, value)| (format!("{path}/{at}"), value)));
            }
            _ => {}
        }
        if !path.is_empty() {
            found.push(path);
        }
    }
    found
}

fn put(marked: &str, put: &Put) -> Vec<u8> {
    let (before, after) = marked.split_once(WRITTEN_MARK).expect("the mark");
    [before.as_bytes(), &put.json, after.as_bytes()].concat()
}

/// A sound line between damaged ones.
fn sentinel(at: usize) -> String {
    format!(
        "{{\"messages\":[{{\"from\":\"12025550123\",\"id\":\"sentinel-{at}\",\"timestamp\":\"1791446400\",\"type\":\"text\"}}]}}\n"
    )
}

/// Damaged lines with a sound one behind each. Every sound one is read, and no other line is complained of.
fn with_sentinels(
    name: &str,
    damaged: &[(String, Vec<u8>, bool)],
    sentinel: fn(usize) -> String,
    read: fn(&[u8]) -> Told,
) {
    let mut log = Vec::new();
    for (at, (_, line, _)) in damaged.iter().enumerate() {
        log.extend_from_slice(line);
        log.push(b'\n');
        log.extend_from_slice(sentinel(at).as_bytes());
    }
    let told = read(&log);
    assert_eq!(told.stopped, None, "{name}");
    let ids: Vec<_> = told.column(Column::MessageId).filter_map(|id| id.strip_prefix("sentinel-")).collect();
    let expected: Vec<_> = (0..damaged.len()).map(|at| at.to_string()).collect();
    assert_eq!(ids, expected, "{name}: sound lines were lost");
    for (line, code) in &told.rejected {
        let at = usize::try_from(*line).expect("a line") - 1;
        assert!(at % 2 == 0, "{name}: {} was rejected with line {line}, which is sound", code.name());
        let (what, _, is_json) = &damaged[at / 2];
        // A text may be a notification's document, and that may be broken.
        assert!(*is_json || *code == RejectCode::BadJson, "{name}: {what}: {}", code.name());
    }
    for (at, (what, ..)) in damaged.iter().enumerate().filter(|(_, (.., is_json))| !is_json) {
        let line = 2 * at as u64 + 1;
        let own = told.rejected.iter().filter(|(rejected, _)| *rejected == line).count();
        assert_eq!(own, 1, "{name}: {what}: rejected {own} times");
    }
}

fn damage(log: &Log, documents: &[Value], sentinel: fn(usize) -> String, read: fn(&[u8]) -> Told) -> usize {
    let puts = values::all();
    let mut count = 0;
    for document in documents {
        let mut damaged = Vec::new();
        for marked in marked(document) {
            damaged.extend(puts.iter().map(|put_| (put_.name.to_owned(), put(&marked, put_), put_.is_json)));
        }
        count += damaged.len();
        with_sentinels(&log.name, &damaged, sentinel, read);
    }
    count
}

#[test]
fn any_value_of_a_webhook_may_be_anything() {
    let mut count = 0;
    for log in webhooks().iter().chain(&providers()) {
        // The long framings hold the same events over and over; two documents of each are enough.
        let documents: Vec<_> = documents(log).into_iter().filter(Value::is_object).take(2).collect();
        count += damage(log, &documents, sentinel, read_webhooks);
    }
    assert!(count > 50_000, "{count} values replaced");
}

fn canonical_sentinel(at: usize) -> String {
    format!(
        "{{\"message_id\":\"sentinel-{at}\",\"direction\":\"inbound\",\"customer_id\":\"12025550123\",\"created_at\":\"1791446400\"}}\n"
    )
}

fn read_objects(bytes: &[u8]) -> Told {
    read_as(bytes, Some(Format::Canonical))
}

#[test]
fn any_value_of_a_canonical_object_may_be_anything() {
    let log = Log { name: "objects".to_owned(), bytes: objects() };
    let count = damage(&log, &documents(&log), canonical_sentinel, read_objects);
    assert!(count > 5_000, "{count} values replaced");
}

#[test]
fn a_long_text_anywhere_is_read() {
    let long = values::long();
    for log in webhooks().iter().filter(|log| log.name.starts_with("base_jsonl") || log.name.starts_with("pricing_pmp"))
    {
        for document in documents(log).iter().take(2) {
            let damaged: Vec<_> =
                marked(document).iter().map(|marked| (long.name.to_owned(), put(marked, &long), true)).collect();
            with_sentinels(&log.name, &damaged, sentinel, read_webhooks);
        }
    }
}

/// Duplicates a key with its value, wherever there is one.
fn doubled(document: &Value) -> Vec<Vec<u8>> {
    let doubled = |marked: &String| {
        let before = marked.split_once(WRITTEN_MARK).expect("the mark").0;
        // An item of a list has no key.
        let start = before.strip_suffix("\":")?.rfind('"')?;
        let key = &before[start..];
        let twice = format!("{WRITTEN_MARK},{key}0");
        Some(marked.replace(WRITTEN_MARK, &twice).replace(WRITTEN_MARK, "0").into_bytes())
    };
    marked(document).iter().filter_map(doubled).collect()
}

#[test]
fn a_key_that_stands_twice_costs_its_document_at_most() {
    for log in webhooks() {
        for document in documents(&log).iter().filter(|document| document.is_object()).take(2) {
            // Keys that are not known may stand as often as they like.
            let read_all = doubled(document);
            for (at, line) in read_all.iter().enumerate() {
                let bytes = [line.as_slice(), b"\n", sentinel(at).as_bytes()].concat();
                let told = read_webhooks(&bytes);
                let expected = format!("sentinel-{at}");
                assert_eq!(told.column(Column::MessageId).last(), Some(expected.as_str()), "{}", log.name);
                assert!(told.rejected.iter().all(|(line, _)| *line == 1), "{}", log.name);
            }
        }
    }
    let twice = "{\"messages\":[{\"id\":\"a\",\"id\":\"b\"}]}\n".to_owned() + &sentinel(0);
    assert_eq!(read_webhooks(twice.as_bytes()).rejected, [(1, RejectCode::BadJson)]);
    let twice =
        "{\"message_id\":\"a\",\"direction\":\"inbound\",\"message_id\":\"b\"}\n".to_owned() + &canonical_sentinel(0);
    assert_eq!(read_objects(twice.as_bytes()).rejected, [(1, RejectCode::BadJson)]);
}

/// Text is kept as it is, whatever its script.
#[test]
fn texts_of_any_script_are_kept() {
    for log in webhooks() {
        for document in documents(&log).iter().take(2) {
            let mut damaged = Vec::new();
            for marked in marked(document) {
                for text in UNICODE {
                    let written = Value::from(text).to_string();
                    damaged.push(("text".to_owned(), marked.replace(WRITTEN_MARK, &written).into_bytes(), true));
                }
            }
            with_sentinels(&log.name, &damaged, sentinel, read_webhooks);
        }
    }
    for text in UNICODE {
        let line = format!(
            "{{\"messages\":[{{\"from\":\"12025550123\",\"id\":{},\"timestamp\":\"1791446400\",\"type\":\"text\"}}]}}\n",
            Value::from(text)
        );
        assert_eq!(read_webhooks(line.as_bytes()).column(Column::MessageId).collect::<Vec<_>>(), [text]);
    }
}
