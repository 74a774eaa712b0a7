//! Who sends, and with which templates: combinations that repeat from row to row, each once.

use hashbrown::HashMap;

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
    places: HashMap<[u32; N], u32, foldhash::fast::FixedState>,
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

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.places.clear();
    }
}
