//! Who watches a run: told of every pass and of the rows that are gone over.

use std::fmt::Debug;

/// What a run goes over the log for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// To count what each pool holds.
    Counting,
    /// To find who comes first where pools cross their bounds.
    Ranking,
    /// To bill every message.
    Billing,
    /// To bill it otherwise, as the log leaves it open.
    Bounds,
    /// To see it as it would have been under policies.
    Policies,
    /// To count the customers.
    Contacts,
}

impl Pass {
    /// The name on a display.
    pub const fn name(self) -> &'static str {
        match self {
            Pass::Counting => "counting",
            Pass::Ranking => "ranking",
            Pass::Billing => "billing",
            Pass::Bounds => "bounds",
            Pass::Policies => "policies",
            Pass::Contacts => "customers",
        }
    }
}

/// Sees how far a run is, on any thread. Results do not depend on it.
pub trait Watch: Debug + Sync {
    /// A pass over so many rows begins.
    fn begin(&self, pass: Pass, rows: u64);
    /// So many more of them are done.
    fn done(&self, rows: u64);
}
