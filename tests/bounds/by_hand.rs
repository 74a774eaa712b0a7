//! Each cause by itself, on both sides of where it ends; then together; then the switches.

use serde_json::Value;

use super::log::{Log, Said, run, time, written};

/// Hours count from the 15th; a first row on the 1st, of another customer, leaves nothing open before.
fn settled(month: &str) -> Log {
    let first = format!("{month}-01T00:00:00Z");
    Log::at(&format!("{month}-15T08:00:00Z")).row("5511999990002", "inbound", &[("created_at", first)])
}

/// The same without any inbound row.
fn without_inbound(month: &str) -> Log {
    let first = format!("{month}-01T00:00:00Z");
    Log::at(&format!("{month}-15T08:00:00Z")).sent_to("5511999990002", first, "marketing", String::new())
}

fn replay(log: &Log) -> Said {
    run(&log.csv(), &[], &["--allow-unpriced"])
}

fn assert_bounds(log: &Log, expected: &[&str]) {
    let said = replay(log);
    assert_eq!(said.bounds(), expected, "{}\n{}", log.csv(), said.stdout);
}

#[test]
fn a_log_that_tells_everything_has_no_bounds() {
    let log = settled("2026-07").inbound("0:00", "ad").outbound("1:00", "utility").outbound("90:00", "marketing");
    let said = replay(&log);
    assert_eq!(said.summary["bounds"], Value::Array(Vec::new()));
    assert!(!said.stdout.contains("Between"), "{}", said.stdout);
    assert_eq!(run(&log.csv(), &[], &["--strict"]).code, Some(0));
}

#[test]
fn deliveries_that_nothing_tells() {
    let log = settled("2026-07").outbound("1:00", "marketing").outbound("2:00", "utility").without(&["delivered_at"]);
    assert_bounds(&log, &["0 0.0693; delivery_unknown 0 0.0693 2"]);
}

/// The answer at 1 h may not have been delivered, so that what comes later than 24 h after the click may not be free.
#[test]
fn nothing_rests_on_a_delivery_that_is_not_told() {
    let log = |at| settled("2026-07").inbound("0:00", "ad").outbound("1:00", "utility").outbound(at, "marketing");
    assert_bounds(&log("23:59").without(&["delivered_at"]), &[]);
    assert_bounds(&log("24:01").without(&["delivered_at"]), &["0 0.0625; delivery_unknown 0 0.0625 2"]);
}

#[test]
fn windows_that_nothing_tells() {
    let before = without_inbound("2026-07").outbound("1:00", "utility").outbound("2:00", "marketing");
    let windows = "windows_unknown 0.0625 0.0693 1";
    let entry_points = "entry_points_unknown 0 0.0693 2";
    assert_bounds(&before, &[&format!("0 0.0693; {windows}; {entry_points}")]);
    // From October on utility costs the same inside a window.
    let after = without_inbound("2026-10").outbound("1:00", "utility");
    assert_bounds(&after, &["0 0.0068; entry_points_unknown 0 0.0068 1"]);
    // The kind of conversation depends on the window; with the allowance left both kinds are free.
    let conversation = without_inbound("2022-10").outbound("1:00", "utility");
    let used = "scope,id,month,used\nconversation_allowance,A,2022-10,1000\n";
    let accounts = "phone_number_id,waba_id,waba_timezone,currency\n1,A,UTC,USD\n";
    let side = [("c.csv", used), ("a.csv", accounts)];
    let said = run(&conversation.csv(), &side, &["--carry-in", "c.csv", "--accounts", "a.csv"]);
    assert_eq!(said.bounds(), ["0 0.05; windows_unknown 0.03 0.05 1; entry_points_unknown 0 0.05 1"]);
}

#[test]
fn a_log_without_referral_column_hides_free_entry_points() {
    let log = |at| settled("2026-07").inbound("0:00", "").outbound("1:00", "utility").outbound(at, "marketing");
    assert_bounds(&log("72:59"), &[]);
    let dropped = |at| log(at).without(&["referral_source_type"]);
    assert_bounds(&dropped("72:59"), &["0 0.0625; entry_points_unknown 0 0.0625 1"]);
    // Free entry points of the answer at 1 h end at 73 h.
    assert_bounds(&dropped("73:00"), &[]);
}

/// Before the log, too: until 72 h after its start.
#[test]
fn a_hidden_free_entry_point_may_be_older_than_the_log() {
    let log = |at| starting("2026-07-01T08:00:00Z").outbound(at, "marketing").without(&["referral_source_type"]);
    let early = replay(&log("71:59")).bounds();
    assert_eq!(early, ["0 0.0625; entry_points_unknown 0 0.0625 1"]);
    assert_bounds(&log("72:01"), &[]);
}

/// The first answer after each customer message may open one; a second answer after the same one may not.
#[test]
fn every_customer_message_may_come_from_an_ad() {
    let log = |second: &str| {
        let log = settled("2026-07").inbound("0:00", "").outbound("1:00", "text").inbound(second, "");
        let log = log.outbound("20:00", "text").outbound("91:59", "marketing").outbound("92:00", "marketing");
        log.without(&["referral_source_type"])
    };
    assert_bounds(&log("19:00"), &["0.0625 0.125; entry_points_unknown 0.0625 0.125 2"]);
    assert_bounds(&log("0:30"), &[]);
}

