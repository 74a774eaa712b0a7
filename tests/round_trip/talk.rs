//! What happens in one chat, at the edges of windows more often than chance would have it.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::scenario::{Era, Kind, Message, Scenario, full_minute};

const DAY: i64 = 86_400;

/// Prefixes of customers' numbers with the country of their business-scoped ids. Their markets differ in price, and some move.
const COUNTRIES: [(&str, &str); 8] = [
    ("5511999", "BR"),
    ("9198000", "IN"),
    ("4915110", "DE"),
    ("1202555", "US"),
    ("6281200", "ID"),
    ("7701000", "KZ"),
    ("5255100", "MX"),
    ("9715010", "AE"),
];

/// Minutes between two messages: windows and conversations last 1440, free entry points 4320 or up to 10080.
const GAPS: [i64; 14] = [0, 1, 3, 20, 110, 600, 1380, 1439, 1440, 1441, 2000, 4319, 4320, 4321];

/// Minutes from sending to delivery.
const DELAYS: [i64; 10] = [0, 0, 0, 1, 1, 2, 5, 30, 300, 2000];

/// One chat, or one group.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    era: Era,
    number: usize,
    country: &'static str,
    phone: String,
    user: String,
    /// Id of the group and its members.
    group: String,
    members: Vec<String>,
    now: i64,
    last_inbound: Option<i64>,
}

impl Talk {
    pub(crate) fn random(era: Era, number: usize, chat: usize, dice: &mut ChaCha8Rng) -> Talk {
        let at = dice.random_range(0..COUNTRIES.len());
        let country = COUNTRIES[at].1;
        let phone = |at: usize, member: usize| format!("{}{number}{chat:02}{member}", COUNTRIES[at].0);
        let in_group = era.groups && chat == 0;
        let user = format!("{country}.{}{number}{chat:02}", dice.random_range(100_000_000_u64..999_999_999));
        let members = if in_group { (0..dice.random_range(2..6)).collect() } else { Vec::new() };
        Talk {
            era,
            number,
            country,
            phone: phone(at, 9),
            user: if era.users && !in_group && dice.random_bool(0.4) { user } else { String::new() },
            group: if in_group { format!("GROUP{number}") } else { String::new() },
            members: members.into_iter().map(|member| phone((at + member) % COUNTRIES.len(), member)).collect(),
            now: era.start + dice.random_range(0..2 * 24 * 60) * 60,
            last_inbound: None,
        }
    }

    pub(crate) fn run(mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        if self.is_plain_chat() && self.era.per_message && dice.random_bool(0.3) {
            self.in_the_app(scenario, dice);
        }
        for _ in 0..dice.random_range(4..22) {
            self.now += GAPS[dice.random_range(0..GAPS.len())] * 60;
            match dice.random_range(0..100) {
                0..35 => self.inbound(scenario, dice),
                35..40 if self.is_plain_chat() => self.change_number(scenario, dice),
                40..44 if self.era.per_message && self.is_plain_chat() => self.call(scenario, dice),
                44..47 => self.echo(scenario, dice),
                _ => self.outbound(scenario, dice),
            }
        }
    }

    fn is_plain_chat(&self) -> bool {
        self.group.is_empty() && self.user.is_empty()
    }

    fn message(&self, scenario: &Scenario, kind: Kind, dice: &mut ChaCha8Rng) -> Message {
        // Users are seen by number, by id, and by both.
        let shown = if self.user.is_empty() { 0 } else { dice.random_range(0..3) };
        Message {
            id: scenario.next_id(dice),
            inbound: false,
            number: self.number,
            phone: if shown == 1 { String::new() } else { self.phone.clone() },
            user: if shown == 0 { String::new() } else { self.user.clone() },
            group: self.group.clone(),
            kind,
            at: self.now,
            delivered: None,
            read: None,
            failed: None,
            referral: None,
            origin: "api",
            campaign: "",
        }
    }

