//! A scenario from a log: estimators over plain counts.
//!
//! ```text
//! Survey ──▶ Shape ──▶ Measured ──▶ Draft ──▶ text of a scenario
//! a look     numbers,   counts       numbers    ▲            │ simulated and counted the same way
//!            templates  along it     of habits  └── tune ◀───┘
//! ```
//!
//! A first estimate comes from moments and mixtures ([`Draft`]). What a log shows is not what was drawn, though: replies wait for the
//! morning, conversations run into each other, who never writes is not seen. So the draft is simulated and counted by the same rules as the
//! log, and what differs is corrected, a few times ([`Draft::tune`]). What then still differs stands in the table of [`compare`].

mod compare;
mod draft;
mod journeys;
mod lapses;
mod mailings;
mod measured;
mod mixture;
mod seen;
mod shape;
mod toml_text;
mod tune;
mod waits;
mod walk;
mod write;
mod write_habits;

pub use compare::{BillFigures, Compared, Simulated, compare};
pub use draft::Draft;
pub use lapses::Lapses;
pub use measured::Measured;
pub use seen::{Act, Seen, SeenChat, kind_of};
pub use shape::{SegmentShape, Shape, Survey, TemplateShape, is_known};
pub use walk::walk;
pub use write::Frame;
