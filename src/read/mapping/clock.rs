//! How a log writes its times.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::model::Instant;
use crate::read::time::{TimeFault, parse_time};

/// One way to write a time.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// Whatever the canonical log accepts (log-formats §5).
    Auto,
    /// Unix time: so many units are a millisecond, or so many milliseconds a unit.
    Unix { per_ms: u64, ms_per: u64 },
    /// A pattern of `strftime`; whether it holds an offset.
    Pattern(String, bool),
}

/// The ways in which a log writes its times; the first that fits counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "OneOrMore")]
pub(super) struct Clock(Vec<Form>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a time format, or a list of them")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl TryFrom<OneOrMore> for Clock {
    type Error = String;

    fn try_from(written: OneOrMore) -> Result<Clock, String> {
        let texts = match written {
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(texts) => texts,
        };
        texts.iter().map(|text| form(text)).collect::<Result<Vec<_>, _>>().map(Clock)
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock(vec![Form::Auto])
    }
}

impl Clock {
    /// The one format of a text.
    pub(super) fn of(text: &str) -> Result<Clock, String> {
        form(text).map(|form| Clock(vec![form]))
    }

    /// Reads a time; `zone` is for those that name none.
    pub(super) fn read(&self, text: &str, zone: Option<Tz>) -> Result<Instant, TimeFault> {
        let mut fault = TimeFault::Malformed;
        for form in &self.0 {
            match form.read(text, zone) {
                Ok(at) => return Ok(at),
                // That a zone is missing says more than that another form does not fit.
                Err(TimeFault::Naive) => fault = TimeFault::Naive,
                Err(TimeFault::Malformed) => {}
            }
        }
        Err(fault)
    }
}

fn form(text: &str) -> Result<Form, String> {
    Ok(match text {
        "auto" | "rfc2822" | "rfc3339" | "iso8601" => Form::Auto,
        "unix" | "unix_s" => Form::Unix { per_ms: 1, ms_per: 1000 },
        "unix_ms" => Form::Unix { per_ms: 1, ms_per: 1 },
        "unix_us" => Form::Unix { per_ms: 1000, ms_per: 1 },
        pattern if pattern.contains('%') => checked(pattern)?,
        _ => {
            return Err(format!(
                "time format '{text}' is none of auto, rfc2822, rfc3339, unix, unix_ms, unix_us, and no pattern such as \"%d/%m/%Y %H:%M:%S\""
            ));
        }
    })
}

/// A pattern must give back the time that was written with it, to the minute.
fn checked(pattern: &str) -> Result<Form, String> {
    use chrono::format::{Item, StrftimeItems};
    let wrong = |why: &str| format!("time format '{pattern}' {why}; write e.g. \"%d/%m/%Y %H:%M:%S\"");
    if StrftimeItems::new(pattern).any(|item| matches!(item, Item::Error)) {
        return Err(wrong("holds a % that stands for nothing"));
    }
    let known = NaiveDate::from_ymd_opt(2026, 11, 23).and_then(|date| date.and_hms_opt(17, 42, 0));
    let known = known.ok_or_else(|| wrong("cannot be checked"))?;
    let with_offset = pattern.contains("%z") || pattern.contains("%:z") || pattern.contains("%#z");
    let written = known.and_utc().fixed_offset().format(pattern).to_string();
    let read = parse_pattern(&written, pattern, with_offset, Some(Tz::UTC)).ok();
    if read.map(Instant::as_ms) != u64::try_from(known.and_utc().timestamp_millis()).ok() {
        return Err(wrong("does not tell day, month, year, hour and minute"));
    }
    Ok(Form::Pattern(pattern.to_owned(), with_offset))
}

impl Form {
    fn read(&self, text: &str, zone: Option<Tz>) -> Result<Instant, TimeFault> {
        match self {
            Form::Auto => parse_time(text, zone),
            Form::Unix { per_ms, ms_per } => {
                let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
                let count: u64 = whole.parse().map_err(|_| TimeFault::Malformed)?;
                Instant::from_ms(count.saturating_mul(*ms_per) / per_ms).ok_or(TimeFault::Malformed)
            }
            Form::Pattern(pattern, with_offset) => parse_pattern(text, pattern, *with_offset, zone),
        }
    }
}

fn parse_pattern(text: &str, pattern: &str, with_offset: bool, zone: Option<Tz>) -> Result<Instant, TimeFault> {
    let malformed = |_| TimeFault::Malformed;
    let ms = if with_offset {
        DateTime::parse_from_str(text, pattern).map_err(malformed)?.timestamp_millis()
    } else {
        let local = NaiveDateTime::parse_from_str(text, pattern).map_err(malformed)?;
        let zone = zone.ok_or(TimeFault::Naive)?;
        zone.from_local_datetime(&local).earliest().ok_or(TimeFault::Malformed)?.timestamp_millis()
    };
    u64::try_from(ms).ok().and_then(Instant::from_ms).ok_or(TimeFault::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(formats: &[&str]) -> Result<Clock, String> {
        Clock::try_from(OneOrMore::More(formats.iter().map(|&format| format.to_owned()).collect()))
    }

    #[test]
    fn times_in_every_form() {
        let expected = "2026-08-08T03:33:20Z";
        for (format, text) in [
            ("auto", "1786160000"),
            ("rfc2822", "Sat, 08 Aug 2026 03:33:20 +0000"),
            ("unix", "1786160000.123"),
            ("unix_ms", "1786160000000"),
            ("unix_us", "1786160000000000"),
            ("%d/%m/%Y %H:%M:%S", "08/08/2026 03:33:20"),
            ("%m/%d/%Y %I:%M:%S %p", "08/08/2026 03:33:20 AM"),
            ("%d.%m.%Y %H:%M:%S %z", "08.08.2026 05:33:20 +0200"),
        ] {
            assert_eq!(clock(&[format]).unwrap().read(text, Some(Tz::UTC)).unwrap().to_string(), expected, "{format}");
        }
        let several = clock(&["%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"]).unwrap();
        assert_eq!(several.read("08/08/2026 03:33:20", None), Err(TimeFault::Naive));
        assert_eq!(several.read("8 August", Some(Tz::UTC)), Err(TimeFault::Malformed));
        assert_eq!(
            several.read("08/08/2026 05:33:20", Some(Tz::Europe__Berlin)).unwrap().to_string(),
            "2026-08-08T03:33:20Z"
        );
    }

    #[test]
    fn formats_that_tell_no_moment_are_refused() {
        for (format, words) in [
            ("epoch", "none of auto"),
            ("%d/%m/%Y", "does not tell"),
            ("%d/%m %H:%M", "does not tell"),
            ("%Y-%m-%d %I:%M", "does not tell"),
            ("%Y-%Q-%d %H:%M", "stands for nothing"),
        ] {
            assert!(clock(&[format]).unwrap_err().contains(words), "{format}");
        }
    }
}
