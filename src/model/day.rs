//! Calendar days and months, always in some account's own time zone (R10).

use std::fmt;

use chrono::{Datelike as _, NaiveDate};

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A calendar month: year × 12 + month − 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

const EPOCH_FROM_CE: i32 = 719_163;

impl Day {
    /// The day this many days after 1970-01-01.
    pub const fn from_epoch_days(days: i32) -> Day {
        Day(days)
    }

    /// Days since 1970-01-01.
    pub const fn epoch_days(self) -> i32 {
        self.0
    }

    /// A day of the proleptic Gregorian calendar; `None` where there is none (`2025-02-29`).
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        let year = u32::try_from(year).ok().filter(|year| *year <= 9999)?;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let longest = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return None,
        };
        if !(1..=longest).contains(&day) {
            return None;
        }
        // Counted from March, so that a leap day is the last of its year, and from 400 years earlier, so that no year is negative.
        let (year, from_march) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        let days = year * 365 + year / 4 - year / 100 + year / 400 + of_year;
        Some(Day(days.cast_signed() - 719_468 - 146_097))
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Day> {
        let well_formed = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
        if !well_formed {
            return None;
        }
        Day::from_ymd(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// The day before.
    #[must_use]
    pub const fn previous(self) -> Day {
        Day(self.0 - 1)
    }

    /// The day after.
    #[must_use]
    pub const fn next(self) -> Day {
        Day(self.0 + 1)
    }

    /// The month it lies in.
    pub fn month(self) -> Month {
        let (year, month, _) = self.year_month_day();
        Month(year * 12 + month.cast_signed() - 1)
    }

    /// Year, month from 1 and day from 1.
    pub fn year_month_day(self) -> (i32, u32, u32) {
        // Years that begin with March have their leap day at the end, and months of 153 days in five from there on.
        let days = i64::from(self.0) + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let (month, next_year) = if from_march < 10 { (from_march + 3, 0) } else { (from_march - 9, 1) };
        let small = |value: i64| u32::try_from(value).unwrap_or(0);
        (i32::try_from(era * 400 + year + next_year).unwrap_or(i32::MAX), small(month), small(day))
    }

    /// As a calendar date.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH_FROM_CE)).unwrap_or(NaiveDate::MAX)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Day {
        Day(date.num_days_from_ce() - EPOCH_FROM_CE)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Month {
    /// Reads `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Month> {
        if text.len() != 7 {
            return None;
        }
        Day::parse(&format!("{text}-01")).map(Day::month)
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Month {
        Month(self.0 + 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_real_days() {
        assert_eq!(Day::parse("2026-10-01").unwrap().to_string(), "2026-10-01");
        for text in ["2026-02-29", "2026-13-01", "2026-1-01", "26-10-01", "2026/10/01", "2026-10-01T", "+026-10-01"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        for days in -40_000..60_000 {
            let day = Day::from_epoch_days(days);
            let date = day.date();
            assert_eq!(day.month(), Month(date.year() * 12 + date.month0().cast_signed()), "{day}");
            assert_eq!(day.year_month_day(), (date.year(), date.month(), date.day()), "{day}");
            assert_eq!(Day::from_ymd(date.year(), date.month(), date.day()), Some(day), "{day}");
        }
    }

    #[test]
    fn months_follow_days() {
        let last = Day::parse("2026-09-30").unwrap();
        assert_eq!(last.month().to_string(), "2026-09");
        assert_eq!(last.next().month(), Month::parse("2026-10").unwrap());
        assert_eq!(last.next().previous(), last);
    }
}
