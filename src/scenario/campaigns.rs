//! Marketing campaigns: one template to a list of customers on certain days.

use chrono::{Datelike, NaiveDate};

use super::calendar::{self, Moment};
use super::diary::{Attempt, Diary};
use super::talk::Opening;
use super::traffic::{Campaign, Period};

/// One mailing to the customer and what it sets off.
struct Mailing<'a> {
    sent: Moment,
    attempts: Vec<Attempt<'a>>,
    /// The customer wants no more.
    opts_out: bool,
}

impl<'a> Diary<'a> {
    /// Sends the customer all campaigns whose list they are on. The list is drawn once a campaign: who is on it gets every mailing of it,
    /// until they opt out.
    pub(super) fn campaigns(&mut self) {
        let traffic = self.population.traffic;
        let mut mailings = Vec::new();
        for campaign in traffic.campaign.values() {
            let own =
                campaign.audience_by_market.iter().find(|(country, _)| country.get_ref() == self.customer.country);
            let listed = self.customer.dice.happens(own.map_or(campaign.audience, |(_, share)| *share));
            if listed && self.takes(campaign.template.get_ref()) {
                self.campaign(campaign, &mut mailings);
            }
        }
        mailings.sort_by_key(|mailing| mailing.sent);
        let last = mailings.iter().position(|mailing| mailing.opts_out).unwrap_or(mailings.len());
        mailings.truncate(last + 1);
        self.attempts.extend(mailings.into_iter().flat_map(|mailing| mailing.attempts));
    }

    fn campaign(&mut self, campaign: &'a Campaign, mailings: &mut Vec<Mailing<'a>>) {
        let number = campaign.number.get_ref();
        let zone = self.business_zone();
        let period = *self.population.traffic.period.get_ref();
        for day in campaign.all_days(period) {
            let place = (day - period.from.0).num_days();
            if !usize::try_from(place).is_ok_and(|place| self.customer.is_active(place)) {
                continue;
            }
            let written = self.attempts.len();
            let opening = calendar::moment(zone, day.and_time(campaign.at.0));
            let sent = self.soon(opening, 0, campaign.within.seconds());
            self.template(number, sent, campaign.template.get_ref());
            if self.customer.dice.happens(campaign.answer) {
                self.tap(number, sent);
            }
            let opts_out = !campaign.opt_out.is_never() && self.customer.dice.happens(campaign.opt_out);
            mailings.push(Mailing { sent, attempts: self.attempts.split_off(written), opts_out });
        }
    }

    /// The customer taps the template's button within the next hours, and a conversation starts.
    fn tap(&mut self, number: &'a str, sent: Moment) {
        let at = self.soon(sent, 90, 5 * 3_600);
        self.talk(number, Opening { kind: Some("button"), ..Opening::new(at) });
    }
}

impl Campaign {
    /// The days of its mailings within the period: those it names, then those of every month.
    pub(super) fn all_days(&self, period: Period) -> impl Iterator<Item = NaiveDate> {
        let named = self.days.iter().map(|day| day.get_ref().0);
        let monthly = move |day: &NaiveDate| self.monthly.iter().any(|own| u32::from(*own.get_ref()) == day.day());
        let further = if self.monthly.is_empty() { None } else { Some(calendar::days(period).filter(monthly)) };
        named.chain(further.into_iter().flatten())
    }
}
