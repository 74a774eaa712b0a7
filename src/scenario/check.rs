//! What a traffic's fields must be to one another.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::audience::{Market, Segment};
use super::customer::{OWN_SEGMENTS, ever, own_segments, stream_of};
use super::document::Document;
use super::error::ScenarioError;
use super::number_pattern::NumberPattern;
use super::places;
use super::traffic::{Journey, Name, Talk, Traffic};

/// Where in the file something is wrong, and what.
struct Fault {
    place: Range<usize>,
    field: String,
    problem: String,
}

type Checked = Result<(), Fault>;

/// Checks what no field can know alone: names that lead somewhere, days inside the period, room for all customers. The first fault is
/// returned, with its line.
pub(super) fn check(traffic: &Traffic, document: &Document<'_>) -> Result<(), ScenarioError> {
    find_fault(traffic)
        .map_err(|fault| document.error_of(fault.place, &format!("traffic.{}", fault.field), fault.problem))
}

fn find_fault(traffic: &Traffic) -> Checked {
    period(traffic)?;
    rhythm(traffic)?;
    numbers(traffic)?;
    markets(traffic)?;
    patterns(traffic)?;
    segments(traffic)?;
    journeys(traffic)?;
    campaigns(traffic)?;
    flows(traffic)
}

fn period(traffic: &Traffic) -> Checked {
    let period = traffic.period.get_ref();
    require(period.from.0 <= period.to.0, traffic.period.span(), "period.to", || {
        format!("{} comes before the first day, {}", period.to.0, period.from.0)
    })
}

fn rhythm(traffic: &Traffic) -> Checked {
    let rhythm = &traffic.rhythm;
    let hours = rhythm.hours.get_ref().by_choice().len();
    require(hours == 24, rhythm.hours.span(), "rhythm.hours", || format!("{hours} weights: expected 24, one an hour"))?;
    if let Some(days) = &rhythm.days {
        let count = days.get_ref().by_choice().len();
        require(count == 7, days.span(), "rhythm.days", || format!("{count} weights: expected 7, from Monday"))?;
    }
    let (opens, closes) = (rhythm.desk_opens.get_ref().0, rhythm.desk_closes.0);
    require(opens < closes, rhythm.desk_opens.span(), "rhythm.desk_opens", || {
        format!("{opens} is not before desk_closes, {closes}")
    })
}

fn numbers(traffic: &Traffic) -> Checked {
    for (name, number) in &traffic.number {
        talk(traffic, &number.talk, &format!("number.{name}.talk"))?;
    }
    Ok(())
}

fn talk(traffic: &Traffic, talk: &Talk, path: &str) -> Checked {
    if let Some(reopen) = &talk.reopen {
        known(&traffic.template, reopen, &format!("{path}.reopen"), "template")?;
    }
    talk.outcome
        .0
        .iter()
        .try_for_each(|outcome| known(&traffic.journey, &outcome.journey, &format!("{path}.outcome"), "journey"))
}

/// Markets are named by country code, since the random streams are; and their patterns must have
/// room for all of their customers, or two customers would share a number.
fn markets(traffic: &Traffic) -> Checked {
    for (name, market) in &traffic.market {
        let place = market.customers.span();
        let two_letters = name.len() == 2 && name.bytes().all(|letter| letter.is_ascii_uppercase());
        require(two_letters, place.clone(), &format!("market.{name}"), || {
            "expected a country's two capital letters, such as BR".to_owned()
        })?;
        require(market.timezone.is_some(), place.clone(), &format!("market.{name}.timezone"), || {
            format!("no zone is known for {name}: give timezone and numbers, or use one of {}", places::countries())
        })?;
        let customers = u64::from(*market.customers.get_ref()) + taken_by_segments(traffic, name, market);
        let smallest = market.numbers.iter().map(|pattern| u64::from(pattern.room())).min();
        let patterns = u64::try_from(market.numbers.len()).unwrap_or(u64::MAX);
        let room = smallest.map_or(u64::MAX, |smallest| smallest.saturating_mul(patterns));
        require(customers <= room, place, &format!("market.{name}.customers"), || {
            format!("{customers} customers, but its patterns have room for {room} numbers")
        })?;
    }
    Ok(())
}

