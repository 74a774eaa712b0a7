//! Inputs by name: a file, a pattern, all logs of a folder, stdin.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ReadError;
use super::source::Input;

/// Endings of files that may be logs, in the order in which they are taken off a name. Within a folder only these are read.
pub const LOG_ENDINGS: [&str; 9] = ["gz", "zst", "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet"];
/// Side files that stand beside logs and are none (contract §2).
const SIDE_FILES: [&str; 6] =
    ["accounts.csv", "accounts.proposed.csv", "templates.csv", "aliases.csv", "carry_in.csv", "analytics.csv"];

/// What a name stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// Inputs, sorted by name.
    pub inputs: Vec<Input>,
    /// Files of a folder that were passed over: no log by their name.
    pub passed_over: Vec<PathBuf>,
}

/// Files that a name stands for: itself, what a pattern matches, or all logs of a folder and the folders in it.
pub fn expand(name: &str) -> Result<Expanded, ReadError> {
    if name == "-" {
        return Ok(Expanded { inputs: vec![Input::Stdin], ..Expanded::default() });
    }
    let is_glob = name.contains(['*', '?', '[']) && !Path::new(name).exists();
    let paths = if is_glob { matches(name)? } else { vec![PathBuf::from(name)] };
    let mut expanded = Expanded::default();
    for path in paths {
        if path.is_dir() {
            let io = |source| ReadError::Io { name: path.display().to_string(), source };
            add_folder(&path, &mut expanded).map_err(io)?;
        } else {
            expanded.inputs.push(Input::File(path));
        }
    }
    if expanded.inputs.is_empty() {
        let message = format!("holds no log; a log is a file ending in .{}", LOG_ENDINGS.join(", ."));
        return Err(ReadError::NotALog { name: name.to_owned(), message });
    }
    Ok(expanded)
}

fn matches(pattern: &str) -> Result<Vec<PathBuf>, ReadError> {
    let not_a_log = |message: String| ReadError::NotALog { name: pattern.to_owned(), message };
    let paths = glob::glob(pattern).map_err(|error| not_a_log(format!("is no pattern: {error}")))?;
    let path =
        |path: glob::GlobResult| path.map_err(|error| ReadError::Io { name: pattern.to_owned(), source: error.into() });
    let paths = paths.map(path).collect::<Result<Vec<_>, _>>()?;
    if paths.is_empty() { Err(not_a_log("matches no file".to_owned())) } else { Ok(paths) }
}

fn add_folder(folder: &Path, expanded: &mut Expanded) -> io::Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().to_lowercase());
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            add_folder(&path, expanded)?;
        } else if is_log(&name) {
            expanded.inputs.push(Input::File(path));
        } else {
            expanded.passed_over.push(path);
        }
    }
    Ok(())
}

fn is_log(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    LOG_ENDINGS.contains(&ending) && !SIDE_FILES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_its_logs_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("2026-10");
        fs::create_dir(&inner).unwrap();
        for name in ["b.json.gz", "a.csv", "accounts.csv", "README.md", ".hidden.csv"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        fs::write(inner.join("c.jsonl"), "x").unwrap();
        let expanded = expand(folder.path().to_str().unwrap()).unwrap();
        let names = |paths: Vec<&Path>| {
            let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
            paths.into_iter().map(name).collect::<Vec<_>>()
        };
        let files = expanded.inputs.iter().map(|input| match input {
            Input::File(path) => path.as_path(),
            _ => panic!("no file"),
        });
        assert_eq!(names(files.collect()), ["c.jsonl", "a.csv", "b.json.gz"]);
        assert_eq!(names(expanded.passed_over.iter().map(PathBuf::as_path).collect()), ["README.md", "accounts.csv"]);
        assert!(expand(inner.join("nothing*").to_str().unwrap()).is_err());
        fs::remove_file(inner.join("c.jsonl")).unwrap();
        assert!(expand(inner.to_str().unwrap()).unwrap_err().to_string().contains("holds no log"));
    }
}
