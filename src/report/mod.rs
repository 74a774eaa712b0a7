//! From values to bytes: tables, JSON, text, charts. Pure functions; nothing here opens a file.

mod bounds;
pub mod chart;
mod charts;
mod csv_row;
mod json;
mod tables;
mod text;
mod timeline;
mod words;

pub use bounds::bounds_text;
pub use charts::chart_data;
pub use json::summary_json;
pub use tables::{
    CONVERSATIONS_HEADER, LINES_HEADER, REJECTED_HEADER, VERDICTS_HEADER, write_conversation, write_line,
    write_rejection, write_verdict,
};
pub use text::summary_text;
pub use timeline::thread_text;
