//! Compressed inputs that unpack to far more than a log would.

use std::io::{self, Read, Write};

use wabill::read::{InflationLimit, ReadOptions};

use crate::logs::table;
use crate::told::{Told, read_stream};

/// One row, without an id.
const DOCUMENT: &[u8] = b"{\"messages\":[0]}\n";
const SMALL: InflationLimit = InflationLimit { free: 1 << 20, times: 100 };

fn gzip(mut plain: impl Read) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    io::copy(&mut plain, &mut encoder).expect("compresses");
    encoder.finish().expect("compresses")
}

/// Zstandard frames of one block that repeats a byte (RFC 8878 §3.1.1.2): 128 KiB out of 13 bytes.
fn zstd_of_repeats(byte: u8, frames: usize) -> Vec<u8> {
    const BLOCK: u32 = 128 << 10;
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend_from_slice(&BLOCK.to_le_bytes());
    // Last block, type 1 (repeated), size.
    frame.extend_from_slice(&(BLOCK << 3 | 1 << 1 | 1).to_le_bytes()[..3]);
    frame.push(byte);
    frame.repeat(frames)
}

fn read(bytes: &[u8], limit: InflationLimit) -> Told {
    read_stream(bytes, &ReadOptions { max_line: 1 << 16, ..ReadOptions::default() }, limit)
}

#[test]
fn an_archive_without_end_stops_with_its_figures() {
    let line = [table(), vec![b'x'; 8 << 20]].concat();
    let documents = DOCUMENT.repeat(700_000);
    for (name, archive) in [
        ("one line", gzip(line.as_slice())),
        ("documents", gzip(documents.as_slice())),
        ("zstd", zstd_of_repeats(b'\n', 100)),
        ("zstd, one line", zstd_of_repeats(b'{', 100)),
    ] {
        let told = read(&archive, SMALL);
        let stopped = told.stopped.unwrap_or_else(|| panic!("{name}: read to its end"));
        for word in
            ["damaged: unpacks to more than 100 times its size", "1048576 are allowed", "name the unpacked file"]
        {
            assert!(stopped.contains(word), "{name}: {stopped}");
        }
    }
}

#[test]
fn what_is_small_or_shrinks_like_a_log_is_read() {
    let repeated = DOCUMENT.repeat(61_000);
    let told = read(&gzip(repeated.as_slice()), SMALL);
    assert_eq!((told.stopped, told.rejected.len()), (None, 61_000), "below what any archive may give");
    let mut rows = table();
    let first = rows.clone();
    let header = first.iter().position(|byte| *byte == b'\n').expect("a header") + 1;
    for at in 0..200_u32 {
        // Ids differ from row to row, as those of a log do.
        for line in first[header..].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            write!(rows, "{at}")
                .and_then(|()| rows.write_all(line))
                .and_then(|()| rows.write_all(b"\n"))
                .expect("memory");
        }
    }
    assert!(rows.len() as u64 > SMALL.free);
    let told = read(&gzip(rows.as_slice()), SMALL);
    assert_eq!((told.stopped, told.rows.len()), (None, 201 * 39));
}
