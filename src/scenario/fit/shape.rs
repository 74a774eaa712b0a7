//! The skeleton of a scenario: which numbers, templates, mailings and groups of customers a log has. Everything else is counted along it.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::model::{Country, Day, TemplateCategory};
use crate::tariff::Account;

use super::super::places;

/// What a first look over a log finds.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// Accounts of the log: a number and what it bills to.
    pub accounts: Vec<Account>,
    /// Templates by name, category and place of the account, with how many were sent on each local day.
    pub templates: BTreeMap<(String, TemplateCategory, u16), BTreeMap<Day, u64>>,
    /// Customers by country.
    pub customers: BTreeMap<Country, u64>,
    /// Local days of the first and the last message.
    pub days: Option<(Day, Day)>,
    /// Messages of the customers, and of the business, that the scenario can hold.
    pub messages: (u64, u64),
    /// What it cannot hold, by kind.
    pub left_out: BTreeMap<&'static str, u64>,
    /// A range of invented phone numbers for countries of which no zone and no numbers are known here.
    pub patterns: BTreeMap<Country, String>,
    /// The countries that such numbers have, where a country has no prefix of its own: another one of the same market.
    pub stand_ins: BTreeMap<Country, Country>,
}

/// One template as one account sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateShape {
    /// Its name in the scenario: its own, unless it was of two categories; of those that are rare, one for all of a category.
    pub name: String,
    /// Its category.
    pub category: TemplateCategory,
    /// Place of the account.
    pub account: u16,
    /// Days on which it goes out to many at once.
    pub mailings: Vec<Day>,
    /// How many templates stand behind the name, if several.
    pub pooled: usize,
}

/// Customers with habits of their own: those of a country, or of all countries with few customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentShape {
    /// Its name in the file.
    pub name: String,
    /// Its countries with their customers.
    pub countries: Vec<(Country, u64)>,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Shape {
    /// First and last local day of the main account.
    pub days: (Day, Day),
    /// Accounts, the main one first.
    pub accounts: Vec<Account>,
    /// Templates.
    pub templates: Vec<TemplateShape>,
    /// Segments.
    pub segments: Vec<SegmentShape>,
    /// For each country its segment and its zone.
    pub countries: BTreeMap<Country, (u16, Tz)>,
    /// Numbers for countries without usual ones.
    pub patterns: BTreeMap<Country, String>,
    /// What is left out of the log.
    pub left_out: BTreeMap<&'static str, u64>,
    by_name: BTreeMap<(String, TemplateCategory, u16), u16>,
}

/// Templates that keep their names; the rest is put together by category.
const TEMPLATES: usize = 40;
/// Segments of one country each, at most; the format has room for twenty.
const COUNTRIES: usize = 14;
/// A country with fewer customers has no segment of its own, …
const LEAST_CUSTOMERS: u64 = 20;
/// … nor one with less than one customer in so many.
const LEAST_SHARE: u64 = 50;

impl Shape {
    /// The shape of a log; `None` if nothing in it has a day.
    pub fn of(survey: Survey) -> Option<Shape> {
        let days = survey.days?;
        let (segments, mut countries) = segments(&survey);
        for (stand_in, country) in &survey.stand_ins {
            if let Some(place) = countries.get(country).copied() {
                countries.entry(*stand_in).or_insert(place);
            }
        }
        let (templates, by_name) = templates(&survey, days);
        let Survey { accounts, left_out, patterns, .. } = survey;
        Some(Shape { days, accounts, templates, segments, countries, patterns, left_out, by_name })
    }

    /// The place of a template.
    pub fn template(&self, name: &str, category: TemplateCategory, account: u16) -> Option<u16> {
        // Names are looked up by reference first; what is rare goes by its category.
        let own = self.by_name.get(&(name.to_owned(), category, account));
        own.or_else(|| self.by_name.get(&(pooled_name(category), category, account))).copied()
    }

    /// Days of the log.
    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.days.1.epoch_days() - self.days.0.epoch_days() + 1).unwrap_or(1)
    }

    /// The zone of the main account.
    pub fn zone(&self) -> Tz {
        self.accounts.first().map_or(Tz::UTC, |account| account.zone)
    }
}

/// What rare templates of a category are called together.
fn pooled_name(category: TemplateCategory) -> String {
    format!("other_{}", category.name())
}

type ByName = BTreeMap<(String, TemplateCategory, u16), u16>;

fn templates(survey: &Survey, days: (Day, Day)) -> (Vec<TemplateShape>, ByName) {
    let mut all: Vec<_> = survey.templates.iter().collect();
    all.sort_by_key(|(key, sent)| (std::cmp::Reverse(sent.values().sum::<u64>()), (*key).clone()));
    let (mut shapes, mut by_name) = (Vec::<TemplateShape>::new(), ByName::new());
    let mut pools: BTreeMap<(TemplateCategory, u16), (BTreeMap<Day, u64>, usize)> = BTreeMap::new();
    for (place, ((name, category, account), sent)) in all.into_iter().enumerate() {
        if place < TEMPLATES && !name.is_empty() {
            let shown = shown_name(&shapes, name, *category);
            by_name.insert((name.clone(), *category, *account), number(shapes.len()));
            by_name.insert((shown.clone(), *category, *account), number(shapes.len()));
            let mailings = mailings(sent, days);
            shapes.push(TemplateShape { name: shown, category: *category, account: *account, mailings, pooled: 1 });
        } else {
            let (all, count) = pools.entry((*category, *account)).or_default();
            for (day, more) in sent {
                *all.entry(*day).or_default() += more;
            }
            *count += 1;
        }
    }
    for ((category, account), (sent, pooled)) in pools {
        let name = pooled_name(category);
        by_name.insert((name.clone(), category, account), number(shapes.len()));
        shapes.push(TemplateShape { name, category, account, mailings: mailings(&sent, days), pooled });
    }
    (shapes, by_name)
}

