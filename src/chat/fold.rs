//! Folds the observations of a chat into its messages: duplicates merged, statuses folded, missing values replaced and flagged
//! (log-formats §6), and each message stamped with the window around it.

use hashbrown::HashMap;

use crate::model::{
    Assumptions, ClickSource, CustomerKey, DAY, Direction, Flag, Flags, Form, Instant, Message, MessageType, Observed,
    Origin, Product, Referral, SeenEntryPoint, TemplateCategory, Traffic, UntoldDeliveries, Window,
};
use crate::tariff::{Interpretation, TemplateBook};

use super::accounts::Accounts;
use super::category::Said;
use super::event::{CountrySource, Event};
use super::glimpse::Glimpse;
use super::intake::Intake;
use super::openers::Openers;
use super::packed::Packed;
use super::partition::Partition;
use super::window::Windows;

/// What the folding depends on besides the log.
#[derive(Clone, Debug, Default)]
pub struct FoldOptions {
    /// Which inbound messages open windows.
    pub settings: Interpretation,
    /// Categories of templates by name.
    pub templates: TemplateBook,
    /// `--default-category`.
    pub default_category: Option<TemplateCategory>,
}

/// One message of a chat, with what outputs show of it.
#[derive(Clone, Copy, Debug)]
pub struct ChatMessage<'a> {
    /// What is judged.
    pub message: Message,
    /// Its id.
    pub id: &'a str,
    /// Its customer, as the log knows it.
    pub customer: CustomerKey,
    /// The account that sent or received it: a place in [`Accounts`].
    pub account: u32,
    /// Name of its template: a number of a name.
    pub template_name: u32,
    /// Its template category, if any is known.
    pub stated_category: Option<TemplateCategory>,
    /// Meta's own verdict, as far as the log carries it.
    pub observed: Observed,
    /// What it contains, as far as the log says.
    pub kind: Option<MessageType>,
}

/// The messages of one chat, in no order that means anything.
#[derive(Clone, Debug)]
pub struct Chat<'a> {
    /// Inbound and outbound; at least one.
    pub messages: Vec<ChatMessage<'a>>,
}

impl<'a> Chat<'a> {
    /// The message that was sent first.
    pub fn first(&self) -> Option<&ChatMessage<'a>> {
        self.messages.iter().min_by_key(|message| (message.message.sent, message.id))
    }
}

/// Memory that is used for one chat after the other.
#[derive(Debug, Default)]
struct FoldMemory {
    /// By place of a message: what is said of those whose type has to be inferred.
    untyped: Vec<(usize, Said)>,
    windows: Windows,
}

/// Folds partitions into chats.
#[derive(Clone, Copy, Debug)]
pub struct Folder<'a> {
    /// The log.
    pub intake: &'a Intake,
    /// Its accounts.
    pub accounts: &'a Accounts,
    /// How missing values are replaced.
    pub options: &'a FoldOptions,
    /// Categories of templates, with the changes that the log tells of.
    pub templates: &'a TemplateBook,
    /// What is taken for true where the log leaves it open.
    pub assumptions: &'a Assumptions,
}

