//! Worked cases of rules.md §5, in its own notation: they anchor the model before it judges anything else.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use super::facts::{
    Account, CarryIn, FepLength, HOUR, Log, MINUTE, Message, Ms, Settings, Verdict, local_date, month_of, ymd,
};
use super::model;
use super::tables::Tables;

/// A line not indented starts a case: its id, `t0`, and what differs from a Brazilian customer of a WABA in UTC with no
/// allowance left. Then the events, and after `=` one verdict for each outbound message.
const CASES: &str = "\
A02 2024-03-05T08:00Z
    0:00 out tpl marketing; 4:00 in; 5:00 out free; 25:00 out free; 26:00 out free
  = e1 marketing CHARGED; e3 attached:e1; e4 service CHARGED; e5 attached:e4
A04 2024-03-05T08:00Z
    0:00 in ref=ad; 12:00 out tpl marketing; 13:00 out free; 23:59 out free; 24:00 out free;
    30:00 out tpl utility; 83:59 out tpl marketing; 84:00 out tpl marketing
  = e2 fep free:free_entry_point; e3 attached:e2; e4 attached:e2; e5 none:131047; e6 attached:e2;
    e7 attached:e2; e8 marketing CHARGED
A04 2025-09-02T08:00Z
    0:00 in ref=ad; 12:00 out tpl marketing; 13:00 out free; 23:59 out free; 24:00 out free;
    30:00 out tpl utility; 83:59 out tpl marketing; 84:00 out tpl marketing
  = e2 marketing free:free_entry_point; e3 service free:free_entry_point;
    e4 service free:free_entry_point; e5 none:131047; e6 utility free:free_entry_point;
    e7 marketing free:free_entry_point; e8 marketing CHARGED
A06 2026-07-15T08:00Z
    0:00 out tpl marketing; 0:05 in; 0:06 out mba; 0:15 in; 0:16 out mba; 0:30 in; 0:35 out free;
    0:50 out tpl utility
  = e1 marketing CHARGED; e3 mba free:not_yet_charged; e5 mba free:not_yet_charged;
    e7 service free:free_customer_service; e8 utility free:free_customer_service
A06 2026-10-13T08:00Z
    0:00 out tpl marketing; 0:05 in; 0:06 out mba; 0:15 in; 0:16 out mba; 0:30 in; 0:35 out free;
    0:50 out tpl utility
  = e1 marketing CHARGED; e3 mba CHARGED; e5 mba CHARGED; e7 service CHARGED; e8 utility CHARGED
C01 2021-11-09T08:00Z
    0:00 out tpl notification; 1:00 in; 1:05 out free; 2:00 out free; 30:00 out tpl notification
  = e1 notification CHARGED; e3 session free:session_message; e4 session free:session_message;
    e5 notification CHARGED
C12 2022-10-04T08:00Z
    0:00 in ref=ad; 1:00 out free; 24:30 out tpl marketing; 26:00 out tpl marketing
  = e2 referral_conversion free:free_entry_point; e3 attached:e2; e4 business_initiated CHARGED
C13 2024-03-05T08:00Z
    0:00 in ref=ad; 0:30 out free; 60:00 in ref=ad; 61:00 out free; 73:00 out tpl marketing;
    144:00 out tpl marketing; 145:00 out tpl marketing
  = e2 fep free:free_entry_point; e4 attached:e2; e5 fep free:free_entry_point; e6 attached:e5;
    e7 marketing CHARGED
C13 2025-09-02T08:00Z
    0:00 in ref=ad; 0:30 out free; 60:00 in ref=ad; 61:00 out free; 73:00 out tpl marketing;
    144:00 out tpl marketing; 145:00 out tpl marketing
  = e2 service free:free_entry_point; e4 service free:free_entry_point;
    e5 marketing free:free_entry_point; e6 marketing free:free_entry_point; e7 marketing CHARGED
