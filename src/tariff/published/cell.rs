//! Cells of a published card: exact amounts, counts with thousands commas, `n/a`, `--`.

use crate::model::{Currency, Money};

/// Signs that a spreadsheet may put beside an amount. A code stands for itself.
const SIGNS: [(&str, &[&str]); 17] = [
    ("USD", &["$", "us$"]),
    ("EUR", &["€"]),
    ("GBP", &["£"]),
    ("INR", &["₹", "rs"]),
    ("IDR", &["rp"]),
    ("BRL", &["r$"]),
    ("AED", &["د.إ", "dh", "dhs"]),
    ("ARS", &["$", "ar$"]),
    ("AUD", &["$", "a$", "au$"]),
    ("CLP", &["$", "cl$", "clp$"]),
    ("COP", &["$", "col$", "co$"]),
    ("MXN", &["$", "mx$", "mex$"]),
    ("MYR", &["rm"]),
    ("PEN", &["s/"]),
    ("SAR", &["ر.س", "﷼", "sr"]),
    ("SGD", &["$", "s$", "sg$"]),
    ("CAD", &["$", "ca$", "c$"]),
];

/// Whether a cell says that the category is not sold in the market.
pub(super) fn is_not_sold(cell: &str) -> bool {
    let plain: String = cell.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    ["n/a", "na", "n.a."].contains(&plain.as_str())
}

/// An exact rate, with or without the sign of its currency.
pub(super) fn money(cell: &str, currency: Currency) -> Result<Money, String> {
    let no_rate = || format!("'{cell}' is no rate; write a plain decimal such as 0.0625, or n/a where nothing is sold");
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(start), Some(last)) = (cell.find(is_digit), cell.rfind(is_digit)) else { return Err(no_rate()) };
    let (before, amount, after) = (&cell[..start], &cell[start..=last], &cell[last + 1..]);
    for sign in [before, after].map(str::trim).into_iter().filter(|sign| !sign.is_empty()) {
        match whose(sign) {
            Signed::Nobody if Currency::parse(sign) != Some(currency) => return Err(no_rate()),
            Signed::Others(codes) if !codes.contains(&currency.code()) => {
                return Err(format!("'{cell}' has the sign of {}, but the row is in {currency}", codes.join(" or ")));
            }
            Signed::Nobody | Signed::Others(_) => {}
        }
    }
    if !amount.contains(',') {
        return Money::parse(amount).map_err(|_| no_rate());
    }
    // `1,940` may be a number with thousands or one with decimals; `1,940.13` is not in doubt.
    let (whole, decimals) = amount.split_once('.').ok_or_else(|| {
        format!("'{cell}': a comma alone may stand for thousands or decimals; write a point before the decimals, such as 0.0625")
    })?;
    let whole = ungrouped(whole).ok_or_else(no_rate)?;
    Money::parse(&format!("{whole}.{decimals}")).map_err(|_| no_rate())
}

enum Signed {
    Nobody,
    Others(Vec<&'static str>),
}

/// The currencies that a sign stands for.
fn whose(sign: &str) -> Signed {
    let sign = sign.to_lowercase();
    let sign = sign.trim_end_matches('.');
    let codes: Vec<&str> = SIGNS.iter().filter(|(_, signs)| signs.contains(&sign)).map(|(code, _)| *code).collect();
    if codes.is_empty() { Signed::Nobody } else { Signed::Others(codes) }
}

/// A whole number, plain or with its thousands apart (`1,000,000`, `10,00,000`, `1 000 000`).
pub(super) fn count(cell: &str) -> Result<u64, String> {
    let number = ungrouped(cell).and_then(|digits| digits.parse().ok());
    number
        .ok_or_else(|| format!("'{cell}' is no number of messages; write a whole number such as 250000 or \"250,000\""))
}

/// The upper bound of a tier; `--` is none.
pub(super) fn upper_bound(cell: &str) -> Result<Option<u64>, String> {
    let open = !cell.is_empty() && cell.chars().all(|c| "-–—−".contains(c));
    if open { Ok(None) } else { count(cell).map(Some).map_err(|fault| format!("{fault}, or -- for no upper bound")) }
}

/// Percent off the list rate: `-5%` is 5.
pub(super) fn discount(cell: &str) -> Result<Money, String> {
    let plain = cell.trim_end_matches('%').trim_end();
    let percent = Money::parse(plain.trim_start_matches(['-', '−', '–'])).ok();
    let hundred = Money::parse("100").ok();
    percent.filter(|percent| Some(*percent) <= hundred).ok_or_else(|| {
        format!("'{cell}' is no discount; write percent off the list rate such as -5%, and 0% in the first tier")
    })
}

/// Digits without what keeps their groups apart; `None` if the groups are not those of a whole number.
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(|c: char| c == ',' || c.is_whitespace()).collect();
    if !groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let [first, middle @ .., last] = &groups[..] else { return groups.first().map(|only| (*only).to_owned()) };
    let well_grouped = |size: usize| first.len() <= size && middle.iter().all(|group| group.len() == size);
    let sound = last.len() == 3 && !first.starts_with('0') && (well_grouped(3) || well_grouped(2));
    sound.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, currency: &str) -> Result<String, String> {
        money(cell, Currency::parse(currency).unwrap()).map(|amount| amount.to_string())
    }

    #[test]
    fn amounts_are_exact_whatever_stands_beside_them() {
        for (cell, currency, amount) in [
            ("0.0260", "USD", "0.026"),
            ("$0.0260", "USD", "0.026"),
            ("US$ 0.0260", "USD", "0.026"),
            ("0.0260 €", "EUR", "0.026"),
            ("₹0.1150", "INR", "0.115"),
            ("Rs. 0.1150", "INR", "0.115"),
            ("R$\u{a0}0.3217", "BRL", "0.3217"),
            ("Rp1,940.13", "IDR", "1940.13"),
            ("0.01 gbp", "GBP", "0.01"),
            ("CHF 0.05", "CHF", "0.05"),
        ] {
            assert_eq!(read(cell, currency).as_deref(), Ok(amount), "{cell}");
        }
        for cell in
            ["0,0260", "1,940", "-0.01", "0.01*", "1e-2", "€0.01", "0.0.1", "free", "", "0.01 0.02", ".5", "£ $1"]
        {
            assert!(read(cell, "USD").is_err(), "{cell}");
        }
        assert!(read("€0.01", "USD").unwrap_err().contains("EUR"));
    }

    #[test]
    fn counts_have_their_thousands_apart_or_not() {
        for (cell, number) in
            [("0", 0), ("250000", 250_000), ("250,000", 250_000), ("1 000 000", 1_000_000), ("10,00,000", 1_000_000)]
        {
            assert_eq!(count(cell), Ok(number), "{cell}");
        }
        for cell in ["", "1,00", "1,0000", "-1", "1.5", "0,100", "12,34", ",100", "--"] {
            assert!(count(cell).is_err(), "{cell}");
        }
        assert_eq!(upper_bound("--"), Ok(None));
        assert_eq!(upper_bound("—"), Ok(None));
        assert!(upper_bound("").is_err());
    }

    #[test]
    fn discounts_are_percent_off() {
        for (cell, percent) in [("0%", "0"), ("-5%", "5"), ("−12.5 %", "12.5")] {
            assert_eq!(discount(cell).map(|own| own.to_string()).as_deref(), Ok(percent), "{cell}");
        }
        assert!(discount("+5%").is_err() && discount("-500%").is_err() && discount("List").is_err());
    }
}
