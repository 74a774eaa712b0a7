//! A file of groups, each packed on all threads.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_schema::{FieldRef, Schema, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::column::{Gathered, Kind};
use super::group::{Group, is_full};

/// Rows on their way into a file.
pub(in crate::report) struct ParquetFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    /// Its columns as they are gathered.
    gathered: SchemaRef,
    most_rows: usize,
    /// Rows of the next group.
    waiting: Vec<Group>,
}

impl<W: Write + Send> ParquetFile<W> {
    /// Starts a file whose groups have at least so many rows, but the last one and those of long texts.
    pub(in crate::report) fn new(
        name: &str,
        columns: &[(&'static str, Kind)],
        most_rows: usize,
        out: W,
    ) -> io::Result<ParquetFile<W>> {
        let fields = columns.iter().map(|(name, kind)| kind.field(name).map(Arc::new)).collect::<Result<_, _>>();
        let schema = fields.and_then(|fields| Type::group_type_builder(name).with_fields(fields).build());
        let schema = schema.map_err(io_error)?;
        let properties = Arc::new(properties(columns.iter()));
        let writer = SerializedFileWriter::new(out, Arc::new(schema), properties).map_err(io_error)?;
        let gathered = columns.iter().map(|(name, kind)| kind.in_memory(name)).collect::<Vec<_>>();
        let gathered = Arc::new(Schema::new(gathered));
        Ok(ParquetFile { writer, gathered, most_rows, waiting: Vec::new() })
    }

    /// Adds the rows that come next.
    pub(in crate::report) fn add(&mut self, rows: Group) -> io::Result<()> {
        self.waiting.push(rows);
        let sum = |of: fn(&Group) -> usize| self.waiting.iter().map(of).sum();
        if is_full(sum(|group| group.rows), sum(Group::bytes), self.most_rows) {
            self.write_group().map_err(io_error)?;
        }
        Ok(())
    }

    /// Ends the file and gives back what it went to.
    pub(in crate::report) fn finish(mut self) -> io::Result<W> {
        if self.waiting.iter().any(|group| group.rows > 0) {
            self.write_group().map_err(io_error)?;
        }
        self.writer.into_inner().map_err(io_error)
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut columns: Vec<Vec<Gathered>> = self.gathered.fields().iter().map(|_| Vec::new()).collect();
        for group in self.waiting.drain(..) {
            columns.iter_mut().zip(group.columns).for_each(|(parts, part)| parts.push(part));
        }
        let writers = ArrowRowGroupWriterFactory::new(&self.writer, self.gathered.clone());
        let writers = writers.create_column_writers(self.writer.flushed_row_groups().len())?;
        let fields = self.gathered.fields().iter().collect::<Vec<_>>();
        let columns = columns.into_par_iter().zip(fields).zip(writers);
        let packed = columns.map(|((parts, field), writer)| pack(parts, field, writer));
        let packed = packed.collect::<Result<Vec<_>, _>>()?;
        let mut group = self.writer.next_row_group()?;
        for column in packed {
            column.append_to_row_group(&mut group)?;
        }
        group.close().map(drop)
    }
}

/// Nothing in them may change from one version of a library to the next. The least and the greatest value are worth their while for times
/// only, by which rows are chosen; most times are different, as ids are, so that a dictionary of them would be of no use.
fn properties<'c>(columns: impl Iterator<Item = &'c (&'static str, Kind)>) -> WriterProperties {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("wabill".to_owned())
        .set_statistics_enabled(EnabledStatistics::None);
    let of_column = |properties: WriterPropertiesBuilder, (name, kind): &(&'static str, Kind)| {
        let column = ColumnPath::from(*name);
        match kind {
            Kind::Id => properties.set_column_dictionary_enabled(column, false),
            Kind::Time => properties
                .set_column_statistics_enabled(column.clone(), EnabledStatistics::Chunk)
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED),
            Kind::Text | Kind::Amount | Kind::Code | Kind::Count => properties,
        }
    };
    columns.fold(properties, of_column).build()
}

/// One column of a group as it will stand in the file.
fn pack(
    parts: Vec<Gathered>,
    field: &FieldRef,
    mut writer: ArrowColumnWriter,
) -> Result<ArrowColumnChunk, ParquetError> {
    for part in parts {
        for leaf in compute_leaves(field, &part.cells())? {
            writer.write(&leaf)?;
        }
    }
    writer.close()
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
