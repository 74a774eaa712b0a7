//! What `rates import` makes of sound cards.

use std::fmt::Write;
use std::fs;

use crate::cards::{LIST, TIERS, published_list, published_tiers, rates, sandbox, tiers};
use crate::run::{Ran, Sandbox, assert_none, faults};

const AUSTRALIAN: &str = "Cost per message in AUD on the WhatsApp Business Platform, effective October 1, 2026";

fn succeed(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let ran = sandbox.run(args);
    assert_none(&faults(&args.join(" "), &ran, 0, &[]));
    ran
}

/// Imports a text in a folder of its own, and gives the rates of its card.
fn rates_of(card: &str, more: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::with("card.csv", card);
    succeed(&sandbox, &[&["rates", "import", "card.csv", "-o", "out.csv"], more].concat());
    rates(&sandbox, "out.csv")
}

#[test]
fn the_list_card_becomes_rows_and_na_becomes_none() {
    let sandbox = sandbox();
    let ran = succeed(&sandbox, &["rates", "import", "list.csv"]);
    let mut lines = ran.stdout.lines();
    assert_eq!(lines.next(), Some("effective_date,regime,currency,market,category,rate,source,confidence"));
    assert_eq!(
        lines.next(),
        Some(format!("2026-10-01,PMP,AUD,Brazil,marketing,0.09,\"list.csv: {AUSTRALIAN}\",imported").as_str())
    );
    assert_eq!(ran.stderr, "list.csv: PMP card of 2026-10-01 in AUD: 28 rates, 7 markets, 7 n/a\n");
    sandbox.write("out.csv", &ran.stdout);
    let rows = rates(&sandbox, "out.csv");
    assert_eq!(rows.len(), 28);
    for row in [
        "2026-10-01 PMP AUD India authentication_international 0.045",
        "2026-10-01 PMP AUD India service 0.002",
        "2026-10-01 PMP AUD Rest of Central & Eastern Europe utility 0.0318",
        "2026-10-01 PMP AUD Other marketing 1090.5",
    ] {
        assert!(rows.contains(&row.to_owned()), "no '{row}' in {rows:?}");
    }
    assert!(!rows.iter().any(|row| row.contains("Turkey service") || row.contains("Brazil authentication_int")));
}

#[test]
fn blocks_of_tiers_become_rows_of_their_market() {
    let sandbox = sandbox();
    let ran = succeed(&sandbox, &["rates", "import", "tiers.csv", "-o", "out.csv"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.stderr.as_str()),
        ("", "tiers.csv: PMP card of 2026-10-01 in AUD: 11 tiers, 2 markets, 4 n/a\n")
    );
    assert_eq!(
        tiers(&sandbox, "out.csv"),
        [
            "2026-10-01 AUD Brazil authentication 0 500000 0.01 0",
            "2026-10-01 AUD Brazil authentication 500001  0.0095 5",
            "2026-10-01 AUD Brazil utility 0 250000 0.01 0",
            "2026-10-01 AUD Brazil utility 2000001  0.009 10",
            "2026-10-01 AUD Brazil utility 250001 2000000 0.0095 5",
            "2026-10-01 AUD India authentication 0 750000 0.0021 0",
            "2026-10-01 AUD India authentication 750001  0.002 6",
            "2026-10-01 AUD India authentication_international 0 750000 0.045 0",
            "2026-10-01 AUD India authentication_international 750001  0.0423 6",
            "2026-10-01 AUD India utility 0 25000000 0.002 0",
            "2026-10-01 AUD India utility 25000001  0.0019 6",
        ]
    );
}

