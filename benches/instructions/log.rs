//! The fixed log that instructions are counted on: the same bytes on every machine.

use std::fmt::Write as _;

use wabill::model::Instant;

/// Rows of the log.
const ROWS: u64 = 20_000;
/// 1 July 2026 in UTC: four months take in the last of one regime and the first of the next.
const START: u64 = 1_782_864_000;
/// Seconds from one row to the next.
const STEP: u64 = 530;
const HEADER: &str = "message_id,direction,phone_number_id,waba_id,customer_id,message_type,template_name,template_category,\
                      referral_source_type,sent_at,delivered_at\n";
const PREFIXES: [u64; 8] = [55_11, 91_98, 52_55, 62_81, 49_15, 34_60, 44_77, 27_82];
const CATEGORIES: [&str; 3] = ["marketing", "utility", "authentication"];

/// All of it: messages both ways in order of time, some from ads, some reactions, some never delivered; no quotes.
pub(crate) fn text() -> String {
    let mut text = HEADER.to_owned();
    let mut dice = Dice(4);
    for row in 0..ROWS {
        let sent = START + row * STEP + dice.below(STEP);
        // The product of two throws makes some customers busy.
        let customer = dice.below(40) * dice.below(40);
        let number = customer % 30;
        let phone = PREFIXES[usize::try_from(number % 8).unwrap_or(0)] * 100_000_000 + customer;
        let (direction, kind, template, category, referral) = match dice.below(20) {
            0 => ("in", "text", String::new(), "", "ad"),
            1..=6 => ("in", "text", String::new(), "", ""),
            7 => ("out", "reaction", String::new(), "", ""),
            8..=13 => ("out", "text", String::new(), "", ""),
            _ => {
                let template = dice.below(40);
                let category = CATEGORIES[usize::try_from(template % 3).unwrap_or(0)];
                ("out", "template", format!("template_{template:02}"), category, "")
            }
        };
        let delivered =
            if direction == "out" && dice.below(30) > 0 { time(sent + dice.below(40)) } else { String::new() };
        let id = row.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // Writing to memory cannot fail.
        let _ = writeln!(
            text,
            "wamid.{id:016X},{direction},{},{},{phone},{kind},{template},{category},{referral},{},{delivered}",
            100 + number,
            10 + number / 10,
            time(sent)
        );
    }
    text
}

fn time(seconds: u64) -> String {
    Instant::from_ms(seconds * 1000).map_or_else(String::new, |at| at.to_string())
}

/// A linear congruential generator, so that no library decides what the log is.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
