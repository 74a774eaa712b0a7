//! From a case in short notation to the files the program reads.

use crate::clock;
use crate::data::{Case, Defaults, RateRow};
use crate::notation::{Event, What};
use crate::sheet::Scenario;
use anyhow::{Context, Result, bail};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

pub(crate) const NUMBER: &str = "1001";
pub(crate) const WABA: &str = "2001";
pub(crate) const PORTFOLIO: &str = "3001";
/// Typical size of a Business Agent reply (R59).
const TOKENS: &str = "22000";

/// One (case, run): the case with the regime's start and zone settled.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    case: &'a Case,
    defaults: &'a Defaults,
    zone: &'a str,
    pub(crate) start: i64,
    /// The regime all messages must fall in; `None` where a run crosses a date.
    pub(crate) regime: Option<&'static str>,
    pub(crate) events: Vec<Event>,
}

impl<'a> Run<'a> {
    /// `key` is a regime, `regime@time`, or `mixed`.
    pub(crate) fn new(case: &'a Case, defaults: &'a Defaults, key: &str) -> Result<Self> {
        let (name, time) = key.split_once('@').map_or((key, None), |(name, time)| (name, Some(time)));
        let start = time
            .or(case.t0.as_deref())
            .or_else(|| defaults.t0.get(name).map(String::as_str))
            .with_context(|| format!("run `{key}` has no start"))?;
        let numbered = case.ev.iter().enumerate();
        Ok(Self {
            case,
            defaults,
            zone: case.waba_tz.as_deref().unwrap_or(&defaults.waba_tz),
            start: clock::instant(start)?,
            regime: regime(name)?,
            events: numbered.map(|(i, text)| Event::parse(i + 1, text)).collect::<Result<_>>()?,
        })
    }

    pub(crate) fn scenario(&self) -> Result<Scenario> {
        let mut scenario = Scenario::new();
        for event in &self.events {
            for n in 0..event.repeat {
                self.add_message(&mut scenario, event, n)?;
            }
        }
        self.add_accounts(&mut scenario)?;
        self.add_carry_in(&mut scenario)?;
        for row in &self.case.rates {
            add_rate(&mut scenario, row)?;
        }
        if let Some(mode) = &self.case.fep_mode {
            scenario.settings.insert("fep_length_2026".to_owned(), mode.clone());
        }
        let own = self.case.settings.iter();
        scenario.settings.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        Ok(scenario)
    }

    fn add_message(&self, scenario: &mut Scenario, event: &Event, n: u32) -> Result<()> {
        let at = self.start + event.at + i64::from(n) * event.every;
        let given = |key: &str, default: &str| event.option(key).unwrap_or(default).to_owned();
        let mut cells = vec![
            (
                "message_id",
                if event.repeat == 1 { event.message_id().to_owned() } else { format!("{}-{n:05}", event.id) },
            ),
            ("phone_number_id", given("number", NUMBER)),
            ("waba_id", given("waba", WABA)),
            ("customer_id", self.customer(event).to_owned()),
            ("group_id", given("group", "")),
            ("origin", given("origin", "api")),
            ("status", given("status", "")),
        ];
        match event.what {
            What::Inbound | What::Call => cells.extend(self.inbound(event, at)?),
            _ => cells.extend(self.outbound(event, at)?),
        }
        scenario.log.push(cells)
    }

    /// Digits only, as the log has them.
    pub(crate) fn customer<'e>(&'e self, event: &'e Event) -> &'e str {
        let own = event.option("to").or(self.case.to.as_deref());
        own.unwrap_or(&self.defaults.to).trim_start_matches('+')
    }

    fn inbound(&self, event: &Event, at: i64) -> Result<Vec<(&'static str, String)>> {
        let kind = if event.what == What::Call { "call" } else { event.option("type").unwrap_or("text") };
        let client = match self.case.device.as_deref().unwrap_or(&self.defaults.device) {
            "mobile" => "android",
            device => device,
        };
        let referral = match event.option("ref") {
            Some("cta") => "page_cta",
            Some(source) => source,
            None => "",
        };
        Ok(vec![
            ("direction", "inbound".to_owned()),
            ("message_type", kind.to_owned()),
            ("created_at", clock::rfc3339(at)?),
            ("client", event.option("client").unwrap_or(client).to_owned()),
            ("referral_source_type", referral.to_owned()),
        ])
    }

