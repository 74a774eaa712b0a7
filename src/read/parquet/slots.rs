//! Batches that all threads read at once, as [`blocks`](crate::read::blocks) are of a table in text.

use crate::model::Rejection;
use crate::read::{ReadError, RowBatch, Sink};

use super::Rows;
use super::batch::Batch;

/// Rows and what they came to.
struct Slot<'l, B> {
    /// The rows, and the number of those before them.
    rows: Option<(Batch<'l>, u64)>,
    taken: B,
    rejected: Vec<Rejection>,
}

impl<B: RowBatch> Slot<'_, B> {
    fn read(&mut self, rows: &Rows<'_>) {
        if let Some((batch, before)) = &self.rows {
            self.rejected = rows.take(batch, *before, |row| self.taken.row(row));
        }
    }
}

/// As many batches as are read at once.
pub(super) struct Slots<'l, B>(Vec<Slot<'l, B>>);

impl<'l, B: RowBatch> Slots<'l, B> {
    /// Slots for a sink that takes batches.
    pub(super) fn of(sink: &impl Sink<Batch = B>) -> Option<Slots<'l, B>> {
        let slot = || sink.batch().map(|taken| Slot { rows: None, taken, rejected: Vec::new() });
        (0..2 * rayon::current_num_threads()).map(|_| slot()).collect::<Option<_>>().map(Slots)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn are_empty(&self) -> bool {
        self.0.iter().all(|slot| slot.rows.is_none())
    }

    /// Fills as many as there are batches for.
    pub(super) fn fill(
        &mut self,
        mut next: impl FnMut() -> Result<Option<(Batch<'l>, u64)>, ReadError>,
    ) -> Result<(), ReadError> {
        for slot in &mut self.0 {
            slot.rows = next()?;
            if slot.rows.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Reads the rows of all slots, on all threads.
    pub(super) fn read<'s>(&'s mut self, scope: &rayon::Scope<'s>, rows: &'s Rows<'_>) {
        for slot in self.0.iter_mut().filter(|slot| slot.rows.is_some()) {
            scope.spawn(move |_| slot.read(rows));
        }
    }

    /// Gives the sink what was read, in the order of the file.
    pub(super) fn hand_over(&mut self, sink: &mut impl Sink<Batch = B>) -> Result<(), ReadError> {
        for slot in self.0.iter_mut().filter(|slot| slot.rows.is_some()) {
            sink.take(&mut slot.taken);
            slot.rejected.drain(..).try_for_each(|rejection| sink.reject(rejection))?;
            slot.rows = None;
            sink.pause()?;
        }
        Ok(())
    }
}
