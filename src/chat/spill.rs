//! Partitions on disk, for logs that are larger than memory.
//!
//! The file has no name: it is gone with the program, however that ends. Each partition is written in pieces, one whenever memory is
//! full, and read back as a whole: the chats of one partition must fit into memory at once.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::partition::{PARTITIONS, Partition, Size};

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
    /// By partition: its pieces.
    pieces: Vec<Vec<Piece>>,
}

/// Events that were written together.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: u64,
    length: usize,
    size: Size,
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
            let size = partition.store(&mut piece);
            file.write_all(&piece)?;
            pieces.push(Piece { start: self.end, length: piece.len(), size });
            self.end += piece.len() as u64;
        }
        Ok(())
    }

    /// Bytes of all of it.
    pub(super) fn bytes(&self) -> u64 {
        self.end
    }

    /// Number of events of a partition.
    pub(super) fn events(&self, place: usize) -> usize {
        self.pieces[place].iter().map(|piece| piece.size.events).sum()
    }

    /// Reads a partition back, in the order in which it was written.
    pub(super) fn read(&self, place: usize) -> io::Result<Partition> {
        let sizes = self.pieces[place].iter().map(|piece| piece.size);
        let mut partition = Partition::with_room(sizes.fold(Size::default(), Size::plus));
        let mut bytes = Vec::new();
        for Piece { start, length, .. } in &self.pieces[place] {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The disk may fill up between the look at its room and the writing.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_an_error() {
        let file = Mutex::new(File::options().write(true).open("/dev/full").unwrap());
        let mut spill = Spill { file, end: 0, pieces: vec![Vec::new(); PARTITIONS] };
        let mut partitions = vec![Partition::default(); PARTITIONS];
        assert!(spill.write(&mut partitions).is_ok(), "nothing to write");
        partitions[3] = Partition::with_one_event();
        assert_eq!(spill.write(&mut partitions).unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn pieces_come_back_as_one_partition() {
        let folder = std::env::temp_dir();
        let mut spill = Spill::new(&Memory { bytes: 0, temp_dir: folder }).unwrap();
        let mut partitions = vec![Partition::default(); PARTITIONS];
        for _ in 0..3 {
            partitions[3] = Partition::with_one_event();
            spill.write(&mut partitions).unwrap();
            assert!(partitions[3].is_empty());
        }
        assert_eq!((spill.events(3), spill.events(4)), (3, 0));
        assert_eq!(spill.read(3).unwrap().len(), 3);
        assert!(spill.read(4).unwrap().is_empty());
    }
}
