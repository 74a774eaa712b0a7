//! Output files: written under another name, put in place together at the end. A run that ends early leaves nothing behind.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use wabill::engine::Recorder;
use wabill::model::{ConversationRow, VerdictRow};
use wabill::report::{CONVERSATIONS_HEADER, VERDICTS_HEADER, write_conversation, write_verdict};

use super::failure::Failure;

/// Folder within the output folder where files grow until they are done.
const STAGING: &str = ".wabill-partial";
const LOCK: &str = "lock";

/// Everything that a run may write, so that an older run's files do not stand beside a newer one's.
const KNOWN: [&str; 6] = ["summary.json", "verdicts.csv", "conversations.csv", "lines.csv", "rejected.csv", "charts"];

/// The output folder while a run writes into it.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    folder: PathBuf,
    staging: PathBuf,
    /// Held until the end, so that two runs cannot write into one folder.
    _lock: File,
    done: bool,
}

impl OutputFolder {
    /// Makes the folder and checks at once that it can be written.
    pub(crate) fn create(folder: &Path) -> Result<OutputFolder, Failure> {
        let could_not = |error: &io::Error| Failure::could_not(&format!("write into {}", folder.display()), error);
        let staging = folder.join(STAGING);
        fs::create_dir_all(&staging).map_err(|error| could_not(&error))?;
        let lock = File::create(staging.join(LOCK)).map_err(|error| could_not(&error))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::CouldNotFinish(format!(
                    "another run is writing into {}; choose another --out",
                    folder.display()
                )));
            }
            // A file system without locks is no reason not to run.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        let output = OutputFolder { folder: folder.to_owned(), staging, _lock: lock, done: false };
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

    /// Puts all files in place and takes away what an older run wrote and this one did not.
    pub(crate) fn publish(mut self) -> io::Result<()> {
        for name in KNOWN {
            let (fresh, place) = (self.staging.join(name), self.folder.join(name));
            if place.is_dir() {
                fs::remove_dir_all(&place)?;
            }
            if fresh.exists() {
                fs::rename(fresh, place)?;
            } else if place.exists() {
                fs::remove_file(place)?;
            }
        }
        self.done = true;
        fs::remove_dir_all(&self.staging)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        if !self.done {
            // Nothing more can be done about a folder that cannot be removed. An empty output folder goes, too.
            let _ = fs::remove_dir_all(&self.staging);
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// Writes out what is buffered and tells of trouble that only the end brings.
fn close(file: BufWriter<File>) -> io::Result<()> {
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_data()
}

/// Verdicts and conversations on their way into files; `None` where they are not wanted.
#[derive(Debug)]
pub(crate) struct RowFiles {
    verdicts: Option<BufWriter<File>>,
    conversations: Option<BufWriter<File>>,
}

/// Rows of one partition.
#[derive(Debug, Default)]
pub(crate) struct RowBytes {
    verdicts: Vec<u8>,
    conversations: Vec<u8>,
}

impl RowFiles {
    /// Opens the files that are wanted.
    pub(crate) fn open(output: &OutputFolder, verdicts: bool, conversations: bool) -> io::Result<RowFiles> {
        let open = |wanted: bool, name: &str, header: &str| -> io::Result<Option<BufWriter<File>>> {
            if !wanted {
                return Ok(None);
            }
            let mut file = output.open(name)?;
            file.write_all(header.as_bytes())?;
            Ok(Some(file))
        };
        Ok(RowFiles {
            verdicts: open(verdicts, "verdicts.csv", VERDICTS_HEADER)?,
            conversations: open(conversations, "conversations.csv", CONVERSATIONS_HEADER)?,
        })
    }

    /// Ends the files.
    pub(crate) fn close(self) -> io::Result<()> {
        self.verdicts.map_or(Ok(()), close)?;
        self.conversations.map_or(Ok(()), close)
    }
}

impl Recorder for RowFiles {
    type Buffer = RowBytes;

    fn verdict(&self, buffer: &mut RowBytes, row: &VerdictRow<'_>) {
        if self.verdicts.is_some() {
            write_verdict(&mut buffer.verdicts, row);
        }
    }

    fn conversation(&self, buffer: &mut RowBytes, row: &ConversationRow<'_>) {
        if self.conversations.is_some() {
            write_conversation(&mut buffer.conversations, row);
        }
    }

    fn write(&mut self, buffer: RowBytes) -> io::Result<()> {
        if let Some(file) = &mut self.verdicts {
            file.write_all(&buffer.verdicts)?;
        }
        if let Some(file) = &mut self.conversations {
            file.write_all(&buffer.conversations)?;
        }
        Ok(())
    }
}
