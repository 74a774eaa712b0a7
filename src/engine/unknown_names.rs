//! Names in a log that nobody knows: they stop nothing, and are counted.

use std::collections::BTreeMap;

use crate::model::Column;
use crate::read::UnknownKind;
use crate::summarise::UnknownCount;

/// Names that are counted one by one; a log of garbage must not fill the memory with them.
const MOST_NAMES: usize = 1000;
const OTHER_NAMES: &str = "(further names)";

/// Names with their number.
#[derive(Debug, Default)]
pub(super) struct UnknownNames(BTreeMap<(UnknownKind, String), u64>);

impl UnknownNames {
    /// Counts a name.
    pub(super) fn add(&mut self, kind: UnknownKind, name: &str) {
        self.count((kind, name.to_owned()), 1);
    }

    /// Counts values that their columns do not have.
    pub(super) fn add_values(&mut self, values: &[(Column, &str)]) {
        for (column, text) in values {
            self.add(UnknownKind::Value, &format!("{}={text}", column.name()));
        }
    }

    /// Takes in the names of another count and leaves it empty.
    pub(super) fn absorb(&mut self, other: &mut UnknownNames) {
        for (key, count) in std::mem::take(&mut other.0) {
            self.count(key, count);
        }
    }

    fn count(&mut self, key: (UnknownKind, String), count: u64) {
        let known = self.0.len() < MOST_NAMES || self.0.contains_key(&key);
        let key = if known { key } else { (UnknownKind::Value, OTHER_NAMES.to_owned()) };
        *self.0.entry(key).or_default() += count;
    }

    /// All of them, by kind and name.
    pub(super) fn counts(&self) -> Vec<UnknownCount> {
        let count = |((kind, name), count): (&(UnknownKind, String), &u64)| UnknownCount {
            kind: kind.name(),
            name: name.clone(),
            count: *count,
        };
        self.0.iter().map(count).collect()
    }
}
