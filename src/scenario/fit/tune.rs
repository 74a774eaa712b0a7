//! Corrects a draft by what its simulation shows: both were counted by the same rules, so what is missing in one is missing in the other.

use super::draft::{Draft, share};
use super::lapses::as_number;
use super::measured::{Counts, Measured};
use super::shape::Shape;
use super::waits;

/// A correction multiplies by no more than this, and by no less than one part of it.
const STEEPEST: f64 = 3.0;

/// Two numbers of customers that are nearer to each other tell nothing, in logarithms.
const FLAT: f64 = 0.02;
/// The least by which customers seen are taken to follow customers there.
const FLATTEST: f64 = 0.2;

/// Mean counts of several simulations, beside those of the log.
struct Beside<'b> {
    log: &'b Counts,
    /// Counts of all simulations together.
    simulated: &'b Counts,
    runs: f64,
}

impl Beside<'_> {
    /// How much more the log has of something, on average.
    fn missing(&self, of: impl Fn(&Counts) -> u64) -> f64 {
        as_number(of(self.log)) - as_number(of(self.simulated)) / self.runs
    }

    /// By what to multiply. Half a count keeps nothing from becoming everything.
    fn factor(&self, of: impl Fn(&Counts) -> u64) -> f64 {
        let (log, simulated) = (as_number(of(self.log)), as_number(of(self.simulated)) / self.runs);
        if log <= 0.0 { 0.0 } else { ((log + 0.5) / (simulated + 0.5)).clamp(1.0 / STEEPEST, STEEPEST) }
    }

    /// By how much a share is larger in the log.
    fn short_of(&self, part: impl Fn(&Counts) -> u64, all: impl Fn(&Counts) -> u64) -> f64 {
        share(part(self.log), all(self.log)) - share(part(self.simulated), all(self.simulated))
    }
}

impl Draft {
    /// Corrects what differs between the log and so many simulations of the draft, whose counts are summed up in `simulated`.
    pub fn tune(&mut self, shape: &Shape, log: &Measured, simulated: &Measured, runs: u32) {
        let beside = Beside { log: &log.0, simulated: &simulated.0, runs: f64::from(runs) };
        self.tune_customers(&beside);
        for (segment, total) in self.questions.totals.iter_mut().enumerate() {
            *total *= beside.factor(|counts| counts.questions.times[segment]);
        }
        for (segment, total) in self.clicks.arrivals.totals.iter_mut().enumerate() {
            *total *= beside.factor(|counts| counts.clicked.flow.times[segment]);
        }
        self.tune_journeys(shape, &beside);
        self.tune_campaigns(&beside);
        self.tune_follow_up(&beside);
        self.tune_fates(&beside);
        self.tune_replies(&beside);
        self.rates(log);
    }

    /// Of more customers, each saying less, more are seen; by how much more is told by the last two simulations.
    fn tune_customers(&mut self, beside: &Beside<'_>) {
        for (segment, (customers, reach)) in self.customers.iter_mut().zip(&mut self.reach).enumerate() {
            let seen = as_number(beside.simulated.customers[segment]) / beside.runs;
            let now = (customers.ln(), (seen + 0.5).ln());
            if let Some((of, had)) = reach.last
                && (now.0 - of).abs() > FLAT
            {
                reach.slope = ((now.1 - had) / (now.0 - of)).clamp(FLATTEST, 1.0);
            }
            reach.last = Some(now);
            let step = beside.factor(|counts| counts.customers[segment]).max(1.0 / STEEPEST).ln() / reach.slope;
            *customers = (*customers * step.exp().clamp(1.0 / STEEPEST, STEEPEST)).max(1.0);
        }
    }

    fn tune_journeys(&mut self, shape: &Shape, beside: &Beside<'_>) {
        for journey in &mut self.journeys {
            let head = journey.steps[0].template;
            for (segment, total) in journey.arrivals.totals.iter_mut().enumerate() {
                *total *= beside.factor(|counts| counts.sent[head].outside.times[segment]);
            }
            let ended = beside.log.talks[usize::from(shape.templates[head].account)].ended.iter().sum();
            let inside = beside.missing(|counts| counts.sent[head].inside.iter().sum());
            journey.outcome = (journey.outcome + inside / as_number(ended).max(1.0)).clamp(0.0, 1.0);
            let mut before = head;
            for step in journey.steps.iter_mut().skip(1).filter(|step| !step.again) {
                let following =
                    |counts: &Counts| share(counts.sent[step.template].events(), counts.sent[before].events());
                let (log, simulated) = (following(beside.log), following(beside.simulated));
                if simulated > 0.0 {
                    step.chance = (step.chance * log / simulated).clamp(0.0, 1.0);
                }
                before = step.template;
            }
            let own = |counts: &Counts, of: &dyn Fn(&super::measured::Sent) -> u64| -> u64 {
                let sent = journey.steps.iter().filter(|step| !step.again).map(|step| &counts.sent[step.template]);
                sent.filter(|sent| sent.mailed.is_empty()).map(of).sum()
            };
            let sent = own(beside.log, &|sent| sent.events());
            let missing = beside.missing(|counts| own(counts, &|sent| sent.answers));
            journey.question = (journey.question + missing / as_number(sent).max(1.0)).clamp(0.0, 1.0);
        }
    }

