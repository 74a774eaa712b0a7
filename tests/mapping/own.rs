//! Mappings of one's own: every kind of rule, tables in every dress, and what is said where nothing fits.

use std::sync::Arc;

use proptest::prelude::*;
use wabill::model::{Column, RejectCode};
use wabill::read::{Mapping, ReadOptions, Tells, UnknownKind};

use super::collect::{Collected, Fixture, fixtures, read_bytes};

const EVERY_RULE: &str = r#"
name = "desk"
about = "A desk's table, with one of every kind of rule"
lacks = ["pricing"]

[time]
zone = "Europe/Berlin"
format = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M"]

[constants]
provider = "desk"

[[record]]
when = { Channel = ["SMS", "*mail"] }
skip = "other channels"

[[record]]
when = { Kind = "in*", Deleted = "" }

[record.columns]
message_id = ["Meta id", "Own id"]
customer_id = { from = "Peer", strip_prefix = "wa:", before = "@", digits = true }
created_at = "When"
message_type = { from = "Body kind", values = { T = "text", P = "image", "*" = "other" } }

[record.constants]
direction = "inbound"

[[record]]
when = { Kind = "out*", Deleted = "" }

[record.columns]
message_id = ["Meta id", "Own id"]
direction = { value = "outbound" }
customer_id = { from = "Peer", url_decode = true, after = ":", digits = true }
template_name = { from = "Template", strip_suffix = "-tpl", part = { of = "/", number = 2 } }
template_language = { from = "Template", strip_suffix = "-tpl", part = { of = "/", number = 1 } }
message_type = [{ from = "Template", values = { "*" = "template" } }, { value = "text" }]
sent_at = "When"
delivered_at = { from = "Arrived", time = "unix_ms" }
status = { from = "State", values = { ok = "delivered", no = "failed" } }
campaign = "extra.campaign"
template_category = { from = "extra.kinds[1]", when = { Template = "*" } }
"#;

const TABLE: &str = "Own id,Meta id,Kind,Channel,Peer,Body kind,When,Arrived,State,Template,extra,Deleted
1,wamid.O-1,incoming,WA,wa:+1 (202) 555-0123@desk,T,05.10.2026 11:30:00,,,,,
2,,outgoing,WA,wa%3A%2B12025550123,T,05.10.2026 11:31,1791192664250,ok,,,
3,wamid.O-3,outgoing,WA,wa%3A%2B393330000001,T,05.10.2026 11:32:00,,no,it/autumn_sale-tpl,\"{\"\"campaign\"\": \"\"autumn\"\", \"\"kinds\"\": [\"\"x\"\", \"\"marketing\"\"]}\",
4,wamid.O-4,incoming,sms,wa:1,T,05.10.2026 11:33:00,,,,,
5,wamid.O-5,incoming,Gmail,wa:1,T,05.10.2026 11:33:00,,,,,
6,wamid.O-6,incoming,WA,wa:12025550124@desk,Q,05.10.2026 11:34:00,,,,,
7,wamid.O-7,outgoing,WA,wa:12025550124,T,05.10.2026 11:35:00,,perhaps,,not json,
8,wamid.O-8,outgoing,WA,wa:12025550124,T,05.10.2026 11:36:00,,ok,,,yes
9,wamid.O-9,outgoing,WA,wa:12025550124,T,2026-10-05 11:36:00,,ok,,,
";

const ROWS: &str = "message_id,direction,customer_id,message_type,template_name,template_language,template_category,created_at,sent_at,delivered_at,status,campaign,provider
wamid.O-1,inbound,12025550123,text,,,,2026-10-05T09:30:00Z,,,,,desk
2,outbound,12025550123,text,,,,,2026-10-05T09:31:00Z,2026-10-05T09:31:04.250Z,delivered,,desk
wamid.O-3,outbound,393330000001,template,autumn_sale,it,marketing,,2026-10-05T09:32:00Z,,failed,autumn,desk
wamid.O-6,inbound,12025550124,other,,,,2026-10-05T09:34:00Z,,,,,desk
wamid.O-7,outbound,12025550124,text,,,,,2026-10-05T09:35:00Z,,perhaps,,desk
";

fn by(mapping: &str) -> ReadOptions {
    let mapping = Mapping::read("own.toml", mapping).unwrap_or_else(|error| panic!("{error}"));
    ReadOptions { mapping: Some(Arc::new(mapping)), ..ReadOptions::default() }
}

fn read(text: &str, options: &ReadOptions) -> Collected {
    read_bytes(text.as_bytes(), options).unwrap_or_else(|error| panic!("{error}"))
}

