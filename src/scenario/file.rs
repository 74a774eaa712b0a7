//! The scenario file: where the messages come from, under which rules, and what is tried on them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{Document, overlay};
use super::error::ScenarioError;
use super::monte_carlo::{MonteCarlo, WrittenMonteCarlo};
use super::policy::Policies;
use super::rules::{LogSource, RuleChanges};
use super::traffic::Traffic;
use super::{check, defaults};

/// The version of the format.
const VERSION: u32 = 1;

/// A checked scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What it shows, in a sentence.
    pub title: String,
    /// Where the messages come from.
    pub source: Source,
    /// Rules, prices and days of the bill.
    pub rules: RuleChanges,
    /// What is tried, in the order of the file.
    pub variants: Vec<Variant>,
    /// What is uncertain.
    pub monte_carlo: Option<MonteCarlo>,
}

/// Where the messages come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A real log.
    Log(LogSource),
    /// An invented business.
    Traffic(Box<Traffic>),
}

/// One thing to try.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Rules, prices and days of the bill: the scenario's, with the variant's changes.
    pub rules: RuleChanges,
    /// Other traffic; `None` where it is the scenario's.
    pub traffic: Option<Box<Traffic>>,
    /// What is done otherwise with the same messages.
    pub policies: Policies,
}

/// The file as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: Spanned<u32>,
    seed: Spanned<u32>,
    #[serde(default)]
    title: String,
    source: Option<Spanned<LogSource>>,
    /// Read later, as variants change it.
    #[serde(rename = "traffic")]
    _traffic: Option<IgnoredAny>,
    #[serde(default)]
    rules: RuleChanges,
    #[serde(default)]
    variant: Vec<Spanned<WrittenVariant>>,
    monte_carlo: Option<Spanned<WrittenMonteCarlo>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenVariant {
    name: Spanned<String>,
    #[serde(default)]
    rules: RuleChanges,
    /// Read later, laid over the scenario's.
    #[serde(rename = "traffic")]
    _traffic: Option<IgnoredAny>,
    #[serde(default)]
    policy: Policies,
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
        let mut variants = Vec::new();
        let mut names = BTreeSet::from(["baseline".to_owned()]);
        for (place, variant) in written.variant.into_iter().enumerate() {
            let own = variant_name(&document, place, &variant, &mut names)?;
            variants.push(read_variant(&document, place, variant, own, (seed, &written.rules, &source))?);
        }
        let monte_carlo = match (written.monte_carlo, &source) {
            (None, _) => None,
            (Some(written), Source::Traffic(_)) => Some(MonteCarlo::new(written.into_inner(), &document, seed)?),
            (Some(written), Source::Log(_)) => {
                let problem =
                    "the messages come from a log, which is certain: leave it out, or describe [traffic]".to_owned();
                return Err(document.error_of(written.span(), "monte_carlo", problem));
            }
        };
        Ok(Self { title: written.title, source, rules: written.rules, variants, monte_carlo })
    }

    /// The invented business, if there is one.
    pub fn traffic(&self) -> Option<&Traffic> {
        match &self.source {
            Source::Traffic(traffic) => Some(traffic),
            Source::Log(_) => None,
        }
    }
}

/// Names become names of folders, so they are plain; and each is there once.
fn variant_name(
    document: &Document<'_>,
    place: usize,
    variant: &Spanned<WrittenVariant>,
    names: &mut BTreeSet<String>,
) -> Result<String, ScenarioError> {
    let name = &variant.get_ref().name;
    let key = format!("variant[{place}].name");
    let text = name.get_ref();
    let plain = !text.is_empty() && text.len() <= 60 && text.chars().all(|c| c.is_alphanumeric() || " -_".contains(c));
    if !plain || text.trim() != text {
        let problem = format!("'{text}' is no name: expected letters, digits, spaces, - and _, at most 60");
        return Err(document.error_of(name.span(), &key, problem));
    }
    if !names.insert(text.clone()) {
        let problem = format!("'{text}' is there twice: each variant needs a name of its own, and baseline is taken");
        return Err(document.error_of(name.span(), &key, problem));
    }
    Ok(text.clone())
}

fn read_variant(
    document: &Document<'_>,
    place: usize,
    variant: Spanned<WrittenVariant>,
    name: String,
    (seed, rules, source): (u64, &RuleChanges, &Source),
) -> Result<Variant, ScenarioError> {
    let span = variant.span();
    let written = variant.into_inner();
    let mut policies = written.policy;
    if let Some((key, problem)) = policies.fault() {
        return Err(document.error_of(span, &format!("variant[{place}].policy.{key}"), problem));
    }
    let change = document.at(&["variant"], place).and_then(|own| own.get_ref().get("traffic").cloned());
    let traffic = match (change, document.get(&["traffic"])) {
        (None, _) => None,
        (Some(change), Some(base)) => {
            let mut changed = base.clone();
            overlay(&mut changed, &change);
            Some(Box::new(read_traffic(document, changed, seed)?))
        }
        (Some(change), None) => {
            let problem = "the messages come from a log, which cannot be made anew: use policy".to_owned();
            return Err(document.error_of(change.span(), &format!("variant[{place}].traffic"), problem));
        }
    };
    if let Source::Traffic(own) = source {
        policies.use_ids(&own.number_ids());
    }
    Ok(Variant { name, rules: rules.changed_by(written.rules), traffic, policies })
}

/// `[traffic]` with changes laid over it: lines of TOML with keys below it, and then what a variant changes.
pub(super) fn changed_traffic(
    document: &Document<'_>,
    changes: &str,
    variant: Option<usize>,
    seed: u64,
) -> Result<Traffic, ScenarioError> {
    let over = DeTable::parse(changes).expect("changes are made of keys of the file and plain numbers");
    let over = Spanned::new(over.span(), DeValue::Table(over.into_inner()));
    let mut traffic = document.get(&["traffic"]).cloned().unwrap_or_else(|| over.clone());
    overlay(&mut traffic, &over);
    let own = variant.and_then(|place| document.at(&["variant"], place)).and_then(|own| own.get_ref().get("traffic"));
    if let Some(own) = own {
        overlay(&mut traffic, own);
    }
    read_traffic(document, traffic, seed)
}

/// Understands `[traffic]`, fills in what it leaves out, and checks it.
fn read_traffic<'t>(document: &Document<'t>, value: Spanned<DeValue<'t>>, seed: u64) -> Result<Traffic, ScenarioError> {
    let mut traffic: Traffic = document.read(value)?;
    traffic.seed = seed;
    defaults::complete(&mut traffic);
    check::check(&traffic, document)?;
    Ok(traffic)
}

impl Traffic {
    /// The ids of the numbers by their names in the file.
    fn number_ids(&self) -> BTreeMap<String, String> {
        self.number.iter().map(|(name, number)| (name.clone(), number.id.clone())).collect()
    }
}
