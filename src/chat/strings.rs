//! A table of the texts that repeat: numbers, accounts, templates, customers without a number.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Each distinct text once, by a small number. Number 0 is the empty text. Numbers follow the order of reading, so results must be
/// ordered by [`Strings::ranks`] instead.
#[derive(Clone, Debug)]
pub struct Strings {
    texts: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: FixedState,
}

impl Default for Strings {
    fn default() -> Strings {
        Strings { texts: String::new(), ends: vec![0], table: HashTable::new(), hasher: FixedState::default() }
    }
}

impl Strings {
    /// The number of a text, new or known.
    ///
    /// # Panics
    /// Beyond 2³² distinct texts, which do not fit in memory.
    pub fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let hash = self.hasher.hash_one(text);
        let Strings { texts, ends, table, hasher } = self;
        if let Some(known) = table.find(hash, |number| part(texts, ends, *number) == text) {
            return *known;
        }
        texts.push_str(text);
        ends.push(texts.len());
        let number = u32::try_from(ends.len() - 1).expect("fewer than 2^32 distinct names fit in memory");
        table.insert_unique(hash, number, |number| hasher.hash_one(part(texts, ends, *number)));
        number
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &str {
        part(&self.texts, &self.ends, number)
    }

    /// Whether a number is that of a text.
    pub(super) fn is(&self, number: u32, text: &str) -> bool {
        if number == 0 { text.is_empty() } else { self.get(number) == text }
    }

    /// All texts, by number; the first is empty.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|number| part(&self.texts, &self.ends, u32::try_from(number).unwrap_or(0)))
    }

    /// Forgets all texts but its memory.
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.ends.truncate(1);
        self.table.clear();
    }

    /// By number: the place of the text among all in bytewise order.
    pub fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by_key(|number| self.get(*number));
        let mut ranks = vec![0; order.len()];
        for (rank, number) in order.iter().enumerate() {
            ranks[*number as usize] = u32::try_from(rank).unwrap_or(u32::MAX);
        }
        ranks
    }
}

fn part<'a>(texts: &'a str, ends: &[usize], number: u32) -> &'a str {
    let at = number as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &texts[start..ends[at]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number_and_ranks_are_bytewise() {
        let mut strings = Strings::default();
        let numbers: Vec<_> = ["b", "a", "b", "", "ä", "ab"].iter().map(|text| strings.intern(text)).collect();
        assert_eq!(numbers, [1, 2, 1, 0, 3, 4]);
        assert_eq!(strings.get(3), "ä");
        assert_eq!(strings.ranks(), [0, 3, 1, 4, 2]);
    }
}
