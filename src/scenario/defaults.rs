//! What a scenario need not say: the habits of a small shop. A few lines with a period and some customers make a plausible one.
//!
//! The figures are round numbers of the right size, no measurements of anybody; a scenario that matters says its own, or is fitted to
//! a log.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use toml::Spanned;

use super::audience::{Market, Segment};
use super::conditions::{Delivery, LogFaults, Rhythm};
use super::frequency::Frequency;
use super::places;
use super::traffic::{
    Account, Campaign, Category, ClickOrigin, Clicks, Journey, Name, Number, Outcomes, Question, SourceKind, Step,
    Talk, Template, Traffic,
};
use super::values::{Clock, Delay, Lapse, Share, TypeMix, Weights, Zone};

/// A name that was left out.
pub(super) fn unnamed() -> Name {
    named("")
}

fn named(name: &str) -> Name {
    Spanned::new(0..0, name.to_owned())
}

impl Default for Question {
    fn default() -> Self {
        Self { number: unnamed(), numbers: BTreeMap::new() }
    }
}

impl Default for Account {
    fn default() -> Self {
        Self {
            waba_id: "200000000000001".to_owned(),
            timezone: Zone(Tz::UTC),
            currency: "USD".to_owned(),
            portfolio_id: "300000000000001".to_owned(),
            primary_location: String::new(),
            auth_intl_eligible_from: None,
            partner_served: None,
            waived_categories: Vec::new(),
            service_exempt_until: None,
        }
    }
}

impl Default for Talk {
    fn default() -> Self {
        Self {
            turns: Weights::of(&[0, 40, 35, 18, 7]),
            asks: Weights::of(&[0, 85, 12, 3]),
            replies: Weights::of(&[4, 40, 36, 20]),
            bot: Share::permille(500),
            business_agent: Share::default(),
            forgotten: Share::permille(30),
            reaction: Share::permille(30),
            reopen: None,
            outcome: Outcomes::default(),
        }
    }
}

impl Default for Clicks {
    fn default() -> Self {
        let source = |kind, id: &str, weight| ClickOrigin { kind, id: id.to_owned(), weight };
        Self {
            number: unnamed(),
            numbers: BTreeMap::new(),
            unanswered: Share::permille(50),
            forgotten: Share::permille(50),
            desktop: Share::permille(70),
            follow_up: named(FOLLOW_UP),
            follow_up_after: Delay::typical(30 * 3_600, 9),
            follow_up_chance: Share::permille(300),
            source: vec![
                source(SourceKind::Ad, "400000000000001", 80),
                source(SourceKind::PageCta, "400000000000002", 12),
                source(SourceKind::Post, "400000000000003", 8),
            ],
        }
    }
}

impl Default for Rhythm {
    fn default() -> Self {
        let hours = [3, 1, 1, 0, 0, 1, 3, 8, 14, 19, 22, 22, 24, 21, 18, 18, 19, 21, 25, 28, 29, 24, 15, 7];
        Self {
            hours: Spanned::new(0..0, Weights::of(&hours)),
            weekend: Share::permille(600),
            days: None,
            desk_opens: Spanned::new(0..0, Clock::hour(8)),
            desk_closes: Clock::hour(20),
            bot_reply: Delay::typical(4, 5),
            person_reply: Delay::typical(9 * 60, 11),
            forgotten_reply: Delay::typical(19 * 3_600, 6),
            customer_reply: Delay::typical(5 * 60, 14),
            customer_types: TypeMix::of(&[
                ("audio", 6),
                ("document", 1),
                ("image", 9),
                ("interactive", 4),
                ("text", 80),
            ]),
            bot_types: TypeMix::of(&[("interactive", 30), ("text", 70)]),
            person_types: TypeMix::of(&[("document", 4), ("image", 5), ("location", 1), ("text", 90)]),
        }
    }
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            unreachable: Share::permille(4),
            held_back: Share::permille(30),
            lost: Share::permille(12),
            prompt: Delay::typical(2, 7),
            late: Share::permille(70),
            late_by: Delay::typical(9 * 3_600, 11),
            receipts: Share::permille(860),
            read: Share::permille(900),
            read_after: Delay::typical(35, 14),
            template_read_after: Delay::typical(25 * 60, 16),
            read_only: Share::permille(80),
        }
    }
}

impl Default for LogFaults {
    fn default() -> Self {
        Self { duplicate: Share::default(), late: Share::default(), late_by: Delay::typical(240, 16) }
    }
}

/// What follows up a click if nothing is said.
pub(super) const FOLLOW_UP: &str = "offer";

/// Templates that every scenario has, unless it has others of these names.
const TEMPLATES: [(&str, Category); 4] = [
    ("order_confirmation", Category::Utility),
    ("shipping_update", Category::Utility),
    ("login_code", Category::Authentication),
    ("offer", Category::Marketing),
];

