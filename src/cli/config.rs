//! `wabill.toml`: paths of side files (relative to the file itself), the settings of `[interpretation]`, the fees of `[provider]`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use wabill::tariff::{Interpretation, ProviderFees};

use super::arguments::LogArguments;
use super::failure::Failure;

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    accounts: Option<PathBuf>,
    templates: Option<PathBuf>,
    carry_in: Option<PathBuf>,
    aliases: Option<PathBuf>,
    mapping: Option<PathBuf>,
    #[serde(default)]
    rates: Vec<PathBuf>,
    timezone: Option<String>,
    currency: Option<String>,
    input_tz: Option<String>,
    input_format: Option<String>,
    default_category: Option<String>,
    trust: Option<String>,
    #[serde(default)]
    interpretation: BTreeMap<String, toml::Value>,
    provider: Option<BTreeMap<String, toml::Value>>,
}

fn read(path: &Path) -> Result<ConfigFile, Failure> {
    let text = super::inputs::read_text(path)?;
    let wrong =
        |error: toml::de::Error| Failure::Usage(format!("{}: {}", path.display(), error.to_string().trim_end()));
    toml::from_str(&text).map_err(wrong)
}

/// The cards that the file names.
pub(crate) fn rates(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(read(path)?.rates.into_iter().map(|own| folder.join(own)).collect())
}

/// The fees of `[provider]`, if the file has it.
pub(crate) fn provider(path: &Path) -> Result<Option<ProviderFees>, Failure> {
    let Some(own) = read(path)?.provider else { return Ok(None) };
    let entries: Vec<(String, String)> = own.into_iter().map(|(key, value)| (key, listed(&value))).collect();
    let wrong = |error| Failure::Usage(format!("{}: {error}", path.display()));
    ProviderFees::from_entries(&entries).map(Some).map_err(wrong)
}

/// Fills in what the command line leaves open, and gives the settings of the file as `key`, `value`.
pub(crate) fn apply(path: &Path, arguments: &mut LogArguments) -> Result<Vec<(String, String)>, Failure> {
    let file = read(path)?;
    let within = |failure: Failure| Failure::Usage(format!("{}: {failure}", path.display()));
    check(&file).map_err(within)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for named in [&file.accounts, &file.templates, &file.carry_in, &file.aliases, &file.mapping]
        .into_iter()
        .flatten()
        .chain(&file.rates)
    {
        let named = folder.join(named);
        std::fs::metadata(&named).map_err(|error| within(Failure::Usage(format!("{}: {error}", named.display()))))?;
    }
    let resolve = |own: Option<PathBuf>| own.map(|own| folder.join(own));
    fill(&mut arguments.accounts, resolve(file.accounts));
    fill(&mut arguments.templates, resolve(file.templates));
    fill(&mut arguments.carry_in, resolve(file.carry_in));
    fill(&mut arguments.aliases, resolve(file.aliases));
    fill(&mut arguments.mapping, resolve(file.mapping));
    fill(&mut arguments.timezone, file.timezone);
    fill(&mut arguments.currency, file.currency);
    fill(&mut arguments.input_tz, file.input_tz);
    fill(&mut arguments.input_format, file.input_format);
    fill(&mut arguments.default_category, file.default_category);
    fill(&mut arguments.trust, file.trust);
    if arguments.rates.is_empty() {
        arguments.rates = file.rates.into_iter().map(|own| folder.join(own)).collect();
    }
    Ok(file.interpretation.into_iter().map(|(key, value)| (key, plain(&value))).collect())
}

/// What would be wrong later is said here, where it can be said of the file.
fn check(file: &ConfigFile) -> Result<(), Failure> {
    super::plan::zone("timezone", file.timezone.as_deref())?;
    super::plan::zone("input_tz", file.input_tz.as_deref())?;
    super::plan::input_format("input_format", file.input_format.as_deref())?;
    super::plan::currency("currency", file.currency.as_deref())?;
    super::plan::default_category("default_category", file.default_category.as_deref())?;
    super::plan::trust("trust", file.trust.as_deref())?;
    let mut settings = Interpretation::default();
    for (key, value) in &file.interpretation {
        settings.set(key, &plain(value))?;
    }
    Ok(())
}

fn fill<T>(typed: &mut Option<T>, from_file: Option<T>) {
    if typed.is_none() {
        *typed = from_file;
    }
}

/// A value as text; the parts of a list with commas between them.
fn listed(value: &toml::Value) -> String {
    value.as_array().map_or_else(|| plain(value), |parts| parts.iter().map(plain).collect::<Vec<_>>().join(","))
}

/// A value as `--set` would write it.
fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
