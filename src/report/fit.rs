//! How well a scenario fits, as text, CSV and JSON.

use std::fmt::Write;

use crate::model::group_thousands;
use crate::summarise::{FitFigure, FitTable};

/// Header of the table as CSV.
pub const FIT_HEADER: &str = "group,quantity,log,scenario,low,high,difference,verdict\n";
/// Figures of a group that people are shown; the largest stand first.
const SHOWN: usize = 12;
/// Columns of the text: names, log, scenario, low, high, difference.
const COLUMNS: usize = 6;

/// The table as CSV.
pub fn fit_csv(table: &FitTable) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(FIT_HEADER.as_bytes().to_vec());
    for figure in &table.figures {
        let FitFigure { group, quantity, log, scenario, low, high, difference, .. } = figure;
        writer.write_record([group, quantity, log, scenario, low, high, difference, verdict(figure)])?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The table as JSON, ending in a newline.
pub fn fit_json(table: &FitTable) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(table)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The table as text, with what it says of the bill at its end.
pub fn fit_text(table: &FitTable) -> String {
    let runs = group_thousands(&table.runs.to_string());
    let mut text = format!(
        "Fit of {}\nThe scenario is the middle of {runs} simulations; the bounds are their P5 and P95, widened by the error of the fit.\n",
        table.log
    );
    let mut rows = vec![["", "log", "scenario", "from", "to", "difference"].map(str::to_owned)];
    let mut verdicts = vec![""];
    let mut last = "";
    let mut shown = 0;
    for figure in &table.figures {
        if figure.group != last {
            last = &figure.group;
            shown = 0;
            rows.push([heading(last), String::new(), String::new(), String::new(), String::new(), String::new()]);
            verdicts.push("");
        }
        shown += 1;
        if shown <= SHOWN {
            rows.push(cells(figure));
            verdicts.push(verdict(figure));
        }
    }
    lay_out(&mut text, &rows, &verdicts);
    outside(&mut text, table);
    for bill in table.bills() {
        let lies = if bill.within { "lies within the bounds" } else { "lies OUTSIDE of the bounds" };
        let _ =
            writeln!(text, "\n{}: {} in the log, which {lies} {} to {}.", bill.quantity, bill.log, bill.low, bill.high);
    }
    for left in &table.left_out {
        let _ = writeln!(text, "\nLeft out: {} {}", group_thousands(&left.messages.to_string()), left.what);
    }
    text
}

fn verdict(figure: &FitFigure) -> &'static str {
    if figure.within { "within" } else { "outside" }
}

fn heading(group: &str) -> String {
    match group {
        "total" => "bill, all of it".to_owned(),
        "bill" => "bill by category".to_owned(),
        other => other.to_owned(),
    }
}

fn cells(figure: &FitFigure) -> [String; COLUMNS] {
    let FitFigure { quantity, log, scenario, low, high, difference, .. } = figure;
    [&format!("  {quantity}"), log, scenario, low, high, difference].map(Clone::clone)
}

fn lay_out(text: &mut String, rows: &[[String; COLUMNS]], verdicts: &[&str]) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    for (row, verdict) in rows.iter().zip(verdicts) {
        let mut line = format!("  {:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        let _ = writeln!(text, "{}", format!("{line}  {verdict}").trim_end());
    }
}

fn outside(text: &mut String, table: &FitTable) {
    let all = table.figures.len();
    let off: Vec<&FitFigure> = table.figures.iter().filter(|figure| !figure.within).collect();
    let _ = writeln!(text, "\n{} of {all} figures lie within their bounds.", all - off.len());
    if !off.is_empty() {
        let names: Vec<String> =
            off.iter().take(SHOWN).map(|figure| format!("{}: {}", figure.group, figure.quantity)).collect();
        let more = if off.len() > SHOWN { format!("; {} more", off.len() - SHOWN) } else { String::new() };
        let _ = writeln!(text, "Outside: {}{more}", names.join("; "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summarise::LeftOut;

    fn figure(group: &str, quantity: &str, within: bool) -> FitFigure {
        let text = |text: &str| text.to_owned();
        FitFigure {
            group: text(group),
            quantity: text(quantity),
            log: text("10"),
            scenario: text("9"),
            low: text("8"),
            high: text("11"),
            difference: text("1"),
            within,
        }
    }

    #[test]
    fn three_forms_of_one_table() {
        let figures = vec![figure("messages", "in", true), figure("total", "bill, USD", false)];
        let left_out = vec![LeftOut { what: "calls".to_owned(), messages: 3 }];
        let table = FitTable::new("log.csv", 40, figures, left_out);
        let text = fit_text(&table);
        for says in [
            "Fit of log.csv\n",
            "middle of 40 simulations",
            "1 of 2 figures lie within",
            "Outside: total: bill, USD\n",
            "bill, USD: 10 in the log, which lies OUTSIDE of the bounds 8 to 11.",
            "Left out: 3 calls",
        ] {
            assert!(text.contains(says), "no '{says}' in\n{text}");
        }
        let csv = String::from_utf8(fit_csv(&table).unwrap()).unwrap();
        assert_eq!(
            csv,
            format!("{FIT_HEADER}messages,in,10,9,8,11,1,within\ntotal,\"bill, USD\",10,9,8,11,1,outside\n")
        );
        let json: serde_json::Value = serde_json::from_slice(&fit_json(&table).unwrap()).unwrap();
        assert_eq!(json["figures"][1]["within"], false);
    }
}