#[test]
fn categories_that_nothing_tells() {
    let log = settled("2026-07").outbound("1:00", "template").outbound("2:00", "authentication");
    let said = replay(&log);
    assert_eq!(said.bounds(), ["0.0136 0.0693; category_unknown 0.0136 0.0693 1"]);
    assert_eq!(said.summary["totals"][0]["billed_cost"], "0.0068", "the bill itself leaves it unpriced");
    // A window makes utility free before October 2026.
    let inside = settled("2026-07").inbound("0:00", "").outbound("1:00", "template");
    assert_bounds(&inside, &["0 0.0625; category_unknown 0 0.0625 1"]);
    // Where authentication has no rate, it is no low bound of nothing.
    let without_rate = settled("2025-09").outbound("1:00", "template");
    assert_bounds(&without_rate, &["0.0068 0.0625; category_unknown 0.0068 0.0625 1"]);
}

/// Up to three conversations of different categories, or one: authentication was the cheapest.
#[test]
fn unknown_categories_share_a_conversation_or_not() {
    let mut log = settled("2024-03");
    for at in ["1:00", "2:00", "3:00", "4:00"] {
        log = log.outbound(at, "template");
    }
    assert_bounds(&log, &["0.0315 0.1875; category_unknown 0.0315 0.1875 4"]);
    assert_bounds(&log.clone().outbound("25:01", "template"), &["0.063 0.25; category_unknown 0.063 0.25 5"]);
    assert_bounds(&log.outbound("24:59", "template"), &["0.0315 0.1875; category_unknown 0.0315 0.1875 5"]);
}

/// A log whose first row, of another customer, stands at 0 h.
fn starting(at: &str) -> Log {
    Log::at(at).row("5511999990002", "inbound", &[("created_at", at.into())])
}

#[test]
fn a_window_from_before_the_log_may_be_open_for_24_h() {
    let log = |at| starting("2026-07-01T08:00:00Z").outbound(at, "utility");
    assert_bounds(&log("23:59"), &["0 0.0068; cold_start 0 0.0068 1"]);
    assert_bounds(&log("24:01"), &[]);
}

#[test]
fn a_conversation_from_before_the_log_may_cover_for_24_h() {
    let log = |at| starting("2024-03-01T08:00:00Z").outbound(at, "marketing");
    assert_bounds(&log("23:59"), &["0 0.0625; cold_start 0 0.0625 1"]);
    assert_bounds(&log("24:01"), &[]);
    // If that of 23:59 h was covered, that of 30 h opens a conversation.
    assert_bounds(&log("23:59").outbound("30:00", "marketing"), &[]);
}

/// Only where the log shows that there are free entry points: here by a click of somebody else.
#[test]
fn a_free_entry_point_from_before_the_log_may_be_open_for_72_h() {
    let log = |at, click: &str| {
        let fields = [("created_at", "2026-07-01T08:00:00Z".into()), ("referral_source_type", click.into())];
        Log::at("2026-07-01T08:00:00Z").row("5511999990002", "inbound", &fields).outbound(at, "marketing")
    };
    assert_bounds(&log("71:59", "ad"), &["0 0.0625; cold_start 0 0.0625 1"]);
    assert_bounds(&log("72:01", "ad"), &[]);
    assert_bounds(&log("71:59", ""), &[]);
    // One whose click lies before the log and whose answer does not.
    let answered = log("20:00", "ad").outbound("91:59", "marketing").outbound("92:00", "marketing");
    assert_bounds(&answered, &["0.0625 0.1875; cold_start 0.0625 0.1875 3"]);
}

/// The answer at 2 h may stand in a free entry point from before the log, and so open none of its own.
#[test]
fn a_free_entry_point_from_before_the_log_may_be_in_the_way_of_another() {
    let log = |answer, at| {
        starting("2026-07-01T08:00:00Z").inbound("1:00", "ad").outbound(answer, "text").outbound(at, "marketing")
    };
    assert_bounds(&log("2:00", "73:59"), &["0 0.0625; cold_start 0 0.0625 2"]);
    assert_bounds(&log("2:00", "24:59"), &[]);
    let later = starting("2026-07-01T08:00:00Z").inbound("71:30", "ad");
    let answered = |at| later.clone().outbound(at, "text").outbound("100:00", "marketing");
    assert_bounds(&answered("71:59"), &["0 0.0625; cold_start 0 0.0625 2"]);
    assert_bounds(&answered("72:00"), &[]);
}

