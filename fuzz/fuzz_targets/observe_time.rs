//! Times in every form, and rows of arbitrary values: one value a line, in the order of the columns.
#![no_main]

use wabill::model::{Column, FilledRow};
use wabill::read::{observe, parse_time};
use wabill::tariff::parse_zone;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let zone = parse_zone("America/Sao_Paulo").ok();
    for line in text.lines() {
        for zone in [None, zone] {
            if let Ok(at) = parse_time(line, zone) {
                assert_eq!(parse_time(&at.to_string(), None), Ok(at), "written and read again it is another time");
            }
        }
    }
    let mut row = FilledRow::empty();
    for (column, value) in Column::ALL.into_iter().zip(text.lines()) {
        row.set(column, value);
    }
    if let Err(refused) = observe(&row, zone) {
        assert!(!refused.message.is_empty());
    }
});
