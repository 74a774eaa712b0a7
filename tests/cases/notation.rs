//! The short notation of the cases.
//!
//! An event is `TIME WHO WHAT option=value ...`, the n-th one is called `en`:
//! - `in` customer message, `call` customer's call, `call accepted` business call that the customer took,
//!   `out tpl CATEGORY`, `out free` (no template), `out direct CATEGORY` (R20b), `out mba` (R59), `out react`;
//! - TIME is `[-]H:MM[:SS[.mmm]]` after the start of the case;
//! - `dlv=never` or `dlv=TIME` (delay after sending), `ref=ad|cta|organic|post`, `client=`, `origin=`, `type=`, `to=`,
//!   `number=`, `waba=`, `group=`, `name=`, `tokens=`, `status=`, `sent=unknown`, `as=en` (the same message to a further member of a
//!   group); `xN every=TIME` repeats an event.
//!
//! An expectation is `en [CATEGORY] OUTCOME column=value ...`: `CHARGED`, `free:REASON`, `attached:en`, `none:REASON`.
//! `*` is any category, and any column of `verdicts.csv` may be named: `flags=F` wants the flag among them, `flags=!F`
//! does not, and a market's name is written with `_` for a space.

use anyhow::{Context, Result, anyhow, bail};
use std::collections::BTreeMap;

const OPTIONS: [&str; 15] = [
    "as", "client", "dlv", "every", "group", "name", "number", "origin", "ref", "sent", "status", "to", "tokens",
    "type", "waba",
];

/// What happened, without when and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A customer wrote.
    Inbound,
    /// A customer called.
    Call,
    /// A customer accepted a business call (R17).
    CallAccepted,
    /// A template of that category went out.
    Template(String),
    /// A message without template, but with a category of its own (R20b).
    Direct(String),
    /// A free-form message went out.
    Free,
    /// A reply of Meta's Business Agent (R59).
    Agent,
    /// A reaction went out (R71).
    Reaction,
}

/// One line of a case's log.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: String,
    /// Milliseconds after the start of the case.
    pub(crate) at: i64,
    pub(crate) what: What,
    pub(crate) repeat: u32,
    pub(crate) every: i64,
    /// Milliseconds from sending to delivery, `None` when it never arrived.
    pub(crate) delay: Option<i64>,
    options: BTreeMap<String, String>,
}

impl Event {
    pub(crate) fn parse(number: usize, text: &str) -> Result<Self> {
        parse_event(number, text).with_context(|| format!("event `{text}`"))
    }

    pub(crate) fn option(&self, key: &str) -> Option<&str> {
        self.options.get(key).map(String::as_str)
    }

    pub(crate) fn message_id(&self) -> &str {
        self.option("as").unwrap_or(&self.id)
    }

    /// Calls are not priced, so they get no verdict.
    pub(crate) fn has_verdict(&self) -> bool {
        !matches!(self.what, What::Inbound | What::Call | What::CallAccepted)
    }

    /// The message's own category, which `covered` and `not_billed` show (Q23).
    pub(crate) fn own_category(&self) -> Option<&str> {
        match &self.what {
            What::Template(category) | What::Direct(category) => Some(category),
            What::Free | What::Reaction => Some("service"),
            _ => None,
        }
    }
}

fn parse_event(number: usize, text: &str) -> Result<Event> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (time, words) = words.split_first().context("empty")?;
    let plain = words.iter().take_while(|w| !is_option(w)).count();
    let (kind, rest) = words.split_at(plain);
    let options =
        rest.iter().filter(|w| repetition(w).is_none()).map(|w| option(w)).collect::<Result<BTreeMap<_, _>>>()?;
    let every = options.get("every").map_or(Ok(1000), |e| duration(e))?;
    let delay = match options.get("dlv").map(String::as_str) {
        Some("never") => None,
        Some(delay) => Some(duration(delay)?),
        None => Some(0),
    };
    Ok(Event {
        id: format!("e{number}"),
        at: duration(time)?,
        what: what(kind)?,
        repeat: rest.iter().find_map(|w| repetition(w)).unwrap_or(1),
        every,
        delay,
        options,
    })
}