C16 2026-10-13T08:00Z
    0:00 in ref=ad; 1:00 out free; 70:00 in; 71:00 out free; 93:59 out tpl marketing;
    94:00 out tpl marketing
  = e2 service free:free_entry_point; e4 service free:free_entry_point;
    e5 marketing free:free_entry_point; e6 marketing CHARGED
C17 2026-10-13T08:00Z fep=fixed168
    0:00 in ref=ad; 1:00 out free; 70:00 in; 71:00 out free; 93:59 out tpl marketing;
    168:59 out tpl marketing; 169:00 out tpl marketing
  = e2 service free:free_entry_point; e4 service free:free_entry_point;
    e5 marketing free:free_entry_point; e6 marketing free:free_entry_point; e7 marketing CHARGED
C24 2025-09-02T08:00Z
    0:00 call; 1:00 out free; 23:59 out tpl utility; 24:00 out free
  = e2 service free:free_customer_service; e3 utility free:free_customer_service; e4 none:131047
C26 2024-03-05T08:00Z
    0:00 out tpl marketing; 0:01 out tpl utility; 0:02 out tpl authentication; 0:03 in;
    0:04 out free; 24:01 out free; 24:02 out free
  = e1 marketing CHARGED; e2 utility CHARGED; e3 authentication CHARGED; e5 attached:e1;
    e6 attached:e3; e7 service CHARGED
C27 2025-06-30T20:00Z
    0:00 out tpl utility; 5:00 out tpl utility; 23:59 out tpl utility; 24:00 out tpl utility
  = e1 utility CHARGED; e2 attached:e1; e3 attached:e1; e4 utility CHARGED
C28 2025-06-30T20:00Z
    0:00 out tpl marketing; 3:59 out tpl marketing; 4:00 out tpl marketing
  = e1 marketing CHARGED; e2 attached:e1; e3 marketing CHARGED
C29 2026-09-30T22:00Z
    0:00 in; 1:50 out tpl utility; 1:55 out tpl utility dlv=0:10; 2:00 out free;
    2:01 out tpl utility
  = e2 utility free:free_customer_service; e3 utility CHARGED; e4 service free:free_tier;
    e5 utility CHARGED
C30 2026-09-30T22:00Z zone=America/Los_Angeles
    0:00 in; 2:01 out tpl utility; 2:02 out free; 9:00 out free
  = e2 utility free:free_customer_service; e3 service free:free_customer_service;
    e4 service free:free_tier
C31 2023-05-31T12:00Z
    0:00 out tpl utility; 13:00 out tpl marketing; 24:00 out tpl marketing
  = e1 business_initiated CHARGED; e2 attached:e1; e3 marketing CHARGED
C33 2025-03-31T23:00Z to=12025550123
    0:00 out tpl marketing; 2:00 out tpl marketing; 3:00 out tpl utility
  = e1 marketing CHARGED; e2 none:131049; e3 utility CHARGED
C35 2025-03-04T08:00Z
    0:00 out tpl marketing; 1:00 out tpl marketing_lite; 2:00 out tpl marketing_lite
  = e1 marketing CHARGED; e2 marketing_lite CHARGED; e3 attached:e2
C36 2022-10-04T08:00Z left=1
    0:00 out tpl utility; 25:00 in; 25:01 out free; 50:00 in; 50:01 out free
  = e1 business_initiated free:free_tier; e3 user_initiated CHARGED; e5 user_initiated CHARGED
C37 2024-03-31T18:00Z zone=Asia/Kolkata
    0:00 in; 0:29 out free; 23:00 in; 24:30 out free
  = e2 service CHARGED; e4 service free:free_tier
X02 2025-09-02T08:00Z
    0:00 in ref=ad; 20:00 in; 30:00 out tpl marketing
  = e3 marketing CHARGED
X02 2026-10-13T08:00Z
    0:00 in ref=ad; 20:00 in; 30:00 out tpl marketing
  = e3 marketing free:free_entry_point
X03 2026-10-13T08:00Z
    0:00 in ref=ad; 0:01 out mba; 1:00 out free; 2:00 out tpl marketing
  = e2 mba CHARGED; e3 service free:free_entry_point; e4 marketing free:free_entry_point
