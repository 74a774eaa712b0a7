//! Inputs: files, stdin; `.gz` and `.zst` are recognised by their content and read as they are.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
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

/// How much is read so far, for a progress display.
#[derive(Debug, Default)]
pub struct ReadProgress {
    bytes: AtomicU64,
    rows: AtomicU64,
}

impl ReadProgress {
    /// Bytes read so far, as they are on disk.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Rows taken in so far, as whoever takes them counts them now and then.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Notes how many rows were taken in so far.
    pub fn set_rows(&self, rows: u64) {
        self.rows.store(rows, Ordering::Relaxed);
    }
}

/// An input being read: decompressed, its bytes on disk counted and hashed.
pub struct Opened<'p> {
    reader: Box<dyn Read + Send + 'p>,
    /// The same bytes as a file of its own place, if they are a plain file: for formats that do not read from start to end.
    plain: Option<File>,
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
    /// The input as a file that can be read anywhere, if it is one and not compressed.
    pub(super) fn take_plain(&mut self) -> Option<File> {
        self.plain.take()
    }

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
        self.progress.bytes.fetch_add(read as u64, Ordering::Relaxed);
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
    let limit = InflationLimit::default();
    match input {
        Input::Stdin => open_bytes(io::stdin(), None, limit, progress),
        Input::File(path) => File::open(path).and_then(|file| {
            let plain = if file.metadata()?.is_file() { Some(File::open(path)?) } else { None };
            open_bytes(file, plain, limit, progress)
        }),
        Input::Embedded(_, bytes) => open_bytes(*bytes, None, limit, progress),
    }
    .map_err(io)
}

/// Opens bytes from anywhere as an input.
pub fn open_stream<'p>(
    raw: impl Read + Send + 'p,
    limit: InflationLimit,
    progress: &'p ReadProgress,
) -> io::Result<Opened<'p>> {
    open_bytes(raw, None, limit, progress)
}

/// The same; `plain` is a file that holds the bytes, too.
pub(super) fn open_bytes<'p>(
    raw: impl Read + Send + 'p,
    plain: Option<File>,
    limit: InflationLimit,
    progress: &'p ReadProgress,
) -> io::Result<Opened<'p>> {
    let digest = Digest::default();
    let mut tap = Tap { reader: raw, digest: Digest::clone(&digest), progress };
    let mut start = Vec::new();
    tap.by_ref().take(4).read_to_end(&mut start)?;
    let is_gzip = start.starts_with(GZIP);
    let is_zstd = start.starts_with(ZSTD) || start.get(1..).is_some_and(|rest| rest == ZSTD_SKIPPABLE);
    let plain = plain.filter(|_| !is_gzip && !is_zstd);
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
    Ok(Opened { reader, plain, digest })
}
