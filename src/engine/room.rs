//! Whether the folder for what does not fit in memory has room for it.

use std::path::Path;

use crate::read::{Input, ReadError};

use super::plan::Plan;

/// The room in the temporary folder.
#[derive(Debug)]
pub(super) struct Room<'p> {
    folder: Option<&'p Path>,
    /// Size of all inputs on disk, if it is known.
    total: Option<u64>,
}

impl<'p> Room<'p> {
    pub(super) fn new(plan: &'p Plan, inputs: &[Input]) -> Room<'p> {
        let folder = plan.memory.as_ref().map(|memory| memory.temp_dir.as_path());
        Room { folder, total: inputs.iter().map(Input::size).sum() }
    }

    /// Checks before anything is written that `waiting` bytes fit, with as much as the rest of the inputs will come to, of which
    /// `read` bytes are read.
    pub(super) fn check(&self, waiting: u64, read: u64) -> Result<(), ReadError> {
        let Some(folder) = self.folder else { return Ok(()) };
        let left = self.total.map_or(0, |total| total.saturating_sub(read));
        let rest = u128::from(waiting) * u128::from(left) / u128::from(read.max(1));
        let needed = u128::from(waiting) + rest;
        let free = fs4::available_space(folder).map_err(ReadError::Spill)?;
        if needed <= u128::from(free) {
            return Ok(());
        }
        let [needed, free] = [needed, u128::from(free)].map(|bytes| bytes.div_ceil(1_000_000));
        Err(ReadError::NoRoom(format!(
            "{} needs some {needed} MB for what does not fit in memory and has {free} MB; give another folder with --temp-dir, or more --memory",
            folder.display()
        )))
    }
}
