//! A scenario while it is being fitted: every number of it as a number, in the units of the file or as totals of the period.

use super::super::frequency::MONTH_DAYS;
use super::lapses::as_number;
use super::measured::{Flow, Measured};
use super::mixture::Wait;
use super::shape::Shape;
use super::{journeys, mailings, waits};

/// All habits. Lists by segment, account and template follow the shape.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Customers by segment: more than were seen, as some say nothing in the period.
    pub(super) customers: Vec<f64>,
    /// By how much their number changes in 30 days.
    pub(super) growth: f64,
    /// Of those customers, how many there are on average.
    pub(super) present: f64,
    /// By segment, how the customers seen follow their number: what the last two simulations showed.
    pub(super) reach: Vec<Reach>,
    pub(super) questions: Arrivals,
    pub(super) clicks: Clicks,
    pub(super) numbers: Vec<NumberHabits>,
    pub(super) journeys: Vec<Journey>,
    pub(super) campaigns: Vec<Campaign>,
    /// By template: share that never arrives, and whether codes run out.
    pub(super) lost: Vec<f64>,
    pub(super) runs_out: Vec<bool>,
    pub(super) fates: Fates,
    pub(super) waits: Waits,
}

/// How many customers were seen of how many, as logarithms, and by how much the one moves with the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    pub(super) last: Option<(f64, f64)>,
    pub(super) slope: f64,
}

/// Something that comes to customers at a rate.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    /// In the period, by segment.
    pub(super) totals: Vec<f64>,
    pub(super) variation: f64,
}

/// Clicks.
#[derive(Debug, Clone)]
pub(super) struct Clicks {
    pub(super) arrivals: Arrivals,
    pub(super) unanswered: f64,
    pub(super) forgotten: f64,
    /// Template that follows them up, with its wait and its share.
    pub(super) follow_up: Option<(usize, Wait, f64)>,
}

/// How conversations on a number go.
#[derive(Debug, Clone, Default)]
pub(super) struct NumberHabits {
    /// Chance that an answered turn has another one behind it, by place of the turn.
    pub(super) going_on: Vec<f64>,
    /// Shares of turns by replies.
    pub(super) replies: Vec<f64>,
    pub(super) bot: f64,
    pub(super) agent: f64,
    pub(super) forgotten: f64,
    pub(super) reaction: f64,
    pub(super) reopen: Option<usize>,
}

/// Templates that something outside the log sets off.
#[derive(Debug, Clone)]
pub(super) struct Journey {
    pub(super) steps: Vec<Step>,
    pub(super) arrivals: Arrivals,
    /// Chance at the end of a conversation.
    pub(super) outcome: f64,
    /// Chance of a conversation after each step.
    pub(super) question: f64,
}

/// One template of a journey.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) template: usize,
    pub(super) wait: Wait,
    pub(super) chance: f64,
    pub(super) by_day: bool,
    /// It is the template before once more.
    pub(super) again: bool,
}

/// One template to many, on some of its days.
#[derive(Debug, Clone)]
pub(super) struct Campaign {
    pub(super) template: usize,
    /// Places of its days.
    pub(super) mailings: Vec<usize>,
    /// First quarter of an hour, and how many it takes.
    pub(super) clock: (usize, usize),
    /// Of all who are ever customers, the share that is there on its days.
    pub(super) present: f64,
    /// Share of each segment's customers.
    pub(super) audience: Vec<f64>,
    pub(super) answer: f64,
}

/// How messages fare.
#[derive(Debug, Clone)]
pub(super) struct Fates {
    pub(super) unreachable: f64,
    pub(super) held_back: f64,
    pub(super) lost: f64,
    pub(super) prompt: Option<Wait>,
    /// Share of templates that arrive late, and by how much.
    pub(super) late: Option<(f64, Wait)>,
}

/// When people answer.
#[derive(Debug, Clone)]
pub(super) struct Waits {
    /// First hour of the desk, and the first after it; none if people answer at any hour.
    pub(super) desk: Option<(u32, u32)>,
    pub(super) bot: Option<Wait>,
    pub(super) person: Option<Wait>,
    pub(super) forgotten: Option<Wait>,
    pub(super) customer: Option<Wait>,
}

