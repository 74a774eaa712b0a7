//! Some thousand rows of a file, column by column.

use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::RowGroupReader;

use crate::model::{CanonicalRow, Column, Columns, RejectCode};
use crate::read::Refused;

use super::guard::CheckedPages;
use super::schema::{Layout, Source};
use super::values::{Form, Value, write_floating};

/// Text of one column in a batch: a short value that a dictionary repeats for every row can be long in sum.
const MOST_TEXT: usize = 256 << 20;
/// Room that is made for texts before they are seen.
const MOST_AHEAD: usize = 1 << 20;

/// One column of a row group while it is read.
pub(super) struct ColumnSource {
    reader: ColumnReader,
    name: &'static str,
    form: Form,
    /// The level of values that are there; 0 if all are.
    full_level: i16,
    /// Bytes of the texts that were read last: those that come next are about as long.
    usual_bytes: usize,
}

impl ColumnSource {
    pub(super) fn open(group: &dyn RowGroupReader, source: &Source) -> Result<ColumnSource> {
        let full_level = source.descriptor.max_def_level();
        let pages = CheckedPages {
            pages: group.get_column_page_reader(source.place)?,
            rows: u64::try_from(group.metadata().num_rows())?,
            nullable: full_level > 0,
        };
        let reader = get_column_reader(source.descriptor.clone(), Box::new(pages));
        Ok(ColumnSource { reader, name: source.column.name(), form: source.form, full_level, usual_bytes: 0 })
    }

    /// Reads the next rows.
    pub(super) fn read(&mut self, rows: usize) -> Result<Texts> {
        let form = self.form;
        let text = String::with_capacity(self.usual_bytes.min(MOST_AHEAD));
        let mut texts = Texts { name: self.name, text, ends: Vec::with_capacity(rows), faults: Vec::new() };
        let level = self.full_level;
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => texts.fill(reader, rows, level, |v, text| v.write(form, text)),
            ColumnReader::Int32ColumnReader(reader) => texts.fill(reader, rows, level, |v, text| v.write(form, text)),
            ColumnReader::Int64ColumnReader(reader) => texts.fill(reader, rows, level, |v, text| v.write(form, text)),
            ColumnReader::Int96ColumnReader(reader) => texts.fill(reader, rows, level, |v, text| v.write(form, text)),
            ColumnReader::FloatColumnReader(reader) => {
                texts.fill(reader, rows, level, |v, text| write_floating(v, text))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                texts.fill(reader, rows, level, |v, text| write_floating(v, text))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                texts.fill(reader, rows, level, |v, text| v.write(form, text))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                texts.fill(reader, rows, level, |v, text| v.write(form, text))
            }
        }?;
        self.usual_bytes = texts.text.len() + texts.text.len() / 8;
        Ok(texts)
    }
}

/// The texts of one column, one after the other.
pub(super) struct Texts {
    name: &'static str,
    text: String,
    ends: Vec<usize>,
    /// Values that cannot be text, by row.
    faults: Vec<(usize, Refused)>,
}

impl Texts {
    fn fill<T: DataType>(
        &mut self,
        reader: &mut ColumnReaderImpl<T>,
        rows: usize,
        full_level: i16,
        write: impl Fn(&T::T, &mut Vec<u8>) -> std::result::Result<(), Refused>,
    ) -> Result<()> {
        let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::new());
        let (read, ..) = reader.read_records(rows, (full_level > 0).then_some(&mut levels), None, &mut values)?;
        if read != rows {
            return Err(ParquetError::General(format!("column '{}' has fewer values than there are rows", self.name)));
        }
        let mut text = std::mem::take(&mut self.text).into_bytes();
        let mut given = values.iter();
        for row in 0..rows {
            let there = full_level == 0 || levels.get(row) == Some(&full_level);
            if let Some(value) = if there { given.next() } else { None } {
                let before = text.len();
                if let Err(mut refused) = write(value, &mut text) {
                    text.truncate(before);
                    refused.message = format!("{}: {}", self.name, refused.message);
                    self.faults.push((row, refused));
                }
            }
            self.ends.push(text.len());
            if text.len() > MOST_TEXT {
                return Err(ParquetError::General(format!("column '{}' holds values of absurd length", self.name)));
            }
        }
        self.settle(text);
        Ok(())
    }

    /// Bytes become text all at once, or value by value if some are none.
    fn settle(&mut self, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(text) if text.is_ascii() || self.ends.iter().all(|end| text.is_char_boundary(*end)) => self.text = text,
            Ok(text) => self.settle_one_by_one(text.as_bytes()),
            Err(error) => self.settle_one_by_one(error.as_bytes()),
        }
    }

    fn settle_one_by_one(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for (row, end) in self.ends.iter_mut().enumerate() {
            if let Ok(value) = str::from_utf8(&bytes[start..*end]) {
                self.text.push_str(value);
            } else {
                let message = format!("{} is not UTF-8; export the log as UTF-8", self.name);
                self.faults.push((row, Refused { code: RejectCode::InvalidUtf8, message }));
            }
            start = std::mem::replace(end, self.text.len());
        }
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        let end = self.ends[row];
        if start == end {
            return "";
        }
        let text = &self.text[start..end];
        // Most texts need no trimming, which the look at their ends tells faster.
        match text.as_bytes() {
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
            _ => text.trim(),
        }
    }
}

/// Rows that were read together.
pub(super) struct Batch<'l> {
    layout: &'l Layout,
    rows: usize,
    columns: Vec<Texts>,
    /// Rows with values that cannot be text, in order; of several faults the first column's.
    refused: Vec<(usize, Refused)>,
}

impl<'l> Batch<'l> {
    /// Of the texts of all columns for the same rows.
    pub(super) fn of(layout: &'l Layout, rows: usize, mut columns: Vec<Texts>) -> Batch<'l> {
        let mut refused: Vec<_> = columns.iter_mut().flat_map(|column| std::mem::take(&mut column.faults)).collect();
        refused.sort_by_key(|(row, _)| *row);
        refused.dedup_by_key(|(row, _)| *row);
        Batch { layout, rows, columns, refused }
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Why a row cannot be used, if so.
    pub(super) fn refused(&self, row: usize) -> Option<&Refused> {
        let at = self.refused.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        Some(&self.refused[at].1)
    }

    /// Bytes of all texts.
    pub(super) fn bytes(&self) -> usize {
        self.columns.iter().map(Texts::bytes).sum()
    }

    /// Bytes of the texts of a row.
    pub(super) fn row_bytes(&self, row: usize) -> usize {
        self.columns.iter().map(|column| column.get(row).len()).sum()
    }

    pub(super) fn row(&self, row: usize) -> BatchRow<'_> {
        BatchRow { batch: self, row }
    }

    /// A row as it would stand in a CSV file with the same columns.
    pub(super) fn as_csv(&self, row: usize) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail.
        let _ = writer.write_record(self.columns.iter().map(|column| column.get(row)));
        let bytes = writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned()
    }
}

/// One row of a batch.
pub(super) struct BatchRow<'b> {
    batch: &'b Batch<'b>,
    row: usize,
}

impl<'b> CanonicalRow<'b> for BatchRow<'b> {
    fn get(&self, column: Column) -> &'b str {
        self.batch.layout.at(column).map_or("", |at| self.batch.columns[at].get(self.row))
    }

    fn columns(&self) -> Columns {
        self.batch.layout.columns()
    }
}