/// What a spreadsheet, a mail or a person does to a file must not change a figure.
#[test]
fn the_dress_of_a_list_card_does_not_matter() {
    let plain = rates_of(LIST, &[]);
    let variants = [
        ("BOM", format!("\u{feff}{LIST}")),
        ("CRLF", LIST.replace('\n', "\r\n")),
        ("CR", LIST.replace('\n', "\r")),
        ("blank lines", LIST.replace("\nIndia", "\n\n,,,,,,\nIndia").replace("Market,", "\n\nMarket,")),
        ("signs", LIST.replace(",0.0", ",$ 0.0").replace("0.0020,", "0.0020 A$,").replace("\"1,", "\"AU$1,")),
        ("codes", LIST.replace(",0.0", ",AUD 0.0")),
        ("blanks", LIST.replace(",0.0", ", \u{a0}0.0").replace("n/a", " N/A ").replace("India,AUD", " India , aud ")),
        ("headings", LIST.replace("Market,Currency,Marketing", "MARKET,currency,Marketing rate")),
        ("one line", LIST.replace("Authentication-\nInternational", "authentication international")),
        ("more notes", LIST.replace("Market,Cur", "Once more,,,,https://example.org,,\nMarket,Cur")),
        ("a note below", format!("{LIST}\nAll rates before tax.,,,,,,\n* see above,,,,https://example.org,,\n")),
        (
            "semicolons",
            LIST.replace(',', ";")
                .replace("\"1;090", "\"1,090")
                .replace("effective October 1;", "effective October 1,"),
        ),
        ("tabs", LIST.replace("\"1,090.50\"", "1090.50").replace("October 1,", "October 1").replace(',', "\t")),
        ("spellings", LIST.replace("Turkey", "Türkiye").replace("Rest of Central & East", "REST OF CENTRAL AND EAST")),
        ("no end of line", LIST.trim_end().to_owned()),
        ("no currencies", LIST.replace(",AUD,", ",,")),
        ("date", LIST.replace("October 1, 2026", "on 1st Oct 2026")),
        ("another column", add_column(LIST)),
    ];
    for (name, card) in variants {
        assert_ne!(card, LIST, "{name}: nothing was changed");
        assert_eq!(rates_of(&card, &[]), plain, "{name}");
    }
}

/// `Meta Business Agent` is priced by tokens.
fn add_column(card: &str) -> String {
    let heading = card.replace("\",Service", "\",Service,Meta Business Agent");
    heading
        .lines()
        .map(|line| if line.contains(",AUD,") { format!("{line},2.00\n") } else { format!("{line}\n") })
        .collect()
}

#[test]
fn what_is_left_out_is_said() {
    let sandbox = Sandbox::with("card.csv", add_column(LIST));
    let ran = succeed(&sandbox, &["rates", "import", "card.csv"]);
    assert!(ran.stderr.contains("column 'Meta Business Agent' is not the price of a message"), "{}", ran.stderr);
}

#[test]
fn columns_are_found_by_their_heading() {
    let card = "Cost in AUD, effective October 1, 2026\nService,Utility,Market,Marketing,Currency\n\
                0.03,0.02,Peru,0.01,AUD\nn/a,0.05,Other,0.04,AUD\n";
    assert_eq!(
        rates_of(card, &[]),
        [
            "2026-10-01 PMP AUD Other marketing 0.04",
            "2026-10-01 PMP AUD Other utility 0.05",
            "2026-10-01 PMP AUD Peru marketing 0.01",
            "2026-10-01 PMP AUD Peru service 0.03",
            "2026-10-01 PMP AUD Peru utility 0.02",
        ]
    );
}

#[test]
fn the_dress_of_a_tier_card_does_not_matter() {
    let read = |card: &str| {
        let sandbox = Sandbox::with("card.csv", card);
        succeed(&sandbox, &["rates", "import", "card.csv", "-o", "out.csv"]);
        tiers(&sandbox, "out.csv")
    };
    let plain = read(TIERS);
    let variants = [
        ("BOM and CRLF", format!("\u{feff}{}", TIERS.replace('\n', "\r\n"))),
        ("currency in each row", TIERS.replace("\n,,\"", "\n,AUD,\"")),
        (
            "market in each row",
            TIERS.replace("\n,,\"2", "\nBrazil,AUD,\"2").replace("Brazil,AUD,\"25,", "India,AUD,\"25,"),
        ),
        ("plain numbers", TIERS.replace("\"250,000\"", "250000").replace("\"25,000,001\"", "25 000 001")),
        ("dashes", TIERS.replace("--", "—").replace("-5%", "−5 %")),
        ("empty cells for n/a", TIERS.replace("n/a", "")),
        ("signs", TIERS.replace("rate,0.0", "rate,A$0.0")),
        ("blank lines", TIERS.replace("\nIndia", "\n,,,,,,,,,,,,,,,,\n\nIndia")),
        ("a note below", format!("{TIERS}Before tax.,,,,,https://example.org,,,,,,,,,,,\n")),
        ("headings", TIERS.replace("From,To,Rate type,Rate", "FROM,to,Rate Type,RATE")),
        ("no type, no discount", without_columns(TIERS, &["Rate type"])),
    ];
    for (name, card) in variants {
        assert_ne!(card, TIERS, "{name}: nothing was changed");
        assert_eq!(read(&card), plain, "{name}");
    }
}

