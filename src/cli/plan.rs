//! From arguments as typed to a plan, resolved and checked. Whatever is wrong is said before a log is read.

use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use wabill::chat::FoldOptions;
use wabill::engine::{BillPeriod, Plan, Trust};
use wabill::model::{Currency, Day, TemplateCategory};
use wabill::read::{Format, MAX_LINE, Mapping, ReadOptions};
use wabill::summarise::InputFacts;
use wabill::tariff::{
    AccountBook, AccountDefaults, CardFamily, CarryIn, Interpretation, Manual, NamedText, REGIMES, Regime, Rules,
    Tariff, TariffOptions, TemplateBook, parse_zone, read_aliases,
};

use super::arguments::LogArguments;
use super::failure::Failure;
use super::{config, inputs};

/// A plan, and what the summary says of its side files.
pub(crate) struct Resolved {
    pub(crate) plan: Plan,
    pub(crate) side_files: Vec<InputFacts>,
}

/// Resolves the arguments.
pub(crate) fn resolve(mut arguments: LogArguments) -> Result<Resolved, Failure> {
    let from_config = match arguments.config.clone() {
        Some(path) => config::apply(&path, &mut arguments)?,
        None => Vec::new(),
    };
    let provider = arguments.config.as_deref().map(config::provider).transpose()?.flatten();
    let mut side_files = Vec::new();
    let mut note =
        |role, file: Option<&NamedText>| side_files.extend(file.map(|file| inputs::side_file_facts(role, file)));
    let cards = arguments.rates.iter().map(|path| inputs::read_named(path)).collect::<Result<Vec<_>, _>>()?;
    for card in &cards {
        note("rates", Some(card));
    }
    let tariff = Tariff::load(&TariffOptions { cards, no_derived: arguments.no_derived_rates })?;
    let accounts_file = match &arguments.accounts {
        Some(path) => Some(inputs::read_named(path)?),
        None => arguments.logs.is_empty().then(inputs::sample_accounts),
    };
    note("accounts", accounts_file.as_ref());
    let templates = named(arguments.templates.as_deref())?;
    note("templates", templates.as_ref());
    let carry_in = named(arguments.carry_in.as_deref())?;
    note("carry-in", carry_in.as_ref());
    let aliases = named(arguments.aliases.as_deref())?;
    note("aliases", aliases.as_ref());
    let mapping = named(arguments.mapping.as_deref())?;
    note("mapping", mapping.as_ref());
    let settings = interpretation(&from_config, &arguments.set)?;
    let milestones = tariff.milestones();
    let plan = Plan {
        rules: Rules { settings, milestones, manual: manual(&arguments, &tariff)? },
        accounts: accounts(&arguments, accounts_file.as_ref())?,
        carry_in: carry_in.map_or(Ok(CarryIn::default()), |file| CarryIn::read(&file, &tariff.markets))?,
        aliases: aliases.map_or(Ok(Vec::new()), |file| read_aliases(&file))?,
        fold: FoldOptions {
            settings,
            templates: templates.map_or(Ok(TemplateBook::default()), |file| TemplateBook::read(&file))?,
            default_category: default_category("--default-category", arguments.default_category.as_deref())?,
        },
        read: ReadOptions {
            input_zone: zone("--input-tz", arguments.input_tz.as_deref())?,
            max_line: arguments.max_line.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(MAX_LINE),
            ..form(mapping.as_ref(), arguments.input_format.as_deref())?
        },
        provider,
        bill: bill_period(&arguments)?,
        trust: trust("--trust", arguments.trust.as_deref())?,
        derived_rates: !arguments.no_derived_rates,
        strict: arguments.strict,
        memory: None,
        tariff,
    };
    Ok(Resolved { plan, side_files })
}

fn named(path: Option<&Path>) -> Result<Option<NamedText>, Failure> {
    path.map(inputs::read_named).transpose()
}

fn accounts(arguments: &LogArguments, file: Option<&NamedText>) -> Result<AccountBook, Failure> {
    let currency = currency("--currency", arguments.currency.as_deref())?.unwrap_or(Currency::USD);
    let defaults = AccountDefaults { zone: zone("--timezone", arguments.timezone.as_deref())?, currency };
    Ok(file.map_or(Ok(AccountBook::without_file(defaults)), |file| AccountBook::read(file, defaults))?)
}

/// A currency by code; `switch` is what the error names.
pub(super) fn currency(switch: &str, code: Option<&str>) -> Result<Option<Currency>, Failure> {
    let wrong = |code: &str| Failure::Usage(format!("{switch} '{code}' is no currency code such as INR"));
    code.map(|code| Currency::parse(code).ok_or_else(|| wrong(code))).transpose()
}

