//! Goes over a chat and counts: conversations and their turns, what started them, templates and what they follow, and how messages fare.
//!
//! The same rules cut a real log and a simulated one, so what they cannot tell apart, they cannot tell apart in both.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use chrono_tz::Tz;

use crate::model::{ClickSource, Country, Day, TemplateCategory};

use super::measured::{Counts, MOST, Measured, Talks};
use super::seen::{Act, Seen, SeenChat};
use super::shape::Shape;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Who says nothing for so long, and then writes again, starts another conversation.
pub(super) const PAUSE: i64 = 6 * HOUR;
/// What a customer writes so soon after a template is an answer to it.
pub(super) const ANSWER: i64 = 5 * HOUR;
/// A template so soon after a refused reply is there to open the chat again.
const REOPENING: i64 = HOUR;
/// A marketing template so long after a click may follow it up.
const FOLLOW_UP: i64 = 10 * DAY;
/// Templates so far from each other may be steps of one journey.
const JOURNEY: i64 = 14 * DAY;
/// A first reply after this many seconds was hardly a bot's.
const SLOW: i64 = 120;
/// A click that is answered after so long was forgotten at first.
const LATE: i64 = 8 * HOUR;
/// More than 24 hours since the customer wrote (R20).
const WINDOW_CLOSED: u32 = 131_047;
/// Held back so that the customer gets no more marketing than they can take.
const HELD_BACK: u32 = 131_049;

/// Counts a chat.
pub fn walk(shape: &Shape, chat: &SeenChat, measured: &mut Measured) {
    let Some((segment, zone)) = shape.countries.get(&chat.country) else { return };
    let mut walker = Walker {
        shape,
        counts: &mut measured.0,
        country: chat.country,
        segment: usize::from(*segment),
        zone: *zone,
        conversation: None,
        last_ask: None,
        last_click: None,
        last_template: None,
        last_event: None,
        refused_at: None,
        questions: 0,
        clicks: 0,
        outside: BTreeMap::new(),
    };
    chat.messages.iter().for_each(|seen| walker.take(seen));
    walker.finish();
}

/// What a customer wrote in a row, and what became of it.
#[derive(Debug, Clone, Copy)]
struct Turn {
    account: usize,
    asked: i64,
    asks: usize,
    replies: usize,
    refused: bool,
    by_agent: bool,
    /// The first after a click.
    of_click: bool,
}

impl Turn {
    fn is_answered(&self) -> bool {
        self.replies > 0 || self.refused || self.by_agent
    }
}

#[derive(Debug, Clone, Copy)]
struct Conversation {
    turns: usize,
    last: i64,
    turn: Turn,
}

struct Walker<'w> {
    shape: &'w Shape,
    counts: &'w mut Counts,
    country: Country,
    segment: usize,
    zone: Tz,
    conversation: Option<Conversation>,
    last_ask: Option<i64>,
    last_click: Option<i64>,
    last_template: Option<(u16, i64)>,
    last_event: Option<(u16, i64)>,
    refused_at: Option<i64>,
    questions: u64,
    clicks: u64,
    outside: BTreeMap<u16, u64>,
}

