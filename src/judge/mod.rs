//! The state machines: what each message of a chat comes to (rules §2.10).
//!
//! Comes in: the messages of one chat in the order of their [`Turn`]s. Goes out: a [`Verdict`] for each outbound one. No I/O, no
//! clock, no price and no date: dates are rows of [`tariff`](crate::tariff). [`ChatState`] is plain data, so a chat can be judged in
//! batches with its state carried over. What chats share (allowances, volume tiers) is decided later, in [`rate`](crate::rate).
//!
//! ```
//! use wabill::judge::{Case, ChatState, judge};
//! use wabill::model::{Country, Flags, Form, Instant, Message, Origin, Outcome, TemplateCategory, Traffic, Window};
//! use wabill::tariff::{AccountBook, AccountDefaults, Interpretation, LocalCalendar, Rules, Tariff, TariffOptions};
//!
//! let tariff = Tariff::load(&TariffOptions::default())?;
//! let rules = Rules { settings: Interpretation::default(), milestones: tariff.milestones(), manual: None };
//! let defaults = AccountDefaults { zone: None, currency: wabill::model::Currency::USD };
//! let account = AccountBook::without_file(defaults).resolve("1", "");
//! let sent = Instant::from_ms(1_756_800_000_000).unwrap(); // 2025-09-02
//! let calendar = LocalCalendar::new(account.zone, sent, sent);
//! let message = Message {
//!     form: Form::Template(TemplateCategory::Marketing),
//!     origin: Origin::Api,
//!     traffic: Traffic::Message,
//!     sent,
//!     delivered: Some(sent),
//!     window: Window::default(),
//!     country: Country::parse("BR").unwrap(),
//!     in_group: false,
//!     category_unknown: false,
//!     entry_point: None,
//!     error_code: 0,
//!     tokens: None,
//!     flags: Flags::NONE,
//! };
//! let case = Case { rules: &rules, tariff: &tariff, account: &account, calendar: &calendar };
//! let verdict = judge(&case, &mut ChatState::default(), &message, "wamid.1").unwrap();
//! assert_eq!(verdict.outcome, Outcome::Charged);
//! assert_eq!(verdict.rule.name(), "R55");
//! # Ok::<(), wabill::tariff::TariffError>(())
//! ```

mod before_log;
mod cbp;
mod entry_point;
mod gate;
mod nbp;
mod pmp;
mod state;
mod trust;
mod turn;

pub use before_log::before_log;
pub use state::{ChatState, Conversation, FreeEntryPoint};
pub use trust::trust;
pub use turn::{Turn, turn, turn_on};

use crate::model::{
    BilledCategory, ClickSource, Day, Flags, Form, Instant, Message, Outcome, RuleId, TemplateCategory, Verdict,
};
use crate::tariff::{Account, Family, LocalCalendar, Regime, Rules, Tariff};

/// What a message is judged by: the rules of the run, and the account that sent it (Q18).
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The rules of the run.
    pub rules: &'a Rules,
    /// For who pays authentication-international.
    pub tariff: &'a Tariff,
    /// The account that sent the message.
    pub account: &'a Account,
    /// Its local days.
    pub calendar: &'a LocalCalendar,
}

