//! Arguments that several commands share, as typed.

use std::path::PathBuf;

use clap::Args;

/// The log, its side files, and how they are understood.
#[derive(Clone, Debug, Args)]
pub(crate) struct LogArguments {
    /// Logs, recognised by their content: files, patterns, or - for stdin; several are one log. None: the embedded sample
    #[arg(value_name = "LOG")]
    pub(crate) logs: Vec<String>,
    /// Facts about numbers and accounts: time zone, currency, portfolio, ...
    #[arg(long, value_name = "FILE", help_heading = "Side files")]
    pub(crate) accounts: Option<PathBuf>,
    /// Categories of templates by name, with dates
    #[arg(long, value_name = "FILE", help_heading = "Side files")]
    pub(crate) templates: Option<PathBuf>,
    /// What was used of allowances and volume tiers before the log starts
    #[arg(long, value_name = "FILE", help_heading = "Side files")]
    pub(crate) carry_in: Option<PathBuf>,
    /// Customers that changed their number: `old_customer_id,new_customer_id,at`
    #[arg(long, value_name = "FILE", help_heading = "Side files")]
    pub(crate) aliases: Option<PathBuf>,
    /// What the columns of a provider's or inbox's log mean; for logs that no built-in mapping knows (see `wabill mapping suggest`)
    #[arg(long, value_name = "FILE", help_heading = "Side files")]
    pub(crate) mapping: Option<PathBuf>,
    /// A rate card or volume tiers of your own, in the columns of data/rates.csv or `data/volume_tiers.csv`; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Side files")]
    pub(crate) rates: Vec<PathBuf>,
    /// Paths of side files and [interpretation] settings
    #[arg(long, value_name = "wabill.toml", help_heading = "Side files")]
    pub(crate) config: Option<PathBuf>,
    /// Time zone of accounts that name none (IANA, e.g. Asia/Kolkata) [default: UTC, flagged]
    #[arg(long, value_name = "ZONE", help_heading = "Understanding the log")]
    pub(crate) timezone: Option<String>,
    /// Currency of accounts that name none [default: USD]
    #[arg(long, value_name = "CODE", help_heading = "Understanding the log")]
    pub(crate) currency: Option<String>,
    /// Time zone of times in the log that name none; without it such rows are rejected
    #[arg(long, value_name = "ZONE", help_heading = "Understanding the log")]
    pub(crate) input_tz: Option<String>,
    /// What the logs are: canonical, webhooks, parquet, or a built-in mapping (see `wabill mapping list`) [default: recognised]
    #[arg(long, value_name = "NAME", help_heading = "Understanding the log")]
    pub(crate) input_format: Option<String>,
    /// Category of templates without a known one: marketing, utility or authentication
    #[arg(long, value_name = "CATEGORY", help_heading = "Understanding the log")]
    pub(crate) default_category: Option<String>,
    /// Whose verdict is billed where the log carries Meta's own: ours, or observed [default: ours, compared with Meta's]
    #[arg(long, value_name = "WHOSE", help_heading = "Rules")]
    pub(crate) trust: Option<String>,
    /// Longest row in bytes; longer ones are rejected [default: 16 MiB]. An archive is unpacked up to 1 GiB, or 200 times its size if
    /// that is more
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Understanding the log")]
    pub(crate) max_line: Option<u32>,
    /// Stop at the first rejected row, and refuse values that had to be assumed
    #[arg(long, help_heading = "Understanding the log")]
    pub(crate) strict: bool,
    /// Rules of one regime for the whole log: auto, nbp, cbp-2022, cbp-2023-03, cbp-2023-06, cbp-2024-11, pmp-2025-07, pmp-2026-10;
    /// NAME@DATE sets --rates-at, too
    #[arg(long, value_name = "NAME", help_heading = "Rules")]
    pub(crate) regime: Option<String>,
    /// Under a regime by hand: the day of cards, tiers and everything else that has a date [default: the regime's last]
    #[arg(long, value_name = "DATE", help_heading = "Rules")]
    pub(crate) rates_at: Option<String>,
    /// First local day to bill; earlier ones are context
    #[arg(long, value_name = "DATE", help_heading = "Rules")]
    pub(crate) bill_from: Option<String>,
    /// Last local day to bill
    #[arg(long, value_name = "DATE", help_heading = "Rules")]
    pub(crate) bill_to: Option<String>,
    /// One setting of [interpretation], e.g. `fep_length_2026=fixed72`; may be repeated
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Rules")]
    pub(crate) set: Vec<String>,
    /// Refuse rates that were not seen but follow from others
    #[arg(long, help_heading = "Rules")]
    pub(crate) no_derived_rates: bool,
    /// Number of threads; the results are the same for any [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
