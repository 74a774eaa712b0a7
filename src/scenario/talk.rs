//! Conversations: the customer writes, a bot or a person answers, in turns.

use chrono::NaiveDate;

use super::calendar::{self, Moment};
use super::delivery::WINDOW;
use super::diary::{Content, Diary, Referral};
use super::traffic::Talk;

/// A refused reply is noticed and followed by a template within this many seconds.
const NOTICED: (u32, u32) = (60, 900);

/// How a conversation begins.
#[derive(Debug)]
pub(super) struct Opening<'a> {
    pub(super) at: Moment,
    /// Type of the first message, where it is not drawn.
    pub(super) kind: Option<&'a str>,
    pub(super) referral: Option<Referral<'a>>,
    /// Nobody will answer.
    pub(super) unanswered: bool,
    /// Somebody will answer, but late.
    pub(super) forgotten: bool,
}

impl Opening<'_> {
    /// The customer writes of their own accord.
    pub(super) fn new(at: Moment) -> Self {
        Self { at, kind: None, referral: None, unanswered: false, forgotten: false }
    }
}

/// Who answers in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Responder {
    Bot,
    BusinessAgent,
    Person,
    /// A person who had forgotten the message at first.
    Latecomer,
}

impl<'a> Diary<'a> {
    /// A conversation that the customer starts on that day.
    pub(super) fn question(&mut self, number: &'a str, day: NaiveDate) {
        let at = self.waking(day);
        if self.begun(at) {
            self.talk(number, Opening::new(at));
        }
    }

    /// A conversation about something that the business has just sent.
    pub(super) fn question_about(&mut self, number: &'a str, sent: Moment) {
        let at = self.soon(sent, 120, 4 * 3_600);
        self.talk(number, Opening::new(at));
    }

    /// A whole conversation, until the customer has enough or is left without an answer.
    pub(super) fn talk(&mut self, number: &'a str, mut opening: Opening<'a>) {
        let talk = &self.population.traffic.number[number].talk;
        let turns = self.customer.dice.choice(&talk.turns).max(1);
        let mut at = opening.at;
        for _ in 0..turns {
            let asked = self.ask(number, talk, at, &mut opening);
            let responder = self.responder(talk, opening.forgotten);
            opening.forgotten = false;
            let replies = self.customer.dice.choice(&talk.replies);
            if opening.unanswered || replies == 0 {
                return;
            }
            let answered = self.reply(number, asked, responder, replies);
            at = answered + self.customer.dice.delay(self.population.traffic.rhythm.customer_reply);
        }
        self.outcome(talk, at);
    }

    /// One or more messages of the customer; gives the moment of the last.
    fn ask(&mut self, number: &'a str, talk: &Talk, mut at: Moment, opening: &mut Opening<'a>) -> Moment {
        let mix = &self.population.traffic.rhythm.customer_types;
        let messages = self.customer.dice.choice(&talk.asks).max(1);
        for message in 0..messages {
            if message > 0 {
                at = self.soon(at, 4, 70);
            }
            let drawn = self.customer.dice.kind(mix);
            // Who clicks an ad sends the text that the ad has prepared.
            let referral = opening.referral.take();
            let prepared = referral.is_some().then_some("text");
            let kind = opening.kind.take().or(prepared).unwrap_or(drawn);
            self.note(number, at, Content::Inbound { kind, referral });
        }
        at
    }

    fn responder(&mut self, talk: &Talk, forgotten: bool) -> Responder {
        let dice = &mut self.customer.dice;
        if forgotten {
            Responder::Latecomer
        } else if dice.happens(talk.business_agent) {
            Responder::BusinessAgent
        } else if dice.happens(talk.bot) {
            Responder::Bot
        } else if dice.happens(talk.forgotten) {
            Responder::Latecomer
        } else {
            Responder::Person
        }
    }

    /// The replies of a turn; gives the moment of the last.
    fn reply(&mut self, number: &'a str, asked: Moment, responder: Responder, replies: usize) -> Moment {
        let talk = &self.population.traffic.number[number].talk;
        let mut at = self.answer_time(asked, responder);
        if at - asked >= WINDOW {
            self.free_form(number, at, responder);
            return self.reopen(number, talk, at);
        }
        if responder == Responder::Person && self.customer.dice.happens(talk.reaction) {
            self.note(number, at, Content::Reaction);
            at = self.soon(at, 8, 60);
        }
        // The Business Agent says everything in one message.
        let replies = if responder == Responder::BusinessAgent { 1 } else { replies };
        for reply in 0..replies {
            if reply > 0 {
                at = self.pause(at, responder);
            }
            self.free_form(number, at, responder);
        }
        at
    }

    /// When the first reply goes out: bots at any hour, people when they are at their desks.
    fn answer_time(&mut self, asked: Moment, responder: Responder) -> Moment {
        let rhythm = &self.population.traffic.rhythm;
        let wait = match responder {
            Responder::Bot | Responder::BusinessAgent => rhythm.bot_reply,
            Responder::Person => rhythm.person_reply,
            Responder::Latecomer => rhythm.forgotten_reply,
        };
        let ready = asked + self.customer.dice.delay(wait);
        if matches!(responder, Responder::Bot | Responder::BusinessAgent) {
            return ready;
        }
        let open = calendar::at_desk(rhythm, self.business_zone(), ready);
        if open == ready {
            return ready;
        }
        // In the morning there is a queue.
        open + self.customer.dice.delay(rhythm.person_reply)
    }

    /// Bots send their bubbles at once, people type.
    fn pause(&mut self, at: Moment, responder: Responder) -> Moment {
        match responder {
            Responder::Bot | Responder::BusinessAgent => self.soon(at, 1, 3),
            Responder::Person | Responder::Latecomer => self.soon(at, 9, 110),
        }
    }

    fn free_form(&mut self, number: &'a str, at: Moment, responder: Responder) {
        let rhythm = &self.population.traffic.rhythm;
        let dice = &mut self.customer.dice;
        let content = match responder {
            Responder::BusinessAgent => {
                // Mostly what the agent has read, so around 20,000 tokens whatever it says.
                let tokens = dice.between(8_500, 11_500) + dice.between(8_500, 11_500);
                Content::BusinessAgent { tokens }
            }
            Responder::Bot => Content::FreeForm { kind: dice.kind(&rhythm.bot_types) },
            Responder::Person | Responder::Latecomer => Content::FreeForm { kind: dice.kind(&rhythm.person_types) },
        };
        self.note(number, at, content);
    }

    /// After a refused reply only a template can reach the customer.
    fn reopen(&mut self, number: &'a str, talk: &'a Talk, refused: Moment) -> Moment {
        let Some(template) = &talk.reopen else {
            return refused;
        };
        let at = self.soon(refused, NOTICED.0, NOTICED.1);
        self.template(number, at, template.get_ref());
        at
    }

    fn outcome(&mut self, talk: &'a Talk, end: Moment) {
        for outcome in &talk.outcome.0 {
            if self.customer.dice.happens(outcome.chance) {
                self.journey(outcome.journey.get_ref(), end);
            }
        }
    }
}
