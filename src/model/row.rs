//! Rows of the outputs, as values: what `verdicts.csv` and `conversations.csv` show (contract §3).

use super::{
    BilledCategory, Currency, CustomerText, Flags, Instant, Money, Observed, Outcome, RegimeId, RuleId,
    TemplateCategory, TierBand,
};

/// One row of `verdicts.csv`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns of contract §3")]
pub struct VerdictRow<'a> {
    pub message_id: &'a str,
    pub customer: CustomerText<'a>,
    pub phone_number_id: &'a str,
    pub waba_id: &'a str,
    pub sent: Instant,
    pub delivered: Option<Instant>,
    pub regime: RegimeId,
    pub template_category: Option<TemplateCategory>,
    pub template_name: &'a str,
    pub category: BilledCategory,
    pub outcome: Outcome,
    pub error_code: u32,
    pub conversation_id: Option<&'a str>,
    pub rule: RuleId,
    pub market: &'a str,
    pub tier: Option<TierBand>,
    pub list_cost: Option<Money>,
    pub billed_cost: Option<Money>,
    pub currency: Currency,
    pub flags: Flags,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedBy {
    /// Its time was over.
    Expiry(Instant),
    /// A free entry point ended it (R40).
    FreeEntryPoint(Instant),
    /// It was still open when the log ends.
    OpenAtEnd,
}

impl ClosedBy {
    /// The `closed_by` column.
    pub const fn name(self) -> &'static str {
        match self {
            ClosedBy::Expiry(_) => "expiry",
            ClosedBy::FreeEntryPoint(_) => "free_entry_point",
            ClosedBy::OpenAtEnd => "open_at_end",
        }
    }

    /// The `closed_at` column.
    pub const fn at(self) -> Option<Instant> {
        match self {
            ClosedBy::Expiry(at) | ClosedBy::FreeEntryPoint(at) => Some(at),
            ClosedBy::OpenAtEnd => None,
        }
    }
}

/// One row of `conversations.csv`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns of contract §3")]
pub struct ConversationRow<'a> {
    pub conversation_id: &'a str,
    pub waba_id: &'a str,
    pub phone_number_id: &'a str,
    pub customer: CustomerText<'a>,
    pub category: &'static str,
    pub opened: Instant,
    pub expires: Instant,
    pub closed: ClosedBy,
    pub messages_out: u64,
    pub messages_in: u64,
    pub outcome: Outcome,
    pub rule: RuleId,
    pub regime: RegimeId,
    pub market: &'a str,
    pub list_cost: Option<Money>,
    pub billed_cost: Option<Money>,
    pub currency: Currency,
}

/// A row for `accounts.csv`, as far as a log can tell it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the columns of accounts.csv")]
pub struct ProposedAccount {
    pub phone_number_id: String,
    pub waba_id: String,
    pub business_phone: String,
}

/// One row of `disagreements.csv`: our own judgement, whatever is trusted, and Meta's.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the columns of the file")]
pub struct DisagreementRow<'a> {
    pub message_id: &'a str,
    pub customer: CustomerText<'a>,
    pub phone_number_id: &'a str,
    pub waba_id: &'a str,
    pub sent: Instant,
    pub delivered: Option<Instant>,
    pub regime: RegimeId,
    pub outcome: Outcome,
    pub category: BilledCategory,
    pub rule: RuleId,
    pub observed: Observed,
    pub cause: &'static str,
    pub explanation: &'static str,
}
