//! Log entries, their order, and what they say: as a row of texts, and as the observation that a reader makes of such a row.

use chrono::SecondsFormat;
use serde::Serialize;

use crate::model::{
    Client, Column, Direction, FilledRow, Flags, Instant, MessageType, Observation, Observed, Product,
    Referral as ReferralType, Times as SeenTimes,
};

use super::calendar::Moment;
use super::diary::{Attempt, Content};
use super::dice::Dice;
use super::traffic::{Category, Number, SourceKind, Traffic};

/// Length of the random part of a message id: 24 marks of six bits, so no two meet.
const MESSAGE_ID: usize = 24;

/// The columns of a generated log.
pub const LOG_COLUMNS: [Column; 20] = [
    Column::MessageId,
    Column::Direction,
    Column::PhoneNumberId,
    Column::WabaId,
    Column::CustomerId,
    Column::MessageType,
    Column::TemplateName,
    Column::TemplateCategory,
    Column::CreatedAt,
    Column::SentAt,
    Column::DeliveredAt,
    Column::ReadAt,
    Column::FailedAt,
    Column::ErrorCode,
    Column::ReferralSourceType,
    Column::ReferralSourceId,
    Column::CtwaClid,
    Column::Client,
    Column::Product,
    Column::Tokens,
];

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

/// One row of a log with the moment at which it came into it.
#[derive(Debug, Clone)]
pub struct Entry<'t> {
    pub(super) logged: Moment,
    message_id: String,
    number: &'t Number,
    waba_id: &'t str,
    phone: u64,
    inbound: bool,
    kind: &'t str,
    template: Option<(&'t str, Category)>,
    times: Times,
    referral: Option<(SourceKind, &'t str)>,
    click_id: Option<String>,
    client: &'static str,
    tokens: Option<u32>,
}

impl Entry<'_> {
    /// The same row, logged at that moment.
    pub(super) fn logged_at(self, logged: Moment) -> Self {
        Self { logged, ..self }
    }

    /// The place in a log in the order of time: when it was logged; the message id decides between entries of one second.
    pub fn order(&self) -> (i64, &str) {
        (self.logged.timestamp(), &self.message_id)
    }

    /// The customer's number as text.
    pub fn customer(&self) -> String {
        self.phone.to_string()
    }

    /// What a reader understands of the row. `customer` is the text of [`Entry::customer`].
    pub fn observation<'e>(&'e self, customer: &'e str) -> Observation<'e> {
        let time = |moment: Option<Moment>| moment.and_then(instant);
        let (template_name, template_category) = self.template.unzip();
        Observation {
            message_id: &self.message_id,
            direction: if self.inbound { Direction::Inbound } else { Direction::Outbound },
            phone_number_id: &self.number.id,
            waba_id: self.waba_id,
            business_phone: "",
            customer_id: customer,
            customer_user_id: "",
            customer_country: "",
            group_id: "",
            message_type: message_type(self.kind),
            template_id: "",
            template_name: template_name.unwrap_or(""),
            template_language: "",
            template_category: template_category.map(Category::of_messages),
            times: SeenTimes {
                created: time(self.times.created),
                sent: time(self.times.sent),
                delivered: time(self.times.delivered),
                read: time(self.times.read),
                played: None,
                failed: time(self.times.failed.map(|(at, _)| at)),
                deleted: None,
            },
            status: None,
            error_code: self.times.failed.map(|(_, code)| code),
            tokens: self.tokens,
            origin: None,
            product: self.tokens.map(|_| Product::BusinessAgent),
            client: client(self.client),
            referral: self.referral.map(|(kind, _)| kind.of_messages()),
            observed: Observed::default(),
            conversation_id: "",
            unknown: Vec::new(),
            flags: Flags::NONE,
        }
    }

    /// The row as texts.
    pub fn texts(&self) -> EntryTexts {
        let time = |moment: Option<Moment>| moment.map(rfc3339).unwrap_or_default();
        let number = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        let text = str::to_owned;
        EntryTexts([
            self.message_id.clone(),
            text(if self.inbound { "inbound" } else { "outbound" }),
            self.number.id.clone(),
            text(self.waba_id),
            self.customer(),
            text(self.kind),
            text(self.template.map_or("", |(name, _)| name)),
            text(self.template.map_or("", |(_, category)| category.word())),
            time(self.times.created),
            time(self.times.sent),
            time(self.times.delivered),
            time(self.times.read),
            time(self.times.failed.map(|(at, _)| at)),
            number(self.times.failed.map(|(_, code)| code)),
            text(self.referral.map_or("", |(kind, _)| kind.word())),
            text(self.referral.map_or("", |(_, id)| id)),
            self.click_id.clone().unwrap_or_default(),
            text(self.client),
            text(if self.tokens.is_some() { "business_agent" } else { "" }),
            number(self.tokens),
        ])
    }
}

/// The texts of an entry, in the order of [`LOG_COLUMNS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryTexts(pub [String; LOG_COLUMNS.len()]);

impl EntryTexts {
    /// As a row in the canonical columns.
    pub fn row(&self) -> FilledRow<'_> {
        let mut row = FilledRow::empty();
        for (column, text) in LOG_COLUMNS.into_iter().zip(&self.0) {
            row.set(column, text);
        }
        row
    }
}

