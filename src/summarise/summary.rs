//! The summary of a run, as it is written to `summary.json` and printed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::agreement::ObservedSummary;
use super::bounds::Bounds;
use super::line_totals::LineTotals;
use super::lines::Lines;
use super::provider::ProviderSummary;
use super::sums::{flags, unpriced};
use super::tally::Tally;

/// Version of the form of `summary.json`.
const SCHEMA_VERSION: u32 = 1;

/// One input of a run.
#[derive(Clone, Debug, Serialize)]
pub struct InputFacts {
    /// Its name as given, without the folders of an absolute path.
    pub name: String,
    /// What it was used for: `log`, or the side file's switch.
    pub role: &'static str,
    /// Bytes on disk.
    pub bytes: u64,
    /// SHA-256 of these bytes.
    pub sha256: String,
    /// Rows read; absent for side files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// How the run was set.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// `auto` or a regime's name.
    pub regime: String,
    /// The day of rates under a regime by hand.
    pub rates_at: Option<String>,
    /// First local day that is billed.
    pub bill_from: Option<String>,
    /// Last local day that is billed.
    pub bill_to: Option<String>,
    /// Whose verdict is billed where the log carries Meta's: `ours` or `observed`.
    pub trust: &'static str,
    /// Whether derived rates are used.
    pub derived_rates: bool,
    /// `--default-category`.
    pub default_category: Option<String>,
    /// Every key of `[interpretation]`.
    pub interpretation: BTreeMap<&'static str, String>,
    /// Those that are not default.
    pub not_default: BTreeMap<&'static str, String>,
}

