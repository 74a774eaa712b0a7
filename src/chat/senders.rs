//! Who sends, and with which templates: combinations that repeat from row to row, each once.

use std::hash::{BuildHasher, Hasher as _};

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};

use super::strings::Strings;

/// Place of a number and account among those of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SenderPlace(pub(super) u32);

/// Place of a template among those of a log; the first is that of no template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TemplatePlace(pub(super) u32);

/// Combinations of names, each with its place in the order of reading.
#[derive(Clone, Debug)]
pub(super) struct Combinations<const N: usize> {
    all: Vec<[u32; N]>,
    places: HashMap<[u32; N], u32, FixedState>,
}

/// Numbers and accounts.
pub(super) type Senders = Combinations<2>;
/// Id, name and language of templates.
pub(super) type Templates = Combinations<3>;

impl<const N: usize> Default for Combinations<N> {
    fn default() -> Combinations<N> {
        Combinations { all: Vec::new(), places: HashMap::default() }
    }
}

impl<const N: usize> Combinations<N> {
    /// The place of a combination, new or known.
    ///
    /// # Panics
    /// Beyond 2³² combinations, which do not fit in memory.
    pub(super) fn place(&mut self, names: [u32; N]) -> u32 {
        *self.places.entry(names).or_insert_with(|| {
            self.all.push(names);
            u32::try_from(self.all.len() - 1).expect("fewer than 2^32 combinations fit in memory")
        })
    }

    /// The names at a place.
    pub(super) fn get(&self, place: u32) -> [u32; N] {
        self.all[place as usize]
    }

    /// All combinations by place.
    pub(super) fn all(&self) -> &[[u32; N]] {
        &self.all
    }
}

/// Combinations as rows spell them: a known one takes a single look for all its texts.
#[derive(Debug)]
pub(super) struct Spelled<const N: usize> {
    all: Vec<[u32; N]>,
    places: HashTable<u32>,
    hasher: FixedState,
}

impl<const N: usize> Default for Spelled<N> {
    fn default() -> Spelled<N> {
        Spelled { all: Vec::new(), places: HashTable::new(), hasher: FixedState::default() }
    }
}

impl<const N: usize> Spelled<N> {
    /// The place of a combination, new or known, whose names stand in `names`.
    pub(super) fn place(&mut self, texts: [&str; N], names: &mut Strings) -> u32 {
        let hash = hash(&self.hasher, texts);
        let spells =
            |place: &u32| self.all[*place as usize].iter().zip(texts).all(|(name, text)| names.is(*name, text));
        match self.places.find(hash, spells) {
            Some(known) => *known,
            None => self.add(hash, texts.map(|text| names.intern(text)), names),
        }
    }

    fn add(&mut self, hash_of_texts: u64, own: [u32; N], names: &Strings) -> u32 {
        let place = u32::try_from(self.all.len()).expect("fewer than 2^32 combinations fit in memory");
        self.all.push(own);
        let Spelled { all, places, hasher } = self;
        let rehash = |place: &u32| hash(hasher, all[*place as usize].map(|name| names.get(name)));
        places.insert_unique(hash_of_texts, place, rehash);
        place
    }

    /// The names at a place.
    pub(super) fn get(&self, place: u32) -> [u32; N] {
        self.all[place as usize]
    }

    /// All combinations by place.
    pub(super) fn all(&self) -> &[[u32; N]] {
        &self.all
    }

    /// Forgets all of them but their memory.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.places.clear();
    }
}

/// One hash of several texts, whatever divides them: those that are alike together are told apart when they are compared.
fn hash<const N: usize>(hasher: &FixedState, texts: [&str; N]) -> u64 {
    let mut state = hasher.build_hasher();
    for text in texts {
        state.write(text.as_bytes());
    }
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_alike_together_are_told_apart() {
        let (mut names, mut spelled) = (Strings::default(), Spelled::default());
        let given = [["ab", "c"], ["a", "bc"], ["", "abc"], ["abc", ""], ["c", "ab"]];
        for round in 0..2 {
            for (texts, expected) in given.iter().zip(0..) {
                assert_eq!(spelled.place(*texts, &mut names), expected, "{texts:?} in round {round}");
            }
        }
        for number in 0..1000 {
            let text = number.to_string();
            let place = spelled.place([&text, "x"], &mut names);
            assert_eq!(spelled.get(place).map(|name| names.get(name).to_owned()), [text, "x".to_owned()]);
        }
        assert_eq!(spelled.place(given[4], &mut names), 4);
        assert_eq!(spelled.all().len(), 1005);
    }
}
