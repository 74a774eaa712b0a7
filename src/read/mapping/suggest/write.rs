//! A proposal as a mapping file.

use std::fmt::{self, Write};

use crate::model::{Column, Direction};

use super::super::condition::Pattern;
use super::choose::{Choice, meanings};
use super::direction::Subset;

/// Characters of a sample value that are shown.
const SHOWN: usize = 28;
/// Sample values of a column.
const SAMPLES: usize = 3;

/// Records of one direction and the sources of their columns.
pub(super) type Proposed<'g> = (Subset<'g>, Vec<Choice<'g>>);

/// The file as text.
pub(super) fn file(input: &str, proposed: &[Proposed<'_>]) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let looked_at: usize = proposed.iter().map(|(subset, _)| subset.records.len()).sum();
    writeln!(
        out,
        "# Proposed by `wabill mapping suggest {input}` from {looked_at} records. Behind each column stands how sure it is,"
    )?;
    writeln!(
        out,
        "# with values it was seen to have. Columns without a source are left out; `wabill mapping show NAME` shows complete files.\n"
    )?;
    writeln!(out, "about = {}", quoted(&format!("proposed from {input}")))?;
    if proposed.iter().flat_map(|(_, choices)| choices).any(|one| one.naive) {
        writeln!(
            out,
            "\n# Times name no zone: give it here, or with --input-tz.\n# [time]\n# zone = \"Asia/Kolkata\""
        )?;
    }
    for (subset, choices) in proposed {
        record(&mut out, subset, choices)?;
    }
    Ok(out)
}

fn record(out: &mut String, subset: &Subset<'_>, choices: &[Choice<'_>]) -> fmt::Result {
    writeln!(out, "\n[[record]]")?;
    if !subset.group.path.is_empty() {
        writeln!(out, "path = {}", quoted(&subset.group.path))?;
    }
    let mut when = subset.when.clone();
    when.extend(only_whatsapp(subset, choices));
    if !when.is_empty() {
        let all: Vec<String> =
            when.iter().map(|(source, values)| format!("{} = {}", quoted(source), list(values))).collect();
        writeln!(out, "when = {{ {} }}", all.join(", "))?;
    }
    let direction = if subset.direction == Direction::Inbound { "inbound" } else { "outbound" };
    writeln!(out, "constants = {{ direction = \"{direction}\" }}  # {}\n\n[record.columns]", grade(subset.sure))?;
    for needed in missing(choices) {
        writeln!(out, "# {needed} = \"...\"  # not found, and a row is none without it")?;
    }
    let (known, events) = meanings(subset, choices);
    let status = choices.iter().find(|one| one.column == Column::Status).filter(|_| events);
    for choice in choices {
        let rule = rule(choice, &known);
        match status.filter(|_| choice.column == Column::SentAt) {
            Some(status) => by_event(out, subset, choice, status.source, &known, choices)?,
            None => line(out, subset, choice, choice.column, &rule)?,
        }
    }
    Ok(())
}