/// Numbers of a market's own patterns that segments with customers of their own may take.
fn taken_by_segments(traffic: &Traffic, country: &str, market: &Market) -> u64 {
    let days = days(traffic);
    let own = own_segments(traffic).into_iter().map(|(_, segment)| segment);
    let users =
        own.filter(|segment| !market.numbers.is_empty() && segment.markets.keys().any(|own| own.get_ref() == country));
    // Each stands behind all the segments before it, wherever their customers live.
    if users.count() == 0 {
        0
    } else {
        own_segments(traffic).iter().map(|(_, segment)| u64::from(ever(segment, days))).sum()
    }
}

fn days(traffic: &Traffic) -> usize {
    super::calendar::days(*traffic.period.get_ref()).count()
}

/// No two patterns may fit the same number, whichever markets they belong to.
fn patterns(traffic: &Traffic) -> Checked {
    let mut seen: Vec<(&str, NumberPattern)> = Vec::new();
    for (name, market) in &traffic.market {
        let usual = places::usual(name).filter(|_| market.numbers.is_empty());
        let usual = usual.into_iter().flat_map(|usual| usual.fiction.into_iter().chain([usual.block]));
        for pattern in market.numbers.iter().cloned().chain(usual) {
            let clash = seen.iter().find(|(_, other)| pattern.overlaps(other));
            let place = market.customers.span();
            require(clash.is_none(), place, &format!("market.{name}.numbers"), || {
                let other = clash.map_or("", |(other, _)| other);
                format!("{} could give a number of market.{other}: use other digits", pattern.text())
            })?;
            seen.push((name, pattern));
        }
    }
    Ok(())
}

fn segments(traffic: &Traffic) -> Checked {
    let some = !traffic.segment.is_empty();
    require(some, traffic.period.span(), "segment", || {
        "nobody is there: give [traffic.segment.NAME] with customers and markets, or [traffic.market.BR] with customers"
            .to_owned()
    })?;
    let weights = traffic.segment.values().filter_map(|segment| segment.get_ref().weight);
    let counted = traffic.market.values().any(|market| *market.customers.get_ref() > 0);
    require(!counted || weights.map(u32::from).sum::<u32>() > 0, 0..0, "segment", || {
        "markets count customers: expected at least one segment with a weight above 0".to_owned()
    })?;
    for (name, segment) in &traffic.segment {
        one_segment(traffic, name, segment)?;
    }
    let own = own_segments(traffic);
    let most = usize::try_from(OWN_SEGMENTS).unwrap_or(usize::MAX);
    require(own.len() <= most, 0..0, "segment", || format!("{} segments with customers: at most {most}", own.len()))?;
    let streams: BTreeMap<u64, &str> = own.iter().map(|(name, _)| (stream_of(name), *name)).collect();
    require(streams.len() == own.len(), 0..0, "segment", || {
        "two segments would draw from the same random stream: rename one of them".to_owned()
    })
}

fn one_segment(traffic: &Traffic, name: &str, spanned: &Spanned<Segment>) -> Checked {
    let (segment, place) = (spanned.get_ref(), spanned.span());
    let field = format!("segment.{name}");
    require(segment.weight.is_some() != segment.customers.is_some(), place.clone(), &field, || {
        "expected either customers (with markets), or weight for a share of the customers that markets count".to_owned()
    })?;
    let weights: u32 = segment.markets.values().map(|weight| u32::from(*weight)).sum();
    require(segment.customers.is_none() || weights > 0, place.clone(), &format!("{field}.markets"), || {
        "customers live somewhere: expected markets such as { BR = 70, MX = 30 }".to_owned()
    })?;
    for market in segment.markets.keys() {
        let listed = traffic.market.contains_key(market.get_ref());
        require(listed, market.span(), &format!("{field}.markets.{}", market.get_ref()), || {
            format!("not known: give [traffic.market.{}], or use one of {}", market.get_ref(), places::countries())
        })?;
        room_of_own(traffic, segment, market, &field)?;
    }
    for journey in segment.journey.iter().flat_map(BTreeMap::keys) {
        known(&traffic.journey, journey, &format!("{field}.journey.{}", journey.get_ref()), "journey")?;
    }
    Ok(())
}

