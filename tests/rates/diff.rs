//! What `rates diff` says; the figures are worked out by hand.

use crate::cards::{LIST, TIERS, sandbox};
use crate::run::{Sandbox, assert_none, faults};

fn diff(sandbox: &Sandbox, args: &[&str]) -> String {
    let ran = sandbox.run(&[&["rates", "diff"], args].concat());
    assert_none(&faults(&args.join(" "), &ran, 0, &[]));
    assert_eq!(ran.stderr, "", "{args:?}");
    ran.stdout
}

/// The words of each line, with one blank between them.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// 23 rates are on both cards; Turkey's three went, and Peru's two and one of North America came.
#[test]
fn rates_are_compared_cell_by_cell() {
    let text = diff(&sandbox(), &["list.csv", "list-2027.csv"]);
    assert_eq!(
        lines(&text),
        [
            "from list.csv (PMP card, 2026-10-01)",
            "to list-2027.csv (PMP card, 2027-01-01)",
            "",
            "AUD list rates",
            "Brazil marketing 0.09 -> 0.0945 +0.0045 +5.00 %",
            "India utility 0.002 -> 0.0015 -0.0005 -25.00 %",
            "North America authentication_international n/a -> 0.03 new",
            "Peru marketing n/a -> 0.08 new",
            "Peru utility n/a -> 0.02 new",
            "Rest of Africa service 0.006 -> 0.0061 +0.0001 +1.67 %",
            "Turkey authentication 0.0013 -> n/a gone",
            "Turkey marketing 0.0165 -> n/a gone",
            "Turkey utility 0.0013 -> n/a gone",
            "",
            "3 of 25 rates changed: 2 up, 1 down; 22 same; 3 new; 3 gone",
        ]
    );
}

#[test]
fn the_table_has_the_same_figures() {
    let sandbox = sandbox();
    sandbox.write("out.csv", diff(&sandbox, &["list.csv", "list-2027.csv", "--csv"]));
    let rows = sandbox.table("out.csv");
    let columns =
        ["currency", "market", "category", "tier_from", "old_rate", "new_rate", "change", "percent", "movement"];
    let row = |at: usize| columns.map(|column| rows[at].get(column)).join("|");
    assert_eq!(rows.len(), 9);
    assert_eq!(row(0), "AUD|Brazil|marketing||0.09|0.0945|+0.0045|+5.00|up");
    assert_eq!(row(1), "AUD|India|utility||0.002|0.0015|-0.0005|-25.00|down");
    assert_eq!(row(3), "AUD|Peru|marketing|||0.08|||new");
    assert_eq!(row(8), "AUD|Turkey|utility||0.0013||||gone");
}

/// The first bound of India's utility moves from 25 to 20 million; between them a message costs 0.0019 instead of 0.0020.
#[test]
fn tiers_are_compared_by_the_messages_they_hold_for() {
    let sandbox = sandbox();
    let moved = TIERS
        .replace("\"25,000,000\"", "\"20,000,000\"")
        .replace("\"25,000,001\"", "\"20,000,001\"")
        .replace("Tier rate,0.0423,-6%", "Tier rate,0.0405,-10%");
    sandbox.write("moved.csv", moved);
    let text = diff(&sandbox, &["tiers.csv", "moved.csv"]);
    let expected = [
        "AUD volume tiers",
        "India authentication_international 750001:MAX 0.0423 -> 0.0405 -0.0018 -4.26 %",
        "India utility 20000001:25000000 0.002 -> 0.0019 -0.0001 -5.00 %",
        "",
        "list rates were not compared: tiers.csv has none",
        "2 of 5 tier tables changed; 3 same",
    ];
    assert_eq!(lines(&text)[3..], expected, "{text}");
    let fewer = TIERS.lines().take(9).collect::<Vec<_>>().join("\n");
    sandbox.write("fewer.csv", fewer);
    let text = diff(&sandbox, &["tiers.csv", "fewer.csv"]);
    assert!(lines(&text).contains(&"India utility 2 tiers 0.002 to 0.0019 -> n/a gone".to_owned()), "{text}");
    assert!(text.ends_with("0 of 2 tier tables changed; 2 same; 3 gone\n"), "{text}");
}

#[test]
fn a_card_and_what_was_imported_from_it_are_the_same() {
    let sandbox = sandbox();
    for (published, imported) in [("list.csv", "card.csv"), ("tiers.csv", "steps.csv")] {
        assert_eq!(sandbox.run(&["rates", "import", published, "-o", imported]).code, Some(0));
    }
    assert!(diff(&sandbox, &["list.csv", "card.csv"]).ends_with("\n0 of 28 rates changed: 0 up, 0 down; 28 same\n"));
    assert!(diff(&sandbox, &["steps.csv", "tiers.csv"]).ends_with("\n0 of 5 tier tables changed; 5 same\n"));
    assert_eq!(diff(&sandbox, &["list.csv", "card.csv", "--csv"]).lines().count(), 1);
}

