//! Who the business talked to.

use super::DigitForm;

/// Longest number of E.164.
pub const E164_MAX_DIGITS: usize = 15;
const E164_MIN_DIGITS: usize = 7;
const NAMED: u64 = 1 << 63;

/// A customer in eight bytes: an E.164 number as it is, anything else (business-scoped id, provider's name) as an index of a string table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomerKey(u64);

impl CustomerKey {
    /// A customer known by number.
    pub const fn from_e164(number: u64) -> CustomerKey {
        CustomerKey(number)
    }

    /// A customer known by a name that stands at `index` of a string table.
    pub fn from_name(index: u32) -> CustomerKey {
        CustomerKey(NAMED | u64::from(index))
    }

    /// As eight bytes.
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// From [`CustomerKey::to_bits`].
    pub const fn from_bits(bits: u64) -> CustomerKey {
        CustomerKey(bits)
    }

    /// The number, if it is one.
    pub const fn e164(self) -> Option<u64> {
        if self.0 & NAMED == 0 { Some(self.0) } else { None }
    }

    /// The index of the name, if it is no number.
    pub fn name(self) -> Option<u32> {
        if self.0 & NAMED == 0 { None } else { u32::try_from(self.0 & !NAMED).ok() }
    }
}

/// A customer as outputs show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomerText<'a> {
    /// Digits without `+`.
    Number(u64),
    /// Any other id.
    Name(&'a str),
}

impl std::fmt::Display for CustomerText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CustomerText::Number(number) => write!(f, "{number}"),
            CustomerText::Name(name) => f.write_str(name),
        }
    }
}

/// Digits of a phone number in international form, as a number. Accepts a leading `+`, behind it spaces, dashes and parentheses,
/// `whatsapp:` and an `@…` suffix of chat ids; `None` for anything that is not 7 to 15 digits without a leading zero.
pub fn parse_e164(text: &str) -> Option<u64> {
    if let Some(number) = bare_number(text.as_bytes()) {
        return Some(number);
    }
    let text = text.strip_prefix("whatsapp:").unwrap_or(text);
    let text = text.strip_suffix("@s.whatsapp.net").or_else(|| text.strip_suffix("@c.us")).unwrap_or(text);
    // Only a `+` says that the number is whole, so only behind it may it be written in groups.
    match text.strip_prefix('+') {
        Some(grouped) => digits_value(grouped.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'(' | b')'))),
        None => digits_value(text.bytes()),
    }
}

/// The number where there is nothing but digits, eight to fifteen of them, as most logs write it: the first eight and those behind them.
fn bare_number(text: &[u8]) -> Option<u64> {
    const EIGHT: DigitForm = DigitForm::new(b"00000000");
    let behind = text.len().checked_sub(8)?;
    let shift = *[1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000].get(behind)?;
    let first = EIGHT.read(text.first_chunk()?)?.number();
    let rest = EIGHT.read(text.last_chunk()?)?.last(behind).number();
    (first >= 10_000_000).then_some(first * shift + rest)
}

fn digits_value(digits: impl Iterator<Item = u8>) -> Option<u64> {
    let (mut number, mut count) = (0_u64, 0);
    for digit in digits {
        let leading_zero = count == 0 && digit == b'0';
        count += 1;
        if !digit.is_ascii_digit() || leading_zero || count > E164_MAX_DIGITS {
            return None;
        }
        number = number * 10 + u64::from(digit - b'0');
    }
    (count >= E164_MIN_DIGITS).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_the_forms_people_have() {
        for text in [
            "5511999990001",
            "+5511999990001",
            "whatsapp:+5511999990001",
            "5511999990001@s.whatsapp.net",
            "+55 (11) 99999-0001",
        ] {
            assert_eq!(parse_e164(text), Some(5_511_999_990_001), "{text}");
        }
        for text in [
            "",
            "123456",
            "0551199999",
            "5511x99990001",
            "5.51E+12",
            "1234567890123456",
            "BR.123",
            "+",
            "55 11 99999 0001",
        ] {
            assert_eq!(parse_e164(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_of_any_length() {
        for length in 1..=17 {
            let text = &"12345678987654321"[..length];
            let number = (7..=15).contains(&length).then(|| text.parse().unwrap());
            assert_eq!(parse_e164(text), number, "{text}");
            assert_eq!(parse_e164(&format!("0{}", &text[1..])), None, "a leading zero in {length} digits");
            for at in 0..length {
                let mut other = text.to_owned();
                other.replace_range(at..=at, ":");
                assert_eq!(parse_e164(&other), None, "{other}");
            }
        }
    }

    #[test]
    fn names_and_numbers_never_meet() {
        assert_eq!(CustomerKey::from_name(7).e164(), None);
        assert_eq!(CustomerKey::from_name(7).name(), Some(7));
        assert_eq!(CustomerKey::from_e164(7).name(), None);
        assert!(CustomerKey::from_e164(999_999_999_999_999) < CustomerKey::from_name(0));
    }
}
