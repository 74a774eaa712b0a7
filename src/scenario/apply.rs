//! Applies policies to a chat.

use crate::model::{ClickSource, DAY, Form, Instant, MessageType, TemplateCategory};

use super::policy::{Ads, Answer, FreeFormInWindow, Hold, IntoAdWindow, MergeReplies, Policies, TemplateInWindow};
use super::said::{Openings, Said, entry_points};
use super::values::Lapse;

/// Why a policy cannot be applied to a log without inventing something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{policy} cannot be applied faithfully: {why}")]
pub struct Unfaithful {
    /// The policy.
    pub policy: &'static str,
    /// What the log does not tell, or the platform does not allow.
    pub why: String,
}

impl Policies {
    /// The chat as it would have gone. Its messages stand in the order of sending, before and after.
    pub fn apply(&self, mut chat: Vec<Said>) -> Result<Vec<Said>, Unfaithful> {
        self.recategorise_all(&mut chat);
        if let Some(policy) = &self.free_form_in_window {
            free_form_in_window(policy, &mut chat)?;
        }
        if let Some(policy) = &self.template_in_window {
            template_in_window(policy, &mut chat);
        }
        if let Some(policy) = self.merge_replies {
            chat = merge_replies(policy, chat)?;
        }
        if let Some(policy) = self.answer {
            answer(policy, &mut chat);
        }
        if let Some(policy) = &self.hold {
            hold(policy, &mut chat);
        }
        if let Some(policy) = self.into_ad_window {
            into_ad_window(policy, &mut chat);
        }
        if let Some(policy) = self.ads {
            ads(policy, &mut chat);
        }
        self.renumber(&mut chat);
        chat.sort_by(|one, other| (one.message.sent, &one.id).cmp(&(other.message.sent, &other.id)));
        Ok(chat)
    }

    fn recategorise_all(&self, chat: &mut [Said]) {
        for said in chat {
            let own =
                |policy: &&super::policy::Recategorise| policy.template == said.template_name && policy.holds(said.day);
            let Some(policy) = self.recategorise.iter().rfind(own) else { continue };
            if matches!(said.message.form, Form::Template(_)) {
                said.message.form = Form::Template(policy.to.of_messages());
                said.message.category_unknown = false;
            }
        }
    }

    fn renumber(&self, chat: &mut [Said]) {
        for said in chat {
            if let Some(join) = self.join_numbers.as_ref().filter(|join| join.numbers.contains(&said.phone_number_id)) {
                said.phone_number_id.clone_from(&join.into);
            }
            if let Some(split) = self.split_number.as_ref().filter(|split| split.number == said.phone_number_id) {
                let places = u64::try_from(split.into.len()).unwrap_or(1);
                let place = usize::try_from(hash(&said.customer) % places).unwrap_or(0);
                said.phone_number_id.clone_from(&split.into[place]);
            }
        }
    }
}

/// FNV-1a, with its upper half folded in.
fn hash(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^ (hash >> 32)
}

fn free_form_in_window(policy: &FreeFormInWindow, chat: &mut [Said]) -> Result<(), Unfaithful> {
    let windows = Openings::of(chat);
    for said in chat {
        let Form::Template(category) = said.message.form else { continue };
        if !policy.templates.contains(&said.template_name) || windows.open_until(said.message.sent).is_none() {
            continue;
        }
        if category == TemplateCategory::Authentication {
            let why =
                format!("{} is an authentication template, and codes may be sent as such only", said.template_name);
            return Err(Unfaithful { policy: "free_form_in_window", why });
        }
        said.message.form = Form::FreeForm;
        said.message.category_unknown = false;
        said.kind = Some(MessageType::Text);
        said.template_name.clear();
    }
    Ok(())
}

fn template_in_window(policy: &TemplateInWindow, chat: &mut [Said]) {
    for said in chat.iter_mut().filter(|said| said.is_free_form() && said.message.delivered.is_some()) {
        said.message.form = Form::Template(policy.category.of_messages());
        said.template_name.clone_from(&policy.template);
    }
}

