//! What a page of texts in delta encoding says of itself, before any text is made of it.
//!
//! A text is the beginning of the one before it (`DELTA_BYTE_ARRAY` only), and what differs. So a few bytes can stand for a long text in
//! every row, as those of a dictionary can.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::Int32Type;
use parquet::errors::Result;
use parquet::schema::types::{ColumnDescriptor, ColumnPath, Type};

use super::guard::varint;
use super::source::BATCH;
use super::texts::{MOST_TEXT, absurd};

/// The values of a page in delta encoding.
pub(super) struct Delta {
    /// How many it says there are.
    pub(super) values: u64,
    /// Behind the marks of which rows have one.
    bytes: Bytes,
    shares: bool,
}

impl Delta {
    /// Those of a page, if it is in delta encoding and as long as it should be; what is not, the library refuses.
    pub(super) fn of(page: &Page, nullable: bool) -> Option<Delta> {
        if !matches!(page.encoding(), Encoding::DELTA_LENGTH_BYTE_ARRAY | Encoding::DELTA_BYTE_ARRAY) {
            return None;
        }
        let all = page.buffer();
        let marks = match page {
            Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, .. } => {
                u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len)
            }
            _ if nullable => 4 + u64::from(u32::from_le_bytes(*all.first_chunk()?)),
            _ => 0,
        };
        let marks = usize::try_from(marks).ok().filter(|marks| *marks <= all.len())?;
        let bytes = all.slice(marks..);
        // The sizes of blocks come before.
        let (_, rest) = varint(&bytes)?;
        let (_, rest) = varint(rest)?;
        let (values, _) = varint(rest)?;
        Some(Delta { values, bytes, shares: page.encoding() == Encoding::DELTA_BYTE_ARRAY })
    }

    /// Refuses texts that have so much from the ones before them that a batch of them could take more memory than texts may.
    pub(super) fn check(self, name: &str) -> Result<()> {
        if !self.shares {
            return Ok(());
        }
        let (mut lengths, mut some) = (self.shared_lengths()?, Vec::with_capacity(BATCH));
        while lengths.read_records(BATCH, None, None, &mut some)?.0 > 0 {
            let longest = some.drain(..).map(|length: i32| usize::try_from(length).unwrap_or(0)).max();
            if longest.is_some_and(|longest| longest * BATCH > MOST_TEXT) {
                return Err(absurd(name));
            }
        }
        Ok(())
    }

    /// How much each text has from the one before it: numbers in front of the texts, which are read as a page of nothing but numbers.
    fn shared_lengths(self) -> Result<ColumnReaderImpl<Int32Type>> {
        let number = Type::primitive_type_builder("shared", Physical::INT32).build()?;
        let column = ColumnDescriptor::new(Arc::new(number), 0, 0, ColumnPath::from("shared"));
        let page = Page::DataPage {
            buf: self.bytes,
            num_values: u32::try_from(self.values)?,
            encoding: Encoding::DELTA_BINARY_PACKED,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        Ok(ColumnReaderImpl::new(Arc::new(column), Box::new(OnePage(Some(page)))))
    }
}

/// A page by itself.
struct OnePage(Option<Page>);

impl Iterator for OnePage {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.0.take().map(Ok)
    }
}

impl PageReader for OnePage {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.0.take())
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        let of =
            |page: &Page| PageMetadata { num_rows: None, num_levels: Some(page.num_values() as usize), is_dict: false };
        Ok(self.0.as_ref().map(of))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0 = None;
        Ok(())
    }
}
