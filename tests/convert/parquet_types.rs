//! Parquet as other programs write it: every type, nulls, any order of columns, any layout.

use super::files::{SMALL, SMALL_CSV, Values, layouts, parquet, plain, small, texts};
use super::replays_alike::succeed;
use super::run::{Sandbox, assert_none, faults};

/// What a file says as CSV.
fn as_csv(file: Vec<u8>, args: &[&str]) -> String {
    let sandbox = Sandbox::with("log.parquet", file);
    succeed(&sandbox, &[&["convert", "log.parquet"], args].concat()).stdout
}

/// Two rows of which one column has a type of its own; gives the values of that column as CSV shows them, or the run that failed.
fn column(name: &str, declared: &str, values: Values, args: &[&str]) -> Result<Vec<String>, super::run::Ran> {
    let times = if name == "sent_at" { "" } else { "required binary sent_at (STRING);" };
    let schema = format!(
        "message log {{ optional {declared}; {times} required binary message_id; required binary direction; required binary customer_id; }}"
    );
    let sent = (name != "sent_at").then(|| texts(&["1791194400", "1791194400"]));
    let rest = [texts(&["m1", "m2"]), texts(&["in", "out"]), texts(&["5511999990001", "5511999990001"])];
    let columns = std::iter::once(values).chain(sent).chain(rest).collect();
    let sandbox = Sandbox::with("log.parquet", parquet(&schema, plain(), &[columns]));
    let ran = sandbox.run(&[&["convert", "log.parquet", "-o", "log.csv", "--strict"], args].concat());
    if ran.code != Some(0) {
        return Err(ran);
    }
    let rows = sandbox.table("log.csv");
    Ok(rows.iter().map(|row| row.get(name).to_owned()).collect())
}

#[test]
fn every_layout_of_pages_reads_alike() {
    let mut csv = SMALL_CSV.to_owned();
    let rows = SMALL_CSV.split_once('\n').unwrap().1;
    (0..149).for_each(|_| csv.push_str(rows));
    let many = |values: Values| match values {
        Values::Bytes(values) => Values::Bytes(vec![values; 75].concat()),
        Values::Int64(values) => Values::Int64(values.repeat(75)),
        other => other,
    };
    let group: Vec<Values> = small().into_iter().map(many).collect();
    for (name, properties) in layouts() {
        let file = parquet(SMALL, properties, &[group.clone(), group.clone()]);
        assert!(as_csv(file, &[]) == csv, "{name}");
    }
}

#[test]
fn columns_are_found_by_name_in_any_order_and_case() {
    let schema = "message log { optional int64 DELIVERED_AT (TIMESTAMP(MILLIS,true)); optional double weight; \
        optional group details { optional binary message_id; repeated int32 codes; } \
        optional int64 Sent_At (TIMESTAMP(MILLIS,true)); required binary customer_id; required binary Direction; \
        optional binary template_category; optional binary message_type; required binary message_id; }";
    let mut columns = small();
    columns.reverse();
    let columns = [
        columns[..1].to_vec(),
        vec![Values::Double(vec![Some(1.5), None])],
        vec![Values::Bytes(vec![None, None]), Values::Int32(vec![None, None])],
        columns[1..2].to_vec(),
        vec![columns[4].clone(), columns[5].clone(), columns[2].clone(), columns[3].clone(), columns[6].clone()],
    ]
    .concat();
    // The repeated column is written by hand: level 0 says that there is no list.
    assert_eq!(as_csv(nested_file(schema, &columns), &[]), SMALL_CSV);
}