/// A time zone by name, likewise.
pub(super) fn zone(switch: &str, name: Option<&str>) -> Result<Option<Tz>, Failure> {
    name.map(|name| parse_zone(name).map_err(|message| Failure::Usage(format!("{switch} {message}")))).transpose()
}

fn day(switch: &str, text: Option<&str>) -> Result<Option<Day>, Failure> {
    let wrong = |text: &str| Failure::Usage(format!("{switch} '{text}' is no date; write YYYY-MM-DD"));
    text.map(|text| Day::parse(text).ok_or_else(|| wrong(text))).transpose()
}

fn bill_period(arguments: &LogArguments) -> Result<BillPeriod, Failure> {
    let from = day("--bill-from", arguments.bill_from.as_deref())?;
    let to = day("--bill-to", arguments.bill_to.as_deref())?;
    match from.zip(to) {
        Some((from, to)) if to < from => Err(Failure::Usage(format!("--bill-to {to} is before --bill-from {from}"))),
        _ => Ok(BillPeriod { from, to }),
    }
}

/// Whose verdict is billed, likewise.
pub(super) fn trust(switch: &str, name: Option<&str>) -> Result<Trust, Failure> {
    let wrong = |name: &str| Failure::Usage(format!("{switch} '{name}' is not ours or observed"));
    name.map_or(Ok(Trust::default()), |name| Trust::named(name).ok_or_else(|| wrong(name)))
}

/// What the log is, by a mapping of one's own or the name of a format.
pub(super) fn form(mapping: Option<&NamedText>, format: Option<&str>) -> Result<ReadOptions, Failure> {
    if mapping.is_some() && format.is_some() {
        return Err(Failure::Usage("give --mapping or --input-format, not both: each says what the log is".to_owned()));
    }
    let mapping = mapping.map(|file| Mapping::read(&file.name, &file.text)).transpose()?.map(Arc::new);
    Ok(ReadOptions { format: input_format("--input-format", format)?, mapping, ..ReadOptions::default() })
}

/// A format by name, likewise.
pub(super) fn input_format(switch: &str, name: Option<&str>) -> Result<Option<Format>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let unknown = || {
        Failure::Usage(format!(
            "{switch} '{name}' is none of {}; describe another log with --mapping FILE",
            Format::names().join(", ")
        ))
    };
    Format::named(name)?.map_or_else(|| Err(unknown()), |format| Ok(Some(format)))
}

/// A template category by name, likewise.
pub(super) fn default_category(switch: &str, name: Option<&str>) -> Result<Option<TemplateCategory>, Failure> {
    let wrong = |name: &str| Failure::Usage(format!("{switch} '{name}' is not marketing, utility or authentication"));
    name.map(|name| TemplateCategory::parse(name).ok_or_else(|| wrong(name))).transpose()
}

/// The defaults, what the file sets, and what `--set` sets over it.
fn interpretation(from_config: &[(String, String)], typed: &[String]) -> Result<Interpretation, Failure> {
    let mut settings = Interpretation::default();
    for (key, value) in from_config {
        settings.set(key, value)?;
    }
    for entry in typed {
        let parts = entry.split_once('=');
        let (key, value) =
            parts.ok_or_else(|| Failure::Usage(format!("--set '{entry}' is not of the form key=value")))?;
        settings.set(key.trim(), value.trim())?;
    }
    Ok(settings)
}

/// A regime by hand, with the day of its rates (contract §4).
fn manual(arguments: &LogArguments, tariff: &Tariff) -> Result<Option<Manual>, Failure> {
    let rates_at = day("--rates-at", arguments.rates_at.as_deref())?;
    let typed = arguments.regime.as_deref().unwrap_or("auto");
    let (name, at) = typed.split_once('@').map_or((typed, None), |(name, at)| (name, Some(at)));
    let rates_at = match (day("the date behind @ in --regime", at)?, rates_at) {
        (Some(_), Some(_)) => {
            return Err(Failure::Usage(
                "give the day of the rates once: behind @ in --regime, or with --rates-at".to_owned(),
            ));
        }
        (behind, typed) => behind.or(typed),
    };
    if name == "auto" {
        return match rates_at {
            Some(_) => Err(Failure::Usage(
                "--rates-at needs a --regime by hand; with auto each message takes the rates of its own day".to_owned(),
            )),
            None => Ok(None),
        };
    }
    let known = || REGIMES.map(|regime| regime.id.name()).join(", ");
    let regime =
        Regime::named(name).ok_or_else(|| Failure::Usage(format!("--regime '{name}' is not auto, {}", known())))?;
    let newest = || tariff.rates.newest_card(regime.card.unwrap_or(CardFamily::Pmp)).unwrap_or(regime.from);
    let rates_at = rates_at.or_else(|| regime.last_day()).unwrap_or_else(newest);
    Ok(Some(Manual { regime, rates_at }))
}
