//! Texts of a column that repeat: each stands once in the file, before the rows, and is looked at once, however many rows have it.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, UInt32Array};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use parquet::basic::Encoding;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;

use crate::read::Refused;

use super::texts::Texts;

/// Whether all values of a column stand in a dictionary, as far as the file says. Where only some do, those of all pages would have to be
/// told apart anew.
pub(super) fn has_all(column: &ColumnChunkMetaData) -> bool {
    let encodings = column.page_encoding_stats_mask();
    let only = |encoding| encodings.is_some_and(|encodings| encodings.is_only(encoding));
    column.dictionary_page_offset().is_some() && (only(Encoding::RLE_DICTIONARY) || only(Encoding::PLAIN_DICTIONARY))
}

/// Texts that rows choose from.
struct Dictionary {
    texts: Texts,
    /// Bytes of the longest.
    longest: usize,
}

/// One column of repeated texts, read so many rows at a time.
pub(super) struct DictionaryColumn {
    reader: ParquetRecordBatchReader,
    /// What was read last, as it stands in the file and as texts.
    known: Option<(ArrayRef, Arc<Dictionary>)>,
}

impl DictionaryColumn {
    pub(super) fn new(reader: ParquetRecordBatchReader) -> DictionaryColumn {
        DictionaryColumn { reader, known: None }
    }

    /// The next rows.
    pub(super) fn read(&mut self, name: &'static str) -> Result<Option<Chosen>> {
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let batch = batch?;
        let array = batch.column(0).as_dictionary::<UInt32Type>();
        let dictionary = self.dictionary(name, array.values())?;
        let places = chosen(array.keys(), dictionary.texts.len()).ok_or_else(|| {
            ParquetError::General(format!("column '{name}' holds a value that its dictionary does not have"))
        })?;
        Ok(Some(Chosen { places, dictionary }))
    }

    /// The dictionary that rows refer to, which is the same for all rows of a group.
    fn dictionary(&mut self, name: &'static str, values: &ArrayRef) -> Result<Arc<Dictionary>> {
        if let Some((_, dictionary)) = self.known.as_ref().filter(|(known, _)| Arc::ptr_eq(known, values)) {
            return Ok(dictionary.clone());
        }
        let texts = Texts::side_by_side(name, values.as_binary::<i32>())?;
        let dictionary = Arc::new(Dictionary { longest: texts.longest(), texts });
        self.known = Some((values.clone(), dictionary.clone()));
        Ok(dictionary)
    }
}

/// The place of rows that have no text, behind those of any dictionary.
const NONE: u32 = u32::MAX;

/// The places that rows choose out of so many; `None` if one is beyond them.
fn chosen(keys: &UInt32Array, known: usize) -> Option<UInt32Array> {
    let is_known = |key: u32| (key as usize) < known;
    let Some(nulls) = keys.nulls().filter(|nulls| nulls.null_count() > 0) else {
        return keys.values().iter().all(|key| is_known(*key)).then(|| keys.clone());
    };
    // What stands where there is no text means nothing, whatever it is.
    let place = |(key, there): (&u32, bool)| if there { is_known(*key).then_some(*key) } else { Some(NONE) };
    keys.values().iter().zip(nulls).map(place).collect::<Option<Vec<u32>>>().map(UInt32Array::from)
}

/// The texts of some rows, by their places in a dictionary.
pub(super) struct Chosen {
    places: UInt32Array,
    dictionary: Arc<Dictionary>,
}

impl Chosen {
    pub(super) fn rows(&self) -> usize {
        self.places.len()
    }

    #[inline]
    pub(super) fn get(&self, row: usize) -> &str {
        let (place, texts) = (self.places.value(row) as usize, &self.dictionary.texts);
        if place < texts.len() { texts.get(place) } else { "" }
    }

    /// At most so many bytes would all texts have one behind the other.
    pub(super) fn bytes(&self) -> usize {
        self.places.len() * self.dictionary.longest
    }

    /// Values that cannot be text, by row.
    pub(super) fn faults(&self) -> Vec<(usize, Refused)> {
        let faults = self.dictionary.texts.faults();
        if faults.is_empty() {
            return Vec::new();
        }
        let fault = |place: u32| faults.binary_search_by_key(&(place as usize), |(at, _)| *at).ok();
        let by_row = self.places.values().iter().enumerate();
        by_row.filter_map(|(row, place)| fault(*place).map(|at| (row, faults[at].1.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of no text is no way around the dictionary.
    #[test]
    fn places_beyond_the_dictionary_are_refused() {
        for (keys, expected) in [
            (vec![Some(0), Some(2)], Some(vec![0, 2])),
            (vec![Some(0), Some(3)], None),
            (vec![Some(NONE), Some(0)], None),
            (vec![Some(2), None], Some(vec![2, NONE])),
            (vec![Some(3), None], None),
            (vec![Some(NONE), None], None),
        ] {
            let places = chosen(&UInt32Array::from(keys.clone()), 3).map(|places| places.values().to_vec());
            assert_eq!(places, expected, "{keys:?}");
        }
    }
}
