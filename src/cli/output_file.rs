//! One output file with the files that belong to it, put in place together at the end. A run that ends early leaves nothing behind.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

use wabill::read::Input;

use super::failure::Failure;
use super::output::{Leftovers, abandon, finish_with, open_lock, release};

/// Files that may stand beside an output, by the ending of their names.
pub(crate) const BESIDE: [&str; 3] = ["rejected.csv", "aliases.csv", "templates.csv"];

/// The output while it is written.
#[derive(Debug)]
pub(crate) struct OutputFile {
    target: PathBuf,
    staging: PathBuf,
    _lock: File,
}

impl OutputFile {
    /// Checks at once that it can be written and that no input would be overwritten.
    pub(crate) fn create(target: &Path, inputs: &[Input]) -> Result<OutputFile, Failure> {
        let file_name = target.file_name().filter(|_| !target.is_dir());
        let file_name = file_name.ok_or_else(|| Failure::Usage(format!("{} names no file", target.display())))?;
        refuse_inputs(std::iter::once(target.to_owned()).chain(BESIDE.map(|name| beside(target, name))), inputs)?;
        let folder = target.parent().unwrap_or(Path::new(""));
        let staging = folder.join(format!(".{}.wabill-partial", file_name.to_string_lossy()));
        let made = folder.ancestors().take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists());
        let leftovers = Leftovers { staging: staging.clone(), made: made.map(Path::to_owned).collect() };
        let could_not = |error: &io::Error| Failure::could_not(&format!("write {}", target.display()), error);
        let lock = open_lock(&staging, leftovers).map_err(|error| could_not(&error))?;
        if let Err(TryLockError::WouldBlock) = lock.try_lock() {
            // The staging folder is the other run's.
            release();
            let message = format!("another run is writing {}; choose another --output", target.display());
            return Err(Failure::CouldNotFinish(message));
        }
        let output = OutputFile { target: target.to_owned(), staging, _lock: lock };
        // What a killed run left.
        for staged in BESIDE.map(|name| output.staged(Some(name))).iter().filter(|staged| staged.exists()) {
            fs::remove_file(staged).map_err(|error| could_not(&error))?;
        }
        Ok(output)
    }

    /// Opens the output, or with a name one of the files beside it.
    pub(crate) fn open(&self, beside: Option<&str>) -> io::Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(self.staged(beside))?))
    }

    fn staged(&self, beside: Option<&str>) -> PathBuf {
        self.staging.join(beside.unwrap_or("output"))
    }

    /// Puts all files in place; those beside an older output that this run did not write must not stand beside the new one.
    pub(crate) fn publish(self) -> io::Result<()> {
        finish_with(|| {
            for name in BESIDE {
                let (fresh, place) = (self.staged(Some(name)), beside(&self.target, name));
                if fresh.exists() {
                    fs::rename(fresh, place)?;
                } else if place.is_file() {
                    fs::remove_file(place)?;
                }
            }
            fs::rename(self.staged(None), &self.target)
        })?;
        fs::remove_dir_all(&self.staging)
    }
}

impl Drop for OutputFile {
    fn drop(&mut self) {
        abandon();
    }
}

/// `log.csv` and `rejected.csv` make `log.csv.rejected.csv`.
pub(crate) fn beside(target: &Path, name: &str) -> PathBuf {
    let mut path = target.as_os_str().to_owned();
    path.push(".");
    path.push(name);
    path.into()
}

/// Writes a file under another name and puts it in place.
pub(crate) fn write_whole(path: &Path, mut bytes: impl Read) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".wabill-partial");
    let partial = PathBuf::from(partial);
    let copied = File::create(&partial).and_then(|mut file| io::copy(&mut bytes, &mut file));
    let placed = copied.and_then(|_| fs::rename(&partial, path));
    if placed.is_err() {
        // Nothing more can be done about a file that cannot be removed.
        let _ = fs::remove_file(&partial);
    }
    placed
}

/// An input that stands where an output goes would be replaced by it.
pub(crate) fn refuse_inputs(outputs: impl IntoIterator<Item = PathBuf>, inputs: &[Input]) -> Result<(), Failure> {
    let same = |a: &Path, b: &Path| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    for output in outputs {
        for input in inputs {
            let Input::File(path) = input else { continue };
            if same(&output, path) {
                let message =
                    format!("{} is an input and would be overwritten; choose another --output", path.display());
                return Err(Failure::Usage(message));
            }
        }
    }
    Ok(())
}
