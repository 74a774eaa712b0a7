//! Marketing campaigns: one template to a list of customers on certain days.

use super::calendar;
use super::diary::Diary;
use super::file::Campaign;
use super::talk::Opening;

impl<'a> Diary<'a> {
    /// Sends the customer all campaigns whose list they are on. The list is drawn once a campaign:
    /// who is on it gets every mailing of it.
    pub(super) fn campaigns(&mut self) {
        let scenario = self.scenario;
        for campaign in scenario.campaign.values() {
            let listed = self.customer.dice.happens(campaign.audience);
            if listed && self.takes(campaign.template.get_ref()) {
                self.campaign(campaign);
            }
        }
    }

    fn campaign(&mut self, campaign: &'a Campaign) {
        let number = campaign.number.get_ref();
        let zone = self.business_zone();
        for day in &campaign.days {
            let opening = calendar::moment(zone, day.get_ref().0.and_time(campaign.at.0));
            let sent = self.soon(opening, 0, campaign.within.seconds());
            self.template(number, sent, campaign.template.get_ref());
            if self.customer.dice.happens(campaign.answer) {
                self.tap(number, sent);
            }
        }
    }

    /// The customer taps the template's button within the next hours, and a conversation starts.
    fn tap(&mut self, number: &'a str, sent: calendar::Moment) {
        let at = self.soon(sent, 90, 5 * 3_600);
        self.talk(number, Opening { kind: Some("button"), ..Opening::new(at) });
    }
}