impl<'a> Folder<'a> {
    /// Calls `visit` with each chat of a partition that may matter, in the order of chats.
    pub fn for_each_chat(
        &self,
        partition: &'a Partition,
        matters: impl Fn(&Glimpse<'_>) -> bool,
        mut visit: impl FnMut(&Chat<'a>),
    ) {
        // Reused from chat to chat.
        let (mut memory, mut chat) = (FoldMemory::default(), Chat { messages: Vec::new() });
        for events in partition.chats() {
            if !matters(&Glimpse { partition, events, accounts: self.accounts }) {
                continue;
            }
            self.fold(partition, events, &mut memory, &mut chat.messages);
            visit(&chat);
        }
    }

    /// Of each event only the message is kept, for a chat may be large.
    fn fold(
        &self,
        partition: &'a Partition,
        events: &[Packed],
        memory: &mut FoldMemory,
        messages: &mut Vec<ChatMessage<'a>>,
    ) {
        memory.untyped.clear();
        messages.clear();
        // One step, as growing in several would need the memory twice; what duplicates leave unused is never touched.
        messages.reserve_exact(events.len());
        for observations in messages_of(self.intake, partition, events) {
            let event = merged(self.intake, partition, observations);
            let message = self.message(partition, &event);
            if message.message.form == Form::FreeForm && event.message_type.is_none() {
                memory.untyped.push((messages.len(), Said::by(&event)));
            }
            messages.push(message);
        }
        self.stamp(memory, messages);
    }

    /// What only the whole chat tells of each message: its window, and its type where that follows from the window.
    fn stamp(&self, memory: &mut FoldMemory, messages: &mut [ChatMessage<'a>]) {
        let FoldMemory { untyped, windows } = memory;
        let opening = messages.iter().filter(|message| !self.doubts(&message.message));
        let before =
            self.intake.facts.period.map(|(start, _)| start).filter(|_| self.assumptions.before_log.opens_window());
        windows.refill(opening.filter_map(|message| opens_window_at(&message.message)).chain(before));
        let openers = if untyped.is_empty() { HashMap::new() } else { Openers::all(messages) };
        let mut untyped = untyped.iter().peekable();
        for (place, message) in messages.iter_mut().enumerate() {
            let window = windows.around(message.message.sent, message.message.delivered);
            let window = self.assumed_open(&message.message).unwrap_or(window);
            message.message.window = window;
            if let Some((_, said)) = untyped.next_if(|(at, _)| *at == place) {
                let opens = openers.get(&message.observed.conversation).is_some_and(|openers| openers.contain(message));
                self.infer_type(message, said, window, opens);
            }
            message.message.flags.set_if(Flag::ColdStart, self.is_cold_start(&message.message));
        }
    }

    /// What one event says by itself. It is put together in one go, as half-made messages would be copied.
    fn message(&self, partition: &'a Partition, event: &Event) -> ChatMessage<'a> {
        let account = self.accounts.place(event.sender);
        let inbound = event.direction == Direction::Inbound;
        let mut flags = event.flags.union(self.accounts.get(account).account.flags);
        let (sent, delivered) = if inbound { received(event) } else { self.sent_and_delivered(event, &mut flags) };
        flags.set_if(
            Flag::CountryFromBsuid,
            event.country.0 == CountrySource::BusinessScopedId && event.customer.e164().is_none(),
        );
        flags.set_if(Flag::NoInbound, !self.intake.facts.has_inbound);
        let form = if inbound { self.inbound_form(event, &mut flags) } else { outbound_form(event) };
        let is_template = matches!(form, Form::Template(_));
        let resolved = is_template.then(|| self.resolve_category(&Said::by(event), &event.observed, account, sent));
        let in_entry_point = event.observed.in_free_entry_point();
        ChatMessage {
            message: Message {
                form: resolved.map_or(form, |resolved| Form::Template(resolved.category)),
                origin: event.origin.unwrap_or(Origin::Api),
                traffic: traffic(event, delivered),
                sent,
                delivered,
                window: Window::default(),
                country: event.country.1,
                in_group: event.group != 0,
                category_unknown: resolved.is_some_and(|resolved| resolved.unknown),
                entry_point: in_entry_point.then_some(SeenEntryPoint { end: event.observed.expires }),
                error_code: event.error_code.unwrap_or(0),
                tokens: event.tokens,
                flags: resolved.map_or(flags, |resolved| flags.union(resolved.flags)),
            },
            id: partition.id(event.id),
            customer: event.customer,
            account,
            template_name: event.template_name,
            stated_category: resolved.and_then(|resolved| resolved.stated),
            observed: event.observed,
            kind: event.message_type,
        }
    }

    /// Sending and delivery of an outbound message (R71, Q13, log-formats §6).
    fn sent_and_delivered(&self, event: &Event, flags: &mut Flags) -> (Instant, Option<Instant>) {
        let mut delivered = event.delivered;
        flags.set_if(Flag::DeliveredFromRead, delivered.is_some() && !event.delivered_itself);
        let any = [event.sent, delivered, event.created, event.failed].into_iter().flatten().next();
        let mut sent = any.unwrap_or(Instant::EARLIEST);
        // Without a delivery, the time of the request is as good as that of the sending.
        flags.set_if(Flag::SentTimeAssumed, event.sent.is_none() && (delivered.is_some() || event.created.is_none()));
        if delivered.is_none() && event.status_delivered {
            delivered = Some(sent);
            flags.set(Flag::DeliveryTimeUnknown);
        }
        if delivered.is_none() && !self.intake.facts.knows_delivery && !event.failed() && event.error_code.is_none() {
            delivered = Some(sent).filter(|_| self.assumptions.deliveries != UntoldDeliveries::NotDelivered);
            flags.set(Flag::AssumedDelivered);
        }
        flags.set_if(Flag::FailedAndDelivered, delivered.is_some() && event.failed());
        if let Some(delivered) = delivered.filter(|delivered| *delivered < sent) {
            sent = delivered;
            flags.set(Flag::SentAfterDelivered);
        }
        (sent, delivered)
    }

    /// Whether it counts as delivered only for itself.
    fn doubts(&self, message: &Message) -> bool {
        self.assumptions.deliveries == UntoldDeliveries::Doubted && message.flags.has(Flag::AssumedDelivered)
    }

    /// The window around a message of a log without inbound rows, if all are taken for open.
    fn assumed_open(&self, message: &Message) -> Option<Window> {
        (self.assumptions.windows_open && message.flags.has(Flag::NoInbound)).then_some(Window {
            open_at_sent: true,
            open_at_delivered: message.delivered.is_some(),
            unbroken_since: Some(message.sent),
            open_until: None,
        })
    }

    /// Whether it opens a window (Q11), and the click it came from (R34, Q7).
    fn inbound_form(&self, event: &Event, flags: &mut Flags) -> Form {
        let settings = &self.options.settings;
        let opens_window = match event.message_type {
            Some(kind) if kind.is_notice() => false,
            Some(MessageType::Reaction) => settings.reaction_opens_window,
            Some(MessageType::Unsupported | MessageType::Unknown) => settings.unsupported_opens_window,
            _ => event.origin != Some(Origin::System),
        };
        flags.set_if(Flag::ReferralTypeAssumed, event.referral == Some(Referral::Unstated));
        let click = match event.referral {
            Some(Referral::Ad | Referral::Unstated) => Some(ClickSource::Ad),
            Some(Referral::PageCta) => Some(ClickSource::PageCta),
            Some(Referral::Post) => Some(ClickSource::Post),
            None if self.assumptions.entry_points && opens_window => Some(ClickSource::Ad),
            Some(Referral::Organic) | None => None,
        };
        let eligible_app = !event.client.is_some_and(crate::model::Client::is_ineligible);
        Form::Inbound { opens_window, click: click.filter(|_| eligible_app) }
    }

    /// A row that does not say whether it is a template: Meta's own verdict may prove it; else an open window means free-form, and a
    /// closed one proves a template (Q25).
    fn infer_type(&self, message: &mut ChatMessage<'a>, said: &Said, window: Window, opens_conversation: bool) {
        if message.observed.is_free_form() {
            message.message.flags.set(Flag::CategoryFromPricing);
            return;
        }
        let proven = message.observed.proves_template(opens_conversation).is_some();
        message.message.flags.set_if(Flag::TypeInferred, !proven);
        if proven || !window.open_at_sent {
            let resolved = self.resolve_category(said, &message.observed, message.account, message.message.sent);
            message.message.form = Form::Template(resolved.category);
            message.message.category_unknown = resolved.unknown;
            message.message.flags = message.message.flags.union(resolved.flags);
            message.stated_category = resolved.stated;
        }
    }

    /// Sent in the first day of the log with no window open in it: the customer may have written before the log starts.
    fn is_cold_start(&self, message: &Message) -> bool {
        let Some((start, _)) = self.intake.facts.period else { return false };
        message.is_judged() && !message.window.open_at_sent && message.sent.within(start, DAY)
    }
}

/// What a provider's meter sees. An error without a status is a failure, too (log-formats §6); what was delivered did not fail.
fn traffic(event: &Event, delivered: Option<Instant>) -> Traffic {
    let failed = event.failed() || event.error_code.is_some();
    match event.message_type {
        Some(MessageType::Call) => Traffic::Notice,
        Some(kind) if kind.is_notice() => Traffic::Notice,
        _ if failed && delivered.is_none() => Traffic::Failed,
        _ => Traffic::Message,
    }
}

/// When an inbound message was received: it is there at once.
fn received(event: &Event) -> (Instant, Option<Instant>) {
    let at = [event.created, event.sent, event.delivered, event.failed]
        .into_iter()
        .flatten()
        .next()
        .unwrap_or(Instant::EARLIEST);
    (at, Some(at))
}

/// What an outbound row is. One with a category is a template whatever its type (R20b); one without a type is taken for free-form
/// until its window is known (Q25).
fn outbound_form(event: &Event) -> Form {
    let names_template = event.template_id != 0 || event.template_name != 0 || event.template_language != 0;
    let unknown_category = Form::Template(TemplateCategory::Marketing);
    match event.message_type {
        _ if event.category.is_some() => unknown_category,
        Some(MessageType::Template) => unknown_category,
        None if names_template => unknown_category,
        Some(MessageType::Reaction) => Form::Reaction,
        Some(MessageType::Call) => Form::Call,
        _ if event.product == Some(Product::BusinessAgent) => Form::BusinessAgent,
        _ => Form::FreeForm,
    }
}

/// When a message opens a customer service window, if it does: inbound ones at once, a business call when it is accepted (R16, R17).
fn opens_window_at(message: &Message) -> Option<Instant> {
    match message.form {
        Form::Inbound { opens_window: true, .. } => Some(message.sent),
        Form::Call => message.delivered,
        _ => None,
    }
}

/// The observations of each message: those of the same id, and in a group of the same recipient (R71). They stand together.
fn messages_of<'p>(
    intake: &'p Intake,
    partition: &'p Partition,
    events: &'p [Packed],
) -> impl Iterator<Item = &'p [Packed]> {
    let order = intake.order();
    events.chunk_by(move |a, b| {
        let one_message = a.id_hash == b.id_hash && partition.id(a.id) == partition.id(b.id);
        one_message && (partition.extra(b).group == 0 || order.person(a.customer) == order.person(b.customer))
    })
}

/// One event of all observations of a message.
fn merged(intake: &Intake, partition: &Partition, observations: &[Packed]) -> Event {
    let unpacked = |packed: &Packed| {
        let [sender, template] = [packed.sender.0, packed.template.0];
        packed.unpack(partition.extra(packed), intake.senders.get(sender)[1], intake.templates.get(template))
    };
    let mut event = unpacked(&observations[0]);
    for other in &observations[1..] {
        event.merge(&unpacked(other), &intake.ranks);
    }
    event
}
