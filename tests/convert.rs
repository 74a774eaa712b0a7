//! `wabill convert` and the Parquet reader: whatever is converted replays alike, and what is damaged is said so.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so at once")]

#[path = "bad_input/logs.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod logs;
#[path = "bad_input/run.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod run;

#[path = "convert/damaged.rs"]
mod damaged;
#[path = "convert/files.rs"]
mod files;
#[path = "convert/outputs.rs"]
mod outputs;
#[path = "convert/parquet_types.rs"]
mod parquet_types;
#[path = "convert/random.rs"]
mod random;
#[path = "convert/replays_alike.rs"]
mod replays_alike;
#[path = "convert/webhooks.rs"]
mod webhooks;
