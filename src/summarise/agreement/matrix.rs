//! How often our verdict met which of Meta's: a confusion matrix that can be merged, and what the summary says of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Incomparable, Observed, PricingModel, PricingType};

use super::{Agreement, Cause, Ours};

/// Our verdict and Meta's, by their names; in the order of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    regime: crate::model::RegimeId,
    verdict: &'static str,
    reason: &'static str,
    category: &'static str,
    meta_model: &'static str,
    meta_type: &'static str,
    meta_category: &'static str,
}

impl Cell {
    fn of(ours: Ours, observed: &Observed) -> Cell {
        let category = observed.category.or(observed.origin);
        Cell {
            regime: ours.regime,
            verdict: ours.outcome.name(),
            reason: ours.outcome.reason(),
            category: ours.category.name(),
            meta_model: observed.model.map_or("", PricingModel::name),
            meta_type: observed.kind.map_or("", PricingType::name),
            meta_category: category.map_or("", crate::model::ObservedCategory::name),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    messages: u64,
    agreed: u64,
}

/// Everything one worker counts of Meta's verdicts. Merging is adding.
#[derive(Clone, Debug, Default)]
pub struct AgreementTally {
    cells: BTreeMap<Cell, Count>,
    causes: BTreeMap<Cause, u64>,
    incomparable: BTreeMap<Incomparable, u64>,
}

impl AgreementTally {
    /// Counts one message that carries a verdict of Meta's.
    pub fn add(&mut self, ours: Ours, observed: &Observed, agreement: Agreement) {
        match agreement {
            Agreement::NotComparable(why) => {
                *self.incomparable.entry(why).or_default() += 1;
                return;
            }
            Agreement::Differs(cause) => *self.causes.entry(cause).or_default() += 1,
            Agreement::Agrees => {}
        }
        let count = self.cells.entry(Cell::of(ours, observed)).or_default();
        count.messages += 1;
        count.agreed += u64::from(agreement == Agreement::Agrees);
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: AgreementTally) {
        for (cell, count) in other.cells {
            let own = self.cells.entry(cell).or_default();
            own.messages += count.messages;
            own.agreed += count.agreed;
        }
        for (cause, count) in other.causes {
            *self.causes.entry(cause).or_default() += count;
        }
        for (why, count) in other.incomparable {
            *self.incomparable.entry(why).or_default() += count;
        }
    }

    /// What the summary says of it; `None` where the log carries no verdict of Meta's.
    pub fn summary(&self) -> Option<ObservedSummary> {
        let compared: u64 = self.cells.values().map(|count| count.messages).sum();
        let agreed: u64 = self.cells.values().map(|count| count.agreed).sum();
        let carried = compared + self.incomparable.values().sum::<u64>();
        (carried > 0).then(|| ObservedSummary {
            carried,
            compared,
            agreed,
            agreement_percent: percent(agreed, compared),
            not_comparable: self.incomparable.iter().map(NotComparedCount::of).collect(),
            causes: self.causes.iter().map(CauseCount::of).collect(),
            matrix: self.cells.iter().map(MatrixRow::of).collect(),
        })
    }
}

/// `99.21` of 99.2196: cut off and not rounded, so that 100.00 means all.
fn percent(part: u64, whole: u64) -> Option<String> {
    let hundredths = (u128::from(part) * 10_000).checked_div(u128::from(whole))?;
    Some(format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// Meta's verdicts beside ours, as the summary shows them.
#[derive(Clone, Debug, Serialize)]
pub struct ObservedSummary {
    /// Billed messages that carry a verdict of Meta's.
    pub carried: u64,
    /// Those that can be compared.
    pub compared: u64,
    /// Those that agree.
    pub agreed: u64,
    /// Their share with two decimals, cut off; `None` where nothing can be compared.
    pub agreement_percent: Option<String>,
    /// Those that cannot be compared, by reason.
    pub not_comparable: Vec<NotComparedCount>,
    /// The disagreements by cause.
    pub causes: Vec<CauseCount>,
    /// Our verdict against Meta's.
    pub matrix: Vec<MatrixRow>,
}

/// Messages whose verdicts cannot be compared, of one reason.
#[derive(Clone, Debug, Serialize)]
pub struct NotComparedCount {
    /// The reason.
    pub reason: &'static str,
    /// Messages.
    pub messages: u64,
    /// What it means.
    pub explanation: &'static str,
}

impl NotComparedCount {
    fn of((why, messages): (&Incomparable, &u64)) -> NotComparedCount {
        NotComparedCount { reason: why.name(), messages: *messages, explanation: why.explanation() }
    }
}

/// Disagreements of one cause.
#[derive(Clone, Debug, Serialize)]
pub struct CauseCount {
    /// The cause.
    pub cause: &'static str,
    /// Messages.
    pub messages: u64,
    /// What it means and what to do about it.
    pub explanation: &'static str,
    /// Its first words.
    #[serde(skip)]
    pub in_short: &'static str,
}

impl CauseCount {
    fn of((cause, messages): (&Cause, &u64)) -> CauseCount {
        CauseCount {
            cause: cause.name(),
            messages: *messages,
            explanation: cause.explanation(),
            in_short: cause.in_short(),
        }
    }
}

/// One cell of the confusion matrix.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "our columns of contract §3, and the fields of Meta's webhook")]
pub struct MatrixRow {
    pub regime: &'static str,
    pub verdict: &'static str,
    pub reason: &'static str,
    pub category: &'static str,
    pub meta_model: &'static str,
    pub meta_type: &'static str,
    pub meta_category: &'static str,
    pub messages: u64,
    pub agreed: u64,
}

impl MatrixRow {
    fn of((cell, count): (&Cell, &Count)) -> MatrixRow {
        MatrixRow {
            regime: cell.regime.name(),
            verdict: cell.verdict,
            reason: cell.reason,
            category: cell.category,
            meta_model: cell.meta_model,
            meta_type: cell.meta_type,
            meta_category: cell.meta_category,
            messages: count.messages,
            agreed: count.agreed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_percent_means_all() {
        assert_eq!(percent(7, 7).as_deref(), Some("100.00"));
        assert_eq!(percent(999_999, 1_000_000).as_deref(), Some("99.99"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.66"));
        assert_eq!(percent(1, 1_000).as_deref(), Some("0.10"));
        assert_eq!(percent(0, 0), None);
    }
}
