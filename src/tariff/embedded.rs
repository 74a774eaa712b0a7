//! The whole tariff of a run: the embedded tables of `data/`, with the user's cards laid over them.

use crate::model::{Currency, Day, Money};

use super::auth_international::AuthInternational;
use super::market::Markets;
use super::published::is_published;
use super::rate_book::RateBook;
use super::rate_rows::{read_gaps, read_rates};
use super::rules::Milestones;
use super::table::{NamedText, Table, TariffError};
use super::tiers::TierBook;

/// The embedded tables by name.
pub const EMBEDDED_FILES: [(&str, &str); 8] = [
    ("data/rates.csv", include_str!("../../data/rates.csv")),
    ("data/rates_derived.csv", include_str!("../../data/rates_derived.csv")),
    ("data/volume_tiers.csv", include_str!("../../data/volume_tiers.csv")),
    ("data/gaps.csv", include_str!("../../data/gaps.csv")),
    ("data/markets.csv", include_str!("../../data/markets.csv")),
    ("data/nanp.csv", include_str!("../../data/nanp.csv")),
    ("data/auth_international.csv", include_str!("../../data/auth_international.csv")),
    ("data/business_agent.csv", include_str!("../../data/business_agent.csv")),
];

/// What a user can change about the tariff.
#[derive(Clone, Debug, Default)]
pub struct TariffOptions {
    /// Cards of `--rates`, in the columns of `data/rates.csv` or `data/volume_tiers.csv`.
    pub cards: Vec<NamedText>,
    /// `--no-derived-rates`.
    pub no_derived: bool,
}

/// Prices and places.
#[derive(Clone, Debug)]
pub struct Tariff {
    /// Recipients to markets.
    pub markets: Markets,
    /// List rates.
    pub rates: RateBook,
    /// Volume tiers.
    pub tiers: TierBook,
    /// Who pays authentication-international where.
    pub auth_international: AuthInternational,
    /// Prices of Business Agent tokens, oldest first: since when, currency, per token.
    pub agent_prices: Vec<(Day, Currency, Money)>,
    /// Days on which some rate, gap or tier table begins or is over, sorted.
    changes: Vec<Day>,
}

impl Tariff {
    /// Reads and checks the embedded tables and the user's.
    pub fn load(options: &TariffOptions) -> Result<Tariff, TariffError> {
        let [rates, derived, tiers, gaps, markets, nanp, auth, agent] =
            EMBEDDED_FILES.map(|(name, text)| NamedText { name: name.to_owned(), text: text.to_owned() });
        let markets = Markets::read(&markets, &nanp)?;
        let mut rows = if options.no_derived { Vec::new() } else { read_rates(&derived, &markets)? };
        rows.extend(read_rates(&rates, &markets)?);
        let mut tier_sources = vec![&tiers];
        for card in &options.cards {
            if is_published(card) {
                return Err(TariffError {
                    file: card.name.clone(),
                    line: 1,
                    message: "a card as Meta publishes it; `wabill rates import` turns it into one for --rates"
                        .to_owned(),
                });
            }
            if is_tier_table(card) {
                tier_sources.push(card);
            } else {
                rows.extend(read_rates(card, &markets)?);
            }
        }
        let rates = RateBook::new(rows, read_gaps(&gaps, &markets)?);
        let tiers = TierBook::read(&tier_sources, &markets)?;
        let mut changes: Vec<Day> = rates.changes().chain(tiers.tables().map(|(.., table)| table.effective)).collect();
        changes.sort_unstable();
        changes.dedup();
        Ok(Tariff {
            rates,
            tiers,
            changes,
            auth_international: AuthInternational::read(&auth)?,
            agent_prices: agent_prices(&agent)?,
            markets,
        })
    }

    /// The place of a day among the periods in which no rate, gap or tier table changes: what holds on one of its days holds on all.
    pub fn price_period(&self, day: Day) -> usize {
        self.changes.partition_point(|change| *change <= day)
    }

    /// The dates of single changes; the Business Agent's is the first row of its price.
    ///
    /// # Panics
    /// Never: the dates below are real days.
    pub fn milestones(&self) -> Milestones {
        let day = |text: &str| Day::parse(text).expect("a real day");
        Milestones {
            marketing_lite_from: day("2024-10-15"),
            direct_business_initiated_charged_from: day("2023-04-04"),
            us_pause_from: day("2025-04-01"),
            business_agent_from: self.agent_prices.first().map_or(day("9999-12-31"), |(since, ..)| *since),
        }
    }

    /// Price of one Business Agent token on a day in a currency (R59, Q30).
    pub fn agent_price(&self, currency: Currency, day: Day) -> Option<Money> {
        let mut rows = self.agent_prices.iter().filter(|(since, own, _)| *since <= day && *own == currency);
        rows.next_back().map(|(.., price)| *price)
    }
}

