//! Output files: written under another name, put in place together at the end. A run that ends early leaves nothing behind.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use wabill::read::Input;

use super::failure::Failure;

/// Folder within the output folder where files grow until they are done.
const STAGING: &str = ".wabill-partial";
const LOCK: &str = "lock";

/// Every file that a run may write. Only these are ever replaced or removed: an older run's must not stand beside a newer one's.
const KNOWN: [&str; 28] = [
    "simulation.json",
    "monte_carlo.csv",
    "summary.json",
    "verdicts.csv",
    "verdicts.parquet",
    "conversations.csv",
    "conversations.parquet",
    "lines.csv",
    "provider_lines.csv",
    "disagreements.csv",
    "rejected.csv",
    "accounts.proposed.csv",
    "charts/charged_and_free_per_day.svg",
    "charts/charged_and_free_per_day.png",
    "charts/cost_per_market.svg",
    "charts/cost_per_market.png",
    "charts/free_by_reason.svg",
    "charts/free_by_reason.png",
    "charts/variants.svg",
    "charts/variants.png",
    "charts/variant_ranges.svg",
    "charts/variant_ranges.png",
    "charts/bill_by_month.svg",
    "charts/bill_by_month.png",
    "charts/tornado.svg",
    "charts/tornado.png",
    "charts/distribution.svg",
    "charts/distribution.png",
];

/// What a run that ends early must take away: its staging folder and the folders it made. `None` while there is no such run, so that a
/// signal cannot come between the files of a finished one.
static UNFINISHED: Mutex<Option<Leftovers>> = Mutex::new(None);

#[derive(Debug)]
pub(super) struct Leftovers {
    pub(super) staging: PathBuf,
    /// Folders that were not there before, innermost first.
    pub(super) made: Vec<PathBuf>,
}

/// Takes away what an unfinished run left; `false` if there is no unfinished run.
pub(crate) fn abandon() -> bool {
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(leftovers) = unfinished.take() else { return false };
    // Nothing more can be done about a folder that cannot be removed; one that is not empty is somebody's.
    let _ = fs::remove_dir_all(&leftovers.staging);
    for folder in &leftovers.made {
        let _ = fs::remove_dir(folder);
    }
    true
}

/// Forgets what was made: it is another run's.
pub(super) fn release() {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take();
}

/// Puts files in place while no signal can come between them. Afterwards nothing is unfinished.
pub(super) fn finish_with(place: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    place()?;
    unfinished.take();
    Ok(())
}

/// The output folder while a run writes into it.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    folder: PathBuf,
    staging: PathBuf,
    /// Held until the end, so that two runs cannot write into one folder.
    _lock: File,
}

impl OutputFolder {
    /// Makes the folder and checks at once that it can be written and that no input would be overwritten.
    pub(crate) fn create(folder: &Path, inputs: &[Input]) -> Result<OutputFolder, Failure> {
        refuse_inputs(folder, inputs)?;
        let could_not = |error: &io::Error| Failure::could_not(&format!("write into {}", folder.display()), error);
        let staging = folder.join(STAGING);
        let made = folder.ancestors().take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists());
        let leftovers = Leftovers { staging: staging.clone(), made: made.map(Path::to_owned).collect() };
        let lock = open_lock(&staging, leftovers).map_err(|error| could_not(&error))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                // The staging folder is the other run's.
                UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take();
                let message = format!("another run is writing into {}; choose another --out", folder.display());
                return Err(Failure::CouldNotFinish(message));
            }
            // A file system without locks is no reason not to run.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        let output = OutputFolder { folder: folder.to_owned(), staging, _lock: lock };
        output.clear_leftovers().map_err(|error| could_not(&error))?;
        Ok(output)
    }

    /// What a killed run left.
    fn clear_leftovers(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.staging)? {
            let path = entry?.path();
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            } else if path.file_name().is_some_and(|name| name != LOCK) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Opens a file to be written.
    pub(crate) fn open(&self, name: &str) -> io::Result<BufWriter<File>> {
        let path = self.staging.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(BufWriter::with_capacity(1 << 20, File::create(path)?))
    }

    /// Writes a whole file.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.open(name)?;
        file.write_all(bytes)?;
        close(file)
    }

    /// Drops a file that turned out not to be wanted.
    pub(crate) fn discard(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.staging.join(name))
    }

    /// Puts all files in place, takes away what an older run wrote and this one did not, and names what there is now.
    pub(crate) fn publish(self) -> io::Result<Vec<&'static str>> {
        let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        let mut published = Vec::new();
        for name in KNOWN {
            let (fresh, place) = (self.staging.join(name), self.folder.join(name));
            if fresh.exists() {
                place.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::rename(fresh, place)?;
                published.push(name);
            } else if place.is_file() {
                fs::remove_file(place)?;
            }
        }
        if self.publish_variants()? {
            published.push(VARIANTS);
        }
        unfinished.take();
        // Only if it is empty: anything else in it is not ours.
        let _ = fs::remove_dir(self.folder.join("charts"));
        fs::remove_dir_all(&self.staging)?;
        Ok(published)
    }
}

/// Folder of the bills of variants, which have names of their own.
const VARIANTS: &str = "variants/";
const VARIANT_ENDING: &str = ".lines.csv";

impl OutputFolder {
    /// Puts the bills of variants in place of those of an older run; tells whether there are any.
    fn publish_variants(&self) -> io::Result<bool> {
        let (fresh, place) = (self.staging.join(VARIANTS), self.folder.join(VARIANTS));
        if place.is_dir() {
            for entry in fs::read_dir(&place)? {
                let path = entry?.path();
                if path.is_file() && path.to_string_lossy().ends_with(VARIANT_ENDING) {
                    fs::remove_file(path)?;
                }
            }
            // Only if it is empty: anything else in it is not ours.
            let _ = fs::remove_dir(&place);
        }
        if !fresh.is_dir() {
            return Ok(false);
        }
        fs::create_dir_all(&place)?;
        for entry in fs::read_dir(&fresh)? {
            let entry = entry?;
            fs::rename(entry.path(), place.join(entry.file_name()))?;
        }
        Ok(true)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        abandon();
    }
}

/// Makes the staging folder and its lock; what was made is noted first, so that it goes if the rest fails.
pub(super) fn open_lock(staging: &Path, leftovers: Leftovers) -> io::Result<File> {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = Some(leftovers);
    let opened = fs::create_dir_all(staging).and_then(|()| File::create(staging.join(LOCK)));
    if opened.is_err() {
        abandon();
    }
    opened
}

/// An input that stands where an output goes would be replaced by it.
fn refuse_inputs(folder: &Path, inputs: &[Input]) -> Result<(), Failure> {
    let same = |a: &Path, b: &Path| a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b));
    for input in inputs {
        let Input::File(path) = input else { continue };
        if let Some(name) = KNOWN.iter().find(|name| same(&folder.join(name), path)) {
            let message = format!("{} would be overwritten by the output {name}; choose another --out", path.display());
            return Err(Failure::Usage(message));
        }
    }
    Ok(())
}

/// Writes out what is buffered and tells of trouble that only the end brings.
pub(super) fn close(file: BufWriter<File>) -> io::Result<()> {
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_data()
}
