//! Orders, logins, appointments: templates that something outside the log sets off.

use super::calendar::Moment;
use super::diary::Diary;

impl<'a> Diary<'a> {
    /// Sends the templates of a journey, each at its delay after the one before, until the chance
    /// of a step says that it is over. The customer may ask something after any of them.
    pub(super) fn journey(&mut self, name: &str, start: Moment) {
        if !self.begun(start) {
            return;
        }
        let traffic = self.population.traffic;
        let journey = &traffic.journey[name];
        let number: &'a str = journey.number.get_ref();
        let mut at = start;
        for step in &journey.steps {
            if !self.customer.dice.happens(step.chance) {
                return;
            }
            at += self.customer.dice.delay(step.after);
            if step.by_day {
                at = self.by_day(at);
            }
            self.template(number, at, step.template.get_ref());
            if self.customer.dice.happens(journey.question) {
                self.question_about(number, at);
            }
        }
    }
}
