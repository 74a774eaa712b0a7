//! `[provider]` of wabill.toml: a preset, and what is different for this customer of the provider.

use crate::model::{BilledCategory, Currency, Money, Percent};

use super::provider::{CountedOut, Fee, ProviderCalendar, ProviderFees, Rounding};
use super::provider_presets::{PROVIDER_PRESETS, preset};

/// A `[provider]` that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No such key.
    #[error("[provider] has no key '{key}'{}; known: {}", near(key), known())]
    UnknownKey {
        /// As typed.
        key: String,
    },
    /// No such value.
    #[error("[provider] {key} cannot be '{value}'; use {accepted}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// As typed.
        value: String,
        /// What would be accepted.
        accepted: String,
    },
    /// Neither a preset nor a fee.
    #[error("[provider] charges nothing; give a preset ({}) or a fee such as per_message_out", PROVIDER_PRESETS.join(", "))]
    Empty,
    /// A price in no currency.
    #[error("[provider] {0} is a price in no currency; give currency, such as currency = \"USD\"")]
    NoCurrency(&'static str),
    /// A number of users that nothing is charged beyond.
    #[error("[provider] included has no meaning without per_monthly_active_user; give that fee, or \"unknown\" for it")]
    IncludedInNothing,
}

const FEE: &str = "an amount such as \"0.005\", \"none\" or \"unknown\"";

/// Every key with what it accepts.
const KEYS: [(&str, &str); 15] = [
    ("preset", ""),
    ("name", "a name on one line"),
    ("currency", "a currency code such as USD"),
    ("per_message_out", FEE),
    ("messages_out", "sent or delivered"),
    ("per_message_in", FEE),
    ("per_failed", FEE),
    ("per_conversation", FEE),
    ("per_monthly_active_user", FEE),
    ("included", "a whole number of active users"),
    ("monthly", FEE),
    ("markup_percent", "a percentage from 0 to 1000 with up to four decimals, such as \"2.5\""),
    ("rounding", "none or up_to_unit"),
    ("unsupported_categories", ""),
    ("month", "local or utc"),
];

fn known() -> String {
    KEYS.map(|(key, _)| key).join(", ")
}

fn near(key: &str) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(known, &key.to_lowercase());
    let nearest = KEYS.map(|(known, _)| known).into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    nearest.map_or_else(String::new, |nearest| format!("; did you mean '{nearest}'?"))
}

fn accepted(key: &str, of_key: &str) -> String {
    match key {
        "preset" => format!("one of {}", PROVIDER_PRESETS.join(", ")),
        "unsupported_categories" => {
            format!("a list of {}", BilledCategory::ALL.map(BilledCategory::name).join(", "))
        }
        _ => of_key.to_owned(),
    }
}

impl ProviderFees {
    /// The fees of a preset as it is.
    pub fn preset(name: &str) -> Result<ProviderFees, ProviderError> {
        ProviderFees::from_entries(&[("preset".to_owned(), name.to_owned())])
    }

    /// The fees of `[provider]`, given as `key`, `value`; lists are separated by commas. The preset comes first, wherever it stands.
    pub fn from_entries(entries: &[(String, String)]) -> Result<ProviderFees, ProviderError> {
        let mut fees = ProviderFees { name: "provider".to_owned(), ..ProviderFees::default() };
        let (presets, own): (Vec<_>, Vec<_>) = entries.iter().partition(|(key, _)| key == "preset");
        for (key, value) in presets.into_iter().chain(own) {
            let Some((key, of_key)) = KEYS.into_iter().find(|(known, _)| known == key) else {
                return Err(ProviderError::UnknownKey { key: key.clone() });
            };
            let bad = || ProviderError::BadValue { key, value: value.clone(), accepted: accepted(key, of_key) };
            fees.assign(key, value.trim()).ok_or_else(bad)?;
        }
        fees.checked()
    }

    fn checked(self) -> Result<ProviderFees, ProviderError> {
        if self.is_empty() {
            return Err(ProviderError::Empty);
        }
        if self.included > 0 && !self.per_monthly_active_user.is_charged() {
            return Err(ProviderError::IncludedInNothing);
        }
        match self.fees().into_iter().find(|(_, fee)| fee.price().is_some()) {
            Some((key, _)) if self.currency.is_none() => Err(ProviderError::NoCurrency(key)),
            _ => Ok(self),
        }
    }

