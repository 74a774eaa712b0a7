//! What crosses chats: allowances and volume tiers, and then the price.
//!
//! A **pool** is what shares an allowance or a counter of tiers. Nothing here feeds back into judging. A first pass over the verdicts
//! counts the units of each pool by hour ([`PoolCounts`]); where a count crosses a bound, a second pass collects the units of that one
//! hour, and the first unit beyond the bound is found among them ([`Positions`]). The last pass compares each unit with those few, so
//! no verdict is ever kept and memory does not grow with messages.
//!
//! A provider's own fees are a second meter over the same verdicts ([`ProviderMeter`]), which nothing of Meta's depends on.

mod counts;
mod pool;
mod positions;
mod price;
mod provider_fees;
mod provider_meter;
mod rater;

pub use counts::PoolCounts;
pub use pool::{PoolKey, Sender, Unit, hour_of, may_count, units};
pub use positions::{OrderKey, Positions, Search, Sought, carried_in};
pub use provider_fees::ProviderCharge;
pub use provider_meter::{MeterPlace, ProviderMeter};
pub use rater::{Rateable, Rater};
