//! How much may come out of a compressed input: small files that unpack without end would fill the disk and never finish.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::Sha256;

/// When an archive is taken for a trap: it gave more than `free` bytes, and more than `times` its own size. Logs shrink to a tenth or
/// a fiftieth; what shrinks to less holds nothing but repetition. Memory is bounded by `--max-line` with or without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InflationLimit {
    /// Bytes that any archive may give.
    pub free: u64,
    /// How many times its size it may give beyond that.
    pub times: u64,
}

impl Default for InflationLimit {
    fn default() -> InflationLimit {
        InflationLimit { free: 1 << 30, times: 200 }
    }
}

/// Bytes on disk so far: their hash and number.
pub(super) type Digest = Arc<Mutex<(Sha256, u64)>>;

/// Passes what a decoder gives, up to the limit.
pub(super) struct Inflated<R> {
    pub(super) decoder: R,
    pub(super) limit: InflationLimit,
    /// Of what the decoder has taken.
    pub(super) taken: Digest,
    pub(super) given: u64,
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer)?;
        self.given += read as u64;
        if self.given > self.limit.free {
            let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner).1;
            if self.given / self.limit.times > taken {
                return Err(self.refusal(taken));
            }
        }
        Ok(read)
    }
}

impl<R> Inflated<R> {
    fn refusal(&self, taken: u64) -> io::Error {
        let InflationLimit { free, times } = self.limit;
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "unpacks to more than {times} times its size ({taken} bytes gave {} so far, and up to {free} are allowed whatever \
                 the size); if it is a log all the same, unpack it and name the unpacked file",
                self.given
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inflated(bytes: usize, taken: u64, limit: InflationLimit) -> io::Result<usize> {
        let decoder = io::repeat(b'0').take(bytes as u64);
        let taken = Arc::new(Mutex::new((Sha256::default(), taken)));
        Inflated { decoder, limit, taken, given: 0 }.read_to_end(&mut Vec::new())
    }

    #[test]
    fn both_limits_must_be_passed() {
        let limit = InflationLimit { free: 1000, times: 10 };
        assert_eq!(inflated(1000, 1, limit).unwrap(), 1000);
        assert_eq!(inflated(5000, 500, limit).unwrap(), 5000);
        let error = inflated(6000, 500, limit).unwrap_err().to_string();
        assert!(error.contains("more than 10 times its size (500 bytes gave"), "{error}");
    }
}
