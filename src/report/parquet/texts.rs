//! Texts of one column while they are gathered.

use arrow_array::BinaryArray;
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};

/// Texts, one behind the other; an empty one is an empty cell. They are bytes to the library, which would look anew whether they are text.
#[derive(Debug)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where each starts, and where the last one ends.
    ends: Vec<i32>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { bytes: Vec::new(), ends: vec![0] }
    }
}

impl Texts {
    /// Adds texts.
    pub(super) fn extend<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        self.ends.extend(texts.map(|text| {
            self.bytes.extend_from_slice(text.as_bytes());
            i32::try_from(self.bytes.len()).expect("a group is full long before")
        }));
    }

    /// Adds one text and gives its place.
    pub(super) fn add(&mut self, text: &str) -> u32 {
        self.extend([text].into_iter());
        u32::try_from(self.ends.len() - 2).expect("a group is full long before")
    }

    pub(super) fn get(&self, place: u32) -> &[u8] {
        let at = |place: usize| self.ends[place].cast_unsigned() as usize;
        &self.bytes[at(place as usize)..at(place as usize + 1)]
    }

    /// Their length altogether.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The texts themselves, none of them an empty cell.
    pub(super) fn values(self) -> BinaryArray {
        BinaryArray::new(OffsetBuffer::new(self.ends.into()), Buffer::from_vec(self.bytes), None)
    }

    /// The cells, as the library takes them.
    pub(super) fn cells(self) -> BinaryArray {
        let filled = BooleanBuffer::collect_bool(self.ends.len() - 1, |row| self.ends[row] < self.ends[row + 1]);
        let filled = NullBuffer::new(filled);
        let filled = (filled.null_count() > 0).then_some(filled);
        BinaryArray::new(OffsetBuffer::new(self.ends.into()), Buffer::from_vec(self.bytes), filled)
    }
}
