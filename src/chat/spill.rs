//! Partitions on disk, for logs that are larger than memory.
//!
//! The file has no name: it is gone with the program, however that ends. Each partition is written in pieces, one whenever memory is
//! full, and read back as a whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::partition::{PARTITIONS, Partition};

/// How much of a log is kept in memory, and where the rest goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Bytes that the whole run aims at; lines of the bill and the largest chat come on top where they are many or large.
    pub bytes: u64,
    /// The folder of the file.
    pub temp_dir: PathBuf,
}

impl Memory {
    /// Bytes of events that are held before they are written: the rest is for reading, judging and adding up.
    pub(super) fn held(&self) -> u64 {
        self.bytes / 4
    }
}

/// The pieces of all partitions.
#[derive(Debug)]
pub(super) struct Spill {
    file: Mutex<File>,
    end: u64,
    /// By partition: where its pieces stand, and how long they are.
    pieces: Vec<Vec<(u64, usize)>>,
}

impl Spill {
    /// An empty file.
    pub(super) fn new(memory: &Memory) -> io::Result<Spill> {
        let file = Mutex::new(tempfile::tempfile_in(&memory.temp_dir)?);
        Ok(Spill { file, end: 0, pieces: vec![Vec::new(); PARTITIONS] })
    }

    /// Writes partitions and leaves them empty.
    pub(super) fn write(&mut self, partitions: &mut [Partition]) -> io::Result<()> {
        let mut piece = Vec::new();
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (partition, pieces) in partitions.iter_mut().zip(&mut self.pieces) {
            if partition.is_empty() {
                continue;
            }
            piece.clear();
            partition.store(&mut piece);
            file.write_all(&piece)?;
            pieces.push((self.end, piece.len()));
            self.end += piece.len() as u64;
        }
        Ok(())
    }

    /// Reads a partition back, in the order in which it was written.
    pub(super) fn read(&self, place: usize) -> io::Result<Partition> {
        let mut partition = Partition::default();
        let mut bytes = Vec::new();
        for (start, length) in &self.pieces[place] {
            bytes.resize(*length, 0);
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(*start))?;
            file.read_exact(&mut bytes)?;
            drop(file);
            partition.restore(&bytes).ok_or_else(damaged)?;
        }
        Ok(partition)
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the temporary file does not hold what was written to it")
}
