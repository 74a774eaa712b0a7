//! When people answer, who answers, and how messages fare: from waits.

use super::draft::{Fates, NumberHabits, Waits, share};
use super::lapses::{Lapses, as_number};
use super::measured::{Counts, Sent, Talks};
use super::mixture::{Two, Wait};
use super::shape::TemplateShape;
use crate::model::TemplateCategory;

const HOUR: u32 = 3_600;
/// People are at a desk if almost all of their replies fall into fewer hours than this.
const LONGEST_DESK: usize = 17;
/// Almost all.
const AT_DESK: f64 = 0.98;
/// Where there is no desk, a reply after so long had been forgotten.
const FORGOTTEN: u32 = 8 * HOUR;
/// Fewer replies do not tell a desk, nor one wait from two.
const LEAST: u64 = 30;
/// An answer within this time is a bot's, where all answers are alike.
const PROMPT: f64 = 60.0;
/// How long a code is usually good for.
const CODE: u32 = 600;

/// When people answer, and how conversations on each number go.
pub(super) fn of(counts: &Counts) -> (Waits, Vec<NumberHabits>) {
    let desk = desk(counts);
    let mut sessions: Vec<(Lapses, Lapses)> = counts.talks.iter().map(|talks| session(talks, desk)).collect();
    let within: Vec<Lapses> = sessions.iter().map(|(within, _)| within.clone()).collect();
    let Responders { bot, person, shares, cut } = responders(&within);
    if let Some(cut) = cut {
        // What was forgotten may have come to mind on the same day.
        for (within, beyond) in &mut sessions {
            let (soon, late) = within.split(cut);
            beyond.merge(&late);
            *within = soon;
        }
    }
    let mut late = Lapses::default();
    for (_, beyond) in &sessions {
        late.merge(beyond);
    }
    for talks in &counts.talks {
        late.merge(&talks.click_waits.split(FORGOTTEN).1);
    }
    let numbers = counts.talks.iter().zip(sessions.iter().zip(&shares)).map(|(talks, ((within, late), bots))| {
        let replied = talks.replies[1..].iter().chain(&talks.click_replies[1..]).sum::<u64>();
        let answered = replied + talks.by_agent + talks.refused;
        let agent = share(talks.by_agent, answered);
        let by_people = (1.0 - bots) * as_number(within.total());
        let late = as_number(late.total());
        NumberHabits {
            going_on: going_on(talks),
            replies: replies(talks),
            bot: ((bots - agent) / (1.0 - agent).max(0.01)).clamp(0.0, 1.0),
            agent,
            forgotten: late / (by_people + late).max(1.0),
            reaction: (as_number(talks.reactions) / ((1.0 - bots) * as_number(answered)).max(1.0)).min(1.0),
            reopen: None,
        }
    });
    let numbers = numbers.collect();
    let customer = Wait::by_moments(&counts.customer_waits);
    (Waits { desk, bot, person, forgotten: Wait::by_moments(&late), customer }, numbers)
}

/// The shortest stretch of hours with almost all replies that took minutes.
fn desk(counts: &Counts) -> Option<(u32, u32)> {
    let mut hours = [0_u64; 24];
    for talks in &counts.talks {
        hours.iter_mut().zip(&talks.slow_at).for_each(|(own, more)| *own += more);
    }
    let all: u64 = hours.iter().sum();
    if all < LEAST {
        return None;
    }
    let holds = |from: usize, length: usize| share(hours[from..from + length].iter().sum(), all) >= AT_DESK;
    let found = (1..LONGEST_DESK)
        .find_map(|length| (0..=24 - length).find(|from| holds(*from, length)).map(|from| (from, from + length)));
    let hour = |hour: usize| u32::try_from(hour).unwrap_or(24);
    found.map(|(from, to)| (hour(from), hour(to)))
}

/// First replies to what customers wrote while there was time left at the desk: those of the same day, and those that came later.
fn session(talks: &Talks, desk: Option<(u32, u32)>) -> (Lapses, Lapses) {
    let (mut within, mut beyond) = (Lapses::default(), Lapses::default());
    for (hour, waits) in (0_u32..).zip(&talks.waits) {
        let left = match desk {
            None => FORGOTTEN,
            Some((opens, closes)) if (opens..closes).contains(&hour) => {
                let left = (closes - hour) * HOUR - HOUR / 2;
                if left < (closes - opens) * HOUR / 3 {
                    continue;
                }
                left
            }
            Some(_) => continue,
        };
        let (soon, late) = waits.split(left);
        within.merge(&soon);
        beyond.merge(&late);
    }
    (within, beyond)
}

/// Who answers.
struct Responders {
    bot: Option<Wait>,
    person: Option<Wait>,
    /// Share of bots on each number.
    shares: Vec<f64>,
    /// Where nobody but people answers: the time from which on they had forgotten.
    cut: Option<u32>,
}

