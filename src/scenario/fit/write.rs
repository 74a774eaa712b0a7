//! Writes a draft as a scenario file, each number with what it was counted from.

use std::fmt::Write;

use chrono::Datelike;

use crate::model::{Country, TemplateCategory};
use crate::tariff::Account;

use super::super::frequency::MONTH_DAYS;
use super::draft::{Arrivals, Draft, Journey, Step};
use super::lapses::as_number;
use super::measured::{Counts, Measured};
use super::shape::{Shape, country_key};
use super::toml_text::{chance, count, delay, key, named_weights, of, quoted, real, share_weights, weights};
use super::write_habits;

/// What stands around the traffic.
#[derive(Debug, Clone)]
pub struct Frame {
    /// A sentence about the file.
    pub title: String,
    /// Seed of the scenario.
    pub seed: u32,
    /// Runs of `[monte_carlo]`.
    pub runs: u32,
    /// `[rules]` as text, or nothing.
    pub rules: String,
}

/// A file while it is written.
pub(super) struct Page<'p> {
    pub(super) draft: &'p Draft,
    pub(super) shape: &'p Shape,
    pub(super) log: &'p Counts,
    pub(super) text: String,
}

impl Draft {
    /// The scenario file.
    pub fn text(&self, shape: &Shape, log: &Measured, frame: &Frame) -> String {
        let mut page = Page { draft: self, shape, log: &log.0, text: String::new() };
        page.head(frame);
        page.accounts();
        page.markets();
        page.segments();
        page.templates();
        page.journeys();
        page.campaigns();
        write_habits::all(&mut page);
        page.text + &frame.rules + &format!("\n[monte_carlo]\nruns = {}\n", frame.runs)
    }
}