/// One time, of which the status says what it is the time of.
fn by_event(
    out: &mut String,
    subset: &Subset<'_>,
    time: &Choice<'_>,
    status: &str,
    known: &[(String, &'static str)],
    choices: &[Choice<'_>],
) -> fmt::Result {
    line(out, subset, time, Column::CreatedAt, &rule(time, &[]))?;
    let columns = [
        ("sent", Column::SentAt),
        ("delivered", Column::DeliveredAt),
        ("read", Column::ReadAt),
        ("failed", Column::FailedAt),
    ];
    for (meaning, column) in columns {
        let values: Vec<String> =
            known.iter().filter(|(_, known)| *known == meaning).map(|(text, _)| text.clone()).collect();
        let own = column != Column::SentAt && choices.iter().any(|one| one.column == column);
        if !values.is_empty() && !own {
            let mut parts = parts(time, &[]);
            parts.push(format!("when = {{ {} = {} }}", quoted(status), list(&values)));
            line(out, subset, time, column, &format!("{{ {} }}", parts.join(", ")))?;
        }
    }
    Ok(())
}

fn line(out: &mut String, subset: &Subset<'_>, choice: &Choice<'_>, column: Column, rule: &str) -> fmt::Result {
    let mut values: Vec<&str> = Vec::new();
    for value in subset.values(choice.source) {
        if values.len() < SAMPLES && !values.contains(&value) {
            values.push(value);
        }
    }
    let shown: Vec<String> = values.into_iter().map(shown).collect();
    writeln!(out, "{} = {rule}  # {}: {}", column.name(), grade(choice.sure), shown.join(" | "))
}

fn shown(value: &str) -> String {
    let plain: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.chars().count() > SHOWN { plain.chars().take(SHOWN).chain("...".chars()).collect() } else { plain }
}

fn rule(choice: &Choice<'_>, known: &[(String, &'static str)]) -> String {
    let parts = parts(choice, known);
    if parts.len() == 1 && choice.others.is_empty() {
        quoted(choice.source)
    } else {
        format!("{{ {} }}", parts.join(", "))
    }
}

fn parts(choice: &Choice<'_>, known: &[(String, &'static str)]) -> Vec<String> {
    let sources: Vec<String> =
        std::iter::once(choice.source).chain(choice.others.iter().copied()).map(str::to_owned).collect();
    let mut parts = vec![format!("from = {}", list(&sources))];
    match choice.column {
        Column::CustomerId => parts.extend(["before = \"@\"".to_owned(), "digits = true".to_owned()]),
        Column::Status if known.iter().any(|(text, meaning)| !text.eq_ignore_ascii_case(meaning)) => {
            let values: Vec<String> =
                known.iter().map(|(text, meaning)| format!("{} = \"{meaning}\"", quoted(text))).collect();
            parts.push(format!("values = {{ {} }}", values.join(", ")));
        }
        _ => {}
    }
    parts.extend(choice.pattern.map(|pattern| format!("time = {}", quoted(pattern))));
    parts
}

/// Where a log holds other channels, too, and something tells them apart.
fn only_whatsapp(subset: &Subset<'_>, choices: &[Choice<'_>]) -> Option<(String, Vec<String>)> {
    let names = ["channel", "channel_type", "provider", "integration", "integration_type"];
    let channels = subset.group.sources.iter().filter(|source| super::words::likeness(source, &names) >= 90);
    let customer = choices.iter().find(|one| one.column == Column::CustomerId).map(|one| one.source);
    let mut candidates =
        channels.map(|source| (source.as_str(), "*whatsapp*")).chain(customer.map(|source| (source, "whatsapp*")));
    let mixed = |source: &str, pattern: &str| {
        let pattern = Pattern::new(pattern);
        let values = subset.values(source);
        let with = values.iter().filter(|value| pattern.fits(&value.to_lowercase())).count();
        with > 0 && with < values.len()
    };
    let (source, pattern) = candidates.find(|(source, pattern)| mixed(source, pattern))?;
    Some((source.to_owned(), vec![pattern.to_owned()]))
}

/// Needed columns that have no source.
pub(super) fn missing(choices: &[Choice<'_>]) -> Vec<&'static str> {
    let has = |columns: &[Column]| choices.iter().any(|one| columns.contains(&one.column));
    let needs = [
        ("message_id", has(&[Column::MessageId])),
        ("customer_id", has(&[Column::CustomerId, Column::CustomerUserId])),
        ("sent_at", has(&[Column::CreatedAt, Column::SentAt, Column::DeliveredAt, Column::ReadAt])),
    ];
    needs.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
}

fn grade(sure: u32) -> String {
    let word = match sure {
        85.. => "sure",
        65.. => "likely",
        _ => "guess",
    };
    format!("{word}, {sure} %")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(values: &[String]) -> String {
    match values {
        [one] => quoted(one),
        more => format!("[{}]", more.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
    }
}
