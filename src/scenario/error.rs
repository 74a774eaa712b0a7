//! What can be wrong with a scenario file.

/// Why a scenario file was refused.
///
/// Both variants name the file and the line; the text of the first comes from the TOML reader and
/// shows the line itself, with what would have been accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// The text is not TOML, lacks a field, has one too many, or a value is outside its range.
    #[error("{name}: {detail}")]
    Syntax {
        /// Name of the file, as the caller gave it.
        name: String,
        /// Line, column, the line itself and what was expected there.
        detail: String,
    },
    /// Every field is well-formed, but two of them do not go together.
    #[error("{name}: line {line}: {field}: {problem}")]
    Field {
        /// Name of the file, as the caller gave it.
        name: String,
        /// Line of the field, from 1.
        line: usize,
        /// Path of the field, such as `campaign.summer_sale.template`.
        field: String,
        /// What is wrong, and what would be accepted.
        problem: String,
    },
}
