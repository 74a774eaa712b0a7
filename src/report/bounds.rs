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
            money(cause.at_stake),
            cause.why,
            cause.remedy
        );
    }
    text
}
