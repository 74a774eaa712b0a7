//! `accounts.csv`: what is known about each number and its WABA (contract §2).

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use crate::model::{BilledCategory, Country, Currency, Day, Flag, Flags};

use super::calendar::parse_zone;
use super::table::{NamedText, Row, Table, TariffError};

/// The account a message is billed to: one number under one WABA.
#[derive(Clone, Debug)]
pub struct Account {
    /// Business phone number, by its id.
    pub phone_number_id: String,
    /// WhatsApp Business Account ("Messaging account" since September 2026).
    pub waba_id: String,
    /// Zone whose midnight turns dates and months (R10).
    pub zone: Tz,
    /// Currency of its card (R7).
    pub currency: Currency,
    /// What shares volume tiers; the WABA itself where none is named (R61, Q29).
    pub portfolio_id: String,
    /// Home country of the business, if verified (R67).
    pub primary_location: Option<Country>,
    /// First day on which it is eligible for authentication-international (R68).
    pub auth_intl_eligible_from: Option<Day>,
    /// Countries with a start of their own.
    pub auth_intl_exceptions: Vec<(Country, Day)>,
    /// Served by a Solution Partner (R48).
    pub partner_served: bool,
    /// Categories that cost it nothing (R9b).
    pub waived: BTreeSet<BilledCategory>,
    /// Last day on which its service messages are free beyond the allowance (R54).
    pub service_exempt_until: Option<Day>,
    /// What had to be assumed about it.
    pub flags: Flags,
}

/// What an account without a row gets.
#[derive(Clone, Copy, Debug)]
pub struct AccountDefaults {
    /// `--timezone`, if given; else UTC, flagged.
    pub zone: Option<Tz>,
    /// `--currency`.
    pub currency: Currency,
}

/// All accounts of a run.
#[derive(Clone, Debug)]
pub struct AccountBook {
    /// By number: its rows in the order of the file.
    by_number: BTreeMap<String, Vec<Account>>,
    /// There was a file, so a number that is not in it is worth a flag.
    from_file: bool,
    defaults: AccountDefaults,
}

/// Name of a number or WABA that the log does not name.
pub(super) const UNNAMED: &str = "default";

const COLUMNS: [&str; 11] = [
    "waba_id",
    "business_phone",
    "waba_timezone",
    "currency",
    "portfolio_id",
    "primary_location",
    "auth_intl_eligible_from",
    "partner_served",
    "waived_categories",
    "auth_intl_exceptions",
    "service_exempt_until",
];

impl AccountBook {
    /// Without a file: one WABA with the defaults.
    pub fn without_file(defaults: AccountDefaults) -> AccountBook {
        AccountBook { by_number: BTreeMap::new(), from_file: false, defaults }
    }

    /// Reads `accounts.csv`.
    pub fn read(source: &NamedText, defaults: AccountDefaults) -> Result<AccountBook, TariffError> {
        let table = Table::read(source, &["phone_number_id"], &COLUMNS)?;
        let mut by_number: BTreeMap<String, Vec<Account>> = BTreeMap::new();
        for row in table.rows() {
            let account = read_account(&row, defaults)?;
            let known = by_number.entry(account.phone_number_id.clone()).or_default();
            if known.iter().any(|other| other.waba_id == account.waba_id) {
                let message =
                    format!("second row for number {} and WABA '{}'", account.phone_number_id, account.waba_id);
                return Err(row.error(message));
            }
            known.push(account);
        }
        Ok(AccountBook { by_number, from_file: true, defaults })
    }

    /// The same with further numbers, each with the facts of another one.
    #[must_use]
    pub fn with_numbers(&self, like: &BTreeMap<String, String>) -> AccountBook {
        let mut book = self.clone();
        for (number, model) in like {
            let facts = self.by_number.get(model).cloned().unwrap_or_else(|| vec![self.unlisted(model)]);
            let renamed = facts.into_iter().map(|account| Account { phone_number_id: number.clone(), ..account });
            book.by_number.insert(number.clone(), renamed.collect());
        }
        book
    }

    /// Whether the file has a row of this number.
    pub fn lists(&self, phone_number_id: &str) -> bool {
        self.by_number.contains_key(phone_number_id)
    }

