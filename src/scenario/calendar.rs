//! Days, local clocks and opening hours.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::conditions::Rhythm;
use super::dice::Dice;
use super::traffic::{Period, Traffic};

/// A moment of a log: UTC, whole seconds.
pub(super) type Moment = DateTime<Utc>;

/// The days of a period, in order.
pub(super) fn days(period: Period) -> impl Iterator<Item = NaiveDate> {
    period.from.0.iter_days().take_while(move |&day| day <= period.to.0)
}

/// The period as moments in the account's zone: the first inside, and the first after the end.
pub(super) fn bounds(traffic: &Traffic) -> (Moment, Moment) {
    let period = traffic.period.get_ref();
    let zone = traffic.account.timezone.0;
    let after = period.to.0.checked_add_days(Days::new(1)).unwrap_or(period.to.0);
    (moment(zone, period.from.0.and_time(NaiveTime::MIN)), moment(zone, after.and_time(NaiveTime::MIN)))
}

/// The moment at which clocks in `zone` show `local`. Of two such moments the earlier; where the
/// clocks skip it, the moment an hour on.
pub(super) fn moment(zone: Tz, local: NaiveDateTime) -> Moment {
    let hour_on = || (local + TimeDelta::hours(1)).and_local_timezone(zone).earliest();
    let found = local.and_local_timezone(zone).earliest().or_else(hour_on);
    found.map_or_else(|| local.and_utc(), |found| found.to_utc())
}

/// A moment of that day at which a customer in `zone` is up, as busy as their hours are.
pub(super) fn waking(dice: &mut Dice, rhythm: &Rhythm, zone: Tz, day: NaiveDate) -> Moment {
    let hour = dice.choice(rhythm.hours.get_ref());
    let hours = TimeDelta::hours(i64::try_from(hour).unwrap_or(0));
    let seconds = TimeDelta::seconds(dice.between(0, 3_599).into());
    moment(zone, day.and_time(NaiveTime::MIN) + hours + seconds)
}

/// The day of the week, from 0 for Monday.
pub(super) fn weekday(day: NaiveDate) -> usize {
    usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)
}

/// Whether that day is a Saturday or a Sunday.
pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The moment itself if people are at their desks in `zone` then, otherwise when they next are.
pub(super) fn at_desk(rhythm: &Rhythm, zone: Tz, at: Moment) -> Moment {
    let (opens, closes) = (rhythm.desk_opens.get_ref().0, rhythm.desk_closes.0);
    let local = at.with_timezone(&zone).naive_local();
    if local.time() < opens {
        moment(zone, local.date().and_time(opens))
    } else if local.time() < closes {
        at
    } else {
        let tomorrow = local.date().succ_opt().unwrap_or(local.date());
        moment(zone, tomorrow.and_time(opens))
    }
}

/// How busy each day of the week is, from Monday, with a mean of 1.
pub(super) fn week(rhythm: &Rhythm) -> [f64; 7] {
    let weekend = rhythm.weekend.probability();
    let mut week = [1.0, 1.0, 1.0, 1.0, 1.0, weekend, weekend];
    if let Some(days) = &rhythm.days {
        for (day, weight) in week.iter_mut().zip(days.get_ref().by_choice()) {
            *day = f64::from(*weight);
        }
    }
    let sum: f64 = week.iter().sum();
    week.map(|day| if sum > 0.0 { day * 7.0 / sum } else { 0.0 })
}
