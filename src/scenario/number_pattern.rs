//! Phone numbers of invented customers.

use serde::Deserialize;

/// A phone number in which every `#` stands for a digit to be filled in, such as `447700900###`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct NumberPattern(String);

impl NumberPattern {
    /// How many numbers the pattern has room for.
    pub(super) fn room(&self) -> u32 {
        self.0.chars().filter(|&mark| mark == '#').fold(1, |room, _| room * 10)
    }

    /// Whether some number fits both patterns.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let marks = self.0.bytes().zip(other.0.bytes());
        let fits = |(one, other): (u8, u8)| one == other || one == b'#' || other == b'#';
        self.0.len() == other.0.len() && marks.into_iter().all(fits)
    }

    /// The pattern as it stands in the file.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The number at `place` (below [`room`](Self::room)). Neighbouring places give numbers that
    /// look unrelated, and no two places give the same.
    pub(super) fn number(&self, place: u32) -> u64 {
        // 7919 is prime and no factor of a power of ten, so this only reorders the places.
        let room = u64::from(self.room());
        let mut rest = (u64::from(place) * 7_919 + 4_271) % room;
        let (mut number, mut unit) = (0, 1);
        for mark in self.0.bytes().rev() {
            let digit = if mark == b'#' { rest % 10 } else { u64::from(mark - b'0') };
            rest /= if mark == b'#' { 10 } else { 1 };
            number += digit * unit;
            unit *= 10;
        }
        number
    }
}

impl NumberPattern {
    /// A pattern that is known to be good.
    pub(super) fn of(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl TryFrom<String> for NumberPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let gaps = text.chars().filter(|&mark| mark == '#').count();
        let marks_fit = text.chars().all(|mark| mark == '#' || mark.is_ascii_digit());
        if marks_fit && (8..=15).contains(&text.len()) && gaps <= 8 && !text.starts_with(['0', '#']) {
            Ok(Self(text))
        } else {
            let expected = "8 to 15 digits from the country code on, at most eight of them as #";
            Err(format!("`{text}` is no number pattern: expected {expected}"))
        }
    }
}
