//! Side files, rate cards and the config: a fault stops the run before any work and names file, line and what would be accepted.

use super::logs::good;
use super::run::{Sandbox, assert_none, faults};

/// Name, the switch, the file, the faulty line, words of stderr.
type BadSideFile = (&'static str, &'static str, &'static str, u64, &'static [&'static str]);

const ACCOUNTS: [BadSideFile; 20] = [
    (
        "unknown zone",
        "--accounts",
        "phone_number_id,waba_timezone\n100,Europe/Berln\n",
        2,
        &["waba_timezone", "Europe/Berlin"],
    ),
    ("zone in small letters", "--accounts", "phone_number_id,waba_timezone\n100,asia/kolkata\n", 2, &["Asia/Kolkata"]),
    ("offset for a zone", "--accounts", "phone_number_id,waba_timezone\n100,GMT+3\n", 2, &["IANA"]),
    ("bad currency", "--accounts", "phone_number_id,currency\n100,RUPEES\n", 2, &["currency 'RUPEES'", "such as USD"]),
    ("sign for a currency", "--accounts", "phone_number_id,currency\n100,US$\n", 2, &["currency 'US$'"]),
    (
        "bad date",
        "--accounts",
        "phone_number_id,auth_intl_eligible_from\n100,2026-13-01\n",
        2,
        &["auth_intl_eligible_from", "YYYY-MM-DD"],
    ),
    (
        "date in words",
        "--accounts",
        "phone_number_id,service_exempt_until\n100,soon\n",
        2,
        &["service_exempt_until", "YYYY-MM-DD"],
    ),
    (
        "bad boolean",
        "--accounts",
        "phone_number_id,partner_served\n100,maybe\n",
        2,
        &["partner_served 'maybe'", "true or false"],
    ),
    (
        "misspelt column",
        "--accounts",
        "phone_number_id,curency\n100,INR\n",
        1,
        &["'curency'", "did you mean 'currency'"],
    ),
    (
        "capital in a column",
        "--accounts",
        "phone_number_id,Currency\n100,INR\n",
        1,
        &["'Currency'", "did you mean 'currency'"],
    ),
    ("column twice", "--accounts", "phone_number_id,currency,currency\n100,USD,INR\n", 1, &["currency", "twice"]),
    ("row twice", "--accounts", "phone_number_id,currency\n100,USD\n100,INR\n", 3, &["second row", "100"]),
    ("no number", "--accounts", "phone_number_id,currency\n,USD\n", 2, &["phone_number_id is empty"]),
    ("too many fields", "--accounts", "phone_number_id,currency\n100,USD,x\n", 2, &["3 fields where the header has 2"]),
    (
        "too few fields",
        "--accounts",
        "phone_number_id,currency,waba_id\n100,USD\n",
        2,
        &["2 fields where the header has 3"],
    ),
    (
        "waived nonsense",
        "--accounts",
        "phone_number_id,waived_categories\n100,utility;spam\n",
        2,
        &["'spam'", "utility;authentication"],
    ),
    (
        "exception by name",
        "--accounts",
        "phone_number_id,auth_intl_exceptions\n100,India=2024-07-01\n",
        2,
        &["IN=2024-07-01"],
    ),
    ("country by name", "--accounts", "phone_number_id,primary_location\n100,Brazil\n", 2, &["two letters such as BR"]),
    ("missing column", "--accounts", "waba_id,currency\n1,USD\n", 1, &["no column 'phone_number_id'"]),
    // A quote that swallows the rest of the file takes accounts away without a word.
    ("open quote", "--accounts", "phone_number_id,portfolio_id\n100,\"a\n200,b\n", 2, &["quote"]),
];

const CARRY_IN: [BadSideFile; 12] = [
    (
        "negative",
        "--carry-in",
        "scope,id,month,used\nservice_allowance,100,2026-10,-1\n",
        2,
        &["used '-1'", "whole number from 0"],
    ),
    (
        "text",
        "--carry-in",
        "scope,id,month,used\nservice_allowance,100,2026-10,many\n",
        2,
        &["used 'many'", "whole number from 0"],
    ),
    ("nothing used", "--carry-in", "scope,id,month,used\nservice_allowance,100,2026-10,\n", 2, &["used is empty"]),
    (
        "month 13",
        "--carry-in",
        "scope,id,month,used\nservice_allowance,100,2026-13,1\n",
        2,
        &["month '2026-13'", "2026-10"],
    ),
    (
        "month in words",
        "--carry-in",
        "scope,id,month,used\nservice_allowance,100,Oct 2026,1\n",
        2,
        &["month 'Oct 2026'"],
    ),
    (
        "unknown scope",
        "--carry-in",
        "scope,id,month,used\nfree_stuff,100,2026-10,1\n",
        2,
        &["scope 'free_stuff'", "volume_tier"],
    ),
    (
        "unknown market",
        "--carry-in",
        "scope,id,month,used,market,category\nvolume_tier,1,2026-10,1,Brasil,utility\n",
        2,
        &["'Brasil'", "did you mean 'Brazil'"],
    ),
    (
        "no market",
        "--carry-in",
        "scope,id,month,used,market,category\nvolume_tier,1,2026-10,1,,utility\n",
        2,
        &["market is empty"],
    ),
    (
        "category without tiers",
        "--carry-in",
        "scope,id,month,used,market,category\nvolume_tier,1,2026-10,1,Brazil,marketing\n",
        2,
        &["utility or authentication"],
    ),
    (
        "twice",
        "--carry-in",
        "scope,id,month,used\nservice_allowance,100,2026-10,1\nservice_allowance,100,2026-10,2\n",
        3,
        &["second row"],
    ),
    ("missing column", "--carry-in", "scope,id,month\nservice_allowance,100,2026-10\n", 1, &["no column 'used'"]),
    (
        "misspelt column",
        "--carry-in",
        "scope,id,month,used,markt\nservice_allowance,100,2026-10,1,\n",
        1,
        &["did you mean 'market'"],
    ),
];

const NAMES: [BadSideFile; 12] = [
    (
        "category",
        "--templates",
        "template_name,template_category\nhello,spam\n",
        2,
        &["'spam'", "marketing, utility or authentication"],
    ),
    ("no category", "--templates", "template_name,template_category\nhello,\n", 2, &["template_category is empty"]),
    ("no name", "--templates", "template_name,template_category\n,utility\n", 2, &["template_id", "template_name"]),
    (
        "bad date",
        "--templates",
        "template_name,template_category,valid_from\nhello,utility,soon\n",
        2,
        &["valid_from 'soon'"],
    ),
    (
        "ends before it begins",
        "--templates",
        "template_name,template_category,valid_from,valid_to\nhello,utility,2026-10-05,2026-10-01\n",
        2,
        &["valid_to"],
    ),
    // Which of the two counts would depend on their order.
    (
        "two categories at once",
        "--templates",
        "template_name,template_language,template_category\nhello,en,utility\nhello,en,marketing\n",
        3,
        &["hello"],
    ),
    (
        "misspelt column",
        "--templates",
        "template_nam,template_category\nhello,utility\n",
        1,
        &["did you mean 'template_name'"],
    ),
    ("missing column", "--templates", "template_name\nhello\n", 1, &["no column 'template_category'"]),
    ("no old id", "--aliases", "old_customer_id,new_customer_id\n,5511999990001\n", 2, &["old_customer_id is empty"]),
    ("no new id", "--aliases", "old_customer_id,new_customer_id\n5511999990001,\n", 2, &["new_customer_id is empty"]),
    ("missing column", "--aliases", "old_customer_id\n5511999990001\n", 1, &["no column 'new_customer_id'"]),
    (
        "bad time",
        "--aliases",
        "old_customer_id,new_customer_id,at\n5511999990001,5511999990002,whenever\n",
        2,
        &["at 'whenever'"],
    ),
];

const RATES: [BadSideFile; 24] = [
    (
        "unknown market",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brasil,marketing,0.05\n",
        2,
        &["did you mean 'Brazil'"],
    ),
    (
        "unknown category",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,spam,0.05\n",
        2,
        &["'spam'", "marketing"],
    ),
    (
        "unknown regime",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,XMP,USD,Brazil,marketing,0.05\n",
        2,
        &["'XMP'", "PMP"],
    ),
    (
        "negative",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,-0.05\n",
        2,
        &["'-0.05'", "plain decimal"],
    ),
    (
        "13 decimals",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,0.1234567890123\n",
        2,
        &["12 decimals"],
    ),
    (
        "too dear",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,99999999999999\n",
        2,
        &["integer digits"],
    ),
    (
        "decimal comma",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,\"0,05\"\n",
        2,
        &["'0,05'", "plain decimal"],
    ),
    (
        "exponent",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,5e-2\n",
        2,
        &["'5e-2'", "plain decimal"],
    ),
    (
        "no rate",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,\n",
        2,
        &["rate is empty"],
    ),
    (
        "bad date",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-32,PMP,USD,Brazil,marketing,0.05\n",
        2,
        &["'2026-10-32'", "YYYY-MM-DD"],
    ),
    (
        "bad currency",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,DOLLAR,Brazil,marketing,0.05\n",
        2,
        &["'DOLLAR'"],
    ),
    (
        "row twice",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,0.05\n2026-10-01,PMP,USD,Brazil,marketing,0.06\n",
        3,
        &["second rate"],
    ),
    (
        "row twice behind blank lines",
        "--rates",
        "effective_date,regime,currency,market,category,rate\n2026-10-01,PMP,USD,Brazil,marketing,0.05\n\n\n2026-10-01,PMP,USD,Brazil,marketing,0.06\n",
        5,
        &["second rate"],
    ),
    (
        "missing column",
        "--rates",
        "effective_date,regime,currency,market,category\n2026-10-01,PMP,USD,Brazil,marketing\n",
        1,
        &["no column 'rate'"],
    ),
    (
        "tiers overlap",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,0,100,0.0068\n2026-10-01,USD,Brazil,utility,90,,0.006\n",
        3,
        &["overlaps"],
    ),
    (
        "gap between tiers",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,0,100,0.0068\n2026-10-01,USD,Brazil,utility,102,,0.006\n",
        3,
        &["gap"],
    ),
    (
        "tiers not from 0",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,1,100,0.0068\n2026-10-01,USD,Brazil,utility,101,,0.006\n",
        2,
        &["not at 0"],
    ),
    (
        "closed last tier",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,0,100,0.0068\n2026-10-01,USD,Brazil,utility,101,200,0.006\n",
        3,
        &["no tier_to"],
    ),
    (
        "dearer tier",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,0,100,0.0068\n2026-10-01,USD,Brazil,utility,101,,0.007\n",
        3,
        &["costs more"],
    ),
    (
        "tier ends before it begins",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,100,0,0.0068\n",
        2,
        &["below tier_from"],
    ),
    (
        "negative tier",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,-1,,0.0068\n",
        2,
        &["tier_from '-1'"],
    ),
    (
        "tier without start",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,,100,0.0068\n",
        2,
        &["tier_from is empty"],
    ),
    (
        "tiers of marketing",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,marketing,0,,0.0625\n",
        2,
        &["has no tiers"],
    ),
    // There is no unit behind this one, and no number for it either.
    (
        "tier up to the last number there is",
        "--rates",
        "effective_date,currency,market,category,tier_from,tier_to,rate\n2026-10-01,USD,Brazil,utility,0,18446744073709551615,0.0068\n2026-10-01,USD,Brazil,utility,7,,0.006\n",
        3,
        &["tier"],
    ),
];

fn check(cases: &[BadSideFile]) {
    let mut found = Vec::new();
    for (name, switch, text, line, words) in cases {
        for (kind, text) in [
            ("", (*text).to_owned()),
            (", CRLF", text.replace('\n', "\r\n")),
            (", byte order mark", format!("\u{feff}{text}")),
        ] {
            let name = format!("{switch} {name}{kind}");
            let sandbox = Sandbox::with("good.csv", good());
            sandbox.write("side.csv", text);
            let ran = sandbox.run(&["replay", "good.csv", switch, "side.csv", "--out", "out"]);
            found.extend(faults(&name, &ran, 2, &[&[format!("side.csv:{line}:").as_str()], *words].concat()));
            if sandbox.path("out").exists() {
                found.push(format!("{name}: there is an output folder"));
            }
        }
    }
    assert_none(&found);
}

#[test]
fn accounts() {
    check(&ACCOUNTS);
}

#[test]
fn carry_in() {
    check(&CARRY_IN);
}

#[test]
fn templates_and_aliases() {
    check(&NAMES);
}

#[test]
fn rates() {
    check(&RATES);
}

/// Name, the config, words of stderr.
const CONFIGS: [(&str, &str, &[&str]); 12] = [
    ("syntax", "# a comment\ntimezone = \n", &["line 2"]),
    ("key twice", "timezone = \"UTC\"\ntimezone = \"UTC\"\n", &["line 2", "duplicate"]),
    ("unknown key", "acounts = \"a.csv\"\n", &["line 1", "acounts", "`accounts`"]),
    ("unknown table", "[interpretaton]\nus_marketing_pause = \"on\"\n", &["interpretaton", "`interpretation`"]),
    ("path that is none", "accounts = 5\n", &["line 1", "accounts"]),
    ("one rate card, not a list", "rates = \"a.csv\"\n", &["line 1", "rates"]),
    ("missing side file", "accounts = \"nowhere.csv\"\n", &["nowhere.csv", "No such file"]),
    ("unknown setting", "[interpretation]\nfep_length = \"rolling\"\n", &["fep_length", "fep_length_2026"]),
    ("wrong value", "[interpretation]\nfep_length_2026 = \"forever\"\n", &["'forever'", "fixed72"]),
    ("wrong kind of value", "[interpretation]\nus_marketing_pause = true\n", &["'true'", "on or off"]),
    ("unknown zone", "timezone = \"Mars/Base\"\n", &["'Mars/Base'", "did you mean"]),
    ("unknown category", "default_category = \"spam\"\n", &["'spam'", "marketing, utility or authentication"]),
];

#[test]
fn config() {
    let mut found = Vec::new();
    for (name, text, words) in CONFIGS {
        let sandbox = Sandbox::with("good.csv", good());
        sandbox.write("wabill.toml", text);
        let ran = sandbox.run(&["replay", "good.csv", "--config", "wabill.toml", "--out", "out"]);
        // Whoever did not type the value needs to hear which file it stands in.
        found.extend(faults(name, &ran, 2, &[&["wabill.toml"], words].concat()));
        found.extend(sandbox.path("out").exists().then(|| format!("{name}: there is an output folder")));
    }
    assert_none(&found);
}

#[test]
fn a_side_file_must_be_a_text_that_is_there() {
    let mut found = Vec::new();
    for switch in ["--accounts", "--templates", "--carry-in", "--aliases", "--rates", "--config"] {
        let sandbox = Sandbox::with("good.csv", good());
        sandbox.write("binary", b"\xff\xfe\x00\x01");
        sandbox.write("folder/file", "");
        for (file, words) in [("nowhere", "No such file"), ("binary", "UTF-8"), ("folder", "irectory")] {
            let ran = sandbox.run(&["replay", "good.csv", switch, file, "--out", "out"]);
            found.extend(faults(&format!("{switch} {file}"), &ran, 2, &[file, words]));
        }
    }
    assert_none(&found);
}

/// The largest numbers that are read do not break sums.
#[test]
fn as_much_used_as_can_be_written_is_no_crash() {
    let carry_in = "scope,id,month,used,market,category
service_allowance,100,2026-10,18446744073709551615,,
volume_tier,default,2026-10,18446744073709551615,Brazil,utility
conversation_allowance,default,2026-10,18446744073709551615,,
";
    let sandbox = Sandbox::with("good.csv", good());
    sandbox.write("carry_in.csv", carry_in);
    for regime in ["auto", "cbp-2022", "cbp-2023-06", "cbp-2024-11"] {
        let ran =
            sandbox.run(&["replay", "good.csv", "--carry-in", "carry_in.csv", "--regime", regime, "--out", "out"]);
        assert_none(&faults(regime, &ran, 0, &[]));
    }
}
