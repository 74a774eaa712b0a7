//! Settings for what the rules leave open: `[interpretation]` of wabill.toml and `--set key=value` (contract §2). First value = default.

use crate::model::Day;

/// Which moment of a message a window is tested at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvaluatedAt {
    /// Its sending.
    #[default]
    Sent,
    /// Its delivery.
    Delivered,
}

/// How long a free entry point lasts since 28 September 2026 (R37).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FepLength {
    /// 72 h, and each customer message moves the end to at least 24 h later, up to 168 h.
    #[default]
    Rolling,
    /// 72 h as before.
    Fixed72,
    /// 168 h.
    Fixed168,
}

/// How the open questions of the rules are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names and values are those of contract §2; `KEYS` lists them with their rules")]
#[allow(clippy::struct_excessive_bools, reason = "each is a yes or no of the contract")]
pub struct Interpretation {
    pub csw_evaluated_at: EvaluatedAt,
    pub fep_evaluated_at: EvaluatedAt,
    pub fep_length_2026: FepLength,
    pub fep_7_days_from: Day,
    pub fep_page_cta_after_2026_09_28: bool,
    pub post_referral_opens_fep: bool,
    pub fep_uses_allowance: bool,
    pub reaction_opens_window: bool,
    pub unsupported_opens_window: bool,
    pub keep_conversations_open_at_2025_07_01: bool,
    pub us_marketing_pause: bool,
    pub refuse_delivered_against_rule: bool,
}

/// A setting that is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// No such key.
    #[error("unknown setting '{key}'; known: {known}")]
    UnknownKey {
        /// As typed.
        key: String,
        /// All keys.
        known: String,
    },
    /// No such value.
    #[error("setting {key} cannot be '{value}'; use {accepted}")]
    BadValue {
        /// The key.
        key: String,
        /// As typed.
        value: String,
        /// What would be accepted.
        accepted: &'static str,
    },
}

/// Every key with what it accepts (default first) and its rule.
const KEYS: [(&str, &str, &str); 12] = [
    ("csw_evaluated_at", "sent or delivered", "R22"),
    ("fep_evaluated_at", "sent or delivered", "R38"),
    ("fep_length_2026", "rolling, fixed72 or fixed168", "R37"),
    ("fep_7_days_from", "a date such as 2026-09-28", "R37"),
    ("fep_page_cta_after_2026_09_28", "false or true", "R34"),
    ("post_referral_opens_fep", "false or true", "Q7"),
    ("fep_uses_allowance", "false or true", "R45"),
    ("reaction_opens_window", "true or false", "R16"),
    ("unsupported_opens_window", "true or false", "R16"),
    ("conversations_open_at_2025_07_01", "per_message or keep", "R13"),
    ("us_marketing_pause", "on or off", "R71"),
    ("delivered_against_rule", "trust or refuse", "R20"),
];

impl Default for Interpretation {
    fn default() -> Interpretation {
        Interpretation {
            csw_evaluated_at: EvaluatedAt::Sent,
            fep_evaluated_at: EvaluatedAt::Sent,
            fep_length_2026: FepLength::Rolling,
            fep_7_days_from: Day::from_ymd(2026, 9, 28).expect("a real day"),
            fep_page_cta_after_2026_09_28: false,
            post_referral_opens_fep: false,
            fep_uses_allowance: false,
            reaction_opens_window: true,
            unsupported_opens_window: true,
            keep_conversations_open_at_2025_07_01: false,
            us_marketing_pause: true,
            refuse_delivered_against_rule: false,
        }
    }
}

