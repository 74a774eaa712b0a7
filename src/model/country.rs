//! The country a message went to, as far as its market needs it (R5, R6, Q3, Q4).

use std::fmt;

/// An ISO 3166-1 alpha-2 code, or one of two places without a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(u16);

impl Country {
    /// The United States, whose numbers the marketing pause is about (R71).
    pub const US: Country = Country(letters(b'U', b'S'));
    /// Indonesia, whose numbers one provider prices apart (S18).
    pub const ID: Country = Country(letters(b'I', b'D'));
    /// A calling code that no country of the table has: its market is Other (Q4).
    pub const UNLISTED: Country = Country(26 * 26);
    /// A +1 number with an area code that is not in the numbering plan: North America by the prefix alone, but no US number (R6).
    pub const PLUS_ONE: Country = Country(26 * 26 + 1);

    /// Two ASCII letters, any case.
    pub fn parse(text: &str) -> Option<Country> {
        let [first, second]: [u8; 2] = text.as_bytes().try_into().ok()?;
        let (first, second) = (first.to_ascii_uppercase(), second.to_ascii_uppercase());
        (first.is_ascii_uppercase() && second.is_ascii_uppercase()).then(|| Country(letters(first, second)))
    }

    /// The country of [`Country::index`].
    pub fn from_index(index: u16) -> Country {
        Country(index.min(Country::PLUS_ONE.0))
    }

    /// A small number for table look-ups.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

const fn letters(first: u8, second: u8) -> u16 {
    (first - b'A') as u16 * 26 + (second - b'A') as u16
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Country::UNLISTED => f.write_str("unlisted"),
            Country::PLUS_ONE => f.write_str("+1"),
            Country(n) => {
                let letter = |n: u16| char::from(b'A' + u8::try_from(n).unwrap_or(25));
                write!(f, "{}{}", letter(n / 26), letter(n % 26))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_and_nothing_else() {
        assert_eq!(Country::parse("us"), Some(Country::US));
        assert_eq!(Country::parse("BR").unwrap().to_string(), "BR");
        assert_eq!(Country::parse("ZZ").unwrap().index(), 675);
        assert_eq!(Country::parse("B1"), None);
        assert_eq!(Country::parse("BRA"), None);
    }
}