/// Whether a card has the columns of `data/volume_tiers.csv`.
pub(super) fn is_tier_table(card: &NamedText) -> bool {
    card.text.lines().next().is_some_and(|header| header.contains("tier_from"))
}

fn agent_prices(source: &NamedText) -> Result<Vec<(Day, Currency, Money)>, TariffError> {
    let table = Table::read(source, &["effective_date", "currency", "rate_per_million_tokens"], &["source"])?;
    let mut prices = Vec::new();
    for row in table.rows() {
        let million = row.money("rate_per_million_tokens")?;
        let one =
            million.per_million().ok_or_else(|| row.error("rate_per_million_tokens has more than six decimals"))?;
        prices.push((row.needed_day("effective_date")?, row.currency("currency")?, one));
    }
    prices.sort_unstable();
    Ok(prices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BilledCategory, parse_e164};
    use crate::tariff::{CardFamily, MissingRate, TierCategory};

    fn tariff() -> Tariff {
        Tariff::load(&TariffOptions::default()).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn the_first_tier_is_the_list_rate_of_its_date() {
        let tariff = tariff();
        let mut checked = 0;
        for (currency, market, category, table) in tariff.tiers.tables() {
            let list =
                tariff.rates.list_rate(Some(CardFamily::Pmp), currency, market, category, table.effective).unwrap();
            assert_eq!(list.rate, table.tiers[0].rate, "{currency} {} {category:?}", tariff.markets.name(market));
            checked += 1;
        }
        assert_eq!(checked, 298);
    }

    #[test]
    fn every_rate_row_of_the_sources_is_in_the_book() {
        let distinct: usize = tariff().rates.rows().count();
        assert_eq!(distinct, 2138 + 54, "no two rows for one cell and date");
    }

    #[test]
    fn spot_rates_of_october_2026() {
        let tariff = tariff();
        let rate = |currency: &str, market: &str, category: &str| {
            let (currency, market) = (Currency::parse(currency).unwrap(), tariff.markets.named(market).unwrap());
            let category = BilledCategory::parse(category).unwrap();
            tariff
                .rates
                .list_rate(Some(CardFamily::Pmp), currency, market, category, day("2026-11-22"))
                .unwrap()
                .rate
                .to_string()
        };
        assert_eq!(rate("USD", "India", "marketing"), "0.0118");
        assert_eq!(rate("INR", "India", "authentication_international"), "2.4971");
        assert_eq!(rate("USD", "Brazil", "service"), "0.0068");
        assert_eq!(rate("BRL", "Brazil", "marketing"), "0.3217");
        assert_eq!(rate("USD", "Kazakhstan", "utility"), "0.018");
        assert_eq!(rate("IDR", "Indonesia", "marketing"), "586.33");
        assert_eq!(rate("USD", "Rest of Central & Eastern Europe", "service"), "0.0212");
    }

    /// Every rate and tier table of every cell is the same on the first and on the last day of a period.
    #[test]
    fn nothing_changes_within_a_price_period() {
        let tariff = tariff();
        let cells: Vec<_> =
            tariff.rates.rows().map(|row| (row.family, row.currency, row.market, row.category)).collect();
        let at = |day: Day| -> Vec<_> {
            let of = |&(family, currency, market, category): &(CardFamily, Currency, _, _)| {
                let list = tariff.rates.list_rate(Some(family), currency, market, category, day);
                let tiers = list.as_ref().ok().and_then(|list| {
                    tariff.tiers.table(currency, market, category, day, list.rate).map(|table| table.effective)
                });
                (list.map(|list| list.rate).map_err(|missing| missing.to_string()), tiers)
            };
            cells.iter().map(of).collect()
        };
        assert!([day("2025-07-01"), day("2026-10-01")].iter().all(|change| tariff.changes.contains(change)));
        for days in tariff.changes.windows(2) {
            assert_eq!(at(days[0]), at(days[1].previous()), "{} to {}", days[0], days[1]);
            assert_ne!(tariff.price_period(days[1].previous()), tariff.price_period(days[1]));
        }
    }

    #[test]
    fn a_gap_hides_an_older_row_but_not_one_of_its_own_interval() {
        let tariff = tariff();
        let (eur, marketing) = (Currency::parse("EUR").unwrap(), BilledCategory::Marketing);
        let rate = |market: &str, on: &str| {
            let market = tariff.markets.named(market).unwrap();
            tariff
                .rates
                .list_rate(Some(CardFamily::Pmp), eur, market, marketing, day(on))
                .map(|rate| rate.rate.to_string())
        };
        assert!(rate("Mexico", "2026-09-30").is_ok());
        assert!(matches!(rate("Mexico", "2026-10-01"), Err(MissingRate::Gap(_))));
        assert!(rate("Germany", "2026-10-01").is_ok(), "a row of the October card itself");
        assert!(matches!(rate("Brazil", "2026-10-01"), Err(MissingRate::Gap(_))));
    }

    #[test]
    fn no_rate_crosses_a_family_q5() {
        let tariff = tariff();
        let market = tariff.markets.named("Colombia").unwrap();
        let rate = |family, category, on: &str| {
            tariff.rates.list_rate(family, Currency::USD, market, category, day(on)).is_ok()
        };
        assert!(rate(Some(CardFamily::Cbp2023), BilledCategory::Authentication, "2025-06-30"));
        assert!(
            !rate(Some(CardFamily::Pmp), BilledCategory::Authentication, "2025-07-01"),
            "the figure in between was not found"
        );
        assert!(rate(Some(CardFamily::Pmp), BilledCategory::Authentication, "2025-10-01"));
        assert!(!rate(None, BilledCategory::Notification, "2021-11-09"));
    }

    #[test]
    fn derived_rates_can_be_refused() {
        let without = Tariff::load(&TariffOptions { no_derived: true, ..TariffOptions::default() }).unwrap();
        let chile = without.markets.named("Chile").unwrap();
        let rate = |tariff: &Tariff| {
            tariff
                .rates
                .list_rate(
                    Some(CardFamily::Cbp2023),
                    Currency::USD,
                    chile,
                    BilledCategory::Marketing,
                    day("2023-06-01"),
                )
                .is_ok()
        };
        assert!(rate(&tariff()));
        assert!(!rate(&without));
    }

    #[test]
    fn markets_by_prefix_and_date_r6() {
        let markets = tariff().markets;
        let market = |number: &str, on: &str| {
            markets.name(markets.market(markets.country_of(parse_e164(number).unwrap()), day(on))).to_owned()
        };
        for (number, on, name) in [
            ("+5511999990001", "2025-08-01", "Brazil"),
            ("+12025550123", "2025-08-01", "North America"),
            ("+14165550123", "2025-08-01", "North America"),
            ("+18095550123", "2025-08-01", "Rest of Latin America"),
            ("+12425550123", "2025-08-01", "Other"),
            ("+15550100123", "2025-08-01", "North America"),
            ("+77015550123", "2026-09-30", "Other"),
            ("+77015550123", "2026-10-01", "Kazakhstan"),
            ("+79035550123", "2026-10-02", "Russia"),
            ("+263771234567", "2025-09-30", "Other"),
            ("+263771234567", "2025-10-01", "Rest of Africa"),
            ("+243811234567", "2026-10-02", "Other"),
            ("+5511999990001", "2019-01-01", "Brazil"),
        ] {
            assert_eq!(market(number, on), name, "{number} {on}");
        }
        assert_eq!(markets.country_of(12_025_550_123), crate::model::Country::US);
        assert_ne!(markets.country_of(15_550_100_123), crate::model::Country::US, "no US area code");
    }

    #[test]
    fn tiers_of_the_sources_have_their_bounds() {
        let tariff = tariff();
        let india = tariff.markets.named("India").unwrap();
        assert_eq!(tariff.tiers.bounds(india, TierCategory::Utility)[0], 25_000_000);
        assert_eq!(tariff.tiers.bounds(india, TierCategory::Authentication)[0], 750_000);
    }

    #[test]
    fn a_card_with_a_fault_is_refused_with_its_line() {
        let card = |text: &str| TariffOptions {
            cards: vec![NamedText { name: "own.csv".to_owned(), text: text.to_owned() }],
            no_derived: false,
        };
        let header = "effective_date,regime,currency,market,category,rate\n";
        for (row, message) in [
            ("2026-10-01,PMP,USD,Brasil,marketing,0.1", "own.csv:2: unknown market 'Brasil'; did you mean 'Brazil'?"),
            ("2026-10-01,PMP,USD,Brazil,promo,0.1", "own.csv:2: unknown category 'promo'"),
            ("2026-10-32,PMP,USD,Brazil,marketing,0.1", "own.csv:2: effective_date '2026-10-32' is no date"),
            ("2026-10-01,PMP,USD,Brazil,marketing,-0.1", "own.csv:2: rate: '-0.1' is not a plain decimal"),
            ("2026-10-01,CBP,USD,Brazil,marketing,0.1", "own.csv:2: regime 'CBP' is not"),
            (
                "2026-10-01,PMP,USD,Brazil,marketing,0.1\n2026-10-01,PMP,USD,Brazil,marketing,0.2",
                "own.csv:3: a second rate",
            ),
        ] {
            let error = Tariff::load(&card(&format!("{header}{row}\n"))).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
