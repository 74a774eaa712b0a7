//! Log entries, their order, and the bytes of both files.

use chrono::SecondsFormat;
use serde::Serialize;

use super::calendar::Moment;
use super::diary::{Attempt, Content};
use super::dice::Dice;
use super::file::{Category, Number, Scenario, SourceKind};

/// Length of the random part of a message id: 24 marks of six bits, so no two meet.
const MESSAGE_ID: usize = 24;

/// What the log tells about the times of one message.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) created: Option<Moment>,
    pub(super) sent: Option<Moment>,
    pub(super) delivered: Option<Moment>,
    pub(super) read: Option<Moment>,
    /// With the platform's error code.
    pub(super) failed: Option<(Moment, u32)>,
}

/// A row of the message log; the fields are the columns, in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Row {
    message_id: String,
    direction: &'static str,
    phone_number_id: String,
    waba_id: String,
    customer_id: String,
    message_type: String,
    template_name: String,
    template_category: &'static str,
    created_at: String,
    sent_at: String,
    delivered_at: String,
    read_at: String,
    failed_at: String,
    error_code: Option<u32>,
    referral_source_type: &'static str,
    referral_source_id: String,
    ctwa_clid: String,
    client: &'static str,
    product: &'static str,
    tokens: Option<u32>,
}

/// A row with the moment at which it came into the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    logged: Moment,
    row: Row,
}

impl Entry {
    /// The same row, logged at that moment.
    pub(super) fn logged_at(self, logged: Moment) -> Self {
        Self { logged, ..self }
    }
}

/// Puts entries in the order of the log. The message id decides between entries of one second.
pub(super) fn sort(entries: &mut [Entry]) {
    entries.sort();
}

/// What is needed to put an attempt into words.
#[derive(Debug)]
pub(super) struct Wording<'a> {
    pub(super) scenario: &'a Scenario,
    /// The customer's number.
    pub(super) phone: &'a str,
    pub(super) attempt: &'a Attempt<'a>,
}

impl Wording<'_> {
    /// The entry of the attempt, logged at that moment; its message id is drawn here.
    pub(super) fn entry(&self, logged: Moment, times: &Times, dice: &mut Dice) -> Entry {
        let content = &self.attempt.content;
        let number: &Number = &self.scenario.number[self.attempt.number];
        let time = |moment: Option<Moment>| moment.map(rfc3339).unwrap_or_default();
        let row = Row {
            message_id: format!("wamid.HBgL{}", dice.word(MESSAGE_ID)),
            direction: if content.is_inbound() { "inbound" } else { "outbound" },
            phone_number_id: number.id.clone(),
            waba_id: self.scenario.account.waba_id.clone(),
            customer_id: self.phone.to_owned(),
            message_type: content.message_type().to_owned(),
            template_name: String::new(),
            template_category: "",
            created_at: time(times.created),
            sent_at: time(times.sent),
            delivered_at: time(times.delivered),
            read_at: time(times.read),
            failed_at: time(times.failed.map(|(at, _)| at)),
            error_code: times.failed.map(|(_, code)| code),
            referral_source_type: "",
            referral_source_id: String::new(),
            ctwa_clid: String::new(),
            client: "",
            product: "",
            tokens: None,
        };
        Entry { logged, row: self.details(row) }
    }

    /// Fills in the columns that only some messages have.
    fn details(&self, row: Row) -> Row {
        match &self.attempt.content {
            Content::Template { name } => Row {
                template_name: (*name).to_owned(),
                template_category: self.scenario.template[*name].category.word(),
                ..row
            },
            Content::Inbound { referral: Some(referral), .. } => Row {
                referral_source_type: referral.source.word(),
                referral_source_id: referral.source_id.to_owned(),
                ctwa_clid: referral.click_id.clone().unwrap_or_default(),
                client: referral.client,
                ..row
            },
            Content::BusinessAgent { tokens } => Row { product: "business_agent", tokens: Some(*tokens), ..row },
            Content::Inbound { .. } | Content::FreeForm { .. } | Content::Reaction => row,
        }
    }
}

impl Content<'_> {
    /// Whether the customer says it.
    pub(super) fn is_inbound(&self) -> bool {
        matches!(self, Self::Inbound { .. })
    }

    fn message_type(&self) -> &str {
        match self {
            Self::Inbound { kind, .. } | Self::FreeForm { kind } => kind,
            Self::BusinessAgent { .. } => "text",
            Self::Reaction => "reaction",
            Self::Template { .. } => "template",
        }
    }
}

impl Category {
    fn word(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Utility => "utility",
            Self::Authentication => "authentication",
        }
    }
}

impl SourceKind {
    fn word(self) -> &'static str {
        match self {
            Self::Ad => "ad",
            Self::PageCta => "page_cta",
            Self::Post => "post",
        }
    }
}

fn rfc3339(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The message log as CSV, header first, in the order of the entries; nothing if there are none.
pub(super) fn csv(entries: &[Entry]) -> Vec<u8> {
    table(entries.iter().map(|entry| &entry.row))
}

/// A row of the account file; the fields are the columns, in their order.
#[derive(Debug, Serialize)]
struct AccountRow<'a> {
    phone_number_id: &'a str,
    waba_id: &'a str,
    business_phone: &'a str,
    waba_timezone: &'static str,
    currency: &'a str,
    portfolio_id: &'a str,
    primary_location: &'a str,
}

/// The account file as CSV, header first, one row a number.
pub(super) fn accounts(scenario: &Scenario) -> Vec<u8> {
    let account = &scenario.account;
    table(scenario.number.values().map(|number| AccountRow {
        phone_number_id: &number.id,
        waba_id: &account.waba_id,
        business_phone: &number.phone,
        waba_timezone: account.timezone.0.name(),
        currency: &account.currency,
        portfolio_id: &account.portfolio_id,
        primary_location: &account.primary_location,
    }))
}

fn table(rows: impl Iterator<Item = impl Serialize>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("memory takes every row, and rows hold only plain fields");
    }
    writer.into_inner().expect("memory takes every byte")
}
