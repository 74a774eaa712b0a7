//! What one column says in a batch of rows.

use std::sync::OnceLock;

use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{DataType, Int64Type};
use parquet::errors::{ParquetError, Result};

use crate::model::{Instant, RejectCode};
use crate::read::Refused;

use super::dictionary::Chosen;
use super::values::{Unit, instant, write_milliseconds};

/// Text of one column in a batch: a short value that a dictionary repeats for every row can be long in sum.
pub(super) const MOST_TEXT: usize = 256 << 20;

/// The cells of one column.
pub(super) enum Cells {
    Texts(Texts),
    Chosen(Chosen),
    Moments(Moments),
}

impl Cells {
    /// Bytes of all texts, or more.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Cells::Texts(texts) => texts.bytes(),
            Cells::Chosen(chosen) => chosen.bytes(),
            Cells::Moments(moments) => moments.at.len() * MILLISECONDS,
        }
    }

    pub(super) fn get(&self, row: usize) -> &str {
        match self {
            Cells::Texts(texts) => texts.get(row),
            Cells::Chosen(chosen) => chosen.get(row),
            Cells::Moments(moments) => moments.get(row),
        }
    }

    /// The time of a row, if the column holds times.
    pub(super) fn instant(&self, row: usize) -> Option<Instant> {
        match self {
            Cells::Texts(_) | Cells::Chosen(_) => None,
            Cells::Moments(moments) => moments.at[row],
        }
    }

    /// Values that cannot be text, by row; they are taken away where they are not those of a dictionary.
    pub(super) fn take_faults(&mut self) -> Vec<(usize, Refused)> {
        match self {
            Cells::Texts(texts) => std::mem::take(&mut texts.faults),
            Cells::Chosen(chosen) => chosen.faults(),
            Cells::Moments(_) => Vec::new(),
        }
    }
}

/// Digits of a time as Unix milliseconds.
const MILLISECONDS: usize = 13;

/// Points in time that a log can hold. As texts they are needed only for what is shown of a row.
pub(super) struct Moments {
    at: Vec<Option<Instant>>,
    texts: OnceLock<Texts>,
}

impl Moments {
    /// Of counts since 1970, by row; none if one of them is no time that a log can hold.
    fn of(rows: impl Iterator<Item = Option<i64>>, unit: Unit) -> Option<Moments> {
        let at = rows.map(|count| count.map_or(Some(None), |count| instant(count.into(), unit).map(Some)));
        Some(Moments { at: at.collect::<Option<_>>()?, texts: OnceLock::new() })
    }

    fn get(&self, row: usize) -> &str {
        if self.at[row].is_none() {
            return "";
        }
        self.texts.get_or_init(|| self.written()).get(row)
    }

    fn written(&self) -> Texts {
        let (mut text, mut bounds) = (Vec::new(), vec![0]);
        for at in &self.at {
            if let Some(at) = at {
                write_milliseconds(at.as_ms(), &mut text);
            }
            bounds.push(bound(text.len()));
        }
        Texts::settled("", text, bounds, Vec::new())
    }
}

/// The values of a column as they are in a file: those that are there, and by row whether there is one.
pub(super) struct Values<T> {
    there: Vec<T>,
    levels: Vec<i16>,
    full_level: i16,
    rows: usize,
}

impl<T> Values<T> {
    /// Reads the next rows.
    pub(super) fn read<D: DataType<T = T>>(
        reader: &mut ColumnReaderImpl<D>,
        name: &str,
        rows: usize,
        full_level: i16,
    ) -> Result<Values<T>> {
        let (mut there, mut levels) = (Vec::with_capacity(rows), Vec::new());
        let (read, ..) = reader.read_records(rows, (full_level > 0).then_some(&mut levels), None, &mut there)?;
        if read != rows {
            return Err(too_few(name));
        }
        Ok(Values { there, levels, full_level, rows })
    }

    /// The value of each row.
    fn by_row(&self) -> impl Iterator<Item = Option<&T>> {
        let mut there = self.there.iter();
        (0..self.rows).map(move |row| {
            let has_one = self.full_level == 0 || self.levels.get(row) == Some(&self.full_level);
            if has_one { there.next() } else { None }
        })
    }
}

pub(super) fn too_few(name: &str) -> ParquetError {
    ParquetError::General(format!("column '{name}' has fewer values than there are rows"))
}

/// Times as they are; `write` is for a column in which one is none.
pub(super) fn moments(
    reader: &mut ColumnReaderImpl<Int64Type>,
    name: &'static str,
    (rows, full_level): (usize, i16),
    unit: Unit,
    write: impl Fn(&i64, &mut Vec<u8>) -> std::result::Result<(), Refused>,
) -> Result<Cells> {
    let values = Values::read(reader, name, rows, full_level)?;
    match Moments::of(values.by_row().map(Option::<&i64>::copied), unit) {
        Some(moments) => Ok(Cells::Moments(moments)),
        None => Texts::of(name, &values, 0, write).map(Cells::Texts),
    }
}

