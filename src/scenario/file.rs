//! The scenario file: where the messages come from, and what is tried on them.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::DeValue;

use super::document::Document;
use super::error::ScenarioError;
use super::traffic::Traffic;
use super::{check, defaults};

/// The version of the format.
const VERSION: u32 = 1;

/// A checked scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Where the messages come from.
    pub source: Source,
}

/// Where the messages come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A real log.
    Log(LogSource),
    /// An invented business.
    Traffic(Box<Traffic>),
}

/// A real log with its side files; paths are relative to the scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSource {
    /// The log: a file, a folder or a pattern.
    pub log: String,
    /// `accounts.csv`.
    pub accounts: Option<PathBuf>,
    /// `templates.csv`.
    pub templates: Option<PathBuf>,
    /// `aliases.csv`.
    pub aliases: Option<PathBuf>,
    /// A mapping file.
    pub mapping: Option<PathBuf>,
    /// Zone of accounts that name none.
    pub timezone: Option<String>,
    /// Currency of accounts that name none.
    pub currency: Option<String>,
    /// Zone of times that name none.
    pub input_tz: Option<String>,
}

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: Spanned<u32>,
    seed: Spanned<u32>,
    #[serde(default, rename = "title")]
    _title: Option<String>,
    source: Option<Spanned<LogSource>>,
    /// Read later, when its variants are known.
    #[serde(rename = "traffic")]
    _traffic: Option<IgnoredAny>,
}

impl Scenario {
    /// Reads and checks a scenario file.
    ///
    /// `toml_text` is the file's text and `name` what errors call it. The first thing found wrong is returned, with its line and what
    /// would be accepted.
    pub fn parse(toml_text: &str, name: &str) -> Result<Self, ScenarioError> {
        let document = Document::parse(toml_text, name)?;
        let written: Written = document.read_all()?;
        let version = *written.version.get_ref();
        if version != VERSION {
            let problem = format!("version {version} is not known; this program reads version = {VERSION}");
            return Err(document.error(written.version.span(), problem));
        }
        let seed = u64::from(*written.seed.get_ref());
        let source = match (written.source, document.get(&["traffic"])) {
            (Some(source), None) => Source::Log(source.into_inner()),
            (None, Some(traffic)) => Source::Traffic(Box::new(read_traffic(&document, traffic.clone(), seed)?)),
            (Some(source), Some(_)) => {
                let problem =
                    "there is [traffic], too; messages come from a log or from traffic: leave one out".to_owned();
                return Err(document.error_of(source.span(), "source", problem));
            }
            (None, None) => {
                let problem = "no messages: give [source] with log = \"…\", or [traffic]".to_owned();
                return Err(document.error_of(0..0, "source", problem));
            }
        };
        Ok(Self { source })
    }

    /// The invented business, if there is one.
    pub fn traffic(&self) -> Option<&Traffic> {
        match &self.source {
            Source::Traffic(traffic) => Some(traffic),
            Source::Log(_) => None,
        }
    }
}

/// Understands `[traffic]`, fills in what it leaves out, and checks it.
fn read_traffic<'t>(document: &Document<'t>, value: Spanned<DeValue<'t>>, seed: u64) -> Result<Traffic, ScenarioError> {
    let mut traffic: Traffic = document.read(value)?;
    traffic.seed = seed;
    defaults::complete(&mut traffic);
    check::check(&traffic, document)?;
    Ok(traffic)
}
