//! Policies on small logs, message by message. `h` counts hours from 2 June 2026 (PMP: utility is free in an open window) or 6 October 2026
//! (PMP: replies are charged beyond the allowance), 08:00 UTC; the customer is in Brazil.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::program::{run, write};

/// Counts of lines by category, verdict and reason.
type Counts = BTreeMap<String, u64>;

fn counts(path: &Path) -> Counts {
    let mut reader = csv::Reader::from_path(path).expect("it is there");
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|own| own == name).expect("a column");
    let (category, verdict, reason, messages) =
        (column("category"), column("verdict"), column("reason"), column("messages"));
    let mut counts = Counts::new();
    for row in reader.records() {
        let row = row.expect("a row");
        let key = [&row[category], &row[verdict], &row[reason]].join(" ").trim_end().to_owned();
        *counts.entry(key).or_default() += row[messages].parse::<u64>().expect("a number");
    }
    counts
}

const HEADER: &str = "message_id,direction,phone_number_id,customer_id,message_type,template_name,template_category,created_at,sent_at,delivered_at,error_code,referral_source_type\n";
const JUNE: &str = "2026-06-02T08:00:00Z";
const OCTOBER: &str = "2026-10-06T08:00:00Z";

/// One message: hours and minutes after the start, and what it is. `in`, `ad` (in, from an ad), `text`, `image`, `late` (a reply that was
/// refused), or `category:template`.
fn log(start: &str, messages: &[(&str, &str)]) -> String {
    let start: chrono::DateTime<chrono::Utc> = start.parse().expect("a time");
    let mut text = HEADER.to_owned();
    for (place, (at, what)) in messages.iter().enumerate() {
        let (hours, minutes) = at.split_once(':').expect("h:mm");
        let minutes: i64 = hours.parse::<i64>().expect("h") * 60 + minutes.parse::<i64>().expect("mm");
        let moment = start + chrono::TimeDelta::minutes(minutes);
        let (time, arrived) = (moment.to_rfc3339(), (moment + chrono::TimeDelta::seconds(2)).to_rfc3339());
        let row = match *what {
            "in" => format!("inbound,1,5511999990001,text,,,{time},,,,"),
            "ad" => format!("inbound,1,5511999990001,text,,,{time},,,,ad"),
            "late" => format!("outbound,1,5511999990001,text,,,,{time},,131047,"),
            "text" | "image" => format!("outbound,1,5511999990001,{what},,,,{time},{arrived},,"),
            template => {
                let (category, name) = template.split_once(':').expect("category:name");
                format!("outbound,1,5511999990001,template,{name},{category},,{time},{arrived},,")
            }
        };
        writeln!(text, "m{place:02},{row}").expect("a text takes everything");
    }
    text
}

/// The counts of the baseline and of the log under a policy.
fn under(start: &str, messages: &[(&str, &str)], policy: &str) -> (Counts, Counts) {
    under_log(&log(start, messages), policy)
}

fn under_log(log: &str, policy: &str) -> (Counts, Counts) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "log.csv", log);
    // The allowance is used up, so that every reply in October costs.
    let used = "[rules]\ncarry_in = [{ scope = \"service_allowance\", id = \"1\", month = \"2026-10\", used = 1000 }, { scope = \"service_allowance\", id = \"2\", month = \"2026-10\", used = 999 }]\n";
    let text =
        format!("version = 1\nseed = 1\n[source]\nlog = \"log.csv\"\n{used}[[variant]]\nname = \"v\"\n{policy}\n");
    write(folder.path(), "what_if.toml", &text);
    run(folder.path(), &["simulate", "what_if.toml", "--out", "sim", "--quiet"]).expect_code(0);
    assert_eq!(
        fs::read_to_string(folder.path().join("log.csv")).expect("it is there"),
        log,
        "the input stays as it is"
    );
    (counts(&folder.path().join("sim/lines.csv")), counts(&folder.path().join("sim/variants/v.lines.csv")))
}