/// Texts and menus can be put into one message; a picture or a place cannot.
fn merge_replies(policy: MergeReplies, chat: Vec<Said>) -> Result<Vec<Said>, Unfaithful> {
    if chat.iter().any(|said| said.is_free_form() && said.kind.is_none()) {
        let why =
            "the log does not say what its replies contain (message_type), and pictures cannot be merged".to_owned();
        return Err(Unfaithful { policy: "merge_replies", why });
    }
    let is_text =
        |said: &Said| said.is_free_form() && matches!(said.kind, Some(MessageType::Text | MessageType::Interactive));
    let mut merged: Vec<Said> = Vec::with_capacity(chat.len());
    for said in chat {
        let follows = |last: &&mut Said| {
            let both = is_text(last) && is_text(&said);
            let fate = |said: &Said| (said.message.delivered.is_some(), said.message.error_code);
            let soon = said.message.sent.as_ms() - last.message.sent.as_ms() <= milliseconds(policy.within);
            both && soon && fate(last) == fate(&said)
        };
        // What is merged goes out when its last part is ready.
        match merged.last_mut().filter(follows) {
            Some(last) => *last = said,
            None => merged.push(said),
        }
    }
    Ok(merged)
}

fn milliseconds(lapse: Lapse) -> u64 {
    u64::from(lapse.seconds()) * 1_000
}

/// The first reply to a customer moves, and with it what is said until they write again; the customer writes when they wrote.
fn answer(policy: Answer, chat: &mut [Said]) {
    let windows = Openings::of(chat);
    let (mut asked, mut later): (Option<Instant>, i64) = (None, 0);
    for said in chat {
        if said.opens_window() {
            (asked, later) = (asked.or(Some(said.message.sent)), 0);
            continue;
        }
        if !said.is_free_form() {
            continue;
        }
        let sent = said.message.sent.as_ms();
        if let Some(asked) = asked.take() {
            let waited = sent - asked.as_ms();
            let sooner = policy.within.map_or(waited, |within| waited.min(milliseconds(within)));
            let wait = policy.after.map_or(sooner, |after| sooner.max(milliseconds(after)));
            later = i64::try_from(wait).unwrap_or(i64::MAX) - i64::try_from(waited).unwrap_or(i64::MAX);
        }
        if later != 0
            && let Some(moved) = sent.checked_add_signed(later).and_then(Instant::from_ms)
        {
            said.move_to(moved);
            said.answer_of_platform(&windows);
        }
    }
}

/// A second behind what makes the difference.
const THEN: u64 = 1_000;

fn hold(policy: &Hold, chat: &mut [Said]) {
    let windows = Openings::of(chat);
    for said in chat.iter_mut().filter(|said| policy.templates.contains(&said.template_name)) {
        let sent = said.message.sent;
        if windows.open_until(sent).is_some() {
            continue;
        }
        let latest = sent.as_ms() + milliseconds(policy.at_most);
        let opened = windows.after(sent).map(|opening| opening.as_ms() + THEN).filter(|opened| *opened <= latest);
        if let Some(moved) = Instant::from_ms(opened.unwrap_or(latest)) {
            said.move_to(moved);
        }
    }
}

fn into_ad_window(policy: IntoAdWindow, chat: &mut [Said]) {
    let found = entry_points(chat);
    let category = policy.category.of_messages();
    for said in chat.iter_mut().filter(|said| said.category() == Some(category)) {
        let sent = said.message.sent.as_ms();
        let inside = |(from, to): &(Instant, Instant)| from.as_ms() <= sent && sent < to.as_ms();
        if found.iter().any(inside) {
            continue;
        }
        let wait = policy.wait.map_or(0, milliseconds);
        let advance = policy.advance.map_or(0, milliseconds);
        let next = found.iter().map(|(from, _)| from.as_ms() + THEN).find(|from| sent < *from && *from <= sent + wait);
        let last =
            || found.iter().rev().map(|(_, to)| to.as_ms() - THEN).find(|to| *to < sent && sent <= *to + advance);
        if let Some(moved) = next.or_else(last).and_then(Instant::from_ms) {
            said.move_to(moved);
        }
    }
}

fn ads(policy: Ads, chat: &mut [Said]) {
    let mut last: Option<Instant> = None;
    for said in chat {
        let starts = last.is_none_or(|last| !said.message.sent.within(last, DAY));
        let Form::Inbound { opens_window, click } = &mut said.message.form else { continue };
        if policy.drop {
            *click = None;
        } else if *opens_window && starts && click.is_none() && policy.add.takes(hash(&said.id)) {
            *click = Some(ClickSource::Ad);
        }
        last = Some(said.message.sent);
    }
}
