//! Policies: what a variant does otherwise with the same messages.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Day as LocalDay, TemplateCategory};

use super::traffic::Category;
use super::values::{Day, Lapse, Share};

/// All policies of a variant. They are applied in the order of the fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policies {
    pub(super) recategorise: Vec<Recategorise>,
    pub(super) free_form_in_window: Option<FreeFormInWindow>,
    pub(super) template_in_window: Option<TemplateInWindow>,
    pub(super) merge_replies: Option<MergeReplies>,
    pub(super) answer: Option<Answer>,
    pub(super) hold: Option<Hold>,
    pub(super) into_ad_window: Option<IntoAdWindow>,
    pub(super) ads: Option<Ads>,
    pub(super) join_numbers: Option<JoinNumbers>,
    pub(super) split_number: Option<SplitNumber>,
}

/// A template of another category from a local day on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recategorise {
    pub(super) template: String,
    pub(super) to: Category,
    from: Option<Day>,
}

impl Recategorise {
    /// Whether it holds on a local day.
    pub(super) fn holds(&self, day: LocalDay) -> bool {
        self.from.is_none_or(|from| LocalDay::from(from.0) <= day)
    }
}

/// Templates sent while a service window is open become free-form messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FreeFormInWindow {
    pub(super) templates: BTreeSet<String>,
}

/// Free-form messages become a template.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateInWindow {
    pub(super) template: String,
    pub(super) category: Category,
}

/// Texts that follow one another within a time become one.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeReplies {
    pub(super) within: Lapse,
}

/// Customers are answered sooner or later than they were.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub(super) within: Option<Lapse>,
    pub(super) after: Option<Lapse>,
}

/// Templates wait for a service window.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hold {
    pub(super) templates: BTreeSet<String>,
    pub(super) at_most: Lapse,
}

/// Templates of a category move into the free entry point that an answered ad opens.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntoAdWindow {
    pub(super) category: Category,
    pub(super) wait: Option<Lapse>,
    pub(super) advance: Option<Lapse>,
}

/// Fewer or more customers come from ads; they say the same.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ads {
    #[serde(default)]
    pub(super) drop: bool,
    /// Share of the conversations that customers start.
    #[serde(default)]
    pub(super) add: Share,
}

/// Several numbers become one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinNumbers {
    pub(super) numbers: BTreeSet<String>,
    pub(super) into: String,
}

/// One number becomes several, each with a part of the customers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitNumber {
    pub(super) number: String,
    pub(super) into: Vec<String>,
}

impl Policies {
    /// Whether the messages stay as they are.
    pub fn is_empty(&self) -> bool {
        let Self {
            recategorise,
            free_form_in_window,
            template_in_window,
            merge_replies,
            answer,
            hold,
            into_ad_window,
            ads,
            join_numbers,
            split_number,
        } = self;
        recategorise.is_empty()
            && free_form_in_window.is_none()
            && template_in_window.is_none()
            && merge_replies.is_none()
            && answer.is_none()
            && hold.is_none()
            && into_ad_window.is_none()
            && ads.is_none()
            && join_numbers.is_none()
            && split_number.is_none()
    }

    /// What can be told to be wrong without looking at any message.
    pub(super) fn fault(&self) -> Option<(&'static str, String)> {
        let authentication = |category| category == Category::Authentication;
        if self.template_in_window.as_ref().is_some_and(|policy| authentication(policy.category)) {
            let why = "an authentication template holds a code, which no reply is: use utility or marketing";
            return Some(("template_in_window.category", why.to_owned()));
        }
        if let Some(answer) = self.answer
            && answer.within.is_some() == answer.after.is_some()
        {
            return Some(("answer", "expected either within or after, such as within = \"10m\"".to_owned()));
        }
        if let Some(policy) = self.into_ad_window
            && policy.wait.is_none()
            && policy.advance.is_none()
        {
            return Some((
                "into_ad_window",
                "nothing moves: expected wait or advance, such as wait = \"2d\"".to_owned(),
            ));
        }
        if let Some(ads) = self.ads
            && ads.drop != ads.add.is_never()
        {
            return Some(("ads", "expected either drop = true, or add with a share above 0".to_owned()));
        }
        if self.split_number.as_ref().is_some_and(|split| split.into.len() < 2) {
            return Some(("split_number.into", "expected at least two names".to_owned()));
        }
        None
    }

    /// Calls numbers by their ids where a scenario calls them by names.
    pub(super) fn use_ids(&mut self, ids: &BTreeMap<String, String>) {
        let id = |name: &String| ids.get(name).unwrap_or(name).clone();
        if let Some(join) = &mut self.join_numbers {
            join.numbers = join.numbers.iter().map(id).collect();
            join.into = id(&join.into);
        }
        if let Some(split) = &mut self.split_number {
            split.number = id(&split.number);
        }
    }

    /// Numbers that the policies make, each with the one whose account it takes.
    pub fn new_numbers(&self) -> BTreeMap<String, String> {
        let split = self.split_number.iter();
        let mut made: BTreeMap<String, String> =
            split.flat_map(|split| split.into.iter().map(|name| (name.clone(), split.number.clone()))).collect();
        if let Some(join) = &self.join_numbers
            && let Some(first) = join.numbers.first()
            && !join.numbers.contains(&join.into)
        {
            made.insert(join.into.clone(), first.clone());
        }
        made
    }
}

impl Category {
    /// As messages have it.
    pub(super) fn of_messages(self) -> TemplateCategory {
        match self {
            Self::Marketing => TemplateCategory::Marketing,
            Self::MarketingLite => TemplateCategory::MarketingLite,
            Self::Utility => TemplateCategory::Utility,
            Self::Authentication => TemplateCategory::Authentication,
        }
    }
}
