//! The rules of one run: the table of regimes, the dates of single changes, the settings, and a regime chosen by hand.

use crate::model::{Day, Span};

use super::regime::{Family, Regime};
use super::settings::{FepLength, Interpretation};

/// Dates of changes inside a regime (rules §1.2).
#[derive(Clone, Copy, Debug)]
pub struct Milestones {
    /// MM Lite messages are a category of their own (R33).
    pub marketing_lite_from: Day,
    /// Business-initiated conversations of directly billed accounts leave the allowance (R48).
    pub direct_business_initiated_charged_from: Day,
    /// Marketing to US numbers is not delivered (R71).
    pub us_pause_from: Day,
    /// Business Agent replies are charged (R59). From `data/business_agent.csv`.
    pub business_agent_from: Day,
}

/// A regime by hand (contract §4): its rules hold for the whole log, and everything else that has a date is taken as of one day.
#[derive(Clone, Copy, Debug)]
pub struct Manual {
    /// Whose rules hold.
    pub regime: &'static Regime,
    /// The day of cards, tiers, markets, gaps and single changes.
    pub rates_at: Day,
}

/// The rules of one run.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Answers to the open questions.
    pub settings: Interpretation,
    /// Dates of single changes.
    pub milestones: Milestones,
    /// A regime by hand, if one was chosen.
    pub manual: Option<Manual>,
}

impl Rules {
    /// The regime on a local day.
    pub fn regime(&self, day: Day) -> &'static Regime {
        self.manual.map_or_else(|| Regime::on(day), |manual| manual.regime)
    }

    /// The day whose rates and dated rules hold for a message of this local day.
    pub fn rule_day(&self, day: Day) -> Day {
        self.manual.map_or(day, |manual| manual.rates_at)
    }

    /// Whether the free entry point of 2026 holds on a local day: longer, ads only, answered while the window lasts (Q20).
    pub fn long_fep(&self, day: Day) -> bool {
        self.rule_day(day) >= self.settings.fep_7_days_from
    }

    /// First length of a free entry point whose answer falls on a local day of this regime; `None` where there is none (R37, Q16).
    pub fn fep_length(&self, regime: &Regime, day: Day) -> Option<Span> {
        let base = regime.fep?;
        let long = self.long_fep(day) && self.settings.fep_length_2026 == FepLength::Fixed168;
        Some(if long { FEP_LONGEST } else { base })
    }

    /// Whether customer messages move the end of a free entry point that was opened on a local day.
    pub fn fep_rolls(&self, day: Day) -> bool {
        self.long_fep(day) && self.settings.fep_length_2026 == FepLength::Rolling
    }

    /// Whether chats of this regime are judged in the order of sending instead of delivery (rules §2.10).
    pub fn by_sending(regime: &Regime) -> bool {
        regime.family == Family::Message
    }
}

/// The longest a free entry point can last (R37).
pub const FEP_LONGEST: Span = crate::model::DAY.times(7);
/// The length of a free entry point that no source disputes (R37).
pub const FEP_CERTAIN: Span = crate::model::DAY.times(3);
