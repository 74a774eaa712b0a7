//! Side files, rate cards and settings. Each fault names file and line; what is read once is read the same way again.
#![no_main]

use std::fmt::Debug;
use std::sync::LazyLock;

use wabill::model::Currency;
use wabill::tariff::{
    AccountBook, AccountDefaults, CarryIn, Interpretation, NamedText, ProviderFees, Tariff, TariffError, TariffOptions,
    TemplateBook, read_aliases,
};

static TARIFF: LazyLock<Tariff> =
    LazyLock::new(|| Tariff::load(&TariffOptions::default()).expect("the embedded tariff"));

fn check<T: Debug>(read: Result<T, TariffError>) {
    if let Err(error) = read {
        assert!(error.file == "side.csv" && error.line > 0 && !error.message.is_empty(), "{error:?}");
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = NamedText { name: "side.csv".to_owned(), text: text.to_owned() };
    check(AccountBook::read(&file, AccountDefaults { zone: None, currency: Currency::USD }));
    check(TemplateBook::read(&file));
    check(CarryIn::read(&file, &TARIFF.markets));
    check(read_aliases(&file));
    // All of the embedded cards are read with it, which takes its time.
    if text.contains("effective_date") {
        check(Tariff::load(&TariffOptions { cards: vec![file], no_derived: false }));
    }
    let entries: Vec<_> = text.lines().filter_map(|line| line.split_once('=')).collect();
    let owned: Vec<_> = entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    if let Ok(fees) = ProviderFees::from_entries(&owned) {
        let said: Vec<_> = fees.entries().into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        assert!(!said.is_empty());
    }
    let mut settings = Interpretation::default();
    for (key, value) in entries {
        if let Err(error) = settings.set(key, value) {
            assert!(!error.to_string().is_empty());
        }
    }
});
