//! Providers whose fees are documented (rules §4), as they say it themselves. What is not published stays unknown.

use crate::model::{BilledCategory, Country, Currency, Day, Money};

use super::provider::{CountedOut, Documented, FailedFree, Fee, ProviderCalendar, ProviderFees, Rounding};

/// Names of all presets.
pub const PROVIDER_PRESETS: [&str; 6] = ["aws", "clickatell", "gupshup", "kata", "messengerpeople", "twilio"];

/// The preset of a name.
pub(super) fn preset(name: &str) -> Option<ProviderFees> {
    match name {
        "aws" => Some(aws()),
        "clickatell" => Some(clickatell()),
        "gupshup" => Some(gupshup()),
        "kata" => Some(kata()),
        "messengerpeople" => Some(messengerpeople()),
        "twilio" => Some(twilio()),
        _ => None,
    }
}

fn price(text: &str) -> Fee {
    Money::parse(text).map_or(Fee::Unknown, Fee::Price)
}

/// Each message sent or received has a `MessageFee` beside Meta's fee (S25); its figure was not in the pages read.
fn aws() -> ProviderFees {
    ProviderFees {
        name: "AWS End User Messaging".to_owned(),
        preset: Some("aws"),
        source: "docs.aws.amazon.com/social-messaging/latest/userguide/billing.html (S25)",
        notes: &["the amount of the MessageFee is not in the user guide: take it from AWS's price page"],
        per_message_out: Fee::Unknown,
        per_message_in: Fee::Unknown,
        ..ProviderFees::default()
    }
}

/// A Clickatell price on top of WhatsApp's, negotiated or shown as an image only; authentication templates cannot be sent (S22).
fn clickatell() -> ProviderFees {
    ProviderFees {
        name: "Clickatell".to_owned(),
        preset: Some("clickatell"),
        source: "clickatell.com/help-center/whatsapp (S22)",
        notes: &["no fee of Clickatell's is public: take them from your contract"],
        per_message_out: Fee::Unknown,
        per_message_in: Fee::Unknown,
        per_conversation: Fee::Unknown,
        monthly: Fee::Unknown,
        unsupported: vec![BilledCategory::Authentication],
        ..ProviderFees::default()
    }
}

/// One fee for each message, template and session message alike (S21).
fn gupshup() -> ProviderFees {
    ProviderFees {
        name: "Gupshup".to_owned(),
        preset: Some("gupshup"),
        source: "support.gupshup.io article 360012075779 (S21)",
        notes: &[
            "whether messages of customers are charged is not said by Gupshup: they are not charged here",
            "the extra 6 % on marketing outside the MM Lite API since 2026-01-01 is not part of the preset",
        ],
        currency: Some(Currency::USD),
        per_message_out: price("0.001"),
        ..ProviderFees::default()
    }
}

/// For numbers outside Indonesia, in the model of 2022: Meta's price rounded up to a whole rupiah, and 50 rupiah a conversation (S18).
fn kata() -> ProviderFees {
    ProviderFees {
        name: "Kata.ai".to_owned(),
        preset: Some("kata"),
        source: "Kata.ai, conversation-based pricing of 2022 (S18)",
        notes: &[
            "documented for user- and business-initiated conversations with numbers outside Indonesia, in IDR",
            "conversations with Indonesian numbers have prices of their own (IDR 320 and 500, Meta's included): not priced here",
            "discounts of 2 to 5 % on bulk top-ups are not part of the preset",
        ],
        currency: Currency::parse("IDR"),
        per_conversation: price("50"),
        rounding: Rounding::UpToUnit,
        documented: Documented {
            categories: &[BilledCategory::UserInitiated, BilledCategory::BusinessInitiated],
            except: Some(Country::ID),
        },
        ..ProviderFees::default()
    }
}

/// Monthly active users: at least one message sent or received in the calendar month, all dates in UTC; and a fee per channel.
fn messengerpeople() -> ProviderFees {
    ProviderFees {
        name: "MessengerPeople".to_owned(),
        preset: Some("messengerpeople"),
        source: "messengerpeople.dev/topics/pricing",
        notes: &[
            "the prices were not in the pages read: take them from your plan",
            "there is a plan per message, too: then set per_monthly_active_user = \"none\" and per_message_out, per_message_in",
        ],
        per_monthly_active_user: Fee::Unknown,
        monthly: Fee::Unknown,
        calendar: ProviderCalendar::Utc,
        ..ProviderFees::default()
    }
}

/// Error codes of failures that Twilio does not charge for (support.twilio.com article 27502337507483).
const TWILIO_FAILED_FREE: [u32; 20] = [
    12_400, 20_500, 20_504, 21_408, 30_002, 30_008, 30_036, 30_103, 30_450, 30_454, 30_500, 63_010, 63_012, 63_013,
    63_018, 63_021, 63_024, 63_032, 63_038, 90_010,
];

/// The same for each message in or out, and a fifth of it for one that failed, since 30 September 2024 (S20).
fn twilio() -> ProviderFees {
    ProviderFees {
        name: "Twilio".to_owned(),
        preset: Some("twilio"),
        source: "twilio.com/whatsapp/pricing; support.twilio.com articles 360037672734, 27502337507483, 223181728 (S20)",
        notes: &[
            "the free conversations of Meta never waived this fee; Verify has prices of its own",
            "failed messages cost since 2024-09-30, except for the error codes that Twilio names",
        ],
        currency: Some(Currency::USD),
        per_message_out: price("0.005"),
        // One that is neither delivered nor failed costs nothing on this channel (article 223181728).
        messages_out: CountedOut::Delivered,
        per_message_in: price("0.005"),
        per_failed: price("0.001"),
        failed_free: FailedFree { before: Day::from_ymd(2024, 9, 30), codes: &TWILIO_FAILED_FREE },
        ..ProviderFees::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_preset() {
        for name in PROVIDER_PRESETS {
            let fees = preset(name).unwrap();
            assert_eq!(fees.preset, Some(name));
            let priced = fees.fees().iter().any(|(_, fee)| fee.price().is_some());
            assert_eq!(fees.currency.is_some(), priced, "{name}: a price needs a currency");
        }
    }

    #[test]
    fn what_is_not_published_has_no_price() {
        for name in ["aws", "clickatell", "messengerpeople"] {
            let fees = preset(name).unwrap().fees();
            assert!(fees.iter().any(|(_, fee)| *fee == Fee::Unknown), "{name}");
            assert!(fees.iter().all(|(_, fee)| fee.price().is_none()), "{name}");
        }
    }
}