impl Case<'_> {
    /// The local day of a moment.
    pub fn day(&self, at: Instant) -> Day {
        self.calendar.day(at)
    }

    /// The regime of a message: by its delivery, or by its sending if it was never delivered (R3, R4, Q1).
    pub fn regime(&self, message: &Message) -> &'static Regime {
        self.rules.regime(self.day(message.dated()))
    }

    /// The day whose dated rules hold for a message.
    fn rule_day(&self, message: &Message) -> Day {
        self.rules.rule_day(self.day(message.dated()))
    }

    /// A template's category: MM Lite was plain marketing before it became its own (R33, Q27).
    fn template_category(&self, message: &Message) -> Option<TemplateCategory> {
        Some(self.category_in_force(message.template_category()?, message))
    }

    /// What a template category was on the day of a message.
    fn category_in_force(&self, category: TemplateCategory, message: &Message) -> TemplateCategory {
        let not_yet = category == TemplateCategory::MarketingLite
            && self.rule_day(message) < self.rules.milestones.marketing_lite_from;
        if not_yet { TemplateCategory::Marketing } else { category }
    }

    /// What a message is sold as: its own category, authentication at the international rate where that applies (R67).
    fn sold_as(&self, message: &Message) -> BilledCategory {
        let Some(category) = self.template_category(message) else { return BilledCategory::Service };
        let abroad = || self.tariff.auth_international.applies(self.account, message.country, self.rule_day(message));
        if category == TemplateCategory::Authentication && abroad() {
            return BilledCategory::AuthenticationInternational;
        }
        category.into()
    }

    /// Whether a message that would be billed in a category is waived (R9b): by that category, or by its own, however it is sold.
    fn waives(&self, message: &Message, category: BilledCategory) -> bool {
        // It is a rare account that anything is waived for.
        if self.account.waived.is_empty() {
            return false;
        }
        let own = self.template_category(message).map_or(BilledCategory::Service, BilledCategory::from);
        let own = if message.form == Form::BusinessAgent { BilledCategory::BusinessAgent } else { own };
        self.account.waived.contains(&category) || self.account.waived.contains(&own)
    }
}

/// Judges one message in its turn. Inbound messages and calls change the state and get no verdict.
pub fn judge<Id: Copy + Ord>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    message: &Message,
    id: Id,
) -> Option<Verdict<Id>> {
    judge_on(case, case.day(message.dated()), state, message, id)
}

/// The same where the local day that dates the message is known: finding it takes as long as much of the judging.
pub fn judge_on<Id: Copy + Ord>(
    case: &Case<'_>,
    day: Day,
    state: &mut ChatState<Id>,
    message: &Message,
    id: Id,
) -> Option<Verdict<Id>> {
    match message.form {
        Form::Inbound { opens_window, click } => {
            receive(case, state, message, opens_window, click);
            None
        }
        Form::Call => {
            if let Some(accepted) = message.delivered {
                state.roll_free_entry_point(accepted);
            }
            None
        }
        _ => Some(judge_outbound(case, case.rules.regime(day), state, message, id)),
    }
}

/// Notes an eligible click and lets a rolling free entry point move its end (R34, R37).
fn receive<Id>(
    case: &Case<'_>,
    state: &mut ChatState<Id>,
    message: &Message,
    opens_window: bool,
    click: Option<ClickSource>,
) {
    let settings = &case.rules.settings;
    let eligible = match click {
        None => false,
        Some(ClickSource::Ad) => true,
        Some(ClickSource::Post) => settings.post_referral_opens_fep,
        Some(ClickSource::PageCta) => {
            settings.fep_page_cta_after_2026_09_28 || !case.rules.long_fep(case.day(message.sent))
        }
    };
    if eligible && !message.in_group {
        state.add_click(message.sent);
    }
    if opens_window {
        state.roll_free_entry_point(message.sent);
    }
}

fn judge_outbound<Id: Copy + Ord>(
    case: &Case<'_>,
    regime: &'static Regime,
    state: &mut ChatState<Id>,
    message: &Message,
    id: Id,
) -> Verdict<Id> {
    let mut verdict = match gate::check(case, message) {
        Err(refusal) => refusal.verdict(case, regime, message),
        Ok(passed) => {
            let verdict = match regime.family {
                Family::Notification => nbp::judge(case, regime, message),
                Family::Conversation => cbp::judge(case, state, regime, message, passed, id),
                Family::Message => pmp::judge(case, state, regime, message, id),
            };
            Verdict { flags: verdict.flags.union(passed.flags), ..verdict }
        }
    };
    // Each recipient in a group is one message of a category of its own (R72).
    if message.in_group && regime.family == Family::Message {
        verdict.category = verdict.category.in_group();
    }
    verdict
}

/// A verdict that belongs to no conversation.
fn alone<Id>(regime: &Regime, category: BilledCategory, outcome: Outcome, rule: RuleId) -> Verdict<Id> {
    Verdict {
        regime: regime.id,
        category,
        outcome,
        draws_allowance: false,
        rule,
        conversation: None,
        flags: Flags::NONE,
    }
}
