//! Runs one plan: the only place that calls every stage.
//!
//! [`read_log`] takes all inputs in; [`Run`] then goes over the partitions of chats two or three times: to count pools, to find where they
//! cross their bounds (only if some do), and to rate and record. Partitions run in parallel and are joined by their number, so the
//! results do not depend on the number of threads.

mod bounds;
mod canonical_form;
mod clerks;
mod compared;
mod contacts;
mod conversations;
mod convert;
mod explain;
mod fit;
mod generate;
mod hours;
mod log;
mod measure;
mod monte_carlo;
mod names;
mod pass;
mod plan;
mod provider;
mod replay;
mod room;
mod rows;
mod simulate;
mod turns;
mod unknown_names;
mod watch;

pub use bounds::{Concerned, bounds};
pub use contacts::contacts;
pub use convert::{ConvertError, Converted, Converter};
pub use explain::{Selector, explain};
pub use fit::{Fit, FitError, fit, simulations};
pub use generate::{Produced, for_each_row};
pub use log::{Log, ReadHooks, read_log};
pub use monte_carlo::{NoRows, bill_of, runs};
pub use pass::Run;
pub use plan::{BillPeriod, Plan, Trust};
pub use replay::{Recorder, Replayed, RunError, replay};
pub use simulate::{SimulateError, Viewed, traffic_log, view};
pub use watch::{Pass, Watch};