X06 2025-09-02T08:00Z
    0:00 call accepted; 1:00 out tpl utility
  = e2 utility free:free_customer_service
X08 2025-09-02T08:00Z
    0:00 in ref=ad; 1:00 out tpl marketing dlv=3:00; 1:30 out tpl utility
  = e2 marketing free:free_entry_point; e3 utility free:free_entry_point
";

/// The market table of §5: number prefix, local date, market.
const MARKETS: &[(&str, NaiveDate, &str)] = &[
    ("55119", ymd(2025, 8, 1), "Brazil"),
    ("1202", ymd(2025, 8, 1), "North America"),
    ("1416", ymd(2025, 8, 1), "North America"),
    ("1809", ymd(2025, 8, 1), "Rest of Latin America"),
    ("1876", ymd(2025, 8, 1), "Rest of Latin America"),
    ("1787", ymd(2025, 8, 1), "Rest of Latin America"),
    ("1242", ymd(2025, 8, 1), "Other"),
    ("263", ymd(2025, 9, 30), "Other"),
    ("263", ymd(2025, 10, 1), "Rest of Africa"),
    ("48", ymd(2026, 6, 30), "Rest of Central & Eastern Europe"),
    ("48", ymd(2026, 7, 1), "Poland"),
    ("852", ymd(2026, 6, 30), "Rest of Asia Pacific"),
    ("852", ymd(2026, 7, 1), "Hong Kong"),
    ("974", ymd(2026, 6, 30), "Rest of Middle East"),
    ("974", ymd(2026, 7, 1), "Qatar"),
    ("880", ymd(2026, 9, 30), "Rest of Asia Pacific"),
    ("880", ymd(2026, 10, 1), "Bangladesh"),
    ("380", ymd(2026, 9, 30), "Rest of Central & Eastern Europe"),
    ("380", ymd(2026, 10, 1), "Ukraine"),
    ("212", ymd(2026, 9, 30), "Rest of Africa"),
    ("212", ymd(2026, 10, 1), "Morocco"),
    ("7903", ymd(2026, 10, 2), "Russia"),
    ("7701", ymd(2026, 9, 30), "Other"),
    ("7701", ymd(2026, 10, 1), "Kazakhstan"),
    ("243", ymd(2026, 10, 2), "Other"),
    ("242", ymd(2026, 10, 2), "Rest of Africa"),
];

pub(crate) fn check_markets(tables: &Tables) {
    for (prefix, day, market) in MARKETS {
        assert_eq!(tables.market(&format!("{prefix}5550123"), *day), *market, "{prefix} on {day}");
    }
}

/// Runs every case and returns how many there were.
pub(crate) fn check(tables: &Tables) -> usize {
    check_text(tables, CASES)
}

fn check_text(tables: &Tables, text: &str) -> usize {
    let mut cases: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match cases.last_mut() {
            Some((_, body)) if line.starts_with(' ') => body.extend([" ", line.trim()]),
            _ => cases.push((line, String::new())),
        }
    }
    for (header, body) in &cases {
        check_case(tables, header, body);
    }
    cases.len()
}

