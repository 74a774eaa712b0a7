//! What sets templates off: other templates, clicks, refused replies, conversations, or nothing that a log shows.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Arrivals, Journey, NumberHabits, Step, share};
use super::lapses::as_number;
use super::measured::{Counts, Sent};
use super::mixture::Wait;
use super::shape::Shape;

/// A template that comes as another's next step does so at least that often, …
const STEP: f64 = 0.5;
/// … beyond what the other's frequency alone explains, by this part of the rest.
const BEYOND_CHANCE: f64 = 0.3;
/// Fewer are no pattern.
const LEAST: u64 = 10;
/// A template once more within this time is the same step tried again, …
const AGAIN: u32 = 3_600;
/// … if it is at least so common.
const LEAST_AGAIN: f64 = 0.02;
/// A template that follows most refused replies opens the chat again.
const REOPENS: f64 = 0.5;
/// Steps wait for the day if so many of them go out between eight and ten at night, by the customer's clock.
const BY_DAY: f64 = 0.99;
const DAYTIME: std::ops::Range<usize> = 8..22;
/// What nobody can see: how long the first step takes.
const FIRST: Wait = Wait { location: 2.995_732, spread: 0.6 };

impl Sent {
    /// How often it went out outside of mailings, reopenings aside.
    pub(super) fn events(&self) -> u64 {
        self.inside.iter().sum::<u64>() + self.outside.total()
    }
}

/// The template that follows clicks up: that which does so most often.
pub(super) fn follow_up(counts: &Counts) -> Option<(usize, Wait, f64)> {
    let all = counts.sent.iter().enumerate();
    let (template, sent) = all.max_by_key(|(place, sent)| (sent.after_click, std::cmp::Reverse(*place)))?;
    let often = sent.after_click >= LEAST && 2 * sent.after_click >= sent.events();
    let wait = Wait::by_quantiles(&sent.follow_wait).filter(|_| often)?;
    let answered = counts.clicked.flow.total().saturating_sub(counts.clicked.unanswered);
    Some((template, wait, share(sent.after_click, answered).min(1.0)))
}

/// Which template opens chats again after a refused reply.
pub(super) fn reopening(shape: &Shape, counts: &Counts, numbers: &mut [NumberHabits]) {
    for (account, number) in numbers.iter_mut().enumerate() {
        let own = (0..counts.sent.len()).filter(|place| usize::from(shape.templates[*place].account) == account);
        let most = own.max_by_key(|place| (counts.sent[*place].reopening, std::cmp::Reverse(*place)));
        let enough = |place: &usize| {
            let times = counts.sent[*place].reopening;
            times > 0 && share(times, counts.talks[account].refused) >= REOPENS
        };
        number.reopen = most.filter(enough);
    }
}

/// All journeys: each template that something sets off is a step of one.
pub(super) fn all(shape: &Shape, counts: &Counts, follow_up: Option<usize>) -> Vec<Journey> {
    let events = |place: usize| {
        let followed = if follow_up == Some(place) { counts.sent[place].after_click } else { 0 };
        counts.sent[place].events() - followed
    };
    let next = links(shape, counts, follow_up, &events);
    let followers: BTreeSet<usize> = next.values().copied().collect();
    let mut journeys = Vec::new();
    for head in (0..counts.sent.len()).filter(|place| events(*place) > 0 && !followers.contains(place)) {
        let mut steps = vec![first(head)];
        let mut last = head;
        while let Some(following) = next.get(&last).copied() {
            steps.push(step(counts, (last, following), share(events(following), events(last))));
            last = following;
        }
        let again = again(counts, last);
        steps.extend(again.clone());
        let starts = if last == head { again.map_or(1.0, |step| 1.0 / (1.0 + step.chance)) } else { 1.0 };
        let kept = share(events(head), counts.sent[head].events()) * starts;
        let totals = counts.sent[head].outside.times.iter().map(|times| as_number(*times) * kept).collect();
        let account = &counts.talks[usize::from(shape.templates[head].account)];
        let inside = as_number(counts.sent[head].inside.iter().sum()) * kept;
        journeys.push(Journey {
            outcome: (inside / as_number(account.ended.iter().sum()).max(1.0)).min(1.0),
            question: answers(counts, &steps),
            steps,
            arrivals: Arrivals { totals, variation: 0.0 },
        });
    }
    journeys
}

/// Chance of a conversation after a step; what follows mailings is the campaign's.
fn answers(counts: &Counts, steps: &[Step]) -> f64 {
    let own = || steps.iter().filter(|step| !step.again && counts.sent[step.template].mailed.is_empty());
    let answers: u64 = own().map(|step| counts.sent[step.template].answers).sum();
    share(answers, own().map(|step| counts.sent[step.template].events()).sum()).min(1.0)
}

fn first(template: usize) -> Step {
    Step { template, wait: FIRST, chance: 1.0, by_day: false, again: false }
}

fn step(counts: &Counts, (before, template): (usize, usize), chance: f64) -> Step {
    let wait = counts.pairs.get(&key(before, template)).and_then(Wait::by_moments).unwrap_or(FIRST);
    let hours = &counts.sent[template].hours;
    let by_day = share(hours[DAYTIME].iter().sum(), hours.iter().sum()) >= BY_DAY;
    Step { template, wait, chance: chance.min(1.0), by_day, again: false }
}

/// The same template once more, soon after: a code that was mistyped.
fn again(counts: &Counts, template: usize) -> Option<Step> {
    let (soon, _) = counts.pairs.get(&key(template, template))?.split(AGAIN);
    let once = counts.sent[template].events().saturating_sub(soon.total());
    let chance = share(soon.total(), once).min(1.0);
    let wait = Wait::by_moments(&soon).filter(|_| soon.total() >= LEAST && chance >= LEAST_AGAIN)?;
    Some(Step { template, wait, chance, by_day: false, again: true })
}

fn key(before: usize, template: usize) -> (u16, u16) {
    let place = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
    (place(before), place(template))
}

/// Which template follows which: the most common pairs first, each template at one place only.
fn links(
    shape: &Shape,
    counts: &Counts,
    follow_up: Option<usize>,
    events: &dyn Fn(usize) -> u64,
) -> BTreeMap<usize, usize> {
    let mut pairs: Vec<(u64, usize, usize)> = counts
        .pairs
        .iter()
        .map(|((before, template), waits)| (waits.total(), usize::from(*before), usize::from(*template)))
        .filter(|(times, before, template)| {
            let all: u64 = (0..counts.sent.len())
                .filter(|place| shape.templates[*place].account == shape.templates[*before].account)
                .map(events)
                .sum();
            let (often, usual) = (share(*times, events(*template)), share(events(*before), all));
            let beyond = often - usual >= BEYOND_CHANCE * (1.0 - usual);
            let of_clicks = [Some(*before), Some(*template)].contains(&follow_up);
            before != template && *times >= LEAST && often >= STEP && beyond && !of_clicks
        })
        .collect();
    pairs.sort_by_key(|(times, before, template)| (std::cmp::Reverse(*times), *before, *template));
    let (mut next, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for (_, before, template) in pairs {
        let mut end = template;
        while let Some(further) = next.get(&end) {
            end = *further;
        }
        if end != before && !next.contains_key(&before) && taken.insert(template) {
            next.insert(before, template);
        }
    }
    next
}
