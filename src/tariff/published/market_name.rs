//! Spellings of markets: cards, pages and spreadsheets do not agree on `&`, `-`, `the` and accents.

use crate::tariff::market::{MarketId, Markets};

/// Other names of markets, without case, accents, `the` and punctuation.
const ALSO: [(&str, &str); 25] = [
    ("all other countries", "Other"),
    ("great britain", "United Kingdom"),
    ("holland", "Netherlands"),
    ("hong kong china", "Hong Kong"),
    ("hong kong sar", "Hong Kong"),
    ("hong kong sar china", "Hong Kong"),
    ("kingdom of saudi arabia", "Saudi Arabia"),
    ("ksa", "Saudi Arabia"),
    ("other countries", "Other"),
    ("other markets", "Other"),
    ("others", "Other"),
    ("rest of apac", "Rest of Asia Pacific"),
    ("rest of c and e europe", "Rest of Central & Eastern Europe"),
    ("rest of cee", "Rest of Central & Eastern Europe"),
    ("rest of central eastern europe", "Rest of Central & Eastern Europe"),
    ("rest of latam", "Rest of Latin America"),
    ("rest of world", "Other"),
    ("russian federation", "Russia"),
    ("turkiye", "Turkey"),
    ("u a e", "United Arab Emirates"),
    ("uae", "United Arab Emirates"),
    ("u k", "United Kingdom"),
    ("uk", "United Kingdom"),
    ("united states and canada", "North America"),
    ("us and canada", "North America"),
];

/// The market that a name on a card means; `None` if it is none of them for certain.
pub(super) fn find(markets: &Markets, name: &str) -> Option<MarketId> {
    let plain = plain(name);
    let known = markets.names().iter().find(|known| self::plain(known) == plain);
    let also = || ALSO.iter().find(|(own, _)| *own == plain).map(|(_, known)| *known);
    markets.named(known.map(String::as_str).or_else(also)?)
}

fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            '&' => text.push_str(" and "),
            // Combining marks: what is left of a capital i with a dot.
            '\u{300}'..='\u{36f}' => {}
            'à'..='å' => text.push('a'),
            'ç' => text.push('c'),
            'è'..='ë' => text.push('e'),
            'ì'..='ï' | 'ı' => text.push('i'),
            'ñ' => text.push('n'),
            'ò'..='ö' => text.push('o'),
            'ù'..='ü' => text.push('u'),
            'ş' => text.push('s'),
            c if c.is_alphanumeric() => text.push(c),
            _ => text.push(' '),
        }
    }
    text.split_whitespace().filter(|word| *word != "the").collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tariff::{Tariff, TariffOptions};

    #[test]
    fn spellings_lead_to_one_market() {
        let markets = Tariff::load(&TariffOptions::default()).unwrap().markets;
        for (name, known) in [
            ("Brazil", "Brazil"),
            (" REST OF   AFRICA ", "Rest of Africa"),
            ("Rest of Asia-Pacific", "Rest of Asia Pacific"),
            ("Rest of Central and Eastern Europe", "Rest of Central & Eastern Europe"),
            ("Rest of the Middle East", "Rest of Middle East"),
            ("TÜRKİYE", "Turkey"),
            ("Perú", "Peru"),
            ("The Netherlands", "Netherlands"),
            ("U.A.E.", "United Arab Emirates"),
            ("Others", "Other"),
        ] {
            assert_eq!(find(&markets, name).map(|market| markets.name(market)), Some(known), "{name}");
        }
        for name in ["Brasil", "Africa", "Market", "Rest of Europe", ""] {
            assert_eq!(find(&markets, name), None, "{name}");
        }
        assert!(ALSO.iter().all(|(own, known)| plain(own) == *own && markets.named(known).is_some()));
    }
}
