//! Inputs that are read more than once: what is no plain file is kept in a temporary one.

use std::fs::File;
use std::io::{self, Read, Seek};

use super::ReadError;
use super::inflation::InflationLimit;
use super::source::{Input, Opened, ReadProgress, open, open_bytes};

/// Bytes that are copied between two looks at whether to go on.
const BLOCK: u64 = 1 << 20;

/// An input that can be opened again and again.
#[derive(Debug)]
pub struct Replayable {
    input: Input,
    /// A copy without a name, which goes with the process.
    copy: Option<File>,
}

impl Replayable {
    /// Keeps a copy of an input that passes only once; `go_on` is asked now and then.
    pub fn new(input: Input, mut go_on: impl FnMut() -> Result<(), ReadError>) -> Result<Replayable, ReadError> {
        let stays = match &input {
            Input::Stdin => false,
            // What cannot be looked at is said when it is opened.
            Input::File(path) => path.metadata().map_or(true, |metadata| !passes_once(&metadata)),
            Input::Embedded(..) => true,
        };
        if stays {
            return Ok(Replayable { input, copy: None });
        }
        let io = |source| ReadError::Io { name: input.name(), source };
        let mut raw: Box<dyn Read> = match &input {
            Input::File(path) => Box::new(File::open(path).map_err(io)?),
            _ => Box::new(io::stdin()),
        };
        let mut copy = tempfile::tempfile().map_err(io)?;
        while io::copy(&mut raw.by_ref().take(BLOCK), &mut copy).map_err(io)? > 0 {
            go_on()?;
        }
        Ok(Replayable { input, copy: Some(copy) })
    }

    /// The input's name.
    pub fn name(&self) -> String {
        self.input.name()
    }

    /// Its size on disk, if known.
    pub fn size(&self) -> Option<u64> {
        match &self.copy {
            Some(copy) => copy.metadata().ok().map(|metadata| metadata.len()),
            None => self.input.size(),
        }
    }

    /// Opens it from its start.
    pub fn open<'p>(&self, progress: &'p ReadProgress) -> Result<Opened<'p>, ReadError> {
        let Some(copy) = &self.copy else { return open(&self.input, progress) };
        let again = || {
            let mut file = copy.try_clone()?;
            file.rewind()?;
            // Parquet alone reads the plain file, and only when the other is at its end: the two share their place.
            let plain = copy.try_clone()?;
            open_bytes(file, Some(plain), InflationLimit::default(), progress)
        };
        again().map_err(|source| ReadError::Io { name: self.name(), source })
    }
}

/// A pipe or the like. Folders are refused when they are opened.
fn passes_once(metadata: &std::fs::Metadata) -> bool {
    !metadata.is_file() && !metadata.is_dir()
}
