//! The rules a verdict can rest on, each with one line of text and its source.

use std::fmt;

/// A rule of the rule book; the number is its name in the `rule` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "`text` says what each one is")]
pub enum RuleId {
    R2,
    R9b,
    R11,
    R12,
    R14,
    R20,
    R22,
    R26,
    R27,
    R29,
    R35,
    R38,
    R47,
    R48,
    R49,
    R51,
    R54,
    R55,
    R56,
    R59,
    R71,
    R72,
    R73,
    R74,
}

const CBP: &str = "Meta, conversation-based pricing";
const PMP: &str = "Meta, pricing on the WhatsApp Business Platform";
const SERVICE: &str = "Meta, pricing for non-template messages (2026)";

impl RuleId {
    /// The name in the `rule` column.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// What the rule says, in one line.
    pub const fn text(self) -> &'static str {
        self.row().1
    }

    /// Where it comes from.
    pub const fn source(self) -> &'static str {
        self.row().2
    }

    #[expect(clippy::too_many_lines, reason = "a plain table")]
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            RuleId::R2 => ("R2", "a message that was never delivered costs nothing and opens nothing", PMP),
            RuleId::R9b => {
                ("R9b", "this account's charges in the category are waived", "accounts.csv, waived_categories")
            }
            RuleId::R11 => ("R11", "a conversation open at a change of rules keeps its old rules until it ends", CBP),
            RuleId::R12 => {
                ("R12", "a utility conversation opened before 1 July 2025 covers utility templates until it ends", PMP)
            }
            RuleId::R14 => (
                "R14",
                "a free entry point open at the change to per-message pricing stays free until it ends",
                "derived",
            ),
            RuleId::R20 => {
                ("R20", "a free-form message needs an open customer service window when it is sent (error 131047)", PMP)
            }
            RuleId::R22 => (
                "R22",
                "a utility template sent inside an open customer service window was free until 30 September 2026",
                PMP,
            ),
            RuleId::R26 => ("R26", "everything inside an open conversation is covered", "Meta, pricing page of 2022"),
            RuleId::R27 => {
                ("R27", "a template joins an open conversation of its own category, or opens and pays for one", CBP)
            }
            RuleId::R29 => (
                "R29",
                "a free-form message joins any open conversation; with none open it opens a service conversation",
                CBP,
            ),
            RuleId::R35 => {
                ("R35", "answering an ad click in time opens a free entry point, and the answer itself is free", PMP)
            }
            RuleId::R38 => ("R38", "every message inside a free entry point is free", PMP),
            RuleId::R47 => (
                "R47",
                "1,000 conversations a month were free for each account; later ones are charged by who started them",
                "Meta, pricing page of 2022",
            ),
            RuleId::R48 => (
                "R48",
                "business-initiated conversations of directly billed accounts left the free 1,000 in April 2023",
                "Meta, changelog of 2023",
            ),
            RuleId::R49 => {
                ("R49", "1,000 service conversations a month are free for each account, later ones are charged", CBP)
            }
            RuleId::R51 => (
                "R51",
                "1,000 delivered service messages a month are free for each number, later ones are charged",
                SERVICE,
            ),
            RuleId::R54 => {
                ("R54", "service messages of eligible governments and non-profits stay free beyond the 1,000", SERVICE)
            }
            RuleId::R55 => {
                ("R55", "each delivered template is charged, utility only outside the window; free-form is free", PMP)
            }
            RuleId::R56 => (
                "R56",
                "since 1 October 2026 each delivered template is charged, utility inside the window as well",
                SERVICE,
            ),
            RuleId::R59 => ("R59", "replies of Meta Business Agent are charged by tokens since 1 August 2026", SERVICE),
            RuleId::R71 => (
                "R71",
                "reactions are never charged; marketing to US numbers is not delivered since April 2025 (error 131049)",
                "Meta, status webhooks and per-user limits",
            ),
            RuleId::R72 => (
                "R72",
                "messages typed in the Business app and imported history are outside API billing",
                "Meta, coexistence",
            ),
            RuleId::R73 => {
                ("R73", "each delivered template notification is charged", "Meta, webhook reference of 2022")
            }
            RuleId::R74 => (
                "R74",
                "free-form messages inside the customer service window are free",
                "Meta, webhook reference of 2022",
            ),
        }
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
