//! The category of a template: its own, or what stands in for it (log-formats §6).

use crate::model::{Flag, Flags, Instant, Observed, Product, TemplateCategory, UntoldCategories};

use super::event::Event;
use super::fold::Folder;

/// What a row says of its template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    category: Option<TemplateCategory>,
    /// Id, name and language: numbers of names.
    template: [u32; 3],
    product: Option<Product>,
}

/// The category of a template, and how it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolved {
    pub(super) category: TemplateCategory,
    /// The same, unless nothing tells it.
    pub(super) stated: Option<TemplateCategory>,
    /// Nothing tells it, and nothing is assumed.
    pub(super) unknown: bool,
    pub(super) flags: Flags,
}

impl Said {
    pub(super) fn by(event: &Event) -> Said {
        let template = [event.template_id, event.template_name, event.template_language];
        Said { category: event.category, template, product: event.product }
    }
}

impl Folder<'_> {
    /// The category of a template: its own, or what stands in for it in the order of log-formats §6.
    pub(super) fn resolve_category(&self, said: &Said, observed: &Observed, account: u32, sent: Instant) -> Resolved {
        let joined = || self.joined_category(said, account, sent);
        let flagged = |category: Option<TemplateCategory>, flag| category.map(|category| (category, Some(flag)));
        let found = (said.category.map(|category| (category, None)))
            .or_else(|| flagged(observed.priced_template(), Flag::CategoryFromPricing))
            .or_else(|| flagged(observed.origin_template(), Flag::CategoryFromOrigin))
            .or_else(|| flagged(joined(), Flag::CategoryFromTemplates))
            .or_else(|| flagged(self.options.default_category, Flag::CategoryDefaulted));
        let assumed = self.assumptions.categories.map(|assumed| match assumed {
            UntoldCategories::Fewest(category) | UntoldCategories::Most(category) => category,
        });
        let unknown = (assumed.unwrap_or(TemplateCategory::Marketing), Some(Flag::CategoryUnknown));
        let (category, flag) = found.unwrap_or(unknown);
        let mut flags = flag.map_or(Flags::NONE, Flags::only);
        if flag == Some(Flag::CategoryFromTemplates) {
            flags.set_if(Flag::TemplateCategoryChanged, self.changed_in_month(said, account, sent));
        }
        let by_marketing_api =
            category == TemplateCategory::Marketing && said.product == Some(Product::MarketingMessages);
        let category = if by_marketing_api { TemplateCategory::MarketingLite } else { category };
        let unknown = found.is_none() && assumed.is_none();
        Resolved { category, stated: found.map(|_| category), unknown, flags }
    }

    /// The category that `templates.csv`, or the log itself, gives a template at a time.
    fn joined_category(&self, said: &Said, account: u32, sent: Instant) -> Option<TemplateCategory> {
        let account = self.accounts.get(account);
        let [id, name, language] = said.template.map(|number| self.intake.names.get(number));
        self.templates.category(&account.account, &account.calendar, id, name, language, sent)
    }

    fn changed_in_month(&self, said: &Said, account: u32, sent: Instant) -> bool {
        let account = self.accounts.get(account);
        let [id, name, _] = said.template.map(|number| self.intake.names.get(number));
        self.templates.changed_in_month(&account.account, &account.calendar, id, name, sent)
    }
}
