//! Between what amounts a bill lies that its log does not determine.

use serde::{Serialize, Serializer};

use crate::model::{Currency, Money};

/// What one cause can make of the bill, all else as billed.
#[derive(Clone, Debug, Serialize)]
pub struct CauseBounds {
    /// Its name.
    pub cause: &'static str,
    /// The bill at its cheapest.
    #[serde(serialize_with = "as_text")]
    pub low: Money,
    /// The bill at its dearest.
    #[serde(serialize_with = "as_text")]
    pub high: Money,
    /// The difference.
    #[serde(serialize_with = "as_text")]
    pub at_stake: Money,
    /// Billed messages that it concerns.
    pub messages: u64,
    /// What is open.
    pub why: &'static str,
    /// What would settle it.
    pub remedy: &'static str,
}

/// The bounds of the bill in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct Bounds {
    /// The currency.
    #[serde(serialize_with = "as_text")]
    pub currency: Currency,
    /// The smallest bill of all that were tried.
    #[serde(serialize_with = "as_text")]
    pub low: Money,
    /// The largest.
    #[serde(serialize_with = "as_text")]
    pub high: Money,
    /// What was billed; below `low` where templates of unknown category are not priced in it.
    #[serde(serialize_with = "as_text")]
    pub billed: Money,
    /// Causes that move money.
    pub causes: Vec<CauseBounds>,
}

fn as_text<S: Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}
