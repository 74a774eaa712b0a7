//! What a provider charges for, beside Meta (rules §4).

/// One position of a provider's bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProviderItem {
    /// Messages of the business that did not fail.
    MessageOut,
    /// Messages of customers.
    MessageIn,
    /// Messages of the business that failed and were never delivered.
    FailedMessage,
    /// Conversations that Meta charges.
    Conversation,
    /// Active users that the plan includes.
    ActiveUserIncluded,
    /// Active users beyond those.
    ActiveUser,
    /// The monthly fee of a number.
    Monthly,
    /// A percentage of what Meta bills.
    Markup,
    /// What rounding Meta's prices up adds to them.
    Rounding,
    /// Messages of a category that the provider does not support: flagged, never priced.
    UnsupportedCategory,
    /// Charges of Meta for which the provider's price is not documented: flagged, never priced.
    Undocumented,
}

impl ProviderItem {
    /// The name in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            ProviderItem::MessageOut => "message_out",
            ProviderItem::MessageIn => "message_in",
            ProviderItem::FailedMessage => "failed_message",
            ProviderItem::Conversation => "conversation",
            ProviderItem::ActiveUserIncluded => "active_user_included",
            ProviderItem::ActiveUser => "active_user",
            ProviderItem::Monthly => "monthly",
            ProviderItem::Markup => "markup",
            ProviderItem::Rounding => "rounding",
            ProviderItem::UnsupportedCategory => "unsupported_category",
            ProviderItem::Undocumented => "undocumented",
        }
    }
}