/// Fills in what the file leaves out and cannot have as a default of one field.
pub(super) fn complete(traffic: &mut Traffic) {
    for (name, category) in TEMPLATES {
        let valid = (category == Category::Authentication).then(|| Lapse::of_seconds(600));
        let usual = Template { category, valid, delivered: None, read: None };
        traffic.template.entry(name.to_owned()).or_insert(usual);
    }
    numbers(traffic);
    segments(traffic);
    markets(traffic);
    number_names(traffic);
}

/// One number if there is none, and ids for those without.
fn numbers(traffic: &mut Traffic) {
    if traffic.number.is_empty() {
        traffic.number.insert("main".to_owned(), Number::default());
    }
    for (place, number) in traffic.number.values_mut().enumerate() {
        if number.id.is_empty() {
            number.id = format!("1000000000{:05}", place + 1);
        }
        if number.phone.is_empty() {
            number.phone = format!("120255501{place:02}");
        }
    }
}

/// Customers of whom nothing is said behave like a shop's: they ask, order, log in, come from ads, and get an offer once a month.
fn segments(traffic: &mut Traffic) {
    let counted = traffic.market.values().any(|market| *market.customers.get_ref() > 0);
    if traffic.segment.is_empty() && counted {
        let everyone = Segment { weight: Some(1), ..Segment::default() };
        traffic.segment.insert("everyone".to_owned(), Spanned::new(0..0, everyone));
    }
    let all_silent = traffic.segment.values().all(|segment| segment.get_ref().is_silent());
    if traffic.journey.is_empty() {
        traffic.journey.extend([("order".to_owned(), order()), ("login".to_owned(), login())]);
    }
    if traffic.campaign.is_empty() && all_silent && !traffic.segment.is_empty() {
        traffic.campaign.insert("offer".to_owned(), monthly_offer());
    }
    for segment in traffic.segment.values_mut().map(Spanned::get_mut).filter(|segment| segment.is_silent()) {
        segment.question = Some(Frequency::per_thousand_months(500, 10));
        segment.click = Some(Frequency::per_thousand_months(100, 10));
        let usual = [("order", 400, 8), ("login", 300, 10)].into_iter();
        let known = usual.filter(|(name, ..)| traffic.journey.contains_key(*name));
        let often = known.map(|(name, times, tenths)| (named(name), Frequency::per_thousand_months(times, tenths)));
        segment.journey = Some(often.collect());
    }
}

fn order() -> Journey {
    let step = |template, after, chance, by_day| Step { template: named(template), after, chance, by_day };
    let steps = vec![
        step("order_confirmation", Delay::typical(20, 6), Share::CERTAIN, false),
        step("shipping_update", Delay::typical(20 * 3_600, 5), Share::permille(960), true),
    ];
    Journey { number: unnamed(), steps, question: Share::permille(150) }
}

fn login() -> Journey {
    let step = |after, chance| Step { template: named("login_code"), after, chance, by_day: false };
    let steps = vec![
        step(Delay::typical(3, 4), Share::CERTAIN),
        // The first code was mistyped or came too late.
        step(Delay::typical(100, 5), Share::permille(100)),
    ];
    Journey { number: unnamed(), steps, question: Share::permille(10) }
}

fn monthly_offer() -> Campaign {
    Campaign {
        number: unnamed(),
        template: named("offer"),
        days: Vec::new(),
        monthly: vec![Spanned::new(0..0, 10)],
        at: Clock::ten(),
        within: Lapse::three_hours(),
        audience: Share::permille(400),
        audience_by_market: BTreeMap::new(),
        answer: Share::permille(60),
        opt_out: Share::permille(8),
    }
}

/// Markets that segments name, and zones of all that are known.
fn markets(traffic: &mut Traffic) {
    let of_segments = traffic.segment.values().flat_map(|segment| segment.get_ref().markets.keys());
    let named: Vec<String> = of_segments.map(|name| name.get_ref().clone()).collect();
    let unsaid = named.into_iter().filter(|name| places::usual(name).is_some());
    let mut all: BTreeMap<String, Market> = unsaid.map(|name| (name, Market::unsaid())).collect();
    all.append(&mut traffic.market);
    for (country, market) in &mut all {
        if *market.customers.get_ref() > 0 && market.numbers.is_empty() {
            market.numbers.extend(places::usual(country).map(|usual| usual.block));
        }
        market.timezone = market.timezone.or_else(|| places::usual(country).map(|usual| usual.zone));
    }
    traffic.market = all;
}

/// Where no number is named, it is the first.
fn number_names(traffic: &mut Traffic) {
    let Some(first) = traffic.number.keys().next().cloned() else { return };
    let journeys = traffic.journey.values_mut().map(|journey| &mut journey.number);
    let campaigns = traffic.campaign.values_mut().map(|campaign| &mut campaign.number);
    let flows = [&mut traffic.question.number, &mut traffic.click.number];
    for number in journeys.chain(campaigns).chain(flows).filter(|number| number.get_ref().is_empty()) {
        *number = named(&first);
    }
}
