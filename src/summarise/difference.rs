//! Why one bill differs from another: the difference cut into causes, one after the other.
//!
//! Messages are counted by market and category. From the first bill to the second, one thing after the other is set to what it is in the
//! second, always in the order of [`BillCause`], and each step is the cost after it minus the cost before it. So the steps sum to the
//! difference, to the last digit. The order is a convention: another one would share out the same difference otherwise. Where the first
//! bill has nothing of a kind, the second's own figures hold from the step on that first needs one.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Currency, Money, Outcome, Reason};

use super::line::Line;
use super::lines::Lines;

/// Customers and conversations of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contacts {
    /// Customers who wrote or were sent something.
    pub customers: u64,
    /// Conversations: messages with less than 24 hours from one to the next.
    pub conversations: u64,
}

/// What can make two bills differ, in the order of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "`meaning` says it")]
pub enum BillCause {
    Volume,
    Category,
    Window,
    Allowance,
    Tier,
    Rate,
}

impl BillCause {
    /// All causes, in order.
    pub const ALL: [BillCause; 6] = [
        BillCause::Volume,
        BillCause::Category,
        BillCause::Window,
        BillCause::Allowance,
        BillCause::Tier,
        BillCause::Rate,
    ];

    /// The name in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            BillCause::Volume => "volume",
            BillCause::Category => "category",
            BillCause::Window => "window",
            BillCause::Allowance => "allowance",
            BillCause::Tier => "tier",
            BillCause::Rate => "rate",
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            BillCause::Volume => "more or fewer messages, market by market",
            BillCause::Category => "other categories",
            BillCause::Window => {
                "more or fewer messages that an open window or conversation covers, or a closed one refuses"
            }
            BillCause::Allowance => "more or fewer messages within a free allowance or an exemption",
            BillCause::Tier => "other discounts of volume tiers",
            BillCause::Rate => "other list rates",
        }
    }
}

/// One step from one bill to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What changed.
    pub cause: BillCause,
    /// The cost after it minus the cost before it.
    pub amount: Money,
}

/// Messages of a market and category.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    /// That reached somebody, or would have if they had been allowed.
    messages: u64,
    /// That no window made free or impossible.
    liable: u64,
    charged: u64,
    list: Money,
    billed: Money,
}

/// A bill as its cells, by market and category.
type Cells<'l> = BTreeMap<(&'l str, &'static str), Cell>;

fn cells<'l>(lines: impl Iterator<Item = Line<'l>>, currency: Currency) -> Cells<'l> {
    let mut cells = Cells::new();
    for line in lines.filter(|line| line.currency == currency) {
        use Reason::{BusinessApp, FreeTier, History, NotDelivered, PaidExempt, Reaction};
        if matches!(line.outcome, Outcome::NotBilled(NotDelivered | Reaction | BusinessApp | History)) {
            continue;
        }
        let cell = cells.entry((line.market, line.category.name())).or_default();
        let charged = line.outcome == Outcome::Charged;
        let liable = charged || matches!(line.outcome, Outcome::Free(FreeTier | PaidExempt));
        cell.messages += line.sums.messages;
        cell.liable += if liable { line.sums.messages } else { 0 };
        if charged {
            cell.charged += line.sums.messages;
            cell.list += line.sums.list;
            cell.billed += line.sums.billed;
        }
    }
    cells
}

/// The steps from one bill to another, in one currency.
pub fn differences(from: &Lines, to: &Lines, currency: Currency) -> Vec<Step> {
    steps(&cells(from.iter(), currency), &cells(to.iter(), currency))
}

fn steps(from: &Cells<'_>, to: &Cells<'_>) -> Vec<Step> {
    let mut before = total(from);
    let mut steps = Vec::new();
    for cause in BillCause::ALL {
        let after = cost_after(cause, from, to);
        steps.push(Step { cause, amount: after - before });
        before = after;
    }
    steps
}

fn total(cells: &Cells<'_>) -> Money {
    cells.values().fold(Money::ZERO, |sum, cell| sum + cell.billed)
}

/// What the second bill would cost if only the causes up to this one were the second's.
fn cost_after(cause: BillCause, from: &Cells<'_>, to: &Cells<'_>) -> Money {
    let volume = |cells: &Cells<'_>, market: &str| -> u64 {
        cells.iter().filter(|((own, _), _)| *own == market).map(|(_, cell)| cell.messages).sum()
    };
    let keys: std::collections::BTreeSet<&(&str, &'static str)> = from.keys().chain(to.keys()).collect();
    keys.into_iter().fold(Money::ZERO, |sum, key| {
        let (old, new) = (from.get(key).copied().unwrap_or_default(), to.get(key).copied().unwrap_or_default());
        sum + match cause {
            BillCause::Volume => scaled(old.billed, volume(to, key.0), volume(from, key.0), new.billed),
            BillCause::Category => by_category(old, new, volume(from, key.0)),
            BillCause::Window => scaled(old.billed, new.liable, old.liable, new.billed),
            BillCause::Allowance => scaled(old.billed, new.charged, old.charged, new.billed),
            // At the first bill's list rates, with the second's discounts.
            BillCause::Tier if old.charged == 0 => new.billed,
            BillCause::Tier => old.list.share(new.charged, old.charged) - (new.list - new.billed),
            BillCause::Rate => new.billed,
        }
    })
}