fn expect(found: &Counts, expected: &[(&str, u64)]) {
    let expected: Counts = expected.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect();
    assert_eq!(*found, expected);
}

const CHARGED: &str = "service charged";

#[test]
fn replies_within_the_time_become_one_and_pictures_stay() {
    let said = [
        ("0:00", "in"),
        ("0:01", "text"),
        ("0:02", "text"),
        ("0:04", "text"),
        ("0:05", "image"),
        ("0:06", "image"),
        ("0:07", "text"),
        ("0:08", "in"),
        ("0:08", "text"),
    ];
    let (before, after) = under(OCTOBER, &said, "policy.merge_replies = { within = \"1m\" }");
    expect(&before, &[(CHARGED, 7)]);
    // 0:01 and 0:02 become one; 0:04 is two minutes later; a picture stands between the rest, then the customer.
    expect(&after, &[(CHARGED, 6)]);
    let (_, wider) = under(OCTOBER, &said, "policy.merge_replies = { within = \"2m\" }");
    expect(&wider, &[(CHARGED, 5)]);
}

#[test]
fn merging_needs_to_know_what_replies_contain() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "log.csv", &log(OCTOBER, &[("0:00", "in"), ("0:01", "text")]).replace(",text,", ",,"));
    write(
        folder.path(),
        "what_if.toml",
        "version = 1\nseed = 1\n[source]\nlog = \"log.csv\"\n[[variant]]\nname = \"v\"\npolicy.merge_replies = { within = \"1m\" }\n",
    );
    let ran = run(folder.path(), &["simulate", "what_if.toml", "--out", "sim"]).expect_code(2);
    assert!(ran.stderr.contains("what_if.toml: variant 'v': merge_replies cannot be applied faithfully: the log does not say what its replies contain"), "{}", ran.stderr);
}

#[test]
fn a_template_has_another_category_from_a_day_on() {
    let said = [("0:00", "utility:notice"), ("24:00", "utility:notice"), ("48:00", "utility:other")];
    let (before, after) =
        under(JUNE, &said, "policy.recategorise = [{ template = \"notice\", to = \"marketing\", from = 2026-06-03 }]");
    expect(&before, &[("utility charged", 3)]);
    expect(&after, &[("marketing charged", 1), ("utility charged", 2)]);
}

/// A reply after 30 hours was refused; after ten minutes it is delivered. The other way round it is refused.
#[test]
fn an_answer_in_time_is_delivered_and_a_late_one_refused() {
    let late = [("0:00", "in"), ("30:00", "late"), ("30:01", "late")];
    let (before, after) = under(OCTOBER, &late, "policy.answer = { within = \"10m\" }");
    expect(&before, &[("service not_billed not_delivered", 2)]);
    expect(&after, &[(CHARGED, 2)]);
    let soon = [("0:00", "in"), ("0:05", "text"), ("0:06", "text"), ("40:00", "in"), ("40:30", "text")];
    let (before, after) = under(OCTOBER, &soon, "policy.answer = { after = \"25h\" }");
    expect(&before, &[(CHARGED, 3)]);
    expect(&after, &[("service not_billed not_delivered", 3)]);
}

#[test]
fn a_template_in_an_open_window_becomes_free_form() {
    let said =
        [("0:00", "in"), ("1:00", "marketing:offer"), ("30:00", "marketing:offer"), ("31:00", "marketing:other")];
    let (before, after) = under(JUNE, &said, "policy.free_form_in_window = { templates = [\"offer\"] }");
    expect(&before, &[("marketing charged", 3)]);
    expect(&after, &[("marketing charged", 2), ("service free free_customer_service", 1)]);
}

#[test]
fn replies_become_a_template() {
    let said = [("0:00", "in"), ("1:00", "text"), ("30:00", "late")];
    let (_, after) =
        under(OCTOBER, &said, "policy.template_in_window = { template = \"answer\", category = \"utility\" }");
    expect(&after, &[("service not_billed not_delivered", 1), ("utility charged", 1)]);
}

