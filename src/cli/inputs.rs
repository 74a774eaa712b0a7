//! Side files by path, and the embedded sample.

use std::path::{Path, PathBuf};

use wabill::read::{Input, LOG_ENDINGS, expand, sha256};
use wabill::summarise::InputFacts;
use wabill::tariff::NamedText;

use super::failure::Failure;
use super::tell;

/// The embedded sample log and its accounts.
const SAMPLE_LOG: &[u8] = include_bytes!("../../data/sample/messages.csv");
const SAMPLE_ACCOUNTS: &str = include_str!("../../data/sample/accounts.csv");

/// Name of the embedded sample.
pub(crate) const SAMPLE: &str = "sample";

/// The inputs that a command names, or the sample.
pub(crate) fn logs(names: &[String]) -> Result<Vec<Input>, Failure> {
    if names.is_empty() {
        return Ok(vec![Input::Embedded(SAMPLE, SAMPLE_LOG)]);
    }
    if names.iter().filter(|name| *name == "-").count() > 1 {
        return Err(Failure::Usage("- (stdin) can be read only once".to_owned()));
    }
    let mut inputs = Vec::new();
    for name in names {
        let expanded = expand(name)?;
        if !expanded.passed_over.is_empty() {
            passed_over(name, &expanded.passed_over);
        }
        for input in expanded.inputs {
            if inputs.contains(&input) {
                return Err(Failure::Usage(format!("{} is named twice", input.name())));
            }
            inputs.push(input);
        }
    }
    Ok(inputs)
}

/// Says which files of a folder are not read.
fn passed_over(folder: &str, paths: &[PathBuf]) {
    let names = paths.iter().take(3).map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let more = if paths.len() > 3 { format!(" and {} more", paths.len() - 3) } else { String::new() };
    tell(&format!("{folder}: not read, as they are no logs by their names: {names}{more}"));
}

/// The log's name: of the folder, or of the first input without folders and endings.
pub(crate) fn title(names: &[String], inputs: &[Input]) -> String {
    let first = match names {
        [only] if Path::new(only).is_dir() => only.clone(),
        _ => inputs.first().map_or_else(String::new, Input::name),
    };
    if first == "-" {
        return "stdin".to_owned();
    }
    let file = Path::new(&first).file_name().map_or_else(String::new, |file| file.to_string_lossy().into_owned());
    let mut stem = file.as_str();
    while let Some((shorter, ending)) = stem.rsplit_once('.')
        && LOG_ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
    {
        stem = shorter;
    }
    if stem.is_empty() { "log".to_owned() } else { stem.to_owned() }
}

/// The accounts that belong to the sample.
pub(crate) fn sample_accounts() -> NamedText {
    NamedText { name: "sample/accounts.csv".to_owned(), text: SAMPLE_ACCOUNTS.to_owned() }
}

/// A side file as text. That it cannot be read is wrong usage: it was named by hand.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let wrong = |what: &dyn std::fmt::Display| Failure::Usage(format!("{}: {what}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| wrong(&error))?;
    String::from_utf8(bytes).map_err(|_| wrong(&"is not UTF-8"))
}

/// A side file with its name.
pub(crate) fn read_named(path: &Path) -> Result<NamedText, Failure> {
    Ok(NamedText { name: path.display().to_string(), text: read_text(path)? })
}

/// What the summary says of a side file.
pub(crate) fn side_file_facts(role: &'static str, file: &NamedText) -> InputFacts {
    let path = Path::new(&file.name);
    let name = path
        .file_name()
        .filter(|_| path.is_absolute())
        .map_or_else(|| file.name.clone(), |name| name.to_string_lossy().into_owned());
    InputFacts { name, role, bytes: file.text.len() as u64, sha256: sha256(file.text.as_bytes()), rows: None }
}
