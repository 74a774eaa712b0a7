//! The second half of the traffic file: when people write, how messages fare, what the log suffers.

use serde::Deserialize;
use toml::Spanned;

use super::values::{Clock, Delay, Share, TypeMix, Weights};

/// When people write, read and answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rhythm {
    /// 24 weights: how busy customers are in each hour of their own day.
    pub(super) hours: Spanned<Weights>,
    /// Share of what happens on a weekday that happens on a Saturday or Sunday.
    pub(super) weekend: Share,
    /// How busy each day of the week is, from Monday, by weight. Rates (`per_month`) follow it; missing: five days of 1 and two of
    /// `weekend`.
    pub(super) days: Option<Spanned<Weights>>,
    /// People answer from this time on, in the account's time zone, …
    pub(super) desk_opens: Spanned<Clock>,
    /// … until this.
    pub(super) desk_closes: Clock,
    pub(super) bot_reply: Delay,
    pub(super) person_reply: Delay,
    /// Reply to a message that was forgotten at first.
    pub(super) forgotten_reply: Delay,
    /// Time until the customer writes again.
    pub(super) customer_reply: Delay,
    pub(super) customer_types: TypeMix,
    pub(super) bot_types: TypeMix,
    pub(super) person_types: TypeMix,
}

/// How messages fare once they are sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Delivery {
    /// Share that fails because the number cannot be reached (131026).
    pub(super) unreachable: Share,
    /// Share of marketing templates outside a service window that the platform holds back (131049).
    pub(super) held_back: Share,
    /// Share that stays `sent`, unless the customer comes online again.
    pub(super) lost: Share,
    pub(super) prompt: Delay,
    /// Share of templates that arrive late because the phone is off.
    pub(super) late: Share,
    pub(super) late_by: Delay,
    /// Share of customers who send read receipts.
    pub(super) receipts: Share,
    /// Share of delivered messages that those customers read.
    pub(super) read: Share,
    /// Delay of reading a reply.
    pub(super) read_after: Delay,
    /// Delay of reading a template.
    pub(super) template_read_after: Delay,
    /// Share of what is read with the chat open, so that `delivered` is never reported.
    pub(super) read_only: Share,
}

/// What a real log suffers from; nothing, if nothing is said.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LogFaults {
    /// Share of rows that stand in the log twice.
    pub(super) duplicate: Share,
    /// Share of rows that were logged late and so stand out of order.
    pub(super) late: Share,
    pub(super) late_by: Delay,
}
