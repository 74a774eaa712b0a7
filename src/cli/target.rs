//! Where a log is written to: a file of its own, or stdout.

use std::fs::File;
use std::io::{self, BufWriter, Stdout, Write};

use super::output::close;
use super::output_file::OutputFile;

/// Where the output goes.
pub(crate) enum Target {
    File(BufWriter<File>),
    Stdout(BufWriter<Stdout>),
}

impl Target {
    /// The file, or stdout if there is none.
    pub(crate) fn open(output: Option<&OutputFile>) -> io::Result<Target> {
        match output {
            Some(output) => output.open(None).map(Target::File),
            None => Ok(Target::Stdout(BufWriter::new(io::stdout()))),
        }
    }

    /// Writes out what is buffered and tells of trouble that only the end brings.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Target::File(file) => close(file),
            Target::Stdout(mut out) => out.flush(),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::File(file) => file.write(bytes),
            Target::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::File(file) => file.flush(),
            Target::Stdout(out) => out.flush(),
        }
    }
}
