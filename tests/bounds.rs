//! What a log leaves open is bounded: small logs with hand-computed bounds, and random ones of which a part is taken away.
//!
//! Rates in USD, Brazil: 2026-07 marketing 0.0625, utility and authentication 0.0068 (last tier 0.0051); 2026-10 service 0.0068;
//! 2023-06 marketing 0.0625, utility 0.035, authentication 0.0315, service 0.03; 2022 business-initiated 0.05, user-initiated 0.03.

#[path = "bounds/by_hand.rs"]
mod by_hand;
#[path = "bounds/degraded.rs"]
mod degraded;
#[path = "bounds/log.rs"]
mod log;