/// At 0:00 no window is open; at 5:00 the customer writes. The second waits in vain.
#[test]
fn a_template_waits_for_a_window() {
    let said = [("0:00", "utility:notice"), ("5:00", "in"), ("40:00", "utility:notice")];
    let (before, after) = under(JUNE, &said, "policy.hold = { templates = [\"notice\"], at_most = \"6h\" }");
    expect(&before, &[("utility charged", 2)]);
    expect(&after, &[("utility charged", 1), ("utility free free_customer_service", 1)]);
    let (_, shorter) = under(JUNE, &said, "policy.hold = { templates = [\"notice\"], at_most = \"4h\" }");
    expect(&shorter, &[("utility charged", 2)]);
}

/// The ad of 10:00 is answered at 10:30, so a free entry point lasts until 82:30.
#[test]
fn templates_move_into_the_window_of_an_ad() {
    let said = [
        ("9:00", "marketing:offer"),
        ("10:00", "ad"),
        ("10:30", "text"),
        ("84:00", "marketing:offer"),
        ("120:00", "marketing:offer"),
    ];
    let (before, after) =
        under(JUNE, &said, "policy.into_ad_window = { category = \"marketing\", wait = \"2h\", advance = \"3h\" }");
    expect(&before, &[("marketing charged", 3), ("service free free_entry_point", 1)]);
    expect(
        &after,
        &[("marketing charged", 1), ("marketing free free_entry_point", 2), ("service free free_entry_point", 1)],
    );
}

#[test]
fn ads_come_and_go() {
    let from_ad = [("0:00", "ad"), ("1:00", "text"), ("2:00", "marketing:offer")];
    let (before, after) = under(JUNE, &from_ad, "policy.ads = { drop = true }");
    expect(&before, &[("marketing free free_entry_point", 1), ("service free free_entry_point", 1)]);
    expect(&after, &[("marketing charged", 1), ("service free free_customer_service", 1)]);
    let own = [("0:00", "in"), ("1:00", "text"), ("2:00", "marketing:offer")];
    let (_, after) = under(JUNE, &own, "policy.ads = { add = 1.0 }");
    assert_eq!(after, before);
}

/// Number 1 has used its allowance, number 2 has one message of it left.
#[test]
fn numbers_join_and_split_their_allowances() {
    let said = [("0:00", "in"), ("1:00", "text"), ("2:00", "text")];
    let (_, joined) = under(OCTOBER, &said, "policy.join_numbers = { numbers = [\"1\"], into = \"2\" }");
    expect(&joined, &[(CHARGED, 1), ("service free free_tier", 1)]);
    let (_, split) = under(OCTOBER, &said, "policy.split_number = { number = \"1\", into = [\"8\", \"9\"] }");
    expect(&split, &[("service free free_tier", 2)]);
}

/// A policy that finds nothing to do gives the very bill of the log: for one of everything, the sample.
#[test]
fn without_a_change_the_view_is_the_log() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    for (from, to) in [("messages.csv", "log.csv"), ("accounts.csv", "accounts.csv")] {
        fs::copy(root.join("data/sample").join(from), folder.path().join(to)).expect("copied");
    }
    for regime in ["auto", "cbp-2022", "cbp-2023-06", "nbp"] {
        let text = format!(
            "version = 1\nseed = 1\n[source]\nlog = \"log.csv\"\naccounts = \"accounts.csv\"\n[rules]\nregime = \"{regime}\"\n[[variant]]\nname = \"v\"\npolicy.hold = {{ templates = [\"none\"], at_most = \"1h\" }}\n"
        );
        write(folder.path(), "what_if.toml", &text);
        run(folder.path(), &["simulate", "what_if.toml", "--out", "sim", "--quiet", "--allow-unpriced"]).expect_code(0);
        let file = |name: &str| fs::read_to_string(folder.path().join("sim").join(name)).expect("it is there");
        assert!(file("lines.csv") == file("variants/v.lines.csv"), "{regime}");
    }
}