impl Page<'_> {
    /// A line.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A key with its value, and where it comes from.
    pub(super) fn set(&mut self, name: &str, value: &str, from: &str) {
        let comment = if from.is_empty() { String::new() } else { format!(" # {from}") };
        let _ = writeln!(self.text, "{name} = {value}{comment}");
    }

    fn head(&mut self, frame: &Frame) {
        let (inbound, outbound) = (self.log.inbound, self.log.outbound);
        let (from, to) = self.shape.days;
        let days = self.shape.length();
        let _ = write!(
            self.text,
            "# Fitted to a log of {inbound} messages of customers and {outbound} of the business in {days} days.\n#\n\
             # Behind each number stands what it was counted from. Rates, chances and numbers of customers were then corrected until\n\
             # simulations of this file, counted by the same rules, showed what the log shows.\n#\n\
             # Not measured, and so as in any scenario that says nothing of it: read receipts (delivery.receipts, read, read_after,\n\
             # template_read_after, read_only; the bill does not depend on them), opt-outs of campaigns, ids of ads,\n\
             # duplicates and late rows of the log. Clicks in web and desktop clients open no free entry point and count as questions.\n"
        );
        for (what, messages) in &self.shape.left_out {
            let _ = writeln!(self.text, "# Left out: {messages} {what}.");
        }
        let (title, seed) = (quoted(&frame.title), frame.seed);
        let _ = write!(self.text, "\nversion = 1\nseed = {seed}\ntitle = {title}\n\n[traffic]\n");
        self.set("period", &format!("{{ from = {from}, to = {to} }}"), "first and last day of the log");
    }

    /// What the file calls a number.
    pub(super) fn number(&self, account: usize) -> String {
        if self.shape.accounts.len() == 1 { "main".to_owned() } else { format!("number_{}", account + 1) }
    }

    fn accounts(&mut self) {
        let Some(main) = self.shape.accounts.first() else { return };
        self.line("\n[traffic.account]");
        self.account(main);
        for (place, account) in self.shape.accounts.iter().enumerate() {
            let name = self.number(place);
            let _ = writeln!(self.text, "\n[traffic.number.{name}]");
            self.set("id", &quoted(&account.phone_number_id), "");
            if shares_facts(account, main) {
                if account.waba_id != main.waba_id {
                    self.set("waba_id", &quoted(&account.waba_id), "");
                }
            } else {
                let _ = writeln!(self.text, "\n[traffic.number.{name}.account]");
                self.account(account);
            }
            write_habits::talk(self, place);
        }
    }

    fn account(&mut self, account: &Account) {
        self.set("waba_id", &quoted(&account.waba_id), "");
        self.set("timezone", &quoted(account.zone.name()), "");
        self.set("currency", &quoted(&account.currency.to_string()), "");
        self.set("portfolio_id", &quoted(&account.portfolio_id), "");
        if let Some(country) = account.primary_location {
            self.set("primary_location", &quoted(&country.to_string()), "");
        }
        if let Some(day) = account.auth_intl_eligible_from {
            self.set("auth_intl_eligible_from", &day.to_string(), "");
        }
        if !account.partner_served {
            self.set("partner_served", "false", "");
        }
        if !account.waived.is_empty() {
            let names: Vec<String> = account.waived.iter().map(|category| quoted(category.name())).collect();
            self.set("waived_categories", &format!("[{}]", names.join(", ")), "");
        }
        if let Some(day) = account.service_exempt_until {
            self.set("service_exempt_until", &day.to_string(), "");
        }
    }

    /// Countries of which the program knows neither a zone nor numbers.
    fn markets(&mut self) {
        for (country, pattern) in &self.shape.patterns {
            let zone = self.shape.countries.get(country).map_or("UTC", |(_, zone)| zone.name());
            let _ = writeln!(self.text, "\n[traffic.market.{}]", country_key(*country));
            self.set("timezone", &quoted(zone), "the account's: that of the customers is not known");
            self.set("numbers", &format!("[{}]", quoted(pattern)), "invented");
        }
    }

    fn segments(&mut self) {
        let months = f64::from(self.shape.length()) / MONTH_DAYS;
        for (place, segment) in self.shape.segments.iter().enumerate() {
            let (ever, seen) = (self.draft.customers[place], self.log.customers[place]);
            let growth = self.draft.growth;
            let customers = if growth > 0.0 { ever / (1.0 + growth).powf(months) } else { ever };
            let _ = writeln!(self.text, "\n[traffic.segment.{}]", key(&segment.name));
            if growth != 0.0 {
                let [first, second] = [0, 1].map(|half| self.log.start_halves[half]);
                self.set(
                    "growth",
                    &real(growth),
                    &format!("{first} conversations began in the first half of the days, {second} in the second"),
                );
            }
            self.set("customers", &count(customers), &format!("{seen} were seen"));
            let countries: Vec<(String, u64)> =
                segment.countries.iter().map(|(country, seen)| (country_key(*country), *seen)).collect();
            let weights = named_weights(countries.iter().map(|(name, seen)| (name.as_str(), *seen)));
            self.set("markets", &weights.unwrap_or_default(), "");
            let each = |arrivals: &Arrivals| {
                let there =
                    (count(customers).parse::<f64>().unwrap_or(1.0) * ever / customers).max(1.0) * self.draft.present;
                let rate = (arrivals.totals[place] / there / months).min(3_000.0);
                format!("{{ per_month = {}, variation = {} }}", real(rate), real(arrivals.variation))
            };
            let draft = self.draft;
            let times = self.log.questions.times[place];
            self.set("question", &each(&draft.questions), &format!("{times} conversations begun by themselves"));
            let times = self.log.clicked.flow.times[place];
            self.set("click", &each(&draft.clicks.arrivals), &format!("{times} clicks"));
            let names = self.journey_names();
            let often = draft.journeys.iter().zip(&names).filter(|(journey, _)| journey.arrivals.totals[place] > 0.0);
            let often: Vec<String> =
                often.map(|(journey, name)| format!("{} = {}", key(name), each(&journey.arrivals))).collect();
            self.set("journey", &format!("{{ {} }}", often.join(", ")), "");
        }
    }

    fn templates(&mut self) {
        self.line("\n[traffic.template]");
        let mut written = std::collections::BTreeSet::new();
        for (place, template) in self.shape.templates.iter().enumerate() {
            if !written.insert(template.name.clone()) {
                continue;
            }
            let sent = &self.log.sent[place];
            let category = match template.category {
                TemplateCategory::Marketing => "marketing",
                TemplateCategory::MarketingLite => "marketing_lite",
                TemplateCategory::Utility => "utility",
                TemplateCategory::Authentication => "authentication",
            };
            let valid = if self.draft.runs_out[place] { ", valid = \"10m\"" } else { "" };
            let delivered = chance(1.0 - self.draft.lost[place]);
            let value = format!("{{ category = \"{category}\", delivered = {delivered}{valid} }}");
            let pooled = if template.pooled > 1 { format!("; {} templates", template.pooled) } else { String::new() };
            let from = format!("{} never arrived{pooled}", of(sent.lost, sent.accepted));
            self.set(&key(&template.name), &value, &from);
        }
    }

    /// What the file calls the journeys: by their first template, and by the number if several send it.
    pub(super) fn journey_names(&self) -> Vec<String> {
        let name = |journey: &Journey| {
            let template = &self.shape.templates[journey.steps[0].template];
            let same = self.shape.templates.iter().filter(|other| other.name == template.name).count();
            let number = self.number(template.account.into());
            if same > 1 { format!("{}_{number}", template.name) } else { template.name.clone() }
        };
        self.draft.journeys.iter().map(name).collect()
    }

    fn journeys(&mut self) {
        for (journey, name) in self.draft.journeys.iter().zip(self.journey_names()) {
            let head = &self.log.sent[journey.steps[0].template];
            let account = self.shape.templates[journey.steps[0].template].account;
            let inside: u64 = head.inside.iter().sum();
            let _ = writeln!(self.text, "\n[traffic.journey.{}]", key(&name));
            self.set("number", &quoted(&self.number(account.into())), "");
            let from = format!("{} conversations began within 5 h of the first step", head.answers);
            self.set("question", &chance(journey.question), &from);
            let steps = of(inside, head.events());
            let _ =
                writeln!(self.text, "# {steps} of the first step went out inside an open service window.\nsteps = [");
            for step in &journey.steps {
                let line = self.step(step);
                self.line(&line);
            }
            self.line("]");
        }
    }

    fn step(&self, step: &Step) -> String {
        let template = quoted(&self.shape.templates[step.template].name);
        let by_day = if step.by_day { ", by_day = true" } else { "" };
        let sent = self.log.sent[step.template].events();
        let from = if step.again { "again within an hour".to_owned() } else { format!("{sent} sent") };
        format!(
            "    {{ template = {template}, after = {}, chance = {}{by_day} }}, # {from}",
            delay(step.wait),
            chance(step.chance)
        )
    }

    fn campaigns(&mut self) {
        for (place, campaign) in self.draft.campaigns.iter().enumerate() {
            let template = &self.shape.templates[campaign.template];
            let sent = &self.log.sent[campaign.template];
            let _ = writeln!(self.text, "\n[traffic.campaign.{}]", key(&format!("{}_{}", template.name, place + 1)));
            self.set("number", &quoted(&self.number(template.account.into())), "");
            self.set("template", &quoted(&template.name), "");
            let days: Vec<String> = campaign.mailings.iter().map(|day| template.mailings[*day].to_string()).collect();
            let mailed: u64 = campaign.mailings.iter().flat_map(|day| &sent.mailed[*day]).sum();
            self.set("days", &format!("[{}]", days.join(", ")), &format!("{mailed} sent"));
            let (first, quarters) = campaign.clock;
            self.set("at", &format!("{:02}:{:02}:00", first / 4, first % 4 * 15), "");
            self.set("within", &format!("\"{}m\"", quarters * 15), "");
            self.set("audience", "0.0", "");
            let listed = |(country, (segment, _)): (&Country, &(u16, _))| {
                let share = campaign.audience[usize::from(*segment)];
                let lives = |(own, _): &(Country, u64)| own == country;
                let is_named = self.shape.segments[usize::from(*segment)].countries.iter().any(lives);
                (is_named && share > 0.0).then(|| format!("{} = {}", country_key(*country), chance(share)))
            };
            let lists: Vec<String> = self.shape.countries.iter().filter_map(listed).collect();
            self.set("audience_by_market", &format!("{{ {} }}", lists.join(", ")), "share of the customers there");
            let from = format!("{} conversations began within 5 h of a mailing", sent.answers);
            self.set("answer", &chance(campaign.answer), &from);
        }
    }

    /// How often each day of the week comes in the period, from Monday.
    pub(super) fn occurrences(&self) -> [u64; 7] {
        let mut days = [0; 7];
        let (from, to) = self.shape.days;
        for day in from.date().iter_days().take_while(|day| *day <= to.date()) {
            days[usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)] += 1;
        }
        days
    }

    /// Numbers by weight.
    pub(super) fn numbers_by(&self, of: impl Fn(usize) -> u64) -> Option<String> {
        let names: Vec<String> = (0..self.shape.accounts.len()).map(|place| self.number(place)).collect();
        named_weights(names.iter().enumerate().map(|(place, name)| (name.as_str(), of(place))))
    }

    /// Counts as weights; of nothing, nothing.
    pub(super) fn counted(counts: &[u64]) -> Option<String> {
        (counts.iter().sum::<u64>() > 0).then(|| weights(counts))
    }

    /// Shares as weights; of nothing, nothing.
    pub(super) fn shared(shares: &[f64]) -> Option<String> {
        (shares.iter().sum::<f64>() > 0.0).then(|| share_weights(shares))
    }

    /// A mean of counts by place.
    pub(super) fn mean(counts: &[u64]) -> f64 {
        let sum: u64 = counts.iter().zip(0_u64..).map(|(count, place)| count * place).sum();
        as_number(sum) / as_number(counts.iter().sum()).max(1.0)
    }
}

/// Whether two accounts are alike in all that a scenario says of one.
fn shares_facts(one: &Account, other: &Account) -> bool {
    let facts = |account: &Account| {
        (
            account.zone,
            account.currency,
            account.portfolio_id.clone(),
            account.primary_location,
            account.auth_intl_eligible_from,
            account.partner_served,
            account.waived.clone(),
            account.service_exempt_until,
        )
    };
    facts(one) == facts(other)
}
