//! Everything read so far: batches of observations come in, and go to the partitions of their chats.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use hashbrown::HashMap;
use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};

use crate::model::{CustomerKey, Observation, RejectCode, parse_e164};
use crate::tariff::Markets;

use super::batch::{Batch, note_phone};
use super::facts::LogFacts;
use super::identity::{Identity, Order, customer_order};
use super::large_chat::LargeChat;
use super::packed::{Extra, Packed};
use super::partition::{FNV_START, PARTITIONS, Partition, Scratch, fnv_1a, partition_of};
use super::senders::{SenderPlace, Senders, TemplatePlace, Templates};
use super::spill::{Memory, Spill};
use super::strings::Strings;

/// Observations that are taken in one by one before they go to their partitions.
const ONE_BY_ONE: usize = 8192;

/// The part of a log that tells how large the whole will be.
const ENOUGH_TO_TELL: u64 = 32;

/// Everything read so far.
#[derive(Debug)]
pub struct Intake {
    pub(super) names: Strings,
    pub(super) senders: Senders,
    pub(super) templates: Templates,
    pub(super) partitions: Vec<Partition>,
    pub(super) aliases: HashMap<CustomerKey, CustomerKey>,
    /// By number of a name: its place in bytewise order. Empty before [`Intake::settle`].
    pub(super) ranks: Vec<u32>,
    pub(super) facts: LogFacts,
    /// Phone numbers of the business, by number of a name, as the log tells them.
    pub(super) business_phones: BTreeMap<u32, String>,
    identity: Identity,
    /// Observations that came one by one.
    open: Batch,
    /// How much is held in memory, if that is limited.
    memory: Option<Memory>,
    spill: Option<Spill>,
    /// Bytes of events in the partitions.
    held: u64,
    /// Whether there is room for the rest of the log.
    has_room: bool,
    /// By partition: events of customers under another name, whose chats are there. Of partitions on disk only.
    arrivals: Vec<Vec<(Packed, String, Extra)>>,
}

impl Default for Intake {
    fn default() -> Intake {
        let mut templates = Templates::default();
        templates.place([0; 3]);
        Intake {
            names: Strings::default(),
            senders: Senders::default(),
            templates,
            partitions: vec![Partition::default(); PARTITIONS],
            aliases: HashMap::new(),
            ranks: Vec::new(),
            facts: LogFacts::default(),
            business_phones: BTreeMap::new(),
            identity: Identity::default(),
            open: Batch::default(),
            memory: None,
            spill: None,
            held: 0,
            has_room: false,
            arrivals: Vec::new(),
        }
    }
}

impl Intake {
    /// What the log as a whole says. Complete after [`Intake::settle`].
    pub fn facts(&self) -> &LogFacts {
        &self.facts
    }

