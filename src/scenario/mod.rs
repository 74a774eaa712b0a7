//! Scenarios: what to replay, invented or real, and what to try on it.
//!
//! In: the text of a scenario file ([`Scenario::parse`]). It names a log, or describes [`Traffic`]: a population (markets, segments),
//! what the business does (journeys, campaigns, replies) and how well messages arrive.
//!
//! Out: from traffic, the entries of a message log, customer by customer ([`Population`], [`entries`]), each as texts for a file or as
//! the observation that a reader would make of it; and the account file that goes with it ([`accounts`]). What reads a real log reads
//! these, and nothing in them says what a message should cost.
//!
//! Same scenario, same bytes. Every customer draws from a random stream of their own, chosen by the scenario's seed, the country or
//! segment, and the customer's rank there. So adding customers, a market or a segment leaves the traffic of everybody else as it was.
//!
//! One way through the files:
//!
//! ```text
//! document ──▶ file ──▶ traffic, audience, conditions ──▶ customer ──▶ diary (arrivals, journeys, campaigns, clicks, talk) ──▶ delivery ──▶ log
//! tree, places          what is asked                     who          what is said and tried, second by second                what came    entries
//! ```

#![expect(clippy::float_arithmetic, reason = "shares, rates and waits are chance, and no amount of money")]

mod apply;
mod arrivals;
mod audience;
mod calendar;
mod campaigns;
mod chance;
mod check;
mod clicks;
mod conditions;
mod customer;
mod defaults;
mod delivery;
mod diary;
mod dice;
mod document;
mod error;
mod file;
pub mod fit;
mod frequency;
mod journeys;
mod log;
mod monte_carlo;
mod number_pattern;
mod places;
mod policy;
mod rules;
mod said;
mod talk;
mod traffic;
mod values;

pub use apply::Unfaithful;
pub use customer::Population;
pub use error::ScenarioError;
pub use file::{Scenario, Source, Variant};
pub use log::{Entry, EntryTexts, LOG_COLUMNS};
pub use monte_carlo::MonteCarlo;
pub use policy::Policies;
pub use rules::{CarriedIn, LogSource, RuleChanges};
pub use said::Said;
pub use traffic::Traffic;

/// The message log of a scenario's traffic: canonical CSV (message form), UTF-8, one header line, one row a message, `\n` line ends,
/// RFC 3339 times in UTC with whole seconds.
///
/// Traffic in which nobody says anything gives no bytes at all. Rows stand in the order in which they were logged. That is nearly the
/// order of time, but not quite, and some rows stand there twice, as far as the scenario's `[traffic.log]` asks for it.
pub fn generate(traffic: &Traffic) -> Vec<u8> {
    let population = Population::new(traffic);
    let mut all: Vec<Entry<'_>> = (0..population.size()).flat_map(|customer| entries(&population, customer)).collect();
    log::sort(&mut all);
    log::csv(&all)
}

/// The log entries of one customer, number by number, each in the order of time.
pub fn entries<'t>(population: &'t Population<'t>, customer: u64) -> Vec<Entry<'t>> {
    let written = diary::write(population, population.customer(customer));
    delivery::settle(population.traffic, written)
}

/// The account file of a scenario's traffic: one row a number, in the order of the numbers' names, with the columns of `accounts.csv`
/// that a scenario knows.
pub fn accounts(traffic: &Traffic) -> Vec<u8> {
    log::accounts(traffic)
}
