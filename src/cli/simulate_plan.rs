//! From a scenario to plans: what replaying would be told on the command line.

use std::path::{Path, PathBuf};

use wabill::engine::Plan;
use wabill::read::Input;
use wabill::scenario::{LogSource, RuleChanges, Scenario, Source, Traffic, accounts};
use wabill::tariff::{AccountBook, AccountDefaults, CarryIn, NamedText, ProviderFees};

use super::arguments::LogArguments;
use super::failure::Failure;
use super::{inputs, plan};

/// Where a scenario stands, and the log it names.
pub(crate) struct Origin {
    name: String,
    folder: PathBuf,
    source: Option<LogSource>,
    /// The log; none for traffic.
    pub(crate) inputs: Vec<Input>,
}

impl Origin {
    /// Paths are relative to the scenario file.
    pub(crate) fn of(path: &Path, scenario: &Scenario) -> Result<Origin, Failure> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let (source, inputs) = match &scenario.source {
            Source::Traffic(_) => (None, Vec::new()),
            Source::Log(source) => {
                let log = folder.join(&source.log).display().to_string();
                (Some(source.clone()), inputs::logs(&[log])?)
            }
        };
        Ok(Origin { name: path.display().to_string(), folder, source, inputs })
    }
}

/// The plan of a scenario or a variant.
pub(crate) fn plan_of(origin: &Origin, rules: &RuleChanges, traffic: Option<&Traffic>) -> Result<Plan, Failure> {
    let mut plan = plan::resolve(arguments(origin, rules))?.plan;
    if let Some(text) = rules.carry_in_file() {
        let file = NamedText { name: format!("{}: carry_in", origin.name), text };
        plan.carry_in = CarryIn::read(&file, &plan.tariff.markets)?;
    }
    plan.provider = rules.provider.as_ref().map(provider).transpose()?;
    match traffic {
        Some(traffic) => with_accounts(plan, origin, traffic),
        None => Ok(plan),
    }
}

/// The plan with the accounts of traffic.
pub(crate) fn with_accounts(mut plan: Plan, origin: &Origin, traffic: &Traffic) -> Result<Plan, Failure> {
    let text = String::from_utf8_lossy(&accounts(traffic)).into_owned();
    let file = NamedText { name: format!("{}: [traffic.account]", origin.name), text };
    let defaults = AccountDefaults { zone: None, currency: wabill::model::Currency::USD };
    plan.accounts = AccountBook::read(&file, defaults)?;
    Ok(plan)
}

fn provider(value: &toml::Value) -> Result<ProviderFees, Failure> {
    match value {
        toml::Value::String(name) => Ok(ProviderFees::preset(name)?),
        toml::Value::Table(table) => {
            let text = |value: &toml::Value| match value {
                toml::Value::Array(parts) => parts.iter().map(plain).collect::<Vec<_>>().join(","),
                one => plain(one),
            };
            let entries: Vec<(String, String)> = table.iter().map(|(key, value)| (key.clone(), text(value))).collect();
            Ok(ProviderFees::from_entries(&entries)?)
        }
        other => {
            Err(Failure::Usage(format!("provider cannot be {other}; use the name of a preset, or a table of fees")))
        }
    }
}

/// A value as `--set` would write it.
fn plain(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn arguments(origin: &Origin, rules: &RuleChanges) -> LogArguments {
    let source = origin.source.as_ref();
    let path = |own: Option<&PathBuf>| own.map(|own| origin.folder.join(own));
    let (bill_from, bill_to) = rules.bill_days();
    LogArguments {
        // Named, or the plan would be that of the embedded sample.
        logs: vec![source.map_or_else(|| origin.name.clone(), |source| source.log.clone())],
        accounts: path(source.and_then(|source| source.accounts.as_ref())),
        templates: path(source.and_then(|source| source.templates.as_ref())),
        carry_in: None,
        aliases: path(source.and_then(|source| source.aliases.as_ref())),
        mapping: path(source.and_then(|source| source.mapping.as_ref())),
        rates: rules.rates.iter().flatten().map(|own| origin.folder.join(own)).collect(),
        config: None,
        timezone: source.and_then(|source| source.timezone.clone()),
        currency: source.and_then(|source| source.currency.clone()),
        input_tz: source.and_then(|source| source.input_tz.clone()),
        input_format: None,
        default_category: None,
        trust: None,
        max_line: None,
        strict: false,
        regime: rules.regime.clone(),
        rates_at: None,
        bill_from,
        bill_to,
        set: rules.set.iter().map(|(key, value)| format!("{key}={}", plain(value))).collect(),
        no_derived_rates: false,
        threads: None,
        quiet: true,
    }
}