/// Messages of a category that the first bill has none of, in a market that it has, cost what they cost in the second.
fn by_category(old: Cell, new: Cell, volume: u64) -> Money {
    if volume == 0 { new.billed } else { scaled(old.billed, new.messages, old.messages, new.billed) }
}

/// The amount for another number of messages; where there were none, what the second bill has.
fn scaled(amount: Money, now: u64, before: u64, second: Money) -> Money {
    if before == 0 { second } else { amount.share(now, before) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BilledCategory, Day, RegimeId};
    use crate::summarise::LineSums;

    fn money(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    fn line(category: BilledCategory, outcome: Outcome, messages: u64, list: &str, billed: &str) -> Line<'static> {
        Line {
            waba_id: "",
            phone_number_id: "",
            currency: Currency::USD,
            day: Day::parse("2026-10-01").unwrap(),
            regime: RegimeId::Pmp2,
            market: "Brazil",
            category,
            template_name: "",
            outcome,
            tier: None,
            sums: LineSums { messages, list: money(list), billed: money(billed), ..LineSums::default() },
        }
    }

    fn steps_of(from: &[Line<'_>], to: &[Line<'_>]) -> Vec<Step> {
        let [from, to] = [from, to].map(|lines| cells(lines.iter().copied(), Currency::USD));
        steps(&from, &to)
    }

    fn amounts(from: &[Line<'_>], to: &[Line<'_>]) -> Vec<String> {
        steps_of(from, to).iter().map(|step| step.amount.to_string()).collect()
    }

    /// 10 of 20 utility messages were charged, at 0.01, and 5 service messages were free by a window.
    fn first() -> Vec<Line<'static>> {
        vec![
            line(BilledCategory::Utility, Outcome::Charged, 10, "0.1", "0.1"),
            line(BilledCategory::Utility, Outcome::Free(Reason::FreeCustomerService), 10, "0.1", "0"),
            line(BilledCategory::Service, Outcome::Free(Reason::FreeCustomerService), 5, "0", "0"),
        ]
    }

    #[test]
    fn each_cause_alone_is_its_own_step() {
        let first = first();
        assert_eq!(amounts(&first, &first), ["0"; 6]);
        let twice: Vec<Line<'_>> = first.iter().chain(&first).copied().collect();
        assert_eq!(amounts(&first, &twice), ["0.1", "0", "0", "0", "0", "0"]);
        let mut window = first.clone();
        window[1].outcome = Outcome::Charged;
        window[1].sums.billed = money("0.1");
        assert_eq!(amounts(&first, &window), ["0", "0", "0.1", "0", "0", "0"]);
        let mut rate = first.clone();
        (rate[0].sums.list, rate[0].sums.billed) = (money("0.15"), money("0.15"));
        assert_eq!(amounts(&first, &rate), ["0", "0", "0", "0", "0", "0.05"]);
        let mut tier = first.clone();
        tier[0].sums.billed = money("0.08");
        assert_eq!(amounts(&first, &tier), ["0", "0", "0", "0", "-0.02", "0"]);
        let allowance = [
            line(BilledCategory::Utility, Outcome::Charged, 4, "0.04", "0.04"),
            line(BilledCategory::Utility, Outcome::Free(Reason::FreeTier), 6, "0.06", "0"),
            first[1],
            first[2],
        ];
        assert_eq!(amounts(&first, &allowance), ["0", "0", "0", "-0.06", "0", "0"]);
        // Half of the utility messages become marketing, at 0.05; per message utility cost 0.005 before.
        let category = [
            line(BilledCategory::Utility, Outcome::Charged, 5, "0.05", "0.05"),
            line(BilledCategory::Utility, Outcome::Free(Reason::FreeCustomerService), 5, "0.05", "0"),
            line(BilledCategory::Marketing, Outcome::Charged, 10, "0.5", "0.5"),
            first[2],
        ];
        assert_eq!(amounts(&first, &category), ["0", "0.45", "0", "0", "0", "0"]);
    }

    #[test]
    fn steps_sum_exactly_whatever_the_fractions() {
        let from = [
            line(BilledCategory::Utility, Outcome::Charged, 7, "0.0476", "0.0401"),
            line(BilledCategory::Service, Outcome::Free(Reason::FreeTier), 3, "0.0204", "0"),
        ];
        let to = [
            line(BilledCategory::Utility, Outcome::Charged, 3, "0.0333", "0.0332"),
            line(BilledCategory::Marketing, Outcome::Charged, 11, "0.77", "0.77"),
            line(BilledCategory::Service, Outcome::Charged, 13, "0.13", "0.13"),
        ];
        let sum = steps_of(&from, &to).iter().fold(Money::ZERO, |sum, step| sum + step.amount);
        assert_eq!(sum, money("0.9332") - money("0.0401"));
    }
}
