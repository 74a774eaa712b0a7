//! Rows as Parquet: texts as UTF-8, times as UTC milliseconds, everything optional, packed with zstd.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use chrono::DateTime;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::model::{CanonicalRow, Column, FilledRow};

/// Rows of a group, which is held in memory until it is whole.
const GROUP_ROWS: usize = 1 << 16;
/// Texts of a group in bytes, likewise.
const GROUP_BYTES: usize = 64 << 20;

/// Rows on their way into a file.
pub(super) struct ParquetRows<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Gathered>,
    rows: usize,
    bytes: usize,
}

/// One column of the group that is being gathered.
struct Gathered {
    column: Column,
    texts: Vec<u8>,
    /// By row: where its text ends.
    ends: Vec<usize>,
}

impl<W: Write + Send> ParquetRows<W> {
    pub(super) fn new(columns: &[Column], out: W) -> io::Result<ParquetRows<W>> {
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        let schema = schema(columns).map_err(io::Error::other)?;
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(io_error)?;
        let columns = columns.iter().map(|column| Gathered { column: *column, texts: Vec::new(), ends: Vec::new() });
        Ok(ParquetRows { writer, columns: columns.collect(), rows: 0, bytes: 0 })
    }

    pub(super) fn add(&mut self, row: &FilledRow<'_>) -> io::Result<()> {
        for gathered in &mut self.columns {
            let text = row.get(gathered.column);
            gathered.texts.extend_from_slice(text.as_bytes());
            gathered.ends.push(gathered.texts.len());
            self.bytes += text.len();
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS || self.bytes >= GROUP_BYTES { self.write_group() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.into_inner().map_err(io_error)
    }

    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(io_error)?;
        for gathered in &mut self.columns {
            let writer = group.next_column().map_err(io_error)?;
            let mut writer = writer.ok_or_else(|| io::Error::other("the schema has fewer columns than the log"))?;
            gathered.write(&mut writer)?;
            writer.close().map_err(io_error)?;
        }
        group.close().map_err(io_error)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Gathered {
    /// Writes the column and starts it anew.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> io::Result<()> {
        let texts = Bytes::from(std::mem::take(&mut self.texts));
        let ends = std::mem::take(&mut self.ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let spans: Vec<(usize, usize)> = starts.zip(ends.iter().copied()).collect();
        let levels: Vec<i16> = spans.iter().map(|(start, end)| i16::from(start < end)).collect();
        let given = spans.into_iter().filter(|(start, end)| start < end).map(|(start, end)| texts.slice(start..end));
        if is_time(self.column) {
            let times = given.map(|text| milliseconds(&text)).collect::<io::Result<Vec<i64>>>()?;
            writer.typed::<Int64Type>().write_batch(&times, Some(&levels), None).map_err(io_error)?;
        } else {
            let values: Vec<ByteArray> = given.map(ByteArray::from).collect();
            writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).map_err(io_error)?;
        }
        Ok(())
    }
}

fn is_time(column: Column) -> bool {
    Column::TIMES.contains(&column)
}

fn milliseconds(text: &[u8]) -> io::Result<i64> {
    let time = str::from_utf8(text).ok().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    time.map(|time| time.timestamp_millis()).ok_or_else(|| io::Error::other("a time of the log is no RFC 3339"))
}

fn schema(columns: &[Column]) -> Result<Type, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = if is_time(*column) {
            (Physical::INT64, LogicalType::timestamp(true, TimeUnit::MILLIS))
        } else {
            (Physical::BYTE_ARRAY, LogicalType::String)
        };
        let builder = Type::primitive_type_builder(column.name(), physical).with_repetition(Repetition::OPTIONAL);
        builder.with_logical_type(Some(logical)).build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("log").with_fields(fields).build()
}

/// What went wrong below, where it is known.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}
