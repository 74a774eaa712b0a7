//! Logs that carry Meta's verdict, row by row, and what the program makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const COLUMNS: [&str; 25] = [
    "message_id",
    "direction",
    "phone_number_id",
    "waba_id",
    "customer_id",
    "group_id",
    "message_type",
    "template_name",
    "template_category",
    "created_at",
    "sent_at",
    "delivered_at",
    "origin",
    "product",
    "tokens",
    "referral_source_type",
    "pricing_model",
    "pricing_type",
    "pricing_category",
    "pricing_subtype",
    "billable",
    "conversation_id",
    "conversation_origin",
    "conversation_expires_at",
    "error_code",
];

/// Number 1 is plain, 2 and 3 have used up their 1,000, 3 is exempt, 4 is waived, 5 has two left.
const ACCOUNTS: &str = "phone_number_id,waba_id,waba_timezone,waived_categories,service_exempt_until\n\
                        1,w,UTC,,\n2,w,UTC,,\n3,w,UTC,,2027-12-31\n4,w,UTC,utility,\n5,w,UTC,,\n";
const CARRY_IN: &str = "scope,id,month,market,category,used\n\
                        service_allowance,2,2026-10,,,1000\nservice_allowance,3,2026-10,,,1000\n\
                        service_allowance,5,2026-10,,,998\n";

/// One row of a log.
#[derive(Clone)]
pub(crate) struct Row {
    fields: BTreeMap<&'static str, String>,
    at: chrono::DateTime<chrono::Utc>,
}

impl Row {
    /// An outbound message to a customer of that number, delivered when it was sent.
    pub(crate) fn new(id: &str, customer: usize, at: &str) -> Row {
        let row = Row { fields: BTreeMap::new(), at: at.parse().expect("a time") };
        let customer = format!("55119999{customer:05}");
        let fixed = [("message_id", id), ("direction", "outbound"), ("phone_number_id", "1"), ("waba_id", "w")];
        let row = fixed.into_iter().fold(row, |row, (column, value)| row.with(column, value));
        row.with("customer_id", &customer).later("0h")
    }

    pub(crate) fn with(mut self, column: &'static str, value: &str) -> Row {
        assert!(COLUMNS.contains(&column), "no column {column}");
        self.fields.insert(column, value.to_owned());
        self
    }

    /// Moved by some hours.
    pub(crate) fn later(self, hours: &str) -> Row {
        let hours: i64 = hours.trim_end_matches('h').parse().expect("hours");
        let at = self.at + chrono::Duration::hours(hours);
        let text = at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        Row { at, ..self.with("sent_at", &text).with("delivered_at", &text) }
    }

    pub(crate) fn id(&self) -> String {
        self.fields["message_id"].clone()
    }

    pub(crate) fn number(self, number: &str) -> Row {
        self.with("phone_number_id", number)
    }

    pub(crate) fn group(self, group: &str) -> Row {
        self.with("group_id", group)
    }

    pub(crate) fn text(self) -> Row {
        self.with("message_type", "text")
    }

    pub(crate) fn template(self, category: &str) -> Row {
        self.with("message_type", "template").with("template_name", "offer").with("template_category", category)
    }

    /// A message of the same customer instead, some hours later.
    pub(crate) fn inbound(self, id: &str, hours: &str) -> Row {
        let moved = self.later(hours);
        let at = moved.fields["sent_at"].clone();
        let inbound = moved.with("direction", "inbound").with("message_id", id).with("message_type", "text");
        inbound.with("created_at", &at).with("sent_at", "").with("delivered_at", "")
    }

    /// Meta's `pricing`.
    pub(crate) fn seen(self, model: &str, kind: &str, category: &str) -> Row {
        self.with("pricing_model", model).with("pricing_type", kind).with("pricing_category", category)
    }

    pub(crate) fn billable(self, billable: &str) -> Row {
        self.with("billable", billable)
    }

    fn csv(&self) -> String {
        let field = |column: &&str| self.fields.get(*column).map_or("", String::as_str);
        COLUMNS.iter().map(field).collect::<Vec<_>>().join(",") + "\n"
    }
}

/// The outputs of a run.
pub(crate) struct Ran {
    folder: TempDir,
    pub(crate) summary: Value,
    pub(crate) stdout: String,
}

/// Replays the rows with the accounts and allowances of this file.
pub(crate) fn replay(rows: &[Row], arguments: &[&str]) -> Ran {
    let log = COLUMNS.join(",") + "\n" + &rows.iter().map(Row::csv).collect::<String>();
    replay_log(&log, ACCOUNTS, CARRY_IN, arguments)
}

pub(crate) fn replay_log(log: &str, accounts: &str, carry_in: &str, arguments: &[&str]) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in [("log.csv", log), ("accounts.csv", accounts), ("carry_in.csv", carry_in)] {
        fs::write(folder.path().join(name), text).expect("it can be written");
    }
    let fixed = ["replay", "log.csv", "--accounts", "accounts.csv", "--carry-in", "carry_in.csv", "--out", "out"];
    let emit = ["--emit", "summary,verdicts,conversations,lines,disagreements"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_wabill"));
    command.current_dir(folder.path()).args(fixed).args(emit).args(arguments);
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let summary: Value = serde_json::from_str(&read(folder.path(), "summary.json")).expect("JSON");
    assert_eq!(summary["rows"]["rejected"], 0, "every row of these logs is sound");
    Ran { folder, summary, stdout: text(&output.stdout) }
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("out").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

impl Ran {
    pub(crate) fn text(&self, name: &str) -> String {
        read(self.folder.path(), name)
    }

    pub(crate) fn has_disagreements_file(&self) -> bool {
        self.folder.path().join("out/disagreements.csv").exists()
    }

    pub(crate) fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let text = self.text(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.expect("a sound row")).collect()
    }

    /// Message and cause, by message.
    pub(crate) fn disagreements(&self) -> Vec<(String, String)> {
        let rows = self.table("disagreements.csv");
        let mut found: Vec<_> = rows.iter().map(|row| (row["message_id"].clone(), row["cause"].clone())).collect();
        found.sort();
        found
    }

    fn row(&self, id: &str) -> BTreeMap<String, String> {
        let found = self.table("verdicts.csv").into_iter().find(|row| row["message_id"] == id);
        found.unwrap_or_else(|| panic!("no verdict on {id}"))
    }

    /// `free:free_tier R51`.
    pub(crate) fn verdict(&self, id: &str) -> String {
        let row = self.row(id);
        let reason = if row["reason"].is_empty() { String::new() } else { format!(":{}", row["reason"]) };
        format!("{}{reason} {}", row["verdict"], row["rule"])
    }

    pub(crate) fn category(&self, id: &str) -> String {
        self.row(id)["category"].clone()
    }

    pub(crate) fn cost(&self, id: &str) -> String {
        self.row(id)["billed_cost"].clone()
    }

    pub(crate) fn flags(&self, id: &str) -> String {
        self.row(id)["flags"].clone()
    }
}
