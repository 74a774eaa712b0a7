//! What one column says in a batch of rows.

use std::sync::OnceLock;

use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_array::{Array, BinaryArray, StringArray};
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

    #[inline]
    pub(super) fn get(&self, row: usize) -> &str {
        match self {
            Cells::Texts(texts) => texts.get(row),
            Cells::Chosen(chosen) => chosen.get(row),
            Cells::Moments(moments) => moments.get(row),
        }
    }

    /// The time of a row, if the column holds times.
    #[inline]
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
        let at = rows.map(|count| count.map_or(Some(None), |count| instant(count, unit).map(Some)));
        Some(Moments { at: at.collect::<Option<_>>()?, texts: OnceLock::new() })
    }

    #[inline]
    fn get(&self, row: usize) -> &str {
        if self.at[row].is_none() {
            return "";
        }
        self.texts.get_or_init(|| self.written()).get(row)
    }

    fn written(&self) -> Texts {
        let (mut texts, mut text) = (BinaryBuilder::new(), Vec::new());
        for at in &self.at {
            text.clear();
            if let Some(at) = at {
                write_milliseconds(at.as_ms(), &mut text);
            }
            texts.append_value(&text);
        }
        Texts::settled("", &texts.finish(), Vec::new())
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

/// The texts of one column, trimmed of spaces; empty where there is none.
pub(super) struct Texts {
    texts: StringArray,
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
        let (mut texts, mut text) = (BinaryBuilder::with_capacity(values.rows, usual_bytes), Vec::new());
        let mut faults = Vec::new();
        for (row, value) in values.by_row().enumerate() {
            text.clear();
            if let Some(Err(mut refused)) = value.map(|value| write(value, &mut text)) {
                text.clear();
                refused.message = format!("{name}: {}", refused.message);
                faults.push((row, refused));
            }
            if texts.values_slice().len() + text.len() > MOST_TEXT {
                return Err(absurd(name));
            }
            texts.append_value(&text);
        }
        Ok(Texts::settled(name, &texts.finish(), faults))
    }

    /// Of bytes that are behind each other.
    pub(super) fn side_by_side(name: &'static str, bytes: &BinaryArray) -> Result<Texts> {
        if bytes.value_data().len() > MOST_TEXT {
            return Err(absurd(name));
        }
        Ok(Texts::settled(name, bytes, Vec::new()))
    }

    /// Bytes become text all at once, or value by value if some are none.
    fn settled(name: &str, bytes: &BinaryArray, mut faults: Vec<(usize, Refused)>) -> Texts {
        let texts = StringArray::try_from_binary(bytes.clone());
        let texts = texts.unwrap_or_else(|_| one_by_one(name, bytes, &mut faults));
        Texts { texts: trimmed(texts), faults }
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.texts.value_data().len()
    }

    /// Number of texts.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Bytes of the longest text.
    pub(super) fn longest(&self) -> usize {
        (0..self.len()).map(|row| self.get(row).len()).max().unwrap_or(0)
    }

    /// Values that cannot be text, by place.
    pub(super) fn faults(&self) -> &[(usize, Refused)] {
        &self.faults
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> &str {
        self.texts.value(row)
    }
}

/// The values that are text; those that are none are left empty, and noted.
fn one_by_one(name: &str, bytes: &BinaryArray, faults: &mut Vec<(usize, Refused)>) -> StringArray {
    let mut texts = StringBuilder::new();
    for row in 0..bytes.len() {
        let text = str::from_utf8(bytes.value(row));
        if text.is_err() {
            let message = format!("{name} is not UTF-8; export the log as UTF-8");
            faults.push((row, Refused { code: RejectCode::InvalidUtf8, message }));
        }
        texts.append_value(text.unwrap_or(""));
    }
    texts.finish()
}

/// Texts without spaces around them. Most need no trimming, which the look at their ends tells faster.
fn trimmed(texts: StringArray) -> StringArray {
    let is_bare = |text: &str| match text.as_bytes() {
        [] => true,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => true,
        _ => text.trim().len() == text.len(),
    };
    if (0..texts.len()).all(|row| is_bare(texts.value(row))) {
        return texts;
    }
    StringArray::from_iter_values((0..texts.len()).map(|row| texts.value(row).trim()))
}

pub(super) fn absurd(name: &str) -> ParquetError {
    ParquetError::General(format!("column '{name}' holds values of absurd length"))
}
