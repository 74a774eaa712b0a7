//! The canonical log: its columns, and a row in them (log-formats §5, contract §2).

use super::Instant;

/// A column of the canonical log, in the order in which they are written. All others are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
#[allow(missing_docs, reason = "`name` is the column's own name")]
pub enum Column {
    MessageId,
    Direction,
    PhoneNumberId,
    WabaId,
    BusinessPhone,
    CustomerId,
    CustomerUserId,
    CustomerCountry,
    GroupId,
    MessageType,
    TemplateName,
    TemplateLanguage,
    TemplateId,
    TemplateCategory,
    CreatedAt,
    SentAt,
    DeliveredAt,
    ReadAt,
    PlayedAt,
    FailedAt,
    DeletedAt,
    Event,
    EventAt,
    Status,
    ErrorCode,
    ConversationId,
    ConversationOrigin,
    ConversationExpiresAt,
    PricingModel,
    PricingType,
    PricingCategory,
    PricingSubtype,
    Billable,
    ReferralSourceType,
    ReferralSourceId,
    CtwaClid,
    Client,
    ContextMessageId,
    Origin,
    Product,
    Tokens,
    Campaign,
    Provider,
    ProviderMessageId,
    ProviderPrice,
    ProviderCurrency,
}

impl Column {
    /// How many there are.
    pub const COUNT: usize = 46;

    /// All columns, in order.
    pub const ALL: [Column; Column::COUNT] = [
        Column::MessageId,
        Column::Direction,
        Column::PhoneNumberId,
        Column::WabaId,
        Column::BusinessPhone,
        Column::CustomerId,
        Column::CustomerUserId,
        Column::CustomerCountry,
        Column::GroupId,
        Column::MessageType,
        Column::TemplateName,
        Column::TemplateLanguage,
        Column::TemplateId,
        Column::TemplateCategory,
        Column::CreatedAt,
        Column::SentAt,
        Column::DeliveredAt,
        Column::ReadAt,
        Column::PlayedAt,
        Column::FailedAt,
        Column::DeletedAt,
        Column::Event,
        Column::EventAt,
        Column::Status,
        Column::ErrorCode,
        Column::ConversationId,
        Column::ConversationOrigin,
        Column::ConversationExpiresAt,
        Column::PricingModel,
        Column::PricingType,
        Column::PricingCategory,
        Column::PricingSubtype,
        Column::Billable,
        Column::ReferralSourceType,
        Column::ReferralSourceId,
        Column::CtwaClid,
        Column::Client,
        Column::ContextMessageId,
        Column::Origin,
        Column::Product,
        Column::Tokens,
        Column::Campaign,
        Column::Provider,
        Column::ProviderMessageId,
        Column::ProviderPrice,
        Column::ProviderCurrency,
    ];

