//! What a conversion has to say besides rows: rejected rows, links between customers, template categories, names nobody knows.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use wabill::engine::Converted;
use wabill::model::Rejection;
use wabill::read::Input;
use wabill::report::{
    ALIASES_HEADER, REJECTED_HEADER, TEMPLATES_HEADER, UNKNOWN_HEADER, write_alias, write_rejection, write_template,
    write_unknown,
};
use wabill::tariff::TemplateSpan;

use super::failure::Failure;
use super::output::close;
use super::output_file::{BESIDE, OutputFile, beside, refuse_inputs, write_whole};
use super::tell;

const REJECTED: &str = BESIDE[0];
const ALIASES: &str = BESIDE[1];
const TEMPLATES: &str = BESIDE[2];
const UNKNOWN: &str = "unknown.csv";

/// Where it goes.
#[derive(Debug)]
enum Place {
    /// Into a folder, every file always.
    Folder(PathBuf),
    /// Beside the output, each where there is something to say.
    Beside(PathBuf),
    /// Rejected rows only, as they come.
    Stderr,
}

/// The side files of one conversion.
#[derive(Debug)]
pub(crate) struct Sides {
    place: Place,
    /// Rejected rows until the end, in a file without a name.
    rejected: BufWriter<File>,
}

impl Sides {
    /// Checks the place before any work.
    pub(crate) fn new(target: Option<&Path>, folder: Option<&Path>, inputs: &[Input]) -> Result<Sides, Failure> {
        if let Some(folder) = folder {
            refuse_inputs([REJECTED, ALIASES, TEMPLATES, UNKNOWN].map(|name| folder.join(name)), inputs)?;
            fs::create_dir_all(folder)
                .map_err(|error| Failure::could_not(&format!("write into {}", folder.display()), &error))?;
        }
        let place = match (folder, target) {
            (Some(folder), _) => Place::Folder(folder.to_owned()),
            (None, Some(target)) => Place::Beside(target.to_owned()),
            (None, None) => Place::Stderr,
        };
        let spool = tempfile::tempfile().map_err(|error| Failure::could_not("keep rejected rows", &error))?;
        Ok(Sides { place, rejected: BufWriter::new(spool) })
    }

    /// Whether rejected rows are told on stderr as they come.
    pub(crate) fn tells_rejected(&self) -> bool {
        matches!(self.place, Place::Stderr)
    }

    /// Takes a rejected row.
    pub(crate) fn reject(&mut self, rejection: &Rejection) -> io::Result<()> {
        if self.tells_rejected() {
            let (at, code) = (&rejection.location, rejection.code.name());
            tell(&format!("{}:{}: {code}: {}", at.file, at.line, rejection.message));
            return Ok(());
        }
        let mut row = Vec::new();
        write_rejection(&mut row, rejection);
        self.rejected.write_all(&row)
    }

    /// Writes the files that are wanted.
    pub(crate) fn finish(&mut self, converted: &Converted, output: Option<&OutputFile>) -> io::Result<()> {
        let aliases = aliases(converted);
        let templates = templates(converted);
        self.rejected.flush()?;
        let spool = self.rejected.get_mut();
        spool.rewind()?;
        let (header, rows) = (REJECTED_HEADER.as_bytes(), BufReader::new(spool));
        match (&self.place, output) {
            (Place::Folder(folder), _) => {
                write_whole(&folder.join(REJECTED), header.chain(rows))?;
                write_whole(&folder.join(ALIASES), &aliases[..])?;
                write_whole(&folder.join(TEMPLATES), &templates[..])?;
                write_whole(&folder.join(UNKNOWN), &unknown(converted)[..])
            }
            (Place::Beside(_), Some(output)) => {
                stage(output, REJECTED, !converted.rejected().is_empty(), header.chain(rows))?;
                stage(output, ALIASES, !converted.links.is_empty(), &aliases[..])?;
                stage(output, TEMPLATES, !converted.template_changes.is_empty(), &templates[..])
            }
            _ => Ok(()),
        }
    }

    /// What a person should know, line by line; the switches that a replay of the output needs among it.
    pub(crate) fn told(&self, converted: &Converted) -> Vec<String> {
        let mut lines = Vec::new();
        let rejected = converted.rejected();
        if !rejected.is_empty() {
            let codes: Vec<String> = rejected.iter().map(|count| format!("{} {}", count.code, count.rows)).collect();
            lines.push(format!(
                "rejected rows: {}; {}",
                codes.join(", "),
                self.named(REJECTED, "they stand in", "above")
            ));
        }
        let unknown = converted.unknown();
        let names: Vec<String> =
            unknown.iter().map(|count| format!("{} {} ({})", count.kind, count.name, count.count)).collect();
        if !names.is_empty() {
            lines.push(format!("names that are not known: {}", names.join(", ")));
        }
        let lost = "give -o or --side-files to have them, or they are lost";
        if !converted.links.is_empty() {
            let place = self.named(ALIASES, "replay with --aliases", lost);
            lines.push(format!("customers that changed their id: {}; {place}", converted.links.len()));
        }
        if !converted.template_changes.is_empty() {
            let place = self.named(TEMPLATES, "replay with --templates", lost);
            lines.push(format!("templates that changed their category: {}; {place}", converted.template_changes.len()));
        }
        lines
    }

    fn named(&self, name: &str, words: &str, without: &str) -> String {
        match &self.place {
            Place::Folder(folder) => format!("{words} {}", folder.join(name).display()),
            Place::Beside(target) => format!("{words} {}", beside(target, name).display()),
            Place::Stderr => without.to_owned(),
        }
    }
}

fn stage(output: &OutputFile, name: &str, wanted: bool, mut bytes: impl Read) -> io::Result<()> {
    if !wanted {
        return Ok(());
    }
    let mut file = output.open(Some(name))?;
    io::copy(&mut bytes, &mut file)?;
    close(file)
}

fn aliases(converted: &Converted) -> Vec<u8> {
    let mut bytes = ALIASES_HEADER.as_bytes().to_vec();
    for (at, old, new) in &converted.links {
        write_alias(&mut bytes, old, new, *at);
    }
    bytes
}

fn templates(converted: &Converted) -> Vec<u8> {
    let mut bytes = TEMPLATES_HEADER.as_bytes().to_vec();
    for span in TemplateSpan::of(&converted.template_changes) {
        write_template(&mut bytes, span.change, span.category, span.from, span.to);
    }
    bytes
}

fn unknown(converted: &Converted) -> Vec<u8> {
    let mut bytes = UNKNOWN_HEADER.as_bytes().to_vec();
    for count in converted.unknown() {
        write_unknown(&mut bytes, count.kind, &count.name, count.count);
    }
    bytes
}
