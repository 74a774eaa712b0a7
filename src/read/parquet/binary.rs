//! Texts of a column, decoded side by side: the library's reader of single values counts references for every one of them.

use std::cell::Cell;
use std::iter::once;
use std::sync::Arc;

use arrow_array::BinaryArray;
use arrow_array::cast::AsArray;
use arrow_schema::{DataType, Field, Fields};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, RowGroups};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::{Repetition, Type as Physical};
use parquet::column::page::{PageIterator, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::schema::types::{SchemaDescriptor, Type};

use super::schema::Source;
use super::source::BATCH;

/// One column of bytes, read so many rows at a time.
pub(super) struct BinaryColumn(ParquetRecordBatchReader);

impl BinaryColumn {
    pub(super) fn new(reader: ParquetRecordBatchReader) -> BinaryColumn {
        BinaryColumn(reader)
    }

    /// The next rows.
    pub(super) fn read(&mut self) -> Result<Option<BinaryArray>> {
        let Some(batch) = self.0.next() else { return Ok(None) };
        Ok(Some(batch?.column(0).as_binary::<i32>().clone()))
    }
}

/// Reads one column by itself; `repeated` texts stay as places in their dictionary.
pub(super) fn alone(
    source: &Source,
    metadata: &ParquetMetaData,
    group: &RowGroupMetaData,
    pages: Box<dyn PageReader>,
    repeated: bool,
) -> Result<ParquetRecordBatchReader> {
    let schema = bytes_alone(source)?;
    let places = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Binary));
    let hint = repeated.then(|| Fields::from(vec![Field::new(source.column.name(), places, true)]));
    let levels = parquet_to_arrow_field_levels(&schema, ProjectionMask::all(), hint.as_ref())?;
    let column = OneColumn { metadata, group, pages: Cell::new(Some(pages)) };
    ParquetRecordBatchReader::try_new_with_row_groups(&levels, &column, BATCH, None)
}

/// A schema of nothing but the column, as bytes of no certain meaning: what is no text is refused by the row, not by the file.
fn bytes_alone(source: &Source) -> Result<SchemaDescriptor> {
    let optional = source.descriptor.max_def_level() > 0;
    let repetition = if optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let column = Type::primitive_type_builder(source.column.name(), Physical::BYTE_ARRAY).with_repetition(repetition);
    let root = Type::group_type_builder("log").with_fields(vec![Arc::new(column.build()?)]).build()?;
    Ok(SchemaDescriptor::new(Arc::new(root)))
}

/// A row group as if it had one column.
struct OneColumn<'g> {
    metadata: &'g ParquetMetaData,
    group: &'g RowGroupMetaData,
    pages: Cell<Option<Box<dyn PageReader>>>,
}

impl RowGroups for OneColumn<'_> {
    fn num_rows(&self) -> usize {
        usize::try_from(self.group.num_rows()).unwrap_or(0)
    }

    fn column_chunks(&self, _: usize) -> Result<Box<dyn PageIterator>> {
        let pages = self.pages.take().ok_or_else(|| ParquetError::General("a column is read once".to_owned()))?;
        Ok(Box::new(Chunk(Some(pages))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(once(self.group))
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.metadata
    }
}

/// The pages of one chunk.
struct Chunk(Option<Box<dyn PageReader>>);

impl Iterator for Chunk {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageIterator for Chunk {}
