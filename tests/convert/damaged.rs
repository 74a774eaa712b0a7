//! Files that are damaged, or no Parquet, or no log: the run says which and what, and never crashes.

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use parquet::basic::Encoding;
use parquet::file::properties::{WriterPropertiesBuilder, WriterVersion};
use parquet::schema::types::ColumnPath;
use rand::{RngExt, SeedableRng};

use super::files::{SMALL, Values, layouts, parquet, plain, small};
use super::run::{Ran, Sandbox, assert_none, faults};

fn sound() -> Vec<u8> {
    parquet(SMALL, plain(), &[small()])
}

#[test]
fn files_that_are_no_log_are_named_with_the_reason() {
    let nested = |declared: &str| {
        let schema = format!("message log {{ {declared} required binary message_id; }}");
        parquet(&schema, plain(), &[])
    };
    let three = "required binary message_id; required binary direction; required binary customer_id;";
    let with = |bytes: &[u8], at: usize, new: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + new.len()].copy_from_slice(new);
        bytes
    };
    let file = sound();
    let end = file.len();
    let cases: Vec<(&str, Vec<u8>, Vec<&str>)> = vec![
        ("no bytes", vec![], vec!["is empty"]),
        ("text", b"Dear diary,\n".to_vec(), vec!["message_id"]),
        ("the mark only", b"PAR1".to_vec(), vec!["no Parquet file"]),
        ("two marks", b"PAR1PAR1".to_vec(), vec!["no Parquet file"]),
        ("zeros between marks", [b"PAR1", &[0; 100][..], b"PAR1"].concat(), vec!["no Parquet file"]),
        ("text behind the mark", b"PAR1 is how it starts\n".repeat(50), vec!["no Parquet file"]),
        ("another mark at the end", with(&file, end - 4, b"PAR2"), vec!["no Parquet file"]),
        ("encrypted", with(&file, end - 4, b"PARE"), vec!["no Parquet file"]),
        ("a footer longer than the file", with(&file, end - 8, &[0xff, 0xff, 0xff, 0x7f]), vec!["no Parquet file"]),
        ("a footer of nothing", with(&file, end - 8, &[0; 4]), vec!["no Parquet file"]),
        ("pages of zeros", with(&file, 4, &[0; 200]), vec!["no Parquet file"]),
        ("pages of ones", with(&file, 4, &[0xff; 200]), vec!["no Parquet file"]),
        (
            "a group as a column",
            nested("optional group sent_at { optional int64 value; }"),
            vec!["'sent_at' is nested"],
        ),
        ("a list as a column", nested("repeated int64 sent_at;"), vec!["'sent_at' is nested or repeated"]),
        ("a column twice", nested("optional binary Message_Id;"), vec!["'message_id'", "twice"]),
        ("no time", nested("required binary direction; required binary customer_id;"), vec!["no column sent_at"]),
        (
            "misspelt",
            nested(
                "required binary direction; required binary customer_id; required binary sent_at; required binary deliverd_at;",
            ),
            vec!["'deliverd_at'", "'delivered_at'"],
        ),
        (
            "other columns",
            parquet("message log { required int32 a; }", plain(), &[vec![Values::Int32(vec![Some(1)])]]),
            vec!["no column message_id"],
        ),
        (
            "times of day",
            parquet(&format!("message log {{ {three} required int64 sent_at (TIME(MICROS,true)); }}"), plain(), &[]),
            vec!["'sent_at'", "Time"],
        ),
    ];
    let mut found = Vec::new();
    for (name, bytes, words) in cases {
        let sandbox = Sandbox::with("log.parquet", bytes);
        for command in [&["convert", "log.parquet", "-o", "out.csv"][..], &["replay", "log.parquet", "--out", "out"]] {
            let ran = sandbox.run(command);
            found.extend(faults(name, &ran, 2, &[&["log.parquet"], &words[..]].concat()));
            if sandbox.files("").len() > 1 {
                found.push(format!("{name}: left {:?}", sandbox.files("")));
            }
        }
    }
    assert_none(&found);
}

