//! `replay --format parquet`: the same rows as in CSV, cell by cell, and the same bytes on any number of threads.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

#[path = "bad_input/run.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod run;

use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;

use parquet::basic::Compression;
use parquet::data_type::AsBytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use wabill::model::Instant;

use run::{Sandbox, assert_none, faults};

const TABLES: [&str; 2] = ["verdicts", "conversations"];

/// A row as text, cell by cell.
type Cells = Vec<String>;

fn replay(sandbox: &Sandbox, log: &[&str], out: &str, more: &[&str]) {
    let args = [&["replay"], log, &["--out", out, "--quiet", "--allow-unpriced", "--bounds", "off"], more].concat();
    assert_none(&faults(&args.join(" "), &sandbox.run(&args), 0, &[]));
}

/// Header and rows of a CSV file.
fn csv_rows(path: &Path) -> Vec<Cells> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Names of columns and rows of a Parquet file.
fn parquet_rows(path: &Path) -> Vec<Cells> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let fields = reader.metadata().file_metadata().schema().get_fields();
    let names = fields.iter().map(|field| field.name().to_owned()).collect();
    let rows = reader.get_row_iter(None).unwrap();
    let rows = rows.map(|row| row.unwrap().get_column_iter().map(|(_, field)| text(field)).collect());
    std::iter::once(names).chain(rows).collect()
}

fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::UInt(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::TimestampMillis(ms) => Instant::from_ms((*ms).try_into().unwrap()).unwrap().to_string(),
        Field::Decimal(decimal) => {
            assert_eq!((decimal.precision(), decimal.scale()), (38, 12));
            let units = i128::from_be_bytes(decimal.data().as_bytes().try_into().unwrap());
            let digits = format!("{}.{:012}", units / 1_000_000_000_000, units % 1_000_000_000_000);
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        other => panic!("{other:?}"),
    }
}

/// Replays in both forms and compares; gives the number of rows of each table.
fn compare(sandbox: &Sandbox, log: &[&str]) -> [usize; 2] {
    replay(sandbox, log, "csv", &[]);
    replay(sandbox, log, "parquet", &["--format", "parquet"]);
    for name in ["summary.json", "lines.csv"] {
        assert_eq!(
            fs::read(sandbox.path("csv").join(name)).unwrap(),
            fs::read(sandbox.path("parquet").join(name)).unwrap()
        );
    }
    TABLES.map(|name| {
        let expected = csv_rows(&sandbox.path(&format!("csv/{name}.csv")));
        let found = parquet_rows(&sandbox.path(&format!("parquet/{name}.parquet")));
        for (at, (expected, found)) in expected.iter().zip(&found).enumerate() {
            assert_eq!(found, expected, "{name}, row {at} of {log:?}");
        }
        assert_eq!(found.len(), expected.len(), "{name} of {log:?}");
        found.len() - 1
    })
}

#[test]
fn the_sample_has_the_same_rows_in_both_forms() {
    let rows = compare(&Sandbox::new(), &[]);
    assert!(rows.iter().all(|rows| *rows > 100), "{rows:?}");
}

#[test]
fn webhooks_have_the_same_rows_in_both_forms() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/webhooks");
    let mut compared = [0; 2];
    for name in ["base_jsonl", "pricing_fep_window", "pricing_cbp_leftover_july_2025", "group_five_participants"] {
        let path = folder.join(name).with_extension("jsonl");
        let rows = compare(&Sandbox::new(), &[path.to_str().unwrap()]);
        compared = [compared[0] + rows[0], compared[1] + rows[1]];
    }
    assert!(compared.iter().all(|rows| *rows > 0), "{compared:?}");
}

/// More rows than a group has, of a number of chats; some names need quotes in CSV.
fn long_log(backwards: bool) -> String {
    let row = |at: u64| {
        let (chat, minute) = (at % 1500, at / 1500);
        let template = if chat % 7 == 0 { "\"sale, \"\"50\"\"\"" } else { "news" };
        let code = if at.is_multiple_of(50) { u32::MAX.to_string() } else { String::new() };
        let (hour, minute) = (minute / 60, minute % 60);
        let delivered = if code.is_empty() { format!("2026-10-05T{hour:02}:{minute:02}:30.5Z") } else { String::new() };
        let status = if code.is_empty() { "delivered" } else { "failed" };
        format!(
            "m{at},outbound,100,55119999{chat:05},template,marketing,{template},2026-10-05T{hour:02}:{minute:02}:00Z,{delivered},{status},{code}\n"
        )
    };
    let mut log = "message_id,direction,phone_number_id,customer_id,message_type,template_category,template_name,sent_at,delivered_at,status,error_code\n".to_owned();
    let numbers: Box<dyn Iterator<Item = u64>> =
        if backwards { Box::new((0..150_000).rev()) } else { Box::new(0..150_000) };
    numbers.for_each(|at| write!(log, "{}", row(at)).unwrap());
    log
}

#[test]
fn several_groups_are_the_same_on_any_threads_and_in_any_order_of_rows() {
    let sandbox = Sandbox::with("log.csv", long_log(false));
    sandbox.write("backwards.csv", long_log(true));
    let [verdicts, _] = compare(&sandbox, &["log.csv"]);
    assert_eq!(verdicts, 150_000);
    let bytes = |out: &str| TABLES.map(|name| fs::read(sandbox.path(&format!("{out}/{name}.parquet"))).unwrap());
    for (log, out, threads) in [("log.csv", "one", "1"), ("log.csv", "three", "3"), ("backwards.csv", "other", "2")] {
        replay(&sandbox, &[log], out, &["--format", "parquet", "--threads", threads]);
        assert!(bytes("parquet") == bytes(out), "{out}");
    }
    replay(&sandbox, &["log.csv"], "little", &["--format", "parquet", "--memory", "64MiB"]);
    assert!(bytes("parquet") == bytes("little"));
}

#[test]
fn a_file_tells_nothing_but_its_rows() {
    let sandbox = Sandbox::with("log.csv", long_log(false));
    replay(&sandbox, &["log.csv"], "out", &["--format", "parquet"]);
    let file = File::open(sandbox.path("out/verdicts.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let metadata = reader.metadata().file_metadata();
    assert_eq!(metadata.created_by(), Some("wabill"));
    assert!(metadata.key_value_metadata().is_none_or(Vec::is_empty));
    assert!(reader.metadata().num_row_groups() > 1);
    for group in reader.metadata().row_groups() {
        assert!(group.columns().iter().all(|column| matches!(column.compression(), Compression::ZSTD(_))));
    }
}

#[test]
fn a_newer_run_in_another_form_leaves_no_older_file() {
    let sandbox = Sandbox::new();
    replay(&sandbox, &[], "out", &[]);
    assert!(sandbox.files("out").contains("verdicts.csv"));
    replay(&sandbox, &[], "out", &["--format", "parquet"]);
    let files = sandbox.files("out");
    assert!(!files.contains("verdicts.csv") && !files.contains("conversations.csv"), "{files:?}");
    assert!(files.contains("verdicts.parquet") && files.contains("conversations.parquet"), "{files:?}");
    assert!(files.contains("lines.csv"), "{files:?}");
}

#[test]
fn forms_are_explained_and_others_refused() {
    let sandbox = Sandbox::new();
    let ran = sandbox.run(&["replay", "--format", "xlsx"]);
    assert_none(&faults("xlsx", &ran, 2, &["'xlsx'", "--format", "csv", "parquet"]));
    let help = sandbox.run(&["replay", "--help"]).stdout;
    assert!(help.contains("--format <FORM>") && help.contains("--format parquet"), "{help}");
}
