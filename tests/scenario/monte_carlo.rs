//! `[monte_carlo]`: quantiles against an exact case, the chance of a budget against its theory, and what is refused.

use std::fs;

use serde_json::json;
use wabill::scenario::Scenario;

use super::program::{run, write};
use super::simulate::simulate;

/// Each customer in Brazil gets one utility template a day for ten days, at USD 0.0068 each: 0.068 a customer, whatever the dice say.
const CERTAIN: &str = "version = 1
seed = 5
[traffic]
period = { from = 2026-10-01, to = 2026-10-10 }
[traffic.segment.all]
customers = 20
markets = { BR = 1 }
journey = { notice = 1.0 }
[traffic.template.notice]
category = \"utility\"
[traffic.journey.notice]
steps = [{ template = \"notice\", after = { median = \"1s\", spread = 0.0 } }]
[traffic.rhythm]
weekend = 1.0
hours = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
[traffic.delivery]
unreachable = 0.0
lost = 0.0
late = 0.0
prompt = { median = \"1s\", spread = 0.0 }
[monte_carlo]
runs = 400
[[monte_carlo.parameter]]
key = \"segment.all.customers\"
choice = [10.0, 20.0, 30.0, 40.0]
";

/// The number of customers is 10, 20, 30 or 40, each in a quarter of the runs: bills are 0.68, 1.36, 2.04 and 2.72. So P5 and P95 are the
/// outer ones, P50 one of the inner ones, and the chance of passing 2.5 is a quarter, within five standard errors: √(¼ × ¾ × 400) = 8.66 runs.
#[test]
fn quantiles_of_an_exact_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = simulate(folder.path(), CERTAIN, &["--budget", "2.5"]);
    let found = &json["monte_carlo"];
    assert_eq!((&found["runs"], &found["currency"]), (&json!(400), &json!("USD")));
    assert_eq!((&found["bill"]["p5"], &found["bill"]["p95"]), (&json!("0.68"), &json!("2.72")));
    assert!([json!("1.36"), json!("2.04")].contains(&found["bill"]["p50"]), "{}", found["bill"]);
    // 100 of 400 runs are expected, with a standard error of 8.66.
    let above = found["budget"]["runs_above"].as_u64().expect("a number");
    assert!((100 - 43..=100 + 43).contains(&above), "{above}");
    let percent = format!("{}.{:02}", above * 25 / 100, above * 25 % 100);
    assert_eq!(found["budget"]["percent_above"], json!(percent));
    // The tornado: everything as in the file but this one number, at its P10 and P90.
    let bar = json!([{ "parameter": "segment.all.customers", "at_p10": "0.68", "at_p90": "2.72", "swing": "2.04" }]);
    assert_eq!(found["tornado"], bar);
    assert_eq!(found["by_month"][0]["name"], "2026-10");
    assert_eq!(
        (&found["by_line"][0]["name"], &found["by_line"][0]["p95"]),
        (&json!("Brazil, utility"), &json!("2.72"))
    );
    assert_eq!(found["convergence"].as_array().map(Vec::len), Some(10));
    for name in ["bill_by_month", "tornado", "distribution"] {
        assert!(folder.path().join(format!("sim/charts/{name}.png")).is_file(), "{name}");
    }
}

/// Variants have the draws of the baseline's run: to Mexico each customer costs 0.085 in place of 0.068 in every single run, and ten customers
/// are ten whatever is drawn.
#[test]
fn variants_are_made_of_the_same_draws() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = CERTAIN.replace("runs = 400", "runs = 100")
        + "[[variant]]\nname = \"to Mexico\"\ntraffic.segment.all.markets = { BR = 0, MX = 1 }\n\
           [[variant]]\nname = \"ten customers\"\ntraffic.segment.all.customers = 10\n\
           [[variant]]\nname = \"not billed before the sixth\"\nrules.bill_from = 2026-10-06\n\
           [[variant]]\nname = \"as marketing\"\npolicy.recategorise = [{ template = \"notice\", to = \"marketing\" }]\n";
    let json = simulate(folder.path(), &text, &[]);
    let found = json["monte_carlo"]["variants"].as_array().expect("a list");
    let three =
        |value: &serde_json::Value| ["p5", "p50", "p95"].map(|name| value[name].as_str().expect("text").to_owned());
    let baseline = three(&json["monte_carlo"]["bill"]);
    assert_eq!((baseline[0].as_str(), baseline[2].as_str()), ("0.68", "2.72"));
    assert_eq!(found[0]["name"], "to Mexico");
    let (mexico, more) = (three(&found[0]["bill"]), three(&found[0]["difference"]));
    assert_eq!((mexico[0].as_str(), mexico[2].as_str()), ("0.85", "3.4"));
    assert_eq!((more[0].as_str(), more[2].as_str(), &found[0]["percent_cheaper"]), ("0.17", "0.68", &json!("0.00")));
    assert_eq!(
        (three(&found[1]["bill"]), &found[1]["difference"]["p5"]),
        (["0.68"; 3].map(str::to_owned), &json!("-2.04"))
    );
    // Half of the ten days are half of the bill, in each run.
    assert_eq!((&found[2]["bill"]["p95"], &found[2]["difference"]["p95"]), (&json!("1.36"), &json!("-0.34")));
    assert_eq!((&found[2]["runs_cheaper"], &found[2]["percent_cheaper"]), (&json!(100), &json!("100.00")));
    assert_eq!(found[3]["runs_cheaper"], 0);
    let table = fs::read_to_string(folder.path().join("sim/monte_carlo.csv")).expect("it is there");
    assert_eq!(table.lines().count(), 1 + 100 * 5);
    assert!(table.starts_with("run,variant,currency,bill,difference\n1,baseline,USD,"), "{table}");
    assert!(folder.path().join("sim/charts/variant_ranges.svg").is_file());
}

#[test]
fn without_uncertainty_all_quantiles_are_the_bill() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = CERTAIN.split("[[monte_carlo.parameter]]").next().expect("a part").replace("runs = 400", "runs = 7");
    let json = simulate(folder.path(), &text, &[]);
    let found = &json["monte_carlo"];
    for quantile in ["p5", "p50", "p95"] {
        assert_eq!(found["bill"][quantile], "1.36");
    }
    assert_eq!((&found["last_move_percent"], &found["budget"]), (&json!("0.00"), &json!(null)));
}

