//! Scenario files that are refused: each a small good one with one thing broken. The error names file, line and key, and says what would
//! be accepted.

use wabill::scenario::Scenario;

/// A shop in ten lines, and a little more for what can be broken in it.
const GOOD: &str = r#"version = 1
seed = 7

[traffic]
period = { from = 2026-10-01, to = 2026-10-31 }

[traffic.segment.regular]
customers = 100
markets = { BR = 70, MX = 30 }
growth = 0.05
question = { per_month = 0.5, variation = 1.0 }
click = 0.01
journey = { order = 0.02 }

[traffic.campaign.sale]
template = "offer"
days = [2026-10-05]
audience = 0.3

[traffic.rhythm]
weekend = 0.5
bot_reply = { median = "4s", spread = 0.5 }
"#;

/// What is replaced by what, the line and key that the error names, and a part of what it says.
const BROKEN: [(&str, &str, usize, &str, &str); 44] = [
    ("version = 1", "version = 2", 1, "version", "this program reads version = 1"),
    ("version = 1\n", "", 1, "", "missing field `version`"),
    ("seed = 7", "", 1, "", "missing field `seed`"),
    ("seed = 7", "seed = -7", 2, "seed", "invalid value"),
    ("seed = 7", "sede = 7", 2, "sede", "did you mean `seed`?"),
    ("seed = 7", "seed = seven", 2, "", "this is no TOML"),
    ("[traffic]\n", "[trafic]\n", 4, "trafic", "did you mean `traffic`?"),
    ("[traffic]", "[source]\nlog = \"a.csv\"\n[traffic]", 4, "source", "leave one out"),
    ("period = {", "perid = {", 5, "traffic.perid", "did you mean `period`?"),
    ("to = 2026-10-31", "to = 2026-09-30", 5, "traffic.period.to", "comes before the first day, 2026-10-01"),
    ("to = 2026-10-31", "to = \"2026-10-31\"", 5, "traffic.period.to", "expected"),
    ("to = 2026-10-31", "to = 2026-10-31T10:00:00", 5, "traffic.period.to", "expected such as 2026-08-01"),
    ("customers = 100", "costumers = 100", 8, "traffic.segment.regular.costumers", "did you mean `customers`?"),
    ("customers = 100", "customers = -1", 8, "traffic.segment.regular.customers", "invalid value"),
    ("customers = 100\n", "", 7, "traffic.segment.regular", "expected either customers (with markets), or weight"),
    ("customers = 100", "customers = 100\nweight = 3", 7, "traffic.segment.regular", "expected either customers"),
    ("customers = 100", "customers = 90000000", 9, "traffic.segment.regular.customers", "use several segments"),
    ("BR = 70, MX = 30", "", 7, "traffic.segment.regular.markets", "expected markets such as { BR = 70, MX = 30 }"),
    ("BR = 70", "Brazil = 70", 9, "traffic.segment.regular.markets.Brazil", "use one of AE, AR"),
    ("BR = 70", "BR = -70", 9, "traffic.segment.regular.markets.BR", "invalid value"),
    ("growth = 0.05", "growth = 50.0", 10, "traffic.segment.regular.growth", "expected -0.9 to 9"),
    ("growth = 0.05", "growth = \"5 %\"", 10, "traffic.segment.regular.growth", "expected"),
    ("per_month = 0.5", "per_month = -1.0", 11, "traffic.segment.regular.question", "per_month = 0.5"),
    ("per_month", "per_moth", 11, "traffic.segment.regular.question.per_moth", "did you mean `per_month`?"),
    ("click = 0.01", "click = 1.5", 12, "traffic.segment.regular.click", "expected a chance for one day"),
    (
        "order = 0.02",
        "ordre = 0.02",
        13,
        "traffic.segment.regular.journey.ordre",
        "there is no journey `ordre`: expected one of login, order",
    ),
    (
        "template = \"offer\"",
        "template = \"ofer\"",
        16,
        "traffic.campaign.sale.template",
        "there is no template `ofer`: expected one of",
    ),
    ("template = \"offer\"\n", "", 15, "traffic.campaign.sale", "missing field `template`"),
    (
        "days = [2026-10-05]",
        "days = [2026-11-05]",
        17,
        "traffic.campaign.sale.days",
        "outside the period 2026-10-01 to 2026-10-31",
    ),
    ("days = [2026-10-05]", "days = []", 16, "traffic.campaign.sale.days", "no day to send on"),
    ("days = [2026-10-05]", "monthly = [31]", 17, "traffic.campaign.sale.monthly", "expected 1 to 28"),
    ("audience = 0.3", "audience = 30.0", 18, "traffic.campaign.sale.audience", "30 is no share: expected 0.0 to 1.0"),
    (
        "audience = 0.3",
        "audience = 0.3\nnumber = \"care\"",
        19,
        "traffic.campaign.sale.number",
        "there is no number `care`: expected one of main",
    ),
    ("weekend = 0.5", "wekend = 0.5", 21, "traffic.rhythm.wekend", "did you mean `weekend`?"),
    ("weekend = 0.5", "hours = [1, 2, 3]", 21, "traffic.rhythm.hours", "3 weights: expected 24"),
    ("weekend = 0.5", "days = [1, 2, 3]", 21, "traffic.rhythm.days", "3 weights: expected 7"),
    ("weekend = 0.5", "days = [0, 0, 0, 0, 0, 0, 0]", 21, "traffic.rhythm.days", "at least one weight above 0"),
    ("weekend = 0.5", "desk_opens = 21:00:00", 21, "traffic.rhythm.desk_opens", "21:00:00 is not before desk_closes"),
    (
        "weekend = 0.5",
        "customer_types = { texts = 1 }",
        21,
        "traffic.rhythm.customer_types",
        "`texts` is no message type here",
    ),
    (
        "median = \"4s\"",
        "median = \"4 sec\"",
        22,
        "traffic.rhythm.bot_reply.median",
        "expected such as 40s, 12m, 9h or 2d",
    ),
    ("median = \"4s\"", "median = 4", 22, "traffic.rhythm.bot_reply.median", "expected"),
    ("spread = 0.5 }", "spread = 5.0 }", 22, "traffic.rhythm.bot_reply.spread", "expected 0.0 to 3.0"),
    (
        "bot_reply = { median = \"4s\", spread = 0.5 }",
        "[traffic.market.DE]\ncustomers = 10\ntimezone = \"Berlin\"",
        24,
        "traffic.market.DE.timezone",
        "expected such as Europe/Berlin",
    ),
    (
        "bot_reply = { median = \"4s\", spread = 0.5 }",
        "[traffic.market.ZZ]\ncustomers = 10",
        23,
        "traffic.market.ZZ.timezone",
        "no zone is known for ZZ",
    ),
];

