//! Numbers in words a reader expects, and their lengths in pixels.

use crate::model::group_thousands;

/// A number with thousands separators: `12,345`.
pub(super) fn grouped(value: impl Into<u128>) -> String {
    group_thousands(&value.into().to_string())
}

/// `1 message`, `2,000 messages`: a grouped number and its noun.
pub(super) fn counted(value: u64, noun: &str) -> String {
    let plural = if value == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(value))
}

/// How long a bar for `value` is where a bar for `most` has `length` pixels.
///
/// Whole numbers, so that every machine draws the same picture.
pub(super) fn pixels(value: i128, most: i128, length: i32) -> i32 {
    // A million steps are finer than any screen, and the product stays small.
    let unit = (most / 1_000_000).max(1);
    let most = (most / unit).max(1);
    let value = (value / unit).clamp(0, most);
    let length = i128::from(length.max(0));
    i32::try_from((value * length + most / 2) / most).unwrap_or(0)
}

/// A part of a whole in per cent; small parts keep one decimal place.
pub(super) fn share(part: i128, whole: i128) -> Option<String> {
    let unit = (whole / 1_000_000).max(1);
    if part <= 0 || whole <= 0 {
        return None;
    }
    let (part, whole) = (part / unit, whole / unit);
    let tenths = (part * 1000 + whole / 2) / whole;
    Some(match tenths {
        0 => "<0.1%".to_owned(),
        1..100 => format!("{}.{}%", tenths / 10, tenths % 10),
        _ => format!("{}%", (tenths + 5) / 10),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0_u64), "0");
        assert_eq!(grouped(999_u64), "999");
        assert_eq!(grouped(1_000_u64), "1,000");
        assert_eq!(grouped(1_234_567_u64), "1,234,567");
        assert_eq!(counted(1, "message"), "1 message");
        assert_eq!(counted(1000, "message"), "1,000 messages");
    }

    #[test]
    fn lengths_are_proportional_and_never_overflow() {
        assert_eq!(pixels(5, 10, 100), 50);
        assert_eq!(pixels(0, 0, 100), 0);
        assert_eq!(pixels(-5, 10, 100), 0);
        assert_eq!(pixels(i128::MAX, i128::MAX, 1600), 1600);
        assert_eq!(pixels(i128::MAX / 2, i128::MAX, 1000), 500);
    }

    #[test]
    fn shares_keep_small_parts_visible() {
        assert_eq!(share(1, 3).as_deref(), Some("33%"));
        assert_eq!(share(1, 40).as_deref(), Some("2.5%"));
        assert_eq!(share(1, 100_000).as_deref(), Some("<0.1%"));
        assert_eq!(share(1, i128::MAX).as_deref(), Some("<0.1%"));
        assert_eq!(share(999, 1000).as_deref(), Some("100%"));
        assert_eq!(share(0, 3), None);
        assert_eq!(share(1, 0), None);
    }
}
