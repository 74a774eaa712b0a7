//! Files with a row a message or a conversation, in the form that `--format` asks for.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use wabill::engine::Recorder;
use wabill::model::{ConversationRow, DisagreementRow, VerdictRow};
use wabill::report::{
    CONVERSATIONS_HEADER, DISAGREEMENTS_HEADER, ParquetRows, ParquetTable, VERDICTS_HEADER, write_conversation,
    write_disagreement, write_verdict,
};

use super::output::{OutputFolder, close};

/// How verdicts and conversations are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Csv,
    Parquet,
}

/// Which files of rows are wanted.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the files of contract §3")]
pub(crate) struct Wanted {
    pub(crate) form: Form,
    pub(crate) verdicts: bool,
    pub(crate) conversations: bool,
    pub(crate) disagreements: bool,
}

/// Rows on their way into files; `None` where they are not wanted.
#[derive(Debug)]
pub(crate) struct RowFiles {
    verdicts: Option<RowFile>,
    conversations: Option<RowFile>,
    disagreements: Option<RowFile>,
}

#[derive(Debug)]
enum RowFile {
    Csv(BufWriter<File>),
    Parquet(Box<ParquetTable<BufWriter<File>>>),
}

/// Rows of one partition for one file, in the form of that file.
#[derive(Debug, Default)]
struct Rows {
    csv: Vec<u8>,
    parquet: ParquetRows,
}

/// Rows of one partition.
#[derive(Debug, Default)]
pub(crate) struct PartitionRows {
    verdicts: Rows,
    conversations: Rows,
    disagreements: Rows,
}

impl RowFile {
    fn csv(output: &OutputFolder, name: &str, header: &str) -> io::Result<RowFile> {
        let mut file = output.open(name)?;
        file.write_all(header.as_bytes())?;
        Ok(RowFile::Csv(file))
    }

    fn verdicts(output: &OutputFolder, form: Form) -> io::Result<RowFile> {
        match form {
            Form::Csv => RowFile::csv(output, "verdicts.csv", VERDICTS_HEADER),
            Form::Parquet => {
                let table = ParquetTable::verdicts(output.open("verdicts.parquet")?)?;
                Ok(RowFile::Parquet(Box::new(table)))
            }
        }
    }

    fn conversations(output: &OutputFolder, form: Form) -> io::Result<RowFile> {
        match form {
            Form::Csv => RowFile::csv(output, "conversations.csv", CONVERSATIONS_HEADER),
            Form::Parquet => {
                let table = ParquetTable::conversations(output.open("conversations.parquet")?)?;
                Ok(RowFile::Parquet(Box::new(table)))
            }
        }
    }

    fn write(&mut self, rows: Rows) -> io::Result<()> {
        match self {
            RowFile::Csv(file) => file.write_all(&rows.csv),
            RowFile::Parquet(table) => table.write(rows.parquet),
        }
    }

    fn close(self) -> io::Result<()> {
        match self {
            RowFile::Csv(file) => close(file),
            RowFile::Parquet(table) => close(table.finish()?),
        }
    }
}

impl RowFiles {
    /// Opens the files that are wanted. Disagreements are read by people and stay a table of text.
    pub(crate) fn open(output: &OutputFolder, wanted: Wanted) -> io::Result<RowFiles> {
        let form = wanted.form;
        Ok(RowFiles {
            verdicts: wanted.verdicts.then(|| RowFile::verdicts(output, form)).transpose()?,
            conversations: wanted.conversations.then(|| RowFile::conversations(output, form)).transpose()?,
            disagreements: wanted
                .disagreements
                .then(|| RowFile::csv(output, "disagreements.csv", DISAGREEMENTS_HEADER))
                .transpose()?,
        })
    }

    /// Ends the files.
    pub(crate) fn close(self) -> io::Result<()> {
        [self.verdicts, self.conversations, self.disagreements].into_iter().flatten().try_for_each(RowFile::close)
    }
}

impl Recorder for RowFiles {
    type Buffer = PartitionRows;

    fn verdicts(&self, buffer: &mut PartitionRows, rows: &[VerdictRow<'_>]) {
        match &self.verdicts {
            Some(RowFile::Csv(_)) => rows.iter().for_each(|row| write_verdict(&mut buffer.verdicts.csv, row)),
            Some(RowFile::Parquet(_)) => buffer.verdicts.parquet.verdicts(rows),
            None => {}
        }
    }

    fn conversations(&self, buffer: &mut PartitionRows, rows: &[ConversationRow<'_>]) {
        match &self.conversations {
            Some(RowFile::Csv(_)) => rows.iter().for_each(|row| write_conversation(&mut buffer.conversations.csv, row)),
            Some(RowFile::Parquet(_)) => buffer.conversations.parquet.conversations(rows),
            None => {}
        }
    }

    fn keeps_verdicts(&self) -> bool {
        self.verdicts.is_some()
    }

    fn keeps_conversations(&self) -> bool {
        self.conversations.is_some()
    }

    fn disagreement(&self, buffer: &mut PartitionRows, row: &DisagreementRow<'_>) {
        if self.disagreements.is_some() {
            write_disagreement(&mut buffer.disagreements.csv, row);
        }
    }

    fn write(&mut self, buffer: PartitionRows) -> io::Result<()> {
        let rows = [
            (&mut self.verdicts, buffer.verdicts),
            (&mut self.conversations, buffer.conversations),
            (&mut self.disagreements, buffer.disagreements),
        ];
        for (file, rows) in rows {
            if let Some(file) = file {
                file.write(rows)?;
            }
        }
        Ok(())
    }
}
