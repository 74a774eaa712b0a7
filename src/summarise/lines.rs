//! All lines of a bill, in the order of `lines.csv`.
//!
//! There may be millions. So each is kept as the numbers that it consists of, and gets its names and sums when it is asked for.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use rayon::slice::ParallelSliceMut;

use crate::model::Currency;

use super::kinds::Kinds;
use super::ledger::Entry;
use super::line::Line;
use super::tally::{LineSums, Tally};

/// What the numbers of a [`LineKey`](super::LineKey) stand for.
pub trait LineNames {
    /// WABA, phone number and currency of an account.
    fn account(&self, account: u32) -> (&str, &str, Currency);
    /// The name of a market; markets are numbered in the order of their names.
    fn market(&self, market: usize) -> &str;
    /// The name of a template.
    fn template(&self, template: u32) -> &str;
}

/// The bill: its lines, sorted by their columns.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// WABA, phone number and currency.
    accounts: Vec<(Box<str>, Box<str>, Currency)>,
    templates: Vec<Box<str>>,
    kinds: Kinds,
    /// Accounts and templates are places among those above. Rows that show the same follow each other, and make one line.
    rows: Vec<(Entry, u64)>,
}

impl Lines {
    /// The lines of a tally, whose counts are taken out of it.
    pub fn of(tally: &mut Tally, names: &impl LineNames) -> Lines {
        let (kinds, mut rows) = tally.ledger.take();
        let kinds = Kinds::new(kinds, |market| names.market(market));
        let accounts = sort_names(&mut rows, |entry| &mut entry.account, |account| names.account(account));
        let templates = sort_names(&mut rows, |entry| &mut entry.template, |template| names.template(template));
        rows.par_sort_unstable_by_key(|(entry, _)| kinds.place(entry));
        let account = |(waba, number, currency): (&str, &str, Currency)| (waba.into(), number.into(), currency);
        Lines {
            accounts: accounts.into_iter().map(account).collect(),
            templates: templates.into_iter().map(Into::into).collect(),
            kinds,
            rows,
        }
    }

    /// One line after the other.
    pub fn iter(&self) -> impl Iterator<Item = Line<'_>> {
        let together = self.rows.chunk_by(|(one, _), (next, _)| self.kinds.place(one) == self.kinds.place(next));
        together.map(|rows| self.line(rows))
    }

    /// The line of rows that show the same.
    fn line(&self, rows: &[(Entry, u64)]) -> Line<'_> {
        let (first, _) = rows[0];
        let (kind, market) = self.kinds.get(&first);
        let (waba_id, phone_number_id, currency) = &self.accounts[first.account as usize];
        let mut sums = LineSums::default();
        for (entry, count) in rows {
            sums.add(&self.kinds.get(entry).0.sums(*count));
        }
        Line {
            waba_id,
            phone_number_id,
            currency: *currency,
            day: first.day,
            regime: kind.regime,
            market,
            category: kind.category,
            template_name: &self.templates[first.template as usize],
            outcome: kind.outcome,
            tier: kind.tier,
            sums,
        }
    }
}

/// The names behind a number of each row, sorted, each once; the number becomes the place of its name.
fn sort_names<N: Ord>(
    rows: &mut [(Entry, u64)],
    number: impl Fn(&mut Entry) -> &mut u32,
    name: impl Fn(u32) -> N,
) -> Vec<N> {
    let numbers: HashSet<u32, FixedState> = rows.iter_mut().map(|(entry, _)| *number(entry)).collect();
    let mut all: Vec<(N, u32)> = numbers.into_iter().map(|number| (name(number), number)).collect();
    all.sort_unstable();
    let mut names: Vec<N> = Vec::new();
    let mut places: HashMap<u32, u32, FixedState> = HashMap::default();
    for (name, number) in all {
        if names.last() != Some(&name) {
            names.push(name);
        }
        places.insert(number, u32::try_from(names.len() - 1).expect("there are no more names than numbers"));
    }
    rows.iter_mut().map(|(entry, _)| number(entry)).for_each(|number| *number = places[number]);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BilledCategory, Day, Flags, Money, Outcome, Rated, RegimeId, RuleId};
    use crate::summarise::LineKey;

    /// Numbers are in another order than names, and two accounts show the same.
    struct Names;

    impl LineNames for Names {
        fn account(&self, account: u32) -> (&str, &str, Currency) {
            let number = ["20", "10", "10"][account as usize];
            ("1", number, Currency::USD)
        }

        fn market(&self, market: usize) -> &str {
            ["Brazil", "India"][market]
        }

        fn template(&self, template: u32) -> &str {
            ["", "welcome", "offer"][template as usize]
        }
    }

    fn lines(messages: &[(u32, usize, u32)]) -> Vec<String> {
        let mut tally = Tally::default();
        for (account, market, template) in messages {
            let day = Day::parse("2026-10-01").unwrap();
            let (regime, category, outcome) = (RegimeId::Pmp2, BilledCategory::Utility, Outcome::Charged);
            let (account, market, template) = (*account, *market, *template);
            let key = LineKey { account, day, regime, market, category, template, outcome, tier: None };
            let price = Some(Money::parse("0.01").unwrap());
            let (rule, flags) = (RuleId::R51, Flags::NONE);
            let rated = Rated { outcome, rule, tier: None, list: price, billed: price, unpriced: None, flags };
            // One of two is of another kind, which no column of a line shows.
            tally.add(&key, &rated, account == 2, flags);
        }
        let lines = Lines::of(&mut tally, &Names);
        let text = |line: Line<'_>| {
            let Line { phone_number_id, market, template_name, sums, .. } = line;
            let LineSums { messages, conversations, billed, .. } = sums;
            format!("{phone_number_id} {market} '{template_name}' {messages} {conversations} {billed}")
        };
        lines.iter().map(text).collect()
    }

    #[test]
    fn lines_are_sorted_by_their_names() {
        let sorted = [
            "10 Brazil '' 1 0 0.01",
            "10 India '' 1 0 0.01",
            "20 Brazil 'offer' 1 0 0.01",
            "20 Brazil 'welcome' 1 0 0.01",
        ];
        assert_eq!(lines(&[(0, 0, 1), (1, 1, 0), (0, 0, 2), (1, 0, 0)]), sorted);
    }

    #[test]
    fn what_shows_the_same_is_one_line() {
        assert_eq!(lines(&[(1, 0, 1), (2, 0, 1), (1, 0, 1)]), ["10 Brazil 'welcome' 3 1 0.03"]);
        assert_eq!(lines(&[]), [""; 0]);
    }
}
