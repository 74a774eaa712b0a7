//! One thread as text: every message in its turn, the windows open around it, its verdict and why.

use std::fmt::Write;

use crate::model::{Direction, Outcome, Thread, ThreadStep, VerdictRow};

use super::words;

/// The thread as text, ending in a newline.
pub fn thread_text(thread: &Thread<'_>) -> String {
    let mut text = format!(
        "Number {} and customer {} (days in {}; times in UTC)\n",
        thread.phone_number_id, thread.customer, thread.zone
    );
    for step in &thread.steps {
        step_text(&mut text, step);
    }
    text
}

fn step_text(text: &mut String, step: &ThreadStep<'_>) {
    let arrow = if step.direction == Direction::Inbound { "← in " } else { "→ out" };
    let mark = if step.asked_for { "  ◀ this message" } else { "" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{} {arrow} {}  {}{mark}", step.at, step.what, step.message_id);
    if let Some(row) = &step.row {
        verdict_text(text, step, row);
    }
    for (name, end) in &step.windows {
        let _ = writeln!(text, "    open: {name} until {end}");
    }
}

fn verdict_text(text: &mut String, step: &ThreadStep<'_>, row: &VerdictRow<'_>) {
    let delivered = row.delivered.map_or_else(|| "never delivered".to_owned(), |at| format!("delivered {at}"));
    let _ = writeln!(text, "    sent {}, {delivered}; regime {}, market {}", row.sent, row.regime.name(), row.market);
    let cost = row.billed_cost.map_or_else(|| "no known rate".to_owned(), |cost| format!("{cost} {}", row.currency));
    let _ = writeln!(text, "    verdict: {}, {}", verdict_words(row), cost);
    let _ = writeln!(text, "    rule {}: {} [{}]", row.rule.name(), row.rule.text(), row.rule.source());
    if let Some(rate) = &step.rate_row {
        let tier = row.tier.map(|tier| format!(", volume tier {tier}")).unwrap_or_default();
        let place = format!("{} · {} · {}", rate.currency, rate.market, rate.category);
        let _ = writeln!(text, "    rate: {place} from {}: {}{tier} [{}]", rate.effective, rate.rate, rate.source);
    }
    if let Some(why) = &step.unpriced {
        let _ = writeln!(text, "    unpriced: {why}");
    }
    for flag in row.flags.iter() {
        let _ = writeln!(text, "    flag {}: {}", flag.name(), flag.explanation());
    }
}

fn verdict_words(row: &VerdictRow<'_>) -> String {
    let category = words::category(row.category.name());
    match row.outcome {
        Outcome::Charged => format!("charged as {category}"),
        Outcome::Free(reason) => format!("free as {category}: {}", words::reason(reason.name())),
        Outcome::Covered(kind) => {
            format!("covered by the open {} conversation {}", kind.name(), row.conversation_id.unwrap_or(""))
        }
        Outcome::NotBilled(reason) => format!("not billed: {}", words::reason(reason.name())),
    }
}
