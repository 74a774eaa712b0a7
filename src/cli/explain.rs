//! `wabill explain`: one thread as a timeline.

use clap::Args;
use wabill::engine::{ReadHooks, Run, Selector, explain, read_log};
use wabill::model::parse_e164;
use wabill::read::ReadProgress;
use wabill::report::thread_text;

use super::arguments::LogArguments;
use super::failure::Failure;
use super::{INTERRUPTED, inputs, plan, print, tell, with_threads};

const EXAMPLES: &str = "Examples:
  wabill explain log.csv --message wamid.HBgLNTUxMTk5OTk5
  wabill explain log.csv --accounts accounts.csv --customer 5511999990001";

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = clap::ArgGroup::new("what").required(true).args(["message", "customer"]))]
pub(crate) struct Explain {
    #[command(flatten)]
    log: LogArguments,
    /// The message, by its id
    #[arg(long, value_name = "ID")]
    message: Option<String>,
    /// The customer, by number or id
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
}

impl Explain {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let threads = self.log.threads;
        with_threads(threads, || self.run_on_pool())?
    }

    fn run_on_pool(self) -> Result<(), Failure> {
        let inputs = inputs::logs(&self.log.logs)?;
        let quiet = self.log.quiet;
        let resolved = plan::resolve(self.log)?;
        let progress = ReadProgress::default();
        let mut rejected = |_: &_| Ok(());
        let mut hooks =
            ReadHooks { rejected: &mut rejected, tick: &mut || (), progress: &progress, interrupted: &INTERRUPTED };
        let log = read_log(&resolved.plan, &inputs, &mut hooks)?;
        let rejected: u64 = log.rejected().iter().map(|code| code.rows).sum();
        if rejected > 0 && !quiet {
            let rows = if rejected == 1 { "1 row was".to_owned() } else { format!("{rejected} rows were") };
            tell(&format!("{rows} rejected and cannot be explained; `wabill replay` lists them in rejected.csv"));
        }
        let run = Run::new(&resolved.plan, &log);
        let selector = match (self.message, self.customer) {
            (Some(id), _) => Selector::Message(id),
            (None, customer) => Selector::Customer(plain_customer(&customer.unwrap_or_default())),
        };
        let threads = explain(&run, &selector, &INTERRUPTED)?;
        if threads.is_empty() {
            return Err(Failure::Usage(format!("the log has no {}; ids must be given whole", described(&selector))));
        }
        let texts: Vec<String> = threads.iter().map(thread_text).collect();
        print(&texts.join("\n"))
    }
}

/// A number in any of its forms, as outputs show it.
fn plain_customer(text: &str) -> String {
    parse_e164(text).map_or_else(|| text.to_owned(), |number| number.to_string())
}

fn described(selector: &Selector) -> String {
    match selector {
        Selector::Message(id) => format!("message '{id}'"),
        Selector::Customer(id) => format!("customer '{id}'"),
    }
}
