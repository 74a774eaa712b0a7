//! Takes observations in: each becomes one event in the partition of its chat.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};

use crate::model::{
    Country, CustomerKey, Direction, Flag, Instant, Observation, Observed, Referral, RejectCode, Status, Times,
    parse_e164,
};
use crate::tariff::Markets;

use super::event::{CountrySource, Event, IdSpan};
use super::identity::{Identity, Order, customer_order};
use super::partition::{FNV_START, PARTITIONS, Partition, fnv_1a, partition_of};
use super::strings::Strings;

/// Name of the number of rows that name none.
pub(super) const UNNAMED_NUMBER: &str = "default";

/// What the log as a whole says.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a yes or no about the log")]
pub struct LogFacts {
    /// Rows taken in.
    pub rows: u64,
    /// Some row is inbound.
    pub has_inbound: bool,
    /// Some table has a column that tells of delivery.
    pub knows_delivery: bool,
    /// Some input can tell what a customer's message came from.
    pub knows_referral: bool,
    /// Some customer came from a click, or Meta counts some message to a free entry point.
    pub has_entry_points: bool,
    /// The earliest and the latest time of any row.
    pub period: Option<(Instant, Instant)>,
}

/// Everything read so far.
#[derive(Debug)]
pub struct Intake {
    pub(super) names: Strings,
    pub(super) partitions: Vec<Partition>,
    pub(super) aliases: HashMap<CustomerKey, CustomerKey>,
    pub(super) ranks: Vec<u32>,
    pub(super) pairs: HashSet<(u32, u32)>,
    pub(super) facts: LogFacts,
    /// Phone numbers of the business, by number of a name, as the log tells them.
    pub(super) business_phones: BTreeMap<u32, String>,
    identity: Identity,
    number_hashes: HashMap<u32, u64>,
    id_hasher: FixedState,
}

impl Default for Intake {
    fn default() -> Intake {
        Intake {
            names: Strings::default(),
            partitions: vec![Partition::default(); PARTITIONS],
            aliases: HashMap::new(),
            ranks: Vec::new(),
            pairs: HashSet::new(),
            facts: LogFacts::default(),
            business_phones: BTreeMap::new(),
            identity: Identity::default(),
            number_hashes: HashMap::new(),
            id_hasher: FixedState::default(),
        }
    }
}

impl Intake {
    /// What the log as a whole says.
    pub fn facts(&self) -> &LogFacts {
        &self.facts
    }

