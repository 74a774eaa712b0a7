//! Differences between the model and the program, made readable: counted by kind, with whole chats as examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::facts::{Log, Message, Ms, Verdict};
use super::files;
use super::replay::{Key, Row, Totals, key_of};

/// Kinds of difference of which one chat is shown in full.
const SHOWN: usize = 5;
const KINDS_LISTED: usize = 60;

pub(crate) struct Difference {
    seed: u64,
    /// Number and customer.
    chat: (String, String),
    /// Verdicts before conversations, then by time: one mistake early in a chat drags others behind it.
    order: (bool, Ms),
    /// What is counted: the columns with what the model says and what the program says.
    kind: String,
    /// The whole chat, readable.
    text: String,
}

/// One finished run, for showing chats of it.
pub(crate) struct View<'a> {
    pub(crate) seed: u64,
    pub(crate) log: &'a Log,
    pub(crate) verdicts: &'a BTreeMap<usize, Verdict>,
    pub(crate) found: &'a BTreeMap<Key, Row>,
}

/// Fails with the differences counted by kind and the shortest chat of each of the most frequent kinds.
pub(crate) fn assert_none(mut totals: Totals) {
    if totals.differences.is_empty() {
        return;
    }
    // Only the first difference of a chat says what went wrong.
    let all = totals.differences.len();
    totals.differences.sort_by(|a, b| (a.seed, &a.chat, a.order).cmp(&(b.seed, &b.chat, b.order)));
    totals.differences.dedup_by(|later, first| (later.seed, &later.chat) == (first.seed, &first.chat));
    let mut kinds: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in &totals.differences {
        kinds.entry(&difference.kind).or_default().push(difference);
    }
    let mut kinds: Vec<(&str, Vec<&Difference>)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, of_kind)| std::cmp::Reverse(of_kind.len()));

    let mut text = format!(
        "{all} differences in {} verdicts and {} conversations; the first of each of {} chats, of {}:\n",
        totals.verdicts,
        totals.windows,
        totals.differences.len(),
        totals.chats
    );
    for (kind, of_kind) in kinds.iter().take(KINDS_LISTED) {
        writeln!(text, "{:7}  {kind}", of_kind.len()).expect("text");
    }
    for (kind, of_kind) in kinds.iter().take(SHOWN) {
        let shortest = of_kind.iter().min_by_key(|d| d.text.len()).expect("a kind has a difference");
        writeln!(text, "\n=== {kind}\nORACLE_SEED={}\n{}", shortest.seed, shortest.text).expect("text");
    }
    panic!("{text}");
}

impl View<'_> {
    pub(crate) fn difference(
        &self,
        message: &Message,
        of_conversation: bool,
        kind: String,
        detail: &str,
    ) -> Difference {
        let chat = (message.number.clone(), message.customer.clone());
        let text = format!("{} {detail}\n{}", message.id, self.show_chat(message));
        Difference { seed: self.seed, chat, order: (of_conversation, message.sent), kind, text }
    }

    /// Settings, accounts, allowances and every event of the message's chat with both verdicts.
    fn show_chat(&self, about: &Message) -> String {
        let log = self.log;
        let mut text = format!("{}\n", files::settings(&log.settings).join(" "));
        for account in log.accounts.iter().filter(|account| account.number == about.number) {
            writeln!(text, "{account:?}").expect("text");
            let owners = [&account.number, &account.waba, &account.portfolio];
            for c in log.carry_in.iter().filter(|c| owners.contains(&&c.id)) {
                let pool = [c.scope, &c.id, &c.month, &c.market, &c.category].join(" ");
                writeln!(text, "  used before in {pool}: {}", c.used).expect("text");
            }
        }
        writeln!(text, "number {} customer {}", about.number, about.customer).expect("text");
        let mut chat: Vec<usize> = (0..log.messages.len())
            .filter(|&i| log.messages[i].number == about.number && log.messages[i].customer == about.customer)
            .collect();
        chat.sort_by_key(|&i| if log.messages[i].inbound { log.messages[i].at } else { log.messages[i].sent });
        for index in chat {
            let message = &log.messages[index];
            writeln!(text, "{}", show_message(message)).expect("text");
            if let Some(verdict) = self.verdicts.get(&index) {
                text += &self.show_verdicts(message, verdict);
            }
        }
        text
    }

    fn show_verdicts(&self, message: &Message, verdict: &Verdict) -> String {
        let row = self.found.get(&key_of(message));
        let model: Vec<&str> = columns(verdict).map(|(_, value)| value).to_vec();
        let wabill: Vec<&str> = columns(verdict).map(|(column, _)| row.map_or("?", |row| &row[column])).to_vec();
        let mut text = format!("      model  {}\n", model.join(" | "));
        if model != wabill {
            writeln!(text, "  !!  wabill {}", wabill.join(" | ")).expect("text");
        }
        text
    }
}

/// The compared columns.
pub(crate) fn columns(verdict: &Verdict) -> [(&'static str, &str); 9] {
    [
        ("regime", &verdict.regime),
        ("category", &verdict.category),
        ("verdict", &verdict.outcome),
        ("reason", &verdict.reason),
        ("error_code", &verdict.error_code),
        ("conversation_id", &verdict.conversation_id),
        ("rule", &verdict.rule),
        ("market", &verdict.market),
        ("tier", &verdict.tier),
    ]
}

fn show_message(m: &Message) -> String {
    let words = [&m.kind, &m.category, &m.referral, &m.client, &m.origin, &m.product, &m.error_code];
    let words: Vec<&str> = words.into_iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let words = words.join(" ");
    if m.inbound {
        return format!("{} in  {words} ({}, {})", files::show_time(m.at), m.waba, m.id);
    }
    let delivered = m.delivered.map_or("never".to_string(), files::show_time);
    format!("{} out {words}, delivered {delivered} ({}, {})", files::show_time(m.sent), m.waba, m.id)
}
