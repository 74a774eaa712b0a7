//! Plain tables, cut at newlines into blocks that all threads read at once.
//!
//! A block without a quote holds whole records only, one a line. The first block that is not so ends this way of reading, and
//! [`Records`](super::records::Records) goes on from there, byte for byte.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2_iter, memrchr};

use crate::model::Rejection;

use super::fields::Split;
use super::records::Rest;
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
    let mut blocks = Blocks { rest, is_over: false };
    let mut rows = 0;
    loop {
        let mut outcome = Ok(());
        rayon::in_place_scope(|scope| {
            for slot in parsing.iter_mut().filter(|slot| slot.is_full()) {
                scope.spawn(|_| slot.parse(table));
            }
            outcome = hand_over(&mut reading, sink, &mut rows).and_then(|()| fill(&mut reading, &mut blocks, table));
        });
        outcome?;
        std::mem::swap(&mut reading, &mut parsing);
        if !reading.iter().chain(&parsing).any(Slot::is_full) {
            return Ok((rows, blocks.rest));
        }
    }
}

/// Gives the sink what was parsed, in the order of the input.
fn hand_over<S: Sink>(slots: &mut [Slot<S::Batch>], sink: &mut S, rows: &mut u64) -> Result<(), ReadError> {
    for slot in slots.iter_mut().filter(|slot| slot.is_full()) {
        sink.take(&mut slot.batch);
        for rejection in slot.rejected.drain(..) {
            sink.reject(rejection)?;
        }
        *rows += slot.rows;
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
    /// Line and offset of its first byte in the input.
    line: u64,
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
        (block.line, block.byte_offset) = (self.rest.line, self.rest.byte_offset);
        self.rest.line += memchr_iter(b'\n', &block.bytes[..block.filled]).count() as u64;
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
    rejected: Vec<Rejection>,
    /// Ends of the fields of one record.
    ends: Vec<usize>,
}

impl<B: RowBatch> Slot<B> {
    fn new(batch: B) -> Slot<B> {
        let block = Block { bytes: Vec::new(), filled: 0, line: 0, byte_offset: 0 };
        Slot { block, batch, rows: 0, rejected: Vec::new(), ends: Vec::new() }
    }

    fn is_full(&self) -> bool {
        self.block.filled > 0
    }

    fn parse(&mut self, table: &Table<'_>) {
        let Slot { block, batch, rows, rejected, ends } = self;
        let bytes = &block.bytes[..block.filled];
        let text = std::str::from_utf8(bytes);
        *rows = 0;
        let (mut start, mut line) = (0, block.line);
        ends.clear();
        let mut record = |start: usize, end: usize, line: u64, ends: &mut Vec<usize>| {
            let end = if bytes[start..end].ends_with(b"\r") { end - 1 } else { end };
            if start < end {
                *rows += 1;
                ends.push(end - start);
                let own = text.map(|text| &text[start..end]).or_else(|_| std::str::from_utf8(&bytes[start..end]));
                let taken = match own {
                    Err(_) => Err(not_utf8()),
                    Ok(_) if ends.len() != table.header.fields => {
                        Err(field_count(ends.len(), table.header.fields, b','))
                    }
                    Ok(text) => batch.row(&TableRow { header: table.header, split: Split::plain(text, ends) }),
                };
                if let Err(refused) = taken {
                    let place = (line, block.byte_offset + start as u64);
                    rejected.push(rejection_at(table.name, place, &bytes[start..end], refused));
                }
            }
            ends.clear();
        };
        for at in memchr2_iter(b',', b'\n', bytes) {
            if bytes[at] == b',' {
                ends.push(at - start);
            } else {
                record(start, at, line, ends);
                (start, line) = (at + 1, line + 1);
            }
        }
        record(start, bytes.len(), line, ends);
    }
}
