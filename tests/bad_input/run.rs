//! Runs the program in a folder of its own, so that tests do not meet and messages show short names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder that goes when the test ends; the program runs in it.
pub(crate) struct Sandbox {
    dir: TempDir,
}

/// What a run said and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program speaks UTF-8");
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Sandbox {
    pub(crate) fn new() -> Sandbox {
        Sandbox { dir: TempDir::new().expect("a temporary folder") }
    }

    /// A sandbox with one file.
    pub(crate) fn with(name: &str, bytes: impl AsRef<[u8]>) -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.write(name, bytes);
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("within the sandbox")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// The program, ready to run here; a crash must not fill the output with a back trace.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wabill"));
        command.args(args).current_dir(self.dir.path()).env("RUST_BACKTRACE", "0").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.command(args).output().expect("the program starts").into()
    }

    /// Names of all files below a folder of the sandbox, hidden ones included; none if there is no such folder.
    pub(crate) fn files(&self, folder: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        collect(&self.path(folder), "", &mut names);
        names
    }

    /// The rows of a CSV output, to be asked by column.
    pub(crate) fn table(&self, name: &str) -> Vec<Record> {
        let mut reader = csv::Reader::from_path(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let header = reader.headers().expect("a header").clone();
        reader.records().map(|record| Record { header: header.clone(), record: record.expect("a sound row") }).collect()
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path(name)).expect("a file")).expect("JSON")
    }
}

/// One row of an output.
pub(crate) struct Record {
    header: csv::StringRecord,
    record: csv::StringRecord,
}

impl Record {
    pub(crate) fn get(&self, column: &str) -> &str {
        let at = self.header.iter().position(|name| name == column);
        &self.record[at.unwrap_or_else(|| panic!("no column {column}"))]
    }
}

fn collect(folder: &Path, prefix: &str, names: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), names);
            // An empty folder is a trace, too.
            names.insert(format!("{name}/"));
        } else {
            names.insert(name);
        }
    }
}

/// What speaks against a run: its exit code, a word that is missing, a crash.
pub(crate) fn faults(name: &str, ran: &Ran, code: i32, words: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    if ran.code != Some(code) {
        faults.push(format!("{name}: exit {:?} instead of {code}: {}", ran.code, ran.stderr.trim_end()));
    }
    if ran.stderr.contains("panicked") {
        faults.push(format!("{name}: panicked: {}", ran.stderr.trim_end()));
    }
    for word in words.iter().filter(|word| !ran.stderr.contains(**word)) {
        faults.push(format!("{name}: stderr does not say '{word}': {}", ran.stderr.trim_end()));
    }
    faults
}

/// One report for all cases, so that the first fault does not hide the others.
pub(crate) fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
