//! What had to be assumed, or looks odd, about one message. Every flag is counted in the summary.

/// One remark about one message (names of log-formats §6 where they come from there).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs, reason = "`explanation` says what each one means")]
pub enum Flag {
    AccountUnknown,
    AssumedDelivered,
    CategoryDefaulted,
    CategoryFromOrigin,
    CategoryFromPricing,
    CategoryFromTemplates,
    CategoryUnknown,
    ColdStart,
    ConflictingDuplicate,
    CountryFromBsuid,
    DeliveredAgainstRule,
    DeliveredFromRead,
    DeliveryTimeUnknown,
    FailedAndDelivered,
    FepFromPricing,
    FepLengthUncertain,
    NoInbound,
    RateDerived,
    ReferralTypeAssumed,
    SentAfterDelivered,
    SentTimeAssumed,
    SingleNumberAssumed,
    TemplateCategoryChanged,
    TiersUnknown,
    TypeInferred,
    TzAssumedUtc,
    UnknownValue,
    VerdictMismatch,
    VerdictTrusted,
}

impl Flag {
    /// All flags, in the order of their names.
    pub const ALL: [Flag; 29] = [
        Flag::AccountUnknown,
        Flag::AssumedDelivered,
        Flag::CategoryDefaulted,
        Flag::CategoryFromOrigin,
        Flag::CategoryFromPricing,
        Flag::CategoryFromTemplates,
        Flag::CategoryUnknown,
        Flag::ColdStart,
        Flag::ConflictingDuplicate,
        Flag::CountryFromBsuid,
        Flag::DeliveredAgainstRule,
        Flag::DeliveredFromRead,
        Flag::DeliveryTimeUnknown,
        Flag::FailedAndDelivered,
        Flag::FepFromPricing,
        Flag::FepLengthUncertain,
        Flag::NoInbound,
        Flag::RateDerived,
        Flag::ReferralTypeAssumed,
        Flag::SentAfterDelivered,
        Flag::SentTimeAssumed,
        Flag::SingleNumberAssumed,
        Flag::TemplateCategoryChanged,
        Flag::TiersUnknown,
        Flag::TypeInferred,
        Flag::TzAssumedUtc,
        Flag::UnknownValue,
        Flag::VerdictMismatch,
        Flag::VerdictTrusted,
    ];

