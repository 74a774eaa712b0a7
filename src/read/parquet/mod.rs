//! The canonical log as Parquet: columns are found by name, and each value becomes the text that CSV would hold.
//!
//! A plain file is read where it lies; anything else goes to a temporary file first, as Parquet is read from its end.

mod batch;
mod damage;
mod guard;
mod schema;
mod values;

use std::fs::File;
use std::io::{Read, copy, sink as nowhere};
use std::sync::Arc;

use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::model::{Column, Location, Rejection};

use super::table_reader::RAW_SHOWN;
use super::{ReadError, ReadOptions, Refused, Sink, Tells, too_long};

use batch::{Batch, ColumnSource};
use damage::guarded;
use guard::Guarded;
use schema::Layout;

/// Rows that are decoded together: so few that all their columns stay in the cache until the rows are taken.
const BATCH: usize = 1024;
/// Bytes that are copied between two looks at whether to go on.
const BLOCK: u64 = 16 << 20;

/// Reads a Parquet file to its end and gives the number of its rows. `plain` is the same as `reader`, if that is a plain file.
pub(super) fn read_parquet(
    reader: impl Read,
    plain: Option<File>,
    name: &str,
    options: &ReadOptions,
    sink: &mut impl Sink,
) -> Result<u64, ReadError> {
    let file = whole_file(reader, plain, name, sink)?;
    let file = Guarded::new(file).map_err(|source| ReadError::Io { name: name.to_owned(), source })?;
    let parquet = guarded(name, || SerializedFileReader::new(file.again()?))?;
    let not_a_log = |message| ReadError::NotALog { name: name.to_owned(), message };
    let layout = guarded(name, || Ok(Layout::of(parquet.metadata().file_metadata().schema_descr())))?;
    let layout = Arc::new(layout.map_err(not_a_log)?);
    if Column::DELIVERY.iter().any(|column| layout.has(*column)) {
        sink.tells(Tells::Delivery);
    }
    if Column::REFERRAL.iter().any(|column| layout.has(*column)) {
        sink.tells(Tells::Referral);
    }
    let mut reading = Reading { name, options, layout: &layout, rows: 0 };
    for at in 0..parquet.num_row_groups() {
        let columns = guarded(name, || {
            let group = parquet.get_row_group(at)?;
            file.check(group.metadata())?;
            layout.sources().iter().map(|source| ColumnSource::open(&*group, source)).collect()
        })?;
        reading.group(parquet.metadata().row_group(at), columns, sink)?;
    }
    Ok(reading.rows)
}

/// The input as a file that can be read anywhere. The reader is read to its end in any case, as it counts and hashes what passes.
fn whole_file(mut reader: impl Read, plain: Option<File>, name: &str, sink: &mut impl Sink) -> Result<File, ReadError> {
    let io = |source| ReadError::Io { name: name.to_owned(), source };
    let mut spool = if plain.is_none() { Some(tempfile::tempfile().map_err(io)?) } else { None };
    loop {
        let mut block = reader.by_ref().take(BLOCK);
        let copied = match &mut spool {
            Some(file) => copy(&mut block, file),
            None => copy(&mut block, &mut nowhere()),
        };
        if copied.map_err(io)? == 0 {
            break;
        }
        sink.pause()?;
    }
    plain.or(spool).ok_or_else(|| io(std::io::ErrorKind::NotFound.into()))
}

/// A file while its rows go to the sink.
struct Reading<'r> {
    name: &'r str,
    options: &'r ReadOptions,
    layout: &'r Layout,
    /// Rows read so far.
    rows: u64,
}

impl Reading<'_> {
    fn group(
        &mut self,
        group: &RowGroupMetaData,
        mut columns: Vec<ColumnSource>,
        sink: &mut impl Sink,
    ) -> Result<(), ReadError> {
        let mut left = usize::try_from(group.num_rows()).unwrap_or(0);
        while left > 0 {
            let rows = left.min(BATCH);
            let batch = guarded(self.name, || Batch::read(self.layout, &mut columns, rows))?;
            self.batch(&batch, rows, sink)?;
            left -= rows;
        }
        Ok(())
    }

    fn batch(&mut self, batch: &Batch<'_>, rows: usize, sink: &mut impl Sink) -> Result<(), ReadError> {
        let all_short = batch.bytes() <= self.options.max_line;
        for row in 0..rows {
            self.rows += 1;
            let outcome = match batch.refused(row) {
                Some(refused) => Err(refused.clone()),
                None if !all_short && batch.row_bytes(row) > self.options.max_line => {
                    Err(too_long(self.options.max_line))
                }
                None => sink.row(&batch.row(row)),
            };
            if let Err(refused) = outcome {
                sink.reject(self.rejection(refused, &batch.as_csv(row)))?;
            }
        }
        sink.pause()
    }

    /// A row has no line of its own; it is counted as if it stood in a CSV file under a header.
    fn rejection(&self, refused: Refused, raw: &str) -> Rejection {
        let location = Location { file: self.name.to_owned(), line: self.rows + 1, byte_offset: 0 };
        let shown = &raw.as_bytes()[..raw.len().min(RAW_SHOWN)];
        let raw = String::from_utf8_lossy(shown).into_owned();
        Rejection { location, code: refused.code, message: refused.message, raw }
    }
}
