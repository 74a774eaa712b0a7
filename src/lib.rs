//! wabill.
pub mod model;
pub mod tariff;
