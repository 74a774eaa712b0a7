//! Rows of webhooks in the canonical columns, with what all rows of one value share.

use std::borrow::Cow;

use crate::model::{Column, FilledRow, Instant, TemplateChange, parse_e164};
use crate::read::json::object::items;
use crate::read::json::rows::Emitted;
use crate::read::json::text::Text;
use crate::read::{Sink, Tells, UnknownKind, parse_time};

use super::schema::{Contact, Value};

/// The text of a key that may not be there.
#[expect(clippy::ref_option, reason = "the fields of objects are options")]
pub(super) fn text<'t>(value: &'t Option<Text<'_>>) -> &'t str {
    value.as_ref().map_or("", Text::text)
}

/// The same for a time, which must not be of another type.
#[expect(clippy::ref_option, reason = "the fields of objects are options")]
pub(super) fn time<'t>(value: &'t Option<Text<'_>>) -> &'t str {
    value.as_ref().map_or("", Text::time)
}

/// Whose webhook it is.
#[derive(Debug)]
pub(super) struct Business<'v> {
    waba: &'v str,
    number: &'v str,
    /// Digits of its phone number.
    phone: Cow<'v, str>,
}

impl<'v> Business<'v> {
    pub(super) fn of(waba: &'v str, value: &'v Value<'_>) -> Business<'v> {
        let metadata = value.metadata.as_ref();
        let phone = metadata.map_or("", |metadata| text(&metadata.phone));
        Business { waba, number: metadata.map_or("", |metadata| text(&metadata.number)), phone: digits(phone) }
    }

    pub(super) fn relayed(waba: &'v str, number: &'v str) -> Business<'v> {
        Business { waba, number, phone: Cow::Borrowed("") }
    }

    /// A row of one of its messages.
    #[inline]
    pub(super) fn row(&'v self) -> FilledRow<'v> {
        let mut row = FilledRow::empty();
        row.set(Column::WabaId, self.waba);
        row.set(Column::PhoneNumberId, self.number);
        row.set(Column::BusinessPhone, &self.phone);
        row
    }

    /// Whether a message is from the business itself: relays merge what was sent into what was received.
    pub(super) fn is_sender(&self, from: &str) -> bool {
        !self.phone.is_empty() && digits(from) == self.phone
    }
}

/// Digits of a phone number in any spelling.
fn digits(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(char::is_ascii_digit).collect())
}

/// Fills in what `contacts[]` knows of a customer: the business-scoped id beside a number, the country of a draft id.
pub(super) fn add_contact<'v>(row: &mut FilledRow<'v>, contacts: &'v [Contact<'_>], number: &str, user: &'v str) {
    let same = |own: &str, other: &str| !own.is_empty() && own == other;
    let contact =
        contacts.iter().find(|contact| same(text(&contact.number), number) || same(text(&contact.user), user));
    let Some(contact) = contact else {
        row.set(Column::CustomerUserId, user);
        return;
    };
    row.set(Column::CustomerUserId, if user.is_empty() { text(&contact.user) } else { user });
    let country = contact.profile.as_ref().map_or("", |profile| text(&profile.country));
    row.set(Column::CustomerCountry, country);
}

/// Hands rows to a sink and keeps what was refused.
pub(super) struct Out<'o, S> {
    pub(super) sink: &'o mut S,
    pub(super) emitted: Emitted,
}

impl<S: Sink> Out<'_, S> {
    pub(super) fn row(&mut self, row: &FilledRow<'_>) {
        let outcome = self.sink.row(row);
        self.emitted.add(outcome);
    }

    /// Delivery is known to a log that tells of more than sending.
    pub(super) fn tells_delivery(&mut self) {
        self.sink.tells(Tells::Delivery);
    }

    pub(super) fn unknown_field(&mut self, name: &str) {
        self.sink.unknown(UnknownKind::Field, name);
    }

    pub(super) fn unknown_keys(&mut self, path: &str, keys: &[Cow<'_, str>]) {
        for key in keys {
            self.sink.unknown(UnknownKind::Key, &format!("{path}.{key}"));
        }
    }

    /// Two ids of one customer.
    pub(super) fn link(&mut self, old: &str, new: &str, at: &str) {
        if let (true, Ok(at)) = (is_new(old, new), parse_time(at, None)) {
            self.sink.link(old, new, at);
        }
    }

    /// `template_category_update`: what was changed, or the notice of it a day before (log-formats §1.11).
    pub(super) fn template(&mut self, waba: &str, value: &Value<'_>, entry_time: &str) {
        let category = |text: &str| crate::model::TemplateCategory::parse(text);
        let correct = category(text(&value.correct_category));
        let now = category(text(&value.new_category));
        let (before, after, at) = match correct {
            Some(correct) => (now, Some(correct), text(&value.category_at)),
            None => (category(text(&value.previous_category)), now, entry_time),
        };
        let at: Option<Instant> = parse_time(at, None).ok();
        let (Some(after), Some(at)) = (after, at) else {
            self.unknown_field("template_category_update without category or time");
            return;
        };
        self.sink.template(TemplateChange {
            waba_id: waba.to_owned(),
            template_id: text(&value.template_id).to_owned(),
            template_name: text(&value.template_name).to_owned(),
            template_language: text(&value.template_language).to_owned(),
            at,
            before,
            after,
        });
    }
}

/// Whether two ids differ, however a number is spelt.
fn is_new(old: &str, new: &str) -> bool {
    let same_number = parse_e164(old).is_some() && parse_e164(old) == parse_e164(new);
    !old.is_empty() && !new.is_empty() && old != new && !same_number
}

/// The contacts of a value.
pub(super) fn contacts<'v, 'a>(value: &'v Value<'a>) -> &'v [Contact<'a>] {
    items(value.contacts.as_ref())
}