impl Draft {
    /// A first estimate from the counts of a log.
    pub fn first(shape: &Shape, log: &Measured) -> Draft {
        let counts = &log.0;
        let customers: Vec<f64> = counts.customers.iter().map(|seen| as_number(*seen).max(1.0)).collect();
        let totals = |flow: &Flow| flow.times.iter().map(|times| as_number(*times)).collect();
        let (waits, numbers) = waits::of(counts);
        let growth = growth(&counts.start_halves, shape.length());
        let mut draft = Draft {
            growth,
            present: present(growth, f64::from(shape.length()) / MONTH_DAYS),
            reach: vec![Reach { last: None, slope: 1.0 }; customers.len()],
            customers,
            questions: Arrivals { totals: totals(&counts.questions), variation: 0.0 },
            clicks: Clicks {
                arrivals: Arrivals { totals: totals(&counts.clicked.flow), variation: 0.0 },
                unanswered: 0.0,
                forgotten: 0.0,
                follow_up: journeys::follow_up(counts),
            },
            numbers,
            journeys: Vec::new(),
            campaigns: mailings::campaigns(shape, counts, growth),
            lost: counts.sent.iter().map(|sent| share(sent.lost, sent.accepted)).collect(),
            runs_out: shape.templates.iter().zip(&counts.sent).map(|(one, sent)| waits::runs_out(one, sent)).collect(),
            fates: waits::fates(counts),
            waits,
        };
        draft.journeys = journeys::all(shape, counts, draft.follow_up_template());
        journeys::reopening(shape, counts, &mut draft.numbers);
        draft.of_clicks(log);
        draft.rates(log);
        draft
    }

    /// The template that follows clicks up.
    pub(super) fn follow_up_template(&self) -> Option<usize> {
        self.clicks.follow_up.map(|(template, ..)| template)
    }

    /// Clicks that nobody answers, and those that are answered late, beyond what happens to any turn.
    fn of_clicks(&mut self, log: &Measured) {
        let (counts, clicks) = (&log.0, log.0.clicked.flow.total());
        let usual = |of: &dyn Fn(usize) -> f64| {
            let by = counts.talks.iter().enumerate().map(|(place, talks)| (of(place), as_number(talks.clicks)));
            by.map(|(share, weight)| share * weight).sum::<f64>() / as_number(clicks).max(1.0)
        };
        let silent = usual(&|place| share(counts.talks[place].replies[0], counts.talks[place].replies.iter().sum()));
        let late = usual(&|place| (1.0 - self.numbers[place].bot) * self.numbers[place].forgotten);
        let beyond = |all: f64, usual: f64| ((all - usual) / (1.0 - usual).max(0.01)).clamp(0.0, 1.0);
        self.clicks.unanswered = beyond(share(counts.clicked.unanswered, clicks), silent);
        self.clicks.forgotten = beyond(share(counts.clicked.late, clicks), late);
    }

    /// What depends on the number of customers, of whom those who say nothing are not seen: how much they differ, and who is on a list.
    pub(super) fn rates(&mut self, log: &Measured) {
        let counts = &log.0;
        let concentrated = |of: &dyn Fn(usize) -> u64| {
            let all: f64 = (0..counts.talks.len()).map(|place| as_number(of(place))).sum();
            (0..counts.talks.len()).map(|place| (as_number(of(place)) / all.max(1.0)).powi(2)).sum::<f64>()
        };
        let by_number = concentrated(&|place| counts.talks[place].questions);
        self.questions.variation = variation(&counts.questions, &self.customers, by_number);
        let by_number = concentrated(&|place| counts.talks[place].clicks);
        self.clicks.arrivals.variation = variation(&counts.clicked.flow, &self.customers, by_number);
        for journey in &mut self.journeys {
            let head = journey.steps.first().map_or(0, |step| step.template);
            journey.arrivals.variation = variation(&counts.sent[head].outside, &self.customers, 1.0);
        }
        for campaign in &mut self.campaigns {
            campaign.audience = mailings::audience(campaign, counts, &self.customers);
        }
    }
}

