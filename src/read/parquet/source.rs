//! One column of a row group while it is read.

use arrow_array::Array;
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::Result;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::RowGroupReader;

use super::binary::{BinaryColumn, alone};
use super::dictionary::{DictionaryColumn, has_all};
use super::guard::CheckedPages;
use super::schema::Source;
use super::texts::{Cells, MOST_TEXT, Texts, Values, moments, too_few};
use super::values::{Form, Value, write_floating};

/// Rows that are decoded together: so few that all their columns stay in the cache until the rows are taken.
pub(super) const BATCH: usize = 4096;
/// Room that is made for texts before they are seen.
const MOST_AHEAD: usize = 1 << 20;

/// One column of a row group while it is read.
pub(super) struct ColumnSource {
    reader: Reader,
    name: &'static str,
    form: Form,
    /// The level of values that are there; 0 if all are.
    full_level: i16,
    /// Bytes of the texts that were read last: those that come next are about as long.
    usual_bytes: usize,
}

enum Reader {
    /// Value by value.
    Single(Box<ColumnReader>),
    /// Texts, side by side.
    SideBySide(BinaryColumn),
    /// Texts that repeat.
    Repeated(DictionaryColumn),
}

impl ColumnSource {
    pub(super) fn open(
        metadata: &ParquetMetaData,
        group: &dyn RowGroupReader,
        source: &Source,
    ) -> Result<ColumnSource> {
        let full_level = source.descriptor.max_def_level();
        let pages = group.get_column_page_reader(source.place)?;
        let rows = u64::try_from(group.metadata().num_rows())?;
        let mut pages = CheckedPages { name: source.column.name(), pages, rows, nullable: full_level > 0, first: None };
        let side_by_side = source.form == Form::Text && {
            pages.first = pages.get_next_page()?;
            pages.first.as_ref().is_none_or(|page| longest(page) * BATCH <= MOST_TEXT)
        };
        let pages: Box<dyn PageReader> = Box::new(pages);
        let repeated = has_all(group.metadata().column(source.place));
        let alone = |pages| alone(source, metadata, group.metadata(), pages, repeated);
        let reader = match (side_by_side, repeated) {
            (true, true) => Reader::Repeated(DictionaryColumn::new(alone(pages)?)),
            (true, false) => Reader::SideBySide(BinaryColumn::new(alone(pages)?)),
            (false, _) => Reader::Single(Box::new(get_column_reader(source.descriptor.clone(), pages))),
        };
        Ok(ColumnSource { reader, name: source.column.name(), form: source.form, full_level, usual_bytes: 0 })
    }

    /// Reads the next rows: [`BATCH`], or all that are left.
    pub(super) fn read(&mut self, rows: usize) -> Result<Cells> {
        match &mut self.reader {
            Reader::SideBySide(column) => match column.read()? {
                Some(bytes) if bytes.len() == rows => Texts::side_by_side(self.name, &bytes).map(Cells::Texts),
                _ => Err(too_few(self.name)),
            },
            Reader::Repeated(column) => match column.read(self.name)? {
                Some(chosen) if chosen.rows() == rows => Ok(Cells::Chosen(chosen)),
                _ => Err(too_few(self.name)),
            },
            Reader::Single(_) => self.read_singly(rows),
        }
    }

    fn read_singly(&mut self, rows: usize) -> Result<Cells> {
        let Reader::Single(reader) = &mut self.reader else { return Err(too_few(self.name)) };
        let (name, form, level, usual) = (self.name, self.form, self.full_level, self.usual_bytes.min(MOST_AHEAD));
        macro_rules! texts {
            ($reader:expr, $write:expr) => {
                Texts::of(name, &Values::read($reader, name, rows, level)?, usual, $write).map(Cells::Texts)
            };
        }
        let cells = match (reader.as_mut(), form) {
            (ColumnReader::Int64ColumnReader(reader), Form::Timestamp { unit, utc: true }) => {
                moments(reader, name, (rows, level), unit, |v, text| v.write(form, text))
            }
            (ColumnReader::BoolColumnReader(reader), _) => texts!(reader, |v, text| v.write(form, text)),
            (ColumnReader::Int32ColumnReader(reader), _) => texts!(reader, |v, text| v.write(form, text)),
            (ColumnReader::Int64ColumnReader(reader), _) => texts!(reader, |v, text| v.write(form, text)),
            (ColumnReader::Int96ColumnReader(reader), _) => texts!(reader, |v, text| v.write(form, text)),
            (ColumnReader::FloatColumnReader(reader), _) => texts!(reader, |v, text| write_floating(v, text)),
            (ColumnReader::DoubleColumnReader(reader), _) => texts!(reader, |v, text| write_floating(v, text)),
            (ColumnReader::ByteArrayColumnReader(reader), _) => texts!(reader, |v, text| v.write(form, text)),
            (ColumnReader::FixedLenByteArrayColumnReader(reader), _) => texts!(reader, |v, text| v.write(form, text)),
        }?;
        self.usual_bytes = cells.bytes() + cells.bytes() / 8;
        Ok(cells)
    }
}

/// The longest value of a dictionary, which may be repeated for every row. Values of other pages stand in them once each.
fn longest(page: &Page) -> usize {
    let Page::DictionaryPage { buf, .. } = page else { return 0 };
    let (mut rest, mut longest) = (&**buf, 0);
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        longest = longest.max(length.min(after.len()));
        rest = after.get(length..).unwrap_or_default();
    }
    longest
}
