//! Parquet: columns are gathered, some rows at a time, on any thread, packed side by side, and put into the file group by group.
//!
//! The bytes follow from the rows alone: a file names no version, no clock and no machine.

mod column;
mod file;
mod group;
mod numbers;
mod repeated;
mod tables;
mod texts;

pub(super) use column::Kind;
pub(super) use file::ParquetFile;
pub(super) use group::Group;
pub use tables::{ParquetRows, ParquetTable};