/// The usual block of a country is cut into equal parts.
fn room_of_own(traffic: &Traffic, segment: &Segment, market: &Name, field: &str) -> Checked {
    let usual = places::usual(market.get_ref()).filter(|_| traffic.market[market.get_ref()].numbers.is_empty());
    let room = usual.map_or(u32::MAX, |usual| usual.block.room() / OWN_SEGMENTS);
    let customers = ever(segment, days(traffic));
    require(customers <= room, market.span(), &format!("{field}.customers"), || {
        format!("{customers} customers, but in {} at most {room}: use several segments", market.get_ref())
    })
}

fn journeys(traffic: &Traffic) -> Checked {
    for (name, journey) in &traffic.journey {
        let path = format!("journey.{name}");
        known(&traffic.number, &journey.number, &format!("{path}.number"), "number")?;
        steps(traffic, journey, &path)?;
    }
    Ok(())
}

fn steps(traffic: &Traffic, journey: &Journey, path: &str) -> Checked {
    journey
        .steps
        .iter()
        .try_for_each(|step| known(&traffic.template, &step.template, &format!("{path}.steps.template"), "template"))
}

fn campaigns(traffic: &Traffic) -> Checked {
    let period = traffic.period.get_ref();
    for (name, campaign) in &traffic.campaign {
        let path = format!("campaign.{name}");
        known(&traffic.number, &campaign.number, &format!("{path}.number"), "number")?;
        known(&traffic.template, &campaign.template, &format!("{path}.template"), "template")?;
        for country in campaign.audience_by_market.keys() {
            known(&traffic.market, country, &format!("{path}.audience_by_market.{}", country.get_ref()), "market")?;
        }
        for day in &campaign.monthly {
            require((1..=28).contains(day.get_ref()), day.span(), &format!("{path}.monthly"), || {
                format!("{} is no day that every month has: expected 1 to 28", day.get_ref())
            })?;
        }
        let some = !campaign.days.is_empty() || !campaign.monthly.is_empty();
        require(some, campaign.template.span(), &format!("{path}.days"), || {
            "no day to send on: expected days = [2026-10-05], or monthly = [5]".to_owned()
        })?;
        for day in &campaign.days {
            let date = day.get_ref().0;
            let inside = (period.from.0..=period.to.0).contains(&date);
            require(inside, day.span(), &format!("{path}.days"), || {
                format!("{date} is outside the period {} to {}", period.from.0, period.to.0)
            })?;
        }
    }
    Ok(())
}

fn flows(traffic: &Traffic) -> Checked {
    known(&traffic.number, &traffic.question.number, "question.number", "number")?;
    several(traffic, &traffic.question.numbers, "question.numbers")?;
    let click = &traffic.click;
    known(&traffic.number, &click.number, "click.number", "number")?;
    several(traffic, &click.numbers, "click.numbers")?;
    known(&traffic.template, &click.follow_up, "click.follow_up", "template")?;
    let weights = click.source.iter().map(|source| u32::from(source.weight));
    require(weights.sum::<u32>() > 0, click.number.span(), "click.source", || {
        "expected at least one source with a weight above 0".to_owned()
    })
}

/// Numbers by weight: none at all, or known ones with some weight.
fn several(traffic: &Traffic, numbers: &BTreeMap<Name, u16>, field: &str) -> Checked {
    for name in numbers.keys() {
        known(&traffic.number, name, &format!("{field}.{}", name.get_ref()), "number")?;
    }
    let Some(first) = numbers.keys().next() else { return Ok(()) };
    require(numbers.values().any(|weight| *weight > 0), first.span(), field, || {
        "expected at least one number with a weight above 0".to_owned()
    })
}

fn known<T>(table: &BTreeMap<String, T>, name: &Name, field: &str, kind: &str) -> Checked {
    require(table.contains_key(name.get_ref()), name.span(), field, || {
        let names: Vec<&str> = table.keys().map(String::as_str).collect();
        format!("there is no {kind} `{}`: expected one of {}", name.get_ref(), names.join(", "))
    })
}

fn require(holds: bool, place: Range<usize>, field: &str, problem: impl FnOnce() -> String) -> Checked {
    if holds {
        return Ok(());
    }
    Err(Fault { place, field: field.to_owned(), problem: problem() })
}
