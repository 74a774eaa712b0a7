//! Observations of one stretch of a log, read on any thread: each becomes one compact event, with the partition of its chat.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::model::{Country, CustomerKey, Observation, RejectCode, parse_e164};
use crate::tariff::Markets;

use super::event::CountrySource;
use super::facts::LogFacts;
use super::packed::{Extra, Known, Packed};
use super::partition::{FNV_START, fnv_1a, partition_of};
use super::senders::{SenderPlace, Spelled, TemplatePlace};
use super::strings::Strings;

/// Name of the number of rows that name none.
pub(super) const UNNAMED_NUMBER: &str = "default";

/// Observations that are not yet part of an [`Intake`](super::Intake). Names have numbers of their own in each batch.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) names: Strings,
    /// Numbers and accounts.
    pub(super) senders: Spelled<2>,
    /// Id, name and language of templates.
    pub(super) templates: Spelled<3>,
    /// By place of a sender: the hash of its number.
    number_hashes: Vec<u64>,
    pub(super) events: Vec<Packed>,
    /// By event: its partition.
    pub(super) homes: Vec<u8>,
    pub(super) extras: Vec<Extra>,
    /// Message ids, one behind the other, each behind its length.
    pub(super) ids: String,
    /// Names that are one customer.
    pub(super) links: Vec<(CustomerKey, CustomerKey)>,
    /// Phone numbers of the business, by number of a name.
    pub(super) business_phones: BTreeMap<u32, String>,
    pub(super) facts: LogFacts,
    hasher: FixedState,
}

/// Whom a row is about.
struct Recipient {
    key: CustomerKey,
    country: (CountrySource, Country),
}

impl Batch {
    /// Number of observations.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Bytes of its events.
    pub(super) fn bytes(&self) -> u64 {
        (size_of_val(&*self.events) + size_of_val(&*self.extras) + self.ids.len()) as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Takes one observation in, or says why it cannot be used.
    pub fn add(&mut self, seen: &Observation<'_>, markets: &Markets) -> Result<(), (RejectCode, String)> {
        let Recipient { key: customer, country } = self.recipient(seen, markets)?;
        let sender = self.sender(seen);
        let group = self.names.intern(seen.group_id);
        let (key, name) =
            if group == 0 { (customer, own_name(seen)) } else { (CustomerKey::from_name(group), seen.group_id) };
        self.homes.push(partition_of(self.number_hashes[sender.0 as usize], key, name));
        self.facts.note(seen);
        if !seen.business_phone.is_empty() {
            let [number, _] = self.senders.get(sender.0);
            note_phone(&mut self.business_phones, number, seen.business_phone);
        }
        let template = self.template(seen);
        let (id_hash, conversation) = (self.id_hash(seen.message_id), self.conversation(seen));
        self.push(seen, &Known { customer, country, sender, template, group, id_hash, conversation });
        Ok(())
    }

    fn push(&mut self, seen: &Observation<'_>, known: &Known) {
        let mut packed = Packed::new(seen, known, &mut self.extras);
        packed.id = u32::try_from(self.ids.len()).expect("a batch is small");
        push_id(&mut self.ids, seen.message_id);
        self.events.push(packed);
    }

    /// Who the customer is, and of which country.
    fn recipient(&mut self, seen: &Observation<'_>, markets: &Markets) -> Result<Recipient, (RejectCode, String)> {
        let number = check_named(seen).map(|()| parse_e164(seen.customer_id))?;
        let country = country(seen, number, markets).ok_or_else(|| unknown_market(seen))?;
        let key = match number {
            Some(number) => CustomerKey::from_e164(number),
            None => self.customer_key(own_name(seen)),
        };
        if !seen.customer_id.is_empty() && !seen.customer_user_id.is_empty() {
            let scoped = self.customer_key(seen.customer_user_id);
            self.links.push((key, scoped));
        }
        Ok(Recipient { key, country })
    }

    fn customer_key(&mut self, text: &str) -> CustomerKey {
        parse_e164(text).map_or_else(|| CustomerKey::from_name(self.names.intern(text)), CustomerKey::from_e164)
    }

    fn sender(&mut self, seen: &Observation<'_>) -> SenderPlace {
        let number = if seen.phone_number_id.is_empty() { UNNAMED_NUMBER } else { seen.phone_number_id };
        let place = self.senders.place([number, seen.waba_id], &mut self.names);
        if place as usize == self.number_hashes.len() {
            self.number_hashes.push(fnv_1a(FNV_START, number));
        }
        SenderPlace(place)
    }

    fn template(&mut self, seen: &Observation<'_>) -> TemplatePlace {
        let texts = [seen.template_id, seen.template_name, seen.template_language];
        TemplatePlace(if texts == [""; 3] { 0 } else { self.templates.place(texts, &mut self.names) + 1 })
    }

    /// Half of the hash will do: ids are compared where hashes are equal.
    fn id_hash(&self, id: &str) -> u32 {
        u32::try_from(self.hasher.hash_one(id) >> 32).unwrap_or(0)
    }

    /// The id of Meta's conversation only ever tells whether two messages of one chat share it.
    fn conversation(&self, seen: &Observation<'_>) -> u64 {
        let id = seen.conversation_id;
        if id.is_empty() { seen.observed.conversation } else { self.hasher.hash_one(id).max(1) }
    }

    /// Forgets everything but its memory.
    pub(super) fn clear(&mut self) {
        self.names.clear();
        self.senders.clear();
        self.templates.clear();
        self.number_hashes.clear();
        self.events.clear();
        self.homes.clear();
        self.extras.clear();
        self.ids.clear();
        self.links.clear();
        self.business_phones.clear();
        self.facts = LogFacts::default();
    }
}

/// The bytewise smallest spelling stands, so that the order of rows does not matter.
pub(super) fn note_phone(phones: &mut BTreeMap<u32, String>, number: u32, phone: &str) {
    match phones.get_mut(&number) {
        None => drop(phones.insert(number, phone.to_owned())),
        Some(known) if phone < known.as_str() => phone.clone_into(known),
        Some(_) => {}
    }
}

/// Puts an id behind its length: six bits a character, the lowest first, a seventh where more follow.
pub(super) fn push_id(ids: &mut String, id: &str) {
    let mut left = id.len();
    loop {
        let more = u8::from(left > 63) << 6;
        ids.push(char::from(u8::try_from(left & 63).unwrap_or(0) | more));
        left >>= 6;
        if more == 0 {
            break;
        }
    }
    ids.push_str(id);
}

/// The id at a place, and where it ends.
pub(super) fn id_at(ids: &str, place: u32) -> (&str, usize) {
    let (mut at, mut length, mut shift) = (place as usize, 0, 0);
    loop {
        let part = ids.as_bytes()[at];
        at += 1;
        length |= usize::from(part & 63) << shift;
        shift += 6;
        if part & 64 == 0 {
            return (&ids[at..at + length], at + length);
        }
    }
}

/// Whether an observation can be used: it must say who the customer is, and of which country.
pub fn check(seen: &Observation<'_>, markets: &Markets) -> Result<(), (RejectCode, String)> {
    check_named(seen)?;
    country(seen, parse_e164(seen.customer_id), markets).map(drop).ok_or_else(|| unknown_market(seen))
}

fn check_named(seen: &Observation<'_>) -> Result<(), (RejectCode, String)> {
    if seen.customer_id.is_empty() && seen.customer_user_id.is_empty() {
        return Err((RejectCode::NoCustomer, "neither customer_id nor customer_user_id".to_owned()));
    }
    Ok(())
}

/// The id a row knows its customer by.
fn own_name<'a>(seen: &Observation<'a>) -> &'a str {
    if seen.customer_id.is_empty() { seen.customer_user_id } else { seen.customer_id }
}

