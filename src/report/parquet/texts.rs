//! Texts of one column while they are gathered.

use std::fmt::Display;
use std::io::Write;

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
    /// Adds a text and gives its length.
    pub(super) fn add(&mut self, text: &str) -> usize {
        self.bytes.extend_from_slice(text.as_bytes());
        self.end();
        text.len()
    }

    /// Adds what is written as text, if there is something, and gives its length.
    pub(super) fn add_shown(&mut self, value: Option<impl Display>) -> usize {
        let before = self.bytes.len();
        if let Some(value) = value {
            // Writing to memory cannot fail.
            let _ = write!(self.bytes, "{value}");
        }
        self.end();
        self.bytes.len() - before
    }

    fn end(&mut self) {
        self.ends.push(i32::try_from(self.bytes.len()).expect("a group is full long before"));
    }

    /// The cells, as the library takes them.
    pub(super) fn cells(self) -> BinaryArray {
        let filled = BooleanBuffer::collect_bool(self.ends.len() - 1, |row| self.ends[row] < self.ends[row + 1]);
        let filled = NullBuffer::new(filled);
        let filled = (filled.null_count() > 0).then_some(filled);
        BinaryArray::new(OffsetBuffer::new(self.ends.into()), Buffer::from_vec(self.bytes), filled)
    }
}
