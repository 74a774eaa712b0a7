//! Side files by path, and the embedded sample.

use std::path::Path;

use wabill::read::{Input, expand, sha256};
use wabill::summarise::InputFacts;
use wabill::tariff::NamedText;

use super::failure::Failure;

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
        for input in expand(name)? {
            if inputs.contains(&input) {
                return Err(Failure::Usage(format!("{} is named twice", input.name())));
            }
            inputs.push(input);
        }
    }
    Ok(inputs)
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
