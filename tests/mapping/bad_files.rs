//! Mapping files that are wrong.
