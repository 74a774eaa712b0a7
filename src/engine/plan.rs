//! Everything a run depends on besides its log.

use std::collections::BTreeMap;

use crate::chat::{FoldOptions, Memory};
use crate::model::Day;
use crate::read::ReadOptions;
use crate::summarise::Settings;
use crate::tariff::{AccountBook, CarryIn, Interpretation, ProviderFees, Rules, Tariff};

/// The local days that are billed; earlier and later ones are context (contract §2).
#[derive(Clone, Copy, Debug, Default)]
pub struct BillPeriod {
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
}

impl BillPeriod {
    /// Whether a day is billed.
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// Whose verdict is billed where the log carries Meta's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Ours; Meta's is compared with it.
    #[default]
    Ours,
    /// Meta's, wherever it is known and can be compared with ours.
    Observed,
}

impl Trust {
    /// The name in settings.
    pub const fn name(self) -> &'static str {
        match self {
            Trust::Ours => "ours",
            Trust::Observed => "observed",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Trust> {
        [Trust::Ours, Trust::Observed].into_iter().find(|trust| trust.name() == name)
    }
}

/// One run, resolved and checked.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Prices and places.
    pub tariff: Tariff,
    /// The rules.
    pub rules: Rules,
    /// Facts about accounts.
    pub accounts: AccountBook,
    /// Units used before the log.
    pub carry_in: CarryIn,
    /// Pairs of customer ids that are one customer.
    pub aliases: Vec<(String, String)>,
    /// How missing values are replaced.
    pub fold: FoldOptions,
    /// How inputs are read.
    pub read: ReadOptions,
    /// What a provider charges for itself, if there is one.
    pub provider: Option<ProviderFees>,
    /// What is billed.
    pub bill: BillPeriod,
    /// Whose verdict is billed.
    pub trust: Trust,
    /// Whether derived rates are used.
    pub derived_rates: bool,
    /// Stop at the first rejected row, and refuse substitutions.
    pub strict: bool,
    /// How much of the log is kept in memory; `None` keeps all of it.
    pub memory: Option<Memory>,
}

impl Plan {
    /// Prices under the rules as they are documented, every setting at its default (contract §2).
    pub fn new(tariff: Tariff, accounts: AccountBook) -> Plan {
        let settings = Interpretation::default();
        Plan {
            rules: Rules { settings, milestones: tariff.milestones(), manual: None },
            tariff,
            accounts,
            carry_in: CarryIn::default(),
            aliases: Vec::new(),
            fold: FoldOptions::default(),
            read: ReadOptions::default(),
            provider: None,
            bill: BillPeriod::default(),
            trust: Trust::Ours,
            derived_rates: true,
            strict: false,
            memory: None,
        }
    }

    /// The settings as the summary shows them.
    pub fn settings(&self) -> Settings {
        let text = |day: Option<Day>| day.map(|day| day.to_string());
        let interpretation = self.rules.settings.entries().into_iter().collect::<BTreeMap<_, _>>();
        Settings {
            regime: self.rules.manual.map_or("auto", |manual| manual.regime.id.name()).to_owned(),
            rates_at: text(self.rules.manual.map(|manual| manual.rates_at)),
            bill_from: text(self.bill.from),
            bill_to: text(self.bill.to),
            trust: self.trust.name(),
            derived_rates: self.derived_rates,
            default_category: self.fold.default_category.map(|category| category.name().to_owned()),
            interpretation,
            not_default: self.rules.settings.not_default().into_iter().collect(),
        }
    }
}
