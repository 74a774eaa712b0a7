//! Instants as UTC milliseconds, and what a WABA's clock shows at them (R10).

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;

/// `2026-09-30T22:00Z`, or a local time with its zone: `2026-10-01T00:00 Asia/Kolkata`.
pub(crate) fn instant(text: &str) -> Result<i64> {
    let Some((local, place)) = text.split_once(' ') else {
        let utc = text.strip_suffix('Z').with_context(|| format!("`{text}` has no zone"))?;
        return Ok(naive(utc)?.and_utc().timestamp_millis());
    };
    let local = zone(place)?.from_local_datetime(&naive(local)?).single();
    local.map(|t| t.timestamp_millis()).with_context(|| format!("`{text}` exists twice or not at all"))
}

fn naive(text: &str) -> Result<NaiveDateTime> {
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .with_context(|| format!("`{text}` is no time"))
}

pub(crate) fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| anyhow!("`{name}` is no time zone"))
}

pub(crate) fn utc(millis: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis).with_context(|| format!("{millis} is no instant"))
}

pub(crate) fn rfc3339(millis: i64) -> Result<String> {
    Ok(utc(millis)?.to_rfc3339_opts(SecondsFormat::Millis, true))
}

pub(crate) fn local_date(millis: i64, zone: Tz) -> Result<NaiveDate> {
    Ok(utc(millis)?.with_timezone(&zone).date_naive())
}
