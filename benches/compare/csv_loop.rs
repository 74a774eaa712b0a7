//! The least that reading a CSV takes: a loop over its records with the csv crate's `ByteRecord`, on one thread, nothing converted.
//!
//! `cargo run --release --example csv_loop -- LOG.csv` prints the number of rows and of bytes in their fields.
#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file? csv_loop LOG.csv")?;
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 20).from_path(path)?;
    let mut record = csv::ByteRecord::new();
    let (mut rows, mut bytes) = (0_u64, 0);
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        bytes += record.as_slice().len();
    }
    println!("rows,bytes\n{rows},{bytes}");
    Ok(())
}