/// Takes columns out by their heading.
fn without_columns(card: &str, names: &[&str]) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(card.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
    let header = records.iter().find(|record| record.iter().any(|cell| cell == names[0])).expect("a header");
    let out: Vec<usize> = (0..header.len()).filter(|at| names.contains(&&header[*at])).collect();
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in &records {
        writer
            .write_record(record.iter().enumerate().filter(|(at, _)| !out.contains(at)).map(|(_, cell)| cell))
            .expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8")
}

#[test]
fn older_cards_have_fewer_columns_and_other_models() {
    let early = "\"Cost per conversation in EUR, effective February 1, 2022\"\n\
                 Market,Currency,Business-Initiated,User-Initiated\nSpain,EUR,0.0500,0.0300\n";
    assert_eq!(
        rates_of(early, &[]),
        ["2022-02-01 CBP2022 EUR Spain business_initiated 0.05", "2022-02-01 CBP2022 EUR Spain user_initiated 0.03",]
    );
    let middle = "\"Cost per conversation in EUR, effective November 1, 2024\"\n\
                  Market,Currency,Marketing,Utility,Authentication,Service\nSpain,EUR,0.06,0.04,0.03,Free\n";
    let rows = rates_of(middle, &[]);
    assert_eq!(rows.len(), 4);
    // As in the embedded card: since then service conversations stand there with a price of nothing.
    assert!(rows.contains(&"2024-11-01 CBP2023 EUR Spain service 0".to_owned()), "{rows:?}");
}

#[test]
fn the_date_can_be_given() {
    let undated = LIST.replace(", effective October 1, 2026", "");
    let dated = rates_of(&undated, &["--effective", "2026-10-01"]);
    assert_eq!(dated, rates_of(LIST, &[]));
    let other = rates_of(LIST, &["--effective", "2025-07-01"]);
    assert!(other.iter().all(|row| row.starts_with("2025-07-01 PMP ")), "{other:?}");
    let sandbox = sandbox();
    let ran = succeed(&sandbox, &["rates", "import", "list.csv", "--effective", "2026-11-01"]);
    assert!(ran.stderr.contains("its title says 2026-10-01; --effective was used"), "{}", ran.stderr);
    // The last day of one model and the first of the next.
    let conversations = rates_of(LIST, &["--effective", "2025-06-30"]);
    assert!(conversations.iter().all(|row| row.starts_with("2025-06-30 CBP2023 ")), "{conversations:?}");
}

#[test]
fn several_cards_make_one() {
    let sandbox = sandbox();
    succeed(&sandbox, &["rates", "import", "list.csv", "list-2027.csv", "-o", "both.csv"]);
    let both = rates(&sandbox, "both.csv");
    let (first, second) = (rates_of(LIST, &[]), rates_of(crate::cards::LIST_2027, &[]));
    assert_eq!(both, [first, second].concat());
}

/// Every figure of the embedded cards comes back when it is read from a card as published.
#[test]
fn whole_cards_come_back_as_they_were() {
    for (date, title, currency, count) in [
        ("2026-04-01", "April 1, 2026", "USD", 105),
        ("2026-10-01", "October 1, 2026", "USD", 206),
        ("2026-10-01", "October 1, 2026", "COP", 206),
    ] {
        let (card, expected) = published_list(date, title, currency);
        assert_eq!(expected.len(), count, "{date} {currency}");
        assert_eq!(rates_of(&card, &[]), expected, "{date} {currency}");
    }
    for (date, title, currency, count) in
        [("2026-04-01", "April 1, 2026", "USD", 438), ("2026-10-01", "October 1, 2026", "INR", 672)]
    {
        let (card, expected) = published_tiers(date, title, currency);
        let sandbox = Sandbox::with("card.csv", card);
        succeed(&sandbox, &["rates", "import", "card.csv", "-o", "out.csv"]);
        assert_eq!(expected.len(), count, "{date} {currency}");
        assert_eq!(tiers(&sandbox, "out.csv"), expected, "{date} {currency}");
    }
}

#[test]
fn an_imported_card_is_sound_and_prices_messages() {
    let sandbox = sandbox();
    succeed(&sandbox, &["rates", "import", "list.csv", "-o", "card.csv"]);
    succeed(&sandbox, &["rates", "import", "tiers.csv", "-o", "steps.csv"]);
    let sound = succeed(&sandbox, &["rates", "check", "card.csv", "steps.csv"]).stdout;
    assert!(sound.contains("2026-10-01  AUD    28 rates"), "{sound}");
    let rows =
        [("m1", "5511999990001", "marketing"), ("m2", "919999900001", "utility"), ("m3", "919999900001", "marketing")];
    let mut log =
        "message_id,direction,phone_number_id,customer_id,message_type,template_category,sent_at,delivered_at\n"
            .to_owned();
    for (id, customer, category) in rows {
        writeln!(log, "{id},outbound,100,{customer},template,{category},2026-10-05T10:00:00Z,2026-10-05T10:00:05Z")
            .unwrap();
    }
    sandbox.write("log.csv", log);
    let args =
        ["replay", "log.csv", "--currency", "AUD", "--rates", "card.csv", "--rates", "steps.csv", "--out", "out"];
    succeed(&sandbox, &args);
    let bill = sandbox.table("out/verdicts.csv");
    let mut costs: Vec<_> = bill.iter().map(|row| [row.get("message_id"), row.get("billed_cost")]).collect();
    costs.sort_unstable();
    assert_eq!(costs, [["m1", "0.09"], ["m2", "0.002"], ["m3", "0.018"]]);
    assert_eq!(sandbox.json("out/summary.json")["totals"][0]["billed_cost"], "0.11");
    assert!(sandbox.files("out").contains("verdicts.csv"));
    let shown = succeed(
        &sandbox,
        &[
            "rates",
            "show",
            "--rates",
            "card.csv",
            "--rates",
            "steps.csv",
            "--currency",
            "AUD",
            "--market",
            "India",
            "--date",
            "2026-10-01",
        ],
    );
    assert!(shown.stdout.contains("tier 25000001:MAX            0.0019"), "{}", shown.stdout);
    assert!(shown.stdout.contains(AUSTRALIAN), "{}", shown.stdout);
}

/// The published file itself is no card for --rates; the way to make it one is said.
#[test]
fn a_published_card_given_to_rates_is_told_the_way() {
    let sandbox = sandbox();
    for card in ["list.csv", "tiers.csv"] {
        let ran = sandbox.run(&["rates", "check", card]);
        assert_none(&faults(card, &ran, 2, &[&format!("{card}:1:"), "wabill rates import"]));
    }
}

#[test]
fn no_input_is_overwritten_and_nothing_half_written() {
    let sandbox = sandbox();
    for output in ["list.csv", "./list.csv"] {
        let ran = sandbox.run(&["rates", "import", "list.csv", "-o", output]);
        assert_none(&faults(output, &ran, 2, &["list.csv would be overwritten", "--output"]));
    }
    assert_eq!(fs::read_to_string(sandbox.path("list.csv")).unwrap(), LIST);
    sandbox.write("bad.csv", LIST.replace("0.0318", "?"));
    sandbox.write("kept.csv", "mine");
    assert_eq!(sandbox.run(&["rates", "import", "bad.csv", "-o", "kept.csv"]).code, Some(2));
    assert_eq!(fs::read_to_string(sandbox.path("kept.csv")).unwrap(), "mine");
    let nowhere = sandbox.run(&["rates", "import", "list.csv", "-o", "no/folder/card.csv"]);
    assert_none(&faults("nowhere", &nowhere, 1, &["could not write", "no/folder/card.csv"]));
}

#[test]
fn quiet_leaves_the_card_alone() {
    let sandbox = sandbox();
    let (loud, quiet) = (
        succeed(&sandbox, &["rates", "import", "list.csv"]),
        succeed(&sandbox, &["rates", "import", "list.csv", "--quiet"]),
    );
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (loud.stdout, ""));
}
