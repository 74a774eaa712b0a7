//! Counts what a scenario needs to know of a log: a look over all of it for its shape, and a pass along that shape.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use hashbrown::HashMap;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::chat::{Chat, ChatMessage, PARTITIONS};
use crate::model::{Country, Day, Form, Origin, TemplateCategory, Traffic};
use crate::scenario::fit::{Act, Measured, Seen, SeenChat, Shape, Survey, is_known, kind_of, walk};
use crate::tariff::{Account, LocalCalendar, Markets};

use super::pass::Run;
use super::replay::RunError;

/// What a first look finds in some partitions.
#[derive(Default)]
struct Look {
    templates: HashMap<(u32, TemplateCategory, u16), BTreeMap<Day, u64>>,
    persons: HashMap<u64, Country>,
    days: Option<(Day, Day)>,
    messages: (u64, u64),
    left_out: BTreeMap<&'static str, u64>,
}

impl Look {
    fn merge(mut self, other: Look) -> Look {
        for (key, days) in other.templates {
            let own = self.templates.entry(key).or_default();
            for (day, count) in days {
                *own.entry(day).or_default() += count;
            }
        }
        for (person, country) in other.persons {
            self.note_person(person, country);
        }
        other.left_out.into_iter().for_each(|(what, count)| *self.left_out.entry(what).or_default() += count);
        self.messages = (self.messages.0 + other.messages.0, self.messages.1 + other.messages.1);
        for day in other.days.into_iter().flat_map(|(from, to)| [from, to]) {
            self.note_day(day);
        }
        self
    }

    /// A person on several numbers may have several countries: the first counts, whatever order they come in.
    fn note_person(&mut self, person: u64, country: Country) {
        let own = self.persons.entry(person).or_insert(country);
        *own = country.min(*own);
    }

    fn note_day(&mut self, day: Day) {
        let (from, to) = self.days.unwrap_or((day, day));
        self.days = Some((from.min(day), to.max(day)));
    }
}

/// Accounts of a run with the main one first: the one with the most messages, if they have several zones.
fn accounts_by_weight(run: &Run<'_>, interrupted: &AtomicBool) -> Result<(Vec<Account>, Vec<u16>), RunError> {
    let (mut all, mut places) = accounts(run);
    if all.iter().all(|account| account.zone == all[0].zone) {
        return Ok((all, places));
    }
    let parts = (0..PARTITIONS).into_par_iter().map(|place| {
        run.over(place, interrupted, |partition| {
            let mut counts = vec![0_u64; all.len()];
            let note = |chat: &Chat<'_>| {
                for message in &chat.messages {
                    counts[usize::from(places[message.account as usize])] += 1;
                }
            };
            run.folder().for_each_chat(partition, |_| true, note);
            counts
        })
    });
    let sum = |one: Vec<u64>, other: Vec<u64>| Ok(one.into_iter().zip(other).map(|(one, other)| one + other).collect());
    let counts = parts.try_reduce(|| vec![0; all.len()], sum)?;
    let main = (0..all.len()).max_by_key(|place| (counts[*place], std::cmp::Reverse(*place))).unwrap_or(0);
    all[..=main].rotate_right(1);
    for place in &mut places {
        let own = usize::from(*place);
        *place = match own.cmp(&main) {
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Less => *place + 1,
            std::cmp::Ordering::Greater => *place,
        };
    }
    Ok((all, places))
}

/// Accounts of a run, each number under each WABA once, by their places in the run.
fn accounts(run: &Run<'_>) -> (Vec<Account>, Vec<u16>) {
    let mut all: Vec<Account> = Vec::new();
    let mut places = Vec::new();
    for one in run.accounts.all() {
        let own = &one.account;
        let same = |other: &Account| other.phone_number_id == own.phone_number_id && other.waba_id == own.waba_id;
        let place = all.iter().position(same).unwrap_or_else(|| {
            all.push(own.clone());
            all.len() - 1
        });
        places.push(u16::try_from(place).unwrap_or(u16::MAX));
    }
    (all, places)
}

