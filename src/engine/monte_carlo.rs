//! Many simulated bills of one scenario.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::model::{ConversationRow, VerdictRow};
use crate::scenario::{Population, Traffic};
use crate::summarise::Lines;

use super::pass::Run;
use super::plan::Plan;
use super::replay::{Recorder, replay};
use super::simulate::{SimulateError, traffic_log};

/// Rows that nobody asks for.
#[derive(Clone, Copy, Debug)]
pub struct NoRows;

impl Recorder for NoRows {
    type Buffer = ();
    fn verdicts(&self, (): &mut (), _: &[VerdictRow<'_>]) {}
    fn conversations(&self, (): &mut (), _: &[ConversationRow<'_>]) {}
    fn keeps_verdicts(&self) -> bool {
        false
    }
    fn keeps_conversations(&self) -> bool {
        false
    }
    fn write(&mut self, (): ()) -> io::Result<()> {
        Ok(())
    }
}

/// The bill of traffic under a plan whose accounts are the traffic's.
pub fn bill_of(traffic: &Traffic, plan: &Plan, interrupted: &AtomicBool) -> Result<Lines, SimulateError> {
    let log = traffic_log(plan, &Population::new(traffic), interrupted, &mut |_, _| ())?;
    Ok(replay(&Run::new(plan, &log), &mut NoRows, interrupted)?.lines)
}

/// Makes runs in parallel, and gives what each comes to in the order of runs. `done` is told how many are.
pub fn runs<T: Send, E: Send>(
    runs: u32,
    run: impl Fn(u32) -> Result<T, E> + Sync,
    done: &(dyn Fn(u64) + Sync),
) -> Result<Vec<T>, E> {
    let count = AtomicU64::new(0);
    (0..runs)
        .into_par_iter()
        .map(|number| {
            let result = run(number);
            done(count.fetch_add(1, Ordering::Relaxed) + 1);
            result
        })
        .collect()
}
