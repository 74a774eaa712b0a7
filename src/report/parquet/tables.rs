//! The tables of contract §3 that have a row a message or a conversation, as Parquet.

use std::fmt;
use std::io::{self, Write};

use crate::model::{ConversationRow, VerdictRow};
use crate::report::tables::{CONVERSATIONS_HEADER, VERDICTS_HEADER, conversation_cells, verdict_cells};

use super::column::Kind;
use super::file::ParquetFile;
use super::group::Group;

/// Rows of a group: so many that its dictionaries cost little, so few that they fit in memory many times.
const GROUP_ROWS: usize = 1 << 17;

/// A table on its way into a file.
pub struct ParquetTable<W: Write + Send>(ParquetFile<W>);

impl<W: Write + Send> fmt::Debug for ParquetTable<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetTable").finish_non_exhaustive()
    }
}

impl<W: Write + Send> ParquetTable<W> {
    /// Starts `verdicts.parquet`.
    pub fn verdicts(out: W) -> io::Result<ParquetTable<W>> {
        ParquetFile::new("verdicts", &columns(VERDICTS_HEADER).collect::<Vec<_>>(), GROUP_ROWS, out).map(ParquetTable)
    }

    /// Starts `conversations.parquet`.
    pub fn conversations(out: W) -> io::Result<ParquetTable<W>> {
        ParquetFile::new("conversations", &columns(CONVERSATIONS_HEADER).collect::<Vec<_>>(), GROUP_ROWS, out)
            .map(ParquetTable)
    }

    /// Adds the rows that come next. Where groups end depends on nothing but the rows and how they were put together.
    pub fn write(&mut self, rows: ParquetRows) -> io::Result<()> {
        rows.0.into_iter().try_for_each(|group| self.0.add(group))
    }

    /// Ends the file and gives back what it went to.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

/// Rows of one table, gathered on any thread.
#[derive(Debug, Default)]
pub struct ParquetRows(Vec<Group>);

impl ParquetRows {
    /// Adds rows of `verdicts.parquet`.
    pub fn verdicts(&mut self, rows: &[VerdictRow<'_>]) {
        verdict_cells(&mut self.open(VERDICTS_HEADER).rows(rows));
    }

    /// Adds rows of `conversations.parquet`.
    pub fn conversations(&mut self, rows: &[ConversationRow<'_>]) {
        conversation_cells(&mut self.open(CONVERSATIONS_HEADER).rows(rows));
    }

    fn open(&mut self, header: &'static str) -> &mut Group {
        if self.0.last().is_none_or(|group| group.is_full(GROUP_ROWS)) {
            self.0.push(Group::new(columns(header).map(|(_, kind)| kind)));
        }
        self.0.last_mut().expect("one was added")
    }
}

/// The columns of a table by its header.
fn columns(header: &'static str) -> impl Iterator<Item = (&'static str, Kind)> {
    header.trim_end().split(',').map(|name| (name, kind(name)))
}

/// What a column holds.
fn kind(name: &str) -> Kind {
    match name {
        "list_cost" | "billed_cost" => Kind::Amount,
        "error_code" => Kind::Code,
        "messages_out" | "messages_in" => Kind::Count,
        "message_id" | "conversation_id" | "customer_id" => Kind::Id,
        name if name.ends_with("_at") => Kind::Time,
        _ => Kind::Text,
    }
}
