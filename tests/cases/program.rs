//! Runs the program on a scenario and reads back what it wrote.

use crate::decimal::Decimal;
use crate::sheet::{Scenario, Sheet};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// One row of an output file, by column.
pub(crate) type Row = BTreeMap<String, String>;

/// What one run of the program wrote.
#[derive(Debug)]
pub(crate) struct Replay {
    pub(crate) verdicts: Vec<Row>,
    pub(crate) lines: Vec<Row>,
    /// Empty without a provider.
    pub(crate) provider_lines: Vec<Row>,
    pub(crate) summary: Value,
}

pub(crate) fn run(scenario: &Scenario) -> Result<Replay> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabill"));
    command.arg("replay").arg(save(folder.path(), "log.csv", &scenario.log)?);
    command.arg("--accounts").arg(save(folder.path(), "accounts.csv", &scenario.accounts)?);
    command.arg("--carry-in").arg(save(folder.path(), "carry_in.csv", &scenario.carry_in)?);
    for (name, sheet) in [("rates.csv", &scenario.rates), ("volume_tiers.csv", &scenario.tiers)] {
        if !sheet.is_empty() {
            command.arg("--rates").arg(save(folder.path(), name, sheet)?);
        }
    }
    for (key, value) in &scenario.settings {
        command.arg("--set").arg(format!("{key}={value}"));
    }
    if let Some(preset) = &scenario.provider {
        let config = folder.path().join("wabill.toml");
        std::fs::write(&config, format!("[provider]\npreset = \"{preset}\"\n"))?;
        command.arg("--config").arg(config);
    }
    command.arg("--out").arg(&out);
    command.args(["--quiet", "--allow-unpriced", "--emit", "verdicts,conversations,lines,summary"]);
    let done = command.output().context("cannot start the program")?;
    ensure!(done.status.success(), "{}: {}", done.status, String::from_utf8_lossy(&done.stderr));
    Ok(Replay {
        verdicts: table(&out.join("verdicts.csv"))?,
        lines: table(&out.join("lines.csv"))?,
        provider_lines: match &scenario.provider {
            Some(_) => table(&out.join("provider_lines.csv"))?,
            None => Vec::new(),
        },
        summary: summary(&out.join("summary.json"))?,
    })
}

fn save(folder: &Path, name: &str, sheet: &Sheet) -> Result<std::path::PathBuf> {
    let path = folder.join(name);
    sheet.write(&path)?;
    Ok(path)
}

fn table(path: &Path) -> Result<Vec<Row>> {
    let name = || format!("cannot read {}", path.display());
    let mut file = csv::Reader::from_path(path).with_context(name)?;
    file.deserialize().collect::<Result<_, _>>().with_context(name)
}

fn summary(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(serde_json::from_str(&text)?)
}

impl Replay {
    /// The verdict on one message to one customer.
    pub(crate) fn verdict(&self, message: &str, customer: &str) -> Result<&Row> {
        let mut found = self
            .verdicts
            .iter()
            .filter(|row| cell(row, "message_id") == message && cell(row, "customer_id") == customer);
        let row = found.next().with_context(|| format!("no verdict on {message} to {customer}"))?;
        ensure!(found.next().is_none(), "two verdicts on {message} to {customer}");
        Ok(row)
    }

    /// Checks that verdicts, lines and summary add up to the same total, and returns it.
    pub(crate) fn total(&self) -> Result<Decimal> {
        let total = sum(&self.verdicts)?;
        let lines = sum(&self.lines)?;
        ensure!(total == lines, "verdicts add up to {total}, lines to {lines}");
        Ok(total)
    }

    /// Whether the summary shows the amount anywhere: the contract promises the figure, not its place.
    pub(crate) fn summary_shows(&self, amount: Decimal) -> bool {
        shows(&self.summary, amount)
    }

    /// All verdicts in short, for messages of failed tests.
    pub(crate) fn excerpt(&self) -> String {
        let shown = [
            "message_id",
            "customer_id",
            "regime",
            "category",
            "verdict",
            "reason",
            "error_code",
            "conversation_id",
            "rule",
            "market",
            "tier",
            "list_cost",
            "billed_cost",
            "flags",
        ];
        let line = |row: &Row| shown.map(|column| cell(row, column)).join(",");
        let rows = self.verdicts.iter().take(20).map(line);
        std::iter::once(shown.join(",")).chain(rows).collect::<Vec<_>>().join("\n")
    }
}

/// A cell; a missing column reads as an empty one.
pub(crate) fn cell<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

fn sum(rows: &[Row]) -> Result<Decimal> {
    // an empty cost is a charge without a known rate
    let costs = rows.iter().map(|row| cell(row, "billed_cost")).filter(|cost| !cost.is_empty());
    costs.map(Decimal::parse).sum()
}

fn shows(value: &Value, amount: Decimal) -> bool {
    let is = |text: &str| Decimal::parse(text).is_ok_and(|parsed| parsed == amount);
    match value {
        Value::String(text) => is(text),
        Value::Number(number) => is(&number.to_string()),
        Value::Array(items) => items.iter().any(|item| shows(item, amount)),
        Value::Object(fields) => fields.values().any(|field| shows(field, amount)),
        _ => false,
    }
}
