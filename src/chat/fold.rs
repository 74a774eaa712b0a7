//! Folds the observations of a chat into its messages: duplicates merged, statuses folded, missing values replaced and flagged
//! (log-formats §6), and each message stamped with the window around it.

use hashbrown::HashMap;

use crate::model::{
    Assumptions, ClickSource, CustomerKey, DAY, Direction, Flag, Flags, Form, Instant, Message, MessageType, Observed,
    Origin, Product, Referral, SeenEntryPoint, TemplateCategory, Traffic, UntoldCategories, UntoldDeliveries, Window,
};
use crate::tariff::{Interpretation, TemplateBook};

use super::accounts::Accounts;
use super::event::{CountrySource, Event};
use super::glimpse::Glimpse;
use super::intake::Intake;
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
        let (mut untyped, mut chat) = (Vec::new(), Chat { messages: Vec::new() });
        for events in partition.chats() {
            if !matters(&Glimpse { partition, events, accounts: self.accounts }) {
                continue;
            }
            self.fold(partition, events, &mut untyped, &mut chat.messages);
            visit(&chat);
        }
    }

    /// `untyped` is memory for events whose type has to be inferred; of all others only the message is kept, for a chat may be large.
    fn fold(
        &self,
        partition: &'a Partition,
        events: &[Packed],
        untyped: &mut Vec<(usize, Event)>,
        messages: &mut Vec<ChatMessage<'a>>,
    ) {
        untyped.clear();
        messages.clear();
        // One step, as growing in several would need the memory twice; what duplicates leave unused is never touched.
        messages.reserve_exact(events.len());
        for event in merged(self.intake, partition, events) {
            let message = self.message(partition, &event);
            if message.message.form == Form::FreeForm && event.message_type.is_none() {
                untyped.push((messages.len(), event));
            }
            messages.push(message);
        }
        self.stamp(untyped, messages);
    }

    /// What only the whole chat tells of each message: its window, and its type where that follows from the window.
    fn stamp(&self, untyped: &[(usize, Event)], messages: &mut [ChatMessage<'a>]) {
        let opening = messages.iter().filter(|message| !self.doubts(&message.message));
        let before =
            self.intake.facts.period.map(|(start, _)| start).filter(|_| self.assumptions.before_log.opens_window());
        let opening = opening.filter_map(|message| opens_window_at(&message.message)).chain(before);
        let windows = Windows::new(opening.collect());
        let openers = Openers::all(messages);
        let mut untyped = untyped.iter().peekable();
        for (place, message) in messages.iter_mut().enumerate() {
            let window = windows.around(message.message.sent, message.message.delivered);
            let window = self.assumed_open(&message.message).unwrap_or(window);
            message.message.window = window;
            if let Some((_, event)) = untyped.next_if(|(at, _)| *at == place) {
                let opens = openers.get(&event.observed.conversation).is_some_and(|openers| openers.contain(message));
                self.infer_type(message, event, window, opens);
            }
            message.message.flags.set_if(Flag::ColdStart, self.is_cold_start(&message.message));
        }
    }

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
        let mut message = ChatMessage {
            message: Message {
                form: if inbound { self.inbound_form(event, &mut flags) } else { outbound_form(event) },
                origin: event.origin.unwrap_or(Origin::Api),
                traffic: traffic(event, delivered),
                sent,
                delivered,
                window: Window::default(),
                country: event.country.1,
                in_group: event.group != 0,
                category_unknown: false,
                entry_point: event
                    .observed
                    .in_free_entry_point()
                    .then_some(SeenEntryPoint { end: event.observed.expires }),
                error_code: event.error_code.unwrap_or(0),
                tokens: event.tokens,
                flags,
            },
            id: partition.id(event.id),
            customer: event.customer,
            account,
            template_name: event.template_name,
            stated_category: None,
            observed: event.observed,
            kind: event.message_type,
        };
        if matches!(message.message.form, Form::Template(_)) {
            self.resolve_category(&mut message, event);
        }
        message
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

    /// The category of a template: its own, or what stands in for it in the order of log-formats §6.
    fn resolve_category(&self, message: &mut ChatMessage<'a>, event: &Event) {
        let observed = &event.observed;
        let sent = message.message.sent;
        let joined = || {
            let account = self.accounts.get(message.account);
            let name = |number| self.intake.names.get(number);
            let (id, own, language) =
                (name(event.template_id), name(event.template_name), name(event.template_language));
            self.templates.category(&account.account, &account.calendar, id, own, language, sent)
        };
        let flagged = |category: Option<TemplateCategory>, flag| category.map(|category| (category, Some(flag)));
        let found = (event.category.map(|category| (category, None)))
            .or_else(|| flagged(observed.priced_template(), Flag::CategoryFromPricing))
            .or_else(|| flagged(observed.origin_template(), Flag::CategoryFromOrigin))
            .or_else(|| flagged(joined(), Flag::CategoryFromTemplates))
            .or_else(|| flagged(self.options.default_category, Flag::CategoryDefaulted));
        let assumed = self.assumptions.categories.map(|assumed| match assumed {
            UntoldCategories::Fewest(category) | UntoldCategories::Most(category) => category,
        });
        let unknown = (assumed.unwrap_or(TemplateCategory::Marketing), Some(Flag::CategoryUnknown));
        let (category, flag) = found.unwrap_or(unknown);
        let by_marketing_api =
            category == TemplateCategory::Marketing && event.product == Some(Product::MarketingMessages);
        if flag == Some(Flag::CategoryFromTemplates) {
            let (account, name) = (self.accounts.get(message.account), |number| self.intake.names.get(number));
            let (id, own) = (name(event.template_id), name(event.template_name));
            let changed = self.templates.changed_in_month(&account.account, &account.calendar, id, own, sent);
            message.message.flags.set_if(Flag::TemplateCategoryChanged, changed);
        }
        let category = if by_marketing_api { TemplateCategory::MarketingLite } else { category };
        message.message.form = Form::Template(category);
        message.message.category_unknown = found.is_none() && assumed.is_none();
        message.stated_category = found.map(|_| category);
        if let Some(flag) = flag {
            message.message.flags.set(flag);
        }
    }

    /// A row that does not say whether it is a template: Meta's own verdict may prove it; else an open window means free-form, and a
    /// closed one proves a template (Q25).
    fn infer_type(&self, message: &mut ChatMessage<'a>, event: &Event, window: Window, opens_conversation: bool) {
        if event.observed.is_free_form() {
            message.message.flags.set(Flag::CategoryFromPricing);
        } else if event.observed.proves_template(opens_conversation).is_some() {
            self.resolve_category(message, event);
        } else {
            message.message.flags.set(Flag::TypeInferred);
            if !window.open_at_sent {
                self.resolve_category(message, event);
            }
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

/// The messages that may have opened one of Meta's conversations: the first that was sent, as Meta's ids are given then (R31), and the
/// first that was delivered, as the bill follows delivery.
#[derive(Clone, Copy, Debug)]
struct Openers<'a> {
    by_sending: (Instant, &'a str),
    by_delivery: Option<(Instant, Instant, &'a str)>,
}

impl<'a> Openers<'a> {
    fn of(message: &ChatMessage<'a>) -> Openers<'a> {
        let Message { sent, delivered, .. } = message.message;
        Openers { by_sending: (sent, message.id), by_delivery: delivered.map(|at| (at, sent, message.id)) }
    }

    /// The openers of each of Meta's conversations.
    fn all(messages: &[ChatMessage<'a>]) -> HashMap<u64, Openers<'a>> {
        let mut openers: HashMap<u64, Openers<'a>> = HashMap::new();
        for message in messages.iter().filter(|message| message.observed.conversation != 0) {
            let own = Openers::of(message);
            let first = openers.entry(message.observed.conversation).or_insert(own);
            first.by_sending = first.by_sending.min(own.by_sending);
            first.by_delivery = [first.by_delivery, own.by_delivery].into_iter().flatten().min();
        }
        openers
    }

    fn contain(&self, message: &ChatMessage<'a>) -> bool {
        let own = Openers::of(message);
        self.by_sending == own.by_sending || (own.by_delivery.is_some() && self.by_delivery == own.by_delivery)
    }
}

/// One event per message: observations of the same id, and in a group of the same recipient, are merged (R71). They stand together.
fn merged<'p>(intake: &'p Intake, partition: &'p Partition, events: &'p [Packed]) -> impl Iterator<Item = Event> + 'p {
    let order = intake.order();
    let same = move |a: &Packed, b: &Packed| {
        let one_message = a.id_hash == b.id_hash && partition.id(a.id) == partition.id(b.id);
        one_message && (partition.extra(b).group == 0 || order.person(a.customer) == order.person(b.customer))
    };
    let unpacked = move |packed: &Packed| {
        let [sender, template] = [packed.sender.0, packed.template.0];
        packed.unpack(partition.extra(packed), intake.senders.get(sender)[1], intake.templates.get(template))
    };
    events.chunk_by(same).filter_map(move |observations| {
        observations.iter().map(unpacked).reduce(|mut merged, other| {
            merged.merge(&other, order.ranks);
            merged
        })
    })
}
