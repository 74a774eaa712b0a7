//! `aliases.csv`: customers that changed their number (log-formats §5).

use super::table::{NamedText, Table, TariffError};

/// Pairs of ids that are one customer. `at` says when the number changed; the two are one customer all the time, as no bill depends on
/// when the log learnt of it.
pub fn read_aliases(source: &NamedText) -> Result<Vec<(String, String)>, TariffError> {
    let table = Table::read(source, &["old_customer_id", "new_customer_id"], &["at"])?;
    table
        .rows()
        .map(|row| Ok((row.needed("old_customer_id")?.to_owned(), row.needed("new_customer_id")?.to_owned())))
        .collect()
}