    fn assign(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "preset" => *self = preset(value)?,
            "name" => self.name = one_line(value)?,
            "currency" => self.currency = Some(Currency::parse(value)?),
            "per_message_out" => self.per_message_out = fee(value)?,
            "messages_out" => self.messages_out = word(value)?,
            "per_message_in" => self.per_message_in = fee(value)?,
            "per_failed" => self.per_failed = fee(value)?,
            "per_conversation" => self.per_conversation = fee(value)?,
            "per_monthly_active_user" => self.per_monthly_active_user = fee(value)?,
            "included" => self.included = value.parse().ok()?,
            "monthly" => self.monthly = fee(value)?,
            "markup_percent" => self.markup = Percent::parse(value)?,
            "rounding" => self.rounding = word(value)?,
            "unsupported_categories" => self.unsupported = categories(value)?,
            "month" => self.calendar = word(value)?,
            _ => return None,
        }
        Some(())
    }

    /// Every key that says something, with its value: for the summary.
    pub fn entries(&self) -> Vec<(&'static str, String)> {
        let mut entries: Vec<(&str, String)> = vec![
            ("messages_out", written(self.messages_out).to_owned()),
            ("month", written(self.calendar).to_owned()),
            ("rounding", written(self.rounding).to_owned()),
            ("markup_percent", self.markup.to_string()),
            ("included", self.included.to_string()),
            ("unsupported_categories", self.unsupported.iter().map(|one| one.name()).collect::<Vec<_>>().join(",")),
        ];
        entries.extend(self.currency.map(|currency| ("currency", currency.to_string())));
        entries.extend(self.preset.map(|preset| ("preset", preset.to_owned())));
        entries.extend(self.fees().map(|(key, fee)| {
            let value = match fee {
                Fee::None => "none".to_owned(),
                Fee::Unknown => "unknown".to_owned(),
                Fee::Price(price) => price.to_string(),
            };
            (key, value)
        }));
        entries
    }
}

fn fee(value: &str) -> Option<Fee> {
    match value {
        "none" => Some(Fee::None),
        "unknown" => Some(Fee::Unknown),
        amount => Money::parse(amount).ok().map(Fee::Price),
    }
}

fn one_line(value: &str) -> Option<String> {
    (!value.is_empty() && !value.contains(char::is_control)).then(|| value.to_owned())
}

fn categories(value: &str) -> Option<Vec<BilledCategory>> {
    value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(BilledCategory::parse).collect()
}

/// A value with two words for it.
trait Words: Copy + PartialEq {
    const WORDS: [(&'static str, Self); 2];
}

impl Words for CountedOut {
    const WORDS: [(&'static str, CountedOut); 2] = [("sent", CountedOut::Sent), ("delivered", CountedOut::Delivered)];
}

impl Words for Rounding {
    const WORDS: [(&'static str, Rounding); 2] = [("none", Rounding::None), ("up_to_unit", Rounding::UpToUnit)];
}

impl Words for ProviderCalendar {
    const WORDS: [(&'static str, ProviderCalendar); 2] =
        [("local", ProviderCalendar::Local), ("utc", ProviderCalendar::Utc)];
}

fn word<T: Words>(value: &str) -> Option<T> {
    T::WORDS.into_iter().find(|(word, _)| *word == value).map(|(_, own)| own)
}

fn written<T: Words>(value: T) -> &'static str {
    T::WORDS.into_iter().find(|(_, own)| *own == value).map_or("", |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fees(entries: &[(&str, &str)]) -> Result<ProviderFees, ProviderError> {
        let entries: Vec<_> = entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        ProviderFees::from_entries(&entries)
    }

    #[test]
    fn a_preset_is_overridden_wherever_it_stands() {
        let own = fees(&[("per_message_out", "0.004"), ("preset", "twilio")]).unwrap();
        assert_eq!(own.per_message_out, Fee::Price(Money::parse("0.004").unwrap()));
        assert_eq!(own.per_message_in, Fee::Price(Money::parse("0.005").unwrap()));
    }

    #[test]
    fn what_the_summary_shows_can_be_given_back() {
        for name in PROVIDER_PRESETS {
            let entries = ProviderFees::preset(name).unwrap().entries();
            let given: Vec<_> = entries.iter().map(|(key, value)| (*key, value.as_str())).collect();
            assert_eq!(fees(&given).unwrap().entries(), entries, "{name}");
        }
    }

    #[test]
    fn an_error_names_key_and_remedy() {
        let says = |entries: &[(&str, &str)], words: &[&str]| {
            let error = fees(entries).unwrap_err().to_string();
            assert!(words.iter().all(|word| error.contains(word)), "{error}");
        };
        says(&[("per_mesage_out", "1")], &["per_mesage_out", "did you mean 'per_message_out'"]);
        says(&[("per_failed", "-1")], &["per_failed", "-1", "none", "unknown"]);
        says(&[("preset", "twillio")], &["twillio", "twilio", "clickatell"]);
        says(&[("unsupported_categories", "otp")], &["otp", "authentication"]);
        says(&[("markup_percent", "3%")], &["markup_percent", "3%", "2.5"]);
        says(&[("monthly", "5")], &["monthly", "currency"]);
        says(&[("included", "5"), ("markup_percent", "1")], &["included", "per_monthly_active_user"]);
        says(&[("currency", "USD")], &["preset", "per_message_out"]);
    }
}
