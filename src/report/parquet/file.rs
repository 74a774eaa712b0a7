//! A file of groups, each packed on all threads.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::writer::{ColumnCloseResult, get_column_writer};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, ColumnPath, Type};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::column::{Gathered, Kind};
use super::group::{Group, is_full};

/// A column whose values are all different, as times are: a dictionary of them would be of no use.
const DIFFERENT: &str = "message_id";

/// Rows on their way into a file.
pub(in crate::report) struct ParquetFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
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
        Ok(ParquetFile { writer, most_rows, waiting: Vec::new() })
    }

    /// Adds the rows that come next.
    pub(in crate::report) fn add(&mut self, rows: Group) -> io::Result<()> {
        self.waiting.push(rows);
        let sum = |of: fn(&Group) -> usize| self.waiting.iter().map(of).sum();
        if is_full(sum(|group| group.rows), sum(|group| group.bytes), self.most_rows) {
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
        let descriptors = self.writer.schema_descr().columns();
        let mut columns: Vec<Vec<Gathered>> = descriptors.iter().map(|_| Vec::new()).collect();
        for group in self.waiting.drain(..) {
            columns.iter_mut().zip(group.columns).for_each(|(parts, part)| parts.push(part));
        }
        let properties = self.writer.properties();
        let packed = columns.into_par_iter().zip(descriptors.par_iter());
        let packed = packed.map(|(parts, descriptor)| pack(parts, descriptor.clone(), properties.clone()));
        let packed = packed.collect::<Result<Vec<_>, _>>()?;
        let mut group = self.writer.next_row_group()?;
        for (bytes, closed) in packed {
            group.append_column(&bytes, closed)?;
        }
        group.close().map(drop)
    }
}

/// Nothing in them may change from one version of a library to the next. The least and the greatest value are worth their while for times
/// only, by which rows are chosen.
fn properties<'c>(columns: impl Iterator<Item = &'c (&'static str, Kind)>) -> WriterProperties {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("wabill".to_owned())
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_dictionary_enabled(ColumnPath::from(DIFFERENT), false);
    let times = columns.filter(|(_, kind)| *kind == Kind::Time).map(|(name, _)| ColumnPath::from(*name));
    let of_time = |properties: WriterPropertiesBuilder, time: ColumnPath| {
        properties
            .set_column_statistics_enabled(time.clone(), EnabledStatistics::Chunk)
            .set_column_dictionary_enabled(time.clone(), false)
            .set_column_encoding(time, Encoding::DELTA_BINARY_PACKED)
    };
    times.fold(properties, of_time).build()
}

/// One column of a group as it will stand in the file.
fn pack(
    parts: Vec<Gathered>,
    descriptor: ColumnDescPtr,
    properties: WriterPropertiesPtr,
) -> Result<(Bytes, ColumnCloseResult), ParquetError> {
    let mut packed = TrackedWrite::new(Vec::new());
    let mut writer = get_column_writer(descriptor, properties, Box::new(SerializedPageWriter::new(&mut packed)));
    parts.into_iter().try_for_each(|part| part.write(&mut writer))?;
    let closed = writer.close()?;
    Ok((packed.into_inner()?.into(), closed))
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