    /// The account of a row that names this number and WABA (empty = not named): by both, then by number; the row's own WABA bills
    /// (Q15), and an unknown number gets the defaults.
    pub fn resolve(&self, phone_number_id: &str, waba_id: &str) -> Account {
        let of_number = self.by_number.get(phone_number_id).map_or(&[][..], Vec::as_slice);
        let found = of_number.iter().find(|account| account.waba_id == waba_id).or_else(|| of_number.first());
        let mut account = found.cloned().unwrap_or_else(|| self.unlisted(phone_number_id));
        if !waba_id.is_empty() {
            waba_id.clone_into(&mut account.waba_id);
        } else if account.waba_id.is_empty() {
            UNNAMED.clone_into(&mut account.waba_id);
        }
        if account.portfolio_id.is_empty() {
            account.portfolio_id.clone_from(&account.waba_id);
        }
        account
    }

    fn unlisted(&self, phone_number_id: &str) -> Account {
        let mut flags = zone_flags(self.defaults.zone);
        flags.set_if(Flag::AccountUnknown, self.from_file);
        Account {
            phone_number_id: phone_number_id.to_owned(),
            waba_id: String::new(),
            zone: self.defaults.zone.unwrap_or(Tz::UTC),
            currency: self.defaults.currency,
            portfolio_id: String::new(),
            primary_location: None,
            auth_intl_eligible_from: None,
            auth_intl_exceptions: Vec::new(),
            partner_served: true,
            waived: BTreeSet::new(),
            service_exempt_until: None,
            flags,
        }
    }
}

fn zone_flags(zone: Option<Tz>) -> Flags {
    if zone.is_some() { Flags::NONE } else { Flags::only(Flag::TzAssumedUtc) }
}

fn read_account(row: &Row<'_>, defaults: AccountDefaults) -> Result<Account, TariffError> {
    let zone = match row.get("waba_timezone") {
        "" => defaults.zone,
        name => Some(parse_zone(name).map_err(|message| row.error(format!("waba_timezone {message}")))?),
    };
    Ok(Account {
        phone_number_id: row.needed("phone_number_id")?.to_owned(),
        waba_id: row.get("waba_id").to_owned(),
        zone: zone.unwrap_or(Tz::UTC),
        currency: if row.get("currency").is_empty() { defaults.currency } else { row.currency("currency")? },
        portfolio_id: row.get("portfolio_id").to_owned(),
        primary_location: location(row)?,
        auth_intl_eligible_from: row.day("auth_intl_eligible_from")?,
        auth_intl_exceptions: exceptions(row)?,
        partner_served: partner_served(row)?,
        waived: waived(row)?,
        service_exempt_until: row.day("service_exempt_until")?,
        flags: zone_flags(zone),
    })
}

fn location(row: &Row<'_>) -> Result<Option<Country>, TariffError> {
    match row.get("primary_location") {
        "" | "unverified" => Ok(None),
        iso => {
            let message = || row.error(format!("primary_location '{iso}' is not two letters such as BR, nor empty"));
            Country::parse(iso).map(Some).ok_or_else(message)
        }
    }
}

fn partner_served(row: &Row<'_>) -> Result<bool, TariffError> {
    match row.get("partner_served") {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        other => Err(row.error(format!("partner_served '{other}' is not true or false"))),
    }
}

fn waived(row: &Row<'_>) -> Result<BTreeSet<BilledCategory>, TariffError> {
    let names = row.get("waived_categories").split(';').map(str::trim).filter(|name| !name.is_empty());
    let category = |name: &str| {
        BilledCategory::parse(name).ok_or_else(|| {
            row.error(format!("waived_categories: unknown category '{name}'; write e.g. utility;authentication"))
        })
    };
    names.map(category).collect()
}

fn exceptions(row: &Row<'_>) -> Result<Vec<(Country, Day)>, TariffError> {
    let entries = row.get("auth_intl_exceptions").split(';').map(str::trim).filter(|entry| !entry.is_empty());
    let exception = |entry: &str| {
        let parts =
            entry.split_once('=').and_then(|(iso, day)| Some((Country::parse(iso.trim())?, Day::parse(day.trim())?)));
        parts.ok_or_else(|| row.error(format!("auth_intl_exceptions '{entry}' is not of the form IN=2024-07-01")))
    };
    entries.map(exception).collect()
}
