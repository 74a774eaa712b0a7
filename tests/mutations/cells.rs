//! Every field of a table replaced by what does not belong there, one at a time.

use wabill::model::{Column, RejectCode};

use crate::logs::table;
use crate::told::{Told, read};
use crate::values::UNICODE;

/// What a field may become, and whether its row can still be split.
const PUT: [(&[u8], Option<RejectCode>); 16] = [
    (b"", None),
    (b"x", None),
    (b"null", None),
    (b"true", None),
    (b"0", None),
    (b"-1", None),
    (b"NaN", None),
    (b"1e400", None),
    (b"123456789012345678901234567890", None),
    (b"\"\"", None),
    (b"\"a,b\nc\"", None),
    (b"{}", None),
    (b"\0", None),
    (b"\xff\xfe", Some(RejectCode::InvalidUtf8)),
    (b"a,b", Some(RejectCode::FieldCount)),
    (b"\"open", Some(RejectCode::UnterminatedQuote)),
];

fn lines() -> Vec<Vec<u8>> {
    table().split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// The second row with one of its fields replaced, between two sound rows.
fn with_field(at: usize, value: &[u8]) -> Vec<u8> {
    let lines = lines();
    let mut fields: Vec<_> = lines[2].split(|byte| *byte == b',').collect();
    fields[at] = value;
    [lines[0].as_slice(), &lines[1], &fields.join(&b','), &lines[3], b""].join(&b'\n')
}

fn columns() -> usize {
    lines()[0].split(|byte| *byte == b',').count()
}

/// The sound rows are there, first and last.
fn assert_neighbours(told: &Told, what: &str) {
    let id =
        |line: &[u8]| String::from_utf8_lossy(line.split(|byte| *byte == b',').next().unwrap_or_default()).into_owned();
    let ids: Vec<_> = told.column(Column::MessageId).collect();
    let lines = lines();
    assert_eq!((ids.first().copied(), ids.last().copied()), (Some(&*id(&lines[1])), Some(&*id(&lines[3]))), "{what}");
    assert!((2..=3).contains(&ids.len()), "{what}: {ids:?}");
    assert!(told.rejected.iter().all(|(line, _)| *line == 3), "{what}: {:?}", told.rejected);
}

#[test]
fn any_field_may_be_anything() {
    assert!(lines()[..4].iter().all(|line| !line.contains(&b'"')) && lines()[0].starts_with(b"message_id,"));
    for at in 0..columns() {
        for (value, code) in PUT {
            let told = read(&with_field(at, value));
            let what = format!("field {at} = {}", String::from_utf8_lossy(value));
            assert_neighbours(&told, &what);
            assert_eq!(told.rows.len() + told.rejected.len(), 3, "{what}");
            if let Some(code) = code {
                assert_eq!(told.rejected, [(3, code)], "{what}");
            }
        }
    }
}

#[test]
fn long_fields_are_read_and_texts_are_kept() {
    let long = "y".repeat(100_000);
    for at in 0..columns() {
        assert_neighbours(&read(&with_field(at, long.as_bytes())), &format!("long field {at}"));
        for text in UNICODE {
            let told = read(&with_field(at, text.as_bytes()));
            assert_neighbours(&told, text);
            if at == 0 {
                assert_eq!(told.column(Column::MessageId).nth(1), Some(text));
            }
        }
    }
}
