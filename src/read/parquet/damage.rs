//! A damaged file must not end the run: what the Parquet library makes of it, panics included, becomes an error that names the file.

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use parquet::errors::ParquetError;

use crate::read::ReadError;

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// While a file is decoded a panic is an ordinary outcome, of which nothing is printed.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !DECODING.get() {
                before(info);
            }
        }));
    });
}

/// Runs the library's code on a file that may be anything.
pub(super) fn guarded<T>(name: &str, decode: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ReadError> {
    hush();
    DECODING.set(true);
    // Whatever a panic leaves half done is dropped with the file's reader.
    let outcome = catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(false);
    match outcome {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(error)) => Err(read_error(name, error)),
        Err(_) => Err(damaged(name, "its pages cannot be decoded")),
    }
}

fn read_error(name: &str, error: ParquetError) -> ReadError {
    match error {
        ParquetError::External(error) => match disk_fault(error) {
            Ok(source) => ReadError::Io { name: name.to_owned(), source },
            Err(error) => damaged(name, &error.to_string()),
        },
        ParquetError::General(what) | ParquetError::EOF(what) => damaged(name, &what),
        other => damaged(name, &other.to_string()),
    }
}

/// What the system says of the disk, as against what a decoder says of bytes.
fn disk_fault(error: Box<dyn Error + Send + Sync>) -> Result<io::Error, Box<dyn Error + Send + Sync>> {
    let error = error.downcast::<io::Error>()?;
    if error.raw_os_error().is_some() { Ok(*error) } else { Err(error) }
}

fn damaged(name: &str, what: &str) -> ReadError {
    let message = format!("is no Parquet file that can be read, or is damaged: {what}; export or copy it again");
    ReadError::NotALog { name: name.to_owned(), message }
}