    fn outbound(&self, event: &Event, at: i64) -> Result<Vec<(&'static str, String)>> {
        let mut cells = vec![("direction", "outbound".to_owned())];
        if event.option("sent") != Some("unknown") {
            cells.push(("sent_at", clock::rfc3339(at)?));
        }
        if let Some(delay) = event.delay {
            cells.push(("delivered_at", clock::rfc3339(at + delay)?));
        }
        let kind = match &event.what {
            What::Template(category) => {
                cells.push(("template_name", self.template_name(event, category)));
                // before 2022-02-01 a template had no category
                if category != "notification" {
                    cells.push(("template_category", category.clone()));
                }
                "template"
            }
            What::Direct(category) => {
                cells.push(("template_category", category.clone()));
                "text"
            }
            What::Agent => {
                cells.push(("product", "business_agent".to_owned()));
                cells.push(("tokens", event.option("tokens").unwrap_or(TOKENS).to_owned()));
                "text"
            }
            What::Reaction => "reaction",
            What::CallAccepted => "call",
            _ => "text",
        };
        cells.push(("message_type", event.option("type").unwrap_or(kind).to_owned()));
        Ok(cells)
    }

    fn template_name(&self, event: &Event, category: &str) -> String {
        let own = event.option("name").map(str::to_owned);
        own.or_else(|| self.case.template.clone()).unwrap_or_else(|| format!("{category}_template"))
    }

    fn add_accounts(&self, scenario: &mut Scenario) -> Result<()> {
        let mut first = account(self.zone, "USD");
        first.extend(self.case.account.iter().map(|(k, v)| (k.as_str(), v.clone())));
        scenario.accounts.push(first.clone())?;
        for other in &self.case.also {
            let mut row = first.clone();
            row.extend(other.iter().map(|(k, v)| (k.as_str(), v.clone())));
            scenario.accounts.push(row)?;
        }
        Ok(())
    }

    /// What is left of the allowance is given as what was used before the log starts.
    fn add_carry_in(&self, scenario: &mut Scenario) -> Result<()> {
        let day = clock::local_date(self.start, clock::zone(self.zone)?)?;
        if let Some((scope, id)) = allowance(day) {
            let left = self.case.free_left.unwrap_or(self.defaults.free_left);
            scenario.carry_in.push([
                ("scope", scope.to_owned()),
                ("id", id.to_owned()),
                ("month", day.format("%Y-%m").to_string()),
                ("used", (1000 - left).to_string()),
            ])?;
        }
        for row in &self.case.carry {
            scenario.carry_in.push(row.iter().map(|(k, v)| (k.as_str(), v.clone())))?;
        }
        Ok(())
    }
}

/// The default account's row.
pub(crate) fn account<'a>(zone: &str, currency: &str) -> BTreeMap<&'a str, String> {
    BTreeMap::from([
        ("phone_number_id", NUMBER.to_owned()),
        ("waba_id", WABA.to_owned()),
        ("waba_timezone", zone.to_owned()),
        ("currency", currency.to_owned()),
        ("portfolio_id", PORTFOLIO.to_owned()),
    ])
}

/// Which allowance a day knows: conversations per WABA (R47, R49), none (R50), service messages per number (R51).
fn allowance(day: NaiveDate) -> Option<(&'static str, &'static str)> {
    let month = (day.year(), day.month());
    match month {
        m if m < (2022, 2) => None,
        m if m < (2024, 11) => Some(("conversation_allowance", WABA)),
        m if m < (2026, 10) => None,
        _ => Some(("service_allowance", NUMBER)),
    }
}

/// A list rate and, where it has them, its tiers: `tier_from` follows on the last unit of the tier before.
pub(crate) fn add_rate(scenario: &mut Scenario, row: &RateRow) -> Result<()> {
    let common = [
        ("effective_date", row.from.clone()),
        ("currency", row.currency.clone()),
        ("market", row.market.clone()),
        ("category", row.category.clone()),
        ("source", "test".to_owned()),
        ("confidence", "single-source".to_owned()),
    ];
    let regime = row.regime.as_deref().unwrap_or("PMP").to_owned();
    let list = [("regime", regime), ("rate", row.rate.clone())];
    scenario.rates.push(common.iter().cloned().chain(list))?;
    let mut from = 0;
    for bound in &row.tiers {
        let tier = [
            ("tier_from", from.to_string()),
            ("tier_to", bound.upto.map(|unit| unit.to_string()).unwrap_or_default()),
            ("rate", bound.rate.clone()),
            ("discount_percent", bound.discount.clone()),
        ];
        scenario.tiers.push(common.iter().cloned().chain(tier))?;
        from = bound.upto.map_or(from, |unit| unit + 1);
    }
    Ok(())
}

fn regime(name: &str) -> Result<Option<&'static str>> {
    Ok(Some(match name {
        "mixed" => return Ok(None),
        "NBP" => "nbp",
        "CBP1" => "cbp-2022",
        "CBP1b" => "cbp-2023-03",
        "CBP2" => "cbp-2023-06",
        "CBP3" => "cbp-2024-11",
        "PMP1" => "pmp-2025-07",
        "PMP2" => "pmp-2026-10",
        _ => bail!("`{name}` is no regime"),
    }))
}
