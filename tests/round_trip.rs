//! One random scenario, written in every form that a log can have, gives one bill (log-formats §8).
//!
//! The canonical CSV is replayed first. Its verdicts stand in for Meta's: the webhooks of the same scenario carry `pricing` and
//! `conversation` objects made of them, and lose what webhooks lose (types and names of templates, order, some `delivered`).
//! `WABILL_SEEDS=n cargo test --test round_trip` tries more.
#![allow(
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    clippy::needless_for_each,
    reason = "texts are built where they are read"
)]
#![allow(
    clippy::format_collect,
    clippy::doc_markdown,
    clippy::struct_excessive_bools,
    reason = "names of providers; what an era has"
)]

#[path = "round_trip/canonical.rs"]
mod canonical;
#[path = "round_trip/checks.rs"]
mod checks;
#[path = "round_trip/compare.rs"]
mod compare;
#[path = "round_trip/files.rs"]
mod files;
#[path = "round_trip/outcome.rs"]
mod outcome;
#[path = "round_trip/pricing.rs"]
mod pricing;
#[path = "round_trip/provider.rs"]
mod provider;
#[path = "round_trip/scenario.rs"]
mod scenario;
#[path = "round_trip/tables.rs"]
mod tables;
#[path = "round_trip/talk.rs"]
mod talk;
#[path = "round_trip/trip.rs"]
mod trip;
#[path = "round_trip/webhook.rs"]
mod webhook;
