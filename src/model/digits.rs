//! Decimal digits, eight bytes at once.

const HIGHEST_BITS: u64 = u64::from_le_bytes([0x80; 8]);

/// What eight bytes must look like: any digit where the form has a `0`, else the same byte.
#[derive(Clone, Copy, Debug)]
pub struct DigitForm {
    bytes: u64,
    /// What takes the value of a wrong byte, and of no other, to its highest bit.
    limits: u64,
}

impl DigitForm {
    /// The form of a text such as `0000-00-`.
    pub const fn new(form: &[u8; 8]) -> DigitForm {
        let mut limits = [0x7f; 8];
        let mut at = 0;
        while at < form.len() {
            if form[at] == b'0' {
                limits[at] = 0x7f - 9;
            }
            at += 1;
        }
        DigitForm { bytes: u64::from_le_bytes(*form), limits: u64::from_le_bytes(limits) }
    }

    /// The values of the digits, and zeros between them; `None` if the bytes are not of this form.
    pub const fn read(self, bytes: &[u8; 8]) -> Option<Digits> {
        let values = u64::from_le_bytes(*bytes) ^ self.bytes;
        // A carry comes only from a byte that is wrong itself.
        if (values.wrapping_add(self.limits) | values) & HIGHEST_BITS == 0 { Some(Digits(values)) } else { None }
    }
}

/// Eight digits; zeros where there is none.
#[derive(Clone, Copy, Debug)]
pub struct Digits(u64);

impl Digits {
    /// At each place: the number that the digits there and behind it make.
    pub const fn pairs(self) -> [u8; 8] {
        self.twos().to_le_bytes()
    }

    // No byte exceeds 99, so nothing carries; wrapping is said so that it need not be checked.
    const fn twos(self) -> u64 {
        self.0.wrapping_mul(10).wrapping_add(self.0 >> 8)
    }

    /// The number that all of them make.
    pub const fn number(self) -> u64 {
        let twos = self.twos() & 0x00ff_00ff_00ff_00ff;
        let fours = twos.wrapping_mul(100).wrapping_add(twos >> 16) & 0x0000_ffff_0000_ffff;
        (fours & 0xffff) * 10_000 + (fours >> 32)
    }

    /// The last of them, the others taken for zeros.
    #[must_use]
    pub const fn last(self, count: usize) -> Digits {
        Digits(if count == 0 { 0 } else { self.0 & u64::MAX << (64 - 8 * count) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_must_be_as_the_form_says() {
        let form = DigitForm::new(b"0000-00-");
        let read = form.read(b"2026-10-").unwrap();
        assert_eq!((read.pairs()[0], read.pairs()[2], read.pairs()[5]), (20, 26, 10));
        for at in 0..8 {
            for byte in 0..=u8::MAX {
                let mut bytes = *b"2999-99-";
                bytes[at] = byte;
                let right = if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
                assert_eq!(form.read(&bytes).is_some(), right, "{byte:#x} at {at}");
            }
        }
        assert!(form.read(&[0xff; 8]).is_none() && form.read(&[0; 8]).is_none());
    }

    #[test]
    fn numbers_of_eight_digits() {
        let form = DigitForm::new(b"00000000");
        for number in [0, 1, 12_345_678, 99_999_999, 10_000_000, 90_807_060] {
            let text = format!("{number:08}");
            let digits = form.read(text.as_bytes().first_chunk().unwrap()).unwrap();
            assert_eq!(digits.number(), number);
            assert_eq!(digits.last(3).number(), number % 1000);
            assert_eq!((digits.last(0).number(), digits.last(8).number()), (0, number));
        }
    }
}
