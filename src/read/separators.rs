//! Finds what separates fields and rows, 64 bytes at once.

/// Each byte of a word the same.
const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Calls `found` with the place of each `a` or `b`, in order.
///
/// Fields are short: looking for one separator after the other, however fast, takes longer than going through all bytes once. How many
/// there are in a few bytes cannot be foreseen, so they are marked for many bytes before any of them is followed.
#[inline]
pub(super) fn for_each_of(a: u8, b: u8, bytes: &[u8], mut found: impl FnMut(usize)) {
    let (chunks, rest) = bytes.as_chunks::<64>();
    let mut start = 0;
    for chunk in chunks {
        let mut marks = marks(a, b, chunk);
        while marks != 0 {
            found(start + marks.trailing_zeros() as usize);
            marks &= marks - 1;
        }
        start += chunk.len();
    }
    for (place, byte) in (start..).zip(rest) {
        if *byte == a || *byte == b {
            found(place);
        }
    }
}

/// A bit for each `a` or `b`, the first byte's the lowest.
fn marks(a: u8, b: u8, bytes: &[u8; 64]) -> u64 {
    let (all_a, all_b) = (repeated(a), repeated(b));
    let mut marks = 0;
    for (place, word) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        marks |= gathered(zeros(word ^ all_a) | zeros(word ^ all_b)) << (8 * place);
    }
    marks
}

/// The highest bit of each byte as one byte.
const fn gathered(highest: u64) -> u64 {
    // Each bit is moved to its own place in the top byte; what falls elsewhere is shifted out, and no two meet.
    (highest >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
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
