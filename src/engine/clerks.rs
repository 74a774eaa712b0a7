//! What each thread keeps for itself while partitions are gone over.

use std::sync::{Mutex, PoisonError};

/// One state a thread of the pool. Results must not depend on which thread goes over which partition.
#[derive(Debug)]
pub(super) struct Clerks<T>(Vec<Mutex<T>>);

impl<T> Clerks<T> {
    /// A state for each thread of the current pool.
    pub(super) fn new(mut state: impl FnMut() -> T) -> Clerks<T> {
        Clerks((0..rayon::current_num_threads()).map(|_| Mutex::new(state())).collect())
    }

    /// Works with the state of this thread.
    pub(super) fn on_this_thread<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let own = rayon::current_thread_index().unwrap_or(0);
        work(&mut self.0[own].lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All states.
    pub(super) fn into_all(self) -> impl Iterator<Item = T> {
        self.0.into_iter().map(|state| state.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}
