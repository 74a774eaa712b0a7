//! Small logs, and what the program says of their bounds.

use std::fs;
use std::process::Command;

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

/// Columns of every log here; the rest can be taken away.
pub(crate) const COLUMNS: [&str; 11] = [
    "message_id",
    "direction",
    "phone_number_id",
    "customer_id",
    "message_type",
    "template_name",
    "template_category",
    "created_at",
    "sent_at",
    "delivered_at",
    "referral_source_type",
];

/// A row, in the order of the columns.
pub(crate) type Row = [String; 11];

#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) start: DateTime<Utc>,
    pub(crate) rows: Vec<Row>,
    pub(crate) dropped: Vec<&'static str>,
}

pub(crate) fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("RFC 3339")
}

pub(crate) fn written(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Log {
    /// An empty log; times of its rows count from here.
    pub(crate) fn at(start: &str) -> Log {
        Log { start: time(start), rows: Vec::new(), dropped: Vec::new() }
    }

    fn time(&self, hours: &str) -> DateTime<Utc> {
        let (hours, minutes) = hours.split_once(':').expect("H:MM");
        self.start
            + Duration::minutes(hours.parse::<i64>().expect("hours") * 60 + minutes.parse::<i64>().expect("minutes"))
    }

    pub(crate) fn row(mut self, customer: &str, direction: &str, fields: &[(&str, String)]) -> Log {
        let mut row = Row::default();
        let id = format!("m{}", self.rows.len());
        let place = |name: &str| COLUMNS.iter().position(|column| *column == name).expect("a column");
        let fixed = [("message_id", id), ("direction", direction.to_owned()), ("phone_number_id", "1".to_owned())];
        for (name, value) in fixed.iter().chain(&[("customer_id", customer.to_owned())]).chain(fields) {
            row[place(name)].clone_from(value);
        }
        self.rows.push(row);
        self
    }

    /// A customer message, perhaps from a click.
    pub(crate) fn inbound(self, at: &str, click: &str) -> Log {
        let at = written(self.time(at));
        self.row(
            BRAZIL,
            "inbound",
            &[("message_type", "text".into()), ("created_at", at), ("referral_source_type", click.into())],
        )
    }

    /// A message of the business, delivered when sent: a template of a category, `template` of an unknown one, or `text`.
    pub(crate) fn outbound(self, at: &str, what: &str) -> Log {
        let at = written(self.time(at));
        self.sent_to(BRAZIL, at.clone(), what, at)
    }

    pub(crate) fn sent_to(self, customer: &str, at: String, what: &str, delivered: String) -> Log {
        let (kind, category) = match what {
            "text" => ("text", ""),
            "template" => ("template", ""),
            category => ("template", category),
        };
        let fields = [("message_type", kind.into()), ("template_category", category.into()), ("sent_at", at)];
        self.row(customer, "outbound", &[&fields[..], &[("delivered_at", delivered)]].concat())
    }

    /// Without some columns.
    pub(crate) fn without(mut self, columns: &[&'static str]) -> Log {
        self.dropped.extend(columns);
        self
    }

    pub(crate) fn csv(&self) -> String {
        let kept: Vec<usize> = (0..COLUMNS.len()).filter(|at| !self.dropped.contains(&COLUMNS[*at])).collect();
        let line = |cells: &[String]| kept.iter().map(|at| cells[*at].as_str()).collect::<Vec<_>>().join(",") + "\n";
        let header = COLUMNS.map(str::to_owned);
        [&header].into_iter().chain(&self.rows).map(|cells| line(cells)).collect()
    }
}

pub(crate) const BRAZIL: &str = "5511999990001";

/// What a run said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) summary: Value,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program on a log, with side files.
pub(crate) fn run(csv: &str, side: &[(&str, &str)], arguments: &[&str]) -> Said {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("log.csv"), csv).expect("it can be written");
    for (name, text) in side {
        fs::write(folder.path().join(name), text).expect("it can be written");
    }
    let given = ["replay", "log.csv", "--emit", "summary", "--out", "out"];
    let zone = if arguments.contains(&"--accounts") { &[][..] } else { &["--timezone", "UTC"] };
    let outcome = Command::new(env!("CARGO_BIN_EXE_wabill"))
        .current_dir(folder.path())
        .args(given)
        .args(zone)
        .args(arguments)
        .output()
        .expect("the program starts");
    let summary = fs::read_to_string(folder.path().join("out/summary.json")).unwrap_or_default();
    Said {
        code: outcome.status.code(),
        summary: serde_json::from_str(&summary).unwrap_or(Value::Null),
        stdout: String::from_utf8(outcome.stdout).expect("UTF-8"),
        stderr: String::from_utf8(outcome.stderr).expect("UTF-8"),
    }
}

impl Said {
    /// `low high; cause low high messages; ...` of each currency, or nothing.
    pub(crate) fn bounds(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let of_cause = |cause: &Value| {
            format!(
                "; {} {} {} {}",
                text(&cause["cause"]),
                text(&cause["low"]),
                text(&cause["high"]),
                cause["messages"]
            )
        };
        let of_currency = |bounds: &Value| {
            let causes = bounds["causes"].as_array().expect("a list").iter().map(of_cause);
            format!("{} {}{}", text(&bounds["low"]), text(&bounds["high"]), causes.collect::<String>())
        };
        let bounds = self.summary["bounds"].as_array();
        bounds.unwrap_or_else(|| panic!("no bounds: {}", self.stderr)).iter().map(of_currency).collect()
    }
}
