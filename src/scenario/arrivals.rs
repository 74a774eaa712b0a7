//! On which days something happens to a customer.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::calendar;
use super::customer::Customer;
use super::diary::Diary;
use super::frequency::{Frequency, MONTH_DAYS, Monthly};
use super::traffic::Name;
use super::values::Share;

/// What happens to the customer.
#[derive(Debug, Clone, Copy)]
enum Happening<'a> {
    Question,
    Click,
    Journey(&'a str),
}

impl Diary<'_> {
    /// Everything that the customer or the outside world starts: first what has a chance for each day, day by day, then what has a rate.
    pub(super) fn happenings(&mut self) {
        self.daily();
        self.monthly();
    }

    fn daily(&mut self) {
        let segment = self.customer.segment;
        let (question, click) = (daily_chance(segment.questions()), daily_chance(segment.clicks()));
        let journeys: Vec<(&str, Share)> =
            segment.journeys().filter_map(|(name, often)| daily_chance(often).map(|chance| (name, chance))).collect();
        if question.is_none() && click.is_none() && journeys.is_empty() {
            return;
        }
        let (from, to) = self.customer.active;
        let weekend = self.population.traffic.rhythm.weekend;
        for day in &self.population.days[from.min(to)..to] {
            let dice = &mut self.customer.dice;
            if calendar::is_weekend(*day) && !dice.happens(weekend) {
                continue;
            }
            if question.is_some_and(|chance| dice.happens(chance)) {
                self.happening(Happening::Question, *day);
            }
            if click.is_some_and(|chance| self.customer.dice.happens(chance)) {
                self.happening(Happening::Click, *day);
            }
            for (name, chance) in &journeys {
                if self.customer.dice.happens(*chance) {
                    self.happening(Happening::Journey(name), *day);
                }
            }
        }
    }

    fn monthly(&mut self) {
        let segment = self.customer.segment;
        let flows = [(Happening::Question, segment.questions()), (Happening::Click, segment.clicks())];
        let journeys = segment.journeys().map(|(name, often)| (Happening::Journey(name), often));
        for (happening, often) in flows.into_iter().chain(journeys) {
            let Frequency::Monthly(often) = often else { continue };
            for _ in 0..self.count(often) {
                let day = self.busy_day();
                self.happening(happening, day);
            }
        }
    }

    /// How often something happens to the customer in the period: Poisson, at a rate that is the customer's own.
    fn count(&mut self, often: Monthly) -> u64 {
        if often.per_month.0 <= 0.0 {
            return 0;
        }
        let mean = often.per_month.0 / MONTH_DAYS * self.busyness();
        let dice = &mut self.customer.dice;
        let own = dice.gamma(often.variation.0);
        dice.poisson(mean * own)
    }

    /// How many usual days the customer's days are worth.
    fn busyness(&self) -> f64 {
        let (from, to) = self.customer.active;
        let before = &self.population.busy_before;
        if from < to { before[to] - before[from] } else { 0.0 }
    }

    /// One of the customer's days, by how busy it is.
    fn busy_day(&mut self) -> NaiveDate {
        let (from, to) = self.customer.active;
        let before = &self.population.busy_before;
        let drawn = before[from] + self.customer.dice.fraction() * self.busyness();
        let after = before.partition_point(|busy| *busy <= drawn);
        self.population.days[(after - 1).clamp(from, to - 1)]
    }

    fn happening(&mut self, happening: Happening<'_>, day: NaiveDate) {
        match happening {
            Happening::Question => {
                let question = &self.population.traffic.question;
                let number = self.one_of(&question.number, &question.numbers);
                self.question(number, day);
            }
            Happening::Click => self.click(day),
            Happening::Journey(name) => {
                let start = self.waking(day);
                self.journey(name, start);
            }
        }
    }
}

/// The chance for each day, if it is one.
fn daily_chance(often: Frequency) -> Option<Share> {
    match often {
        Frequency::Daily(chance) if !chance.is_never() => Some(chance),
        _ => None,
    }
}

impl<'a> Diary<'a> {
    /// A number: the one that is named, or one of several by their weights.
    pub(super) fn one_of(&mut self, only: &'a Name, several: &'a BTreeMap<Name, u16>) -> &'a str {
        if several.is_empty() {
            return only.get_ref();
        }
        self.customer.dice.by_weight(several.iter().map(|(name, weight)| (name.get_ref().as_str(), *weight)))
    }
}

impl Customer<'_> {
    /// Whether they are a customer on a day of the period, by its number.
    pub(super) fn is_active(&self, day: usize) -> bool {
        (self.active.0..self.active.1).contains(&day)
    }
}
