//! Writes a large synthetic log of any number of rows, for measuring speed and growth: same options, same bytes.
//!
//! `cargo run --release --example large_log -- --rows 10000000 > log.csv`. Ten columns, some 117 bytes a row, twelve months in order
//! of time, 100 numbers, customers by Zipf's law with exponent 0.6. Scenarios (`wabill generate`) are the place for traffic that is
//! like a real shop's; this one is only large, plain and quick to write.
#![allow(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "choices of a generator")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "choices of a generator")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{BufWriter, Write};

use chrono::DateTime;
use clap::Parser;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A large log on standard output.
#[derive(Parser)]
struct Options {
    /// Rows.
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Customers; a twentieth of the rows if left out.
    #[arg(long)]
    customers: Option<u64>,
    /// Business numbers.
    #[arg(long, default_value_t = 100)]
    numbers: u64,
    /// Numbers of one account (WABA).
    #[arg(long, default_value_t = 100)]
    numbers_per_account: u64,
    /// Templates.
    #[arg(long, default_value_t = 40)]
    templates: u64,
    /// Months, the last of which is October 2026.
    #[arg(long, default_value_t = 12)]
    months: u64,
    /// Share of rows, in thousandths, that belong to one chat.
    #[arg(long, default_value_t = 0)]
    hot: u32,
}

/// Calling codes that customers have.
const PREFIXES: [u64; 12] = [5511, 9198, 5255, 6281, 4915, 3460, 4477, 2782, 5730, 9715, 9053, 3361];
/// The end of October 2026 in UTC.
const END: u64 = 1_793_491_200_000;
/// A twelfth of a year of 365 days.
const MONTH: u64 = 2_628_000_000;

/// A row that waits for its turn.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    at: u64,
    customer: u64,
    kind: Kind,
    more: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Inbound,
    Reply,
}

fn main() {
    let options = Options::parse();
    let mut out = Out::new(&options);
    let mut dice = ChaCha8Rng::seed_from_u64(4);
    let mut waiting: BinaryHeap<Reverse<Waiting>> = BinaryHeap::new();
    // Each thread that starts comes to some two rows.
    let span = MONTH * options.months;
    let start = END - span;
    let step = 2 * span / options.rows.max(1);
    let mut now = start;
    while out.left > 0 {
        now = (now + dice.random_range(0..=2 * step)).min(END - 1);
        while waiting.peek().is_some_and(|Reverse(next)| next.at <= now) && out.left > 0 {
            let Some(Reverse(next)) = waiting.pop() else { break };
            follow(&next, &mut out, &mut waiting, &mut dice);
        }
        let customer = out.customer(&mut dice);
        if out.left > 0 && dice.random_range(0..100) < 40 {
            follow(&Waiting { at: now, customer, kind: Kind::Inbound, more: 3 }, &mut out, &mut waiting, &mut dice);
        } else if out.left > 0 {
            out.template(now, customer, &mut dice);
            if dice.random_range(0..100) < 30 {
                let at = now + dice.random_range(60_000..7_200_000);
                waiting.push(Reverse(Waiting { at, customer, kind: Kind::Inbound, more: 2 }));
            }
        }
    }
    out.finish();
}

/// Writes a message of a talk and plans the next.
fn follow(one: &Waiting, out: &mut Out, waiting: &mut BinaryHeap<Reverse<Waiting>>, dice: &mut ChaCha8Rng) {
    let Waiting { at, customer, more, .. } = *one;
    let kind = match one.kind {
        Kind::Inbound => {
            out.row("in", at, None, customer, "text", None);
            Kind::Reply
        }
        Kind::Reply => {
            let delivered = Out::delivered(at, dice);
            out.row("out", at, delivered, customer, "text", None);
            if dice.random_range(0..100) < 45 { Kind::Inbound } else { Kind::Reply }
        }
    };
    if more > 0 && dice.random_range(0..100) < 70 {
        let delay = if kind == Kind::Reply { 2_000..600_000 } else { 30_000..3_600_000 };
        let at = at + dice.random_range(delay);
        waiting.push(Reverse(Waiting { at, customer, kind, more: more - 1 }));
    }
}

struct Out {
    file: BufWriter<std::io::Stdout>,
    left: u64,
    written: u64,
    customers: u64,
    numbers: u64,
    numbers_per_account: u64,
    templates: u64,
    hot: u32,
}

impl Out {
    fn new(options: &Options) -> Out {
        let mut file = BufWriter::with_capacity(1 << 20, std::io::stdout());
        let header = "message_id,direction,phone_number_id,waba_id,customer_id,message_type,template_name,template_category,sent_at,delivered_at";
        writeln!(file, "{header}").unwrap_or_else(|error| stop(&error));
        Out {
            file,
            left: options.rows,
            written: 0,
            customers: options.customers.unwrap_or(options.rows / 20).max(1),
            numbers: options.numbers.max(1),
            numbers_per_account: options.numbers_per_account.max(1),
            templates: options.templates.max(1),
            hot: options.hot,
        }
    }

    /// By Zipf's law with exponent 0.6: the inverse of the integral of x^-0.6.
    fn customer(&self, dice: &mut ChaCha8Rng) -> u64 {
        if dice.random_range(0..1000) < self.hot {
            return 0;
        }
        let share: f64 = dice.random();
        ((share.powf(2.5) * self.customers as f64) as u64).min(self.customers - 1)
    }

    fn delivered(at: u64, dice: &mut ChaCha8Rng) -> Option<u64> {
        (dice.random_range(0..100) >= 3).then(|| at + dice.random_range(1_000..30_000))
    }

    fn template(&mut self, at: u64, customer: u64, dice: &mut ChaCha8Rng) {
        // Each number has six of the templates.
        let template = (customer % self.numbers * 6 + dice.random_range(0..6)) % self.templates;
        let delivered = Out::delivered(at, dice);
        self.row("out", at, delivered, customer, "template", Some(template));
    }

    fn row(
        &mut self,
        direction: &str,
        at: u64,
        delivered: Option<u64>,
        customer: u64,
        kind: &str,
        template: Option<u64>,
    ) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        self.written += 1;
        let number = customer % self.numbers;
        let waba = number / self.numbers_per_account;
        // A number serves one country, and a few customers from elsewhere.
        let country = if (customer / self.numbers).is_multiple_of(12) { customer / 7 } else { number };
        let prefix = PREFIXES[(country % PREFIXES.len() as u64) as usize];
        let category =
            template.map_or("", |template| ["marketing", "utility", "authentication"][(template % 3) as usize]);
        let name = template.map(|template| format!("t_{template:03}")).unwrap_or_default();
        let id = self.written.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (sent, delivered) = (time(at), delivered.map(time).unwrap_or_default());
        let customer = prefix * 100_000_000 + customer;
        writeln!(
            self.file,
            "wamid.{id:016X},{direction},{},{},{customer},{kind},{name},{category},{sent},{delivered}",
            10_000_000 + number,
            20_000_000 + waba
        )
        .unwrap_or_else(|error| stop(&error));
    }

    fn finish(mut self) {
        self.file.flush().unwrap_or_else(|error| stop(&error));
    }
}

fn time(ms: u64) -> String {
    let at = DateTime::from_timestamp_millis(i64::try_from(ms).unwrap_or(0)).unwrap_or_default();
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn stop(error: &std::io::Error) -> ! {
    panic!("cannot write: {error}")
}