fn check_case(tables: &Tables, header: &str, body: &str) {
    let (events, expected) = body.split_once(" =").expect("events = verdicts");
    let words: Vec<&str> = header.split(' ').collect();
    let option =
        |key: &str| words.iter().filter_map(|word| word.split_once('=')).find(|(k, _)| *k == key).map(|(_, v)| v);
    let start = words[1].replace('Z', "+0000");
    let start = DateTime::parse_from_str(&start, "%Y-%m-%dT%H:%M%z").expect("t0").timestamp_millis();
    let zone: Tz = option("zone").unwrap_or("UTC").parse().expect("a zone");
    let customer = option("to").unwrap_or("5511999990001");
    let mut log = Log { accounts: vec![account(zone)], ..Log::default() };
    log.settings = Settings {
        // The cases describe attempts, not evidence.
        refuse: true,
        fep_length: match option("fep") {
            Some("fixed72") => FepLength::Fixed72,
            Some("fixed168") => FepLength::Fixed168,
            _ => FepLength::Rolling,
        },
        ..Settings::default()
    };
    let left: u64 = option("left").map_or(0, |left| left.parse().expect("what is left"));
    for (scope, id) in [("conversation_allowance", "1"), ("service_allowance", "2")] {
        let month = month_of(local_date(start, zone));
        let (market, category) = (String::new(), String::new());
        log.carry_in.push(CarryIn { scope, id: id.to_string(), month, market, category, used: 1000 - left });
    }
    let events = events.split(';').enumerate();
    log.messages = events.map(|(i, event)| message(start, i + 1, event.trim(), customer)).collect();
    let (verdicts, _) = model::judge(tables, &log);
    let shown: Vec<String> = verdicts.iter().map(|(index, verdict)| in_notation(&log, *index, verdict)).collect();
    let expected: Vec<String> =
        expected.split(';').map(|line| plain(line.trim())).filter(|line| !line.is_empty()).collect();
    assert_eq!(shown, expected, "{header}");
}

fn account(zone: Tz) -> Account {
    Account {
        number: "2".to_string(),
        waba: "1".to_string(),
        zone,
        currency: "USD".to_string(),
        portfolio: String::new(),
        primary_location: String::new(),
        auth_intl_from: None,
        auth_intl_exceptions: Vec::new(),
        partner_served: true,
        waived: Vec::new(),
        exempt_until: None,
    }
}

/// `1:55 out tpl utility dlv=0:10` and its like.
fn message(start: Ms, n: usize, event: &str, customer: &str) -> Message {
    let words: Vec<&str> = event.split(' ').collect();
    let at = start + clock(words[0]);
    let mut message = Message {
        id: format!("e{n}"),
        number: "2".to_string(),
        waba: "1".to_string(),
        customer: customer.to_string(),
        kind: "text".to_string(),
        at,
        sent: at,
        delivered: Some(at),
        ..Message::default()
    };
    match words[1] {
        "in" => message.inbound = true,
        "call" => {
            message.kind = "call".to_string();
            message.inbound = words.get(2) != Some(&"accepted");
        }
        _ => match words[2] {
            "tpl" => {
                message.kind = "template".to_string();
                message.category = words[3].to_string();
            }
            "direct" => message.category = words[3].to_string(),
            "mba" => message.product = "business_agent".to_string(),
            "react" => message.kind = "reaction".to_string(),
            _ => {}
        },
    }
    for word in &words {
        match word.split_once('=') {
            Some(("ref", "cta")) => message.referral = "page_cta".to_string(),
            Some(("ref", source)) => message.referral = source.to_string(),
            Some(("device", client)) => message.client = client.to_string(),
            Some(("dlv", "never")) => message.delivered = None,
            Some(("dlv", delay)) => message.delivered = Some(at + clock(delay)),
            _ => {}
        }
    }
    message
}

fn clock(text: &str) -> Ms {
    let (hours, minutes) = text.split_once(':').expect("H:MM");
    hours.parse::<Ms>().expect("hours") * HOUR + minutes.parse::<Ms>().expect("minutes") * MINUTE
}

/// A verdict as the cases write it.
fn in_notation(log: &Log, index: usize, verdict: &Verdict) -> String {
    let id = &log.messages[index].id;
    match verdict.outcome.as_str() {
        "charged" => format!("{id} {} CHARGED", verdict.category),
        "covered" => format!("{id} attached:{}", verdict.conversation_id),
        "free" => format!("{id} {} free:{}", verdict.category, verdict.reason),
        _ if verdict.error_code.is_empty() => format!("{id} none:{}", verdict.reason),
        _ => format!("{id} none:{}", verdict.error_code),
    }
}

/// The cases' own words for some categories, in the words of the output.
fn plain(line: &str) -> String {
    line.replace(" fep ", " referral_conversion ")
        .replace(" mba ", " business_agent ")
        .replace(" session ", " service ")
}
