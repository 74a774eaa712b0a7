//! Numbers of one column while they are gathered.

use arrow_array::PrimitiveArray;
use arrow_array::types::ArrowPrimitiveType;
use arrow_buffer::NullBuffer;

/// Numbers, each of which may be an empty cell.
#[derive(Debug)]
pub(super) struct Numbers<T: ArrowPrimitiveType> {
    /// The numbers, and whether there is one.
    cells: (Vec<T::Native>, Vec<bool>),
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    pub(super) fn new() -> Numbers<T> {
        Numbers { cells: (Vec::new(), Vec::new()) }
    }

    /// Adds numbers.
    pub(super) fn extend(&mut self, numbers: impl Iterator<Item = Option<T::Native>>) {
        self.cells.extend(numbers.map(|number| (number.unwrap_or_default(), number.is_some())));
    }

    /// Bytes of the numbers.
    pub(super) fn bytes(&self) -> usize {
        self.cells.0.len() * size_of::<T::Native>()
    }

    /// The cells, as the library takes them.
    pub(super) fn cells(self) -> PrimitiveArray<T> {
        let (numbers, filled) = self.cells;
        let filled = NullBuffer::from(filled);
        let filled = (filled.null_count() > 0).then_some(filled);
        PrimitiveArray::new(numbers.into(), filled)
    }
}