#[test]
fn runs_do_not_depend_on_threads() {
    let text = CERTAIN
        .replace("runs = 400", "runs = 12")
        .replace("journey = { notice = 1.0 }", "journey = { notice = 0.5 }\nquestion = 0.1");
    let files = |threads: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        simulate(folder.path(), &text, &["--threads", threads]);
        ["simulation.json", "charts/distribution.png"]
            .map(|name| fs::read(folder.path().join("sim").join(name)).expect("there"))
    };
    let one = files("1");
    assert!(one == files("3"));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let key = "key = \"segment.all.customers\"";
    let chance = "choice = [10.0, 20.0, 30.0, 40.0]";
    let broken = [
        ("runs = 400", "runs = 0", "22: monte_carlo.runs: 0 runs: expected 1 to 1000000"),
        (chance, "", "23: monte_carlo.parameter[0]: expected one of uniform"),
        (chance, "uniform = [2.0, 1.0]", "these figures make no uniform distribution: expected the lowest"),
        (chance, "normal = [2.0, -1.0]", "these figures make no normal distribution"),
        (chance, "lognormal = [-2.0, 1.0]", "expected a median above 0"),
        (chance, "triangular = [1.0, 5.0, 3.0]", "expected the lowest, the most likely and the highest"),
        (chance, "choice = []", "choice is empty"),
        (chance, "unifrm = [1.0, 2.0]", "did you mean `uniform`?"),
        (
            key,
            "key = \"segment.all.question\"",
            "24: monte_carlo.parameter[0].key: there is no number or time span at traffic.segment.all.question",
        ),
        (key, "key = \"period.from\"", "there is no number or time span at traffic.period.from"),
    ];
    for (from, to, says) in broken {
        assert!(CERTAIN.contains(from));
        let error = Scenario::parse(&CERTAIN.replacen(from, to, 1), "mc.toml").expect_err(to).to_string();
        assert!(error.contains(says), "{error}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    // A draw that no share can be is told with what was drawn.
    let wild = CERTAIN.replace(key, "key = \"rhythm.weekend\"").replace("runs = 400", "runs = 9");
    write(folder.path(), "wild.toml", &wild);
    let ran = run(folder.path(), &["simulate", "wild.toml", "--out", "sim"]).expect_code(2);
    assert!(
        ran.stderr.contains("is no share") && ran.stderr.contains("choose a distribution that stays inside"),
        "{}",
        ran.stderr
    );
    write(folder.path(), "none.toml", CERTAIN.split("[monte_carlo]").next().expect("a part"));
    let ran = run(folder.path(), &["simulate", "none.toml", "--budget", "5"]).expect_code(2);
    assert!(ran.stderr.contains("needs [monte_carlo]"), "{}", ran.stderr);
    let ran = run(folder.path(), &["simulate", "wild.toml", "--budget", "five"]).expect_code(2);
    assert!(ran.stderr.contains("--budget 'five' is not a plain decimal"), "{}", ran.stderr);
}
