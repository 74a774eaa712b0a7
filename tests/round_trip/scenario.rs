//! A random scenario: who wrote what to whom, and what became of it. It knows everything; each form of a log keeps a part of it.

use chrono::{DateTime, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::talk::Talk;

/// First days of scenarios; most cross a change of the rules (rules §1.1) in their second or third day.
pub(crate) const WORLDS: [&str; 9] = [
    "2022-06-28",
    "2023-02-26",
    "2023-05-29",
    "2024-05-29",
    "2024-10-29",
    "2025-06-28",
    "2026-07-29",
    "2026-09-26",
    "2026-10-21",
];

/// A number of the business.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    pub(crate) id: &'static str,
    pub(crate) waba: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) currency: &'static str,
    /// Where it is, for authentication-international.
    pub(crate) location: &'static str,
}

/// Two numbers share a WABA, a third has its own.
pub(crate) const NUMBERS: [Number; 3] = [
    Number {
        id: "100000000000001",
        waba: "200000000000001",
        phone: "15550001111",
        zone: "America/Sao_Paulo",
        currency: "USD",
        location: "BR",
    },
    Number {
        id: "100000000000002",
        waba: "200000000000001",
        phone: "15550002222",
        zone: "America/Sao_Paulo",
        currency: "USD",
        location: "BR",
    },
    Number {
        id: "100000000000003",
        waba: "200000000000003",
        phone: "4915550003333",
        zone: "Asia/Kolkata",
        currency: "EUR",
        location: "DE",
    },
];

/// What a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Free-form, of a type; also a reaction.
    Plain(&'static str),
    /// A template of a category.
    Template(&'static str),
    /// A notice that the customer now has another number.
    NumberChange(String),
    Call,
}

/// A message, in a group once for each recipient. Times are Unix seconds.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) inbound: bool,
    /// Place in [`NUMBERS`].
    pub(crate) number: usize,
    /// The customer's phone number; empty if only the business-scoped id is known.
    pub(crate) phone: String,
    /// The customer's business-scoped id, if any.
    pub(crate) user: String,
    pub(crate) group: String,
    pub(crate) kind: Kind,
    /// When it was received or sent.
    pub(crate) at: i64,
    pub(crate) delivered: Option<i64>,
    /// At the moment of delivery where the chat was open: then webhooks tell of reading only.
    pub(crate) read: Option<i64>,
    pub(crate) failed: Option<(i64, u32)>,
    /// The type of what it was referred by, `unknown` where that is not told.
    pub(crate) referral: Option<&'static str>,
    pub(crate) origin: &'static str,
    pub(crate) campaign: &'static str,
}

impl Message {
    /// What verdicts know its customer by.
    pub(crate) fn customer(&self) -> &str {
        if self.phone.is_empty() { &self.user } else { &self.phone }
    }

    /// Whether it opens a window, or makes a free entry point longer.
    pub(crate) fn opens_window(&self) -> bool {
        match &self.kind {
            Kind::NumberChange(_) => false,
            Kind::Call => self.inbound || self.delivered.is_some(),
            _ => self.inbound,
        }
    }
}

/// What there was at the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Era {
    pub(crate) start: i64,
    pub(crate) per_message: bool,
    pub(crate) groups: bool,
    pub(crate) users: bool,
    pub(crate) us_pause: bool,
}

impl Era {
    fn of(first: &str) -> Era {
        let day: NaiveDate = first.parse().expect("a date");
        let since = |day: &str| *first >= *day;
        Era {
            start: day.and_hms_opt(9, 0, 0).expect("a time").and_utc().timestamp(),
            per_message: since("2025-07-01"),
            groups: since("2025-10-01"),
            users: since("2026-04-01"),
            us_pause: since("2025-04-01"),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) first: &'static str,
    pub(crate) seed: u64,
    pub(crate) messages: Vec<Message>,
    /// Old and new number of a customer, and when it changed.
    pub(crate) changes: Vec<(String, String, i64)>,
}

impl Scenario {
    pub(crate) fn random(first: &'static str, seed: u64) -> Scenario {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let era = Era::of(first);
        let mut scenario = Scenario { first, seed, messages: Vec::new(), changes: Vec::new() };
        for number in 0..NUMBERS.len() {
            for chat in 0..8 {
                let talk = Talk::random(era, number, chat, &mut dice);
                talk.run(&mut scenario, &mut dice);
            }
        }
        scenario
    }

    /// What an On-Premises installation with one number could see: no groups, calls, business-scoped ids or app.
    pub(crate) fn on_premises(&self) -> Scenario {
        let seen = |message: &&Message| {
            let later = !message.group.is_empty() || message.kind == Kind::Call || message.origin != "api";
            message.number == 0 && message.user.is_empty() && !later
        };
        Scenario { messages: self.messages.iter().filter(seen).cloned().collect(), ..self.clone() }
    }

    pub(crate) fn next_id(&self, dice: &mut ChaCha8Rng) -> String {
        format!("wamid.{:08X}{:04}", dice.random::<u32>(), self.messages.len())
    }
}

/// A time as canonical logs write it.
pub(crate) fn rfc3339(at: i64) -> String {
    DateTime::from_timestamp(at, 0).expect("in range").format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The reverse.
pub(crate) fn seconds(text: &str) -> i64 {
    text.parse::<DateTime<chrono::Utc>>().expect("RFC 3339").timestamp()
}

/// The next full minute.
pub(crate) fn full_minute(at: i64) -> i64 {
    (at + 59) / 60 * 60
}

/// Every test tries at least 20 scenarios.
pub(crate) fn all() -> Vec<Scenario> {
    let seeds = std::env::var("WABILL_SEEDS").map_or(27, |text| text.parse().expect("WABILL_SEEDS is a number"));
    (0..seeds)
        .map(|seed| Scenario::random(WORLDS[usize::try_from(seed).expect("small") % WORLDS.len()], seed))
        .collect()
}