/// The texts of one column, one after the other.
pub(super) struct Texts {
    text: String,
    /// Where the text of each row starts and ends, trimmed of spaces.
    spans: Vec<(u32, u32)>,
    /// Values that cannot be text, by row.
    faults: Vec<(usize, Refused)>,
}

impl Texts {
    /// Of values that are written one by one; `usual_bytes` are made room for.
    pub(super) fn of<T>(
        name: &'static str,
        values: &Values<T>,
        usual_bytes: usize,
        write: impl Fn(&T, &mut Vec<u8>) -> std::result::Result<(), Refused>,
    ) -> Result<Texts> {
        let mut text = Vec::with_capacity(usual_bytes);
        let (mut bounds, mut faults) = (Vec::with_capacity(values.rows + 1), Vec::new());
        bounds.push(0);
        for (row, value) in values.by_row().enumerate() {
            if let Some(value) = value {
                let before = text.len();
                if let Err(mut refused) = write(value, &mut text) {
                    text.truncate(before);
                    refused.message = format!("{name}: {}", refused.message);
                    faults.push((row, refused));
                }
            }
            bounds.push(bound(text.len()));
            if text.len() > MOST_TEXT {
                return Err(absurd(name));
            }
        }
        Ok(Texts::settled(name, text, bounds, faults))
    }

    /// Of bytes that are behind each other, and where each value starts and the last one ends.
    pub(super) fn side_by_side(name: &'static str, bytes: Vec<u8>, bounds: Vec<u32>) -> Result<Texts> {
        if bytes.len() > MOST_TEXT {
            return Err(absurd(name));
        }
        Ok(Texts::settled(name, bytes, bounds, Vec::new()))
    }

    /// Bytes become text all at once, or value by value if some are none.
    fn settled(name: &str, bytes: Vec<u8>, bounds: Vec<u32>, faults: Vec<(usize, Refused)>) -> Texts {
        let (text, bounds, faults) = match String::from_utf8(bytes) {
            Ok(text) if text.is_ascii() || bounds.iter().all(|at| text.is_char_boundary(*at as usize)) => {
                (text, bounds, faults)
            }
            Ok(text) => one_by_one(name, text.as_bytes(), bounds, faults),
            Err(error) => one_by_one(name, error.as_bytes(), bounds, faults),
        };
        let spans = bounds.windows(2).map(|pair| trimmed(&text, pair[0], pair[1])).collect();
        Texts { text, spans, faults }
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Number of texts.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Bytes of the longest text.
    pub(super) fn longest(&self) -> usize {
        self.spans.iter().map(|(start, end)| (end - start) as usize).max().unwrap_or(0)
    }

    /// Values that cannot be text, by place.
    pub(super) fn faults(&self) -> &[(usize, Refused)] {
        &self.faults
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> &str {
        let (start, end) = self.spans[row];
        &self.text[start as usize..end as usize]
    }
}

/// The values that are text behind each other, where each starts and the last one ends, and which are none.
fn one_by_one(
    name: &str,
    bytes: &[u8],
    mut bounds: Vec<u32>,
    mut faults: Vec<(usize, Refused)>,
) -> (String, Vec<u32>, Vec<(usize, Refused)>) {
    let (mut text, mut start) = (String::new(), 0);
    for (row, end) in bounds.iter_mut().skip(1).enumerate() {
        if let Ok(value) = str::from_utf8(&bytes[start..*end as usize]) {
            text.push_str(value);
        } else {
            let message = format!("{name} is not UTF-8; export the log as UTF-8");
            faults.push((row, Refused { code: RejectCode::InvalidUtf8, message }));
        }
        start = std::mem::replace(end, bound(text.len())) as usize;
    }
    (text, bounds, faults)
}

/// Where a text starts and ends without spaces around it.
fn trimmed(text: &str, start: u32, end: u32) -> (u32, u32) {
    let untrimmed = &text[start as usize..end as usize];
    // Most texts need no trimming, which the look at their ends tells faster.
    match untrimmed.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => (start, end),
        _ => {
            let behind = untrimmed.trim_start();
            let start = end - bound(behind.len());
            (start, start + bound(behind.trim_end().len()))
        }
    }
}

/// A place in the texts of a batch, which are no longer than [`MOST_TEXT`] by much.
fn bound(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn absurd(name: &str) -> ParquetError {
    ParquetError::General(format!("column '{name}' holds values of absurd length"))
}
