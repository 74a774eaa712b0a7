//! Rows in the order of time, however many there are: sorted parts are spilled to a folder and merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Seek};
use std::path::PathBuf;

use wabill::engine::Produced;
use wabill::scenario::{EntryTexts, LOG_COLUMNS};

/// Rows of a part, some 200 MB: fifty million rows make 200 parts, which a system lets a program open.
const PART_ROWS: usize = 250_000;

/// Takes rows in any order.
pub(crate) struct TimeSort {
    part_rows: usize,
    folder: Option<PathBuf>,
    part: Vec<Produced>,
    /// Parts on disk, in files without a name: they are gone with the program, however it ends.
    spilled: Vec<File>,
}

impl TimeSort {
    /// Spills into a folder, or into the system's for temporary files.
    pub(crate) fn new(folder: Option<PathBuf>) -> TimeSort {
        TimeSort { part_rows: PART_ROWS, folder, part: Vec::new(), spilled: Vec::new() }
    }

    /// Takes a row.
    pub(crate) fn add(&mut self, row: Produced) -> io::Result<()> {
        self.part.push(row);
        if self.part.len() < self.part_rows { Ok(()) } else { self.spill() }
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = self.folder.as_ref().map_or_else(tempfile::tempfile, tempfile::tempfile_in)?;
        sort(&mut self.part);
        let mut rows = csv::WriterBuilder::new().has_headers(false).from_writer(BufWriter::new(file));
        for row in self.part.drain(..) {
            rows.write_record(std::iter::once(row.logged.to_string()).chain(row.texts.0))?;
        }
        let written = rows.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        let mut file = written.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.spilled.push(file);
        Ok(())
    }

    /// All rows, from now on in order.
    pub(crate) fn finish(mut self) -> io::Result<Sorted> {
        sort(&mut self.part);
        let mut sources = vec![Source::Memory(self.part.into_iter())];
        for part in self.spilled {
            let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(part);
            sources.push(Source::Part(Box::new(reader.into_records())));
        }
        let mut sorted = Sorted { sources, heap: BinaryHeap::new() };
        for source in 0..sorted.sources.len() {
            sorted.refill(source)?;
        }
        Ok(sorted)
    }
}

fn sort(rows: &mut [Produced]) {
    rows.sort_by(|one, other| one.order().cmp(&other.order()));
}

enum Source {
    Memory(std::vec::IntoIter<Produced>),
    Part(Box<csv::StringRecordsIntoIter<File>>),
}

impl Source {
    fn next(&mut self) -> io::Result<Option<Produced>> {
        match self {
            Source::Memory(rows) => Ok(rows.next()),
            Source::Part(records) => records.next().map(|record| row(&record?)).transpose(),
        }
    }
}

fn row(record: &csv::StringRecord) -> io::Result<Produced> {
    let damaged = || io::Error::other("a spilled row is damaged");
    let logged = record.get(0).and_then(|text| text.parse().ok()).ok_or_else(damaged)?;
    let texts: Vec<String> = record.iter().skip(1).map(str::to_owned).collect();
    let texts: [String; LOG_COLUMNS.len()] = texts.try_into().map_err(|_| damaged())?;
    Ok(Produced { logged, texts: EntryTexts(texts) })
}

/// Rows in the order of time.
pub(crate) struct Sorted {
    sources: Vec<Source>,
    /// The next row of each source, the earliest on top.
    heap: BinaryHeap<Reverse<Next>>,
}

struct Next {
    row: Produced,
    source: usize,
}

impl Next {
    fn key(&self) -> (i64, &str, usize) {
        let (logged, id) = self.row.order();
        (logged, id, self.source)
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Next) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Next {}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Next) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Next {
    fn cmp(&self, other: &Next) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl Sorted {
    fn refill(&mut self, source: usize) -> io::Result<()> {
        if let Some(row) = self.sources[source].next()? {
            self.heap.push(Reverse(Next { row, source }));
        }
        Ok(())
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> io::Result<Option<Produced>> {
        let Some(Reverse(Next { row, source })) = self.heap.pop() else { return Ok(None) };
        self.refill(source)?;
        Ok(Some(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(logged: i64, id: &str) -> Produced {
        let mut texts: [String; LOG_COLUMNS.len()] = Default::default();
        id.clone_into(&mut texts[0]);
        Produced { logged, texts: EntryTexts(texts) }
    }

    #[test]
    fn spilled_parts_come_back_in_order() {
        let mut sort = TimeSort { part_rows: 4, ..TimeSort::new(None) };
        let mut expected = Vec::new();
        for number in 0..23_i64 {
            let row = row(number * 7 % 5, &format!("{:02}", number * 11 % 23));
            expected.push(row.clone());
            sort.add(row).unwrap();
        }
        assert_eq!(sort.spilled.len(), 5);
        super::sort(&mut expected);
        let mut sorted = sort.finish().unwrap();
        let found: Vec<Produced> = std::iter::from_fn(|| sorted.next().unwrap()).collect();
        assert_eq!(found, expected);
    }
}
