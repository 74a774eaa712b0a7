//! A simulation as text and as JSON.

use std::fmt::Write;

use super::chart::SimulationCharts;
use crate::model::{Currency, Money, group_thousands};
use crate::summarise::{BillCause, Quantiles, Simulation, TornadoBar, Uncertainty, VariantSummary, VariantTotal};

/// The simulation as JSON, ending in a newline.
pub fn simulation_json(simulation: &Simulation) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(simulation)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The bills of all runs as CSV: the baseline's and each variant's, with the difference between the two.
pub fn monte_carlo_csv(found: &Uncertainty) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["run", "variant", "currency", "bill", "difference"])?;
    for (run, baseline) in found.by_run.iter().enumerate() {
        let number = (run + 1).to_string();
        writer.write_record([&number, "baseline", &found.currency, &baseline.to_string(), "0"])?;
        for variant in &found.variants {
            let bill = variant.bills[run];
            let difference = (bill - *baseline).to_string();
            writer.write_record([&number, &variant.name, &found.currency, &bill.to_string(), &difference])?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// What the charts of a simulation show: its first currency.
pub fn simulation_charts(simulation: &Simulation) -> SimulationCharts {
    let currency = simulation.variants.first().and_then(|baseline| baseline.totals.first());
    let currency = currency.map_or_else(String::new, |total| total.currency.clone());
    let bill = |variant: &VariantSummary| {
        of(variant, &currency).map(|total| (variant.name.clone(), total.billed_cost.clone()))
    };
    let found = simulation.monte_carlo.as_ref();
    let three = |quantiles: &Quantiles| [quantiles.p5.clone(), quantiles.p50.clone(), quantiles.p95.clone()];
    let all = |found: &Uncertainty| found.bills.iter().map(Money::to_string).collect();
    SimulationCharts {
        title: simulation.scenario.clone(),
        minor_digits: Currency::parse(&currency).map_or(2, |currency| currency.minor_decimals()),
        variants: simulation.variants.iter().filter_map(bill).collect(),
        variant_ranges: found
            .map(|found| {
                let own = found.variants.iter().map(|variant| (variant.name.clone(), three(&variant.bill)));
                std::iter::once(("baseline".to_owned(), three(&found.bill))).chain(own).collect()
            })
            .unwrap_or_default(),
        months: found
            .map(|found| found.by_month.iter().map(|month| (month.name.clone(), three(&month.quantiles))).collect())
            .unwrap_or_default(),
        tornado: found
            .map(|found| {
                let bar = |bar: &TornadoBar| (bar.parameter.clone(), [bar.at_p10.clone(), bar.at_p90.clone()]);
                found.tornado.iter().map(bar).collect()
            })
            .unwrap_or_default(),
        bills: found.map(all).unwrap_or_default(),
        quantiles: found.map(|found| three(&found.bill)),
        currency,
    }
}

/// The simulation as text: a table of bills, and one of the differences by cause.
pub fn simulation_text(simulation: &Simulation) -> String {
    let mut text = format!("Simulation of {}\n", simulation.scenario);
    if !simulation.title.is_empty() {
        let _ = writeln!(text, "{}", simulation.title);
    }
    let baseline = simulation.variants.first();
    for currency in baseline.iter().flat_map(|baseline| &baseline.totals).map(|total| total.currency.as_str()) {
        bills(&mut text, simulation, currency);
        if simulation.variants.len() > 1 {
            causes(&mut text, simulation, currency);
        }
    }
    if baseline.is_some_and(|baseline| baseline.totals.is_empty()) {
        text.push_str("\nThe business says nothing: nothing was charged.\n");
    }
    if let Some(uncertainty) = &simulation.monte_carlo {
        uncertain(&mut text, uncertainty);
    }
    remarks(&mut text, simulation);
    text
}

fn uncertain(text: &mut String, found: &Uncertainty) {
    let currency = &found.currency;
    let _ = writeln!(text, "\nBills of {} runs in {currency}", group_thousands(&found.runs.to_string()));
    let row = |name: &str, quantiles: &Quantiles| {
        [
            name.to_owned(),
            minor(&quantiles.p5, currency),
            minor(&quantiles.p50, currency),
            minor(&quantiles.p95, currency),
        ]
    };
    let mut rows = vec![["", "P5", "P50", "P95"].map(str::to_owned), row("bill", &found.bill)];
    rows.extend(found.by_month.iter().map(|month| row(&month.name, &month.quantiles)));
    rows.extend(found.by_line.iter().map(|line| row(&line.name, &line.quantiles)));
    table(text, &rows);
    variants(text, found);
    if let Some(budget) = &found.budget {
        let amount = minor(&budget.budget, currency);
        let _ = writeln!(
            text,
            "\nChance of passing {currency} {amount}: {} % ({} runs)",
            budget.percent_above, budget.runs_above
        );
    }
    if !found.tornado.is_empty() {
        let _ = writeln!(text, "\nWhat moves the bill: one parameter at its P10 and P90, the others as in the file");
        let bar = |bar: &TornadoBar| {
            [
                bar.parameter.clone(),
                minor(&bar.at_p10, currency),
                minor(&bar.at_p90, currency),
                minor(&bar.swing, currency),
            ]
        };
        let head = ["", "at P10", "at P90", "swing"].map(str::to_owned);
        let bars: Vec<[String; 4]> = std::iter::once(head).chain(found.tornado.iter().map(bar)).collect();
        table(text, &bars);
    }
    let _ = writeln!(text, "\nOver the second half of the runs P50 moved by {} % at most.", found.last_move_percent);
}

/// What each variant changes in the same runs.
fn variants(text: &mut String, found: &Uncertainty) {
    if found.variants.is_empty() {
        return;
    }
    let currency = &found.currency;
    let mut rows = vec![["", "P5", "P50", "P95", "difference P5", "P50", "P95", "cheaper in"].map(str::to_owned)];
    for variant in &found.variants {
        let Quantiles { p5, p50, p95 } = &variant.bill;
        let bills = [p5, p50, p95].map(|amount| minor(amount, currency));
        let Quantiles { p5, p50, p95 } = &variant.difference;
        let differences = [p5, p50, p95].map(|amount| short(amount));
        let [low, middle, high] = bills;
        let [less, between, more] = differences;
        let cheaper = format!("{} %", variant.percent_cheaper);
        rows.push([variant.name.clone(), low, middle, high, less, between, more, cheaper]);
    }
    let _ = writeln!(
        text,
        "\nVariants in the same runs, and their difference from the baseline of the same run, in {currency}"
    );
    table(text, &rows);
}

fn of<'s>(variant: &'s VariantSummary, currency: &str) -> Option<&'s VariantTotal> {
    variant.totals.iter().find(|total| total.currency == currency)
}

