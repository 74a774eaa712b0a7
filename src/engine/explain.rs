//! The thread of one customer, step by step, with the windows open at each moment.

use std::sync::atomic::AtomicBool;

use crate::chat::{Chat, ChatMessage};
use crate::model::{ClickSource, DAY, Direction, Form, Instant, RateShown, Thread, ThreadStep};
use crate::summarise::ConversationEdges;
use crate::tariff::RateRow;

use super::compared::{Appraiser, BothPositions};
use super::pass::{Judged, Run};
use super::replay::{RunError, rateable, verdict_row};
use super::turns::Turns;

/// What to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The thread around one message.
    Message(String),
    /// All threads of one customer.
    Customer(String),
}

/// Goes over the whole log, as shared allowances need it, and gives the threads that were asked for. The log must be in memory.
pub fn explain<'r>(
    run: &'r Run<'_>,
    selector: &Selector,
    interrupted: &AtomicBool,
) -> Result<Vec<Thread<'r>>, RunError> {
    let positions = BothPositions::of(run, interrupted)?;
    let mut appraiser = Appraiser::new(run, &positions);
    let mut threads = Vec::new();
    for partition in run.log.intake.partitions() {
        run.folder().for_each_chat(
            partition,
            |_| true,
            |chat| {
                let asked = |message: &ChatMessage<'_>| match selector {
                    Selector::Message(wanted) => message.id == wanted,
                    Selector::Customer(wanted) => run.customer(message).to_string() == *wanted,
                };
                if chat.messages.iter().any(asked) {
                    threads.push(thread(run, &mut appraiser, chat, selector));
                }
            },
        );
    }
    Ok(threads)
}

fn thread<'r>(run: &'r Run<'_>, appraiser: &mut Appraiser<'r, '_>, chat: &Chat<'r>, selector: &Selector) -> Thread<'r> {
    let first = chat.first().unwrap_or(&chat.messages[0]);
    let account = &run.accounts.get(first.account).account;
    let (mut steps, mut edges) = (Vec::new(), ConversationEdges::default());
    run.judge_chat(chat, &mut Turns::default(), |judged| {
        let asked_for = matches!(selector, Selector::Message(wanted) if judged.message.id == wanted);
        steps.push(step(run, appraiser, &mut edges, judged, asked_for));
    });
    Thread {
        phone_number_id: account.phone_number_id.clone(),
        zone: account.zone.name(),
        customer: run.customer(first).to_string(),
        steps,
    }
}

fn step<'r>(
    run: &'r Run<'_>,
    appraiser: &mut Appraiser<'r, '_>,
    edges: &mut ConversationEdges<'r>,
    judged: &Judged<'_, 'r>,
    asked_for: bool,
) -> ThreadStep<'r> {
    let message = judged.message;
    let mut step = ThreadStep {
        at: judged.turn.at,
        message_id: message.id,
        direction: if message.message.is_inbound() { Direction::Inbound } else { Direction::Outbound },
        what: what(message.message.form),
        windows: windows(judged),
        row: None,
        rate_row: None,
        unpriced: None,
        asked_for,
    };
    if let Some(verdict) = &judged.verdict {
        let priced = appraiser.appraise(judged, verdict, edges).rated;
        step.rate_row = appraiser
            .billed
            .row(&rateable(run, judged, verdict))
            .filter(|_| priced.list.is_some_and(|list| !list.is_zero()))
            .map(|row| rate_shown(run, row));
        step.unpriced = priced.unpriced.as_ref().map(|unpriced| unpriced.why.clone());
        step.row = Some(verdict_row(run, judged, verdict, &priced));
    }
    step
}

fn rate_shown(run: &Run<'_>, row: &RateRow) -> RateShown {
    RateShown {
        effective: row.effective,
        currency: row.currency,
        market: run.plan.tariff.markets.name(row.market).to_owned(),
        category: row.category.name(),
        rate: row.rate,
        source: row.source.clone(),
    }
}

/// What a message is, in a word or two.
fn what(form: Form) -> String {
    match form {
        Form::Inbound { click: Some(ClickSource::Ad), .. } => "message from an ad click".to_owned(),
        Form::Inbound { click: Some(ClickSource::PageCta), .. } => "message from a page button".to_owned(),
        Form::Inbound { click: Some(ClickSource::Post), .. } => "message from a post".to_owned(),
        Form::Inbound { opens_window: false, .. } => "notice, opens no window".to_owned(),
        Form::Inbound { .. } => "message".to_owned(),
        Form::Template(category) => format!("{} template", category.name()),
        Form::FreeForm => "free-form message".to_owned(),
        Form::BusinessAgent => "Business Agent reply".to_owned(),
        Form::Reaction => "reaction".to_owned(),
        Form::Call => "business call".to_owned(),
    }
}

/// The windows open after a message took its turn, each with its end.
fn windows(judged: &Judged<'_, '_>) -> Vec<(String, Instant)> {
    let mut open = Vec::new();
    let (at, state) = (judged.turn.at, judged.state);
    if let Some(end) = judged.message.message.window.open_until {
        open.push(("customer service window".to_owned(), end));
    }
    for one in state.conversations().iter().filter(|one| one.open_at(at)) {
        open.push((format!("{} conversation ({})", one.kind.name(), one.opener), one.end()));
    }
    if let Some(fep) = state.free_entry_point().filter(|fep| fep.open_at(at)) {
        open.push((format!("free entry point ({})", fep.opener), fep.end));
    }
    for click in state.pending_clicks() {
        open.push((format!("click of {click} waiting for an answer"), click.plus(DAY)));
    }
    open
}