#[test]
fn a_month_that_began_before_the_log() {
    let service = |first: &str| {
        let log = Log::at("2026-10-15T08:00:00Z").row("5511999990002", "inbound", &[("created_at", first.into())]);
        log.inbound("0:00", "").outbound("1:00", "text").outbound("2:00", "utility")
    };
    let inside = service("2026-10-02T00:00:00Z");
    // Service 0 or 0.0068, utility 0.0068 or 0.0051.
    assert_bounds(&inside, &["0.0051 0.0136; month_began_before 0.0051 0.0136 2"]);
    assert_bounds(&service("2026-10-01T23:59:59Z"), &[]);
    assert_bounds(&service("2026-09-20T00:00:00Z"), &[]);
    let carried = "scope,id,month,market,category,used\nservice_allowance,1,2026-10,,,1000\nvolume_tier,A,2026-10,Brazil,utility,0\n";
    let accounts = "phone_number_id,waba_id,waba_timezone,currency\n1,A,UTC,USD\n";
    let side = [("c.csv", carried), ("a.csv", accounts)];
    let said = run(&inside.csv(), &side, &["--carry-in", "c.csv", "--accounts", "a.csv"]);
    assert_eq!(said.bounds(), Vec::<String>::new(), "carry_in.csv says it all");
}

#[test]
fn how_long_free_entry_points_last_since_september_2026() {
    let log = |at| settled("2026-10").inbound("0:00", "ad").outbound("1:00", "text").outbound(at, "marketing");
    assert_bounds(&log("72:59"), &[]);
    assert_bounds(&log("73:01"), &["0 0.0625; fep_length 0 0.0625 1"]);
    assert_bounds(&log("168:59"), &["0 0.0625; fep_length 0 0.0625 1"]);
    assert_bounds(&log("169:01"), &[]);
}

#[test]
fn several_causes_add_up() {
    let log = settled("2026-07").inbound("0:00", "").outbound("1:00", "marketing").outbound("90:00", "template");
    let log = log.without(&["referral_source_type"]);
    let expected = "0.0068 0.125; entry_points_unknown 0 0.0625 2; category_unknown 0.0693 0.125 1";
    assert_bounds(&log, &[expected]);
    let text = replay(&log).stdout;
    assert!(text.contains("Between 0.01 and 0.13 USD: the log leaves open"), "{text}");
}

#[test]
fn each_currency_by_itself() {
    let log = settled("2026-07").outbound("1:00", "template");
    let euro = log.clone().outbound("2:00", "template");
    let mut rows = euro.rows.clone();
    rows[2][2] = "2".to_owned();
    let log = Log { rows, ..log };
    let accounts = "phone_number_id,waba_id,waba_timezone,currency\n1,A,UTC,USD\n2,B,UTC,EUR\n";
    let said = run(&log.csv(), &[("a.csv", accounts)], &["--accounts", "a.csv", "--allow-unpriced"]);
    let expected =
        ["0.0056 0.0518; category_unknown 0.0056 0.0518 1", "0.0068 0.0625; category_unknown 0.0068 0.0625 1"];
    assert_eq!(said.bounds(), expected);
}

#[test]
fn bounds_can_be_left_out() {
    let log = settled("2026-07").outbound("1:00", "template");
    let said = run(&log.csv(), &[], &["--bounds", "off", "--allow-unpriced"]);
    assert_eq!(said.summary["bounds"], Value::Null);
    assert!(!said.stdout.contains("Between"), "{}", said.stdout);
    let on = replay(&log);
    assert_eq!(on.summary["totals"], said.summary["totals"]);
}

#[test]
fn strict_refuses_a_bill_that_is_open() {
    let log = settled("2026-10").inbound("0:00", "ad").outbound("1:00", "text").outbound("80:00", "marketing");
    let said = run(&log.csv(), &[], &["--strict"]);
    assert_eq!(said.code, Some(5), "{}", said.stderr);
    assert!(
        said.stderr.contains("Between 0.00 and 0.06 USD") && said.stderr.contains("72 h to 7 days"),
        "{}",
        said.stderr
    );
    assert_eq!(run(&log.csv(), &[], &["--strict", "--bounds", "off"]).code, Some(0));
}

#[test]
fn neither_threads_nor_the_order_of_rows_matter() {
    let mut log = Log::at("2026-07-15T08:00:00Z");
    for customer in 0..40 {
        for step in 0..6 {
            let at = written(time("2026-07-15T08:00:00Z") + chrono::Duration::hours(customer * 7 + step * 29));
            let what =
                ["template", "utility", "text", "marketing"][usize::try_from((customer + step) % 4).expect("small")];
            let name = format!("55119999{customer:05}");
            log = if step == 2 {
                log.row(&name, "inbound", &[("created_at", at)])
            } else {
                log.sent_to(&name, at.clone(), what, at)
            };
        }
    }
    let log = log.without(&["referral_source_type"]);
    let one = run(&log.csv(), &[], &["--allow-unpriced", "--threads", "1"]);
    let mut turned = log.clone();
    turned.rows.reverse();
    let two = run(&turned.csv(), &[], &["--allow-unpriced", "--threads", "4"]);
    assert!(one.bounds()[0].matches(';').count() >= 3, "{:?}", one.bounds());
    assert_eq!(one.summary["bounds"], two.summary["bounds"]);
}
