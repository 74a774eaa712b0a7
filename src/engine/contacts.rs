//! How many customers and conversations a run has, whatever is billed of them.

use hashbrown::HashSet;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::model::{DAY, Instant};
use crate::summarise::Contacts;

use super::pass::Run;

/// Counts the customers who wrote or were sent something in the billed days, and the conversations with them: messages of a chat with less
/// than 24 hours from one to the next.
pub fn contacts(run: &Run<'_>) -> Contacts {
    let parts = run.log.intake.partitions().par_iter().map(|partition| {
        let (mut persons, mut conversations) = (HashSet::new(), 0);
        run.folder().for_each_chat(partition, |chat| {
            let mut last: Option<Instant> = None;
            for message in &chat.messages {
                let sent = message.message.sent;
                if !run.plan.bill.holds(run.accounts.get(message.account).calendar.day(sent)) {
                    continue;
                }
                persons.insert(run.log.intake.person(message.customer));
                conversations += u64::from(last.is_none_or(|last| !sent.within(last, DAY)));
                last = Some(sent);
            }
        });
        (persons, conversations)
    });
    let none = || (HashSet::new(), 0);
    let (persons, conversations) = parts.reduce(none, |(mut persons, conversations), (more, further)| {
        persons.extend(more);
        (persons, conversations + further)
    });
    Contacts { customers: persons.len() as u64, conversations }
}