/// Why a scenario does not hold a message; `None` if it does.
fn left_out(message: &ChatMessage<'_>) -> Option<&'static str> {
    match (message.message.form, message.message.origin) {
        _ if message.message.in_group => Some("messages in groups: a scenario has no groups"),
        (Form::Call, _) => Some("calls"),
        (_, Origin::BusinessApp) => Some("messages typed in the Business app"),
        (_, Origin::History) => Some("messages of imported history"),
        (Form::Inbound { opens_window: false, .. }, _) => Some("notices of the platform, and what opens no window"),
        _ => None,
    }
}

/// A first look over a log.
pub(super) fn survey(run: &Run<'_>, interrupted: &AtomicBool) -> Result<Survey, RunError> {
    let (accounts, places) = accounts_by_weight(run, interrupted)?;
    let main = accounts.first().and_then(|main| {
        let own = run.accounts.all().iter().find(|one| one.account.zone == main.zone);
        own.map(|one| &*one.calendar)
    });
    let looks = (0..PARTITIONS).into_par_iter().map(|place| {
        run.over(place, interrupted, |partition| {
            let mut look = Look::default();
            run.folder().for_each_chat(partition, |_| true, |chat| glance(run, (&places, main), chat, &mut look));
            look
        })
    });
    let Look { templates, persons, days, messages, left_out } =
        looks.try_reduce(Look::default, |one, other| Ok(one.merge(other)))?;
    let named = templates.into_iter().map(|((name, category, account), days)| {
        ((run.log.intake.names().get(name).to_owned(), category, account), days)
    });
    let mut survey = Survey { accounts, days, messages, left_out, ..Survey::default() };
    // Two names of the log may read alike.
    for (key, days) in named {
        let own = survey.templates.entry(key).or_default();
        for (day, count) in days {
            *own.entry(day).or_default() += count;
        }
    }
    persons.into_values().for_each(|country| *survey.customers.entry(country).or_default() += 1);
    let end = survey.days.map_or(Day::from_epoch_days(0), |(_, to)| to);
    let unknown: Vec<Country> = survey.customers.keys().copied().filter(|country| !is_known(*country)).collect();
    for country in unknown {
        if let Some((pattern, stand_in)) = pattern(&run.plan.tariff.markets, country, end) {
            survey.patterns.insert(country, pattern);
            survey.stand_ins.extend((stand_in != country).then_some((stand_in, country)));
        }
    }
    Ok(survey)
}

fn glance(run: &Run<'_>, (places, main): (&[u16], Option<&LocalCalendar>), chat: &Chat<'_>, look: &mut Look) {
    for message in &chat.messages {
        if let Some(why) = left_out(message) {
            *look.left_out.entry(why).or_default() += 1;
            continue;
        }
        let Some(calendar) = main else { continue };
        let day = calendar.day(message.message.sent);
        look.note_day(day);
        look.note_person(run.log.intake.person(message.customer), message.message.country);
        if message.message.is_inbound() {
            look.messages.0 += 1;
        } else {
            look.messages.1 += 1;
        }
        if let Form::Template(category) = message.message.form {
            let account = places[message.account as usize];
            let days = look.templates.entry((message.template_name, category, account)).or_default();
            *days.entry(day).or_default() += 1;
        }
    }
}

/// Digits that no prefix of a country reaches behind.
const FILL: &str = "000";

/// Invented numbers of a country: behind its shortest prefix, which is looked for. A country that shares a calling code has none, and gets
/// those of another one of its market; that country comes along.
fn pattern(markets: &Markets, country: Country, day: Day) -> Option<(String, Country)> {
    let of = |prefix: u32| markets.country_of(format!("{prefix}{FILL}0000000").parse().unwrap_or(0));
    let own = (1..10_000).find(|prefix| of(*prefix) == country);
    let market = markets.market(country, day);
    let found = own.or_else(|| (1..10_000).find(|prefix| markets.market(of(*prefix), day) == market))?;
    Some((format!("{found}{FILL}#######"), of(found)))
}

/// Counts a log along a shape, which may be that of another log with the same numbers and templates.
pub(super) fn measure(run: &Run<'_>, shape: &Shape, interrupted: &AtomicBool) -> Result<Measured, RunError> {
    let (own, places) = accounts(run);
    let of_shape = |account: &Account| {
        let same =
            |other: &Account| other.phone_number_id == account.phone_number_id && other.waba_id == account.waba_id;
        shape.accounts.iter().position(same).and_then(|place| u16::try_from(place).ok())
    };
    let own: Vec<Option<u16>> = own.iter().map(of_shape).collect();
    let places: Vec<Option<u16>> = places.iter().map(|place| own[usize::from(*place)]).collect();
    let parts = (0..PARTITIONS).into_par_iter().map(|place| {
        run.over(place, interrupted, |partition| {
            let mut measured = Measured::empty(shape);
            let mut persons: HashMap<u64, Country> = HashMap::new();
            let note = |chat: &Chat<'_>| {
                for message in chat.messages.iter().filter(|message| left_out(message).is_none()) {
                    let own = persons.entry(run.log.intake.person(message.customer)).or_insert(message.message.country);
                    *own = message.message.country.min(*own);
                }
                if let Some(seen) = seen(run, shape, &places, chat) {
                    walk(shape, &seen, &mut measured);
                }
            };
            run.folder().for_each_chat(partition, |_| true, note);
            (measured, persons)
        })
    });
    let both = |(mut one, mut persons): (Measured, HashMap<u64, Country>),
                (other, more): (Measured, HashMap<u64, Country>)| {
        one.merge(&other);
        for (person, country) in more {
            let own = persons.entry(person).or_insert(country);
            *own = country.min(*own);
        }
        Ok((one, persons))
    };
    let (mut measured, persons) = parts.try_reduce(|| (Measured::empty(shape), HashMap::new()), both)?;
    for country in persons.into_values() {
        if let Some((segment, _)) = shape.countries.get(&country) {
            measured.add_customers(*segment, 1);
        }
    }
    Ok(measured)
}