impl Walker<'_> {
    fn take(&mut self, seen: &Seen) {
        match seen.act {
            Act::Ask { click, kind } => {
                self.counts.inbound += 1;
                if let Some(kind) = kind {
                    self.counts.inbound_kinds[kind] += 1;
                }
                self.ask(seen, click);
            }
            Act::Reply { kind } => {
                if let Some(kind) = kind {
                    self.counts.reply_kinds[kind] += 1;
                }
                self.reply(seen, false);
            }
            Act::Agent => self.reply(seen, true),
            Act::React => self.talks(seen).reactions += 1,
            Act::Template(template) => self.template(seen, template),
        }
        if !matches!(seen.act, Act::Ask { .. }) {
            self.counts.outbound += 1;
        }
    }

    fn talks(&mut self, seen: &Seen) -> &mut Talks {
        &mut self.counts.talks[usize::from(seen.account)]
    }

    fn ask(&mut self, seen: &Seen, click: Option<ClickSource>) {
        let (hour, day) = hour_and_day(local(self.zone, seen.at));
        self.counts.inbound_hours[hour] += 1;
        self.counts.inbound_days[day] += 1;
        let over = self.conversation.is_some_and(|one| seen.at - one.last > PAUSE);
        if over || click.is_some() {
            self.end_conversation();
        }
        match &mut self.conversation {
            Some(one) if one.turn.is_answered() => {
                self.counts.customer_waits.add(seconds(seen.at - one.last));
                let turn = std::mem::replace(&mut one.turn, opened(seen));
                one.turns += 1;
                one.last = seen.at;
                let turns = one.turns - 1;
                self.counts.talks[turn.account].went_on[turns.min(MOST)] += 1;
                self.close_turn(&turn);
            }
            Some(one) => {
                one.turn.asks += 1;
                one.turn.asked = seen.at;
                one.last = seen.at;
            }
            None => self.start_conversation(seen, click, (hour, day)),
        }
        self.last_ask = Some(seen.at);
    }

    fn start_conversation(&mut self, seen: &Seen, click: Option<ClickSource>, (hour, day): (usize, usize)) {
        let turn = Turn { of_click: click.is_some(), ..opened(seen) };
        self.conversation = Some(Conversation { turns: 1, last: seen.at, turn });
        self.talks(seen).conversations += 1;
        let answered = self.last_template.filter(|(_, at)| {
            seen.at - at <= ANSWER && self.last_ask.is_none_or(|asked| asked < *at) && click.is_none()
        });
        if let Some((template, _)) = answered {
            self.counts.sent[usize::from(template)].answers += 1;
            return;
        }
        self.counts.start_hours[hour] += 1;
        self.counts.start_days[day] += 1;
        self.note_half(seen.at);
        if let Some(click) = click {
            self.counts.clicked.kinds[click_place(click)] += 1;
            self.counts.clicked.flow.times[self.segment] += 1;
            self.talks(seen).clicks += 1;
            self.clicks += 1;
            self.last_click = Some(seen.at);
        } else {
            self.counts.questions.times[self.segment] += 1;
            self.talks(seen).questions += 1;
            self.questions += 1;
        }
    }

    fn reply(&mut self, seen: &Seen, by_agent: bool) {
        let refused = seen.error == WINDOW_CLOSED;
        self.reply_fate(seen, refused);
        let zone = self.shape.zone();
        let talks = &mut self.counts.talks[usize::from(seen.account)];
        let open = self.conversation.as_mut().filter(|one| !one.turn.is_answered() || seen.at - one.last < DAY);
        let Some(one) = open else {
            talks.unasked += 1;
            return;
        };
        if !one.turn.is_answered() {
            let wait = seen.at - one.turn.asked;
            if one.turn.of_click {
                talks.click_waits.add(seconds(wait));
            } else {
                talks.waits[hour_and_day(local(zone, one.turn.asked)).0].add(seconds(wait));
            }
            if wait > SLOW {
                talks.slow_at[hour_and_day(local(zone, seen.at)).0] += 1;
            }
            if one.turn.of_click && wait > LATE {
                self.counts.clicked.late += 1;
            }
            one.turn.refused = refused;
            one.turn.by_agent = by_agent;
        }
        one.turn.replies += usize::from(!refused);
        one.last = seen.at;
    }

    fn reply_fate(&mut self, seen: &Seen, refused: bool) {
        if refused {
            self.refused_at = Some(seen.at);
            return;
        }
        let fates = &mut self.counts.fates;
        fates.tried += 1;
        if seen.error != 0 {
            fates.unreachable += 1;
            return;
        }
        fates.replies += 1;
        match seen.delivered_after {
            Some(wait) => fates.reply_waits.add(wait),
            None => fates.lost += 1,
        }
    }

    fn template(&mut self, seen: &Seen, template: u16) {
        let place = usize::from(template);
        let shape = &self.shape.templates[place];
        let open = self.last_ask.is_some_and(|asked| seen.at - asked < DAY);
        let marketing = shape.category.is_marketing();
        self.template_fate(seen, place, marketing && !open, marketing);
        let at_account = local(self.shape.zone(), seen.at);
        let day = Day::from(at_account.date());
        self.counts.sent[place].hours[hour_and_day(local(self.zone, seen.at)).0] += 1;
        if let Ok(mailing) = shape.mailings.binary_search(&day) {
            let sent = &mut self.counts.sent[place];
            sent.mailed[mailing][self.segment] += 1;
            sent.clock[quarter(at_account)] += 1;
        } else if self.refused_at.take_if(|refused| seen.at - *refused <= REOPENING).is_some() {
            self.counts.sent[place].reopening += 1;
            return;
        } else {
            self.event(seen, template, open, shape.category);
        }
        self.last_template = Some((template, seen.at));
    }

    /// A template that something outside the log set off, as far as can be told.
    fn event(&mut self, seen: &Seen, template: u16, open: bool, category: TemplateCategory) {
        let sent = &mut self.counts.sent[usize::from(template)];
        if open {
            sent.inside[self.segment] += 1;
        } else {
            sent.outside.times[self.segment] += 1;
            *self.outside.entry(template).or_default() += 1;
        }
        if category.is_marketing()
            && let Some(click) = self.last_click.take_if(|click| seen.at - *click <= FOLLOW_UP)
        {
            sent.after_click += 1;
            sent.follow_wait.add(seconds(seen.at - click));
        }
        if let Some((before, at)) = self.last_event.filter(|(_, at)| seen.at - at <= JOURNEY) {
            self.counts.pairs.entry((before, template)).or_default().add(seconds(seen.at - at));
        }
        self.last_event = Some((template, seen.at));
    }

    /// Only what customers start: later steps of journeys come later in the log, whether it grows or not.
    fn note_half(&mut self, at: i64) {
        let day = Day::from(local(self.shape.zone(), at).date()).epoch_days() - self.shape.days.0.epoch_days();
        let later = u32::try_from(day).is_ok_and(|day| 2 * day >= self.shape.length());
        self.counts.start_halves[usize::from(later)] += 1;
    }

    fn template_fate(&mut self, seen: &Seen, place: usize, unasked: bool, marketing: bool) {
        // Marketing to the United States is not delivered at all since April 2025 (R71), which is no habit of anybody's.
        if marketing && self.country == Country::US {
            return;
        }
        let fates = &mut self.counts.fates;
        fates.tried += 1;
        if seen.error != 0 && seen.error != HELD_BACK {
            fates.unreachable += 1;
            return;
        }
        fates.unasked += u64::from(unasked);
        if seen.error == HELD_BACK {
            fates.held_back += u64::from(unasked);
            return;
        }
        let sent = &mut self.counts.sent[place];
        sent.accepted += 1;
        match seen.delivered_after {
            Some(wait) => sent.waits.add(wait),
            None => sent.lost += 1,
        }
    }

    fn close_turn(&mut self, turn: &Turn) {
        let talks = &mut self.counts.talks[turn.account];
        talks.asks[turn.asks.min(MOST)] += 1;
        match (turn.refused, turn.by_agent, turn.of_click) {
            (true, _, true) => talks.click_refused += 1,
            (true, _, false) => talks.refused += 1,
            (_, true, _) => talks.by_agent += 1,
            (.., true) => talks.click_replies[turn.replies.min(MOST)] += 1,
            (.., false) => talks.replies[turn.replies.min(MOST)] += 1,
        }
        self.counts.clicked.unanswered += u64::from(turn.of_click && !turn.is_answered());
    }

    fn end_conversation(&mut self) {
        let Some(one) = self.conversation.take() else { return };
        if one.turn.is_answered() {
            self.counts.talks[one.turn.account].ended[one.turns.min(MOST)] += 1;
        }
        self.close_turn(&one.turn);
    }

    fn finish(mut self) {
        self.end_conversation();
        let segment = self.segment;
        self.counts.questions.squares[segment] += self.questions * self.questions;
        self.counts.clicked.flow.squares[segment] += self.clicks * self.clicks;
        for (template, times) in &self.outside {
            self.counts.sent[usize::from(*template)].outside.squares[segment] += times * times;
        }
    }
}

fn opened(seen: &Seen) -> Turn {
    let account = seen.account.into();
    Turn { account, asked: seen.at, asks: 1, replies: 0, refused: false, by_agent: false, of_click: false }
}

/// The place of a kind of click among ads, page buttons and posts.
fn click_place(click: ClickSource) -> usize {
    match click {
        ClickSource::Ad => 0,
        ClickSource::PageCta => 1,
        ClickSource::Post => 2,
    }
}

fn seconds(time: i64) -> u32 {
    u32::try_from(time.max(0)).unwrap_or(u32::MAX)
}

fn local(zone: Tz, at: i64) -> NaiveDateTime {
    DateTime::from_timestamp(at, 0).unwrap_or_default().with_timezone(&zone).naive_local()
}

fn hour_and_day(at: NaiveDateTime) -> (usize, usize) {
    let place = |number: u32| usize::try_from(number).unwrap_or(0);
    (place(at.hour()), place(at.weekday().num_days_from_monday()))
}

fn quarter(at: NaiveDateTime) -> usize {
    usize::try_from(at.hour() * 4 + at.minute() / 15).unwrap_or(0)
}
