//! wabill.
pub mod model;
pub mod tariff;
pub mod judge;
pub mod read;
pub mod chat;
pub mod rate;
pub mod scenario;
pub mod summarise;
pub mod engine;
pub mod report;