/// A chat in the order of its sendings; at the same moment the customer writes first.
fn seen(run: &Run<'_>, shape: &Shape, places: &[Option<u16>], chat: &Chat<'_>) -> Option<SeenChat> {
    let mut all: Vec<&ChatMessage<'_>> = chat.messages.iter().filter(|message| left_out(message).is_none()).collect();
    all.sort_by_key(|message| (message.message.sent, !message.message.is_inbound(), message.id));
    let country = all.first()?.message.country;
    let messages = all.into_iter().filter_map(|message| one(run, shape, places, message)).collect();
    Some(SeenChat { country, messages })
}

/// Failed, and the log does not say why.
const UNTOLD: u32 = 1;

fn one(run: &Run<'_>, shape: &Shape, places: &[Option<u16>], message: &ChatMessage<'_>) -> Option<Seen> {
    let account = places[message.account as usize]?;
    let own = &message.message;
    let seconds = |at: crate::model::Instant| at.as_ms().cast_signed() / 1_000;
    let act = match own.form {
        Form::Inbound { click, .. } => Act::Ask { click, kind: kind_of(message.kind) },
        Form::Template(category) => {
            Act::Template(shape.template(run.log.intake.names().get(message.template_name), category, account)?)
        }
        Form::FreeForm => Act::Reply { kind: kind_of(message.kind) },
        Form::BusinessAgent => Act::Agent,
        Form::Reaction => Act::React,
        Form::Call => return None,
    };
    let delivered_after = own.delivered.and_then(|at| u32::try_from(seconds(at) - seconds(own.sent)).ok());
    let failed = own.traffic == Traffic::Failed && own.delivered.is_none();
    let error = if failed { own.error_code.max(UNTOLD) } else { 0 };
    Some(Seen { at: seconds(own.sent), act, account, delivered_after, error })
}
