//! Anything at all: what it is, is found by its content; packed inputs and every reader are behind it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wabill_fuzz::read_in_every_way(bytes, None));