/// What a run on damaged bytes may say: done, or a clear refusal. The rest is a crash or a hang.
fn tolerable(name: &str, bytes: &[u8]) -> Vec<String> {
    let sandbox = Sandbox::with("log.parquet", bytes);
    let ran = run_in_time(&sandbox);
    let Some(ran) = ran else { return vec![format!("{name}: does not end")] };
    let code = ran.code.unwrap_or(-1);
    let mut found = faults(name, &ran, if [0, 2].contains(&code) { code } else { 2 }, &[]);
    if code == 2 && !(ran.stderr.starts_with("error: log.parquet: ") && ran.stderr.len() < 1000) {
        found.push(format!("{name}: {}", ran.stderr));
    }
    found
}

/// Runs with a limit of time.
#[expect(clippy::disallowed_methods, reason = "a test of whether a run ends must look at the clock")]
fn run_in_time(sandbox: &Sandbox) -> Option<Ran> {
    let mut command = sandbox.command(&["convert", "log.parquet", "-o", "out.csv"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts");
    let limit = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            let mut stderr = String::new();
            child.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
            return Some(Ran { code: status.code(), stdout: String::new(), stderr });
        }
        if Instant::now() > limit {
            child.kill().expect("it can be ended");
            child.wait().expect("it ends");
            return None;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let file = sound();
    let mut found = Vec::new();
    for part in 1..16 {
        let sandbox = Sandbox::with("log.parquet", &file[..file.len() * part / 16]);
        let ran = sandbox.run(&["convert", "log.parquet", "-o", "out.csv"]);
        found.extend(faults(&format!("{part}/16"), &ran, 2, &["log.parquet", "no Parquet file"]));
    }
    assert_none(&found);
}

/// A file of every layout with some of its bytes changed.
#[test]
fn changed_bytes_never_crash_a_run() {
    let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(20_261_005);
    let repeated = vec![small(); 2];
    let files: Vec<Vec<u8>> =
        layouts().into_iter().map(|(_, properties)| parquet(SMALL, properties, &repeated)).collect();
    let mut found = Vec::new();
    for round in 0..200 {
        let mut bytes = files[round % files.len()].clone();
        for _ in 0..dice.random_range(1..4) {
            let at = dice.random_range(4..bytes.len() - 4);
            bytes[at] ^= 1 << dice.random_range(0..8);
        }
        found.extend(tolerable(&format!("round {round}"), &bytes));
    }
    assert_none(&found);
}

/// A dictionary entry that every row repeats is short in the file and long in memory.
#[test]
fn a_file_that_unpacks_to_absurd_lengths_is_refused() {
    let file = repeating(150_000, plain().set_dictionary_page_size_limit(4 << 20));
    assert!(file.len() < 4 << 20, "{}", file.len());
    assert_none(&converted("dictionary", &file, 2, &["log.parquet", "template_category", "absurd length"]));
}

/// So is what each text has from the one before it, which is refused before any text is made of it.
#[test]
fn texts_in_delta_encoding_share_only_so_much() {
    let mut found = Vec::new();
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let column = ColumnPath::from("template_category");
        let properties = plain().set_writer_version(version).set_column_dictionary_enabled(column.clone(), false);
        let properties = properties.set_column_encoding(column, Encoding::DELTA_BYTE_ARRAY);
        let refused = ["log.parquet", "template_category", "absurd length"];
        for (length, code, words) in [(1 << 16, 0, &[][..]), ((1 << 16) + 1, 2, &refused[..])] {
            let name = format!("{version:?}, {length} bytes");
            found.extend(converted(&name, &repeating(length, properties.clone()), code, words));
        }
    }
    assert_none(&found);
}

fn converted(name: &str, file: &[u8], code: i32, words: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::with("log.parquet", file);
    faults(name, &sandbox.run(&["convert", "log.parquet", "-o", "out.csv"]), code, words)
}

/// A file of the same row many times, with a text of so many bytes.
fn repeating(bytes: usize, properties: WriterPropertiesBuilder) -> Vec<u8> {
    let rows = 2000;
    let same = |text: &str| Values::Bytes(vec![Some(text.as_bytes().to_vec()); rows]);
    let columns = vec![
        same("m"),
        same("in"),
        same("5511999990001"),
        same("text"),
        same(&"x".repeat(bytes)),
        Values::Int64(vec![None; rows]),
        Values::Int64(vec![None; rows]),
    ];
    parquet(SMALL, properties, &[columns])
}
