//! Cards with a fault: exit code 2, with the file, the line, the column and what would be accepted.

use crate::cards::{LIST, TIERS, sandbox};
use crate::run::{Sandbox, assert_none, faults};

/// One replacement, which must find its place.
fn with(card: &str, old: &str, new: &str) -> String {
    assert!(card.contains(old), "'{old}' is not in the card");
    card.replacen(old, new, 1)
}

fn assert_refused(cases: &[(String, &[&str])]) {
    let mut found = Vec::new();
    for (card, words) in cases {
        let sandbox = Sandbox::with("card.csv", card);
        let ran = sandbox.run(&["rates", "import", "card.csv"]);
        found.extend(faults(&words.join(" / "), &ran, 2, words));
        if !ran.stdout.is_empty() {
            found.push(format!("{words:?}: something was written"));
        }
    }
    assert_none(&found);
}

#[test]
fn faults_of_list_cards_are_named() {
    let cases: [(String, &[&str]); 26] = [
        (with(LIST, "Brazil,", "Brasil,"), &["card.csv:8: ", "unknown market 'Brasil'", "did you mean 'Brazil'?"]),
        (with(LIST, "Rest of Africa", "Rest of Afrika"), &["card.csv:12: ", "'Rest of Africa'"]),
        (with(LIST, "0.0180", "0,0180"), &["card.csv:9: ", "but the header has 7", "quotes"]),
        (
            with(LIST, "0.0180", "\"0,0180\""),
            &["card.csv:9: column 'Marketing': '0,0180'", "a point before the decimals"],
        ),
        (
            with(LIST, "0.0450", "\"1,940\""),
            &["card.csv:9: column 'Authentication- International': ", "thousands or decimals"],
        ),
        (with(LIST, "0.0020", "O.0020"), &["card.csv:9: column 'Utility': 'O.0020'", "plain decimal", "n/a"]),
        (with(LIST, "0.0020", "-0.0020"), &["card.csv:9: column 'Utility': '-0.0020'", "plain decimal"]),
        (with(LIST, "0.0020", "2e-3"), &["card.csv:9: column 'Utility': '2e-3'"]),
        (with(LIST, "0.0020", "0.0020*"), &["card.csv:9: column 'Utility': '0.0020*'"]),
        (with(LIST, "0.0020", "free"), &["card.csv:9: column 'Utility': 'free'"]),
        (with(LIST, "0.0020", "--"), &["card.csv:9: column 'Utility': '--'", "n/a"]),
        (with(LIST, "0.0020", "0.0000000000001"), &["card.csv:9: column 'Utility': "]),
        (with(LIST, "0.0020", ""), &["card.csv:9: column 'Utility': is empty", "n/a"]),
        (with(LIST, "0.0020", "€0.0020"), &["card.csv:9: column 'Utility': '€0.0020' has the sign of EUR", "AUD"]),
        (with(LIST, "India,AUD", "India,USD"), &["card.csv:9: column 'Currency': USD, but the title says AUD"]),
        (with(LIST, "India,AUD", "India,A$"), &["card.csv:9: column 'Currency': 'A$' is no currency code"]),
        (with(LIST, "Turkey", "Brazil"), &["card.csv:10: Brazil stands in line 8 already"]),
        (with(LIST, "Utility,", "Utilities,"), &["card.csv:6: unknown column 'Utilities'", "Utility"]),
        (with(LIST, "Utility,", "Marketing,"), &["card.csv:6: column 'Marketing' stands twice"]),
        (with(LIST, "Market,", "Place,"), &["card.csv:1: no header", "Market,Currency"]),
        (with(LIST, ", effective October 1, 2026", ""), &["card.csv:1: ", "--effective"]),
        (with(LIST, "October 1, 2026", "Octember 1, 2026"), &["card.csv:1: no date", "October 1, 2026", "--effective"]),
        (with(LIST, "October 1, 2026", "October 1, 2021"), &["card.csv:1: ", "2021-10-01", "2022-02-01"]),
        (
            with(LIST, "October 1, 2026", "March 1, 2022"),
            &["card.csv:6: column 'Marketing': a CBP2022 card", "--effective"],
        ),
        (with(LIST, "India,AUD", "\"India,AUD"), &["card.csv:9: column 'Market': a quote that opens here"]),
        (LIST.split_inclusive('\n').take(7).collect(), &["card.csv:6: no rate below the header"]),
    ];
    assert_refused(&cases);
}