    /// The name in the `flags` column and in the summary.
    pub const fn name(self) -> &'static str {
        match self {
            Flag::AccountUnknown => "ACCOUNT_UNKNOWN",
            Flag::AssumedDelivered => "ASSUMED_DELIVERED",
            Flag::CategoryDefaulted => "CATEGORY_DEFAULTED",
            Flag::CategoryFromOrigin => "CATEGORY_FROM_ORIGIN",
            Flag::CategoryFromPricing => "CATEGORY_FROM_PRICING",
            Flag::CategoryFromTemplates => "CATEGORY_FROM_TEMPLATES",
            Flag::CategoryUnknown => "CATEGORY_UNKNOWN",
            Flag::ColdStart => "COLD_START",
            Flag::ConflictingDuplicate => "CONFLICTING_DUPLICATE",
            Flag::CountryFromBsuid => "COUNTRY_FROM_BSUID",
            Flag::DeliveredAgainstRule => "DELIVERED_AGAINST_RULE",
            Flag::DeliveredFromRead => "DELIVERED_FROM_READ",
            Flag::DeliveryTimeUnknown => "DELIVERY_TIME_UNKNOWN",
            Flag::FailedAndDelivered => "FAILED_AND_DELIVERED",
            Flag::FepFromPricing => "FEP_FROM_PRICING",
            Flag::FepLengthUncertain => "FEP_LENGTH_UNCERTAIN",
            Flag::NoInbound => "NO_INBOUND",
            Flag::RateDerived => "RATE_DERIVED",
            Flag::ReferralTypeAssumed => "REFERRAL_TYPE_ASSUMED",
            Flag::SentAfterDelivered => "SENT_AFTER_DELIVERED",
            Flag::SentTimeAssumed => "SENT_TIME_ASSUMED",
            Flag::SingleNumberAssumed => "SINGLE_NUMBER_ASSUMED",
            Flag::TemplateCategoryChanged => "TEMPLATE_CATEGORY_CHANGED",
            Flag::TiersUnknown => "TIERS_UNKNOWN",
            Flag::TypeInferred => "TYPE_INFERRED",
            Flag::TzAssumedUtc => "TZ_ASSUMED_UTC",
            Flag::UnknownValue => "UNKNOWN_VALUE",
            Flag::VerdictMismatch => "VERDICT_MISMATCH",
            Flag::VerdictTrusted => "VERDICT_TRUSTED",
        }
    }

    /// One line for people: what was assumed, and what would settle it.
    pub const fn explanation(self) -> &'static str {
        match self {
            Flag::AccountUnknown => "the number is not in accounts.csv: zone and currency are the defaults",
            Flag::AssumedDelivered => {
                "the log has no delivery information at all: every message not marked failed counts as delivered when sent"
            }
            Flag::CategoryDefaulted => "template without a category: --default-category was used",
            Flag::CategoryFromOrigin => "template category taken from conversation_origin",
            Flag::CategoryFromPricing => "template category, or that it is no template, taken from pricing_category",
            Flag::CategoryFromTemplates => "template category joined from templates.csv",
            Flag::CategoryUnknown => {
                "template without a known category: judged as marketing and not priced; give --templates or --default-category"
            }
            Flag::ColdStart => {
                "sent in the first 24 h of the log with no open window in it: the customer may have written before; give earlier days and --bill-from"
            }
            Flag::ConflictingDuplicate => {
                "two rows of this message contradict each other: the earliest time and the bytewise smallest value were used; if its id stands for two messages, make ids unique"
            }
            Flag::CountryFromBsuid => {
                "market from the two letters of a business-scoped id, as the log has no phone number"
            }
            Flag::DeliveredAgainstRule => {
                "delivered although no window was open by this log: probably inbound messages are missing"
            }
            Flag::DeliveredFromRead => {
                "no delivered time: the time it was read or played was used, as Meta skips `delivered` in an open chat"
            }
            Flag::DeliveryTimeUnknown => "a status says delivered but no time does: the time of sending was used",
            Flag::FailedAndDelivered => "both failed and delivered: the delivery counts",
            Flag::FepFromPricing => {
                "Meta counts it to a free entry point although the log shows no answered click: a free entry point was opened for it"
            }
            Flag::FepLengthUncertain => {
                "between 72 h and 168 h of a free entry point: how long it lasts since September 2026 is not documented (R37)"
            }
            Flag::NoInbound => "the log has no inbound message at all: no customer service window can be seen",
            Flag::RateDerived => {
                "the rate was not seen for its date but follows from rates that were (data/rates_derived.csv)"
            }
            Flag::ReferralTypeAssumed => "a referral without a source type was taken for an ad click",
            Flag::SentAfterDelivered => "sent after it was delivered: the time of delivery was used for both",
            Flag::SentTimeAssumed => "no time of sending: another time of the row was used",
            Flag::SingleNumberAssumed => "no phone_number_id: all such rows count as one number",
            Flag::TemplateCategoryChanged => {
                "the template changed its category in this month: the one in force at sending was used"
            }
            Flag::TiersUnknown => "no volume tiers known for this date and currency: list rate used, an upper bound",
            Flag::TypeInferred => {
                "no message_type: a template because the window was closed, a service message because it was open"
            }
            Flag::TzAssumedUtc => {
                "no time zone of the account: UTC; messages near midnight at a change of month or rate may fall on the other side"
            }
            Flag::UnknownValue => "a column holds a value that is not known; it was left out of account",
            Flag::VerdictMismatch => "Meta's own verdict differs from ours; see disagreements.csv",
            Flag::VerdictTrusted => "--trust observed: Meta's own verdict was taken instead of ours",
        }
    }

    /// Whether it stands for a value that was missing and replaced, which `--strict` refuses. The others are remarks on the
    /// event itself (`DELIVERED_FROM_READ` is Meta's own omission), on the rate card, or on where the log starts, which every log does.
    pub const fn is_substitution(self) -> bool {
        !matches!(
            self,
            Flag::ColdStart
                | Flag::DeliveredFromRead
                | Flag::DeliveredAgainstRule
                | Flag::FailedAndDelivered
                | Flag::FepLengthUncertain
                | Flag::RateDerived
                | Flag::TemplateCategoryChanged
                | Flag::TiersUnknown
                | Flag::VerdictMismatch
                | Flag::VerdictTrusted
        )
    }
}

/// A set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u32);

impl Flags {
    /// No flag.
    pub const NONE: Flags = Flags(0);

    /// This flag alone.
    pub const fn only(flag: Flag) -> Flags {
        Flags(1 << flag as u8)
    }

    /// Adds a flag.
    pub fn set(&mut self, flag: Flag) {
        self.0 |= Flags::only(flag).0;
    }

    /// Adds a flag where `when` holds.
    pub fn set_if(&mut self, flag: Flag, when: bool) {
        if when {
            self.set(flag);
        }
    }

    /// All flags of both.
    #[must_use]
    pub const fn union(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the flag is set.
    pub const fn has(self, flag: Flag) -> bool {
        self.0 & Flags::only(flag).0 != 0
    }

    /// The flags in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let flag = Flag::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(*flag)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_all_listed() {
        let names: Vec<_> = Flag::ALL.iter().map(|flag| flag.name()).collect();
        assert!(names.is_sorted());
        for (i, flag) in Flag::ALL.iter().enumerate() {
            assert_eq!(*flag as usize, i);
        }
    }

    #[test]
    fn a_set_lists_what_was_put_in() {
        let mut flags = Flags::only(Flag::UnknownValue);
        flags.set(Flag::ColdStart);
        flags.set_if(Flag::NoInbound, false);
        assert_eq!(flags.iter().collect::<Vec<_>>(), [Flag::ColdStart, Flag::UnknownValue]);
    }
}
