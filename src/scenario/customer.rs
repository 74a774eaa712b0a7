//! Who the customers are: their number, habits and random stream.

use super::dice::Dice;
use super::file::{Market, Scenario, Segment};

/// One customer. What they are is the same in every run of the scenario, whoever else is in it.
#[derive(Debug)]
pub(super) struct Customer<'a> {
    /// E.164 digits.
    pub(super) phone: String,
    pub(super) market: &'a Market,
    pub(super) segment: &'a Segment,
    /// Whether their phone reports what they read.
    pub(super) receipts: bool,
    pub(super) dice: Dice,
}

/// All customers, country by country.
pub(super) fn all(scenario: &Scenario) -> impl Iterator<Item = Customer<'_>> {
    scenario.market.iter().flat_map(move |(country, market)| {
        (0..*market.customers.get_ref()).map(move |rank| customer(scenario, country, market, rank))
    })
}

fn customer<'a>(scenario: &'a Scenario, country: &str, market: &'a Market, rank: u32) -> Customer<'a> {
    let mut dice = Dice::new(scenario.seed, stream(country, rank));
    let segments = scenario.segment.values().map(|segment| (segment, segment.weight));
    Customer {
        phone: phone(market, rank),
        market,
        segment: dice.by_weight(segments),
        receipts: dice.happens(scenario.delivery.receipts),
        dice,
    }
}

/// The stream's number: the country's letters above the rank, so that neither more customers nor
/// more countries move anybody to another stream.
fn stream(country: &str, rank: u32) -> u64 {
    let letters = country.bytes().fold(0, |letters, letter| letters << 8 | u64::from(letter));
    letters << 32 | u64::from(rank)
}

/// Takes the market's patterns in turn, and in each pattern one place after the other.
fn phone(market: &Market, rank: u32) -> String {
    let patterns = u32::try_from(market.numbers.len()).unwrap_or(u32::MAX);
    let (place, turn) = (rank / patterns, rank % patterns);
    market.numbers[usize::try_from(turn).unwrap_or(0)].number(place)
}
