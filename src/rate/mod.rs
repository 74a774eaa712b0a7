//! What crosses chats: allowances and volume tiers, and then the price.
//!
//! A **pool** is what shares an allowance or a counter of tiers. Nothing here feeds back into judging. A first pass over the verdicts
//! counts the units of each pool by hour ([`PoolCounts`]); where a count crosses a bound, a second pass collects the units of that one
//! hour, and the first unit beyond the bound is found among them ([`Positions`]). The last pass compares each unit with those few, so
//! no verdict is ever kept and memory does not grow with messages.

mod pool;
mod positions;
mod price;
mod rater;

pub use pool::{PoolCounts, PoolKey, Sender, Unit, units};
pub use positions::{OrderKey, Positions, Search, Sought, carried_in};
pub use rater::{Rateable, Rater};