#[test]
fn the_good_one_is_good() {
    Scenario::parse(GOOD, "good.toml").expect("nothing is wrong with it");
}

#[test]
fn each_error_names_file_line_and_key_and_says_what_would_be_accepted() {
    let mut faults = Vec::new();
    for (from, to, line, key, says) in BROKEN {
        assert!(GOOD.contains(from), "there is no `{from}` to break");
        let broken = GOOD.replacen(from, to, 1);
        let Err(error) = Scenario::parse(&broken, "broken.toml") else {
            faults.push(format!("`{to}` for `{from}` is accepted"));
            continue;
        };
        let place = format!("broken.toml:{line}: {}", if key.is_empty() { String::new() } else { format!("{key}: ") });
        let text = error.to_string();
        if !text.starts_with(&place) || !text.contains(says) || error.key != key {
            faults.push(format!("expected {place}… {says}\n     got {text}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// With the sample broken, as a file of real size: phone numbers that could meet.
#[test]
fn refuses_numbers_that_could_meet_or_do_not_suffice() {
    let sample = include_str!("../../scenarios/sample.toml");
    let refusal = |from: &str, to: &str| {
        assert!(sample.contains(from));
        Scenario::parse(&sample.replacen(from, to, 1), "broken.toml").expect_err("broken on purpose").to_string()
    };
    let few = refusal("numbers = [\"447700900###\"]", "numbers = [\"44770090000#\"]");
    assert!(
        few.contains("traffic.market.GB.customers: 98 customers, but its patterns have room for 10 numbers"),
        "{few}"
    );
    let twice = refusal("\"57300000####\"", "\"97150000####\"");
    assert!(twice.contains("traffic.market.CO.numbers: 97150000#### could give a number of market.AE"), "{twice}");
}