/// One account of the log.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the columns of accounts.csv")]
pub struct AccountFacts {
    pub waba_id: String,
    pub phone_number_id: String,
    pub timezone: String,
    pub currency: String,
    pub portfolio_id: String,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RowCounts {
    /// Rows in all inputs.
    pub read: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Rows that told more about a message that another row had told of: duplicates, and further events.
    pub merged: u64,
    /// Messages that the rest make, in or out, calls included.
    pub messages: u64,
}

/// Everything about a run that is not a sum of its lines.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields of the summary")]
pub struct RunFacts {
    pub inputs: Vec<InputFacts>,
    pub settings: Settings,
    pub accounts: Vec<AccountFacts>,
    pub rows: RowCounts,
    pub rejected: Vec<RejectedCount>,
    pub unknown: Vec<UnknownCount>,
    /// First and last instant of the log.
    pub log_period: Option<(String, String)>,
}

/// Rejected rows of one code.
#[derive(Clone, Debug, Serialize)]
pub struct RejectedCount {
    /// The code.
    pub code: &'static str,
    /// Rows.
    pub rows: u64,
}

/// A name that no reader knows, and how often it came.
#[derive(Clone, Debug, Serialize)]
pub struct UnknownCount {
    /// `field`, `key` or `value`.
    pub kind: &'static str,
    /// The name as it stands.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// A flag and how many billed messages carry it.
#[derive(Clone, Debug, Serialize)]
pub struct FlagCount {
    /// The flag.
    pub flag: &'static str,
    /// Messages.
    pub messages: u64,
    /// What it means.
    pub meaning: &'static str,
}

/// Messages and money of one group of lines in one currency.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// What distinguishes the group.
    pub name: String,
    /// Currency of its money.
    pub currency: String,
    /// Verdicts.
    pub messages: u64,
    /// Conversations and free entry points opened.
    pub conversations: u64,
    /// List cost.
    pub list_cost: String,
    /// Billed cost.
    pub billed_cost: String,
}

/// A category's share of one verdict and reason.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the columns of contract §3")]
pub struct Breakdown {
    pub category: &'static str,
    pub verdict: &'static str,
    pub reason: &'static str,
    pub currency: String,
    pub messages: u64,
    pub conversations: u64,
    pub list_cost: String,
    pub billed_cost: String,
}

/// All money of one currency.
#[derive(Clone, Debug, Serialize)]
pub struct Total {
    /// The currency.
    pub currency: String,
    /// Verdicts.
    pub messages: u64,
    /// Conversations and free entry points opened.
    pub conversations: u64,
    /// What charged messages cost at list price.
    pub charged_list_cost: String,
    /// What free messages would have cost at list price, as far as their rates are known.
    pub free_list_cost: String,
    /// What was billed, exactly.
    pub billed_cost: String,
    /// The same rounded half-up to the minor unit.
    pub billed_cost_rounded: String,
    /// Charges without a known rate: not in `billed_cost`.
    pub unpriced_messages: u64,
}

/// A missing rate and the charges that wait for it.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the rate row that is missing")]
pub struct UnpricedRow {
    pub currency: String,
    pub market: String,
    pub category: &'static str,
    pub from: String,
    pub to: String,
    pub messages: u64,
    pub why: String,
}

/// The whole summary.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/summary.schema.json")]
pub struct Summary {
    pub schema_version: u32,
    pub program: &'static str,
    pub program_version: &'static str,
    pub inputs: Vec<InputFacts>,
    pub settings: Settings,
    pub log_from: Option<String>,
    pub log_to: Option<String>,
    pub billed_from: Option<String>,
    pub billed_to: Option<String>,
    pub accounts: Vec<AccountFacts>,
    pub rows: RowCounts,
    pub inbound_messages: u64,
    pub outbound_messages: u64,
    pub totals: Vec<Total>,
    /// Between what the bill lies, where the log leaves something open; `None` if that was not asked.
    pub bounds: Option<Vec<Bounds>>,
    pub by_verdict: Vec<Group>,
    pub by_reason: Vec<Group>,
    pub by_category: Vec<Group>,
    pub by_category_and_verdict: Vec<Breakdown>,
    pub by_market: Vec<Group>,
    pub by_waba: Vec<Group>,
    pub by_phone_number: Vec<Group>,
    pub by_regime: Vec<Group>,
    pub by_month: Vec<Group>,
    pub by_day: Vec<Group>,
    pub by_template: Vec<Group>,
    pub by_tier: Vec<Group>,
    pub flags: Vec<FlagCount>,
    pub rejected: Vec<RejectedCount>,
    pub unknown: Vec<UnknownCount>,
    pub unpriced: Vec<UnpricedRow>,
    pub free_without_list_rate: u64,
    /// Present only if the run has a provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderSummary>,
    /// Meta's verdicts beside ours; `None` where the log carries none.
    pub observed: Option<ObservedSummary>,
}

impl Summary {
    /// Sums the lines of a run.
    pub fn new(lines: &Lines, tally: &Tally, facts: RunFacts) -> Summary {
        let (log_from, log_to) = facts.log_period.unzip();
        let of_lines = LineTotals::of(lines);
        let (billed_from, billed_to) = of_lines.days.unzip();
        Summary {
            schema_version: SCHEMA_VERSION,
            program: env!("CARGO_PKG_NAME"),
            program_version: env!("CARGO_PKG_VERSION"),
            inputs: facts.inputs,
            settings: facts.settings,
            log_from,
            log_to,
            billed_from: billed_from.map(|day| day.to_string()),
            billed_to: billed_to.map(|day| day.to_string()),
            accounts: facts.accounts,
            rows: facts.rows,
            inbound_messages: tally.inbound,
            outbound_messages: of_lines.messages,
            totals: of_lines.totals.sorted(),
            bounds: None,
            by_verdict: of_lines.by_verdict.sorted(),
            by_reason: of_lines.by_reason.sorted(),
            by_category: of_lines.by_category.sorted(),
            by_category_and_verdict: of_lines.by_category_and_verdict.sorted(),
            by_market: of_lines.by_market.sorted(),
            by_waba: of_lines.by_waba.sorted(),
            by_phone_number: of_lines.by_phone_number.sorted(),
            by_regime: of_lines.by_regime.sorted(),
            by_month: of_lines.by_month.sorted(),
            by_day: of_lines.by_day.sorted(),
            by_template: of_lines.by_template.sorted(),
            by_tier: of_lines.by_tier.sorted(),
            flags: flags(tally),
            rejected: facts.rejected,
            unknown: facts.unknown,
            unpriced: unpriced(tally),
            free_without_list_rate: of_lines.list_unknown,
            provider: None,
            observed: tally.agreement.summary(),
        }
    }

    /// Charges without a known rate.
    pub fn unpriced_messages(&self) -> u64 {
        self.unpriced.iter().map(|row| row.messages).sum()
    }

    /// Rejected rows.
    pub fn rejected_rows(&self) -> u64 {
        self.rejected.iter().map(|row| row.rows).sum()
    }
}