/// Meta's own list of changes of 2026-01-01 has five cells.
#[test]
fn the_embedded_cards_are_a_side_by_their_date() {
    let sandbox = sandbox();
    let text = diff(&sandbox, &["2025-12-31", "embedded@2026-01-01", "--currency", "USD"]);
    assert!(text.contains("\n5 of 105 rates changed: "), "{text}");
    assert!(text.contains("; 100 same\n"), "{text}");
    assert!(diff(&sandbox, &["2026-01-01", "2026-03-31", "--currency", "USD"]).contains("\n0 of 105 rates changed"));
    // Across a change of the model the unit of a rate is another one.
    let models = diff(&sandbox, &["2025-06-30", "2025-07-01"]);
    assert!(
        models.contains("different billing models") && models.contains("gone") && models.contains("CBP2023"),
        "{models}"
    );
    // A figure that is not known is neither new nor gone.
    let unknown = diff(&sandbox, &["2026-07-01", "2026-10-01", "--currency", "EUR"]);
    assert!(
        lines(&unknown).iter().any(|line| line.starts_with("Mexico marketing ") && line.ends_with("-> ? not known"))
    );
}

/// An embedded rate, changed by hand: 0.0068 to 0.0070 is 2.94 %.
#[test]
fn a_file_is_compared_with_the_embedded_cards() {
    let sandbox = sandbox();
    let (card, _) = crate::cards::published_list("2026-10-01", "October 1, 2026", "USD");
    sandbox.write("usd.csv", card.replace("Brazil,USD,0.0625,0.0068,", "Brazil,USD,0.0625,0.0070,"));
    let text = diff(&sandbox, &["2026-10-01", "usd.csv"]);
    assert!(lines(&text).contains(&"Brazil utility 0.0068 -> 0.007 +0.0002 +2.94 %".to_owned()), "{text}");
    assert!(text.contains("Only in embedded@2026-10-01, so not compared: AED, "), "{text}");
    assert!(text.contains("1 of 206 rates changed: 1 up, 0 down; 205 same\n"), "{text}");
    assert!(text.contains("volume tiers were not compared: usd.csv has none\n"), "{text}");
}

/// Of a file with several dates the newest counts, or those in force on a day.
#[test]
fn a_file_of_several_dates_is_taken_on_one() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run(&["rates", "import", "list.csv", "list-2027.csv", "-o", "both.csv"]).code, Some(0));
    assert!(diff(&sandbox, &["list.csv", "both.csv@2026-12-31"]).contains("0 of 28 rates changed"));
    // Turkey's older figures still stand: a card of one's own never takes a rate away.
    assert!(
        diff(&sandbox, &["list-2027.csv", "both.csv"])
            .ends_with("0 of 28 rates changed: 0 up, 0 down; 28 same; 3 new\n")
    );
    // A file wins over the date that its name could be.
    sandbox.write("2026-10-01", LIST);
    assert!(diff(&sandbox, &["2026-10-01", "list.csv"]).contains("0 of 28 rates changed"));
}

#[test]
fn a_card_without_a_date_takes_that_of_its_side() {
    let sandbox = sandbox();
    sandbox.write("undated.csv", LIST.replace(", effective October 1, 2026", ""));
    assert!(diff(&sandbox, &["list.csv", "undated.csv@2026-10-01"]).contains("0 of 28 rates changed"));
}

#[test]
fn sides_that_cannot_be_compared_are_told_why() {
    let sandbox = sandbox();
    sandbox.write("bad.csv", LIST.replace("0.0318", "?"));
    sandbox.write("empty.csv", "effective_date,regime,currency,market,category,rate\n");
    let cases: [(&[&str], &[&str]); 12] = [
        (&["list.csv", "nowhere.csv"], &["nowhere.csv", "embedded@YYYY-MM-DD"]),
        (&["list.csv", "embedded"], &["embedded@YYYY-MM-DD"]),
        (&["list.csv", "embedded@soon"], &["'soon' is no date", "YYYY-MM-DD"]),
        (&["list.csv", "2021-01-01"], &["2022-02-01", "2021-01-01"]),
        (&["list.csv", "tiers.csv"], &["list rates only", "volume tiers only"]),
        (&["list.csv", "2026-10-01"], &["no currency in common", "list.csv has AUD"]),
        (&["list.csv", "list-2027.csv", "--currency", "USD"], &["list.csv has nothing in USD; it has AUD"]),
        (&["list.csv", "list-2027.csv", "--currency", "dollars"], &["--currency 'dollars'"]),
        (&["bad.csv", "list.csv"], &["bad.csv:13: column 'Utility'"]),
        (&["empty.csv", "list.csv"], &["empty.csv:1: holds no rates"]),
        (&["list.csv"], &["<B>"]),
        (&["list.csv@2020-01-01", "list.csv"], &["list.csv:1: ", "2020-01-01", "2022-02-01"]),
    ];
    let mut found = Vec::new();
    for (args, words) in cases {
        let ran = sandbox.run(&[&["rates", "diff"], args].concat());
        found.extend(faults(&args.join(" "), &ran, 2, words));
    }
    assert_none(&found);
}
