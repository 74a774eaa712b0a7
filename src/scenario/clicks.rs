//! Customers who come from an ad, a page button or a post.

use chrono::NaiveDate;

use super::diary::{Diary, Referral};
use super::talk::Opening;
use super::traffic::{ClickOrigin, SourceKind};

/// Length of a click id.
const CLICK_ID: usize = 24;

impl Diary<'_> {
    /// A click on that day: the customer's first message carries the referral, the business mostly
    /// answers, and follows up with an offer some time after.
    pub(super) fn click(&mut self, day: NaiveDate) {
        let at = self.waking(day);
        if !self.begun(at) {
            return;
        }
        let clicks = &self.population.traffic.click;
        let number = self.one_of(&clicks.number, &clicks.numbers);
        let opening = Opening {
            referral: Some(self.referral()),
            unanswered: self.customer.dice.happens(clicks.unanswered),
            forgotten: self.customer.dice.happens(clicks.forgotten),
            ..Opening::new(at)
        };
        let answered = !opening.unanswered;
        self.talk(number, opening);
        if answered && self.customer.dice.happens(clicks.follow_up_chance) {
            let offer = at + self.customer.dice.delay(clicks.follow_up_after);
            let offer = self.by_day(offer);
            self.template(number, offer, clicks.follow_up.get_ref());
        }
    }
}

impl<'a> Diary<'a> {
    fn referral(&mut self) -> Referral<'a> {
        let clicks = &self.population.traffic.click;
        let dice = &mut self.customer.dice;
        let sources = clicks.source.iter().map(|source| (source, source.weight));
        let ClickOrigin { kind, id, .. } = dice.by_weight(sources);
        let click_id = (*kind == SourceKind::Ad).then(|| format!("ARA{}", dice.word(CLICK_ID)));
        let at_desktop = dice.happens(clicks.desktop);
        let client = match (at_desktop, dice.between(0, 2)) {
            (true, 0) => "desktop",
            (true, _) => "web",
            (false, 0) => "ios",
            (false, _) => "android",
        };
        Referral { source: *kind, source_id: id, click_id, client }
    }
}
