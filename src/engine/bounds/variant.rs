//! One way in which the log could have gone on where it is silent.

use crate::model::{Assumptions, BeforeLog, Cause, MonthBefore, TemplateCategory, UntoldCategories, UntoldDeliveries};
use crate::tariff::FepLength;

use super::super::pass::Run;

/// An answer to a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that makes the bill smallest.
    Low,
    /// The one that makes it largest.
    High,
    /// Two more that may: authentication costs less than utility in some places, and more than marketing where the international rate
    /// applies (R67). They count only where authentication has a rate.
    OtherLow,
    OtherHigh,
}

impl Side {
    /// The answers to a cause.
    pub(super) fn of(cause: Cause) -> &'static [Side] {
        match cause {
            Cause::CategoryUnknown => &[Side::Low, Side::High, Side::OtherLow, Side::OtherHigh],
            _ => &[Side::Low, Side::High],
        }
    }

    /// The answers to several causes at once.
    pub(super) fn all(causes: &[Cause]) -> &'static [Side] {
        Side::of(if causes.contains(&Cause::CategoryUnknown) { Cause::CategoryUnknown } else { Cause::FepLength })
    }
}

/// What a run is changed by. Runs of equal variants are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variant {
    assumptions: Assumptions,
    fep_length: FepLength,
}

impl Variant {
    /// No change.
    pub(super) fn billed(run: &Run<'_>) -> Variant {
        Variant { assumptions: run.assumptions, fep_length: run.rules.settings.fep_length_2026 }
    }

    /// With an answer to a cause.
    pub(super) fn with(mut self, cause: Cause, side: Side, run: &Run<'_>) -> Variant {
        let low = matches!(side, Side::Low | Side::OtherLow);
        let assumed = &mut self.assumptions;
        match cause {
            Cause::DeliveryUnknown => {
                assumed.deliveries = if low { UntoldDeliveries::NotDelivered } else { UntoldDeliveries::Doubted };
            }
            Cause::WindowsUnknown => assumed.windows_open = low,
            Cause::EntryPointsUnknown => {
                assumed.entry_points = low;
                assumed.before_log = if low { BeforeLog::EntryPointsAlone } else { assumed.before_log };
            }
            Cause::CategoryUnknown => {
                assumed.categories = Some(match side {
                    Side::Low => UntoldCategories::Fewest(TemplateCategory::Utility),
                    Side::High => UntoldCategories::Most(TemplateCategory::Marketing),
                    Side::OtherLow => UntoldCategories::Fewest(TemplateCategory::Authentication),
                    Side::OtherHigh => UntoldCategories::Most(TemplateCategory::Authentication),
                });
            }
            Cause::ColdStart => {
                assumed.before_log = if low { BeforeLog::Conversations } else { BeforeLog::DoubtfulEntryPoint };
            }
            Cause::MonthBeganBefore => {
                assumed.month = if low { MonthBefore::LastTiers } else { MonthBefore::AllowancesUsed };
            }
            Cause::FepLength => self.fep_length = if low { FepLength::Fixed168 } else { FepLength::Fixed72 },
        }
        let assumed = &mut self.assumptions;
        let entry_points = assumed.entry_points || shows_entry_points(run);
        assumed.before_log = match assumed.before_log {
            BeforeLog::Conversations if entry_points => BeforeLog::EntryPoints,
            BeforeLog::DoubtfulEntryPoint if !entry_points => BeforeLog::Nothing,
            other => other,
        };
        self
    }

    /// The run.
    pub(super) fn run<'a>(self, run: &Run<'a>) -> Run<'a> {
        let mut rules = run.rules.clone();
        rules.settings.fep_length_2026 = self.fep_length;
        run.under(rules, self.assumptions)
    }
}

/// Whether free entry points are something that this log has.
pub(super) fn shows_entry_points(run: &Run<'_>) -> bool {
    run.log.intake.facts().has_entry_points
}
