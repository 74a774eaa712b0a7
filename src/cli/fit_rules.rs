//! `[rules]` of a fitted scenario: what the command line says of the bill, in the words of a scenario.

use std::fmt::Write;
use std::path::Path;

use toml::Value;
use wabill::engine::Plan;

use super::arguments::LogArguments;
use super::failure::Failure;
use super::{config, inputs};

/// The rules of a plan as text; nothing if all is as usual. Paths are relative to the scenario, which will stand in `folder`.
pub(crate) fn rules_of(mut arguments: LogArguments, plan: &Plan, folder: Option<&Path>) -> Result<String, Failure> {
    if let Some(path) = arguments.config.clone() {
        config::apply(&path, &mut arguments)?;
    }
    let mut lines = String::new();
    if let Some(manual) = &plan.rules.manual {
        let regime = format!("{}@{}", manual.regime.id.name(), manual.rates_at);
        let _ = writeln!(lines, "regime = {}", text(&regime));
    }
    let set: Vec<String> =
        plan.rules.settings.not_default().iter().map(|(key, value)| format!("{key} = {}", text(value))).collect();
    if !set.is_empty() {
        let _ = writeln!(lines, "set = {{ {} }}", set.join(", "));
    }
    for (key, day) in [("bill_from", plan.bill.from), ("bill_to", plan.bill.to)] {
        if let Some(day) = day {
            let _ = writeln!(lines, "{key} = {day}");
        }
    }
    if !arguments.rates.is_empty() {
        let cards = arguments.rates.iter().map(|path| relative(path, folder)).collect::<Result<Vec<_>, _>>()?;
        let _ = writeln!(lines, "rates = [{}]", cards.join(", "));
    }
    if let Some(path) = &arguments.carry_in {
        let _ = writeln!(lines, "carry_in = [\n{}]", carried(path)?);
    }
    Ok(if lines.is_empty() { String::new() } else { format!("\n[rules]\n{lines}") })
}

fn text(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A path as the scenario must write it: as typed where both stand in the working folder, else from the root.
fn relative(path: &Path, folder: Option<&Path>) -> Result<String, Failure> {
    if folder.is_none_or(|folder| folder.as_os_str().is_empty()) {
        return Ok(text(&path.display().to_string()));
    }
    let whole =
        std::path::absolute(path).map_err(|error| Failure::could_not(&format!("find {}", path.display()), &error))?;
    Ok(text(&whole.display().to_string()))
}

/// The rows of `carry_in.csv`, which was read and checked before.
fn carried(path: &Path) -> Result<String, Failure> {
    let wrong = |error: csv::Error| Failure::Usage(format!("{}: {error}", path.display()));
    let file = inputs::read_text(path)?;
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(wrong)?.clone();
    let mut rows = String::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let filled = header.iter().zip(&record).filter(|(_, value)| !value.is_empty());
        let fields: Vec<String> = filled
            .map(
                |(key, value)| {
                    if key == "used" { format!("used = {value}") } else { format!("{key} = {}", text(value)) }
                },
            )
            .collect();
        let _ = writeln!(rows, "    {{ {} }},", fields.join(", "));
    }
    Ok(rows)
}
