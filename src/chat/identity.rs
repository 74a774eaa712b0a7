//! One customer under several names: a number and a business-scoped id, or an old and a new number (R6b).

use hashbrown::HashMap;

use crate::model::CustomerKey;

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