/// Puts entries in the order of the log.
pub(super) fn sort(entries: &mut [Entry<'_>]) {
    entries.sort_by(|one, other| one.order().cmp(&other.order()));
}

/// What is needed to put an attempt into words.
#[derive(Debug)]
pub(super) struct Wording<'a, 't> {
    pub(super) traffic: &'t Traffic,
    /// The customer's number.
    pub(super) phone: u64,
    pub(super) attempt: &'a Attempt<'t>,
}

impl<'t> Wording<'_, 't> {
    /// The entry of the attempt, logged at that moment; its message id is drawn here.
    pub(super) fn entry(&self, logged: Moment, times: &Times, dice: &mut Dice) -> Entry<'t> {
        let content = &self.attempt.content;
        let number: &'t Number = &self.traffic.number[self.attempt.number];
        let entry = Entry {
            logged,
            message_id: format!("wamid.HBgL{}", dice.word(MESSAGE_ID)),
            number,
            waba_id: self.traffic.waba_of(number),
            phone: self.phone,
            inbound: content.is_inbound(),
            kind: content.message_type(),
            template: None,
            times: *times,
            referral: None,
            click_id: None,
            client: "",
            tokens: None,
        };
        match content {
            Content::Template { name } => {
                Entry { template: Some((name, self.traffic.template[*name].category)), ..entry }
            }
            Content::Inbound { referral: Some(referral), .. } => Entry {
                referral: Some((referral.source, referral.source_id)),
                click_id: referral.click_id.clone(),
                client: referral.client,
                ..entry
            },
            Content::BusinessAgent { tokens } => Entry { tokens: Some(*tokens), ..entry },
            Content::Inbound { .. } | Content::FreeForm { .. } | Content::Reaction => entry,
        }
    }
}

impl<'t> Content<'t> {
    /// Whether the customer says it.
    pub(super) fn is_inbound(&self) -> bool {
        matches!(self, Self::Inbound { .. })
    }

    fn message_type(&self) -> &'t str {
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
            Self::MarketingLite => "marketing_lite",
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

    /// As messages have it.
    fn of_messages(self) -> ReferralType {
        match self {
            Self::Ad => ReferralType::Ad,
            Self::PageCta => ReferralType::PageCta,
            Self::Post => ReferralType::Post,
        }
    }
}

/// The types that a scenario writes.
fn message_type(kind: &str) -> Option<MessageType> {
    Some(match kind {
        "text" => MessageType::Text,
        "image" => MessageType::Image,
        "video" => MessageType::Video,
        "audio" => MessageType::Audio,
        "document" => MessageType::Document,
        "sticker" => MessageType::Sticker,
        "location" => MessageType::Location,
        "contacts" => MessageType::Contacts,
        "interactive" => MessageType::Interactive,
        "order" => MessageType::Order,
        "button" => MessageType::Button,
        "template" => MessageType::Template,
        "reaction" => MessageType::Reaction,
        _ => return None,
    })
}

fn client(name: &str) -> Option<Client> {
    match name {
        "android" => Some(Client::Android),
        "ios" => Some(Client::Ios),
        "web" => Some(Client::Web),
        "desktop" => Some(Client::Desktop),
        _ => None,
    }
}

fn instant(moment: Moment) -> Option<Instant> {
    u64::try_from(moment.timestamp_millis()).ok().and_then(Instant::from_ms)
}

fn rfc3339(moment: Moment) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The message log as CSV, header first, in the order of the entries; nothing if there are none.
pub(super) fn csv(entries: &[Entry<'_>]) -> Vec<u8> {
    if entries.is_empty() {
        return Vec::new();
    }
    let header = LOG_COLUMNS.map(|column| column.name().to_owned());
    table(std::iter::once(header).chain(entries.iter().map(|entry| entry.texts().0)))
}

/// The account file as CSV, header first, one row a number.
pub(super) fn accounts(traffic: &Traffic) -> Vec<u8> {
    let rows: Vec<Vec<(&str, String)>> = traffic.number.values().map(|number| account_row(traffic, number)).collect();
    // Columns that only some scenarios have stand behind those of all, and only if they say something.
    let always = 7;
    let said: Vec<usize> = (0..rows.first().map_or(0, Vec::len))
        .filter(|at| *at < always || rows.iter().any(|row| !row[*at].1.is_empty()))
        .collect();
    let header = rows.first().map(|row| said.iter().map(|at| row[*at].0.to_owned()).collect::<Vec<_>>());
    let cells = rows.iter().map(|row| said.iter().map(|at| row[*at].1.clone()).collect::<Vec<_>>());
    table(header.into_iter().chain(cells))
}

fn account_row<'t>(traffic: &'t Traffic, number: &'t Number) -> Vec<(&'static str, String)> {
    let account = traffic.account_of(number);
    let day = |day: Option<super::values::Day>| day.map(|day| day.0.to_string()).unwrap_or_default();
    vec![
        ("phone_number_id", number.id.clone()),
        ("waba_id", traffic.waba_of(number).to_owned()),
        ("business_phone", number.phone.clone()),
        ("waba_timezone", account.timezone.0.name().to_owned()),
        ("currency", account.currency.clone()),
        ("portfolio_id", account.portfolio_id.clone()),
        ("primary_location", account.primary_location.clone()),
        ("auth_intl_eligible_from", day(account.auth_intl_eligible_from)),
        ("partner_served", account.partner_served.map(|served| served.to_string()).unwrap_or_default()),
        ("waived_categories", account.waived_categories.join(";")),
        ("service_exempt_until", day(account.service_exempt_until)),
    ]
}

fn table(rows: impl Iterator<Item = impl Serialize>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).expect("memory takes every row, and rows hold only plain fields");
    }
    writer.into_inner().expect("memory takes every byte")
}
