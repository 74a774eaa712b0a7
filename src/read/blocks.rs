//! Plain tables, cut at newlines into blocks that all threads read at once.
//!
//! A block without a quote holds whole records only, one a line. The first block that is not so ends this way of reading, and
//! [`Records`](super::records::Records) goes on from there, byte for byte.

use std::io::{self, Read};

use memchr::{memchr, memrchr};

use crate::model::Rejection;

use super::fields::{Bounds, Split};
use super::records::Rest;
use super::separators::for_each_of;
use super::table::{Header, TableRow};
use super::table_reader::{field_count, not_utf8, rejection_at};
use super::{ReadError, ReadOptions, RowBatch, Sink};

/// Bytes of a block; few when fuzzing, so that there are many.
const BLOCK: usize = if cfg!(fuzzing) { 1 << 6 } else { 1 << 20 };

/// A table whose header was read.
pub(super) struct Table<'t> {
    pub(super) header: &'t Header,
    pub(super) name: &'t str,
    pub(super) options: &'t ReadOptions,
}

/// Reads plain blocks as long as there are any; gives the number of rows and what is left to be read in another way.
pub(super) fn read_blocks<R: Read, S: Sink>(
    table: &Table<'_>,
    rest: Rest<R>,
    sink: &mut S,
) -> Result<(u64, Rest<R>), ReadError> {
    // A line over the limit must be seen as one, so it may not be longer than a block.
    if table.options.max_line < 2 * BLOCK && !cfg!(fuzzing) {
        return Ok((0, rest));
    }
    let slots = || -> Option<Vec<Slot<S::Batch>>> {
        (0..2 * rayon::current_num_threads()).map(|_| sink.batch().map(Slot::new)).collect()
    };
    let (Some(mut reading), Some(mut parsing)) = (slots(), slots()) else { return Ok((0, rest)) };
    let mut done = Done { rows: 0, line: rest.line };
    let mut blocks = Blocks { rest, is_over: false };
    loop {
        let mut outcome = Ok(());
        rayon::in_place_scope(|scope| {
            for slot in parsing.iter_mut().filter(|slot| slot.is_full()) {
                scope.spawn(|_| slot.parse(table));
            }
            outcome = hand_over(&mut reading, sink, &mut done).and_then(|()| fill(&mut reading, &mut blocks, table));
        });
        outcome?;
        std::mem::swap(&mut reading, &mut parsing);
        if !reading.iter().chain(&parsing).any(Slot::is_full) {
            return Ok((done.rows, Rest { line: done.line, ..blocks.rest }));
        }
    }
}

/// What the sink has.
struct Done {
    rows: u64,
    /// The line that comes next.
    line: u64,
}

/// Gives the sink what was parsed, in the order of the input.
fn hand_over<S: Sink>(slots: &mut [Slot<S::Batch>], sink: &mut S, done: &mut Done) -> Result<(), ReadError> {
    for slot in slots.iter_mut().filter(|slot| slot.is_full()) {
        sink.take(&mut slot.batch);
        for mut rejection in slot.rejected.drain(..) {
            rejection.location.line += done.line;
            sink.reject(rejection)?;
        }
        done.rows += slot.rows;
        done.line += slot.lines;
        slot.block.filled = 0;
        sink.pause()?;
    }
    Ok(())
}

fn fill<B: RowBatch>(
    slots: &mut [Slot<B>],
    blocks: &mut Blocks<impl Read>,
    table: &Table<'_>,
) -> Result<(), ReadError> {
    for slot in slots {
        let read = blocks.next(&mut slot.block);
        read.map_err(|source| ReadError::Io { name: table.name.to_owned(), source })?;
    }
    Ok(())
}

/// Whole lines without a quote.
struct Block {
    bytes: Vec<u8>,
    filled: usize,
    /// Offset of its first byte in the input.
    byte_offset: u64,
}

