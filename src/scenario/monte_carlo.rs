//! `[monte_carlo]`: what of the traffic is uncertain, and how. Each run draws every parameter anew and writes it over the number in the
//! file's tree, so whatever number or time span a scenario has can be one.

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use super::chance::{Chance, Parameter, dice, seed_of};
use super::document::Document;
use super::error::ScenarioError;
use super::file;
use super::traffic::Traffic;
use super::values::Lapse;

/// How a bill is asked for its uncertainty.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenMonteCarlo {
    pub(super) runs: Spanned<u32>,
    /// Whether each run has random streams of its own; missing means yes.
    #[serde(default = "yes")]
    pub(super) vary_seed: bool,
    #[serde(default)]
    pub(super) parameter: Vec<Spanned<Parameter>>,
}

fn yes() -> bool {
    true
}

/// A number that is drawn, with where it stands.
#[derive(Debug, Clone)]
struct Uncertain {
    key: String,
    chance: Chance,
    /// The number in the file; what is drawn may multiply it.
    base: f64,
    relative: bool,
    unit: Unit,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Real,
    Whole,
    /// A time span, in seconds.
    Seconds,
}

/// `[monte_carlo]`, checked, with the file it belongs to.
#[derive(Debug, Clone)]
pub struct MonteCarlo {
    /// How many runs.
    pub runs: u32,
    vary_seed: bool,
    parameters: Vec<Uncertain>,
    text: String,
    name: String,
    seed: u64,
}

/// The most runs.
const MOST_RUNS: u32 = 1_000_000;

impl MonteCarlo {
    pub(super) fn new(written: WrittenMonteCarlo, document: &Document<'_>, seed: u64) -> Result<Self, ScenarioError> {
        let runs = *written.runs.get_ref();
        if !(1..=MOST_RUNS).contains(&runs) {
            let problem = format!("{runs} runs: expected 1 to {MOST_RUNS}");
            return Err(document.error_of(written.runs.span(), "monte_carlo.runs", problem));
        }
        let numbered = written.parameter.into_iter().enumerate();
        let parameters = numbered.map(|(place, parameter)| uncertain(document, place, parameter));
        let parameters = parameters.collect::<Result<_, _>>()?;
        let (text, name) = document.owned();
        Ok(Self { runs, vary_seed: written.vary_seed, parameters, text, name, seed })
    }

    /// The keys of the parameters.
    pub fn parameters(&self) -> Vec<String> {
        self.parameters.iter().map(|parameter| parameter.key.clone()).collect()
    }

    /// The traffic of a run.
    pub fn traffic(&self, run: u32) -> Result<Traffic, ScenarioError> {
        let drawn = self.drawn(run);
        self.with(drawn.into_iter().enumerate(), self.seed_of(run), None)
    }

    /// The traffic of a variant in a run, by its place: the same draws and streams, and over them what the variant changes. `None` if it
    /// changes no traffic.
    pub fn variant_traffic(&self, run: u32, variant: usize) -> Result<Option<Traffic>, ScenarioError> {
        if !Document::known(&self.text, &self.name).at(&["variant"], variant).is_some_and(changes_traffic) {
            return Ok(None);
        }
        let drawn = self.drawn(run);
        self.with(drawn.into_iter().enumerate(), self.seed_of(run), Some(variant)).map(Some)
    }

    fn drawn(&self, run: u32) -> Vec<f64> {
        let mut dice = dice(self.seed, u64::from(run));
        self.parameters.iter().map(|parameter| parameter.chance.draw(&mut dice)).collect()
    }

    fn seed_of(&self, run: u32) -> u64 {
        if self.vary_seed { seed_of(self.seed, u64::from(run)) } else { self.seed }
    }

    /// The traffic of the file with one parameter at the value that so many percent of its draws do not exceed.
    pub fn extreme(&self, parameter: usize, percent: u8) -> Result<Traffic, ScenarioError> {
        let value =
            self.parameters[parameter].chance.quantile(f64::from(percent) / 100.0, &mut dice(self.seed, u64::MAX));
        self.with([(parameter, value)].into_iter(), self.seed, None)
    }

    fn with(
        &self,
        drawn: impl Iterator<Item = (usize, f64)>,
        seed: u64,
        variant: Option<usize>,
    ) -> Result<Traffic, ScenarioError> {
        let lines: Vec<String> = drawn.map(|(place, value)| self.parameters[place].line(value)).collect();
        let changes = lines.join("\n");
        let document = Document::known(&self.text, &self.name);
        file::changed_traffic(&document, &changes, variant, seed).map_err(|error| {
            let problem =
                format!("{} (drawn: {}); choose a distribution that stays inside", error.problem, lines.join(", "));
            ScenarioError { problem, ..error }
        })
    }
}

fn changes_traffic(variant: &Spanned<DeValue<'_>>) -> bool {
    variant.get_ref().get("traffic").is_some()
}

impl Uncertain {
    /// The change as a line of TOML, below `[traffic]`.
    fn line(&self, drawn: f64) -> String {
        let value = if self.relative { self.base * drawn } else { drawn };
        match self.unit {
            Unit::Real => format!("{} = {value:?}", self.key),
            Unit::Whole => format!("{} = {}", self.key, value.round().max(0.0)),
            Unit::Seconds => format!("{} = \"{}s\"", self.key, value.round().max(1.0)),
        }
    }
}

/// Finds the number that a parameter names.
fn uncertain(document: &Document<'_>, place: usize, parameter: Spanned<Parameter>) -> Result<Uncertain, ScenarioError> {
    let span = parameter.span();
    let parameter = parameter.into_inner();
    let own = format!("monte_carlo.parameter[{place}]");
    let chance = parameter.chance().map_err(|problem| document.error_of(span, &own, problem))?;
    let key = parameter.key.get_ref();
    let path: Vec<&str> = std::iter::once("traffic").chain(key.split('.')).collect();
    let value = document.get(&path).map(Spanned::get_ref);
    let found = value.and_then(|value| match value {
        DeValue::Float(number) => number.as_str().replace('_', "").parse().ok().map(|base| (base, Unit::Real)),
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok().map(|base| (base, Unit::Whole)),
        DeValue::String(text) => {
            Lapse::try_from(text.to_string()).ok().map(|lapse| (f64::from(lapse.seconds()), Unit::Seconds))
        }
        _ => None,
    });
    let (base, unit) = found.ok_or_else(|| {
        let problem = format!("there is no number or time span at traffic.{key}: write it out in the file to vary it");
        document.error_of(parameter.key.span(), &format!("{own}.key"), problem)
    })?;
    Ok(Uncertain { key: key.clone(), chance, base, relative: parameter.relative, unit })
}
