//! How many customers and conversations a run has, whatever is billed of them.

use std::sync::atomic::AtomicBool;

use hashbrown::HashSet;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::chat::{Chat, PARTITIONS, Partition};
use crate::model::{DAY, Instant};
use crate::summarise::Contacts;

use super::pass::Run;
use super::replay::RunError;
use super::watch::Pass;

/// Counts the customers who wrote or were sent something in the billed days, and the conversations with them: messages of a chat with less
/// than 24 hours from one to the next.
pub fn contacts(run: &Run<'_>, interrupted: &AtomicBool) -> Result<Contacts, RunError> {
    run.begin(Pass::Contacts);
    let count = |partition: &Partition| {
        let (mut persons, mut conversations) = (HashSet::new(), 0);
        run.folder().for_each_chat(
            partition,
            |_| true,
            |chat| {
                let sent = billed_moments(run, chat);
                if let Some(first) = chat.first().filter(|_| !sent.is_empty()) {
                    persons.insert(run.log.intake.person(first.customer));
                }
                let apart = sent.windows(2).filter(|pair| !pair[1].within(pair[0], DAY)).count();
                conversations += if sent.is_empty() { 0 } else { apart as u64 + 1 };
            },
        );
        (persons, conversations)
    };
    let parts = (0..PARTITIONS).into_par_iter().map(|place| run.over(place, interrupted, count));
    let both = |(mut persons, conversations): (HashSet<u64>, u64), (more, further): (HashSet<u64>, u64)| {
        persons.extend(more);
        Ok((persons, conversations + further))
    };
    let (persons, conversations) = parts.try_reduce(|| (HashSet::new(), 0), both)?;
    Ok(Contacts { customers: persons.len() as u64, conversations })
}

/// When the messages of a chat were sent, those of the billed days, in order.
fn billed_moments(run: &Run<'_>, chat: &Chat<'_>) -> Vec<Instant> {
    let billed = chat
        .messages
        .iter()
        .filter(|message| run.plan.bill.holds(run.accounts.get(message.account).calendar.day(message.message.sent)));
    let mut sent: Vec<Instant> = billed.map(|message| message.message.sent).collect();
    sent.sort_unstable();
    sent
}
