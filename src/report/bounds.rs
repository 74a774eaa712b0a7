//! What the log leaves open, in money.

use std::fmt::Write;

use crate::summarise::Bounds;

use super::words;

/// A paragraph: between what the bill lies, and a line for each cause with what is at stake. Starts and ends with a newline.
pub fn bounds_text(bounds: &Bounds) -> String {
    let decimals = bounds.currency.minor_decimals();
    let money = |amount: crate::model::Money| amount.grouped(decimals);
    let mut text = format!(
        "\nBetween {} and {} {}: the log leaves open\n",
        money(bounds.low),
        money(bounds.high),
        bounds.currency
    );
    for cause in &bounds.causes {
        let noun = if cause.messages == 1 { "message" } else { "messages" };
        let messages = format!("{} {noun}", words::count(cause.messages));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {:>12}  {} ({messages}); would settle it: {}",
            if cause.at_stake.rounded(decimals).is_zero() {
                format!("under {}", smallest(decimals))
            } else {
                money(cause.at_stake)
            },
            cause.why,
            cause.remedy
        );
    }
    text
}

/// The smallest amount that a currency has: `0.01`.
fn smallest(decimals: u32) -> String {
    if decimals == 0 { "1".to_owned() } else { format!("0.{}1", "0".repeat(decimals as usize - 1)) }
}
