//! What was in force when: regimes, rate cards, markets, volume tiers, gaps, accounts, templates, settings.
//!
//! Everything that has a date lives here as data; the state machines of [`judge`](crate::judge) hold none. Comes in: the tables of
//! `data/` (embedded) and the user's side files. Goes out: look-ups. A faulty table stops a run before any message is read, and the
//! error names file, line and field.

mod account;
mod alias;
mod auth_international;
mod calendar;
mod card_diff;
mod card_side;
mod carry_in;
mod embedded;
mod market;
mod provider;
mod provider_presets;
mod provider_settings;
mod published;
mod rate_book;
mod rate_rows;
mod regime;
mod rules;
mod settings;
mod table;
mod template;
mod template_span;
mod tiers;

pub use account::{Account, AccountBook, AccountDefaults};
pub use alias::read_aliases;
pub use auth_international::AuthInternational;
pub use calendar::{LocalCalendar, parse_zone};
pub use card_diff::{CardDiff, Change, Entry, Movement, TierChange, TierMovement, compare};
pub use card_side::{CardCell, CardSide};
pub use carry_in::CarryIn;
pub use embedded::{EMBEDDED_FILES, Tariff, TariffOptions};
pub use market::{MarketId, Markets};
pub use provider::{CountedOut, Documented, FailedFree, Fee, ProviderCalendar, ProviderFees, Rounding};
pub use provider_presets::PROVIDER_PRESETS;
pub use provider_settings::ProviderError;
pub use published::{
    Figures, PublishedCard, PublishedRate, PublishedTier, is_published, read_published, write_canonical,
};
pub use rate_book::{ListRate, MissingRate, RateBook};
pub use rate_rows::{CardFamily, Confidence, Gap, RateRow};
pub use regime::{Allowance, Family, MONTHLY_ALLOWANCE, REGIMES, Regime, ServicePrice};
pub use rules::{FEP_CERTAIN, FEP_LONGEST, Manual, Milestones, Rules};
pub use settings::{EvaluatedAt, FepLength, Interpretation, SettingError};
pub use table::{NamedText, TariffError};
pub use template::TemplateBook;
pub use template_span::TemplateSpan;
pub use tiers::{Tier, TierBook, TierCategory, TierTable};
