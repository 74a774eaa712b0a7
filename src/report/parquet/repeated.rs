//! Texts of one column that often repeat, while they are gathered.

use std::borrow::Cow;
use std::fmt::Display;
use std::ptr;
use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{DictionaryArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};

use super::texts::Texts;

/// Slots for our own names, by where they stand in memory: those of one column stand side by side.
const NAMES: usize = 256;

/// Texts of which each is held once while it repeats; an empty one is an empty cell. What is held twice nevertheless is put together by
/// the library.
#[derive(Debug)]
pub(super) struct Repeated {
    /// Which of the held texts each cell is.
    places: Vec<u32>,
    held: Held,
}

/// The texts that cells are places of.
#[derive(Debug)]
struct Held {
    /// The first one is empty.
    texts: Texts,
    /// The last one from outside, and how long all those are.
    last: u32,
    bytes: usize,
    names: Vec<(&'static str, u32)>,
}

impl Repeated {
    pub(super) fn new() -> Repeated {
        let mut texts = Texts::default();
        texts.add("");
        Repeated { places: Vec::new(), held: Held { texts, last: 0, bytes: 0, names: Vec::new() } }
    }

    /// Adds texts.
    pub(super) fn extend<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        let (mut last, mut place) = ("", 0);
        self.places.extend(texts.map(|text| {
            // The rows of a chat mostly show the same text, not only an equal one.
            if !ptr::eq(text, last) {
                (last, place) = (text, self.held.text(text));
            }
            place
        }));
    }

    /// Adds some of our own names each.
    pub(super) fn extend_names(&mut self, names: impl Iterator<Item = Cow<'static, str>>) {
        self.places.extend(names.map(|names| match names {
            Cow::Borrowed(name) => self.held.name(name),
            Cow::Owned(names) => self.held.text(&names),
        }));
    }

    /// Adds what is written as text, where there is something.
    pub(super) fn extend_shown<T: Display>(&mut self, values: impl Iterator<Item = Option<T>>) {
        self.places.extend(values.map(|value| value.map_or(0, |value| self.held.text(&value.to_string()))));
    }

    /// Bytes of the texts that are held. Our own names do not count, as how often one is held depends on where they stand.
    pub(super) fn bytes(&self) -> usize {
        self.held.bytes
    }

    /// The cells, as the library takes them.
    pub(super) fn cells(self) -> DictionaryArray<UInt32Type> {
        let filled = NullBuffer::new(BooleanBuffer::collect_bool(self.places.len(), |row| self.places[row] != 0));
        let filled = (filled.null_count() > 0).then_some(filled);
        DictionaryArray::new(UInt32Array::new(self.places.into(), filled), Arc::new(self.held.texts.values()))
    }
}

impl Held {
    /// The place of a text, which is often the last one.
    fn text(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if self.texts.get(self.last) != text.as_bytes() {
            self.last = self.texts.add(text);
            self.bytes += text.len();
        }
        self.last
    }

    /// The place of one of our own names, which is known again without looking at it.
    fn name(&mut self, name: &'static str) -> u32 {
        let slot = name.as_ptr().addr() % NAMES;
        match self.names.get(slot) {
            Some((known, place)) if ptr::eq(*known, name) => *place,
            _ => self.learn(slot, name),
        }
    }

    #[cold]
    fn learn(&mut self, slot: usize, name: &'static str) -> u32 {
        self.names.resize(NAMES, ("", 0));
        let place = if name.is_empty() { 0 } else { self.texts.add(name) };
        self.names[slot] = (name, place);
        place
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{Array, ArrayAccessor, BinaryArray};

    use super::*;

    fn shown(repeated: Repeated) -> Vec<Option<String>> {
        let cells = repeated.cells();
        let cells = cells.downcast_dict::<BinaryArray>().unwrap();
        let cell = |row| cells.is_valid(row).then(|| String::from_utf8_lossy(cells.value(row)).into());
        (0..cells.len()).map(cell).collect()
    }

    #[test]
    fn a_text_is_held_once_while_it_repeats() {
        let mut repeated = Repeated::new();
        repeated.extend(["ab", "", "ab", "c", "c"].into_iter());
        repeated.extend([String::from("c").as_str(), "ab"].into_iter());
        assert_eq!(repeated.bytes(), "abcab".len());
        let expected = [Some("ab"), None, Some("ab"), Some("c"), Some("c"), Some("c"), Some("ab")];
        assert_eq!(shown(repeated), expected.map(|text| text.map(str::to_owned)));
    }

    #[test]
    fn names_and_texts_stand_side_by_side() {
        let mut repeated = Repeated::new();
        let names = ["x", "", "yz"].into_iter().map(Cow::Borrowed).chain([Cow::Owned("x;yz".to_owned())]);
        repeated.extend_names(names.clone().chain(names));
        repeated.extend_shown([None, Some(7)].into_iter());
        let row = [Some("x"), None, Some("yz"), Some("x;yz")];
        let expected = row.into_iter().chain(row).chain([None, Some("7")]);
        assert_eq!(shown(repeated), expected.map(|text| text.map(str::to_owned)).collect::<Vec<_>>());
    }
}
