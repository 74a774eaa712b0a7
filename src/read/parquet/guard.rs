//! Limits on what a file says of itself, so that a few wrong bytes cannot ask for all memory there is.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::delta::Delta;

/// Rows per byte of the file: every message has an id of its own, which takes about a byte however well it is packed.
const ROWS_PER_BYTE: u64 = 64;
/// Unpacked bytes of a column, per byte of the file.
const BYTES_PER_BYTE: u64 = 1000;
/// Unpacked bytes of one page, likewise. Writers make pages of about a mebibyte.
const PAGE_BYTES_PER_BYTE: u64 = 64;
/// What a small file may have in any case.
const SMALL: u64 = 64 << 20;

/// A file of which no part is read that it does not have, and no page unpacked that it cannot have.
#[derive(Clone, Debug)]
pub(super) struct Guarded {
    /// All handles of a file share one position, so whoever reads keeps the others away from it.
    file: Arc<Mutex<File>>,
    length: u64,
}

/// A place in a file from which is read, whoever else reads it.
#[derive(Debug)]
pub(super) struct Place {
    file: Arc<Mutex<File>>,
    at: u64,
}

impl Read for Place {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Guarded {
    pub(super) fn new(file: File) -> io::Result<Guarded> {
        let length = file.metadata()?.len();
        Ok(Guarded { file: Arc::new(Mutex::new(file)), length })
    }

    fn place(&self, at: u64) -> Place {
        Place { file: self.file.clone(), at }
    }

    /// Refuses a row group that is larger than the file can hold.
    pub(super) fn check(&self, group: &RowGroupMetaData) -> Result<()> {
        let most_rows = self.length.saturating_mul(ROWS_PER_BYTE);
        let most_bytes = self.length.saturating_mul(BYTES_PER_BYTE).saturating_add(SMALL);
        let within = |size: i64, most: u64| u64::try_from(size).is_ok_and(|size| size <= most);
        let columns = group.columns().iter();
        if within(group.num_rows(), most_rows)
            && columns.map(ColumnChunkMetaData::uncompressed_size).all(|size| within(size, most_bytes))
        {
            return Ok(());
        }
        Err(broken(format!("a group of {} rows cannot be in {} bytes", group.num_rows(), self.length)))
    }
}

impl Length for Guarded {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Guarded {
    type T = BufReader<Place>;

    /// Reads from a place on; the library asks for this where a page begins.
    fn get_read(&self, start: u64) -> Result<BufReader<Place>> {
        let mut reader = BufReader::new(self.place(start));
        let most = self.length.saturating_mul(PAGE_BYTES_PER_BYTE).saturating_add(SMALL);
        match unpacked_size(reader.fill_buf()?) {
            Some(size) if size > most => Err(broken(format!("a page of {size} bytes cannot be in {}", self.length))),
            _ => Ok(reader),
        }
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let there = self.length.checked_sub(start).is_some_and(|rest| length as u64 <= rest);
        if !there {
            return Err(broken(format!("{length} bytes at {start} of {} are not there", self.length)));
        }
        let mut bytes = vec![0; length];
        self.place(start).read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

fn broken(what: String) -> ParquetError {
    ParquetError::General(what)
}

/// The second field of a page header: each of the first three is a byte that says "the next field, a 32-bit number" and the number.
fn unpacked_size(header: &[u8]) -> Option<u64> {
    let (_, rest) = number_field(header)?;
    let (size, rest) = number_field(rest)?;
    number_field(rest).map(|_| size)
}

fn number_field(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let rest = bytes.strip_prefix(&[0x15])?;
    let (zigzag, rest) = varint(rest)?;
    // Negative sizes are refused by the library.
    Some((zigzag >> 1, rest))
}

pub(super) fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (place, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[place + 1..]));
        }
    }
    None
}

/// The pages of one column, of which none may hold more values than there can be.
pub(super) struct CheckedPages {
    /// The column.
    pub(super) name: &'static str,
    pub(super) pages: Box<dyn PageReader>,
    /// Rows of the group; columns that are read have one value a row.
    pub(super) rows: u64,
    /// Values may be missing, and what is there is marked in front of them.
    pub(super) nullable: bool,
    /// A page that was looked at and comes next.
    pub(super) first: Option<Page>,
}

impl CheckedPages {
    fn check(&self, page: Page) -> Result<Page> {
        let most = if page.is_dictionary_page() { page.buffer().len() as u64 } else { self.rows };
        let delta = Delta::of(&page, self.nullable);
        let values = u64::from(page.num_values()).max(delta.as_ref().map_or(0, |delta| delta.values));
        if values > most {
            return Err(broken(format!("a page of {values} values where {most} can be")));
        }
        delta.map_or(Ok(()), |delta| delta.check(self.name))?;
        Ok(page)
    }
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        match self.first.take() {
            Some(page) => Ok(Some(page)),
            None => self.pages.get_next_page()?.map(|page| self.check(page)).transpose(),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        match &self.first {
            Some(page) => Ok(Some(PageMetadata {
                num_rows: None,
                num_levels: (!page.is_dictionary_page()).then_some(page.num_values() as usize),
                is_dict: page.is_dictionary_page(),
            })),
            None => self.pages.peek_next_page(),
        }
    }

    fn skip_next_page(&mut self) -> Result<()> {
        if self.first.take().is_some() { Ok(()) } else { self.pages.skip_next_page() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_page_is_read_off_its_header() {
        // Data page, 300 bytes unpacked, 3 packed.
        assert_eq!(unpacked_size(&[0x15, 0, 0x15, 0xd8, 0x04, 0x15, 6, 0]), Some(300));
        assert_eq!(unpacked_size(b"\x15\x00\x15\x02PAR1"), None, "the end of a file is no page header");
    }
}
