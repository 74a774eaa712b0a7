//! One random chat: everything happens a hair before, at, or after something that matters.
//!
//! An instant is seldom drawn from thin air. Most are an earlier event of the chat plus a length that some
//! rule uses (24 h, 72 h, 168 h), or a date change, shifted by nothing, a millisecond or a second.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::facts::{Account, DAY, HOUR, MINUTE, Message, Ms, local_date, ymd};
use super::worlds::{World, pick};

pub(crate) const CATEGORIES: &[&str] =
    &["marketing", "marketing", "marketing_lite", "utility", "utility", "utility", "authentication", "authentication"];

/// Lengths of windows, the common ones more often.
const LENGTHS: &[Ms] = &[DAY, DAY, DAY, DAY, 72 * HOUR, 72 * HOUR, 7 * DAY, 48 * HOUR, 96 * HOUR];

/// The events of a chat, without number, customer and ids.
pub(crate) fn events(rng: &mut ChaCha8Rng, world: &World, accounts: &[&Account]) -> Vec<Message> {
    let favourite = pick(rng, CATEGORIES);
    let mut chat = Chat { rng, world, accounts, favourite, points: Vec::new(), last: 0, messages: Vec::new() };
    if chat.rng.random_bool(0.08) {
        chat.fill_patiently();
    } else {
        chat.fill();
    }
    chat.messages
}

pub(crate) fn jitter(rng: &mut ChaCha8Rng) -> Ms {
    pick(rng, &[0, 0, 0, -1, 1, -1000, 1000, -MINUTE, MINUTE])
}

struct Chat<'a> {
    rng: &'a mut ChaCha8Rng,
    world: &'a World,
    accounts: &'a [&'a Account],
    /// The category of most templates, so that conversations of one category meet.
    favourite: &'static str,
    /// Instants at which something happened.
    points: Vec<Ms>,
    last: Ms,
    messages: Vec<Message>,
}

