//! Mapping files that are wrong: each is refused with its line, what is wrong, and what would be right.

use wabill::read::Mapping;

/// A sound record, from the line behind `[[record]]` on.
const REST: &str = "constants = { direction = \"inbound\" }\n[record.columns]\nmessage_id = \"id\"\ncustomer_id = \"phone\"\ncreated_at = \"at\"\n";

/// The file, the line that is wrong, words of the message.
fn bad_files() -> Vec<(String, usize, Vec<&'static str>)> {
    let record = |text: &str| format!("[[record]]\n{text}");
    let with = |line: &str| format!("[[record]]\n{REST}{line}\n");
    let top = |line: &str| format!("{line}\n[[record]]\n{REST}");
    vec![
        (String::new(), 1, vec!["missing field `record`"]),
        ("name = ".to_owned(), 1, vec![]),
        (top("nmae = \"x\""), 1, vec!["unknown field `nmae`", "`name`"]),
        (top("delimiter = \"colon\""), 1, vec!["'colon'", "semicolon, tab, pipe"]),
        (top("lacks = [\"delivery_date\"]"), 1, vec!["`delivery_date`", "`delivery_time`"]),
        (top("detect = [\"id\"]"), 1, vec!["sequence"]),
        (top("[time]\nzone = \"Berlin\""), 2, vec!["'Berlin'", "IANA time zone"]),
        (top("[time]\nformat = \"epoch\""), 2, vec!["'epoch'", "unix_ms"]),
        (top("[time]\nformat = \"%d/%m/%Y\""), 2, vec!["hour and minute"]),
        (top("[time]\nformat = \"%Y-%m-%d %H:%M %Q\""), 2, vec!["stands for nothing"]),
        (top("[constants]\nprovder = \"x\""), 2, vec!["'provder'", "did you mean 'provider'"]),
        (record("skip = \"all\"\n"), 1, vec!["no [[record]] gives rows"]),
        (record(&format!("skip = \"all\"\n{REST}")), 1, vec!["[[record]] 1", "skip", "no columns"]),
        (record(&format!("skip = true\n{REST}")), 2, vec!["string"]),
        (record(&format!("wehn = {{}}\n{REST}")), 2, vec!["unknown field `wehn`", "`when`"]),
        (record(&format!("when.key.fromMe = \"true\"\n{REST}")), 2, vec!["quote a name that holds a dot"]),
        (with("mesage_id = \"id\""), 7, vec!["'mesage_id'", "did you mean 'message_id'"]),
        (with("colour = \"id\""), 7, vec!["'colour'", "no column of the canonical log"]),
        (with("sent_at = { form = \"x\" }"), 7, vec!["unknown field `form`", "`from`"]),
        (with("sent_at = { digits = true }"), 7, vec!["needs `from`"]),
        (with("sent_at = { from = \"a\", value = \"b\" }"), 7, vec!["not both"]),
        (with("sent_at = { from = \"\" }"), 7, vec!["`from` is empty"]),
        (with("sent_at = 3.5"), 7, vec!["the name of a column, a table with `from`"]),
        (with("sent_at = { from = \"a\", time = \"%H\" }"), 7, vec!["'%H'"]),
        (
            with("campaign = { from = \"a\", time = \"unix\" }"),
            1,
            vec!["campaign", "`time` is for columns that hold one"],
        ),
        (with("campaign = { from = \"a\", part = { of = \".\", number = 0 } }"), 7, vec!["nonzero"]),
        (
            with("status = { from = \"a\", values = { ok = \"arrived\" } }"),
            1,
            vec!["[[record]] 1", "status", "'arrived'"],
        ),
        (with("direction = \"d\""), 1, vec!["direction", "columns and in constants"]),
        (record(&REST.replace("inbound", "incoming")), 1, vec!["direction", "'incoming'"]),
        (record(&REST.replace("message_id = \"id\"\n", "")), 1, vec!["has no message_id"]),
        (record(&REST.replace("customer_id = \"phone\"\n", "")), 1, vec!["has no customer_id"]),
        (record(&REST.replace("created_at = \"at\"\n", "")), 1, vec!["has no time", "event_at"]),
        (record(&REST.replace("created_at", "event_at")), 1, vec!["has no event"]),
        (record(&REST.replace("constants = { direction = \"inbound\" }\n", "")), 1, vec!["has no direction"]),
    ]
}

#[test]
fn each_is_refused_with_its_line_and_the_remedy() {
    let files = bad_files();
    assert!(files.len() >= 20);
    let mut faults = Vec::new();
    for (text, line, words) in files {
        let Err(error) = Mapping::read("own.toml", &text) else {
            faults.push(format!("accepted:\n{text}"));
            continue;
        };
        let message = error.to_string();
        let missing: Vec<_> = words.iter().filter(|word| !message.contains(**word)).collect();
        if error.line != line || !missing.is_empty() || !message.starts_with(&format!("own.toml:{line}: ")) {
            faults.push(format!("'{message}' lacks {missing:?} or line {line}:\n{text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_record_they_are_made_from_is_sound() {
    assert!(Mapping::read("own.toml", &format!("[[record]]\n{REST}")).is_ok());
}
