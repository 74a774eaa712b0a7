//! Seeded generator of nasty logs: small groups of accounts and customers, with the events of every chat
//! from `chat` and a few broadcasts that make ties in the pools.

use std::collections::BTreeSet;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::chat::{self, CATEGORIES};
use super::facts::{Account, HOUR, Log, Message};
use super::tables::Tables;
use super::worlds::{self, World, pick};

/// A log of about `chats` chats under one set of settings; the same seed gives the same log.
pub(crate) fn log(tables: &Tables, seed: u64, chats: usize) -> Log {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut log = Log { settings: worlds::settings(&mut rng), ..Log::default() };
    let mut made = 0;
    for n in 1.. {
        if made >= chats {
            break;
        }
        let world = worlds::world(&mut rng, tables, &log.settings, n);
        made += world_chats(&mut rng, &world, n, &mut log.messages);
        log.accounts.extend(world.accounts);
        log.carry_in.extend(world.carry_in);
    }
    log.messages.shuffle(&mut rng);
    log
}

/// How many chats a log really holds.
pub(crate) fn count(log: &Log) -> usize {
    log.messages.iter().map(|m| (&m.number, &m.customer)).collect::<BTreeSet<_>>().len()
}

fn world_chats(rng: &mut ChaCha8Rng, world: &World, n: usize, messages: &mut Vec<Message>) -> usize {
    let numbers: BTreeSet<&str> = world.accounts.iter().map(|a| a.number.as_str()).collect();
    let broadcast = rng.random_bool(0.4).then(|| broadcast(rng, world, n));
    // The same id twice to one customer would leave a tie that no rule breaks.
    let mut reached: BTreeSet<&String> = BTreeSet::new();
    let mut made = 0;
    for number in numbers {
        let accounts: Vec<&Account> = world.accounts.iter().filter(|a| a.number == number).collect();
        for customer in &world.customers {
            // Whoever gets no chat with this number may still have one with another.
            if made > 0 && rng.random_bool(0.25) {
                continue;
            }
            let mut events = chat::events(rng, world, &accounts);
            if let Some(message) = &broadcast
                && (message.id.is_empty() || (rng.random_bool(0.6) && reached.insert(customer)))
            {
                let waba = pick(rng, &accounts).waba.clone();
                events.push(Message { waba, ..message.clone() });
            }
            for mut message in events {
                // The order of ids has nothing to do with that of times or customers.
                if message.id.is_empty() {
                    message.id = format!("wamid.{}.{n}.{}", rng.random_range(0..100), messages.len());
                }
                message.number = number.to_string();
                message.customer.clone_from(customer);
                messages.push(message);
            }
            made += 1;
        }
    }
    made
}

/// One message to all customers at the same instant: in a pool, only ids and customers break the tie.
fn broadcast(rng: &mut ChaCha8Rng, world: &World, n: usize) -> Message {
    let sent = pick(rng, &world.anchors) + chat::jitter(rng) - pick(rng, &[0, 5000, HOUR]);
    // Half of them free-form: in PMP2, and in CBP, these draw on allowances.
    let category = if rng.random_bool(0.5) { pick(rng, CATEGORIES) } else { "" };
    let kind = if category.is_empty() { "text" } else { "template" };
    // One id for all, or one each.
    let id = if rng.random_bool(0.5) { format!("wamid.50.{n}.all") } else { String::new() };
    Message {
        id,
        kind: kind.to_string(),
        category: category.to_string(),
        sent,
        delivered: Some(sent + pick(rng, &[0, 1000, HOUR])),
        ..Message::default()
    }
}