#[test]
fn faults_of_tier_cards_are_named() {
    let cases: [(String, &[&str]); 19] = [
        (with(TIERS, "\nBrazil", "\nBrasil"), &["card.csv:7: ", "did you mean 'Brazil'?"]),
        (with(TIERS, "\nBrazil,AUD", "\n,AUD"), &["card.csv:7: column 'Market': the first row of a block"]),
        (with(TIERS, "\"250,000\"", "250,000"), &["card.csv:7: ", "but the header has 17", "quotes"]),
        (
            with(TIERS, "\"250,000\"", "\"25,00,0\""),
            &["card.csv:7: column 'Utility To': '25,00,0'", "\"250,000\"", "--"],
        ),
        (with(TIERS, "\"250,000\"", ""), &["card.csv:7: column 'Utility To': is empty"]),
        (with(TIERS, "\"250,000\"", "250K"), &["card.csv:7: column 'Utility To': '250K'"]),
        (with(TIERS, "\"250,001\"", "--"), &["card.csv:8: column 'Utility From': '--'"]),
        (with(TIERS, "\"250,001\"", "\"300,001\""), &["card.csv:8: Brazil utility: ", "gap"]),
        (with(TIERS, "\"250,001\"", "\"200,001\""), &["card.csv:8: Brazil utility: ", "overlaps"]),
        (with(TIERS, ",0,\"250,000\"", ",1,\"250,000\""), &["card.csv:7: Brazil utility: the first tier starts at 1"]),
        (
            with(TIERS, "\"2,000,001\",--", "\"2,000,001\",\"3,000,000\""),
            &["card.csv:9: Brazil utility: the last tier"],
        ),
        (
            with(TIERS, "\"2,000,000\"", "\"200,000\""),
            &["card.csv:8: column 'Utility To': 200,000 is below From 250001"],
        ),
        (with(TIERS, "0.0095,-5%", "0.0105,-5%"), &["card.csv:8: Brazil utility: ", "costs more"]),
        (with(TIERS, "0.0095,-5%", "n/a,-5%"), &["card.csv:8: column 'Utility Rate': 'n/a'"]),
        (with(TIERS, "0.0095,-5%", "0.0095,List"), &["card.csv:8: column 'Utility vs. List rate': 'List'", "-5%"]),
        (with(TIERS, ",,\"250,001\"", ",NZD,\"250,001\""), &["card.csv:8: column 'Currency': NZD"]),
        (with(TIERS, ",,Utility,", ",,Marketing,"), &["card.csv:5: 'Marketing' has no tiers", "R66"]),
        (with(TIERS, ",,Utility,,,,,Authentication,", ",,,,,,,,"), &["card.csv:5: ", "no category stands above"]),
        (with(TIERS, "October 1, 2026", "June 1, 2025"), &["card.csv:5: there are no volume tiers before 2025-07-01"]),
    ];
    assert_refused(&cases);
}

#[test]
fn files_that_are_no_published_cards_are_told_so() {
    let canonical = "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,AUD,Brazil,utility,0.01\n";
    let log = "message_id,direction,customer_id,sent_at\nm1,outbound,5511999990001,2026-10-05T10:00:00Z\n";
    let cases: [(String, &[&str]); 5] = [
        (String::new(), &["card.csv:1: no header"]),
        (canonical.to_owned(), &["card.csv:1: already in the columns", "--rates"]),
        (log.to_owned(), &["card.csv:1: no header of one of Meta's cards"]),
        ("PK\u{3}\u{4}xl/worksheets".to_owned(), &["card.csv:1: a spreadsheet", "save the sheet as CSV"]),
        (with(LIST, "\nMarket,", "\n\"Market,"), &["card.csv:1: no header", "quote"]),
    ];
    assert_refused(&cases);
    let sandbox = Sandbox::with("latin1.csv", b"Market,Currency,Utility\nPer\xfa,AUD,1\n");
    assert_none(&faults("latin1", &sandbox.run(&["rates", "import", "latin1.csv"]), 2, &["latin1.csv", "UTF-8"]));
}

#[test]
fn files_that_do_not_go_together_are_refused() {
    let sandbox = sandbox();
    sandbox.write("again.csv", with(LIST, "0.0900", "0.0901"));
    let cases: [(&[&str], &[&str]); 6] = [
        (&["list.csv", "tiers.csv"], &["list.csv holds list rates and tiers.csv holds volume tiers", "one at a time"]),
        (&["list.csv", "again.csv"], &["again.csv:8: ", "stand in list.csv:8"]),
        (&["tiers.csv", "tiers.csv"], &["tiers.csv:7: ", "stand in tiers.csv:7"]),
        (&["nowhere.csv"], &["nowhere.csv"]),
        (&["list.csv", "--effective", "soon"], &["--effective 'soon'", "YYYY-MM-DD"]),
        (&[], &["<FILE>"]),
    ];
    let mut found = Vec::new();
    for (args, words) in cases {
        found.extend(faults(&args.join(" "), &sandbox.run(&[&["rates", "import"], args].concat()), 2, words));
    }
    assert_none(&found);
}
