//! Who the customers are: their number, habits, random stream, and since when they are customers.

use chrono::NaiveDate;
use toml::Spanned;

use super::audience::{Market, Segment};
use super::calendar;
use super::dice::Dice;
use super::frequency::MONTH_DAYS;
use super::places;
use super::traffic::Traffic;

/// One customer. What they are is the same in every run of the scenario, whoever else is in it.
#[derive(Debug)]
pub(super) struct Customer<'a> {
    /// E.164 digits.
    pub(super) phone: u64,
    /// Two letters.
    pub(super) country: &'a str,
    pub(super) market: &'a Market,
    pub(super) segment: &'a Segment,
    /// Whether their phone reports what they read.
    pub(super) receipts: bool,
    pub(super) dice: Dice,
    /// First day on which they are a customer, and first on which they are no more: numbers of days of the period.
    pub(super) active: (usize, usize),
}

/// All customers of a scenario, by number, and its days.
#[derive(Debug)]
pub struct Population<'t> {
    pub(super) traffic: &'t Traffic,
    cohorts: Vec<Cohort<'t>>,
    size: u64,
    pub(super) days: Vec<NaiveDate>,
    /// By number of a day: how busy the days before it are, a usual day counting 1.
    pub(super) busy_before: Vec<f64>,
}

/// Customers who are made in one way.
#[derive(Debug)]
struct Cohort<'t> {
    /// The number of its first customer.
    start: u64,
    /// Upper half of the numbers of their streams.
    stream: u64,
    kind: Kind<'t>,
}

#[derive(Debug)]
enum Kind<'t> {
    /// Those that a market counts.
    Market(&'t str, &'t Market),
    /// A segment's own, with its place among such segments in the file.
    Segment { segment: &'t Segment, markets: Vec<(&'t str, &'t Market, u16)>, place: u32 },
}

impl<'t> Population<'t> {
    /// The customers of a scenario.
    pub fn new(traffic: &'t Traffic) -> Self {
        let days: Vec<NaiveDate> = calendar::days(*traffic.period.get_ref()).collect();
        let week = calendar::week(&traffic.rhythm);
        let mut busy_before = vec![0.0];
        for day in &days {
            let before = busy_before.last().copied().unwrap_or(0.0);
            busy_before.push(before + week[calendar::weekday(*day)]);
        }
        let mut population = Self { traffic, cohorts: Vec::new(), size: 0, days, busy_before };
        for (country, market) in &traffic.market {
            population.add(*market.customers.get_ref(), letters(country), Kind::Market(country, market));
        }
        for (place, (name, segment)) in own_segments(traffic).into_iter().enumerate() {
            population.add_segment(name, segment, u32::try_from(place).unwrap_or(u32::MAX));
        }
        population
    }

