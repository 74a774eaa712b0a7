//! What has the mark of Parquet.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let marked = if bytes.starts_with(b"PAR1") { bytes.to_vec() } else { [b"PAR1", bytes, b"PAR1"].concat() };
    wabill_fuzz::read_in_every_way(&marked, None);
});
