//! The canonical log as Parquet: columns are found by name, and each value becomes the text that CSV would hold.
//!
//! A plain file is read where it lies; anything else goes to a temporary file first, as Parquet is read from its end.

mod batch;
mod binary;
mod damage;
mod delta;
mod dictionary;
mod group;
mod guard;
mod schema;
mod slots;
mod source;
mod texts;
mod values;

use std::fs::File;
use std::io::{Read, copy, sink as nowhere};

use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::model::{Column, Location, Rejection};

use super::table_reader::RAW_SHOWN;
use super::{ReadError, ReadOptions, Refused, Sink, Tells, too_long};

use batch::{Batch, BatchRow};
use damage::guarded;
use group::Group;
use guard::Guarded;
use schema::Layout;
use slots::Slots;
use source::ColumnSource;

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
    let parquet = guarded(name, || SerializedFileReader::new(file.clone()))?;
    let not_a_log = |message| ReadError::NotALog { name: name.to_owned(), message };
    let layout = guarded(name, || Ok(Layout::of(parquet.metadata().file_metadata().schema_descr())))?;
    let layout = layout.map_err(not_a_log)?;
    if Column::DELIVERY.iter().any(|column| layout.has(*column)) {
        sink.tells(Tells::Delivery);
    }
    if Column::REFERRAL.iter().any(|column| layout.has(*column)) {
        sink.tells(Tells::Referral);
    }
    let mut groups = Groups { name, file: &file, parquet: &parquet, layout: &layout, next: 0, group: None, rows: 0 };
    let rows = Rows { name, options };
    match Slots::of(sink) {
        Some(slots) => groups.read_on_all_threads(&rows, slots, sink)?,
        None => groups.read_one_by_one(&rows, sink)?,
    }
    Ok(groups.rows)
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

/// A file while its groups are decoded, one after the other.
struct Groups<'l> {
    name: &'l str,
    file: &'l Guarded,
    parquet: &'l SerializedFileReader<Guarded>,
    layout: &'l Layout,
    /// The group that comes next.
    next: usize,
    group: Option<Group>,
    /// Rows decoded so far.
    rows: u64,
}

impl<'l> Groups<'l> {
    /// Opens the next group that has rows, unless there is one with some left.
    fn open(&mut self) -> Result<(), ReadError> {
        while self.group.as_ref().is_none_or(Group::is_over) && self.next < self.parquet.num_row_groups() {
            let at = self.next;
            let columns = guarded(self.name, || {
                let group = self.parquet.get_row_group(at)?;
                self.file.check(group.metadata())?;
                let metadata = self.parquet.metadata();
                self.layout.sources().iter().map(|source| ColumnSource::open(metadata, &*group, source)).collect()
            })?;
            let rows = usize::try_from(self.parquet.metadata().row_group(at).num_rows()).unwrap_or(0);
            self.group = Some(Group::new(rows, columns));
            self.next += 1;
        }
        Ok(())
    }

    /// The next batch that is decoded, and the number of rows before it.
    fn next(&mut self) -> Result<Option<(Batch<'l>, u64)>, ReadError> {
        self.open()?;
        let Some(group) = self.group.as_mut().filter(|group| !group.is_over()) else { return Ok(None) };
        let Some(batch) = group.next(self.layout)? else { return Ok(None) };
        let before = self.rows;
        self.rows += batch.rows() as u64;
        Ok(Some((batch, before)))
    }

    fn read_one_by_one(&mut self, rows: &Rows<'_>, sink: &mut impl Sink) -> Result<(), ReadError> {
        loop {
            self.open()?;
            if let Some(group) = &mut self.group {
                group.fill(self.name);
            }
            let Some((batch, before)) = self.next()? else { return Ok(()) };
            let rejected = rows.take(&batch, before, |row| sink.row(row));
            rejected.into_iter().try_for_each(|rejection| sink.reject(rejection))?;
            sink.pause()?;
        }
    }

    /// While some batches are read, those behind them are decoded and those before them go to the sink. What stops the decoding is said
    /// when all rows before it are with the sink.
    fn read_on_all_threads<S: Sink>(
        &mut self,
        rows: &Rows<'_>,
        mut reading: Slots<'l, S::Batch>,
        sink: &mut S,
    ) -> Result<(), ReadError> {
        let Some(mut done) = Slots::of(sink) else { return Ok(()) };
        let (name, batches) = (self.name, reading.len());
        let mut ended = self.open();
        while ended.is_ok() || !reading.are_empty() || !done.are_empty() {
            let mut handed_over = Ok(());
            rayon::in_place_scope(|scope| {
                reading.read(scope, rows);
                if let (Some(group), true) = (&mut self.group, ended.is_ok()) {
                    group.fill_all(scope, name, batches);
                }
                handed_over = done.hand_over(sink);
            });
            handed_over?;
            std::mem::swap(&mut reading, &mut done);
            if ended.is_ok() {
                ended = reading.fill(|| self.next());
                let over = self.group.as_ref().is_none_or(Group::is_over);
                if over && reading.are_empty() && done.are_empty() {
                    break;
                }
            }
        }
        ended
    }
}

/// What is the same for all rows of a file.
struct Rows<'r> {
    name: &'r str,
    options: &'r ReadOptions,
}

impl Rows<'_> {
    /// Hands over the rows of a batch and gives those that cannot be used.
    fn take(
        &self,
        batch: &Batch<'_>,
        before: u64,
        mut take: impl FnMut(&BatchRow<'_>) -> Result<(), Refused>,
    ) -> Vec<Rejection> {
        let all_short = batch.bytes() <= self.options.max_line;
        let mut rejected = Vec::new();
        for row in 0..batch.rows() {
            let outcome = match batch.refused(row) {
                Some(refused) => Err(refused.clone()),
                None if !all_short && batch.row_bytes(row) > self.options.max_line => {
                    Err(too_long(self.options.max_line))
                }
                None => take(&batch.row(row)),
            };
            if let Err(refused) = outcome {
                // It has no line of its own, and is counted as if it stood in a CSV file under a header.
                let line = before + row as u64 + 2;
                rejected.push(self.rejection(refused, line, &batch.as_csv(row)));
            }
        }
        rejected
    }

    fn rejection(&self, refused: Refused, line: u64, raw: &str) -> Rejection {
        let location = Location { file: self.name.to_owned(), line, byte_offset: 0 };
        let shown = &raw.as_bytes()[..raw.len().min(RAW_SHOWN)];
        let raw = String::from_utf8_lossy(shown).into_owned();
        Rejection { location, code: refused.code, message: refused.message, raw }
    }
}