    /// How many customers there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn add(&mut self, customers: u32, stream: u64, kind: Kind<'t>) {
        self.cohorts.push(Cohort { start: self.size, stream, kind });
        self.size += u64::from(customers);
    }

    fn add_segment(&mut self, name: &str, segment: &'t Segment, place: u32) {
        let market = |(country, weight): (&'t super::traffic::Name, &u16)| {
            let name = country.get_ref().as_str();
            self.traffic.market.get(name).map(|market| (name, market, *weight))
        };
        let markets = segment.markets.iter().filter_map(market).collect();
        let customers = ever(segment, self.days.len());
        self.add(customers, stream_of(name), Kind::Segment { segment, markets, place });
    }

    /// The customer of a number.
    pub(super) fn customer(&self, number: u64) -> Customer<'t> {
        let after = self.cohorts.partition_point(|cohort| cohort.start <= number);
        let cohort = &self.cohorts[after - 1];
        let rank = u32::try_from(number - cohort.start).unwrap_or(u32::MAX);
        let mut dice = Dice::new(self.traffic.seed, cohort.stream << 32 | u64::from(rank));
        let always = (0, self.days.len());
        let (country, market, segment, phone, active) = match &cohort.kind {
            Kind::Market(country, market) => {
                let weighted = self.traffic.segment.values().map(Spanned::get_ref);
                let segments = weighted.filter_map(|segment| segment.weight.map(|weight| (segment, weight)));
                let phone = of_patterns(market, rank);
                (*country, *market, dice.by_weight(segments), phone, always)
            }
            Kind::Segment { segment, markets, place } => {
                let choices = markets.iter().map(|(country, market, weight)| ((*country, *market), *weight));
                let (country, market) = dice.by_weight(choices);
                let phone = self.phone(country, market, *place, rank);
                (country, market, *segment, phone, active(segment, rank, self.days.len()))
            }
        };
        let receipts = dice.happens(self.traffic.delivery.receipts);
        Customer { phone, country, market, segment, receipts, dice, active }
    }

    /// The number of a segment's own customer: of the market's own patterns behind those that the market counts, else of the usual ones.
    fn phone(&self, country: &str, market: &Market, place: u32, rank: u32) -> u64 {
        if !market.numbers.is_empty() {
            let before = own_segments(self.traffic).into_iter().take(place as usize);
            let taken: u32 = before.map(|(_, segment)| ever(segment, self.days.len())).sum();
            return of_patterns(market, *market.customers.get_ref() + taken + rank);
        }
        let Some(usual) = places::usual(country) else { return 0 };
        let fiction = usual.fiction.filter(|fiction| place == 0 && rank < fiction.room());
        let block = usual.block;
        fiction
            .map_or_else(|| block.number(place * (block.room() / OWN_SEGMENTS) + rank), |fiction| fiction.number(rank))
    }
}

/// Into how many parts a block of numbers is cut, one for each segment with customers of its own.
pub(super) const OWN_SEGMENTS: u32 = 20;

/// Segments with customers of their own, in the order of the file.
pub(super) fn own_segments(traffic: &Traffic) -> Vec<(&str, &Segment)> {
    let with_own = traffic.segment.iter().filter(|(_, segment)| segment.get_ref().customers.is_some());
    let mut own: Vec<_> = with_own.collect();
    own.sort_by_key(|(_, segment)| segment.span().start);
    own.into_iter().map(|(name, segment)| (name.as_str(), segment.get_ref())).collect()
}

/// How many customers a segment ever has in a period of so many days.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped before"
)]
pub(super) fn ever(segment: &Segment, days: usize) -> u32 {
    let start = segment.customers.unwrap_or(0);
    let end = f64::from(start) * (1.0 + segment.growth.0).powf(days as f64 / MONTH_DAYS);
    start.max(end.round().clamp(0.0, f64::from(u32::MAX)) as u32)
}

/// The days on which the customer of a rank is one: those beyond the first number join one by one, or the last leave one by one, so that
/// on day `d` there are `customers × (1 + growth)^(d / 30)`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped before"
)]
fn active(segment: &Segment, rank: u32, days: usize) -> (usize, usize) {
    let start = segment.customers.unwrap_or(0);
    let growth = segment.growth.0;
    let reached = || {
        let months = ((f64::from(rank) + 0.5) / f64::from(start.max(1))).ln() / (1.0 + growth).ln();
        (months * MONTH_DAYS).ceil().clamp(0.0, days as f64) as usize
    };
    if growth > 0.0 && rank >= start {
        (reached(), days)
    } else if growth < 0.0 {
        (0, reached())
    } else {
        (0, days)
    }
}

/// The country's letters, so that neither more customers nor more countries move anybody to another stream.
fn letters(country: &str) -> u64 {
    country.bytes().fold(0, |letters, letter| letters << 8 | u64::from(letter))
}

/// Streams of a segment's own customers: FNV-1a of its name in 31 bits, with the highest bit set, which no country has.
pub(super) fn stream_of(segment: &str) -> u64 {
    let hash = segment.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u64::from(hash | 1 << 31)
}

/// Takes the market's patterns in turn, and in each pattern one place after the other.
fn of_patterns(market: &Market, rank: u32) -> u64 {
    if market.numbers.is_empty() {
        return 0;
    }
    let patterns = u32::try_from(market.numbers.len()).unwrap_or(u32::MAX);
    let (place, turn) = (rank / patterns, rank % patterns);
    market.numbers[usize::try_from(turn).unwrap_or(0)].number(place)
}
