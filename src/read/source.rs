//! Inputs by name: files, globs, stdin; `.gz` and `.zst` are recognised by their content and read as they are.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use super::ReadError;
use super::inflation::{Digest, Inflated, InflationLimit};

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, `-`.
    Stdin,
    /// A file.
    File(PathBuf),
    /// Bytes that are part of the program, with their name.
    Embedded(&'static str, &'static [u8]),
}

impl Input {
    /// Its name in messages and reports.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin => "-".to_owned(),
            Input::File(path) => path.display().to_string(),
            Input::Embedded(name, _) => (*name).to_owned(),
        }
    }

    /// Its size in bytes on disk, if known.
    pub fn size(&self) -> Option<u64> {
        match self {
            Input::Stdin => None,
            Input::File(path) => path.metadata().ok().map(|metadata| metadata.len()),
            Input::Embedded(_, bytes) => Some(bytes.len() as u64),
        }
    }
}

/// Bytes read so far, for a progress display.
#[derive(Debug, Default)]
pub struct ReadProgress(AtomicU64);

impl ReadProgress {
    /// Bytes read so far, as they are on disk.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Files that a name stands for: itself, or what a glob matches, sorted.
pub fn expand(name: &str) -> Result<Vec<Input>, ReadError> {
    if name == "-" {
        return Ok(vec![Input::Stdin]);
    }
    let is_glob = name.contains(['*', '?', '[']) && !Path::new(name).exists();
    if !is_glob {
        return Ok(vec![Input::File(PathBuf::from(name))]);
    }
    let not_a_log = |message: String| ReadError::NotALog { name: name.to_owned(), message };
    let paths = glob::glob(name).map_err(|error| not_a_log(format!("is no pattern: {error}")))?;
    let mut inputs = Vec::new();
    for path in paths {
        let path = path.map_err(|error| ReadError::Io { name: name.to_owned(), source: error.into() })?;
        inputs.push(Input::File(path));
    }
    if inputs.is_empty() { Err(not_a_log("matches no file".to_owned())) } else { Ok(inputs) }
}

/// An input being read: decompressed, its bytes on disk counted and hashed.
pub struct Opened<'p> {
    reader: Box<dyn Read + Send + 'p>,
    digest: Digest,
}

impl std::fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}

impl Read for Opened<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Opened<'_> {
    /// Size on disk and SHA-256 of what was read, in hexadecimal. Complete once the reader is at its end.
    pub fn fingerprint(&self) -> (u64, String) {
        let state = self.digest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let hash = state.0.clone().finalize();
        (state.1, hexadecimal(&hash))
    }
}

/// SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Counts and hashes what passes.
struct Tap<'p, R> {
    reader: R,
    digest: Digest,
    progress: &'p ReadProgress,
}

impl<R: Read> Read for Tap<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let mut state = self.digest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.0.update(&buffer[..read]);
        state.1 += read as u64;
        self.progress.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

const GZIP: &[u8] = &[0x1f, 0x8b];
/// The start of a frame, and of one to be skipped, whose first byte has sixteen forms (RFC 8878).
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_SKIPPABLE: &[u8] = &[0x2a, 0x4d, 0x18];

/// Opens an input.
pub fn open<'p>(input: &Input, progress: &'p ReadProgress) -> Result<Opened<'p>, ReadError> {
    let io = |source| ReadError::Io { name: input.name(), source };
    let raw: Box<dyn Read + Send> = match input {
        Input::Stdin => Box::new(io::stdin()),
        Input::File(path) => Box::new(open_file(path).map_err(io)?),
        Input::Embedded(_, bytes) => Box::new(*bytes),
    };
    open_stream(raw, InflationLimit::default(), progress).map_err(io)
}

/// Opens bytes from anywhere as an input.
pub fn open_stream<'p>(
    raw: impl Read + Send + 'p,
    limit: InflationLimit,
    progress: &'p ReadProgress,
) -> io::Result<Opened<'p>> {
    let digest = Digest::default();
    let mut tap = Tap { reader: raw, digest: Digest::clone(&digest), progress };
    let mut start = Vec::new();
    tap.by_ref().take(4).read_to_end(&mut start)?;
    let is_gzip = start.starts_with(GZIP);
    let is_zstd = start.starts_with(ZSTD) || start.get(1..).is_some_and(|rest| rest == ZSTD_SKIPPABLE);
    let whole = io::Cursor::new(start).chain(tap);
    let taken = Digest::clone(&digest);
    let reader: Box<dyn Read + Send + 'p> = if is_gzip {
        let decoder = flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole));
        Box::new(Inflated { decoder, limit, taken, given: 0 })
    } else if is_zstd {
        Box::new(Inflated { decoder: zstd::stream::read::Decoder::new(whole)?, limit, taken, given: 0 })
    } else {
        Box::new(whole)
    };
    Ok(Opened { reader, digest })
}

/// Opening a directory succeeds on some systems and fails at the first read; it is said at once.
fn open_file(path: &Path) -> io::Result<File> {
    if path.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "is a directory; name the files in it, e.g. with a pattern 'dir/*.csv'",
        ));
    }
    File::open(path)
}