    fn tune_campaigns(&mut self, beside: &Beside<'_>) {
        for campaign in &mut self.campaigns {
            let template = campaign.template;
            let mailed: u64 = beside.log.sent[template].mailed.iter().flatten().sum();
            let missing = beside.missing(|counts| counts.sent[template].answers);
            campaign.answer = (campaign.answer + missing / as_number(mailed).max(1.0)).clamp(0.0, 1.0);
        }
    }

    fn tune_follow_up(&mut self, beside: &Beside<'_>) {
        let clicks = as_number(beside.log.clicked.flow.total()).max(1.0);
        if let Some((template, _, chance)) = &mut self.clicks.follow_up {
            let missing = beside.missing(|counts| counts.sent[*template].after_click);
            *chance = (*chance + missing / clicks).clamp(0.0, 1.0);
        }
        let unanswered = beside.missing(|counts| counts.clicked.unanswered);
        self.clicks.unanswered = (self.clicks.unanswered + unanswered / clicks).clamp(0.0, 1.0);
        let late = beside.missing(|counts| counts.clicked.late);
        self.clicks.forgotten = (self.clicks.forgotten + late / clicks).clamp(0.0, 1.0);
    }

    fn tune_fates(&mut self, beside: &Beside<'_>) {
        let corrected = |share: &mut f64, by: f64| *share = (*share + by).clamp(0.0, 1.0);
        let fates = &mut self.fates;
        corrected(&mut fates.unreachable, beside.short_of(|c| c.fates.unreachable, |c| c.fates.tried));
        corrected(&mut fates.held_back, beside.short_of(|c| c.fates.held_back, |c| c.fates.unasked));
        // Much of what gets lost arrives after all when the customer writes, so the share that never does is only a part of it.
        fates.lost = (fates.lost * beside.factor(|c| c.fates.lost)).min(1.0);
        for (template, lost) in self.lost.iter_mut().enumerate() {
            if self.runs_out[template] {
                // What comes late never arrives either, whatever the share that gets lost.
                corrected(lost, beside.short_of(|c| c.sent[template].lost, |c| c.sent[template].accepted));
            } else {
                *lost = (*lost * beside.factor(|c| c.sent[template].lost)).min(1.0);
            }
        }
    }

    /// How many replies come too late, how many there are, and how many turns follow.
    fn tune_replies(&mut self, beside: &Beside<'_>) {
        // People who remember at night write in the morning, so what is seen is later than what is meant.
        let middles = [beside.log, beside.simulated].map(|counts| waits::forgotten(counts).quantile(0.5));
        if let [log, simulated] = middles
            && log > 0.0
            && simulated > 0.0
            && let Some(wait) = &mut self.waits.forgotten
        {
            wait.location += (log / simulated).ln();
        }
        for (account, number) in self.numbers.iter_mut().enumerate() {
            let answered = |c: &Counts| c.talks[account].waits.iter().map(super::lapses::Lapses::total).sum::<u64>();
            let refused = beside.short_of(|c| c.talks[account].refused, answered);
            let people = (1.0 - number.bot).max(0.05);
            // Not all that is forgotten is refused, so this goes slowly and does not overshoot.
            number.forgotten = (number.forgotten + refused / people).clamp(0.0, 1.0);
            let of = |counts: &Counts, replies: usize| {
                let all = &counts.talks[account].replies;
                share(all[replies], all.iter().sum())
            };
            for (replies, turns) in number.replies.iter_mut().enumerate() {
                let (log, simulated) = (of(beside.log, replies), of(beside.simulated, replies));
                if simulated > 0.0 {
                    *turns *= (log / simulated).clamp(1.0 / STEEPEST, STEEPEST);
                }
            }
            for (place, chance) in number.going_on.iter_mut().enumerate() {
                let more = beside.factor(|counts| counts.talks[account].went_on[place]);
                let less = beside.factor(|counts| counts.talks[account].ended[place]);
                if *chance > 0.0 && *chance < 1.0 && less > 0.0 {
                    let odds = *chance / (1.0 - *chance) * more / less;
                    *chance = odds / (1.0 + odds);
                }
            }
        }
    }
}