/// Shorter logs do not tell growth from the days of a month.
const LEAST_DAYS: u32 = 28;
/// Standard errors beyond which the halves of a log differ by more than chance.
const ERRORS: f64 = 4.0;

/// By how much what begins grows in 30 days, if the second half of the days has more of it than chance explains, or less. Whose rates they
/// are does not matter: given the sum, the halves share it by their days, so the logarithm of their ratio has the variance 1/a + 1/b.
fn growth(halves: &[u64], days: u32) -> f64 {
    let (first, second) = (as_number(halves[0]), as_number(halves[1]));
    if days < LEAST_DAYS || first < 1.0 || second < 1.0 {
        return 0.0;
    }
    let later = f64::from(days / 2);
    let ratio = ((second / later) / (first / (f64::from(days) - later))).ln();
    let error = (1.0 / first + 1.0 / second).sqrt();
    let months = f64::from(days) / 2.0 / MONTH_DAYS;
    if ratio.abs() > ERRORS * error { ((ratio / months).exp() - 1.0).clamp(-0.9, 9.0) } else { 0.0 }
}

/// Of all who are ever customers, the share that is there on average: the first number grows to the last one, or shrinks to it.
fn present(growth: f64, months: f64) -> f64 {
    let rate = (1.0 + growth).ln() * months;
    if rate.abs() < 1e-9 {
        1.0
    } else {
        let mean = (rate.exp() - 1.0) / rate;
        mean / rate.exp().max(1.0)
    }
}

/// A share of counts; nothing of nothing.
pub(super) fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { as_number(part) / as_number(all) }
}

/// Customers differ no more than this in what is fitted.
const MOST_VARIATION: f64 = 6.0;

/// How much the rates of customers differ, by moments: a count with mean m has the variance m + (v m)², so the mean of k (k − 1) is
/// m² (1 + v²). Counts are those of chats; a customer's are spread over several numbers as `by_number` says: the sum of squared shares.
pub(super) fn variation(flow: &Flow, customers: &[f64], by_number: f64) -> f64 {
    let (mut above, mut base) = (0.0, 0.0);
    for ((times, squares), customers) in flow.times.iter().zip(&flow.squares).zip(customers) {
        let (sum, squares) = (as_number(*times), as_number(*squares));
        let mean_square = sum * sum * by_number / customers;
        above += squares - sum - mean_square;
        base += mean_square;
    }
    if base > 0.0 { (above / base).max(0.0).sqrt().min(MOST_VARIATION) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty days in each half, and half as much again in the second one: half as much again in 30 days. A tenth more of so few is chance.
    #[test]
    fn growth_is_what_chance_does_not_explain() {
        assert!((growth(&[1_000, 1_500], 60) - 0.5).abs() < 1e-12);
        assert!(growth(&[1_000, 1_100], 60).abs() < 1e-12);
        assert!(growth(&[1_000, 1_500], 20).abs() < 1e-12);
        // From 1 to 2 in one month: 1 / ln 2 on average, of the 2 that are there in the end.
        assert!((present(1.0, 1.0) - 0.5 / 2_f64.ln()).abs() < 1e-12);
        assert!((present(-0.5, 1.0) - 0.5 / 2_f64.ln()).abs() < 1e-12);
    }

    /// Two customers with 1 and 3: the mean of k (k − 1) is 3, that of k is 2, so 1 + v² = 3/4, which no mixture has: v = 0. With 0 and
    /// 4 it is 6 = 4 (1 + v²), so v² = ½.
    #[test]
    fn variation_by_hand() {
        let flow = |times, squares| Flow { times: vec![times], squares: vec![squares] };
        assert!(variation(&flow(4, 10), &[2.0], 1.0).abs() < 1e-12);
        assert!((variation(&flow(4, 16), &[2.0], 1.0) - 0.5_f64.sqrt()).abs() < 1e-12);
        assert!(variation(&flow(0, 0), &[2.0], 1.0).abs() < 1e-12);
    }
}
