//! Simulation in process: invented traffic as a log, and a log as it would be under other policies.
//!
//! Nothing goes through a file. Traffic becomes the observations that a reader would make of its rows; a variant is a view of the
//! messages that another run folded, and becomes observations again. So both are judged by the very same stages as a real log.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::chat::{Batch, Chat, ChatMessage, Intake, PARTITIONS};
use crate::model::{
    ClickSource, Client, Direction, Flags, Form, MessageType, Observation, Origin, Product, Referral, Times, Traffic,
};
use crate::scenario::{Policies, Population, Said, Unfaithful, entries};

use super::log::Log;
use super::pass::Run;
use super::plan::Plan;
use super::replay::RunError;
use super::watch::Pass;

/// Why a simulation did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A policy would have to invent something.
    #[error(transparent)]
    Unfaithful(#[from] Unfaithful),
    /// Ctrl-C, or an output that cannot be written.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A row of the scenario's that no log could hold: numbers of no country.
    #[error("the scenario writes a message that cannot be read: {0}")]
    Row(String),
}

/// Customers whose messages are made by one worker at a time.
const BLOCK: u64 = 64;
/// Blocks that are made before they are taken in.
const BLOCKS_AT_ONCE: u64 = 64;
/// Partitions that are seen otherwise before they are taken in.
const PARTITIONS_AT_ONCE: usize = 32;

/// Traffic as a log. `done` is told how many customers and rows are in it.
pub fn traffic_log(
    plan: &Plan,
    population: &Population<'_>,
    interrupted: &AtomicBool,
    done: &mut dyn FnMut(u64, u64),
) -> Result<Log, SimulateError> {
    let mut intake = told_all();
    let mut start = 0;
    while start < population.size() {
        stop(interrupted)?;
        let blocks: Vec<Result<Batch, SimulateError>> = (0..BLOCKS_AT_ONCE)
            .into_par_iter()
            .map(|block| {
                let from = start + block * BLOCK;
                made(plan, population, from..(from + BLOCK).min(population.size()))
            })
            .collect();
        for batch in blocks {
            intake.absorb(&mut batch?);
        }
        start = (start + BLOCKS_AT_ONCE * BLOCK).min(population.size());
        done(start, intake.facts().rows);
    }
    intake.settle().map_err(RunError::Spill)?;
    Ok(Log::of(intake))
}

/// The messages of some customers.
fn made(plan: &Plan, population: &Population<'_>, customers: std::ops::Range<u64>) -> Result<Batch, SimulateError> {
    let mut batch = Batch::default();
    for entry in customers.flat_map(|customer| entries(population, customer)) {
        let taken = batch.add(&entry.observation(&entry.customer()), &plan.tariff.markets);
        taken.map_err(|(_, message)| SimulateError::Row(message))?;
    }
    Ok(batch)
}

/// What is made tells of everything.
fn told_all() -> Intake {
    let mut intake = Intake::default();
    intake.set_knows_delivery();
    intake.set_knows_referral();
    intake
}

fn stop(interrupted: &AtomicBool) -> Result<(), RunError> {
    if interrupted.load(Ordering::Relaxed) { Err(RunError::Interrupted) } else { Ok(()) }
}

/// A log under policies.
#[derive(Debug)]
pub struct Viewed {
    /// The messages as they would have been.
    pub log: Log,
    /// How many of them are not as they were; those that are gone count, too.
    pub changed: u64,
}

/// The messages of a run as they would have been under policies. The run and its log stay as they are.
pub fn view(run: &Run<'_>, policies: &Policies, interrupted: &AtomicBool) -> Result<Viewed, SimulateError> {
    let mut intake = told_all();
    let mut changed = 0;
    let mut chats = 0_u64;
    let places: Vec<usize> = (0..PARTITIONS).collect();
    run.begin(Pass::Policies);
    for places in places.chunks(PARTITIONS_AT_ONCE) {
        let parts: Vec<Result<Vec<Turned>, SimulateError>> = places
            .par_iter()
            .map(|place| {
                let mut turned = Vec::new();
                let mut take = |chat: &Chat<'_>| turned.push(turn(run, policies, chat));
                run.over(*place, interrupted, |partition| {
                    run.folder().for_each_chat(partition, |_| true, &mut take);
                })?;
                Ok(turned.into_iter().collect::<Result<_, Unfaithful>>()?)
            })
            .collect();
        for part in parts {
            for chat in part? {
                chats += 1;
                changed += chat.changed;
                let group = format!("group-{chats}");
                for said in &chat.said {
                    let taken = intake.add(&observation(said, &group), &run.plan.tariff.markets);
                    taken.map_err(|(_, message)| SimulateError::Row(message))?;
                }
            }
        }
    }
    intake.settle().map_err(RunError::Spill)?;
    Ok(Viewed { log: Log::of(intake), changed })
}