impl Interpretation {
    /// Sets one key, as `--set key=value` and the file do.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingError> {
        let Some((_, accepted, _)) = KEYS.iter().find(|(known, ..)| *known == key) else {
            let known = KEYS.map(|(key, ..)| key).join(", ");
            return Err(SettingError::UnknownKey { key: key.to_owned(), known });
        };
        let bad = || SettingError::BadValue { key: key.to_owned(), value: value.to_owned(), accepted };
        self.assign(key, value).ok_or_else(bad)
    }

    fn assign(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "csw_evaluated_at" => self.csw_evaluated_at = moment(value)?,
            "fep_evaluated_at" => self.fep_evaluated_at = moment(value)?,
            "fep_length_2026" => self.fep_length_2026 = fep_length(value)?,
            "fep_7_days_from" => self.fep_7_days_from = Day::parse(value)?,
            "fep_page_cta_after_2026_09_28" => self.fep_page_cta_after_2026_09_28 = either(value, "true", "false")?,
            "post_referral_opens_fep" => self.post_referral_opens_fep = either(value, "true", "false")?,
            "fep_uses_allowance" => self.fep_uses_allowance = either(value, "true", "false")?,
            "reaction_opens_window" => self.reaction_opens_window = either(value, "true", "false")?,
            "unsupported_opens_window" => self.unsupported_opens_window = either(value, "true", "false")?,
            "conversations_open_at_2025_07_01" => {
                self.keep_conversations_open_at_2025_07_01 = either(value, "keep", "per_message")?;
            }
            "us_marketing_pause" => self.us_marketing_pause = either(value, "on", "off")?,
            "delivered_against_rule" => self.refuse_delivered_against_rule = either(value, "refuse", "trust")?,
            _ => return None,
        }
        Some(())
    }

    /// Every key with what it accepts (default first) and the rule it is about, one a line: for help texts.
    pub fn help() -> String {
        KEYS.map(|(key, accepted, rule)| format!("  {key:<34}{accepted} ({rule})\n")).concat()
    }

    /// Every key with its value, in the order of contract §2.
    pub fn entries(&self) -> [(&'static str, String); 12] {
        let word =
            |yes, when_true: &str, when_false: &str| if yes { when_true.to_owned() } else { when_false.to_owned() };
        let at = |moment| word(moment == EvaluatedAt::Sent, "sent", "delivered");
        let values = [
            at(self.csw_evaluated_at),
            at(self.fep_evaluated_at),
            match self.fep_length_2026 {
                FepLength::Rolling => "rolling".to_owned(),
                FepLength::Fixed72 => "fixed72".to_owned(),
                FepLength::Fixed168 => "fixed168".to_owned(),
            },
            self.fep_7_days_from.to_string(),
            word(self.fep_page_cta_after_2026_09_28, "true", "false"),
            word(self.post_referral_opens_fep, "true", "false"),
            word(self.fep_uses_allowance, "true", "false"),
            word(self.reaction_opens_window, "true", "false"),
            word(self.unsupported_opens_window, "true", "false"),
            word(self.keep_conversations_open_at_2025_07_01, "keep", "per_message"),
            word(self.us_marketing_pause, "on", "off"),
            word(self.refuse_delivered_against_rule, "refuse", "trust"),
        ];
        let mut values = values.into_iter();
        KEYS.map(|(key, ..)| (key, values.next().unwrap_or_default()))
    }

    /// The entries that are not default, which every report prints.
    pub fn not_default(&self) -> Vec<(&'static str, String)> {
        let defaults = Interpretation::default().entries();
        self.entries().into_iter().zip(defaults).filter(|(own, default)| own != default).map(|(own, _)| own).collect()
    }
}

fn moment(value: &str) -> Option<EvaluatedAt> {
    Some(if either(value, "sent", "delivered")? { EvaluatedAt::Sent } else { EvaluatedAt::Delivered })
}

fn fep_length(value: &str) -> Option<FepLength> {
    match value {
        "rolling" => Some(FepLength::Rolling),
        "fixed72" => Some(FepLength::Fixed72),
        "fixed168" => Some(FepLength::Fixed168),
        _ => None,
    }
}

fn either(value: &str, yes: &str, no: &str) -> Option<bool> {
    if value == yes { Some(true) } else { (value == no).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_takes_what_it_shows_and_shows_what_it_took() {
        let mut settings = Interpretation::default();
        for (key, value) in Interpretation::default().entries() {
            settings.set(key, &value).unwrap();
        }
        assert_eq!(settings, Interpretation::default());
        let others = [
            "delivered",
            "delivered",
            "fixed72",
            "2026-10-01",
            "true",
            "true",
            "true",
            "false",
            "false",
            "keep",
            "off",
            "refuse",
        ];
        for ((key, ..), value) in KEYS.iter().zip(others) {
            settings.set(key, value).unwrap();
        }
        assert_eq!(settings.not_default().len(), KEYS.len());
    }

    #[test]
    fn an_error_says_what_is_accepted() {
        let mut settings = Interpretation::default();
        assert!(settings.set("fep_length", "rolling").unwrap_err().to_string().contains("fep_length_2026"));
        assert!(settings.set("us_marketing_pause", "true").unwrap_err().to_string().contains("on or off"));
    }
}