fn bills(text: &mut String, simulation: &Simulation, currency: &str) {
    let mut rows = vec![
        ["", "bill", "charged", "free", "customers", "per customer", "conversations", "per conversation"]
            .map(str::to_owned),
    ];
    for variant in &simulation.variants {
        let Some(total) = of(variant, currency) else { continue };
        let count = |count: u64| group_thousands(&count.to_string());
        let unit = |unit: &Option<String>| unit.clone().unwrap_or_else(|| "–".to_owned());
        rows.push([
            variant.name.clone(),
            minor(&total.billed_cost, currency),
            count(total.charged_messages),
            count(total.free_messages),
            count(variant.customers),
            unit(&total.per_customer),
            count(variant.conversations),
            unit(&total.per_conversation),
        ]);
    }
    let _ = writeln!(text, "\nBills in {currency}");
    table(text, &rows);
}

/// The bill in whole minor units of its currency.
fn minor(amount: &str, currency: &str) -> String {
    let decimals = Currency::parse(currency).map_or(2, |currency| currency.minor_decimals());
    Money::parse(amount).map_or_else(|_| amount.to_owned(), |amount| amount.grouped(decimals))
}

fn causes(text: &mut String, simulation: &Simulation, currency: &str) {
    let header = ["", "difference"].into_iter().chain(BillCause::ALL.map(BillCause::name)).map(str::to_owned);
    let mut rows: Vec<[String; 8]> = vec![array(header)];
    for variant in &simulation.variants[1..] {
        let Some(total) = of(variant, currency) else { continue };
        let amounts = total.difference_by_cause.iter().map(|step| short(&step.amount));
        rows.push(array([variant.name.clone(), short(&total.difference)].into_iter().chain(amounts)));
    }
    let _ = writeln!(text, "\nDifference from the baseline in {currency}, by cause, in this order");
    table(text, &rows);
}

fn array(cells: impl Iterator<Item = String>) -> [String; 8] {
    let mut cells = cells;
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

/// With two decimals, for people; the exact amount stands in the JSON.
fn short(amount: &str) -> String {
    let (sign, size) = amount.strip_prefix('-').map_or(("", amount), |size| ("-", size));
    let Ok(size) = Money::parse(size) else { return amount.to_owned() };
    let text = size.grouped(2);
    if size.rounded(2).is_zero() { text } else { format!("{sign}{text}") }
}

fn table<const COLUMNS: usize>(text: &mut String, rows: &[[String; COLUMNS]]) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    for row in rows {
        let mut line = format!("  {:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            let _ = write!(line, "  {cell:>width$}");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn remarks(text: &mut String, simulation: &Simulation) {
    for variant in &simulation.variants {
        if variant.changed_messages == Some(0) {
            let _ = writeln!(text, "\n{}: its policies change no message", variant.name);
        }
        for total in variant.totals.iter().filter(|total| total.unpriced_messages > 0) {
            let messages = group_thousands(&total.unpriced_messages.to_string());
            let _ = writeln!(text, "\n{}: {messages} charges have no known rate and are not in the bill", variant.name);
        }
        for total in &variant.provider_totals {
            let amount = minor(&total.amount, &total.currency);
            let _ = writeln!(text, "\n{}: the provider takes {} {amount} beside that", variant.name, total.currency);
        }
    }
}
