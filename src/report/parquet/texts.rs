//! Texts of one column while they are gathered.

use arrow_array::BinaryArray;
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};

use crate::model::CustomerText;

/// Texts, one behind the other; an empty one is an empty cell. They are bytes to the library, which would look anew whether they are text.
#[derive(Debug)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where each starts, and where the last one ends.
    offsets: Vec<i32>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { bytes: Vec::new(), offsets: vec![0] }
    }
}

impl Texts {
    /// Adds texts.
    pub(super) fn extend<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        self.offsets.extend(texts.map(|text| {
            self.bytes.extend_from_slice(text.as_bytes());
            i32::try_from(self.bytes.len()).expect("a group is full long before")
        }));
    }

    /// Adds customers.
    pub(super) fn extend_customers<'t>(&mut self, customers: impl Iterator<Item = CustomerText<'t>>) {
        self.offsets.extend(customers.map(|customer| {
            let mut digits = itoa::Buffer::new();
            let text = match customer {
                CustomerText::Number(number) => digits.format(number),
                CustomerText::Name(name) => name,
            };
            self.bytes.extend_from_slice(text.as_bytes());
            i32::try_from(self.bytes.len()).expect("a group is full long before")
        }));
    }

    /// Adds one text and gives its place.
    pub(super) fn add(&mut self, text: &str) -> u32 {
        self.extend([text].into_iter());
        u32::try_from(self.offsets.len() - 2).expect("a group is full long before")
    }

    pub(super) fn get(&self, place: u32) -> &[u8] {
        let at = |place: usize| self.offsets[place].cast_unsigned() as usize;
        &self.bytes[at(place as usize)..at(place as usize + 1)]
    }

    /// Their length altogether.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The texts themselves, none of them an empty cell.
    pub(super) fn values(self) -> BinaryArray {
        BinaryArray::new(OffsetBuffer::new(self.offsets.into()), Buffer::from_vec(self.bytes), None)
    }

    /// The cells, as the library takes them.
    pub(super) fn cells(self) -> BinaryArray {
        let filled =
            BooleanBuffer::collect_bool(self.offsets.len() - 1, |row| self.offsets[row] < self.offsets[row + 1]);
        let filled = NullBuffer::new(filled);
        let filled = (filled.null_count() > 0).then_some(filled);
        BinaryArray::new(OffsetBuffer::new(self.offsets.into()), Buffer::from_vec(self.bytes), filled)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;

    use super::*;

    #[test]
    fn customers_are_texts_behind_texts() {
        let mut texts = Texts::default();
        texts.extend(["a", ""].into_iter());
        texts.extend_customers([CustomerText::Number(5_511), CustomerText::Name("n,")].into_iter());
        let cells = texts.cells();
        let shown: Vec<_> = (0..cells.len()).map(|row| cells.is_valid(row).then(|| cells.value(row))).collect();
        assert_eq!(shown, [Some(&b"a"[..]), None, Some(b"5511"), Some(b"n,")]);
    }
}
