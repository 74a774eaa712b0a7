//! The canonical log as a table. A header that can be read is put before what has none, so that rows are reached.
#![no_main]

use wabill::read::Format;

const HEADER: &[u8] =
    b"message_id,direction,customer_id,sent_at,delivered_at,event,event_at,tokens,referral_source_id\n";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    wabill_fuzz::read_in_every_way(bytes, Some(Format::Canonical));
    if !bytes.starts_with(b"message_id") {
        wabill_fuzz::read_in_every_way(&[HEADER, bytes].concat(), Some(Format::Canonical));
    }
});
