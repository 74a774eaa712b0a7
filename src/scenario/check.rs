//! What a scenario's fields must be to one another.

use std::collections::BTreeMap;
use std::ops::Range;

use super::error::ScenarioError;
use super::file::{Journey, Name, Scenario, Talk};
use super::values::NumberPattern;

/// Where in the file something is wrong, and what.
struct Fault {
    place: Range<usize>,
    field: String,
    problem: String,
}

type Checked = Result<(), Fault>;

/// Checks what no field can know alone: names that lead somewhere, days inside the period, room
/// for all customers. The first fault is returned, with its line in `text`.
pub(super) fn check(scenario: &Scenario, text: &str, name: &str) -> Result<(), ScenarioError> {
    find_fault(scenario).map_err(|fault| {
        let before = text.get(..fault.place.start).unwrap_or(text);
        ScenarioError::Field {
            name: name.to_owned(),
            line: before.matches('\n').count() + 1,
            field: fault.field,
            problem: fault.problem,
        }
    })
}

fn find_fault(scenario: &Scenario) -> Checked {
    period(scenario)?;
    rhythm(scenario)?;
    numbers(scenario)?;
    markets(scenario)?;
    patterns(scenario)?;
    segments(scenario)?;
    journeys(scenario)?;
    campaigns(scenario)?;
    flows(scenario)
}

fn period(scenario: &Scenario) -> Checked {
    let period = scenario.period.get_ref();
    require(period.from.0 <= period.to.0, scenario.period.span(), "period.to", || {
        format!("{} comes before the first day, {}", period.to.0, period.from.0)
    })
}

fn rhythm(scenario: &Scenario) -> Checked {
    let rhythm = &scenario.rhythm;
    let hours = rhythm.hours.get_ref().by_choice().len();
    require(hours == 24, rhythm.hours.span(), "rhythm.hours", || format!("{hours} weights: expected 24, one an hour"))?;
    let (opens, closes) = (rhythm.desk_opens.get_ref().0, rhythm.desk_closes.0);
    require(opens < closes, rhythm.desk_opens.span(), "rhythm.desk_opens", || {
        format!("{opens} is not before desk_closes, {closes}")
    })
}

fn numbers(scenario: &Scenario) -> Checked {
    for (name, number) in &scenario.number {
        talk(scenario, &number.talk, &format!("number.{name}.talk"))?;
    }
    Ok(())
}

fn talk(scenario: &Scenario, talk: &Talk, path: &str) -> Checked {
    if let Some(reopen) = &talk.reopen {
        known(&scenario.template, reopen, &format!("{path}.reopen"), "template")?;
    }
    if let Some(outcome) = &talk.outcome {
        known(&scenario.journey, &outcome.journey, &format!("{path}.outcome"), "journey")?;
    }
    Ok(())
}

/// Markets are named by country code, since the random streams are; and their patterns must have
/// room for all of their customers, or two customers would share a number.
fn markets(scenario: &Scenario) -> Checked {
    for (name, market) in &scenario.market {
        let customers = *market.customers.get_ref();
        let place = market.customers.span();
        let two_letters = name.len() == 2 && name.bytes().all(|letter| letter.is_ascii_uppercase());
        require(two_letters, place.clone(), &format!("market.{name}"), || {
            "expected a country's two capital letters, such as BR".to_owned()
        })?;
        let smallest = market.numbers.iter().map(|pattern| u64::from(pattern.room())).min();
        let patterns = u64::try_from(market.numbers.len()).unwrap_or(u64::MAX);
        let room = smallest.unwrap_or(0).saturating_mul(patterns);
        require(u64::from(customers) <= room, place, &format!("market.{name}.customers"), || {
            format!("{customers} customers, but its patterns have room for {room} numbers")
        })?;
    }
    Ok(())
}

/// No two patterns may fit the same number, whichever markets they belong to.
fn patterns(scenario: &Scenario) -> Checked {
    let mut seen: Vec<(&str, &NumberPattern)> = Vec::new();
    for (name, market) in &scenario.market {
        for pattern in &market.numbers {
            let clash = seen.iter().find(|(_, other)| pattern.overlaps(other));
            let place = market.customers.span();
            require(clash.is_none(), place, &format!("market.{name}.numbers"), || {
                let other = clash.map_or("", |(other, _)| other);
                format!("{} could give a number of market.{other}", pattern.text())
            })?;
            seen.push((name, pattern));
        }
    }
    Ok(())
}

fn segments(scenario: &Scenario) -> Checked {
    let weights = scenario.segment.values().map(|segment| u32::from(segment.weight));
    require(weights.sum::<u32>() > 0, 0..0, "segment", || {
        "expected at least one segment with a weight above 0".to_owned()
    })?;
    for (name, segment) in &scenario.segment {
        for journey in segment.journey.keys() {
            let field = format!("segment.{name}.journey.{}", journey.get_ref());
            known(&scenario.journey, journey, &field, "journey")?;
        }
    }
    Ok(())
}

fn journeys(scenario: &Scenario) -> Checked {
    for (name, journey) in &scenario.journey {
        let path = format!("journey.{name}");
        known(&scenario.number, &journey.number, &format!("{path}.number"), "number")?;
        steps(scenario, journey, &path)?;
    }
    Ok(())
}

fn steps(scenario: &Scenario, journey: &Journey, path: &str) -> Checked {
    journey
        .steps
        .iter()
        .try_for_each(|step| known(&scenario.template, &step.template, &format!("{path}.steps.template"), "template"))
}

fn campaigns(scenario: &Scenario) -> Checked {
    let period = scenario.period.get_ref();
    for (name, campaign) in &scenario.campaign {
        let path = format!("campaign.{name}");
        known(&scenario.number, &campaign.number, &format!("{path}.number"), "number")?;
        known(&scenario.template, &campaign.template, &format!("{path}.template"), "template")?;
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

fn flows(scenario: &Scenario) -> Checked {
    known(&scenario.number, &scenario.question.number, "question.number", "number")?;
    let click = &scenario.click;
    known(&scenario.number, &click.number, "click.number", "number")?;
    known(&scenario.template, &click.follow_up, "click.follow_up", "template")?;
    let weights = click.source.iter().map(|source| u32::from(source.weight));
    require(weights.sum::<u32>() > 0, click.number.span(), "click.source", || {
        "expected at least one source with a weight above 0".to_owned()
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

#[cfg(test)]
mod tests;