/// The country of the recipient: two letters of a business-scoped id, the number's prefix, or a column that says it (Q4).
fn country(seen: &Observation<'_>, number: Option<u64>, markets: &Markets) -> Option<(CountrySource, Country)> {
    let scoped = business_scoped(seen.customer_user_id);
    let scoped = scoped.or_else(|| if number.is_some() { None } else { business_scoped(seen.customer_id) });
    let by_number = || number.map(|number| (CountrySource::Number, markets.country_of(number)));
    let by_column = || Country::parse(seen.customer_country).map(|country| (CountrySource::Column, country));
    scoped.map(|country| (CountrySource::BusinessScopedId, country)).or_else(by_number).or_else(by_column)
}

/// `IN.2081978709342942` → IN.
fn business_scoped(text: &str) -> Option<Country> {
    match text.as_bytes() {
        [b'A'..=b'Z', b'A'..=b'Z', b'.', _, ..] => Country::parse(&text[..2]),
        _ => None,
    }
}

fn unknown_market(seen: &Observation<'_>) -> (RejectCode, String) {
    let message = format!(
        "customer_id '{}' is no phone number in international form (7 to 15 digits, no leading 0) and no customer_country says its country",
        own_name(seen)
    );
    (RejectCode::UnknownMarket, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_any_length_stand_behind_each_other() {
        let given = ["", "a", "ü", &"x".repeat(63), &"y".repeat(64), &"é".repeat(5000)];
        let mut ids = String::new();
        let places: Vec<u32> = given
            .iter()
            .map(|id| {
                let place = u32::try_from(ids.len()).unwrap();
                push_id(&mut ids, id);
                place
            })
            .collect();
        for (place, id) in places.iter().zip(given) {
            assert_eq!(id_at(&ids, *place).0, id);
        }
        assert_eq!(id_at(&ids, places[5]).1, ids.len());
    }
}
