//! Damaged logs: cut off, of wrong types, too deep, too long, of no encoding. Whatever stands in an input, reading ends, each row is
//! taken or rejected with its place and reason, and what is not damaged is read as if nothing were beside it.

#[path = "mutations/bytes.rs"]
mod bytes;
#[path = "mutations/cells.rs"]
mod cells;
#[path = "mutations/found.rs"]
mod found;
#[path = "mutations/logs.rs"]
mod logs;
#[path = "mutations/memory.rs"]
mod memory;
#[path = "mutations/paths.rs"]
mod paths;
#[path = "mutations/told.rs"]
mod told;
#[path = "mutations/unpacked.rs"]
mod unpacked;
#[path = "mutations/values.rs"]
mod values;
