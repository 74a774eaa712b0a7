//! A scenario's traffic as the rows of a log, customer by customer, in parallel and always in the same order.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::scenario::{Entry, EntryTexts, Population, entries};

use super::replay::RunError;

/// Customers whose rows are made by one worker before anything is written.
const BLOCK: u64 = 64;
/// Blocks that are made before they are written: with these rows in memory, and no more.
const BLOCKS_AT_ONCE: u64 = 64;

/// Gives the rows of all customers in their order, whatever the number of threads. `done` is told how many customers and rows are
/// written.
pub fn for_each_row(
    population: &Population<'_>,
    interrupted: &AtomicBool,
    row: &mut dyn FnMut(Produced) -> io::Result<()>,
    done: &mut dyn FnMut(u64, u64),
) -> Result<(), RunError> {
    let (mut start, mut rows) = (0, 0);
    while start < population.size() {
        if interrupted.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        let blocks: Vec<Vec<Produced>> = (0..BLOCKS_AT_ONCE)
            .into_par_iter()
            .map(|block| {
                let from = start + block * BLOCK;
                let to = (from + BLOCK).min(population.size());
                (from..to)
                    .flat_map(|customer| entries(population, customer))
                    .map(|entry| Produced::of(&entry))
                    .collect()
            })
            .collect();
        rows += blocks.iter().map(|block| block.len() as u64).sum::<u64>();
        blocks.into_iter().flatten().try_for_each(&mut *row)?;
        start = (start + BLOCKS_AT_ONCE * BLOCK).min(population.size());
        done(start, rows);
    }
    Ok(())
}

/// A row, with its place in a log in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Produced {
    /// Seconds since 1970 at which it came into the log.
    pub logged: i64,
    /// Its texts.
    pub texts: EntryTexts,
}

impl Produced {
    fn of(entry: &Entry<'_>) -> Produced {
        Produced { logged: entry.order().0, texts: entry.texts() }
    }

    /// What puts rows in the order of time: the moment, then the message id.
    pub fn order(&self) -> (i64, &str) {
        (self.logged, &self.texts.0[0])
    }
}