/// A template has one category in a scenario: what was sent under another one gets a name of its own.
fn shown_name(shapes: &[TemplateShape], name: &str, category: TemplateCategory) -> String {
    let taken = shapes.iter().any(|other| other.name == name && other.category != category);
    if taken { format!("{name}_{}", category.name()) } else { name.to_owned() }
}

fn number(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// A day is one of a mailing if the template goes out four times as often as on a mean day of the log, …
const PEAK: u64 = 4;
/// … and at least so often.
const LEAST_MAILING: u64 = 10;

/// Days of mailings: none, if most of the template goes out on other days.
fn mailings(sent: &BTreeMap<Day, u64>, (from, to): (Day, Day)) -> Vec<Day> {
    let length = u64::try_from(to.epoch_days() - from.epoch_days() + 1).unwrap_or(1);
    let total: u64 = sent.values().sum();
    let peaks: Vec<(Day, u64)> = sent
        .iter()
        .filter(|(_, count)| **count >= LEAST_MAILING && **count * length >= PEAK * total)
        .map(|(day, count)| (*day, *count))
        .collect();
    let mailed: u64 = peaks.iter().map(|(_, count)| count).sum();
    if 2 * mailed >= total { peaks.into_iter().map(|(day, _)| day).collect() } else { Vec::new() }
}

fn segments(survey: &Survey) -> (Vec<SegmentShape>, BTreeMap<Country, (u16, Tz)>) {
    let mut by_size: Vec<(Country, u64)> = survey.customers.iter().map(|(country, count)| (*country, *count)).collect();
    by_size.sort_by_key(|(country, count)| (std::cmp::Reverse(*count), *country));
    let all: u64 = by_size.iter().map(|(_, count)| count).sum();
    let own = |count: u64| count >= LEAST_CUSTOMERS && count * LEAST_SHARE >= all;
    let large = by_size.iter().take(COUNTRIES).take_while(|(_, count)| own(*count)).count();
    let alone = by_size[..large].iter().map(|one| (country_key(one.0), vec![*one]));
    let rest = Some(("elsewhere".to_owned(), by_size[large..].to_vec())).filter(|(_, rest)| !rest.is_empty());
    let segments: Vec<SegmentShape> =
        alone.chain(rest).map(|(name, countries)| SegmentShape { name, countries }).collect();
    let usual = survey.accounts.first().map_or(Tz::UTC, |account| account.zone);
    let mut countries = BTreeMap::new();
    for (place, segment) in segments.iter().enumerate() {
        for (country, _) in &segment.countries {
            let zone = places::usual(&country_key(*country)).map_or(usual, |place| place.zone.0);
            countries.insert(*country, (number(place), zone));
        }
    }
    (segments, countries)
}

/// What a scenario calls a country; places without a code of their own get one of those left to users.
pub(super) fn country_key(country: Country) -> String {
    match country {
        Country::UNLISTED => "ZZ".to_owned(),
        Country::PLUS_ONE => "XN".to_owned(),
        other => other.to_string(),
    }
}

/// Whether a scenario knows the zone and the numbers of a country by itself.
pub fn is_known(country: Country) -> bool {
    places::usual(&country_key(country)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(counts: &[(i32, u64)]) -> BTreeMap<Day, u64> {
        counts.iter().map(|(day, count)| (Day::from_epoch_days(*day), *count)).collect()
    }

    #[test]
    fn mailings_are_peaks_that_hold_most_of_a_template() {
        let days = (Day::from_epoch_days(0), Day::from_epoch_days(29));
        assert_eq!(mailings(&sent(&[(3, 200), (4, 2), (20, 180)]), days).len(), 2);
        let steady: Vec<(i32, u64)> = (0..30).map(|day| (day, 20 + u64::from(day % 7 == 0) * 15)).collect();
        assert!(mailings(&sent(&steady), days).is_empty());
        // One busy day does not make a campaign of what goes out every day.
        let busy: Vec<(i32, u64)> = (0..30).map(|day| (day, if day == 9 { 150 } else { 20 })).collect();
        assert!(mailings(&sent(&busy), days).is_empty());
        assert!(mailings(&sent(&[(3, 9)]), days).is_empty());
    }

    #[test]
    fn rare_templates_and_small_countries_are_put_together() {
        let mut survey = Survey { days: Some((Day::from_epoch_days(0), Day::from_epoch_days(9))), ..Survey::default() };
        for place in 0..50_u64 {
            let key = (format!("t{place:02}"), TemplateCategory::Utility, 0);
            survey.templates.insert(key, sent(&[(1, 100 - place)]));
        }
        let country = |text| Country::parse(text).unwrap();
        survey.customers = [(country("BR"), 900), (country("MX"), 90), (country("PT"), 19), (country("FR"), 15)].into();
        let shape = Shape::of(survey).unwrap();
        assert_eq!(shape.templates.len(), 41);
        let pool = shape.template("t49", TemplateCategory::Utility, 0).map(usize::from).unwrap();
        assert_eq!((shape.templates[pool].name.as_str(), shape.templates[pool].pooled), ("other_utility", 10));
        assert_eq!(shape.template("t49", TemplateCategory::Marketing, 0), None);
        let names: Vec<&str> = shape.segments.iter().map(|segment| segment.name.as_str()).collect();
        assert_eq!(names, ["BR", "MX", "elsewhere"]);
        assert_eq!(shape.countries[&country("FR")], (2, Tz::Europe__Paris));
    }
}
