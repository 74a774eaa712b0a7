//! How well a fitted scenario shows what its log shows.

use serde::Serialize;

/// Version of the form of the table.
const SCHEMA_VERSION: u32 = 1;

/// One figure, of the log and of the scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the columns of the table")]
pub struct FitFigure {
    pub group: String,
    pub quantity: String,
    pub log: String,
    pub scenario: String,
    pub low: String,
    pub high: String,
    pub difference: String,
    /// Whether the log lies within the bounds.
    pub within: bool,
}

/// All of them.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "what stands around the table")]
pub struct FitTable {
    pub schema_version: u32,
    pub program: &'static str,
    pub program_version: &'static str,
    pub log: String,
    /// Simulations that the scenario's figures and bounds come from.
    pub runs: u32,
    pub figures: Vec<FitFigure>,
    /// Messages that the scenario does not hold, by kind.
    pub left_out: Vec<LeftOut>,
}

/// Messages of one kind that a scenario does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "a name and a count")]
pub struct LeftOut {
    pub what: String,
    pub messages: u64,
}

impl FitTable {
    /// A table.
    pub fn new(log: &str, runs: u32, figures: Vec<FitFigure>, left_out: Vec<LeftOut>) -> FitTable {
        FitTable {
            schema_version: SCHEMA_VERSION,
            program: env!("CARGO_PKG_NAME"),
            program_version: env!("CARGO_PKG_VERSION"),
            log: log.to_owned(),
            runs,
            figures,
            left_out,
        }
    }

    /// The bill, in each currency.
    pub fn bills(&self) -> impl Iterator<Item = &FitFigure> {
        self.figures.iter().filter(|figure| figure.group == "total")
    }
}
