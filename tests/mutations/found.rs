//! Inputs that once broke something, each with what must come of it now.

use wabill::read::{Format, InflationLimit, ReadOptions};

use crate::told::{Slow, read, read_stream, read_webhooks};

#[test]
fn depth_is_limited_before_the_stack_is() {
    for unit in ["[", "{\"a\":", "{\"metaData\":", "{\"value\":", "{\"message\":{\"context\":", "[{\"entry\":["] {
        let deep = unit.repeat(100_000);
        let told = read_stream(deep.as_bytes(), &webhooks(), InflationLimit::default());
        assert!(!told.rejected.is_empty() && told.rows.is_empty(), "{unit}");
    }
}

fn webhooks() -> ReadOptions {
    ReadOptions { format: Some(Format::Webhooks), ..ReadOptions::default() }
}

/// A damaged first byte must not turn webhooks into a table without a header, if it was said what they are.
#[test]
fn what_was_said_to_be_webhooks_is_read_as_webhooks() {
    let good =
        "{\"messages\":[{\"from\":\"12025550123\",\"id\":\"a\",\"timestamp\":\"1791446400\",\"type\":\"text\"}]}\n";
    let told = read_webhooks(format!("x{good}{good}").as_bytes());
    assert_eq!((told.rows.len(), told.rejected.len()), (1, 1));
    let stopped = read(format!("x{good}{good}").as_bytes()).stopped.expect("no table");
    assert!(stopped.contains("header"), "{stopped}");
}

/// An item of two bytes is kept in hundreds.
#[test]
fn a_document_of_nothing_but_items_is_rejected() {
    let good =
        "{\"messages\":[{\"from\":\"12025550123\",\"id\":\"a\",\"timestamp\":\"1791446400\",\"type\":\"text\"}]}\n";
    for unit in ["0", "{}", "[]"] {
        let items = vec![unit; 1 << 20].join(",");
        for key in ["messages", "statuses", "entry", "contacts", "history", "data"] {
            let bytes = format!("{{\"{key}\":[{items}]}}\n{good}");
            let told = read_webhooks(bytes.as_bytes());
            assert_eq!((told.rows.len(), told.rejected.len()), (1, 1), "{key} {unit}");
        }
    }
}

/// How much of a long line with stray quotes had arrived decided what it was rejected for.
#[test]
fn a_long_line_with_stray_quotes_is_the_same_in_pieces() {
    // The start of a log is read at once; what is behind it arrives in pieces.
    let before =
        format!("message_id,direction,customer_id,sent_at\n{}", "m,outbound,5511999990001,1791446400\n".repeat(120));
    for length in [50, 99, 100, 101, 150, 199, 200, 201, 300, 1000] {
        for at in [0, 10, 99, 100, 101, 190, 200, 210] {
            let line = format!("{}\"b\"c{},\"d\n", "a,".repeat(at / 2), "x".repeat(length));
            let log = format!("{before}{line}m,outbound,5511999990001,1791446400\n");
            let options = ReadOptions { max_line: 100, ..ReadOptions::default() };
            let whole = read_stream(log.as_bytes(), &options, InflationLimit::default());
            assert_eq!((whole.rows.len(), whole.rejected.len()), (121, 1), "{length} {at}");
            for step in [1, 7, 64] {
                let pieces = read_stream(Slow(log.as_bytes(), step), &options, InflationLimit::default());
                assert_eq!((&whole.rejected, &whole.raw), (&pieces.rejected, &pieces.raw), "{length} {at} {step}");
            }
        }
    }
}
