//! Names in a log that nobody knows: they stop nothing, and are counted.

use std::collections::BTreeMap;

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
        let key = (kind, name.to_owned());
        if self.0.len() < MOST_NAMES || self.0.contains_key(&key) {
            *self.0.entry(key).or_default() += 1;
        } else {
            *self.0.entry((UnknownKind::Value, OTHER_NAMES.to_owned())).or_default() += 1;
        }
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
