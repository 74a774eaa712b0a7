//! Webhooks, in any framing.
#![no_main]

use wabill::read::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wabill_fuzz::read_in_every_way(bytes, Some(Format::Webhooks)));
