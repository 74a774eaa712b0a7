//! One customer under several names: a number and a business-scoped id, or an old and a new number (R6b).

use hashbrown::HashMap;

use crate::model::CustomerKey;

use super::packed::{Extra, Packed};
use super::senders::Senders;

/// Links between names of customers, and who stands for each linked group.
#[derive(Clone, Debug, Default)]
pub(super) struct Identity {
    /// Towards the one who stands for the group.
    parents: HashMap<CustomerKey, CustomerKey>,
}

impl Identity {
    /// Says that two names are one customer. `order` decides who stands for the group, whatever the order of the links.
    pub(super) fn link(&mut self, a: CustomerKey, b: CustomerKey) {
        let (a, b) = (self.stand_in(a), self.stand_in(b));
        if a != b {
            self.parents.insert(b, a);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    fn stand_in(&self, mut key: CustomerKey) -> CustomerKey {
        while let Some(parent) = self.parents.get(&key) {
            key = *parent;
        }
        key
    }

    /// For every linked name the smallest of its group by `order`.
    pub(super) fn settle(&self, order: impl Fn(CustomerKey) -> u64) -> HashMap<CustomerKey, CustomerKey> {
        let mut members: Vec<CustomerKey> = self.parents.keys().chain(self.parents.values()).copied().collect();
        members.sort_unstable();
        members.dedup();
        let mut smallest: HashMap<CustomerKey, CustomerKey> = HashMap::new();
        for member in &members {
            let best = smallest.entry(self.stand_in(*member)).or_insert(*member);
            if order(*member) < order(*best) {
                *best = *member;
            }
        }
        members.iter().map(|member| (*member, smallest[&self.stand_in(*member)])).collect()
    }
}

/// The place of a customer among all: numbers first, by value; then the others, bytewise.
pub(super) fn customer_order(customer: CustomerKey, ranks: &[u32]) -> u64 {
    match (customer.e164(), customer.name()) {
        (Some(number), _) => number,
        (None, Some(name)) => (1 << 62) | u64::from(ranks[name as usize]),
        (None, None) => u64::MAX,
    }
}

/// The order of chats and recipients, which must not depend on the order of reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order<'a> {
    /// By linked name: who stands for the customer.
    pub(super) aliases: &'a HashMap<CustomerKey, CustomerKey>,
    /// By number of a name: its place in bytewise order.
    pub(super) ranks: &'a [u32],
    /// The numbers and accounts of events.
    pub(super) senders: &'a Senders,
}

impl Order<'_> {
    /// The place of the customer behind a name: the same for all of one customer's names.
    pub(super) fn person(&self, customer: CustomerKey) -> u64 {
        let known = if self.aliases.is_empty() { None } else { self.aliases.get(&customer) };
        customer_order(known.copied().unwrap_or(customer), self.ranks)
    }

    /// The place of a name itself.
    pub(super) fn name(&self, customer: CustomerKey) -> u64 {
        customer_order(customer, self.ranks)
    }

    /// The place of an event's chat: by phone number, then customer, then group.
    pub(super) fn chat(&self, event: &Packed, extra: &Extra) -> (u32, u64) {
        let [number, _] = self.senders.get(event.sender.0);
        let number = self.ranks[number as usize];
        let group = (extra.group != 0).then(|| (1 << 63) | u64::from(self.ranks[extra.group as usize]));
        (number, group.unwrap_or_else(|| self.person(event.customer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_links_does_not_matter() {
        let key = CustomerKey::from_e164;
        let links = [(key(5), key(3)), (key(9), key(7)), (key(7), key(5))];
        for turn in 0..3 {
            let mut identity = Identity::default();
            for i in 0..3 {
                let (a, b) = links[(i + turn) % 3];
                identity.link(b, a);
            }
            let settled = identity.settle(|key| key.e164().unwrap());
            assert!([3, 5, 7, 9].iter().all(|member| settled[&key(*member)] == key(3)));
        }
    }
}