/// Bots and people by their waits. Where even the shorter of two kinds of wait is no bot's, it is people's, and the longer that of people
/// who had forgotten.
fn responders(within: &[Lapses]) -> Responders {
    let mut all = Lapses::default();
    for waits in within {
        all.merge(waits);
    }
    let two = Two::fit(within).filter(|two| two.are_apart() && all.total() >= LEAST);
    if let Some(two) = two {
        return if two.short.median() < PROMPT {
            Responders { bot: Some(two.short), person: Some(two.long), shares: two.shares, cut: None }
        } else {
            Responders { bot: None, person: Some(two.short), shares: vec![0.0; within.len()], cut: Some(two.cut()) }
        };
    }
    let one = Wait::by_moments(&all);
    let is_bot = one.is_some_and(|one| one.median() < PROMPT);
    let shares = vec![if is_bot { 1.0 } else { 0.0 }; within.len()];
    Responders { bot: one.filter(|_| is_bot), person: one.filter(|_| !is_bot), shares, cut: None }
}

/// Chance that an answered turn is not the last, by place: whatever happened before, so that silence cuts nothing short.
fn going_on(talks: &Talks) -> Vec<f64> {
    talks.ended.iter().zip(&talks.went_on).map(|(ended, went_on)| share(*went_on, ended + went_on)).collect()
}

/// Shares of conversations by turns, as planned: each goes on with its chance.
pub(super) fn turns(going_on: &[f64]) -> Vec<f64> {
    let mut left = 1.0;
    let mut shares = vec![0.0];
    for chance in going_on.iter().skip(1) {
        shares.push(left * (1.0 - chance));
        left *= chance;
    }
    if let Some(last) = shares.last_mut() {
        *last += left;
    }
    shares
}

/// Shares of turns by replies. Where customers hardly ever come but by a click, the answers to clicks count, too.
fn replies(talks: &Talks) -> Vec<f64> {
    let own: u64 = talks.replies.iter().sum();
    let clicks = talks.click_replies.iter().enumerate().map(|(place, turns)| if place > 0 { *turns } else { 0 });
    let counts: Vec<u64> = if own < LEAST {
        talks.replies.iter().zip(clicks).map(|(own, more)| own + more).collect()
    } else {
        talks.replies.clone()
    };
    let all = counts.iter().sum();
    counts.iter().map(|turns| share(*turns, all)).collect()
}

/// How messages fare.
pub(super) fn fates(counts: &Counts) -> Fates {
    let fates = &counts.fates;
    let mut templates = Lapses::default();
    counts.sent.iter().for_each(|sent| templates.merge(&sent.waits));
    let two = Two::fit(std::slice::from_ref(&templates)).filter(|two| two.are_apart() && templates.total() >= LEAST);
    let late = two.as_ref().map(|two| (1.0 - two.shares[0], two.long));
    let replies = Wait::by_quantiles(&fates.reply_waits).filter(|_| fates.reply_waits.total() >= LEAST);
    // Whole seconds are too coarse for what arrives at once: below the late ones, quantiles tell it better.
    let bulk = two.map_or(templates.clone(), |two| templates.split(two.cut()).0);
    let prompt = Wait::by_quantiles(&bulk);
    Fates {
        unreachable: share(fates.unreachable, fates.tried),
        held_back: share(fates.held_back, fates.unasked),
        lost: share(fates.lost, fates.replies),
        prompt: replies.or(prompt),
        late,
    }
}

/// Answers that had been forgotten, whatever they answer: those after many hours.
pub(super) fn forgotten(counts: &Counts) -> Lapses {
    let mut all = Lapses::default();
    for waits in counts.talks.iter().flat_map(|talks| talks.waits.iter().chain([&talks.click_waits])) {
        all.merge(&waits.split(FORGOTTEN).1);
    }
    all
}

/// Whether a template is a code that is not delivered once it has run out.
pub(super) fn runs_out(template: &TemplateShape, sent: &Sent) -> bool {
    let codes = template.category == TemplateCategory::Authentication && sent.waits.total() >= LEAST;
    codes && sent.waits.split(CODE).1.total() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 100 conversations 40 end after their first turn and 10 of the rest are left without an answer in the second; of the other 50, 25
    /// end there. The plan is 40 % one turn, 30 % two, 30 % more: the half that ends after two answered turns is half of the 60 %.
    #[test]
    fn turns_are_not_cut_short_by_silence() {
        let mut talks = Talks { ended: vec![0; 21], went_on: vec![0; 21], ..Talks::default() };
        (talks.ended[1], talks.went_on[1]) = (40, 60);
        (talks.ended[2], talks.went_on[2]) = (25, 25);
        talks.ended[3] = 25;
        let shares = turns(&going_on(&talks));
        for (found, expected) in shares.iter().zip([0.0, 0.4, 0.3, 0.3]) {
            assert!((found - expected).abs() < 1e-12, "{shares:?}");
        }
    }

    #[test]
    fn a_desk_is_where_slow_replies_come_from() {
        let talks = |busy: std::ops::Range<usize>, night: u64| Talks {
            slow_at: (0..24).map(|hour| if busy.contains(&hour) { 20 } else { night }).collect(),
            ..Talks::default()
        };
        let counts = |talks| Counts { talks: vec![talks], ..Counts::default() };
        assert_eq!(desk(&counts(talks(8..20, 0))), Some((8, 20)));
        assert_eq!(desk(&counts(talks(0..24, 0))), None);
        assert_eq!(desk(&counts(talks(9..10, 0))), None, "twenty replies tell nothing");
    }
}
