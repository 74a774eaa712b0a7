//! Rate cards as Meta publishes them. What is made of one can be loaded again.
#![no_main]

use std::sync::LazyLock;

use wabill::tariff::{NamedText, Tariff, TariffOptions, is_published, read_published, write_canonical};

static TARIFF: LazyLock<Tariff> =
    LazyLock::new(|| Tariff::load(&TariffOptions::default()).expect("the embedded tariff"));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = NamedText { name: "card.csv".to_owned(), text: text.to_owned() };
    match read_published(&file, &TARIFF.markets, None) {
        Err(error) => assert!(error.file == "card.csv" && error.line > 0 && !error.message.is_empty(), "{error:?}"),
        Ok(card) => {
            assert!(is_published(&file));
            let name = "imported.csv".to_owned();
            match write_canonical(&[card], &TARIFF.markets) {
                Err(error) => assert!(!error.message.is_empty()),
                Ok(text) => {
                    let cards = vec![NamedText { name, text }];
                    let loaded = Tariff::load(&TariffOptions { cards, no_derived: false });
                    assert!(loaded.is_ok(), "what was imported cannot be loaded: {:?}", loaded.err());
                }
            }
        }
    }
});
