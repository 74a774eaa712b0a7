//! The authentication-international rate: from when a country has it, and whether a business pays it (R67–R69).

use crate::model::{Country, Day};

use super::account::Account;
use super::table::{NamedText, Table, TariffError};

/// Countries with an authentication-international rate and the day it began (R69).
#[derive(Clone, Debug, Default)]
pub struct AuthInternational {
    since: Vec<(Country, Day)>,
}

impl AuthInternational {
    /// Reads `auth_international.csv`.
    pub fn read(source: &NamedText) -> Result<AuthInternational, TariffError> {
        let table = Table::read(source, &["iso_code", "valid_from"], &["country", "source"])?;
        let mut since = Vec::new();
        for row in table.rows() {
            let iso = row.needed("iso_code")?;
            let country =
                Country::parse(iso).ok_or_else(|| row.error(format!("iso_code '{iso}' is not two letters")))?;
            since.push((country, row.needed_day("valid_from")?));
        }
        since.sort();
        Ok(AuthInternational { since })
    }

    /// Whether an authentication template to `country` on `day` takes the international rate: the country has one, the business is
    /// eligible and its own start has come, and it is at home elsewhere or its location is not verified.
    pub fn applies(&self, account: &Account, country: Country, day: Day) -> bool {
        let has_rate = self.since.iter().any(|(own, since)| *own == country && *since <= day);
        let exception = account.auth_intl_exceptions.iter().find(|(own, _)| *own == country).map(|(_, start)| *start);
        let started = account.auth_intl_eligible_from.is_some_and(|start| exception.unwrap_or(start) <= day);
        has_rate && started && account.primary_location != Some(country)
    }
}
