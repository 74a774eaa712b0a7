//! Pieces of TOML.

use std::fmt::Write;

use super::draft::share;
use super::lapses::as_number;
use super::mixture::Wait;

/// Digits that count in what is written.
const DIGITS: i32 = 5;

/// A number with a point.
pub(super) fn real(value: f64) -> String {
    let size = if value.abs() < 1e-9 { 0 } else { whole(value.abs().log10().floor()) };
    let decimals = usize::try_from((DIGITS - 1 - size).clamp(1, 9)).unwrap_or(1);
    let text = format!("{value:.decimals$}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

/// A share: 0 to 1.
pub(super) fn chance(value: f64) -> String {
    real(value.clamp(0.0, 1.0))
}

#[expect(clippy::cast_possible_truncation, reason = "a logarithm of a number")]
fn whole(value: f64) -> i32 {
    value as i32
}

/// A count, rounded.
pub(super) fn count(value: f64) -> String {
    format!("{:.0}", value.max(0.0).round())
}

/// A delay.
pub(super) fn delay(wait: Wait) -> String {
    let median = count(wait.median().clamp(1.0, 2_592_000.0));
    format!("{{ median = \"{median}s\", spread = {} }}", real(wait.spread.clamp(0.0, 3.0)))
}

/// The largest weight that a scenario holds.
const MOST_WEIGHT: u64 = 60_000;

/// Counts as weights: themselves, unless they are too large.
pub(super) fn weights(counts: &[u64]) -> String {
    let list: Vec<String> = scaled(counts).iter().map(u64::to_string).collect();
    format!("[{}]", list.join(", "))
}

fn scaled(counts: &[u64]) -> Vec<u64> {
    let filled = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    let largest = counts.iter().max().copied().unwrap_or(0);
    let scale = |count: &u64| if largest > MOST_WEIGHT { (count * MOST_WEIGHT).div_ceil(largest) } else { *count };
    counts[..filled].iter().map(scale).collect()
}

/// Names with counts as weights; those without any are left out.
pub(super) fn named_weights<'n>(counts: impl Iterator<Item = (&'n str, u64)>) -> Option<String> {
    let some: Vec<(&str, u64)> = counts.filter(|(_, count)| *count > 0).collect();
    let numbers: Vec<u64> = some.iter().map(|(_, count)| *count).collect();
    let pairs = some.iter().zip(scaled(&numbers)).map(|((name, _), count)| format!("{} = {count}", key(name)));
    let all: Vec<String> = pairs.collect();
    (!all.is_empty()).then(|| format!("{{ {} }}", all.join(", ")))
}

/// Shares as weights out of ten thousand.
pub(super) fn share_weights(shares: &[f64]) -> String {
    let all: f64 = shares.iter().sum();
    let list: Vec<String> = shares.iter().map(|share| count(share * 10_000.0 / all.max(1e-9))).collect();
    let filled = list.iter().rposition(|weight| weight != "0").map_or(0, |last| last + 1);
    format!("[{}]", list[..filled].join(", "))
}

/// A key, quoted where it must be.
pub(super) fn key(name: &str) -> String {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if plain { name.to_owned() } else { quoted(name) }
}

/// A text on one line, whatever is in it; good for keys, too.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for mark in text.chars() {
        match mark {
            '"' | '\\' => quoted.extend(['\\', mark]),
            control if control.is_control() => {
                // Writing into memory never fails.
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// `12 of 340` with the share.
pub(super) fn of(part: u64, all: u64) -> String {
    format!("{part} of {all} ({:.1} %)", 100.0 * share(part, all))
}

/// A wait for people.
pub(super) fn shown_wait(seconds: f64) -> String {
    match seconds {
        few if few < 120.0 => format!("{few:.1} s"),
        minutes if minutes < 7_200.0 => format!("{:.1} min", minutes / 60.0),
        hours => format!("{:.1} h", hours / 3_600.0),
    }
}

/// Counts by day of the week, each day counted by how often the period has it, as weights.
pub(super) fn weekdays(counts: &[u64], occurrences: &[u64]) -> String {
    let means: Vec<f64> =
        counts.iter().zip(occurrences).map(|(count, days)| as_number(*count) / as_number(*days).max(1.0)).collect();
    let largest = means.iter().copied().fold(0.0, f64::max).max(1e-9);
    let list: Vec<String> = means.iter().map(|mean| count(mean * 1_000.0 / largest)).collect();
    format!("[{}]", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names() {
        let written: Vec<String> = [0.0, 1.0, 0.123_456_7, 0.000_012_34, 12_345.678].map(real).into();
        assert_eq!(written, ["0.0", "1.0", "0.12346", "0.000012340".trim_end_matches('0'), "12345.7"]);
        assert_eq!((key("order_1").as_str(), key("a b.c").as_str()), ("order_1", "\"a b.c\""));
        for text in ["a\nb", "it \"is\" \\ so", "\u{7f}ü"] {
            let table: toml::Table = format!("{} = {}", quoted(text), quoted(text)).parse().unwrap();
            assert_eq!(table[text].as_str(), Some(text));
        }
        assert_eq!(weights(&[0, 3, 120_000, 0]), "[0, 2, 60000]");
        assert_eq!(share_weights(&[0.0, 0.25, 0.75, 0.0]), "[0, 2500, 7500]");
        assert_eq!(weekdays(&[20, 10], &[2, 2]), "[1000, 500]");
    }
}
