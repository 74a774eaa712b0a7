//! What a log does not tell, and what that means for the bill (log-formats §6).

use serde::Deserialize;

/// Something that a bill needs and a log has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Whether messages were delivered at all.
    Delivery,
    /// When they were delivered.
    DeliveryTime,
    /// What customers wrote.
    Inbound,
    /// Which ad or post brought a customer.
    Referral,
    /// Whether a message was a template, and which.
    Template,
    /// The category of templates.
    TemplateCategory,
    /// The number of the business that a message went through.
    PhoneNumberId,
    /// Meta's own verdict on what was charged.
    Pricing,
    /// The ids that Meta gives messages.
    Wamid,
}

impl Lack {
    /// The name in mapping files.
    pub const fn name(self) -> &'static str {
        match self {
            Lack::Delivery => "delivery",
            Lack::DeliveryTime => "delivery_time",
            Lack::Inbound => "inbound",
            Lack::Referral => "referral",
            Lack::Template => "template",
            Lack::TemplateCategory => "template_category",
            Lack::PhoneNumberId => "phone_number_id",
            Lack::Pricing => "pricing",
            Lack::Wamid => "wamid",
        }
    }

    /// What that means for the bill, and what helps.
    pub const fn meaning(self) -> &'static str {
        match self {
            Lack::Delivery => {
                "whether messages arrived is not known: all are taken for delivered (ASSUMED_DELIVERED), so the bill is an upper bound"
            }
            Lack::DeliveryTime => {
                "when messages arrived is not known: the time of sending is taken (DELIVERY_TIME_UNKNOWN), which can move charges at the edges of a month"
            }
            Lack::Inbound => {
                "what customers wrote is missing: windows are not known (NO_INBOUND), so free messages may be taken for charged ones"
            }
            Lack::Referral => {
                "ads and posts that brought a customer are not told: free entry points are found only where Meta's verdict shows them"
            }
            Lack::Template => {
                "templates are not told from other messages: those outside of a window are taken for templates (TYPE_INFERRED)"
            }
            Lack::TemplateCategory => {
                "categories of templates are missing: give them with --templates, or one for all with --default-category"
            }
            Lack::PhoneNumberId => {
                "the business number is not told: all messages count for one number (SINGLE_NUMBER_ASSUMED), allowances with them"
            }
            Lack::Pricing => "Meta's own verdict is missing: nothing to compare the judgement with",
            Lack::Wamid => {
                "ids are the provider's own: rows cannot be matched with Meta's webhooks of the same messages"
            }
        }
    }
}
