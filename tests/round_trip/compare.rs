//! Two runs side by side, up to what a format cannot carry.

use std::collections::BTreeMap;

use super::outcome::{Cells, Outcome};
use super::pricing::LONG_SINCE;

/// Columns that webhooks never carry: the name of a template, and what had to be inferred.
const NEVER: [&str; 2] = ["template_name", "flags"];

/// Where Meta's word is that of a conversation, or a free entry point makes everything free, nothing tells a template from a free-form
/// message; a message that is not billed has no word of Meta's. Their price is the same, but what they would have been sold as is lost.
const OWN_CATEGORY: [&str; 4] = ["template_category", "category", "list_cost", "rule"];

/// Differences between the verdicts on the canonical log and on webhooks.
pub(crate) fn verdicts(canonical: &Outcome, webhooks: &Outcome) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, own) in &canonical.verdicts {
        let Some(other) = webhooks.verdicts.get(key) else {
            faults.push(format!("{key:?} is missing"));
            continue;
        };
        let lost = lost_columns(own);
        for (column, value) in own.iter().filter(|(column, _)| !lost.contains(&column.as_str())) {
            if other[column] != *value {
                let shown = ["sent_at", "verdict", "reason", "category", "rule", "billed_cost", "flags"];
                let row = |cells: &Cells| shown.map(|column| cells[column].clone()).join(" ");
                faults.push(format!("{key:?} {column}: {value} | {}\n  {}\n  {}", other[column], row(own), row(other)));
            }
        }
    }
    let more = webhooks.verdicts.keys().filter(|key| !canonical.verdicts.contains_key(*key));
    faults.extend(more.map(|key| format!("{key:?} is not in the log")));
    faults
}

fn lost_columns(own: &Cells) -> Vec<&'static str> {
    let mut lost = NEVER.to_vec();
    let two_kinds = own["regime"] == "cbp-2022" || own["regime"] == "cbp-2023-03";
    match own["verdict"].as_str() {
        "charged" | "free" if own["reason"] != "free_entry_point" => {
            if two_kinds {
                lost.push("template_category");
            }
        }
        // Which of several open conversations a free-form message joins changes no price (R29).
        "covered" => lost.extend(OWN_CATEGORY.into_iter().chain(["reason", "conversation_id"])),
        "free" if own["delivered_at"].as_str() >= LONG_SINCE => {
            lost.extend(OWN_CATEGORY.into_iter().chain(["conversation_id"]));
        }
        _ => lost.extend(OWN_CATEGORY),
    }
    lost
}

/// Exact parts of a currency unit.
pub(crate) fn units(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<12}").parse().expect("digits")
}

/// The bill: charged lines without the template's name, as messages, list cost and billed cost; what has no rate has no cost.
pub(crate) fn bill(outcome: &Outcome) -> BTreeMap<Vec<String>, [i128; 3]> {
    let dimensions = ["waba_id", "phone_number_id", "currency", "day", "regime", "market", "category", "tier"];
    let mut bill: BTreeMap<Vec<String>, [i128; 3]> = BTreeMap::new();
    for line in outcome.lines.iter().filter(|line| line["verdict"] == "charged") {
        let entry = bill.entry(dimensions.map(|column| line[column].clone()).to_vec()).or_default();
        let cost = |column: &str| if line[column].is_empty() { 0 } else { units(&line[column]) };
        let own = [line["messages"].parse().expect("a count"), cost("list_cost"), cost("billed_cost")];
        entry.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
    }
    bill
}

/// Conversations and free entry points, but for how many messages joined which, and what the answer of a click would have cost.
pub(crate) fn conversations(canonical: &Outcome, webhooks: &Outcome) -> Vec<String> {
    let told = |outcome: &Outcome| -> BTreeMap<String, Cells> {
        let mut rows = outcome.conversations.clone();
        // Meta's word on the end holds, though customer messages after it may have moved the end (R37): the same price, other rows.
        rows.retain(|_, row| row["category"] != "free_entry_point" || row["opened_at"].as_str() < LONG_SINCE);
        rows.values_mut().for_each(|row| {
            row.remove("messages_out");
            if row["category"] == "free_entry_point" {
                row.remove("list_cost");
            }
        });
        rows
    };
    let (own, other) = (told(canonical), told(webhooks));
    let of_either = own.keys().chain(other.keys());
    let differs = |id: &&String| own.get(*id) != other.get(*id);
    let mut faults: Vec<String> =
        of_either.filter(differs).map(|id| format!("{id}\n  {:?}\n  {:?}", own.get(id), other.get(id))).collect();
    faults.sort_unstable();
    faults.dedup();
    faults
}