/// A chat under policies.
struct Turned {
    said: Vec<Said>,
    changed: u64,
}

fn turn(run: &Run<'_>, policies: &Policies, chat: &Chat<'_>) -> Result<Turned, Unfaithful> {
    let mut before: Vec<Said> = chat.messages.iter().map(|message| said(run, message)).collect();
    before.sort_by(|one, other| (one.message.sent, &one.id).cmp(&(other.message.sent, &other.id)));
    let key = |said: &Said| {
        let Said { id, phone_number_id, message, .. } = said;
        (id.clone(), phone_number_id.clone(), message.sent, format!("{:?}", message.form))
    };
    let keys: BTreeSet<_> = before.iter().map(key).collect();
    let said = policies.apply(before)?;
    let kept = said.iter().filter(|said| keys.contains(&key(said))).count() as u64;
    Ok(Turned { said, changed: keys.len() as u64 - kept })
}

fn said(run: &Run<'_>, message: &ChatMessage<'_>) -> Said {
    let account = run.accounts.get(message.account);
    Said {
        id: message.id.to_owned(),
        phone_number_id: account.account.phone_number_id.clone(),
        waba_id: account.account.waba_id.clone(),
        customer: run.customer(message).to_string(),
        template_name: run.log.intake.names().get(message.template_name).to_owned(),
        message: message.message,
        kind: message.kind,
        day: account.calendar.day(message.message.sent),
        observed: message.observed,
    }
}

/// What a reader would understand of a row that says this.
fn observation<'s>(said: &'s Said, group: &'s str) -> Observation<'s> {
    let message = &said.message;
    let inbound = message.is_inbound();
    let failed = message.traffic == Traffic::Failed || message.error_code != 0;
    let times = Times {
        created: inbound.then_some(message.sent),
        sent: (!inbound).then_some(message.sent),
        delivered: if inbound { None } else { message.delivered },
        failed: (failed && message.delivered.is_none()).then_some(message.sent),
        ..Times::default()
    };
    Observation {
        message_id: &said.id,
        direction: if inbound { Direction::Inbound } else { Direction::Outbound },
        phone_number_id: &said.phone_number_id,
        waba_id: &said.waba_id,
        business_phone: "",
        customer_id: &said.customer,
        customer_user_id: "",
        customer_country: "",
        group_id: if message.in_group { group } else { "" },
        message_type: Some(message_type(said)),
        template_id: "",
        template_name: &said.template_name,
        template_language: "",
        template_category: said.category(),
        times,
        status: None,
        error_code: (message.error_code != 0).then_some(message.error_code),
        tokens: message.tokens,
        origin: Some(message.origin).filter(|origin| *origin != Origin::Api),
        product: (message.form == Form::BusinessAgent).then_some(Product::BusinessAgent),
        client: None::<Client>,
        referral: referral(message.form),
        observed: said.observed,
        conversation_id: "",
        unknown: Vec::new(),
        flags: Flags::NONE,
    }
}

/// What it contains; what the log does not say is taken for what it was taken for there.
fn message_type(said: &Said) -> MessageType {
    match said.message.form {
        Form::Inbound { opens_window: true, .. } => {
            said.kind.filter(|kind| !kind.is_notice()).unwrap_or(MessageType::Text)
        }
        Form::Inbound { opens_window: false, .. } => MessageType::System,
        Form::Template(_) => MessageType::Template,
        Form::Reaction => MessageType::Reaction,
        Form::Call => MessageType::Call,
        Form::FreeForm | Form::BusinessAgent => {
            let other =
                |kind: &MessageType| !matches!(kind, MessageType::Template | MessageType::Reaction | MessageType::Call);
            said.kind.filter(other).unwrap_or(MessageType::Text)
        }
    }
}

/// Clicks that cannot open a free entry point are none.
fn referral(form: Form) -> Option<Referral> {
    match form {
        Form::Inbound { click: Some(ClickSource::Ad), .. } => Some(Referral::Ad),
        Form::Inbound { click: Some(ClickSource::PageCta), .. } => Some(Referral::PageCta),
        Form::Inbound { click: Some(ClickSource::Post), .. } => Some(Referral::Post),
        _ => None,
    }
}
