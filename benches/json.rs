//! Reading webhooks, against `serde_json` into `Value` and into borrowed typed structs, over the same file in one run.
//!
//! `cargo bench --bench json` prints medians of seven interleaved runs in GB per CPU second. Ours goes all the way to observations
//! (times and values parsed, Meta's verdict understood); the others only parse. Ours takes the SHA-256 of each input on the way, which
//! the others do not: what that costs by itself is measured in the same run, and ours is shown with it and less it.
#![allow(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "times and ratios for people")]
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark looks at the clock and prints")]
#![allow(clippy::struct_field_names, clippy::panic_in_result_fn, reason = "structs as any reader would write them")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run should say so at once")]

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use cpu_time::ProcessTime;
use serde::Deserialize;
use wabill::model::{CanonicalRow, Instant, Rejection, TemplateChange};
use wabill::read::{
    Input, OneByOne, ReadError, ReadOptions, ReadProgress, Refused, Sink, Tells, UnknownKind, observe, open,
    read_input, sha256,
};

/// Reads a file and counts its messages and statuses.
type Reader = fn(&Path) -> u64;

const RUNS: usize = 7;
const MESSAGES: u64 = 100_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webhooks.jsonl");
    write_webhooks(&path);
    let gigabytes = path.metadata().unwrap().len() as f64 / 1e9;
    println!("{MESSAGES} messages, {gigabytes:.3} GB of webhooks; medians of {RUNS} interleaved runs");
    let readers: [(&str, Reader); 3] = [
        ("serde_json::Value", by_value),
        ("serde_json, typed and borrowed", typed),
        ("wabill, to observations, with hash", ours),
    ];
    let text = std::fs::read(&path).unwrap();
    let mut counts = [0; 3];
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..RUNS {
        for (at, (_, read)) in readers.iter().enumerate() {
            times[at].push(timed(|| counts[at] = read(&path)));
        }
        times[3].push(timed(|| {
            std::hint::black_box(sha256(&text));
        }));
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    let [value, typed, ours, hash] = times.map(|mut times| {
        times.sort_unstable();
        times[RUNS / 2].as_secs_f64()
    });
    let [by_value, by_type, whole] = readers.map(|(name, _)| name);
    let shown =
        [(by_value, value), (by_type, typed), (whole, ours), ("wabill, to observations, less hash", ours - hash)];
    for (name, own) in shown {
        let [value, typed] = [value / own, typed / own];
        println!("{name:<36}{:>7.3} GB per CPU second   x{value:.2} of Value   x{typed:.2} of typed", gigabytes / own);
    }
    println!("{:<36}{:>7.3} GB per CPU second", "the hash by itself", gigabytes / hash);
}

/// CPU time of a piece of work.
fn timed(work: impl FnOnce()) -> Duration {
    let start = ProcessTime::now();
    work();
    start.elapsed()
}

/// One inbound and four statuses a message, as a relay would store them: one body a line.
fn write_webhooks(path: &Path) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    for message in 0..MESSAGES {
        let (customer, at) = (4_915_100_000_000 + message % 20_000, 1_790_900_000 + message * 7);
        let head = "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"200000000000001\",\"changes\":[{\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"15550001111\",\"phone_number_id\":\"100000000000001\"},";
        let tail = "},\"field\":\"messages\"}]}]}\n";
        write!(file, "{head}\"contacts\":[{{\"profile\":{{\"name\":\"Customer {customer}\"}},\"wa_id\":\"{customer}\"}}],\"messages\":[{{\"from\":\"{customer}\",\"id\":\"wamid.HBgNMTU1NTAwMDIyMjIVAgASGBQzQTBFNkI5{message:016}\",\"timestamp\":\"{at}\",\"type\":\"text\",\"text\":{{\"body\":\"Hello, is my parcel number {message} on its way? Thank you very much for looking.\"}}}}]{tail}").unwrap();
        for (status, delay) in [("sent", 60), ("delivered", 62), ("read", 90), ("read", 91)] {
            let pricing = if status == "read" {
                ""
            } else {
                ",\"pricing\":{\"billable\":true,\"pricing_model\":\"PMP\",\"type\":\"regular\",\"category\":\"utility\"}"
            };
            write!(file, "{head}\"statuses\":[{{\"id\":\"wamid.HBgNMTU1NTAwMDIyMjIVAgARGBI5QTNDQTVC{message:016}\",\"status\":\"{status}\",\"timestamp\":\"{}\",\"recipient_id\":\"{customer}\"{pricing}}}]{tail}", at + delay).unwrap();
        }
    }
    file.flush().unwrap();
}

/// A document tree a body; counts messages and statuses.
fn by_value(path: &Path) -> u64 {
    let text = std::fs::read(path).unwrap();
    let mut count = 0;
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let body: serde_json::Value = serde_json::from_slice(line).unwrap();
        for change in body["entry"].as_array().unwrap().iter().flat_map(|entry| entry["changes"].as_array().unwrap()) {
            let length = |key: &str| change["value"][key].as_array().map_or(0, Vec::len) as u64;
            count += length("messages") + length("statuses");
        }
    }
    count
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Entry<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    changes: Vec<Change<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Change<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow)]
    value: Value<'a>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Value<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(borrow, default)]
    contacts: Vec<Contact<'a>>,
    #[serde(borrow, default)]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    statuses: Vec<Status<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Metadata<'a> {
    #[serde(borrow)]
    display_phone_number: Cow<'a, str>,
    #[serde(borrow)]
    phone_number_id: Cow<'a, str>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Contact<'a> {
    #[serde(borrow)]
    wa_id: Cow<'a, str>,
    #[serde(borrow, default)]
    user_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Message<'a> {
    #[serde(borrow)]
    from: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    referral: Option<Referral<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Referral<'a> {
    #[serde(borrow, default)]
    source_type: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Status<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow)]
    recipient_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pricing: Option<Pricing<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "a reader would use them")]
struct Pricing<'a> {
    billable: bool,
    #[serde(borrow)]
    pricing_model: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    category: Cow<'a, str>,
}

/// Borrowed structs of what a bill needs; everything else is ignored.
fn typed(path: &Path) -> u64 {
    let text = std::fs::read(path).unwrap();
    let mut count = 0;
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let body: Body<'_> = serde_json::from_slice(line).unwrap();
        for change in body.entry.iter().flat_map(|entry| &entry.changes) {
            count += (change.value.messages.len() + change.value.statuses.len()) as u64;
        }
        std::hint::black_box(&body);
    }
    count
}

struct Count(u64);

impl Sink for Count {
    type Batch = OneByOne;

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        std::hint::black_box(&observe(row, None)?);
        self.0 += 1;
        Ok(())
    }
    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        panic!("{rejection:?}")
    }
    fn tells(&mut self, _: Tells) {}
    fn link(&mut self, _: &str, _: &str, _: Instant) {}
    fn template(&mut self, _: TemplateChange) {}
    fn unknown(&mut self, _: UnknownKind, name: &str) {
        panic!("{name}")
    }
    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

fn ours(path: &Path) -> u64 {
    let progress = ReadProgress::default();
    let mut opened = open(&Input::File(path.to_owned()), &progress).unwrap();
    let mut count = Count(0);
    read_input(&mut opened, "webhooks.jsonl", &ReadOptions::default(), &mut count).unwrap();
    count.0
}
