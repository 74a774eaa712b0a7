//! `aliases.csv`: customers that changed their number (log-formats §5).

use crate::model::Day;

use super::table::{NamedText, Table, TariffError};

/// Pairs of ids that are one customer. `at` says when the number changed; the two are one customer all the time, as no bill depends on
/// when the log learnt of it.
pub fn read_aliases(source: &NamedText) -> Result<Vec<(String, String)>, TariffError> {
    let table = Table::read(source, &["old_customer_id", "new_customer_id"], &["at"])?;
    let mut aliases = Vec::new();
    for row in table.rows() {
        let at = row.get("at");
        if !at.is_empty() && Day::parse(at).is_none() && chrono::DateTime::parse_from_rfc3339(at).is_err() {
            return Err(row.error(format!("at '{at}' is neither a date nor an RFC 3339 time")));
        }
        aliases.push((row.needed("old_customer_id")?.to_owned(), row.needed("new_customer_id")?.to_owned()));
    }
    Ok(aliases)
}
