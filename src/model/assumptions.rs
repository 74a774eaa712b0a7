//! What is taken for true where the log leaves the answer open.

use super::TemplateCategory;

/// Messages of a log that says nothing of delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UntoldDeliveries {
    /// Delivered when sent, unless marked failed: the bill (log-formats §6).
    #[default]
    Delivered,
    /// Not delivered.
    NotDelivered,
    /// Delivered, but nothing rests on it: an answer in time is free and opens no free entry point for others, a business call opens
    /// no window. That is the most that any one of them can cost, as the others may not have been delivered.
    Doubted,
}

/// Templates of unknown category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UntoldCategories {
    /// All of this category; in the conversation regimes each is of whatever category an open conversation has.
    Fewest(TemplateCategory),
    /// All of this price; in the conversation regimes up to three conversations of unknown categories stand open side by side.
    Most(TemplateCategory),
}

/// What was open when the log starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BeforeLog {
    /// Nothing: the bill.
    #[default]
    Nothing,
    /// A window and a conversation of each kind that a regime has.
    Conversations,
    /// A free entry point and a click that waits for its answer, too: the log shows some, or may hide them.
    EntryPoints,
    /// These alone.
    EntryPointsAlone,
    /// Perhaps a free entry point, so that an answer inside it is free but opens none for others.
    DoubtfulEntryPoint,
}

impl BeforeLog {
    /// Whether a window was open.
    pub const fn opens_window(self) -> bool {
        matches!(self, BeforeLog::Conversations | BeforeLog::EntryPoints)
    }
}

/// Months that began before the log did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MonthBefore {
    /// Nothing was used before but what `carry_in.csv` says: the bill.
    #[default]
    Unused,
    /// Volume tiers were at their last step.
    LastTiers,
    /// Free allowances were used up.
    AllowancesUsed,
}

/// What a run takes for true where the log leaves it open. The default is what the bill is made by; the others bound it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assumptions {
    /// The log says nothing of delivery.
    pub deliveries: UntoldDeliveries,
    /// In a log without inbound rows every window is open.
    pub windows_open: bool,
    /// Any customer message may come from an ad, and each answer counts as the first.
    pub entry_points: bool,
    /// Categories that nothing tells. `None`: judged as marketing and not priced.
    pub categories: Option<UntoldCategories>,
    /// What was open in every chat as the log starts.
    pub before_log: BeforeLog,
    /// What was used in a month before the log starts.
    pub month: MonthBefore,
}
