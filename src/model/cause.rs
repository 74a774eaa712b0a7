//! Why a log does not determine its bill.

/// Something that the log leaves open and that can move the bill (log-formats §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`why` says what each one means")]
pub enum Cause {
    DeliveryUnknown,
    WindowsUnknown,
    EntryPointsUnknown,
    CategoryUnknown,
    ColdStart,
    MonthBeganBefore,
    FepLength,
}

impl Cause {
    /// All causes, in the order in which they are told.
    pub const ALL: [Cause; 7] = [
        Cause::DeliveryUnknown,
        Cause::WindowsUnknown,
        Cause::EntryPointsUnknown,
        Cause::CategoryUnknown,
        Cause::ColdStart,
        Cause::MonthBeganBefore,
        Cause::FepLength,
    ];

    /// The name in the summary.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::DeliveryUnknown => "delivery_unknown",
            Cause::WindowsUnknown => "windows_unknown",
            Cause::EntryPointsUnknown => "entry_points_unknown",
            Cause::CategoryUnknown => "category_unknown",
            Cause::ColdStart => "cold_start",
            Cause::MonthBeganBefore => "month_began_before",
            Cause::FepLength => "fep_length",
        }
    }

    /// What is open, in words.
    pub const fn why(self) -> &'static str {
        match self {
            Cause::DeliveryUnknown => "whether messages were delivered: the log has no delivery information at all",
            Cause::WindowsUnknown => {
                "whether a customer service window was open: the log has no message from a customer"
            }
            Cause::EntryPointsUnknown => {
                "which messages ads made free: the log has no referral column or no message from a customer, so that clicks cannot be seen"
            }
            Cause::CategoryUnknown => "the category of some templates, so their price",
            Cause::ColdStart => "what was already open when the log starts",
            Cause::MonthBeganBefore => {
                "how much of the month's free allowances and volume tiers was used before the log starts"
            }
            Cause::FepLength => "how long free entry points last since September 2026, 72 h to 7 days",
        }
    }

    /// What would settle it.
    pub const fn remedy(self) -> &'static str {
        match self {
            Cause::DeliveryUnknown => "a log with delivered_at, read_at or status",
            Cause::WindowsUnknown => "a log with the customers' messages",
            Cause::EntryPointsUnknown => {
                "the customers' messages with a referral_source_type column (an empty one says that there were no clicks), or Meta's pricing_type"
            }
            Cause::CategoryUnknown => "--templates, or --default-category",
            Cause::ColdStart => "earlier days in the log, with --bill-from",
            Cause::MonthBeganBefore => "--carry-in, or the whole month in the log with --bill-from",
            Cause::FepLength => "conversation_expires_at in the log, or Meta's documentation",
        }
    }
}
