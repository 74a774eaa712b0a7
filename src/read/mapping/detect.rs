//! Recognises logs by their columns or keys, and says what was seen where none fits.

use std::sync::Arc;

use serde_json::Value;

use crate::read::ReadError;

use super::Mapping;
use super::built_in::all_built_in;

const DELIMITERS: [(u8, &str); 4] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs"), (b'|', "bars")];
/// Names that an error lists.
const NAMES_SHOWN: usize = 20;

/// What a delimiter is called in messages.
pub(in crate::read) fn delimiter_name(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(known, _)| *known == delimiter).map_or("delimiters", |(_, name)| name)
}

/// What stands between the fields of a header: what is in it most often, outside of quotes; commas where nothing is.
pub(in crate::read) fn delimiter(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in header {
        quoted ^= *byte == b'"';
        if let Some(place) = DELIMITERS.iter().position(|(known, _)| known == byte).filter(|_| !quoted) {
            counts[place] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let place = counts.iter().position(|count| *count == most).unwrap_or(0);
    DELIMITERS[place].0
}

/// The built-in mapping of a table with these columns.
pub(in crate::read) fn fitting_table(names: &[String], input: &str) -> Result<Option<Arc<Mapping>>, ReadError> {
    fitting(input, |mapping| mapping.detect.iter().any(|all| all.iter().all(|source| source.column(names).is_some())))
}

/// The built-in mapping of a JSON document.
pub(in crate::read) fn fitting_json(document: &Value, input: &str) -> Result<Option<Arc<Mapping>>, ReadError> {
    fitting(input, |mapping| mapping.detect.iter().any(|all| all.iter().all(|source| source.is_in(document))))
}

fn fitting(input: &str, fits: impl Fn(&Mapping) -> bool) -> Result<Option<Arc<Mapping>>, ReadError> {
    let not_a_log = |message: String| ReadError::NotALog { name: input.to_owned(), message };
    let mappings = all_built_in().map_err(|error| not_a_log(error.to_string()))?;
    let mut fitting = mappings.iter().filter(|mapping| fits(mapping));
    match (fitting.next(), fitting.next()) {
        (Some(first), Some(second)) => Err(not_a_log(format!(
            "could be a log of {} or of {}; say which with --input-format {} or --input-format {}",
            first.name, second.name, first.name, second.name
        ))),
        (found, _) => Ok(found.cloned()),
    }
}

/// What was seen of a table that is neither canonical nor known, and what to do.
pub(in crate::read) fn not_known(names: &[String], delimiter: u8) -> String {
    let mut shown = names.iter().take(NAMES_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > NAMES_SHOWN {
        shown.push_str(", ...");
    }
    let between = match delimiter {
        b',' => String::new(),
        other => format!(" between {}", delimiter_name(other)),
    };
    format!(
        "Its columns{between} are {shown}, which no built-in mapping knows; for another provider's log: `wabill mapping suggest FILE > mapping.toml`, then --mapping mapping.toml"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_fields_is_what_is_there_most() {
        for (header, expected) in
            [("a,b", b','), ("a;b;\"c,d,e,f\"", b';'), ("a\tb", b'\t'), ("a|b|c,d", b'|'), ("alone", b','), ("", b',')]
        {
            assert_eq!(delimiter(header.as_bytes()), expected, "{header}");
        }
    }
}