    /// The name in headers, of keys and in mapping files.
    pub const fn name(self) -> &'static str {
        match self {
            Column::MessageId => "message_id",
            Column::Direction => "direction",
            Column::PhoneNumberId => "phone_number_id",
            Column::WabaId => "waba_id",
            Column::BusinessPhone => "business_phone",
            Column::CustomerId => "customer_id",
            Column::CustomerUserId => "customer_user_id",
            Column::CustomerCountry => "customer_country",
            Column::GroupId => "group_id",
            Column::MessageType => "message_type",
            Column::TemplateName => "template_name",
            Column::TemplateLanguage => "template_language",
            Column::TemplateId => "template_id",
            Column::TemplateCategory => "template_category",
            Column::CreatedAt => "created_at",
            Column::SentAt => "sent_at",
            Column::DeliveredAt => "delivered_at",
            Column::ReadAt => "read_at",
            Column::PlayedAt => "played_at",
            Column::FailedAt => "failed_at",
            Column::DeletedAt => "deleted_at",
            Column::Event => "event",
            Column::EventAt => "event_at",
            Column::Status => "status",
            Column::ErrorCode => "error_code",
            Column::ConversationId => "conversation_id",
            Column::ConversationOrigin => "conversation_origin",
            Column::ConversationExpiresAt => "conversation_expires_at",
            Column::PricingModel => "pricing_model",
            Column::PricingType => "pricing_type",
            Column::PricingCategory => "pricing_category",
            Column::PricingSubtype => "pricing_subtype",
            Column::Billable => "billable",
            Column::ReferralSourceType => "referral_source_type",
            Column::ReferralSourceId => "referral_source_id",
            Column::CtwaClid => "ctwa_clid",
            Column::Client => "client",
            Column::ContextMessageId => "context_message_id",
            Column::Origin => "origin",
            Column::Product => "product",
            Column::Tokens => "tokens",
            Column::Campaign => "campaign",
            Column::Provider => "provider",
            Column::ProviderMessageId => "provider_message_id",
            Column::ProviderPrice => "provider_price",
            Column::ProviderCurrency => "provider_currency",
        }
    }

    /// The column of a name, in any case.
    pub fn named(name: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(name))
    }

    /// Columns that hold a time.
    pub const TIMES: [Column; 9] = [
        Column::CreatedAt,
        Column::SentAt,
        Column::DeliveredAt,
        Column::ReadAt,
        Column::PlayedAt,
        Column::FailedAt,
        Column::DeletedAt,
        Column::EventAt,
        Column::ConversationExpiresAt,
    ];

    /// Any of these says that a log knows about delivery (log-formats §6).
    pub const DELIVERY: [Column; 5] =
        [Column::DeliveredAt, Column::ReadAt, Column::PlayedAt, Column::Status, Column::Event];

    /// Any of these says that a log knows where customers came from (log-formats §6).
    pub const REFERRAL: [Column; 3] = [Column::ReferralSourceType, Column::ReferralSourceId, Column::CtwaClid];
}

/// Some of the canonical columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns(u64);

impl Columns {
    /// None of them.
    pub const NONE: Columns = Columns(0);

    /// All of them.
    pub const ALL: Columns = Columns((1 << Column::COUNT) - 1);

    /// Whether a column is among them.
    pub const fn has(self, column: Column) -> bool {
        self.0 >> (column as usize) & 1 == 1
    }

    /// These columns.
    pub const fn of(columns: &[Column]) -> Columns {
        let mut all = Columns::NONE;
        let mut at = 0;
        while at < columns.len() {
            all.insert(columns[at]);
            at += 1;
        }
        all
    }

    /// Whether any column of others is among them.
    pub const fn has_any(self, others: Columns) -> bool {
        self.0 & others.0 != 0
    }

    /// Adds a column.
    pub const fn insert(&mut self, column: Column) {
        self.0 |= 1 << (column as usize);
    }
}

/// One row of a log in the canonical columns, whatever format it came in. Texts are empty where it says nothing.
pub trait CanonicalRow<'a> {
    /// The text of a column.
    fn get(&self, column: Column) -> &'a str;

    /// Columns that may have a text; the others are known to be empty.
    fn columns(&self) -> Columns {
        Columns::ALL
    }

    /// The time of a column that holds it as such; else it has to be read off the text.
    fn instant(&self, _: Column) -> Option<Instant> {
        None
    }
}

/// A row that is filled in column by column.
#[derive(Clone, Copy, Debug)]
pub struct FilledRow<'a> {
    texts: [&'a str; Column::COUNT],
    /// Those that were filled in.
    columns: Columns,
}

impl<'a> FilledRow<'a> {
    /// A row that says nothing yet.
    pub const fn empty() -> FilledRow<'a> {
        FilledRow { texts: [""; Column::COUNT], columns: Columns::NONE }
    }

    /// Fills in a column.
    pub fn set(&mut self, column: Column, text: &'a str) {
        self.texts[column as usize] = text;
        self.columns.insert(column);
    }
}

impl<'a> CanonicalRow<'a> for FilledRow<'a> {
    fn get(&self, column: Column) -> &'a str {
        self.texts[column as usize]
    }

    fn columns(&self) -> Columns {
        self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_stands_at_its_place() {
        for (place, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, place);
            assert_eq!(Column::named(&column.name().to_uppercase()), Some(column));
        }
        assert_eq!(Column::named("timestamp"), None);
    }
}