    /// The order of chats and recipients. Settled before it is used.
    pub(super) fn order(&self) -> Order<'_> {
        Order { aliases: &self.aliases, ranks: &self.ranks }
    }

    /// The names of numbers, accounts, templates and customers.
    pub fn names(&self) -> &Strings {
        &self.names
    }

    /// By number of a name: its place in bytewise order. Empty before [`Intake::settle`].
    pub fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// The customer behind a name: one number for all names of one customer.
    pub fn person(&self, customer: CustomerKey) -> u64 {
        self.order().person(customer)
    }

    /// The partitions.
    pub fn partitions(&self) -> &[Partition] {
        &self.partitions
    }

    /// Notes that some table tells of delivery.
    pub fn set_knows_delivery(&mut self) {
        self.facts.knows_delivery = true;
    }

    /// Notes that some input can tell what a customer's message came from.
    pub fn set_knows_referral(&mut self) {
        self.facts.knows_referral = true;
    }

    /// Says that two customer ids are one customer (`aliases.csv`).
    pub fn link(&mut self, a: &str, b: &str) {
        let (a, b) = (self.customer_key(a), self.customer_key(b));
        self.identity.link(a, b);
    }

    /// Takes one observation in, or says why it cannot be used.
    pub fn add(&mut self, seen: &Observation<'_>, markets: &Markets) -> Result<(), (RejectCode, String)> {
        let country = recipient(seen, markets)?;
        let number_name = if seen.phone_number_id.is_empty() { UNNAMED_NUMBER } else { seen.phone_number_id };
        let number = self.names.intern(number_name);
        let customer = self.customer(seen);
        let event = self.event(seen, number, customer, country);
        self.note(&event, &seen.times);
        let number_hash = *self.number_hashes.entry(number).or_insert_with(|| fnv_1a(FNV_START, number_name));
        let in_group = event.group != 0;
        let (key, name) =
            if in_group { (CustomerKey::from_name(event.group), seen.group_id) } else { (customer, own_name(seen)) };
        self.note_phone(number, seen.business_phone);
        self.facts.has_entry_points |= seen.observed.in_free_entry_point();
        let observed = self.observed(seen);
        self.partitions[partition_of(number_hash, key, name)].push(event, seen.message_id, &observed);
        Ok(())
    }

    fn customer(&mut self, seen: &Observation<'_>) -> CustomerKey {
        let customer = self.customer_key(own_name(seen));
        if !seen.customer_id.is_empty() && !seen.customer_user_id.is_empty() {
            let scoped = self.customer_key(seen.customer_user_id);
            self.identity.link(customer, scoped);
        }
        customer
    }

    fn customer_key(&mut self, text: &str) -> CustomerKey {
        parse_e164(text).map_or_else(|| CustomerKey::from_name(self.names.intern(text)), CustomerKey::from_e164)
    }

    fn event(
        &mut self,
        seen: &Observation<'_>,
        number: u32,
        customer: CustomerKey,
        country: (CountrySource, Country),
    ) -> Event {
        let mut flags = seen.flags;
        flags.set_if(Flag::SingleNumberAssumed, seen.phone_number_id.is_empty());
        Event {
            id_hash: self.id_hasher.hash_one(seen.message_id),
            id: IdSpan { start: 0, length: 0 },
            customer,
            number,
            group: self.names.intern(seen.group_id),
            waba: self.names.intern(seen.waba_id),
            template_id: self.names.intern(seen.template_id),
            template_name: self.names.intern(seen.template_name),
            template_language: self.names.intern(seen.template_language),
            created: seen.times.created,
            sent: seen.times.sent,
            delivered: seen.times.delivery_evidence(),
            failed: seen.times.failed_or_only_deleted(),
            tokens: seen.tokens,
            error_code: seen.error_code,
            country,
            direction: seen.direction,
            message_type: seen.message_type,
            category: seen.template_category,
            observed: 0,
            origin: seen.origin,
            product: seen.product,
            client: seen.client,
            referral: seen.referral,
            delivered_itself: seen.times.delivered.is_some(),
            status_delivered: seen.status == Some(Status::Delivered),
            status_failed: seen.status == Some(Status::Failed),
            flags,
        }
    }

    /// The bytewise smallest spelling stands, so that the order of rows does not matter.
    fn note_phone(&mut self, number: u32, phone: &str) {
        if phone.is_empty() {
            return;
        }
        match self.business_phones.get_mut(&number) {
            None => drop(self.business_phones.insert(number, phone.to_owned())),
            Some(known) if phone < known.as_str() => phone.clone_into(known),
            Some(_) => {}
        }
    }

    /// Meta's own verdict; the id of its conversation only ever tells whether two messages of one chat share it.
    fn observed(&self, seen: &Observation<'_>) -> Observed {
        let hashed = || self.id_hasher.hash_one(seen.conversation_id).max(1);
        Observed { conversation: if seen.conversation_id.is_empty() { 0 } else { hashed() }, ..seen.observed }
    }

    fn note(&mut self, event: &Event, times: &Times) {
        self.facts.rows += 1;
        self.facts.has_inbound |= event.direction == Direction::Inbound;
        self.facts.has_entry_points |= event.referral.is_some_and(|referral| referral != Referral::Organic);
        self.pairs.insert((event.number, event.waba));
        for at in times.all().into_iter().flatten() {
            let (from, to) = self.facts.period.unwrap_or((at, at));
            self.facts.period = Some((from.min(at), to.max(at)));
        }
    }

    /// Ends the reading: applies identity, and sorts every partition by chat and message.
    pub fn settle(&mut self) {
        self.ranks = self.names.ranks();
        if !self.identity.is_empty() {
            let ranks = &self.ranks;
            self.aliases = self.identity.settle(|key| customer_order(key, ranks));
            self.move_aliased();
        }
        let order = Order { aliases: &self.aliases, ranks: &self.ranks };
        self.partitions.par_iter_mut().for_each(|partition| partition.sort_by(&order));
    }

    /// Events of a customer under another name go where the customer's chat is.
    fn move_aliased(&mut self) {
        let home = |event: &Event, aliases: &HashMap<CustomerKey, CustomerKey>| {
            let customer = aliases.get(&event.customer).copied().unwrap_or(event.customer);
            let name = customer.name().map_or("", |name| self.names.get(name));
            partition_of(self.number_hashes[&event.number], customer, name)
        };
        let aliases = &self.aliases;
        let mut moved = Vec::new();
        for (at, partition) in self.partitions.iter_mut().enumerate() {
            let leaves =
                |event: &Event| event.group == 0 && aliases.contains_key(&event.customer) && home(event, aliases) != at;
            moved.extend(partition.extract(leaves));
        }
        for (event, id, observed) in moved {
            let at = home(&event, aliases);
            self.partitions[at].push(event, &id, &observed);
        }
    }
}

/// Whether an observation can be used: it must say who the customer is, and of which country.
pub fn check(seen: &Observation<'_>, markets: &Markets) -> Result<(), (RejectCode, String)> {
    recipient(seen, markets).map(drop)
}

fn recipient(seen: &Observation<'_>, markets: &Markets) -> Result<(CountrySource, Country), (RejectCode, String)> {
    if seen.customer_id.is_empty() && seen.customer_user_id.is_empty() {
        return Err((RejectCode::NoCustomer, "neither customer_id nor customer_user_id".to_owned()));
    }
    country(seen, markets).ok_or_else(|| unknown_market(seen))
}

/// The id a row knows its customer by.
fn own_name<'a>(seen: &Observation<'a>) -> &'a str {
    if seen.customer_id.is_empty() { seen.customer_user_id } else { seen.customer_id }
}

/// The country of the recipient: two letters of a business-scoped id, the number's prefix, or a column that says it (Q4).
fn country(seen: &Observation<'_>, markets: &Markets) -> Option<(CountrySource, Country)> {
    let scoped = business_scoped(seen.customer_user_id).or_else(|| business_scoped(seen.customer_id));
    let by_number = || parse_e164(seen.customer_id).map(|number| (CountrySource::Number, markets.country_of(number)));
    let by_column = || Country::parse(seen.customer_country).map(|country| (CountrySource::Column, country));
    scoped.map(|country| (CountrySource::BusinessScopedId, country)).or_else(by_number).or_else(by_column)
}

/// `IN.2081978709342942` → IN.
fn business_scoped(text: &str) -> Option<Country> {
    let (letters, rest) = text.split_once('.')?;
    let capitals = letters.bytes().all(|letter| letter.is_ascii_uppercase());
    if rest.is_empty() || !capitals { None } else { Country::parse(letters) }
}

fn unknown_market(seen: &Observation<'_>) -> (RejectCode, String) {
    let message = format!(
        "customer_id '{}' is no phone number in international form (7 to 15 digits, no leading 0) and no customer_country says its country",
        own_name(seen)
    );
    (RejectCode::UnknownMarket, message)
}
