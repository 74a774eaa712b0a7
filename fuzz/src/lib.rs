//! What must hold of any input, whatever is in it: reading ends, every row is taken or rejected, every rejection says where and why,
//! and how the bytes arrive changes nothing.

use std::io::{self, Read};

use wabill::model::{CanonicalRow, Column, Instant, Rejection, TemplateChange};
use wabill::read::{
    Format, InflationLimit, OneByOne, ReadError, ReadOptions, ReadProgress, Refused, Sink, Tells, UnknownKind, observe,
    open_stream, read_input,
};

/// What unpacks to more is not waited for.
const LIMIT: InflationLimit = InflationLimit { free: 1 << 20, times: 20 };

/// Gives a few bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.len().min(buffer.len()).min(self.1);
        buffer[..read].copy_from_slice(&self.0[..read]);
        self.0 = &self.0[read..];
        Ok(read)
    }
}

/// All that an input told.
#[derive(Debug, Default, PartialEq)]
struct Told {
    taken: u64,
    rows: Vec<Vec<String>>,
    rejected: Vec<(u64, u64, &'static str, String, String)>,
    others: Vec<String>,
    end: String,
}

impl Sink for Told {
    type Batch = OneByOne;

    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        let observation = observe(row, None)?;
        self.others.extend(observation.unknown.iter().map(|(column, text)| format!("{} {text}", column.name())));
        self.taken += 1;
        self.rows.push(Column::ALL.map(|column| row.get(column).to_owned()).to_vec());
        Ok(())
    }

    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        assert!(rejection.location.line > 0 && !rejection.message.is_empty() && !rejection.code.name().is_empty());
        assert_eq!(rejection.location.file, "fuzzed");
        let Rejection { location, code, message, raw } = rejection;
        self.rejected.push((location.line, location.byte_offset, code.name(), message, raw));
        Ok(())
    }

    fn tells(&mut self, what: Tells) {
        self.others.push(format!("{what:?}"));
    }

    fn link(&mut self, old: &str, new: &str, at: Instant) {
        self.others.push(format!("{old} {new} {at}"));
    }

    fn template(&mut self, change: TemplateChange) {
        self.others.push(format!("{change:?}"));
    }

    fn unknown(&mut self, kind: UnknownKind, name: &str) {
        self.others.push(format!("{} {name}", kind.name()));
    }

    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

fn told(bytes: &[u8], step: usize, options: &ReadOptions) -> Told {
    let progress = ReadProgress::default();
    let mut told = Told::default();
    let read = open_stream(Slow(bytes, step), LIMIT, &progress)
        .map_err(|source| ReadError::Io { name: "fuzzed".to_owned(), source })
        .and_then(|mut opened| read_input(&mut opened, "fuzzed", options, &mut told));
    match read {
        Ok(rows) => {
            let places = told.rejected.len() as u64;
            assert_eq!(rows, told.taken + places, "a row was lost or came twice: {told:?}");
            assert_eq!(progress.bytes(), bytes.len() as u64, "not read to the end");
        }
        Err(error) => {
            told.end = error.to_string();
            assert!(told.end.starts_with("fuzzed: "), "{}", told.end);
        }
    }
    assert!(told.rejected.is_sorted_by_key(|(line, at, ..)| (*line, *at)), "{told:?}");
    assert!(
        told.rejected
            .iter()
            .all(|(line, ..)| *line <= 1 + bytes.len() as u64 || !told.end.is_empty() || is_packed(bytes))
    );
    told
}

fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
        || bytes.get(1..4).is_some_and(|mark| mark == [0xb5, 0x2f, 0xfd] || mark == [0x2a, 0x4d, 0x18])
}

/// Reads an input as a whole and in pieces, with room for every line and with little.
pub fn read_in_every_way(bytes: &[u8], format: Option<Format>) {
    for max_line in [1 << 20, 100] {
        let options = ReadOptions { max_line, format: format.clone(), ..ReadOptions::default() };
        let whole = told(bytes, usize::MAX, &options);
        if !is_packed(bytes) {
            let pieces = told(bytes, 7, &options);
            assert_eq!(whole, pieces, "how the bytes arrive must not matter");
        }
    }
}
