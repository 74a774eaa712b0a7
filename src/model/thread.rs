//! One customer's thread, step by step, as `explain` shows it.

use super::{Currency, Day, Direction, Instant, Money, VerdictRow};

/// The row of a rate card that a price stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the columns of data/rates.csv")]
pub struct RateShown {
    pub effective: Day,
    pub currency: Currency,
    pub market: String,
    pub category: &'static str,
    pub rate: Money,
    pub source: String,
}

/// One message of a thread.
#[derive(Debug)]
pub struct ThreadStep<'a> {
    /// When it took its turn.
    pub at: Instant,
    /// Its id.
    pub message_id: &'a str,
    /// Which way it went.
    pub direction: Direction,
    /// What it is, in a word or two.
    pub what: String,
    /// The windows after it, each with its end: `customer service window until …`.
    pub windows: Vec<(String, Instant)>,
    /// The verdict, for outbound messages.
    pub row: Option<VerdictRow<'a>>,
    /// The rate row it was priced by.
    pub rate_row: Option<RateShown>,
    /// Why there is no price, if there is none.
    pub unpriced: Option<String>,
    /// Whether it is the message that was asked for.
    pub asked_for: bool,
}

/// One thread.
#[derive(Debug)]
pub struct Thread<'a> {
    /// The business phone number.
    pub phone_number_id: String,
    /// The WABA's zone, in which days are counted.
    pub zone: &'static str,
    /// The customer.
    pub customer: String,
    /// Its messages in their turns.
    pub steps: Vec<ThreadStep<'a>>,
}
