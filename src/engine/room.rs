//! Room for what is still to be read: in memory, and in the folder for what does not fit there.

use std::io;
use std::path::Path;

use crate::chat::Intake;
use crate::read::{Input, ReadError};

use super::plan::Plan;

/// The room for the rest of the inputs.
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

    /// Lets partitions in memory make room for the rest of the inputs, of which so many bytes are read.
    pub(super) fn expect_rest(&self, intake: &mut Intake, read: u64) {
        if let Some(total) = self.total {
            intake.expect(read, total);
        }
    }

    /// Checks before `waiting` bytes are written that they fit, with as much as the rest of the inputs will come to: `read` bytes of
    /// them made these and the `written` ones.
    pub(super) fn check(&self, waiting: u64, written: u64, read: u64) -> Result<(), ReadError> {
        let Some(folder) = self.folder else { return Ok(()) };
        let left = self.total.map_or(0, |total| total.saturating_sub(read));
        let rest = (u128::from(waiting) + u128::from(written)) * u128::from(left) / u128::from(read.max(1));
        let needed = u128::from(waiting) + rest;
        let free = fs4::available_space(folder).map_err(|source| self.spill_error(source))?;
        if needed <= u128::from(free) {
            return Ok(());
        }
        let (needed, free) = (needed.div_ceil(1_000_000), free / 1_000_000);
        Err(ReadError::NoRoom(format!(
            "{} needs some {needed} MB for what does not fit in memory and has {free} MB; give another folder with --temp-dir, or more --memory",
            folder.display()
        )))
    }

    /// Says which folder there is trouble with.
    pub(super) fn spill_error(&self, source: io::Error) -> ReadError {
        ReadError::Spill { folder: self.folder.map_or_else(String::new, |folder| folder.display().to_string()), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half is read and lies in the folder: the other half will need as much, however little waits right now.
    #[test]
    fn what_is_written_tells_what_the_rest_will_need() {
        let folder = std::env::temp_dir();
        let free = fs4::available_space(&folder).unwrap();
        let room = Room { folder: Some(&folder), total: Some(1000) };
        assert!(room.check(1, 0, 500).is_ok());
        assert!(matches!(room.check(1, 2 * free, 500), Err(ReadError::NoRoom(_))));
        assert!(room.check(1, 2 * free, 1000).is_ok(), "nothing is left to read");
        let piped = Room { folder: Some(&folder), total: None };
        assert!(piped.check(1, 2 * free, 500).is_ok());
        assert!(matches!(piped.check(2 * free, 0, 500), Err(ReadError::NoRoom(_))));
    }
}
