//! The logs that are damaged: the fixtures of webhooks and providers, and small logs in the canonical form.

use std::fs;
use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

pub(crate) struct Log {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Log {
    /// One document a line.
    pub(crate) fn is_jsonl(&self) -> bool {
        self.name == "objects" || Path::new(&self.name).extension().is_some_and(|ending| ending == "jsonl")
    }
}

/// The same chance in every run.
pub(crate) fn chance(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn folder(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn logs(paths: impl IntoIterator<Item = PathBuf>) -> Vec<Log> {
    let log = |path: PathBuf| Log {
        name: path.file_name().expect("a file").to_string_lossy().into_owned(),
        bytes: fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    };
    paths.into_iter().map(log).collect()
}

/// The webhooks of the fixtures.
pub(crate) fn webhooks() -> Vec<Log> {
    let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json" || ending == "jsonl");
    let found = logs(folder("webhooks").into_iter().filter(is_json));
    assert!(found.len() > 100, "{} fixtures", found.len());
    found
}

/// Those of providers, once there are any.
pub(crate) fn providers() -> Vec<Log> {
    logs(folder("providers").into_iter().filter(|path| path.is_file()))
}

/// The first rows of the sample, as a table.
pub(crate) fn table() -> Vec<u8> {
    let sample = include_str!("../../data/sample/messages.csv");
    let rows: Vec<_> = sample.lines().take(40).collect();
    (rows.join("\n") + "\n").into_bytes()
}

/// The same rows as one JSON object each.
pub(crate) fn objects() -> Vec<u8> {
    let table = table();
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let header = reader.headers().expect("a header").clone();
    let mut objects = Vec::new();
    for record in reader.records() {
        let record = record.expect("a row");
        let own = header.iter().zip(&record).map(|(key, value)| (key.to_owned(), Value::from(value)));
        serde_json::to_writer(&mut objects, &Value::Object(own.collect())).expect("JSON");
        objects.push(b'\n');
    }
    objects
}

/// Everything.
pub(crate) fn all() -> Vec<Log> {
    let canonical = [("table", table()), ("objects", objects())];
    let canonical = canonical.map(|(name, bytes)| Log { name: name.to_owned(), bytes });
    webhooks().into_iter().chain(providers()).chain(canonical).collect()
}

/// The documents of a log of JSON that are sound, each by itself.
pub(crate) fn documents(log: &Log) -> Vec<Value> {
    let bytes = log.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&log.bytes);
    let items = |value: Value| match value {
        Value::Array(items) => items,
        other => vec![other],
    };
    if let Ok(whole) = serde_json::from_slice(bytes) {
        return items(whole);
    }
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    lines.flat_map(items).filter(Value::is_object).collect()
}