impl Chat<'_> {
    fn fill(&mut self) {
        // Half of all chats are under way when the date changes.
        let before = if self.rng.random_bool(0.5) { -2 * HOUR..22 * HOUR } else { -30 * HOUR..90 * HOUR };
        let start = pick(self.rng, &self.world.anchors) - self.rng.random_range(before);
        self.last = start;
        self.points.push(start);
        // Most chats begin with the customer, often with a click.
        if self.rng.random_bool(0.6) {
            self.inbound(start, 0.7);
        }
        // From a campaign that nobody answers to a customer who writes most of the chat.
        let talkative = pick(self.rng, &[0.0, 0.2, 0.4, 0.4, 0.4, 0.6]);
        let longest = if self.rng.random_bool(0.1) { 30 } else { 13 };
        for _ in 0..self.rng.random_range(2..=longest) {
            let at = self.instant();
            if self.rng.random_bool(talkative) {
                self.inbound(at, 0.3);
            } else {
                self.outbound(at);
            }
            self.last = at;
        }
    }

    /// A customer who writes every day after a click: service windows without a break, and a rolling free
    /// entry point up to its cap.
    fn fill_patiently(&mut self) {
        let start = pick(self.rng, &self.world.anchors) - self.rng.random_range(-2 * DAY..5 * DAY);
        self.inbound(start, 1.0);
        if let Some(click) = self.messages.last_mut() {
            click.kind = "text".to_string();
            click.referral = "ad".to_string();
            click.client = String::new();
        }
        let answer = start + pick(self.rng, &[1000, HOUR]);
        self.outbound(answer);
        let mut at = start;
        for _ in 0..pick(self.rng, &[3, 5, 8, 8]) {
            at += pick(self.rng, &[20 * HOUR, 23 * HOUR, DAY]) + jitter(self.rng);
            self.inbound(at, 0.1);
            if self.rng.random_bool(0.4) {
                let soon = at + self.rng.random_range(0..20 * HOUR);
                self.outbound(soon);
            }
        }
        let ends = [answer + 72 * HOUR, answer + 7 * DAY, answer + 7 * DAY, at + DAY];
        for _ in 0..4 {
            let end = pick(self.rng, &ends) + jitter(self.rng);
            self.outbound(end);
        }
    }

    /// The next instant worth trying.
    fn instant(&mut self) -> Ms {
        let rng = &mut *self.rng;
        match rng.random_range(0..100) {
            // The conversation goes on.
            0..30 => self.last + rng.random_range(1..3 * HOUR),
            // A window that some earlier event opened is about to end.
            30..68 => pick(rng, &self.points) + pick(rng, LENGTHS) + jitter(rng),
            // A date changes.
            68..80 => pick(rng, &self.world.anchors) + jitter(rng),
            // A tie.
            80..88 => pick(rng, &self.points),
            88..94 => self.last + rng.random_range(0..40 * HOUR),
            _ => pick(rng, &self.points) + rng.random_range(-2 * HOUR..2 * HOUR),
        }
    }

    fn inbound(&mut self, at: Ms, click: f64) {
        let mut message = Message { inbound: true, at, ..self.blank() };
        let types = ["text", "button", "image", "reaction", "unsupported", "call"];
        let silent = ["system", "request_welcome", "edit", "revoke", "media_placeholder"];
        message.kind = match self.rng.random_range(0..10) {
            0..6 => "text".to_string(),
            6..9 => pick(self.rng, &types).to_string(),
            _ => pick(self.rng, &silent).to_string(),
        };
        // Calls come from no advertisement; anything else may.
        if !message.is_call() && self.rng.random_bool(click) {
            let sources = ["ad", "ad", "ad", "ad", "ad", "page_cta", "page_cta", "post", "organic"];
            message.referral = pick(self.rng, &sources).to_string();
        }
        let clients = ["", "", "", "android", "android", "ios", "web", "desktop"];
        message.client = pick(self.rng, &clients).to_string();
        if !message.is_call() && self.rng.random_bool(0.07) {
            message.origin = pick(self.rng, &["history", "business_app"]).to_string();
        }
        self.points.push(at);
        self.messages.push(message);
    }

    /// A message, and sometimes a twin that is delivered at the same instant.
    fn outbound(&mut self, at: Ms) {
        let (sent, delivered) = self.times(at);
        let mut message = Message { sent, delivered, ..self.blank() };
        self.describe(&mut message);
        if delivered.is_none() && message.kind != "reaction" && message.origin.is_empty() {
            let codes = ["", "", "131026", "131047", "131049", "130472"];
            message.error_code = pick(self.rng, &codes).to_string();
        }
        self.points.push(sent);
        self.points.extend(delivered);
        self.messages.push(message);
        if delivered.is_some() && self.rng.random_bool(0.08) {
            let sent = sent - pick(self.rng, &[0, 0, 1, 1000, HOUR]);
            let mut twin = Message { sent, delivered, ..self.blank() };
            self.describe(&mut twin);
            self.messages.push(twin);
        }
    }

    /// `at` is the sending of one half of the messages and the delivery of the other.
    fn times(&mut self, at: Ms) -> (Ms, Option<Ms>) {
        let rng = &mut *self.rng;
        if rng.random_bool(0.08) {
            return (at, None);
        }
        // On the way while a date changes.
        if rng.random_bool(0.1) {
            let change = pick(rng, &self.world.anchors);
            let sent = change - pick(rng, &[1, 1000, HOUR, 3 * HOUR, 20 * HOUR]);
            return (sent, Some(change + pick(rng, &[0, 1, 1000, HOUR, 20 * HOUR])));
        }
        let delay = match rng.random_range(0..100) {
            0..25 => 0,
            25..55 => rng.random_range(1..5000),
            55..60 => 1,
            60..80 => rng.random_range(MINUTE..HOUR),
            80..93 => rng.random_range(HOUR..30 * HOUR),
            _ => rng.random_range(DAY..8 * DAY),
        };
        let sent = if rng.random_bool(0.5) { at } else { at - delay };
        // Delivered exactly when something else happened.
        if rng.random_bool(0.06) {
            let target = pick(rng, &self.points) + jitter(rng);
            if (sent..sent + 20 * DAY).contains(&target) {
                return (sent, Some(target));
            }
        }
        (sent, Some(sent + delay))
    }

    /// What kind of outbound message it is.
    fn describe(&mut self, message: &mut Message) {
        let day = local_date(message.sent, self.accounts[0].zone);
        let usual = self.rng.random_bool(0.6);
        let category = if usual { self.favourite } else { pick(self.rng, CATEGORIES) };
        message.kind = pick(self.rng, &["text", "text", "image", "interactive"]).to_string();
        match self.rng.random_range(0..100) {
            0..52 => {
                message.kind = "template".to_string();
                message.category = category.to_string();
                // MM Lite is written in either of two ways.
                if category == "marketing_lite" && self.rng.random_bool(0.5) {
                    message.category = "marketing".to_string();
                    message.product = "marketing_messages".to_string();
                }
            }
            52..55 => message.kind = "reaction".to_string(),
            // Direct Send.
            55..60 => message.category = category.to_string(),
            // The Business Agent is a thing of per-message pricing: none before.
            60..66 if day > ymd(2025, 7, 10) => {
                message.product = "business_agent".to_string();
                message.tokens = Some(self.rng.random_range(0..50_000));
            }
            66..69 => message.kind = "call".to_string(),
            _ => {}
        }
        let plain = message.kind != "reaction" && message.product.is_empty();
        if plain && !message.is_call() && self.rng.random_bool(0.04) {
            message.origin = pick(self.rng, &["history", "business_app"]).to_string();
        }
    }

    fn blank(&mut self) -> Message {
        Message { waba: pick(self.rng, self.accounts).waba.clone(), ..Message::default() }
    }
}
