//! `wabill mapping`: what is known of logs of providers and inboxes, and a proposal for those that are not known.

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use wabill::read::{BUILT_IN, Input, Lack, ReadOptions, ReadProgress, Suggestion, built_in, open, suggest};

use super::failure::Failure;
use super::{print, tell};

const EXAMPLES: &str = "Examples:
  wabill mapping list
  wabill mapping show twilio
  wabill mapping suggest export.csv > mapping.toml
  wabill replay export.csv --mapping mapping.toml";

/// Arguments of `mapping`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MappingCommand {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Debug, Subcommand)]
enum Commands {
    /// Propose a mapping from the columns and the first values of a log, and say how sure it is
    Suggest(Suggest),
    /// List the built-in mappings and what such logs do not tell
    List(List),
    /// Print a built-in mapping, to start one's own from
    Show(Show),
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Suggest {
    /// The log, or - for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print nothing but the mapping and errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct List {}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Show {
    /// The mapping
    #[arg(value_name = "NAME")]
    name: String,
}

impl MappingCommand {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self.command {
            Commands::Suggest(suggest) => suggest.run(),
            Commands::List(List {}) => print(&list()?),
            Commands::Show(show) => show.run(),
        }
    }
}

impl Suggest {
    fn run(self) -> Result<(), Failure> {
        let is_stdin = self.file.as_os_str() == "-";
        let input = if is_stdin { Input::Stdin } else { Input::File(self.file) };
        let progress = ReadProgress::default();
        let mut opened = open(&input, &progress)?;
        let suggestion = suggest(&mut opened, &input.name(), &ReadOptions::default())?;
        print(&suggestion.toml)?;
        if !self.quiet {
            tell(remarks(&suggestion).trim_end());
        }
        Ok(())
    }
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        let known = || BUILT_IN.map(|(name, _)| name).join(", ");
        let unknown = || Failure::Usage(format!("'{}' is none of the built-in mappings {}", self.name, known()));
        let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == self.name).ok_or_else(unknown)?;
        print(text)
    }
}

fn list() -> Result<String, Failure> {
    let mut out = String::new();
    for (name, _) in BUILT_IN {
        if let Some(mapping) = built_in(name)? {
            let lacks: Vec<&str> = mapping.lacks().iter().map(|lack| lack.name()).collect();
            add(&mut out, &format!("{name:<16} {}\n{:<16} does not tell: {}", mapping.about(), "", lacks.join(", ")));
        }
    }
    add(&mut out, &format!("{:<16} Meta's webhooks, which 360dialog hands on as they are (webhooks)", "360dialog"));
    Ok(out)
}

/// What is missing, and what that means for the bill.
fn remarks(suggestion: &Suggestion) -> String {
    let mut out = String::new();
    for column in &suggestion.missing {
        add(
            &mut out,
            &format!("missing: {column}: no column was found for it; fill it in before the mapping can be used"),
        );
    }
    if suggestion.naive_times {
        add(&mut out, "times name no zone: give it in [time] or with --input-tz, or their rows are rejected");
    }
    for lack in &suggestion.lacks {
        add(&mut out, &remark(*lack));
    }
    add(&mut out, "check every line before a bill is made with it");
    out
}

fn remark(lack: Lack) -> String {
    format!("{}: {}", lack.name(), lack.meaning())
}

fn add(out: &mut String, line: &str) {
    // A text takes whatever is written to it.
    let _ = writeln!(out, "{line}");
}
