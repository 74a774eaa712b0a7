//! Pieces of logs: a header, two good rows, and ways to put a bad one between them.

use std::fmt::Write as _;
use std::io::Write;

pub(crate) const HEADER: &str = "message_id,direction,phone_number_id,customer_id,message_type,template_name,template_category,sent_at,delivered_at,status,tokens,origin,product,customer_country,customer_user_id";
pub(crate) const GOOD_1: &str =
    "good1,outbound,100,5511999990001,template,hello,marketing,2026-10-05T10:00:00Z,2026-10-05T10:00:05Z,,,,,,";
pub(crate) const GOOD_2: &str =
    "good2,outbound,100,5511999990002,template,hello,utility,2026-10-05T11:00:00Z,2026-10-05T11:00:05Z,,,,,,";

/// The good rows with something between them; what is between them stands in line 3.
pub(crate) fn between(middle: &[u8]) -> Vec<u8> {
    let mut log = format!("{HEADER}\n{GOOD_1}\n").into_bytes();
    log.extend_from_slice(middle);
    log.extend_from_slice(format!("\n{GOOD_2}\n").as_bytes());
    log
}

pub(crate) fn good() -> String {
    format!("{HEADER}\n{GOOD_1}\n{GOOD_2}\n")
}

/// A log in which nothing has to be assumed: a customer wrote two weeks before, so nothing is open.
pub(crate) fn nothing_assumed() -> String {
    format!("{HEADER}\nin1,inbound,100,5511999990001,text,,,2026-09-20T08:00:00Z,,,,,,,\n{GOOD_1}\n{GOOD_2}\n")
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("compresses")
}

/// A Zstandard frame of one raw block (RFC 8878 §3.1.1): no compressor is needed to write one.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    let size = u32::try_from(bytes.len()).expect("short");
    // Single segment with a content size of four bytes; no checksum, no dictionary.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend_from_slice(&size.to_le_bytes());
    // A block header is three bytes: last block, type 0 (raw), size.
    frame.extend_from_slice(&(size << 3 | 1).to_le_bytes()[..3]);
    frame.extend_from_slice(bytes);
    frame
}

pub(crate) fn utf16(text: &str, little_endian: bool) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(|unit: u16| if little_endian { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

/// 50 MB of rows: long enough that judging and writing are met, too.
pub(crate) fn large() -> String {
    let mut log = format!("{HEADER}\n");
    for i in 0..400_000 {
        let (customer, day) = (i % 50_000, 1 + i % 5);
        let start = format!("wamid.{i:032},outbound,100,55119{customer:08},template,hello,marketing");
        let _ = writeln!(log, "{start},2026-10-{day:02}T10:00:00Z,2026-10-05T10:00:05Z,,,,,,");
    }
    log
}
