//! Everything in the summary that is a sum of lines, in one go over them.

use crate::model::{Day, Month};

use super::line::Line;
use super::lines::Lines;
use super::sums::{Breakdowns, Groups, Tier, Totals};

/// Sums of the lines of a bill.
#[derive(Default)]
pub(super) struct LineTotals<'l> {
    /// First and last day of all lines.
    pub(super) days: Option<(Day, Day)>,
    pub(super) messages: u64,
    /// Free messages whose list rate is not known.
    pub(super) list_unknown: u64,
    pub(super) totals: Totals,
    pub(super) by_verdict: Groups<&'static str>,
    pub(super) by_reason: Groups<&'static str>,
    pub(super) by_category: Groups<&'static str>,
    pub(super) by_category_and_verdict: Breakdowns,
    pub(super) by_market: Groups<&'l str>,
    pub(super) by_waba: Groups<&'l str>,
    pub(super) by_phone_number: Groups<&'l str>,
    pub(super) by_regime: Groups<&'static str>,
    pub(super) by_month: Groups<Month>,
    pub(super) by_day: Groups<Day>,
    pub(super) by_template: Groups<&'l str>,
    pub(super) by_tier: Groups<Tier>,
}

impl<'l> LineTotals<'l> {
    pub(super) fn of(lines: &'l Lines) -> LineTotals<'l> {
        let mut totals = LineTotals::default();
        lines.iter().for_each(|line| totals.add(&line));
        totals
    }

    fn add(&mut self, line: &Line<'l>) {
        let (first, last) = self.days.unwrap_or((line.day, line.day));
        self.days = Some((first.min(line.day), last.max(line.day)));
        self.messages += line.sums.messages;
        self.list_unknown += line.sums.list_unknown;
        self.totals.add(line);
        self.by_verdict.add(line.outcome.name(), line);
        self.by_reason.add(line.outcome.reason(), line);
        self.by_category.add(line.category.name(), line);
        self.by_category_and_verdict.add(line);
        self.by_market.add(line.market, line);
        self.by_waba.add(line.waba_id, line);
        self.by_phone_number.add(line.phone_number_id, line);
        self.by_regime.add(line.regime.name(), line);
        self.by_month.add(line.day.month(), line);
        self.by_day.add(line.day, line);
        self.by_template.add(line.template_name, line);
        self.by_tier.add(Tier(line.tier), line);
    }
}
