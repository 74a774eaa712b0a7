//! A file that is packed while it is written, as its ending says.

use std::io::{self, Write};

use flate2::write::GzEncoder;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    None,
    Gzip,
    Zstd,
}

impl Packing {
    /// How a file of that name is packed, and its name without that ending.
    pub(crate) fn by_ending(name: &str) -> (&str, Packing) {
        match name.rsplit_once('.') {
            Some((stem, "gz")) => (stem, Packing::Gzip),
            Some((stem, "zst")) => (stem, Packing::Zstd),
            _ => (name, Packing::None),
        }
    }
}

/// What packs it.
pub(crate) enum Packed<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Packed<W> {
    pub(crate) fn new(packing: Packing, out: W) -> io::Result<Packed<W>> {
        Ok(match packing {
            Packing::None => Packed::Plain(out),
            Packing::Gzip => Packed::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Packing::Zstd => Packed::Zstd(zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?),
        })
    }

    /// Ends it and gives back what it went to.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Packed::Plain(out) => Ok(out),
            Packed::Gzip(encoder) => encoder.finish(),
            Packed::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Packed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packed::Plain(out) => out.write(bytes),
            Packed::Gzip(encoder) => encoder.write(bytes),
            Packed::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packed::Plain(out) => out.flush(),
            Packed::Gzip(encoder) => encoder.flush(),
            Packed::Zstd(encoder) => encoder.flush(),
        }
    }
}
