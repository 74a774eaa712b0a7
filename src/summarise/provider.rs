//! A provider's own bill: its lines, and what they come to. It stands beside Meta's and never goes into it (rules §4).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Currency, Money, Month, ProviderItem};

use super::lines::Lines;

/// One row of `provider_lines.csv`, and the source of every total of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderLine {
    /// WABA; for fees of a number, the first one it sends for.
    pub waba_id: String,
    /// Phone number.
    pub phone_number_id: String,
    /// Month in the provider's calendar.
    pub month: Month,
    /// What is charged.
    pub item: ProviderItem,
    /// The category that is not supported, else empty.
    pub category: &'static str,
    /// How often.
    pub quantity: u64,
    /// For one, where it is known and always the same.
    pub unit_price: Option<Money>,
    /// For all, where it is known.
    pub amount: Option<Money>,
    /// Currency of the amount, where it is known.
    pub currency: Option<Currency>,
    /// Why there is no amount.
    pub remark: &'static str,
}

type Columns<'l> = (&'l str, &'l str, Month, ProviderItem, &'l str, Option<Currency>, Option<Money>, &'l str);

impl ProviderLine {
    /// Puts lines in the order of their columns; lines that show the same columns make one.
    pub fn sorted(mut lines: Vec<ProviderLine>) -> Vec<ProviderLine> {
        lines.sort_by(|a, b| a.columns().cmp(&b.columns()));
        lines.dedup_by(|later, first| {
            let same = later.columns() == first.columns();
            if same {
                first.quantity += later.quantity;
                first.amount = first.amount.zip(later.amount).map(|(first, later)| first + later);
            }
            same
        });
        lines
    }

    fn columns(&self) -> Columns<'_> {
        let place = (&self.waba_id, &self.phone_number_id);
        (place.0, place.1, self.month, self.item, self.category, self.currency, self.unit_price, self.remark)
    }

    /// Whether its amount is missing.
    fn is_incomplete(&self) -> bool {
        self.amount.is_none()
    }
}

/// Who charges by which fees.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderFacts {
    /// The provider.
    pub name: String,
    /// Where the preset's figures stand; empty without one.
    pub source: &'static str,
    /// Its fees, as `[provider]` would say them.
    pub settings: BTreeMap<&'static str, String>,
    /// What to know about the preset.
    pub notes: Vec<&'static str>,
}

/// A sum of lines in one currency.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/summary.schema.json")]
pub struct ProviderTotal {
    pub currency: String,
    pub amount: String,
    pub amount_rounded: String,
}

/// A sum of lines of one name in one currency.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/summary.schema.json")]
pub struct ProviderGroup {
    pub name: String,
    pub currency: String,
    pub quantity: u64,
    pub amount: String,
}

/// Lines without an amount.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/summary.schema.json")]
pub struct ProviderUnknown {
    pub item: &'static str,
    pub category: &'static str,
    pub quantity: u64,
    pub why: &'static str,
}

/// What Meta and the provider come to together, where both charge in one and the same currency.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/summary.schema.json")]
pub struct WithMeta {
    pub currency: String,
    pub meta: String,
    pub provider: String,
    pub together: String,
    pub together_rounded: String,
    pub complete: bool,
}

/// The section `provider` of the summary.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "described in reports/summary.schema.json")]
pub struct ProviderSummary {
    #[serde(flatten)]
    pub facts: ProviderFacts,
    pub totals: Vec<ProviderTotal>,
    pub by_item: Vec<ProviderGroup>,
    pub by_month: Vec<ProviderGroup>,
    pub by_phone_number: Vec<ProviderGroup>,
    pub unknown: Vec<ProviderUnknown>,
    pub with_meta: Option<WithMeta>,
}

impl ProviderSummary {
    /// Sums the lines of a provider, beside those of Meta's bill.
    pub fn new(facts: ProviderFacts, lines: &[ProviderLine], meta: &Lines) -> ProviderSummary {
        let by = |name: &dyn Fn(&ProviderLine) -> String| groups(lines, name);
        ProviderSummary {
            facts,
            totals: totals(lines),
            by_item: by(&|line| line.item.name().to_owned()),
            by_month: by(&|line| line.month.to_string()),
            by_phone_number: by(&|line| line.phone_number_id.clone()),
            unknown: unknown(lines),
            with_meta: with_meta(lines, meta),
        }
    }
}

fn sums(lines: &[ProviderLine]) -> BTreeMap<Currency, Money> {
    let mut sums: BTreeMap<Currency, Money> = BTreeMap::new();
    for (currency, amount) in lines.iter().filter_map(|line| line.currency.zip(line.amount)) {
        *sums.entry(currency).or_default() += amount;
    }
    sums
}

fn totals(lines: &[ProviderLine]) -> Vec<ProviderTotal> {
    let total = |(currency, amount): (Currency, Money)| ProviderTotal {
        currency: currency.to_string(),
        amount: amount.to_string(),
        amount_rounded: amount.rounded(currency.minor_decimals()).to_string(),
    };
    sums(lines).into_iter().map(total).collect()
}

fn groups(lines: &[ProviderLine], name: &dyn Fn(&ProviderLine) -> String) -> Vec<ProviderGroup> {
    let mut sums: BTreeMap<(String, Currency), (u64, Money)> = BTreeMap::new();
    for line in lines {
        let Some((currency, amount)) = line.currency.zip(line.amount) else { continue };
        let sum = sums.entry((name(line), currency)).or_default();
        sum.0 += line.quantity;
        sum.1 += amount;
    }
    let group = |((name, currency), (quantity, amount)): ((String, Currency), (u64, Money))| ProviderGroup {
        name,
        currency: currency.to_string(),
        quantity,
        amount: amount.to_string(),
    };
    sums.into_iter().map(group).collect()
}

fn unknown(lines: &[ProviderLine]) -> Vec<ProviderUnknown> {
    let mut quantities: BTreeMap<(ProviderItem, &'static str, &'static str), u64> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.is_incomplete()) {
        *quantities.entry((line.item, line.category, line.remark)).or_default() += line.quantity;
    }
    let row = |((item, category, why), quantity): ((ProviderItem, _, _), u64)| ProviderUnknown {
        item: item.name(),
        category,
        quantity,
        why,
    };
    quantities.into_iter().map(row).collect()
}

/// Amounts in different currencies are never added, and an empty bill has none.
fn with_meta(lines: &[ProviderLine], meta: &Lines) -> Option<WithMeta> {
    let own = sums(lines);
    let mut billed: BTreeMap<Currency, Money> = BTreeMap::new();
    for line in meta.iter() {
        *billed.entry(line.currency).or_default() += line.sums.billed;
    }
    let (mut own, mut billed) = (own.into_iter(), billed.into_iter());
    let ((currency, provider), None) = (own.next()?, own.next()) else { return None };
    let ((metas_currency, meta_billed), None) = (billed.next()?, billed.next()) else { return None };
    if currency != metas_currency {
        return None;
    }
    let together = meta_billed + provider;
    let unpriced = meta.iter().any(|line| line.sums.unpriced > 0);
    Some(WithMeta {
        currency: currency.to_string(),
        meta: meta_billed.to_string(),
        provider: provider.to_string(),
        together: together.to_string(),
        together_rounded: together.rounded(currency.minor_decimals()).to_string(),
        complete: !unpriced && !lines.iter().any(ProviderLine::is_incomplete),
    })
}
