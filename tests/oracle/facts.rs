//! Plain values that the generator fills in and the model reads: one message log with everything around it.
//!
//! Nothing here decides anything. Strings are those of the input files, so that writing a file is copying fields.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// UTC milliseconds since 1970.
pub(crate) type Ms = i64;

pub(crate) const MINUTE: Ms = 60_000;
pub(crate) const HOUR: Ms = 60 * MINUTE;
pub(crate) const DAY: Ms = 24 * HOUR;

/// A regime of rules.md §1.1, in the order of time: comparing two of them answers "opened in an earlier regime?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Regime {
    Nbp,
    Cbp1,
    Cbp1b,
    Cbp2,
    Cbp3,
    Pmp1,
    Pmp2,
}

impl Regime {
    /// R10: each regime starts at local midnight of its date; `date` is a local date of the sending WABA.
    pub(crate) fn on(date: NaiveDate) -> Regime {
        let starts = [
            (ymd(2026, 10, 1), Regime::Pmp2),
            (ymd(2025, 7, 1), Regime::Pmp1),
            (ymd(2024, 11, 1), Regime::Cbp3),
            (ymd(2023, 6, 1), Regime::Cbp2),
            (ymd(2023, 3, 1), Regime::Cbp1b),
            (ymd(2022, 2, 1), Regime::Cbp1),
        ];
        for (start, regime) in starts {
            if date >= start {
                return regime;
            }
        }
        Regime::Nbp
    }

    /// The name in the `regime` column.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Regime::Nbp => "nbp",
            Regime::Cbp1 => "cbp-2022",
            Regime::Cbp1b => "cbp-2023-03",
            Regime::Cbp2 => "cbp-2023-06",
            Regime::Cbp3 => "cbp-2024-11",
            Regime::Pmp1 => "pmp-2025-07",
            Regime::Pmp2 => "pmp-2026-10",
        }
    }

    pub(crate) fn is_pmp(self) -> bool {
        self >= Regime::Pmp1
    }

    /// CBP1 and `CBP1b`: conversations by who started them, at most one open.
    pub(crate) fn is_first_cbp(self) -> bool {
        self == Regime::Cbp1 || self == Regime::Cbp1b
    }
}

/// One row of the log. Inbound rows use `at`; outbound rows use `sent` and `delivered`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) inbound: bool,
    pub(crate) number: String,
    pub(crate) waba: String,
    pub(crate) customer: String,
    /// `message_type`.
    pub(crate) kind: String,
    /// `template_category`; empty for everything that is no template.
    pub(crate) category: String,
    pub(crate) at: Ms,
    pub(crate) sent: Ms,
    pub(crate) delivered: Option<Ms>,
    pub(crate) referral: String,
    pub(crate) client: String,
    pub(crate) origin: String,
    pub(crate) product: String,
    pub(crate) tokens: Option<u64>,
    pub(crate) error_code: String,
}

impl Message {
    pub(crate) fn is_call(&self) -> bool {
        self.kind == "call"
    }

    /// Rows that get a line in the verdicts: everything outbound but calls.
    pub(crate) fn is_judged(&self) -> bool {
        !self.inbound && !self.is_call()
    }
}

/// One row of `accounts.csv`: the facts of a number under one WABA.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) number: String,
    pub(crate) waba: String,
    pub(crate) zone: Tz,
    pub(crate) currency: String,
    pub(crate) portfolio: String,
    pub(crate) primary_location: String,
    pub(crate) auth_intl_from: Option<NaiveDate>,
    pub(crate) auth_intl_exceptions: Vec<(String, NaiveDate)>,
    pub(crate) partner_served: bool,
    pub(crate) waived: Vec<String>,
    pub(crate) exempt_until: Option<NaiveDate>,
}

/// One row of `carry_in.csv`.
#[derive(Clone, Debug)]
pub(crate) struct CarryIn {
    pub(crate) scope: &'static str,
    pub(crate) id: String,
    pub(crate) month: String,
    pub(crate) market: String,
    pub(crate) category: String,
    pub(crate) used: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FepLength {
    Rolling,
    Fixed72,
    Fixed168,
}

/// The `[interpretation]` keys; `Default` is the documented default.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the contract with two values")]
pub(crate) struct Settings {
    pub(crate) csw_at_delivery: bool,
    pub(crate) fep_at_delivery: bool,
    pub(crate) fep_length: FepLength,
    pub(crate) fep_7_days_from: NaiveDate,
    pub(crate) page_cta_after: bool,
    pub(crate) post_opens_fep: bool,
    pub(crate) fep_uses_allowance: bool,
    pub(crate) reaction_opens: bool,
    pub(crate) unsupported_opens: bool,
    pub(crate) keep_conversations: bool,
    pub(crate) us_pause: bool,
    pub(crate) refuse: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            csw_at_delivery: false,
            fep_at_delivery: false,
            fep_length: FepLength::Rolling,
            fep_7_days_from: ymd(2026, 9, 28),
            page_cta_after: false,
            post_opens_fep: false,
            fep_uses_allowance: false,
            reaction_opens: true,
            unsupported_opens: true,
            keep_conversations: false,
            us_pause: true,
            refuse: false,
        }
    }
}

/// A whole log: what one replay run gets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) messages: Vec<Message>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) carry_in: Vec<CarryIn>,
    pub(crate) settings: Settings,
}

impl Log {
    /// Q15: accounts are looked up by number and WABA.
    pub(crate) fn account(&self, message: &Message) -> &Account {
        self.accounts
            .iter()
            .find(|a| a.number == message.number && a.waba == message.waba)
            .expect("the generator writes an account for every number and WABA")
    }
}

/// What the model says about one outbound message: the compared columns of the verdicts, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) regime: String,
    pub(crate) category: String,
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) error_code: String,
    pub(crate) conversation_id: String,
    pub(crate) rule: String,
    pub(crate) market: String,
    pub(crate) tier: String,
}

/// A conversation or free entry point window, as in the conversations file.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) opener: usize,
    pub(crate) start: Ms,
    pub(crate) end: Ms,
    /// When a free entry point cut it short (R40).
    pub(crate) closed_by_fep: Option<Ms>,
    pub(crate) verdict: String,
}

pub(crate) const fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real date")
}

/// R10: the date a clock in the WABA's zone shows.
pub(crate) fn local_date(at: Ms, zone: Tz) -> NaiveDate {
    utc(at).with_timezone(&zone).date_naive()
}

/// `YYYY-MM` of a local date: the month of allowances and tiers.
pub(crate) fn month_of(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

pub(crate) fn utc(at: Ms) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).expect("a time within chrono's range")
}
