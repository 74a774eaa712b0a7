//! What changes of a template's category say as rows of `templates.csv`: which category it had from when until when.

use std::collections::BTreeSet;

use crate::model::{Instant, TemplateCategory, TemplateChange};

/// One row: the template of a change, and a category with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateSpan<'c> {
    /// The change that tells it.
    pub change: &'c TemplateChange,
    /// The category.
    pub category: TemplateCategory,
    /// From this moment on, if it is known.
    pub from: Option<Instant>,
    /// Until this moment, likewise; the moment itself is not part of it.
    pub to: Option<Instant>,
}

impl TemplateSpan<'_> {
    /// The rows that changes make: the category before, where it is told, and the one after.
    pub fn of(changes: &BTreeSet<TemplateChange>) -> Vec<TemplateSpan<'_>> {
        let mut spans = Vec::new();
        let mut changes = changes.iter().peekable();
        let mut last: Option<&TemplateChange> = None;
        while let Some(change) = changes.next() {
            // Told twice for one moment: the last in order stands, as it would beat the other anyway.
            if changes.peek().is_some_and(|next| same_template(next, change) && next.at == change.at) {
                continue;
            }
            let earlier = last.filter(|last| same_template(last, change)).map(|last| last.at);
            let at = Some(change.at);
            spans.extend(change.before.map(|category| TemplateSpan { change, category, from: earlier, to: at }));
            spans.push(TemplateSpan { change, category: change.after, from: at, to: None });
            last = Some(change);
        }
        spans
    }
}

fn same_template(a: &TemplateChange, b: &TemplateChange) -> bool {
    let names = |change: &TemplateChange| {
        let TemplateChange { waba_id, template_id, template_name, template_language, .. } = change;
        [waba_id.clone(), template_id.clone(), template_name.clone(), template_language.clone()]
    };
    names(a) == names(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(at: u64, before: Option<TemplateCategory>, after: TemplateCategory) -> TemplateChange {
        TemplateChange {
            waba_id: "1".to_owned(),
            template_id: "2".to_owned(),
            template_name: "offer".to_owned(),
            template_language: "en".to_owned(),
            at: moment(at),
            before,
            after,
        }
    }

    fn moment(hours: u64) -> Instant {
        Instant::EARLIEST.plus(crate::model::HOUR.times(hours))
    }

    #[test]
    fn no_two_rows_contradict_each_other() {
        use TemplateCategory::{Authentication, Marketing, Utility};
        let changes = BTreeSet::from([
            change(1, Some(Utility), Marketing),
            change(5, None, Authentication),
            // The same moment told again, with more to say.
            change(5, Some(Marketing), Authentication),
        ]);
        let spans: Vec<_> = TemplateSpan::of(&changes).iter().map(|span| (span.category, span.from, span.to)).collect();
        let (one, five) = (Some(moment(1)), Some(moment(5)));
        assert_eq!(
            spans,
            [(Utility, None, one), (Marketing, one, None), (Marketing, one, five), (Authentication, five, None)]
        );
    }
}