fn what(words: &[&str]) -> Result<What> {
    Ok(match words {
        ["in"] => What::Inbound,
        ["call"] => What::Call,
        ["call", "accepted"] => What::CallAccepted,
        ["out", "tpl", category] => What::Template((*category).to_owned()),
        ["out", "direct", category] => What::Direct((*category).to_owned()),
        ["out", "free"] => What::Free,
        ["out", "mba"] => What::Agent,
        ["out", "react"] => What::Reaction,
        _ => bail!("what is `{}`?", words.join(" ")),
    })
}

fn is_option(word: &str) -> bool {
    word.contains('=') || repetition(word).is_some()
}

fn repetition(word: &str) -> Option<u32> {
    word.strip_prefix('x')?.parse().ok()
}

fn option(word: &str) -> Result<(String, String)> {
    let (key, value) = word.split_once('=').with_context(|| format!("`{word}` is no option"))?;
    if !OPTIONS.contains(&key) {
        bail!("unknown option `{key}`");
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// `[-]H:MM[:SS[.mmm]]` in milliseconds.
pub(crate) fn duration(text: &str) -> Result<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut parts = digits.split(':');
    let hours = whole(parts.next())?;
    let minutes = whole(parts.next())?;
    let (seconds, millis) = match parts.next() {
        None => (0, 0),
        Some(part) => match part.split_once('.') {
            None => (whole(Some(part))?, 0),
            Some((s, ms)) if ms.len() == 3 => (whole(Some(s))?, whole(Some(ms))?),
            Some(_) => bail!("`{text}`: milliseconds have three digits"),
        },
    };
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        bail!("`{text}` is no time");
    }
    Ok(sign * (((hours * 60 + minutes) * 60 + seconds) * 1000 + millis))
}

fn whole(part: Option<&str>) -> Result<i64> {
    let part = part.context("time without minutes")?;
    let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        bail!("`{part}` is no whole number");
    }
    Ok(part.parse()?)
}

/// What must come out for one message.
#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) id: String,
    pub(crate) category: Option<String>,
    pub(crate) outcome: Outcome,
    /// Further columns of `verdicts.csv` and their values.
    pub(crate) columns: Vec<(String, String)>,
}

/// The verdict in the words of the cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Charged,
    Free(String),
    /// Covered by the conversation that this event opened.
    Attached(String),
    None(String),
}

impl Expectation {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        parse_expectation(text).with_context(|| format!("expectation `{text}`"))
    }
}

fn parse_expectation(text: &str) -> Result<Expectation> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (id, words) = words.split_first().context("empty")?;
    let plain = words.iter().take_while(|w| !w.contains('=')).count();
    let (verdict, columns) = words.split_at(plain);
    let (category, outcome) = match verdict {
        [outcome] => (None, *outcome),
        [category, outcome] => (Some(long_category(category)), *outcome),
        _ => bail!("wants an outcome, perhaps after a category"),
    };
    Ok(Expectation {
        id: (*id).to_owned(),
        category,
        outcome: parse_outcome(outcome)?,
        columns: columns.iter().map(|w| column(w)).collect::<Result<_>>()?,
    })
}

/// The cases shorten three category names.
fn long_category(short: &str) -> String {
    match short {
        "fep" => "referral_conversion",
        "mba" => "business_agent",
        "session" => "service",
        other => other,
    }
    .to_owned()
}

fn parse_outcome(text: &str) -> Result<Outcome> {
    if text == "CHARGED" {
        return Ok(Outcome::Charged);
    }
    let (kind, detail) = text.split_once(':').context("no such outcome")?;
    let detail = detail.to_owned();
    match kind {
        "free" => Ok(Outcome::Free(detail)),
        "attached" => Ok(Outcome::Attached(detail)),
        "none" => Ok(Outcome::None(detail)),
        _ => Err(anyhow!("no such outcome `{kind}`")),
    }
}

fn column(word: &str) -> Result<(String, String)> {
    let (key, value) = word.split_once('=').context("columns come last")?;
    let value = if key == "market" { value.replace('_', " ") } else { value.to_owned() };
    Ok((key.to_owned(), value))
}
