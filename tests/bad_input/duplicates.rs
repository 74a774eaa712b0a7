//! Two rows of one message (Q14): what is merged, and when it is flagged.

use super::run::Sandbox;

const HEADER: &str = "message_id,direction,customer_id,phone_number_id,message_type,template_name,template_category,sent_at,delivered_at";

/// One row: type, template, category, and when it was sent and delivered.
fn row([kind, template, category, sent, delivered]: [&str; 5]) -> String {
    format!("m1,outbound,5511999990001,1,{kind},{template},{category},{sent},{delivered}\n")
}

/// The one verdict of two rows: category, template, time of sending and of delivery, and whether they contradict each other.
fn merged(rows: [[&str; 5]; 2]) -> [String; 5] {
    let sandbox = Sandbox::with("log.csv", format!("{HEADER}\n{}{}", row(rows[0]), row(rows[1])));
    let ran = sandbox.run(&["replay", "log.csv", "--out", "out", "--emit", "verdicts,summary"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let verdicts = sandbox.table("out/verdicts.csv");
    assert_eq!(verdicts.len(), 1, "one message");
    let flagged = verdicts[0].get("flags").split(';').any(|flag| flag == "CONFLICTING_DUPLICATE");
    let [category, template, sent, delivered] = ["template_category", "template_name", "sent_at", "delivered_at"]
        .map(|column| verdicts[0].get(column).to_owned());
    [category, template, sent, delivered, flagged.to_string()]
}

#[test]
fn rows_of_one_message_are_merged_field_by_field() {
    let [at, soon] = ["2026-10-05T10:00:00Z", "2026-10-05T10:00:05Z"];
    let [a_day_later, more] = ["2026-10-06T10:00:00Z", "2026-10-06T10:00:00.001Z"];
    let plain = ["template", "news", "marketing", at, soon];
    let cases: [(&str, [&str; 5], [&str; 5]); 9] = [
        ("the same again", plain, ["marketing", "news", at, soon, "false"]),
        ("non-empty beats empty", ["", "", "", at, ""], ["marketing", "news", at, soon, "false"]),
        (
            "the smallest text wins",
            ["template", "alert", "marketing", at, soon],
            ["marketing", "alert", at, soon, "true"],
        ),
        ("also of categories", ["template", "news", "utility", at, soon], ["marketing", "news", at, soon, "true"]),
        (
            "each status keeps its earliest time",
            ["template", "news", "marketing", at, at],
            ["marketing", "news", at, at, "false"],
        ),
        (
            "later ones are retries",
            ["template", "news", "marketing", soon, more],
            ["marketing", "news", at, soon, "false"],
        ),
        (
            "a day apart is one message",
            ["template", "news", "marketing", a_day_later, ""],
            ["marketing", "news", at, soon, "false"],
        ),
        ("more is likely two", ["template", "news", "marketing", more, ""], ["marketing", "news", at, soon, "true"]),
        (
            "read long after sending is usual",
            ["template", "news", "marketing", at, more],
            ["marketing", "news", at, soon, "false"],
        ),
    ];
    for (name, other, expected) in cases {
        assert_eq!(merged([plain, other]), expected, "{name}");
        assert_eq!(merged([other, plain]), expected, "{name}, the other way round");
    }
}

/// Neighbours a day apart, but not the first and the last: whatever the order.
#[test]
fn three_rows_are_told_apart_in_any_order() {
    let times = ["2026-10-05T10:00:00Z", "2026-10-06T06:00:00Z", "2026-10-07T02:00:00Z"];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let rows: String = order.iter().map(|at| row(["template", "news", "utility", times[*at], ""])).collect();
        let sandbox = Sandbox::with("log.csv", format!("{HEADER}\n{rows}"));
        let ran = sandbox.run(&["replay", "log.csv", "--out", "out", "--emit", "verdicts"]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let verdicts = sandbox.table("out/verdicts.csv");
        assert!(verdicts[0].get("flags").contains("CONFLICTING_DUPLICATE"), "{order:?}");
    }
}