    fn inbound(&mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        let kinds = ["text", "text", "image", "button", "interactive", "reaction", "unsupported", "request_welcome"];
        let kind = kinds[dice.random_range(0..kinds.len())];
        let mut message = self.message(scenario, Kind::Plain(kind), dice);
        message.inbound = true;
        message.at += dice.random_range(0..60);
        if self.group.is_empty() {
            let referrals = [Some("ad"), Some("ad"), Some("post"), Some("unknown")];
            message.referral = if dice.random_bool(0.25) { referrals[dice.random_range(0..4)] } else { None };
        } else {
            message.phone.clone_from(&self.members[dice.random_range(0..self.members.len())]);
        }
        if kind != "request_welcome" {
            self.last_inbound = Some(message.at);
        }
        // What is sent is sent at full minutes, so that no sending lies between an end and its rounding up to a minute (R31).
        self.now = full_minute(message.at);
        // The first message of a user shows both ids, or nobody could know that they are one customer.
        if !self.user.is_empty() {
            (message.phone, message.user) = (self.phone.clone(), self.user.clone());
        }
        scenario.messages.push(message);
    }

    fn change_number(&mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        let (old, new) = (self.phone.clone(), format!("{}5", self.phone));
        if new.len() > 13 {
            return;
        }
        let mut message = self.message(scenario, Kind::NumberChange(new.clone()), dice);
        message.inbound = true;
        scenario.messages.push(message);
        scenario.changes.push((old, new.clone(), self.now));
        self.phone = new;
    }

    fn call(&mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        let mut message = self.message(scenario, Kind::Call, dice);
        message.inbound = dice.random_bool(0.5);
        if !message.inbound && dice.random_bool(0.5) {
            message.delivered = Some(self.now);
        }
        if message.opens_window() {
            self.last_inbound = Some(self.now);
        }
        scenario.messages.push(message);
    }

    /// Typed in the Business app.
    fn echo(&mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        if self.is_plain_chat() {
            let echo = self.message(scenario, Kind::Plain("text"), dice);
            scenario.messages.push(Message { origin: "business_app", ..echo });
        }
    }

    /// What was written in the app before the number was used with the API.
    fn in_the_app(&mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        for inbound in [true, false] {
            let earlier = self.message(scenario, Kind::Plain("text"), dice);
            scenario.messages.push(Message { origin: "history", inbound, ..earlier });
            self.now += 60;
        }
        self.last_inbound = Some(self.now - 120);
    }

    fn outbound(&mut self, scenario: &mut Scenario, dice: &mut ChaCha8Rng) {
        let open = self.last_inbound.is_some_and(|last| self.now - last < DAY);
        let categories = ["marketing", "utility", "utility", "authentication"];
        let kind = match dice.random_range(0..10) {
            0..5 if open => Kind::Plain("text"),
            0 => Kind::Plain("text"),
            1 if self.era.per_message => Kind::Template("marketing_lite"),
            _ => Kind::Template(categories[dice.random_range(0..categories.len())]),
        };
        let mut message = self.message(scenario, kind, dice);
        message.campaign = if dice.random_bool(0.2) { "spring" } else { "" };
        if self.group.is_empty() {
            self.deliver(&mut message, open, dice);
            scenario.messages.push(message);
            return;
        }
        for member in &self.members {
            let mut to_member = Message { phone: member.clone(), ..message.clone() };
            self.deliver(&mut to_member, open, dice);
            scenario.messages.push(to_member);
        }
    }

    /// What becomes of it. Free-form outside of the window and marketing to the US are refused (R20, R71).
    fn deliver(&self, message: &mut Message, open: bool, dice: &mut ChaCha8Rng) {
        let marketing = matches!(message.kind, Kind::Template("marketing" | "marketing_lite"));
        let to_us = message.phone.starts_with("1202") || (message.phone.is_empty() && self.country == "US");
        if message.kind == Kind::Plain("text") && !open {
            message.failed = Some((message.at, 131_047));
        } else if marketing && to_us && self.era.us_pause {
            message.failed = Some((message.at, 131_049));
        } else if dice.random_bool(0.85) {
            let delivered = message.at + DELAYS[dice.random_range(0..DELAYS.len())] * 60;
            message.delivered = Some(delivered);
            message.read = match dice.random_range(0..4) {
                0 => None,
                1 => Some(delivered + 60 * dice.random_range(1..3000)),
                _ => Some(delivered),
            };
        } else if dice.random_bool(0.5) {
            message.failed = Some((message.at + 60, 131_026));
        }
    }
}
