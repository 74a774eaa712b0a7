//! What a simulation comes to: each variant's bill, and why it differs from the baseline's.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{Currency, Money, Outcome};

use super::difference::{Contacts, differences};
use super::lines::Lines;
use super::provider::ProviderTotal;
use super::uncertainty::Uncertainty;

/// Version of the form of `simulation.json`.
const SCHEMA_VERSION: u32 = 1;
/// Decimals of what one customer or conversation costs.
const UNIT_DECIMALS: u32 = 6;

/// The bill of one variant.
#[derive(Clone, Debug)]
pub struct VariantBill {
    /// Its name.
    pub name: String,
    /// The bill.
    pub lines: Lines,
    /// Customers and conversations.
    pub contacts: Contacts,
    /// Messages of the customers.
    pub inbound: u64,
    /// Messages that its policies changed; `None` if it has none.
    pub changed: Option<u64>,
    /// What its provider takes, if it has one.
    pub provider: Vec<ProviderTotal>,
}

/// All variants, the baseline first.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct Simulation {
    pub schema_version: u32,
    pub program: &'static str,
    pub program_version: &'static str,
    pub scenario: String,
    pub title: String,
    pub variants: Vec<VariantSummary>,
    /// Present only if the scenario asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monte_carlo: Option<Uncertainty>,
}

/// One variant.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct VariantSummary {
    pub name: String,
    pub outbound_messages: u64,
    pub inbound_messages: u64,
    pub customers: u64,
    pub conversations: u64,
    pub changed_messages: Option<u64>,
    pub totals: Vec<VariantTotal>,
    pub provider_totals: Vec<ProviderTotal>,
}

/// One variant in one currency.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct VariantTotal {
    pub currency: String,
    pub billed_cost: String,
    pub billed_cost_rounded: String,
    pub charged_messages: u64,
    pub free_messages: u64,
    pub not_billed_messages: u64,
    pub unpriced_messages: u64,
    pub per_customer: Option<String>,
    pub per_conversation: Option<String>,
    /// From the baseline's bill.
    pub difference: String,
    pub difference_by_cause: Vec<CauseAmount>,
}

/// One step of a difference.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/simulation.schema.json")]
pub struct CauseAmount {
    pub cause: &'static str,
    pub amount: String,
}

impl Simulation {
    /// Sums up; the first bill is the baseline.
    pub fn new(scenario: &str, title: &str, bills: &[VariantBill]) -> Simulation {
        Simulation {
            schema_version: SCHEMA_VERSION,
            program: env!("CARGO_PKG_NAME"),
            program_version: env!("CARGO_PKG_VERSION"),
            scenario: scenario.to_owned(),
            title: title.to_owned(),
            variants: bills.iter().map(|bill| VariantSummary::new(bill, &bills[0].lines)).collect(),
            monte_carlo: None,
        }
    }
}

impl VariantSummary {
    fn new(bill: &VariantBill, baseline: &Lines) -> VariantSummary {
        let currencies: BTreeSet<Currency> =
            baseline.iter().chain(bill.lines.iter()).map(|line| line.currency).collect();
        VariantSummary {
            name: bill.name.clone(),
            outbound_messages: bill.lines.iter().map(|line| line.sums.messages).sum(),
            inbound_messages: bill.inbound,
            customers: bill.contacts.customers,
            conversations: bill.contacts.conversations,
            changed_messages: bill.changed,
            totals: currencies.into_iter().map(|currency| total(bill, baseline, currency)).collect(),
            provider_totals: bill.provider.clone(),
        }
    }
}

fn total(bill: &VariantBill, baseline: &Lines, currency: Currency) -> VariantTotal {
    let own = || bill.lines.iter().filter(|line| line.currency == currency);
    let mut messages: BTreeMap<&str, u64> = BTreeMap::new();
    for line in own() {
        let free = matches!(line.outcome, Outcome::Free(_) | Outcome::Covered(_));
        *messages.entry(if free { "free" } else { line.outcome.name() }).or_default() += line.sums.messages;
    }
    let count = |kind| messages.get(kind).copied().unwrap_or(0);
    let billed = own().fold(Money::ZERO, |sum, line| sum + line.sums.billed);
    let each = |units: u64| (units > 0).then(|| billed.share(1, units).rounded(UNIT_DECIMALS).to_string());
    let steps = differences(baseline, &bill.lines, currency);
    let difference = steps.iter().fold(Money::ZERO, |sum, step| sum + step.amount);
    let by_cause = steps.iter().map(|step| CauseAmount { cause: step.cause.name(), amount: step.amount.to_string() });
    VariantTotal {
        currency: currency.to_string(),
        billed_cost: billed.to_string(),
        billed_cost_rounded: billed.rounded(currency.minor_decimals()).to_string(),
        charged_messages: count("charged"),
        free_messages: count("free"),
        not_billed_messages: count("not_billed"),
        unpriced_messages: own().map(|line| line.sums.unpriced).sum(),
        per_customer: each(bill.contacts.customers),
        per_conversation: each(bill.contacts.conversations),
        difference: difference.to_string(),
        difference_by_cause: by_cause.collect(),
    }
}
