//! Synthetic logs: from a scenario file to the message log of an invented business.
//!
//! In: the text of a scenario file ([`Scenario::parse`]), which describes a population (markets,
//! segments), what the business does (journeys, campaigns, replies) and how well messages arrive.
//!
//! Out: two files as bytes, [`generate`] the message log in the canonical message form and
//! [`accounts`] the account file that goes with it. Both are plain CSV: what reads a real log reads
//! these, and nothing in them says what a message should cost.
//!
//! Same scenario, same bytes. Every customer draws from a random stream of their own, chosen by the
//! scenario's seed, the country and the customer's rank there. So adding customers, or a market,
//! leaves the traffic of everybody else as it was.
//!
//! One way through the files:
//!
//! ```text
//! file, conditions ──▶ customer ──▶ diary (journeys, campaigns, clicks, talk) ──▶ delivery ──▶ log
//! what is asked         who          what is said and tried, second by second     what came    rows
//! ```

mod calendar;
mod campaigns;
mod check;
mod clicks;
mod conditions;
mod customer;
mod delivery;
mod diary;
mod dice;
mod error;
mod file;
mod journeys;
mod log;
mod talk;
mod values;

pub use error::ScenarioError;
pub use file::Scenario;

/// The message log of a scenario: canonical CSV (message form), UTF-8, one header line, one row a
/// message, `\n` line ends, RFC 3339 times in UTC with whole seconds.
///
/// A scenario in which nobody says anything gives no bytes at all. Rows stand in the order in which they were logged. That is nearly the order of time, but not
/// quite, and some rows stand there twice, as far as the scenario's `[log]` asks for it.
pub fn generate(scenario: &Scenario) -> Vec<u8> {
    let mut entries: Vec<log::Entry> = customer::all(scenario)
        .flat_map(|customer| delivery::settle(scenario, diary::write(scenario, customer)))
        .collect();
    log::sort(&mut entries);
    log::csv(&entries)
}

/// The account file of a scenario: one row a number, in the order of the numbers' names, with the
/// columns of `accounts.csv` that a scenario knows.
pub fn accounts(scenario: &Scenario) -> Vec<u8> {
    log::accounts(scenario)
}
