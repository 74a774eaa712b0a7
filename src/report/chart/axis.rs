//! The time axis of the daily chart: days, weeks or months from left to right.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::format::pixels;

/// Up to here every day has its own bar.
const MOST_DAYS: i64 = 120;
/// Up to here, two years, every week has its own bar.
const MOST_DAYS_IN_WEEKS: i64 = 731;

/// What one bar covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A day.
    Day,
    /// A week from Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Step {
    /// The word for it.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Label of the axis: the unit, and why it is not a day.
    pub(super) const fn axis_label(self) -> &'static str {
        match self {
            Self::Day => "day in the account's time zone",
            Self::Week => "one bar per week (Monday to Sunday, account's time zone), as the period exceeds 120 days",
            Self::Month => "one bar per month (account's time zone), as the period exceeds two years",
        }
    }
}

/// Where a date is drawn. The scale is linear in days, so that a change of rules
/// in the middle of a week or month is drawn in the middle of its bar.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeAxis {
    first: NaiveDate,
    last: NaiveDate,
    left: i32,
    width: i32,
    /// What one bar covers.
    pub(super) step: Step,
}

/// Text below the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    /// Where its middle is.
    pub(super) x: i32,
    /// The date.
    pub(super) text: String,
    /// The year, at the first tick and wherever it changes.
    pub(super) year: Option<String>,
}

impl TimeAxis {
    /// An axis for a period, both ends included, on `width` pixels from `left`.
    pub(super) fn new((first, last): (NaiveDate, NaiveDate), left: i32, width: i32) -> Self {
        let days = days_between(first, last) + 1;
        let step = if days <= MOST_DAYS {
            Step::Day
        } else if days <= MOST_DAYS_IN_WEEKS {
            Step::Week
        } else {
            Step::Month
        };
        Self { first, last, left, width, step }
    }

    /// Whether the axis shows a date.
    pub(super) fn contains(&self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Where a date begins.
    pub(super) fn x(&self, date: NaiveDate) -> i32 {
        let all = days_between(self.first, self.last) + 1;
        let past = days_between(self.first, date);
        self.left + pixels(past.into(), all.into(), self.width)
    }

    /// The first day of the bar a date belongs to. The first bar may begin in
    /// the middle of a week or month.
    pub(super) fn bar_of(&self, date: NaiveDate) -> NaiveDate {
        let start = match self.step {
            Step::Day => Some(date),
            Step::Week => date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into())),
            Step::Month => date.with_day(1),
        };
        start.unwrap_or(date).max(self.first)
    }

    /// Left and right edge of the bar that begins on a date.
    pub(super) fn edges(&self, start: NaiveDate) -> (i32, i32) {
        let next = match self.step {
            Step::Day => start.checked_add_days(Days::new(1)),
            Step::Week => start.checked_add_days(Days::new(7 - u64::from(start.weekday().num_days_from_monday()))),
            Step::Month => first_of_next_month(start),
        };
        let end = next.map_or(self.left + self.width, |next| self.x(next));
        (self.x(start), end.min(self.left + self.width))
    }

    /// Dates to write below the axis, few enough not to run into each other.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let mut year = None;
        self.tick_dates()
            .into_iter()
            .map(|date| {
                let new_year = year.replace(date.year()) != Some(date.year());
                let (left, right) = self.edges(date);
                let (x, form) = match self.step {
                    Step::Day => (i32::midpoint(left, right), "%-d %b"),
                    Step::Week => (left, "%-d %b"),
                    Step::Month => (i32::midpoint(left, right), "%b"),
                };
                Tick { x, text: date.format(form).to_string(), year: new_year.then(|| date.year().to_string()) }
            })
            .collect()
    }

    fn tick_dates(&self) -> Vec<NaiveDate> {
        let days = days_between(self.first, self.last) + 1;
        if self.step == Step::Day {
            let wanted: &[u32] = match days {
                ..=16 => {
                    return self.first.iter_days().take_while(|d| *d <= self.last).collect();
                }
                17..=45 => &[1, 5, 10, 15, 20, 25],
                _ => &[1, 8, 15, 22],
            };
            return self
                .first
                .iter_days()
                .take_while(|date| *date <= self.last)
                .filter(|date| wanted.contains(&date.day()))
                .collect();
        }
        let months = u32::try_from(days / 30).unwrap_or(u32::MAX);
        let longer = std::iter::successors(Some(120_u32), |stride| stride.checked_mul(2));
        let stride =
            [1, 3, 6, 12, 24, 60].into_iter().chain(longer).find(|stride| months / stride <= 18).unwrap_or(u32::MAX);
        self.months(stride)
    }

    /// The first days of every `stride`th month.
    fn months(&self, stride: u32) -> Vec<NaiveDate> {
        let aligned = self.first.with_day(1).and_then(|date| {
            let past = if stride > 12 { 12 } else { stride };
            date.checked_sub_months(Months::new(date.month0() % past))
        });
        std::iter::successors(aligned, |date| date.checked_add_months(Months::new(stride)))
            .take_while(|date| *date <= self.last)
            .filter(|date| *date >= self.first)
            .collect()
    }
}

fn first_of_next_month(date: NaiveDate) -> Option<NaiveDate> {
    date.with_day(1)?.checked_add_months(Months::new(1))
}

fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a date")
    }

    #[test]
    fn longer_periods_have_longer_bars() {
        let first = day(2026, 1, 1);
        let step = |days: u64| {
            let last = first + Days::new(days - 1);
            TimeAxis::new((first, last), 0, 1000).step
        };
        assert_eq!(step(1), Step::Day);
        assert_eq!(step(120), Step::Day);
        assert_eq!(step(121), Step::Week);
        assert_eq!(step(731), Step::Week);
        assert_eq!(step(732), Step::Month);
    }

    #[test]
    fn every_period_has_a_few_ticks() {
        let first = day(2023, 2, 3);
        for days in (1..20_000).step_by(7).chain([90_000_000]) {
            let axis = TimeAxis::new((first, first + Days::new(days)), 0, 1000);
            let ticks = axis.ticks().len();
            assert!((2..=20).contains(&ticks), "{days} days: {ticks} ticks");
        }
    }

    #[test]
    fn bars_begin_on_monday_but_not_before_the_period() {
        let axis = TimeAxis::new((day(2026, 1, 1), day(2026, 12, 31)), 0, 1000);
        assert_eq!(axis.bar_of(day(2026, 1, 3)), day(2026, 1, 1));
        assert_eq!(axis.bar_of(day(2026, 1, 11)), day(2026, 1, 5));
        assert_eq!(axis.edges(day(2026, 1, 1)).0, 0);
        assert_eq!(axis.edges(day(2026, 12, 28)).1, 1000);
    }
}
