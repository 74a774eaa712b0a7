//! Sums: from rated messages to lines of the bill, and from lines to the summary.
//!
//! A [`Tally`] is what one worker adds up; merging is adding integers, so it is associative and commutative. [`Lines`] are its rows
//! with their names, sorted by their columns; everything in the [`Summary`] that is money or a count of messages is a sum of lines.

mod agreement;
mod bounds;
mod difference;
mod fit;
mod kinds;
mod ledger;
mod line;
mod line_totals;
mod lines;
mod provider;
mod simulation;
mod summary;
mod sums;
mod tally;
mod uncertainty;
mod variant_ranges;

pub use agreement::{
    Agreement, AgreementTally, Cause, CauseCount, ConversationEdges, MatrixRow, NotComparedCount, ObservedSummary,
    Ours, compare,
};
pub use bounds::{Bounds, CauseBounds};
pub use difference::{BillCause, Contacts, Step, differences};
pub use fit::{FitFigure, FitTable, LeftOut};
pub use line::Line;
pub use lines::{LineNames, Lines};
pub use provider::{
    ProviderFacts, ProviderGroup, ProviderLine, ProviderSummary, ProviderTotal, ProviderUnknown, WithMeta,
};
pub use simulation::{CauseAmount, Simulation, VariantBill, VariantSummary, VariantTotal};
pub use summary::{
    AccountFacts, Breakdown, FlagCount, Group, InputFacts, RejectedCount, RowCounts, RunFacts, Settings, Summary,
    Total, UnknownCount, UnpricedRow,
};
pub use tally::{LineKey, LineSums, Tally};
pub use uncertainty::{BudgetChance, Convergence, NamedQuantiles, Quantiles, RunBill, Swing, TornadoBar, Uncertainty};
pub use variant_ranges::VariantRange;
