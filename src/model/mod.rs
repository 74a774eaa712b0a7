//! Values that pass between the stages. Nothing here reads, writes or knows a date of the rules.
//!
//! In data order: an [`Observation`] is what one row of a log says, a [`Message`] is what all rows say together about one message,
//! a [`Verdict`] is what billing made of it, and a [`Rated`] verdict has its price.

mod assumptions;
mod canonical;
mod cause;
mod country;
mod currency;
mod customer;
mod day;
mod digits;
mod flag;
mod instant;
mod meaning;
mod message;
mod money;
mod observation;
mod observed;
mod percent;
mod provider;
mod rated;
mod rejection;
mod row;
mod rule;
mod thread;
mod verdict;

pub use assumptions::{Assumptions, BeforeLog, MonthBefore, UntoldCategories, UntoldDeliveries};
pub use canonical::{CanonicalRow, Column, Columns, FilledRow};
pub use cause::Cause;
pub use country::Country;
pub use currency::Currency;
pub use customer::{CustomerKey, CustomerText, E164_MAX_DIGITS, parse_e164};
pub use day::{Day, Month};
pub use digits::{DigitForm, Digits};
pub use flag::{Flag, Flags};
pub use instant::{DAY, HOUR, Instant, MINUTE, Span};
pub use meaning::{Incomparable, Meaning, SeenPrice};
pub use message::{ClickSource, Direction, Form, Message, Origin, SeenEntryPoint, TemplateCategory, Traffic, Window};
pub use money::{Money, MoneyError, group_thousands};
pub use observation::{Client, Location, MessageType, Observation, Product, Referral, Status, TemplateChange, Times};
pub use observed::{Observed, ObservedCategory, PricingModel, PricingType};
pub use percent::Percent;
pub use provider::ProviderItem;
pub use rated::{Rated, TierBand, Unpriced};
pub use rejection::{RejectCode, Rejection};
pub use row::{ClosedBy, ConversationRow, DisagreementRow, ProposedAccount, VerdictRow};
pub use rule::RuleId;
pub use thread::{RateShown, Thread, ThreadStep};
pub use verdict::{BilledCategory, ConversationKind, Outcome, Reason, RegimeId, Verdict};
