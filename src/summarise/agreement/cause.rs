//! Why our verdict and Meta's differ.

/// Where the difference comes from, and so where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`explanation` says what each one means")]
pub enum Cause {
    ConversationBoundary,
    Delivery,
    Exemption,
    FreeEntryPoint,
    FreeTier,
    Group,
    Other,
    RegimeDate,
    TemplateCategory,
    TemplateOrService,
    Window,
}

impl Cause {
    /// All causes, in the order of their names.
    pub const ALL: [Cause; 11] = [
        Cause::ConversationBoundary,
        Cause::Delivery,
        Cause::Exemption,
        Cause::FreeEntryPoint,
        Cause::FreeTier,
        Cause::Group,
        Cause::Other,
        Cause::RegimeDate,
        Cause::TemplateCategory,
        Cause::TemplateOrService,
        Cause::Window,
    ];

    /// The name in `disagreements.csv`.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::ConversationBoundary => "conversation_boundary",
            Cause::Delivery => "delivery",
            Cause::Exemption => "exemption",
            Cause::FreeEntryPoint => "free_entry_point",
            Cause::FreeTier => "free_tier",
            Cause::Group => "group",
            Cause::Other => "other",
            Cause::RegimeDate => "regime_date",
            Cause::TemplateCategory => "template_category",
            Cause::TemplateOrService => "template_or_service",
            Cause::Window => "window",
        }
    }

    /// What differs, in one line, and what to do about it.
    pub const fn explanation(self) -> &'static str {
        match self {
            Cause::ConversationBoundary => {
                "another conversation began or ended: look for missing deliveries around it, and for earlier days of log"
            }
            Cause::Delivery => {
                "our rules refuse what Meta priced: inbound messages are missing, or run with delivered_against_rule=trust"
            }
            Cause::Exemption => {
                "exempt for one side only: set service_exempt_until in accounts.csv (Meta marks exempt messages since 12 October 2026)"
            }
            Cause::FreeEntryPoint => {
                "inside a free entry point for one side only: check the referral columns, the client column and how long it lasts"
            }
            Cause::FreeTier => {
                "the free 1,000 ended at another message: give what was used before the log with --carry-in, and the whole month of every sender on the number"
            }
            Cause::Group => "sent to a group for one side only: fill group_id",
            Cause::Other => "a pair of verdicts that no rule explains: worth a look at the single message",
            Cause::RegimeDate => {
                "judged by the rules of the other side of a change: check the account's time zone and delivered_at"
            }
            Cause::TemplateCategory => {
                "template category at send differs: date the changes in templates.csv; for authentication_international set auth_intl_eligible_from in accounts.csv"
            }
            Cause::TemplateOrService => "a template for one side only: check message_type and template_category",
            Cause::Window => {
                "the customer service window was open for one side only: inbound messages are missing, or their times are off"
            }
        }
    }

    /// The first words of the explanation: what differs.
    pub fn in_short(self) -> &'static str {
        self.explanation().split(':').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_say_what_to_do() {
        assert!(Cause::ALL.is_sorted());
        assert!(Cause::ALL.is_sorted_by_key(|cause| cause.name()));
        for cause in Cause::ALL {
            assert!(cause.in_short().len() < cause.explanation().len(), "{cause:?} has no remedy");
        }
    }
}
