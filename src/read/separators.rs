//! Finds what separates fields and rows, eight bytes at once.

/// Each byte of a word the same.
const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Calls `found` with the place of each `a` or `b`, in order.
///
/// Fields are short: looking for one separator after the other, however fast, takes longer than going through all bytes once.
#[inline]
pub(super) fn for_each_of(a: u8, b: u8, bytes: &[u8], mut found: impl FnMut(usize)) {
    let (words, rest) = bytes.as_chunks::<8>();
    let (all_a, all_b) = (repeated(a), repeated(b));
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let mut marks = zeros(word ^ all_a) | zeros(word ^ all_b);
        while marks != 0 {
            found(place * 8 + marks.trailing_zeros() as usize / 8);
            marks &= marks - 1;
        }
    }
    let start = bytes.len() - rest.len();
    for (place, byte) in (start..).zip(rest) {
        if *byte == a || *byte == b {
            found(place);
        }
    }
}

/// The highest bit of each byte that is zero.
const fn zeros(word: u64) -> u64 {
    const LOW: u64 = repeated(0x7f);
    !(((word & LOW) + LOW) | word | LOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_place_whatever_stands_around_it() {
        let mut bytes: Vec<u8> = (0..=255).cycle().take(1031).collect();
        for (place, byte) in [(0, b','), (7, b','), (8, b'\n'), (9, b','), (10, b','), (1030, b','), (1029, b'\n')] {
            bytes[place] = byte;
        }
        for start in 0..20 {
            let bytes = &bytes[start..];
            let mut found = Vec::new();
            for_each_of(b',', b'\n', bytes, |place| found.push(place));
            let expected: Vec<usize> = (0..bytes.len()).filter(|place| matches!(bytes[*place], b',' | b'\n')).collect();
            assert_eq!(found, expected);
        }
    }
}
