//! Campaigns: when a template goes out to many, and to whom.

use super::super::frequency::MONTH_DAYS;
use super::draft::{Campaign, share};
use super::lapses::as_number;
use super::measured::Counts;
use super::shape::Shape;

/// A mailing may be larger than another of the same template by half; if more, each is a campaign of its own, …
const ALIKE: f64 = 1.5;
/// … unless there are too many of them to name.
const MOST_CAMPAIGNS: usize = 30;
/// Share of the messages that may go out before the clock of a mailing, and after it.
const STRAGGLERS: f64 = 0.01;

/// The campaigns of all templates.
pub(super) fn campaigns(shape: &Shape, counts: &Counts, growth: f64) -> Vec<Campaign> {
    let mut campaigns = Vec::new();
    for (template, sent) in counts.sent.iter().enumerate().filter(|(_, sent)| !sent.mailed.is_empty()) {
        let sizes: Vec<u64> = sent.mailed.iter().map(|by_segment| by_segment.iter().sum()).collect();
        let (small, large) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
        let alike = as_number(large) <= ALIKE * as_number(small) || sizes.len() > MOST_CAMPAIGNS;
        let groups: Vec<Vec<usize>> =
            if alike { vec![(0..sizes.len()).collect()] } else { (0..sizes.len()).map(|day| vec![day]).collect() };
        let all: u64 = sizes.iter().sum();
        let days: Vec<f64> = shape.templates[template]
            .mailings
            .iter()
            .map(|day| f64::from(day.epoch_days() - shape.days.0.epoch_days()))
            .collect();
        let campaign = |mailings: Vec<usize>| Campaign {
            template,
            present: present(&mailings, &days, (growth, f64::from(shape.length()))),
            mailings,
            clock: clock(&sent.clock),
            audience: vec![0.0; shape.segments.len()],
            answer: share(sent.answers, all).min(1.0),
        };
        campaigns.extend(groups.into_iter().map(campaign));
    }
    campaigns
}

/// Share of each segment's customers that a mailing of the campaign goes to.
pub(super) fn audience(campaign: &Campaign, counts: &Counts, customers: &[f64]) -> Vec<f64> {
    let mailed = &counts.sent[campaign.template].mailed;
    let of = |(segment, customers): (usize, &f64)| {
        let all: u64 = campaign.mailings.iter().map(|day| mailed[*day][segment]).sum();
        let mailings = as_number(u64::try_from(campaign.mailings.len()).unwrap_or(1));
        (as_number(all) / (mailings * customers * campaign.present)).min(1.0)
    };
    customers.iter().enumerate().map(of).collect()
}

/// Of all who are ever customers, the mean share that is there on the days of some mailings: on day d there are (1 + growth)^(d / 30) times as
/// many as on the first, and ever as many as on the first or the last.
fn present(mailings: &[usize], days: &[f64], (growth, length): (f64, f64)) -> f64 {
    let there = |day: f64| (1.0 + growth).powf(day / MONTH_DAYS);
    let sum: f64 = mailings.iter().map(|mailing| there(days[*mailing])).sum();
    sum / as_number(u64::try_from(mailings.len()).unwrap_or(1)).max(1.0) / there(length).max(1.0)
}

/// The first quarter of an hour in which almost nothing has gone out before, and how many it takes until almost nothing is left.
fn clock(quarters: &[u64]) -> (usize, usize) {
    let all = as_number(quarters.iter().sum());
    let (mut before, mut first, mut last) = (0.0, None, 0);
    for (place, count) in quarters.iter().enumerate() {
        let after = before + as_number(*count);
        if first.is_none() && after > STRAGGLERS * all {
            first = Some(place);
        }
        if before < (1.0 - STRAGGLERS) * all && *count > 0 {
            last = place;
        }
        before = after;
    }
    let first = first.unwrap_or(0);
    (first, last.max(first) - first + 1)
}

#[cfg(test)]
mod tests {
    use super::super::measured::QUARTERS;
    use super::*;

    #[test]
    fn stragglers_do_not_set_the_clock() {
        let mut quarters = vec![0; QUARTERS];
        quarters[40..48].fill(100);
        (quarters[3], quarters[90]) = (1, 2);
        assert_eq!(clock(&quarters), (40, 8));
        assert_eq!(clock(&vec![0; QUARTERS]), (0, 1));
    }
}
