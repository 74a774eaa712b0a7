//! What can be wrong with a scenario file.

/// Why a scenario file was refused: where, what, and what would be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}:{line}: {}{problem}", if key.is_empty() { String::new() } else { format!("{key}: ") })]
pub struct ScenarioError {
    /// Name of the file, as the caller gave it.
    pub name: String,
    /// Line of the value, from 1.
    pub line: usize,
    /// Path of the value, such as `traffic.campaign.summer_sale.template`; empty if the text is no TOML.
    pub key: String,
    /// What is wrong, and what would be accepted.
    pub problem: String,
}

impl ScenarioError {
    /// An error at a byte of a text.
    pub(super) fn at(name: &str, text: &str, byte: usize, key: String, problem: String) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        Self { name: name.to_owned(), line: before.matches('\n').count() + 1, key, problem }
    }
}