/// The same table with other bytes between its fields.
fn between(delimiter: u8) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(TABLE.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    for record in reader.records() {
        writer.write_record(&record.expect("sound")).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8")
}

#[test]
fn every_kind_of_rule_does_what_it_says() {
    let collected = read(TABLE, &by(EVERY_RULE));
    assert_eq!(collected.table(), ROWS);
    assert_eq!(collected.codes(), [RejectCode::BadTime]);
    assert_eq!((collected.rejections[0].location.line, collected.count), (10, 6));
    assert_eq!(collected.tells, [Tells::Delivery]);
    let counted: Vec<(&str, u64)> =
        collected.unknown.iter().map(|((_, name), count)| (name.as_str(), *count)).collect();
    let expected =
        [("desk: a record of no kind that is mapped", 1), ("desk: left out: other channels", 2), ("status=perhaps", 1)];
    assert_eq!(counted, expected);
}

#[test]
fn tables_come_in_many_dresses() {
    let options = by(EVERY_RULE);
    let plain = read(TABLE, &options).table();
    for delimiter in [b';', b'\t', b'|'] {
        assert_eq!(read(&between(delimiter), &options).table(), plain, "{}", char::from(delimiter));
    }
    assert_eq!(read(&format!("\u{feff}{TABLE}"), &options).table(), plain);
    assert_eq!(read(&TABLE.replace('\n', "\r\n"), &options).table(), plain);
    let fixed = by(&format!("delimiter = \"semicolon\"\n{EVERY_RULE}"));
    assert_eq!(read(&between(b';'), &fixed).table(), plain);
}

#[test]
fn rejected_rows_name_their_place() {
    let options = ReadOptions { max_line: 400, ..by(EVERY_RULE) };
    let header = TABLE.lines().next().unwrap();
    let good = TABLE.lines().nth(1).unwrap();
    let long = good.replace("wamid.O-1", &"x".repeat(500));
    let text = format!("{header}\n{good}\n1,2,3\n{long}\n\"open,{good}\n{good}\n");
    let collected = read(&text, &options);
    let places: Vec<(u64, u64)> =
        collected.rejections.iter().map(|one| (one.location.line, one.location.byte_offset)).collect();
    let at = |line: &str| text.find(line).unwrap() as u64;
    assert_eq!(collected.codes(), [RejectCode::FieldCount, RejectCode::LineTooLong, RejectCode::UnterminatedQuote]);
    assert_eq!(places, [(3, at("1,2,3")), (4, at(&long)), (5, at("\"open"))]);
    assert_eq!(collected.rows.len(), 2);
}

#[test]
fn a_column_that_is_not_there_is_missed_by_name() {
    let error = read_bytes(TABLE.replace("Peer", "Pear").as_bytes(), &by(EVERY_RULE)).unwrap_err().to_string();
    for words in ["'Peer'", "customer_id", "Pear", "desk"] {
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn a_canonical_log_stays_canonical() {
    let text = "message_id,direction,customer_id,sent_at\nm-1,outbound,12025550123,2026-10-05T09:30:00Z\n";
    assert_eq!(read(text, &by(EVERY_RULE)).rows.len(), 1);
    let json =
        "{\"message_id\":\"m-1\",\"direction\":\"outbound\",\"customer_id\":\"12025550123\",\"sent_at\":1791192600}\n";
    assert_eq!(read(json, &by(EVERY_RULE)).rows.len(), 1);
}

#[test]
fn a_log_that_is_not_known_says_what_was_seen_and_what_to_do() {
    for (text, words) in [
        ("a;b;c\n1;2;3\n", ["between semicolons", "a, b, c", "mapping suggest"]),
        ("a,b,c\n1,2,3\n", ["no column message_id", "a, b, c", "--mapping"]),
        ("{\"a\": 1}\n", ["holds JSON", "--mapping", "mapping suggest"]),
    ] {
        let error = read_bytes(text.as_bytes(), &ReadOptions::default()).unwrap_err().to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
}

#[test]
fn two_mappings_that_fit_are_both_named() {
    let both = "{\"app\":\"x\",\"version\":2,\"timestamp\":1,\"type\":\"y\",\"payload\":{},\"eventType\":\"z\",\"waId\":\"1\",\"localMessageId\":\"2\"}\n";
    let error = read_bytes(both.as_bytes(), &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("--input-format gupshup") && error.contains("--input-format wati"), "{error}");
}

#[test]
fn json_of_ones_own_is_read_at_its_path() {
    let mapping = r#"
        [[record]]
        path = "days[].messages[]"
        columns = { message_id = "id", direction = "dir", customer_id = "^.peer", sent_at = "$.day", phone_number_id = "^.^.number" }
    "#;
    let text = r#"{"number": 7, "day": 1791192600, "days": [{"peer": "12025550123", "messages": [{"id": 1, "dir": "in"}, {"id": 2, "dir": "out"}]}]}"#;
    let collected = read(text, &by(mapping));
    assert_eq!(collected.column(Column::CustomerId), ["12025550123"; 2]);
    assert_eq!(collected.column(Column::PhoneNumberId), ["7", "7"]);
    let nothing = read("{\"nothing\": true}\n[1]\n", &by(mapping));
    assert_eq!((nothing.rows.len(), nothing.codes()), (0, vec![RejectCode::NotAMessage]));
    assert!(
        nothing.unknown.contains_key(&(UnknownKind::Field, "own: a document without days[].messages[]".to_owned()))
    );
}

fn tables() -> Vec<Fixture> {
    fixtures().into_iter().filter(|fixture| fixture.path.extension().is_some_and(|end| end == "csv")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Where a column stands says nothing.
    #[test]
    fn shuffled_columns_give_the_same_rows(which in 0..tables().len(), seed in proptest::collection::vec(any::<u32>(), 40)) {
        let fixture = &tables()[which];
        let text = std::fs::read_to_string(&fixture.path).unwrap();
        let delimiter = if text.lines().next().unwrap().contains(';') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let mut order: Vec<usize> = (0..records[0].len()).collect();
        order.sort_by_key(|place| seed[*place]);
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        for record in records.iter().filter(|record| record.len() == order.len()) {
            writer.write_record(order.iter().map(|place| &record[*place])).unwrap();
        }
        let shuffled = read_bytes(&writer.into_inner().unwrap(), &fixture.options()).unwrap();
        let plain = super::collect::read(&fixture.path, &fixture.options()).unwrap();
        prop_assert_eq!(shuffled.table(), plain.table());
        prop_assert_eq!(shuffled.unknown, plain.unknown);
    }
}