    /// The order of chats and recipients. Settled before it is used.
    pub(super) fn order(&self) -> Order<'_> {
        Order { aliases: &self.aliases, ranks: &self.ranks, senders: &self.senders }
    }

    /// The names of numbers, accounts, templates and customers.
    pub fn names(&self) -> &Strings {
        &self.names
    }

    /// The customer behind a name: one number for all names of one customer.
    pub fn person(&self, customer: CustomerKey) -> u64 {
        self.order().person(customer)
    }

    /// The partitions, if they are in memory.
    pub fn partitions(&self) -> &[Partition] {
        &self.partitions
    }

    /// An intake that puts on disk what does not fit into so much memory.
    pub fn within(memory: Option<Memory>) -> Intake {
        Intake { memory, ..Intake::default() }
    }

    /// The partition at a place below [`PARTITIONS`], read back from disk where it is there.
    pub fn partition(&self, place: usize) -> io::Result<Cow<'_, Partition>> {
        let Some(spill) = &self.spill else { return Ok(Cow::Borrowed(&self.partitions[place])) };
        let mut partition = spill.read(place)?;
        if !self.aliases.is_empty() {
            self.extract_movers(&mut partition, place);
            for (event, id, extra) in &self.arrivals[place] {
                partition.push_one(*event, id, *extra);
            }
        }
        partition.settle(&self.order(), &mut Scratch::default());
        Ok(Cow::Owned(partition))
    }

    /// Bytes of events that wait in memory until they are written to disk; 0 if there is still room.
    pub fn overflow(&self) -> u64 {
        if self.memory.as_ref().is_some_and(|memory| self.held > memory.held()) { self.held } else { 0 }
    }

    /// Makes room for the rest of a log that is held in memory, once enough is read to tell how much that is: `read` of its `total`
    /// bytes. Partitions that grow step by step leave holes behind that nothing fits into.
    pub fn expect(&mut self, read: u64, total: u64) {
        if self.has_room || self.memory.is_some() || read == 0 || read < total / ENOUGH_TO_TELL {
            return;
        }
        self.has_room = true;
        self.partitions.iter_mut().for_each(|partition| partition.expect(read.min(total), total));
    }

    /// Whether some of it is on disk.
    pub fn is_on_disk(&self) -> bool {
        self.spill.is_some()
    }

    /// Bytes on disk.
    pub fn spilled(&self) -> u64 {
        self.spill.as_ref().map_or(0, Spill::bytes)
    }

    /// Of a log on disk, the chats of more than so many rows: each is judged as a whole, so it must fit into memory. Complete after
    /// [`Intake::settle`]. Partitions that hold no more rows than that are not read.
    pub fn chats_beyond(&self, rows: usize) -> io::Result<Vec<LargeChat>> {
        let Some(spill) = &self.spill else { return Ok(Vec::new()) };
        let arrived = |place: usize| self.arrivals.get(place).map_or(0, Vec::len);
        let mut found = Vec::new();
        for place in (0..PARTITIONS).filter(|place| spill.events(*place) + arrived(*place) > rows) {
            let partition = self.partition(place)?;
            let large = partition.chats().filter(|events| events.len() > rows);
            found.extend(large.map(|events| LargeChat::of(self, &partition, events)));
        }
        Ok(found)
    }

    /// Puts all events on disk.
    pub fn spill(&mut self) -> io::Result<()> {
        let Some(memory) = &self.memory else { return Ok(()) };
        let spill = match &mut self.spill {
            Some(spill) => spill,
            none => none.insert(Spill::new(memory)?),
        };
        self.held = 0;
        spill.write(&mut self.partitions)
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

    fn customer_key(&mut self, text: &str) -> CustomerKey {
        parse_e164(text).map_or_else(|| CustomerKey::from_name(self.names.intern(text)), CustomerKey::from_e164)
    }

    /// Takes one observation in, or says why it cannot be used.
    pub fn add(&mut self, seen: &Observation<'_>, markets: &Markets) -> Result<(), (RejectCode, String)> {
        self.open.add(seen, markets)?;
        if self.open.len() >= ONE_BY_ONE {
            self.close();
        }
        Ok(())
    }

    fn close(&mut self) {
        let mut open = std::mem::take(&mut self.open);
        self.absorb(&mut open);
        self.open = open;
    }

    /// Takes a batch in and leaves it empty. The order of batches does not matter.
    pub fn absorb(&mut self, batch: &mut Batch) {
        let names = self.own_names(batch);
        let name = |number: u32| names[number as usize];
        let customer = |key: CustomerKey| key.name().map_or(key, |own| CustomerKey::from_name(name(own)));
        let senders: Vec<u32> = batch.senders.all().iter().map(|names| self.senders.place(names.map(name))).collect();
        let templates = batch.templates.all().iter().map(|names| self.templates.place(names.map(name)));
        let templates: Vec<u32> = std::iter::once(0).chain(templates).collect();
        for extra in &mut batch.extras {
            extra.group = name(extra.group);
        }
        let ends = batch.events.iter().skip(1).map(|event| event.id as usize).chain([batch.ids.len()]);
        for ((event, home), end) in batch.events.iter().zip(&batch.homes).zip(ends) {
            let sender = SenderPlace(senders[event.sender.0 as usize]);
            let template = TemplatePlace(templates[event.template.0 as usize]);
            let own = event.renamed(customer(event.customer), sender, template);
            let extra = (event.extra as usize).checked_sub(1).map(|place| &batch.extras[place]);
            self.partitions[usize::from(*home)].push(own, &batch.ids[event.id as usize..end], extra);
        }
        for (a, b) in &batch.links {
            self.identity.link(customer(*a), customer(*b));
        }
        for (number, phone) in &batch.business_phones {
            note_phone(&mut self.business_phones, name(*number), phone);
        }
        self.facts.merge(&batch.facts);
        self.held += batch.bytes();
        batch.clear();
    }

    /// By number of a name of a batch: its number here.
    fn own_names(&mut self, batch: &Batch) -> Vec<u32> {
        batch.names.all().map(|text| self.names.intern(text)).collect()
    }

    /// Ends the reading: applies identity, and puts every partition in the order of chats and messages.
    pub fn settle(&mut self) -> io::Result<()> {
        self.close();
        self.ranks = self.names.ranks();
        if self.is_on_disk() {
            self.spill()?;
            self.partitions = Vec::new();
        }
        if !self.identity.is_empty() {
            let ranks = &self.ranks;
            self.aliases = self.identity.settle(|key| customer_order(key, ranks));
            self.move_aliased()?;
        }
        let order = Order { aliases: &self.aliases, ranks: &self.ranks, senders: &self.senders };
        self.partitions
            .par_iter_mut()
            .for_each_init(Scratch::default, |scratch, partition| partition.settle(&order, scratch));
        Ok(())
    }

    /// Events of a customer under another name go where the customer's chat is.
    fn move_aliased(&mut self) -> io::Result<()> {
        let mut arrivals = vec![Vec::new(); PARTITIONS];
        let mut partitions = std::mem::take(&mut self.partitions);
        let mut leave = |partition: &mut Partition, place: usize| {
            for (event, id, extra) in self.extract_movers(partition, place) {
                arrivals[self.home(&event)].push((event, id, extra));
            }
        };
        match &self.spill {
            None => partitions.iter_mut().zip(0..).for_each(|(partition, place)| leave(partition, place)),
            Some(spill) => {
                for place in 0..PARTITIONS {
                    leave(&mut spill.read(place)?, place);
                }
            }
        }
        for (partition, arrivals) in partitions.iter_mut().zip(&mut arrivals) {
            arrivals.drain(..).for_each(|(event, id, extra)| partition.push_one(event, &id, extra));
        }
        (self.partitions, self.arrivals) = (partitions, arrivals);
        Ok(())
    }

    /// Takes out the events whose chat is in another partition.
    fn extract_movers(&self, partition: &mut Partition, place: usize) -> Vec<(Packed, String, Extra)> {
        partition.extract(|event, extra| {
            extra.group == 0 && self.aliases.contains_key(&event.customer) && self.home(event) != place
        })
    }

    /// The partition of the customer that an event's name stands for.
    fn home(&self, event: &Packed) -> usize {
        let [number, _] = self.senders.get(event.sender.0);
        let customer = self.aliases.get(&event.customer).copied().unwrap_or(event.customer);
        let name = customer.name().map_or("", |name| self.names.get(name));
        usize::from(partition_of(fnv_1a(FNV_START, self.names.get(number)), customer, name))
    }
}
