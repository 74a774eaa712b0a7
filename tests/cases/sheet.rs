//! A CSV file in the making, and the files of one replay.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// Columns and rows of one CSV file.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    pub(crate) fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row; columns not named stay empty, that is, unknown.
    pub(crate) fn push<'a>(&mut self, cells: impl IntoIterator<Item = (&'a str, String)>) -> Result<()> {
        let mut row = vec![String::new(); self.columns.len()];
        for (column, value) in cells {
            let at = self.columns.iter().position(|c| *c == column);
            let at = at.with_context(|| format!("no column `{column}` here"))?;
            row[at] = value;
        }
        self.rows.push(row);
        Ok(())
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let mut file = csv::Writer::from_path(path)?;
        file.write_record(&self.columns)?;
        for row in &self.rows {
            file.write_record(row)?;
        }
        file.flush().with_context(|| format!("cannot write {}", path.display()))
    }

    /// The first rows, for messages of failed tests.
    pub(crate) fn excerpt(&self) -> String {
        let mut lines = vec![self.columns.join(",")];
        lines.extend(self.rows.iter().take(20).map(|row| row.join(",")));
        lines.join("\n")
    }
}

/// Everything one run of the program is given.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) log: Sheet,
    pub(crate) accounts: Sheet,
    pub(crate) carry_in: Sheet,
    pub(crate) rates: Sheet,
    pub(crate) tiers: Sheet,
    pub(crate) settings: BTreeMap<String, String>,
    /// Preset of `[provider]`, if there is one.
    pub(crate) provider: Option<String>,
}

const MESSAGE: [&str; 18] = [
    "message_id",
    "direction",
    "phone_number_id",
    "waba_id",
    "customer_id",
    "group_id",
    "message_type",
    "template_name",
    "template_category",
    "created_at",
    "sent_at",
    "delivered_at",
    "status",
    "referral_source_type",
    "client",
    "origin",
    "product",
    "tokens",
];

/// The event form: one row per thing that happened.
const EVENT: [&str; 11] = [
    "message_id",
    "direction",
    "phone_number_id",
    "waba_id",
    "customer_id",
    "message_type",
    "template_name",
    "template_category",
    "event",
    "event_at",
    "error_code",
];

const ACCOUNT: [&str; 12] = [
    "phone_number_id",
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

impl Scenario {
    /// An empty log in message form, with the settings every case runs under.
    pub(crate) fn new() -> Self {
        Self {
            log: Sheet::new(&MESSAGE),
            accounts: Sheet::new(&ACCOUNT),
            carry_in: Sheet::new(&["scope", "id", "month", "market", "category", "used"]),
            rates: Sheet::new(&[
                "effective_date",
                "regime",
                "currency",
                "market",
                "category",
                "rate",
                "source",
                "confidence",
            ]),
            tiers: Sheet::new(&[
                "effective_date",
                "currency",
                "market",
                "category",
                "tier_from",
                "tier_to",
                "rate",
                "discount_percent",
                "source",
                "confidence",
            ]),
            // the cases describe attempts, not evidence
            settings: BTreeMap::from([("delivered_against_rule".to_owned(), "refuse".to_owned())]),
            provider: None,
        }
    }

    /// The same, but for a log in event form.
    pub(crate) fn of_events() -> Self {
        Self { log: Sheet::new(&EVENT), ..Self::new() }
    }
}
