//! Local days of an account's time zone, with its real rules (R10).

use chrono::{NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use crate::model::{DAY, Day, Instant, Month};

/// The first instants of the local days of one zone, over the days a log touches.
#[derive(Clone, Debug)]
pub struct LocalCalendar {
    zone: Tz,
    first_day: i32,
    /// UTC milliseconds at which each local day begins.
    midnights: Vec<u64>,
    /// The month of each local day: every message is asked for its own.
    months: Vec<Month>,
}

impl LocalCalendar {
    /// The days around `from` to `to` in `zone`.
    pub fn new(zone: Tz, from: Instant, to: Instant) -> LocalCalendar {
        let utc_day = |t: Instant| i32::try_from(t.as_ms() / DAY.as_ms()).unwrap_or(i32::MAX);
        let (first_day, last_day) = (utc_day(from) - 2, utc_day(to) + 3);
        let days = (first_day..=last_day).map(Day::from_epoch_days);
        let midnights = days.clone().map(|day| first_instant(zone, day)).collect();
        LocalCalendar { zone, first_day, midnights, months: days.map(Day::month).collect() }
    }

    /// The zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The local day of `at`, which must lie in the range given to [`LocalCalendar::new`].
    pub fn day(&self, at: Instant) -> Day {
        let ms = at.as_ms();
        let guess = ms.saturating_sub(self.midnights[0]) / DAY.as_ms();
        let mut index = usize::try_from(guess).unwrap_or(0).min(self.midnights.len() - 1);
        // A day has 23 to 25 hours, and offsets differ within a year: the guess is at most a day off.
        while index > 0 && self.midnights[index] > ms {
            index -= 1;
        }
        while index + 1 < self.midnights.len() && self.midnights[index + 1] <= ms {
            index += 1;
        }
        Day::from_epoch_days(self.first_day + i32::try_from(index).unwrap_or(0))
    }

    /// The month of a day.
    pub fn month(&self, day: Day) -> Month {
        let place = usize::try_from(day.epoch_days() - self.first_day).ok();
        place.and_then(|place| self.months.get(place).copied()).unwrap_or_else(|| day.month())
    }

    /// The local day of any moment, also far from the log.
    pub fn day_anywhere(&self, at: Instant) -> Day {
        let utc = i64::try_from(at.as_ms()).ok().and_then(chrono::DateTime::from_timestamp_millis);
        utc.map_or(self.day(at), |utc| Day::from(utc.with_timezone(&self.zone).date_naive()))
    }

    /// The UTC instant at which a local day begins, for texts that show it.
    pub fn midnight(&self, day: Day) -> Option<Instant> {
        Instant::from_ms(first_instant(self.zone, day))
    }
}

/// UTC milliseconds of the first instant whose local date is `day`. Where the clock jumps over midnight, that is the jump.
fn first_instant(zone: Tz, day: Day) -> u64 {
    let midnight: NaiveDateTime = day.date().and_time(chrono::NaiveTime::MIN);
    let candidates = (0..=96).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let first = candidates.into_iter().find_map(|local| zone.from_local_datetime(&local).earliest());
    first.map_or(0, |at| u64::try_from(at.timestamp_millis()).unwrap_or(0))
}

/// An IANA zone by name; the error proposes a near one.
pub fn parse_zone(name: &str) -> Result<Tz, String> {
    name.parse::<Tz>().map_err(|_| {
        // People write the city, or a city misspelt.
        let likeness = |zone: &str| {
            let (zone, name) = (zone.to_lowercase(), name.to_lowercase());
            let city = zone.rsplit('/').next().unwrap_or(&zone);
            strsim::jaro_winkler(&zone, &name).max(strsim::jaro_winkler(city, &name))
        };
        let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let near = zones.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
        format!("'{name}' is no IANA time zone; did you mean '{}'?", near.unwrap_or("UTC"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_at(zone: &str, at: &str) -> String {
        let at = chrono::DateTime::parse_from_rfc3339(at).unwrap().timestamp_millis();
        let at = Instant::from_ms(at.try_into().unwrap()).unwrap();
        LocalCalendar::new(parse_zone(zone).unwrap(), at, at).day(at).to_string()
    }

    #[test]
    fn midnight_turns_in_the_zone_of_the_account_r10() {
        let cases = [
            ("UTC", "2026-09-30T23:59:59.999Z", "2026-09-30"),
            ("UTC", "2026-10-01T00:00:00Z", "2026-10-01"),
            ("Asia/Kolkata", "2026-09-30T18:29:59.999Z", "2026-09-30"),
            ("Asia/Kolkata", "2026-09-30T18:30:00Z", "2026-10-01"),
            ("America/Los_Angeles", "2026-10-01T06:59:59.999Z", "2026-09-30"),
            ("America/Los_Angeles", "2026-10-01T07:00:00Z", "2026-10-01"),
            ("Pacific/Auckland", "2026-09-30T10:59:59.999Z", "2026-09-30"),
            ("Pacific/Auckland", "2026-09-30T11:00:00Z", "2026-10-01"),
            // New York leaves summer time on 2026-11-01 at 02:00: that day has 25 hours.
            ("America/New_York", "2026-11-01T03:59:59.999Z", "2026-10-31"),
            ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"),
            ("America/New_York", "2026-11-02T04:59:59.999Z", "2026-11-01"),
            ("America/New_York", "2026-11-02T05:00:00Z", "2026-11-02"),
            // Beirut skips midnight on 2026-03-29: the day begins at 01:00 local.
            ("Asia/Beirut", "2026-03-28T21:59:59.999Z", "2026-03-28"),
            ("Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29"),
        ];
        for (zone, at, day) in cases {
            assert_eq!(day_at(zone, at), day, "{zone} {at}");
        }
    }

    #[test]
    fn agrees_with_chrono_over_years() {
        for zone in ["America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana"] {
            let zone = parse_zone(zone).unwrap();
            let (from, to) =
                (Instant::from_ms(1_640_995_200_000).unwrap(), Instant::from_ms(1_798_761_600_000).unwrap());
            let calendar = LocalCalendar::new(zone, from, to);
            for step in 0..20_000 {
                let at = from.plus(crate::model::MINUTE.times(step * 127));
                let utc = chrono::DateTime::from_timestamp_millis(at.as_ms().cast_signed()).unwrap();
                assert_eq!(calendar.day(at), Day::from(utc.with_timezone(&zone).date_naive()), "{zone} {at}");
            }
        }
    }

    #[test]
    fn months_are_known_in_the_log_and_beyond() {
        let at = Instant::from_ms(1_790_000_000_000).unwrap();
        let calendar = LocalCalendar::new(parse_zone("Asia/Kolkata").unwrap(), at, at.plus(DAY.times(40)));
        let first = calendar.day(at).epoch_days();
        for day in (first - 100..first + 200).map(Day::from_epoch_days) {
            assert_eq!(calendar.month(day), day.month(), "{day}");
        }
    }

    #[test]
    fn a_wrong_zone_is_answered_with_a_near_one() {
        assert!(parse_zone("Europe/Berln").unwrap_err().contains("Europe/Berlin"));
    }
}
