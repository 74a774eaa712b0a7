//! From values to bytes: tables, JSON, text, charts. Pure functions; nothing here opens a file.

mod bounds;
mod canonical;
mod cells;
pub mod chart;
mod charts;
mod csv_row;
mod fit;
mod json;
mod observed_text;
mod parquet;
mod parts;
mod provider;
mod simulation;
mod tables;
mod text;
mod timeline;
mod words;

pub use bounds::bounds_text;
pub use canonical::{
    ALIASES_HEADER, LogForm, LogWriter, TEMPLATES_HEADER, UNKNOWN_HEADER, WebhookWriter, write_alias, write_template,
    write_unknown,
};
pub use charts::chart_data;
pub use fit::{FIT_HEADER, fit_csv, fit_json, fit_text};
pub use json::summary_json;
pub use parquet::{ParquetRows, ParquetTable};
pub use provider::{PROVIDER_LINES_HEADER, write_provider_line};
pub use simulation::{monte_carlo_csv, simulation_charts, simulation_json, simulation_text};
pub use tables::{
    ACCOUNTS_HEADER, CONVERSATIONS_HEADER, DISAGREEMENTS_HEADER, LINES_HEADER, REJECTED_HEADER, VERDICTS_HEADER,
    write_conversation, write_disagreement, write_line, write_proposed_account, write_rejection, write_verdict,
};
pub use text::summary_text;
pub use timeline::thread_text;
