//! The canonical log as a file: CSV, one JSON object a line, or Parquet.

mod parquet;
mod webhook;

use std::io::{self, Write};

use crate::model::{CanonicalRow, Column, FilledRow, Instant, TemplateCategory, TemplateChange};

use super::csv_row::CsvRow;
use parquet::ParquetRows;
pub use webhook::WebhookWriter;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogForm {
    /// A header and rows.
    Csv,
    /// One object a line.
    Jsonl,
    /// Columns of UTF-8 texts, and of timestamps for times.
    Parquet,
}

/// Writes rows in the order they come.
pub struct LogWriter<W: Write + Send> {
    columns: Vec<Column>,
    rows: u64,
    buffer: Vec<u8>,
    out: Out<W>,
}

enum Out<W: Write + Send> {
    Csv(W),
    Jsonl(W),
    Parquet(Box<ParquetRows<W>>),
}

impl<W: Write + Send> std::fmt::Debug for LogWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogWriter").field("columns", &self.columns).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<W: Write + Send> LogWriter<W> {
    /// Starts a log with these columns.
    pub fn new(form: LogForm, columns: &[Column], mut out: W) -> io::Result<LogWriter<W>> {
        let out = match form {
            LogForm::Csv => {
                out.write_all(header(columns).as_bytes())?;
                Out::Csv(out)
            }
            LogForm::Jsonl => Out::Jsonl(out),
            LogForm::Parquet => Out::Parquet(Box::new(ParquetRows::new(columns, out)?)),
        };
        Ok(LogWriter { columns: columns.to_vec(), rows: 0, buffer: Vec::new(), out })
    }

    /// Writes a row.
    pub fn row(&mut self, row: &FilledRow<'_>) -> io::Result<()> {
        self.buffer.clear();
        let first = self.rows == 0;
        self.rows += 1;
        match &mut self.out {
            Out::Csv(out) => {
                write_csv(&mut self.buffer, &self.columns, row);
                out.write_all(&self.buffer)
            }
            Out::Jsonl(out) => {
                write_object(&mut self.buffer, &self.columns, row, first)?;
                out.write_all(&self.buffer)
            }
            Out::Parquet(rows) => rows.add(row),
        }
    }

    /// Ends the log and gives back what it went to.
    pub fn finish(self) -> io::Result<W> {
        match self.out {
            Out::Jsonl(mut out) => {
                if self.rows == 0 {
                    // An empty file is no log; an empty list is one without rows.
                    out.write_all(b"[]\n")?;
                }
                Ok(out)
            }
            Out::Csv(out) => Ok(out),
            Out::Parquet(rows) => rows.finish(),
        }
    }
}

fn header(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
    names.join(",") + "\n"
}

fn write_csv(buffer: &mut Vec<u8>, columns: &[Column], row: &FilledRow<'_>) {
    let mut fields = CsvRow::new(buffer);
    for column in columns {
        fields.text(row.get(*column));
    }
    fields.end();
}

/// Empty columns are left out, but the first row names all of them: that there is a column can say more than its values (log-formats §6).
fn write_object(buffer: &mut Vec<u8>, columns: &[Column], row: &FilledRow<'_>, first: bool) -> io::Result<()> {
    let mut separator = b'{';
    for column in columns {
        let text = row.get(*column);
        if text.is_empty() && !first {
            continue;
        }
        buffer.push(separator);
        separator = b',';
        write!(buffer, "\"{}\":", column.name())?;
        match text {
            "" => buffer.extend_from_slice(b"null"),
            text => serde_json::to_writer(&mut *buffer, text)?,
        }
    }
    buffer.extend_from_slice(b"}\n");
    Ok(())
}

/// Header of `aliases.csv`.
pub const ALIASES_HEADER: &str = "old_customer_id,new_customer_id,at\n";
/// Header of `templates.csv`.
pub const TEMPLATES_HEADER: &str =
    "waba_id,template_id,template_name,template_language,template_category,valid_from,valid_to\n";
/// Header of the list of names that are not known.
pub const UNKNOWN_HEADER: &str = "kind,name,count\n";

/// Appends a row of `aliases.csv`.
pub fn write_alias(buffer: &mut Vec<u8>, old: &str, new: &str, at: Instant) {
    CsvRow::new(buffer).text(old).text(new).plain(at).end();
}

/// Appends a row of `templates.csv`: the template of a change with a category it had.
pub fn write_template(
    buffer: &mut Vec<u8>,
    change: &TemplateChange,
    category: TemplateCategory,
    from: Option<Instant>,
    to: Option<Instant>,
) {
    CsvRow::new(buffer)
        .text(&change.waba_id)
        .text(&change.template_id)
        .text(&change.template_name)
        .text(&change.template_language)
        .plain(category.name())
        .optional(from)
        .optional(to)
        .end();
}

/// Appends a row of the list of names that are not known.
pub fn write_unknown(buffer: &mut Vec<u8>, kind: &str, name: &str, count: u64) {
    CsvRow::new(buffer).plain(kind).text(name).plain(count).end();
}