/// Cuts blocks off an input.
struct Blocks<R> {
    rest: Rest<R>,
    is_over: bool,
}

impl<R: Read> Blocks<R> {
    /// Reads the next block; it is empty if there is none, or none that is plain.
    fn next(&mut self, block: &mut Block) -> io::Result<()> {
        block.filled = 0;
        if self.is_over {
            return Ok(());
        }
        block.bytes.resize(BLOCK.max(self.rest.bytes.len()), 0);
        block.bytes[..self.rest.bytes.len()].copy_from_slice(&self.rest.bytes);
        let filled = fill_up(&mut self.rest.reader, &mut block.bytes, self.rest.bytes.len())?;
        let at_end = filled < block.bytes.len();
        let cut = if at_end { Some(filled) } else { memrchr(b'\n', &block.bytes).map(|newline| newline + 1) };
        let cut = cut.filter(|cut| memchr(b'"', &block.bytes[..*cut]).is_none());
        self.is_over = at_end || cut.is_none();
        self.rest.bytes.clear();
        self.rest.bytes.extend_from_slice(&block.bytes[cut.unwrap_or(0)..filled]);
        block.filled = cut.unwrap_or(0);
        block.byte_offset = self.rest.byte_offset;
        self.rest.byte_offset += block.filled as u64;
        Ok(())
    }
}

/// Reads until a buffer is full or the input ends; gives how much is filled.
fn fill_up(reader: &mut impl Read, buffer: &mut [u8], mut filled: usize) -> io::Result<usize> {
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A block and what its rows came to.
struct Slot<B> {
    block: Block,
    batch: B,
    rows: u64,
    lines: u64,
    /// With their lines from the first of the block: how many come before it shows only when all blocks before it are read.
    rejected: Vec<Rejection>,
    /// Where the fields of one record stand.
    bounds: Vec<Bounds>,
}

impl<B: RowBatch> Slot<B> {
    fn new(batch: B) -> Slot<B> {
        let block = Block { bytes: Vec::new(), filled: 0, byte_offset: 0 };
        Slot { block, batch, rows: 0, lines: 0, rejected: Vec::new(), bounds: Vec::new() }
    }

    fn is_full(&self) -> bool {
        self.block.filled > 0
    }

    fn parse(&mut self, table: &Table<'_>) {
        let Slot { block, batch, rows, lines, rejected, bounds } = self;
        let bytes = &block.bytes[..block.filled];
        let text = std::str::from_utf8(bytes);
        (*rows, *lines) = (0, 0);
        // `field` is where the last field starts within the record.
        let mut record = |start: usize, field: usize, end: usize, line: u64, bounds: &mut Vec<Bounds>| {
            let end = if bytes[start..end].ends_with(b"\r") { end - 1 } else { end };
            if start < end {
                *rows += 1;
                bounds.push((field, end - start));
                let own = text.map(|text| &text[start..end]).or_else(|_| std::str::from_utf8(&bytes[start..end]));
                let (fields, width) = (bounds.len(), table.header.fields);
                let taken = match own {
                    Err(_) => Err(not_utf8()),
                    Ok(_) if fields != width => Err(field_count(fields, width, b',')),
                    Ok(text) => batch.row(&TableRow { header: table.header, split: Split::of(text, bounds) }),
                };
                if let Err(refused) = taken {
                    let place = (line, block.byte_offset + start as u64);
                    rejected.push(rejection_at(table.name, place, &bytes[start..end], refused));
                }
            }
            bounds.clear();
        };
        bounds.clear();
        let (mut start, mut field) = (0, 0);
        for_each_of(b',', b'\n', bytes, |at| {
            if bytes[at] == b',' {
                bounds.push((field, at - start));
                field = at - start + 1;
            } else {
                record(start, field, at, *lines, bounds);
                *lines += 1;
                (start, field) = (at + 1, 0);
            }
        });
        record(start, field, bytes.len(), *lines, bounds);
    }
}