/// Like `parquet`, with repetition levels where a column needs them.
fn nested_file(schema: &str, columns: &[Values]) -> Vec<u8> {
    use parquet::data_type::Int32Type;
    use std::sync::Arc;
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut writer =
        parquet::file::writer::SerializedFileWriter::new(Vec::new(), schema, Arc::new(plain().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for values in columns {
        let mut column = group.next_column().unwrap().unwrap();
        match values {
            Values::Int32(_) => {
                column.typed::<Int32Type>().write_batch(&[], Some(&[0, 0]), Some(&[0, 0])).unwrap();
            }
            Values::Int64(values) => {
                let given: Vec<i64> = values.iter().flatten().copied().collect();
                column.typed::<parquet::data_type::Int64Type>().write_batch(&given, Some(&[1, 1]), None).unwrap();
            }
            Values::Double(_) => {
                column.typed::<parquet::data_type::DoubleType>().write_batch(&[1.5], Some(&[1, 0]), None).unwrap();
            }
            Values::Bytes(values) => {
                let given: Vec<parquet::data_type::ByteArray> =
                    values.iter().flatten().cloned().map(Into::into).collect();
                let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
                column.typed::<parquet::data_type::ByteArrayType>().write_batch(&given, Some(&levels), None).unwrap();
            }
            other => panic!("{other:?}"),
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn every_kind_of_time() {
    let at = "2026-10-05T10:00:00.123Z";
    let ms = 1_791_194_400_123_i64;
    // 2026-10-05 as a Julian day, and the nanoseconds from midnight on.
    let nanos = 36_000_123_000_000_u64;
    let int96 = [(nanos & 0xffff_ffff) as u32, (nanos >> 32) as u32, 2_440_588 + 20_731];
    let cases = [
        ("int64 sent_at (TIMESTAMP(MILLIS,true))", Values::Int64(vec![Some(ms), Some(ms)])),
        ("int64 sent_at (TIMESTAMP(MICROS,true))", Values::Int64(vec![Some(ms * 1000 + 999), Some(ms * 1000)])),
        ("int64 sent_at (TIMESTAMP(NANOS,true))", Values::Int64(vec![Some(ms * 1_000_000 + 5), Some(ms * 1_000_000)])),
        ("int64 sent_at (TIMESTAMP_MILLIS)", Values::Int64(vec![Some(ms), Some(ms)])),
        ("int64 sent_at (TIMESTAMP_MICROS)", Values::Int64(vec![Some(ms * 1000), Some(ms * 1000)])),
        ("int96 sent_at", Values::Int96(vec![Some(int96), Some(int96)])),
        ("int64 sent_at", Values::Int64(vec![Some(ms), Some(ms)])),
        ("int64 sent_at (INTEGER(64,false))", Values::Int64(vec![Some(ms), Some(ms)])),
        ("double sent_at", Values::Double(vec![Some(1_791_194_400_123.0), Some(1_791_194_400_123.0)])),
        ("binary sent_at (STRING)", texts(&["2026-10-05T12:00:00.123+02:00", at])),
    ];
    for (declared, values) in cases {
        assert_eq!(column("sent_at", declared, values, &[]).unwrap(), [at, at], "{declared}");
    }
    let seconds = Values::Int32(vec![Some(1_791_194_400), Some(1_791_194_400)]);
    assert_eq!(column("sent_at", "int32 sent_at", seconds, &[]).unwrap()[0], "2026-10-05T10:00:00Z");
}

#[test]
fn a_clock_needs_its_zone() {
    for (unit, per_ms) in [("MILLIS", 1), ("MICROS", 1000), ("NANOS", 1_000_000)] {
        let declared = format!("int64 sent_at (TIMESTAMP({unit},false))");
        let values = Values::Int64(vec![Some(1_791_194_400_500 * per_ms); 2]);
        let told = column("sent_at", &declared, values.clone(), &["--input-tz", "Asia/Kolkata"]).unwrap();
        assert_eq!(told[0], "2026-10-05T04:30:00.500Z", "{unit}");
        let untold = column("sent_at", &declared, values, &[]).unwrap_err();
        assert_none(&faults(unit, &untold, 5, &["NAIVE_TIME", "--input-tz"]));
    }
}

#[test]
fn what_is_no_time_is_rejected() {
    let cases = [
        ("int32 sent_at (DATE)", Values::Int32(vec![Some(20_731); 2]), "sent_at '2026-10-05'"),
        // Read as Unix seconds this would be a day in 2026.
        ("int64 sent_at (TIMESTAMP(MILLIS,true))", Values::Int64(vec![Some(1_791_194_400); 2]), "sent_at '1970-01-21"),
        ("int64 sent_at (TIMESTAMP(MICROS,true))", Values::Int64(vec![Some(i64::MIN); 2]), "sent_at"),
        ("int64 sent_at (TIMESTAMP(MILLIS,true))", Values::Int64(vec![Some(i64::MAX); 2]), "sent_at 'timestamp"),
        ("double sent_at", Values::Double(vec![Some(1_791_194_400.5); 2]), "sent_at '1791194400.5'"),
    ];
    for (declared, values, words) in cases {
        let ran = column("sent_at", declared, values, &[]).unwrap_err();
        assert_none(&faults(declared, &ran, 5, &["BAD_TIME", words]));
    }
    let time =
        column("sent_at", "int32 sent_at (TIME(MILLIS,true))", Values::Int32(vec![Some(1); 2]), &[]).unwrap_err();
    assert_none(&faults("a time of day", &time, 2, &["sent_at", "Time"]));
}

#[test]
fn every_other_type_as_text() {
    let number = |text: &str| [text.to_owned(), String::new()];
    let fixed = |bytes: &[u8]| Values::Fixed(vec![Some(bytes.to_vec()), None]);
    let cases = [
        ("billable", "boolean billable", Values::Bool(vec![Some(true), None]), number("true")),
        ("billable", "boolean billable", Values::Bool(vec![Some(false), None]), number("false")),
        ("error_code", "int32 error_code", Values::Int32(vec![Some(131_049), None]), number("131049")),
        ("campaign", "int32 campaign", Values::Int32(vec![Some(-7), None]), number("-7")),
        ("campaign", "int32 campaign (INTEGER(32,false))", Values::Int32(vec![Some(-1), None]), number("4294967295")),
        ("campaign", "int64 campaign (UINT_64)", Values::Int64(vec![Some(-1), None]), number("18446744073709551615")),
        ("tokens", "double tokens", Values::Double(vec![Some(12.0), Some(f64::NAN)]), number("12")),
        ("tokens", "float tokens", Values::Float(vec![Some(12.0), None]), number("12")),
        (
            "waba_id",
            "double waba_id",
            Values::Double(vec![Some(104_852_097_316_648.0), None]),
            number("104852097316648"),
        ),
        (
            "provider_price",
            "int32 provider_price (DECIMAL(9,4))",
            Values::Int32(vec![Some(123), None]),
            number("0.0123"),
        ),
        (
            "provider_price",
            "int64 provider_price (DECIMAL(18,2))",
            Values::Int64(vec![Some(-123), None]),
            number("-1.23"),
        ),
        (
            "provider_price",
            "binary provider_price (DECIMAL(20,3))",
            Values::Bytes(vec![Some(vec![0xff, 0x85]), None]),
            number("-0.123"),
        ),
        (
            "provider_price",
            "fixed_len_byte_array(16) provider_price (DECIMAL(38,10))",
            fixed(&12_345_678_901_i128.to_be_bytes()),
            number("1.2345678901"),
        ),
        ("campaign", "fixed_len_byte_array(8) campaign", fixed(b"spring\0\0"), number("spring")),
        (
            "campaign",
            "fixed_len_byte_array(16) campaign (UUID)",
            fixed(&(0..16).collect::<Vec<u8>>()),
            number("00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ),
        ("campaign", "binary campaign", texts(&["plain, \"bytes\" 🎉", ""]), number("plain, \"bytes\" 🎉")),
        ("campaign", "binary campaign (ENUM)", texts(&["a", ""]), number("a")),
        ("campaign", "binary campaign (JSON)", texts(&["{\"a\":1}", ""]), number("{\"a\":1}")),
        ("campaign", "int32 campaign (DATE)", Values::Int32(vec![Some(20_731), None]), number("2026-10-05")),
    ];
    for (name, declared, values, expected) in cases {
        assert_eq!(column(name, declared, values, &[]).unwrap(), expected, "{declared}");
    }
}

#[test]
fn what_would_lose_digits_is_refused() {
    let price = column("provider_price", "double provider_price", Values::Double(vec![Some(0.1); 2]), &[]).unwrap_err();
    assert_none(&faults("price", &price, 2, &["log.parquet", "provider_price", "DECIMAL"]));
    let id = column("template_id", "double template_id", Values::Double(vec![Some(1e17); 2]), &[]).unwrap_err();
    assert_none(&faults("id", &id, 5, &["log.parquet:2", "BAD_NUMBER", "template_id", "binary fraction"]));
    let long = vec![Some([1_u8; 17].to_vec()); 2];
    let long = column("campaign", "binary campaign (DECIMAL(38,0))", Values::Bytes(long), &[]).unwrap_err();
    assert_none(&faults("decimal", &long, 5, &["BAD_NUMBER", "campaign", "38 digits"]));
}

#[test]
fn bytes_that_are_no_text_cost_their_row_only() {
    let mut columns = small();
    // Halves of one character: only together they are text.
    columns[0] = Values::Bytes(vec![Some(b"a\xc3".to_vec()), Some(b"\xa9b".to_vec())]);
    let third = [texts(&["m3"]), texts(&["in"]), texts(&["5511999990003"]), texts(&[""]), texts(&[""])];
    let times = [Values::Int64(vec![Some(1_791_194_400_000)]), Values::Int64(vec![None])];
    let file = parquet(SMALL, plain(), &[columns, third.into_iter().chain(times).collect()]);
    let sandbox = Sandbox::with("log.parquet", file);
    let ran = succeed(&sandbox, &["convert", "log.parquet"]);
    assert_eq!(ran.stdout.lines().nth(1), Some("m3,in,5511999990003,2026-10-05T10:00:00Z,"));
    assert_eq!(ran.stderr.matches("INVALID_UTF8: message_id is not UTF-8").count(), 2, "{}", ran.stderr);
}

/// A column that is there and says nothing tells that the log would know (log-formats §6).
#[test]
fn columns_of_nulls_tell_what_empty_columns_tell() {
    let schema = "message log { required binary message_id; required binary direction; required binary customer_id; \
        required binary sent_at; optional int32 played_at (UNKNOWN); optional binary ctwa_clid; }";
    let columns = vec![
        texts(&["a"]),
        texts(&["out"]),
        texts(&["5511999990001"]),
        texts(&["1791194400"]),
        Values::Int32(vec![None]),
        texts(&[""]),
    ];
    let csv = as_csv(parquet(schema, plain(), &[columns]), &[]);
    assert_eq!(csv.lines().next(), Some("message_id,direction,customer_id,sent_at,delivered_at,referral_source_type"));
}

/// A rejected row is shown with its times, and one that is none does not cost the others of its column.
#[test]
fn a_time_that_is_none_costs_its_row_only() {
    let schema = "message log { required binary message_id; required binary direction; required binary customer_id; \
        optional int64 sent_at (TIMESTAMP(MILLIS,true)); optional int64 delivered_at (TIMESTAMP(MILLIS,true)); }";
    let at = Some(1_791_194_400_000);
    let columns = vec![
        texts(&["a", "b", "c"]),
        texts(&["out", "out", "sideways"]),
        texts(&["5511999990001", "5511999990002", "5511999990003"]),
        Values::Int64(vec![at, at, at]),
        Values::Int64(vec![at, Some(-1), None]),
    ];
    let sandbox = Sandbox::with("log.parquet", parquet(schema, plain(), &[columns]));
    succeed(&sandbox, &["convert", "log.parquet", "-o", "log.csv"]);
    let rows: Vec<_> = sandbox.table("log.csv").iter().map(|row| row.get("delivered_at").to_owned()).collect();
    assert_eq!(rows, ["2026-10-05T10:00:00Z"]);
    let shown: Vec<_> = sandbox.table("log.csv.rejected.csv").iter().map(|row| row.get("raw").to_owned()).collect();
    assert_eq!(
        shown,
        ["b,out,5511999990002,1791194400000,1969-12-31T23:59:59Z", "c,sideways,5511999990003,1791194400000,"]
    );
}

/// A text that a dictionary may repeat for every row is read value by value if it is long, and says the same.
#[test]
fn a_long_text_of_a_dictionary_is_a_text() {
    let csv = |length: usize| {
        let mut columns = small();
        let id = "x".repeat(length);
        columns[0] = texts(&[&id, "m2"]);
        as_csv(parquet(SMALL, plain(), &[columns]), &[]).replace(&id, "(long)")
    };
    assert!(csv(10).contains("\n(long),"));
    assert_eq!(csv(300_000), csv(10));
}
