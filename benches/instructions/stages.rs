//! One stage of a replay after the other, for counting instructions: `run.sh` runs this under callgrind and takes differences.
//!
//! `wabill-stages log > LOG.csv` writes the fixed log; `wabill-stages STAGE LOG.csv` prepares a plan and runs everything up to and
//! including a stage:
//!
//! | stage | runs | counted for it: beyond |
//! | --- | --- | --- |
//! | `plan` | rate cards, rules, accounts | – |
//! | `read` | the log cut into rows and values, which are dropped | `plan` |
//! | `partition` | the log read into sorted partitions | `read` |
//! | `judge` | … and each chat folded and judged once | `partition` |
//! | `rate` | … and replayed: pools counted, messages rated and added up; this judges each chat more than once | `judge` |
//! | `write` | … with all verdicts, conversations and lines as CSV | `rate` |

mod log;

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use wabill::chat::{Chat, ChatMessage, Folder};
use wabill::engine::{Log, Plan, ReadHooks, Recorder, Replayed, Run, read_log, replay};
use wabill::judge::{Case, ChatState, judge, turn};
use wabill::model::{CanonicalRow, ConversationRow, Currency, Instant, Rejection, TemplateChange, VerdictRow};
use wabill::read::{
    Input, ReadError, ReadProgress, Refused, RowBatch, Sink, Tells, UnknownKind, observe, open, read_input,
};
use wabill::report::{write_conversation, write_line, write_verdict};
use wabill::tariff::{AccountBook, AccountDefaults, Tariff, TariffOptions};

static NEVER: AtomicBool = AtomicBool::new(false);

type Stopped = Box<dyn Error>;

fn main() -> Result<(), Stopped> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["log"] {
        print!("{}", log::text());
        return Ok(());
    }
    let [stage, log] = arguments.as_slice() else {
        return Err("which stage of which log? wabill-stages STAGE LOG.csv".into());
    };
    let input = Input::File(PathBuf::from(log));
    let plan = plan()?;
    let seen = match stage.as_str() {
        "plan" => 0,
        "read" => rows(&plan, &input)?,
        "partition" => read(&plan, input)?.intake.facts().rows,
        "judge" => verdicts(&plan, &read(&plan, input)?),
        "rate" => replayed(&plan, &read(&plan, input)?, &mut Nothing)?.summary.outbound_messages,
        "write" => bytes(&plan, &read(&plan, input)?)?,
        other => return Err(format!("no stage '{other}'").into()),
    };
    println!("{stage} {seen}");
    Ok(())
}

fn plan() -> Result<Plan, Stopped> {
    let zone = Some("America/Sao_Paulo".parse()?);
    let accounts = AccountBook::without_file(AccountDefaults { zone, currency: Currency::USD });
    Ok(Plan::new(Tariff::load(&TariffOptions::default())?, accounts))
}

fn rows(plan: &Plan, input: &Input) -> Result<u64, Stopped> {
    let progress = ReadProgress::default();
    let mut count = Count(0);
    read_input(&mut open(input, &progress)?, &input.name(), &plan.read, &mut count)?;
    Ok(count.0)
}

fn read(plan: &Plan, input: Input) -> Result<Log, Stopped> {
    let progress = ReadProgress::default();
    let mut hooks = ReadHooks { rejected: &mut |_| Ok(()), tick: &mut || (), progress: &progress, interrupted: &NEVER };
    Ok(read_log(plan, &[input], &mut hooks)?)
}

fn replayed(plan: &Plan, log: &Log, recorder: &mut impl Recorder) -> Result<Replayed, Stopped> {
    Ok(replay(&Run::new(plan, log), recorder, &NEVER)?)
}

fn bytes(plan: &Plan, log: &Log) -> Result<u64, Stopped> {
    let mut text = Text(0);
    let lines = replayed(plan, log, &mut text)?.lines;
    let mut buffer = Vec::new();
    for line in lines.iter() {
        write_line(&mut buffer, &line);
    }
    Ok(text.0 + buffer.len() as u64)
}

/// Folds and judges every chat once, as each pass of a replay does.
fn verdicts(plan: &Plan, log: &Log) -> u64 {
    let run = Run::new(plan, log);
    let folder = Folder {
        intake: &log.intake,
        accounts: &run.accounts,
        options: &plan.fold,
        templates: &run.templates,
        assumptions: &run.assumptions,
    };
    let mut verdicts = 0;
    for partition in log.intake.partitions() {
        folder.for_each_chat(partition, |_| true, |chat| verdicts += judged(&run, chat));
    }
    verdicts
}

fn judged(run: &Run<'_>, chat: &Chat<'_>) -> u64 {
    let case = |message: &ChatMessage<'_>| {
        let resolved = run.accounts.get(message.account);
        Case { rules: &run.rules, tariff: &run.plan.tariff, account: &resolved.account, calendar: &resolved.calendar }
    };
    let mut turns: Vec<_> = chat.messages.iter().map(|one| (turn(&case(one), &one.message), one)).collect();
    turns.sort_by(|a, b| (a.0, a.1.id).cmp(&(b.0, b.1.id)));
    let mut state = ChatState::under(run.assumptions);
    let verdicts = turns.iter().filter_map(|(_, one)| judge(&case(one), &mut state, &one.message, one.id));
    verdicts.map(std::hint::black_box).count() as u64
}

/// Rows whose values were looked at.
struct Count(u64);

fn look<'a>(row: &impl CanonicalRow<'a>) -> Result<u64, Refused> {
    std::hint::black_box(&observe(row, None)?);
    Ok(1)
}

impl RowBatch for Count {
    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        self.0 += look(row)?;
        Ok(())
    }
}

impl Sink for Count {
    type Batch = Count;

    fn batch(&self) -> Option<Count> {
        Some(Count(0))
    }
    fn take(&mut self, batch: &mut Count) {
        self.0 += std::mem::take(&mut batch.0);
    }
    fn row<'a>(&mut self, row: &impl CanonicalRow<'a>) -> Result<(), Refused> {
        self.0 += look(row)?;
        Ok(())
    }
    fn reject(&mut self, rejection: Rejection) -> Result<(), ReadError> {
        Err(ReadError::Rejected(Box::new(rejection)))
    }
    fn tells(&mut self, _: Tells) {}
    fn link(&mut self, _: &str, _: &str, _: Instant) {}
    fn template(&mut self, _: TemplateChange) {}
    fn unknown(&mut self, _: UnknownKind, _: &str) {}
    fn pause(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

/// Keeps nothing.
struct Nothing;

impl Recorder for Nothing {
    type Buffer = ();
    fn verdicts(&self, (): &mut (), _: &[VerdictRow<'_>]) {}
    fn conversations(&self, (): &mut (), _: &[ConversationRow<'_>]) {}
    fn keeps_verdicts(&self) -> bool {
        false
    }
    fn keeps_conversations(&self) -> bool {
        false
    }
    fn write(&mut self, (): ()) -> io::Result<()> {
        Ok(())
    }
}

/// Counts the bytes of all rows.
struct Text(u64);

impl Recorder for Text {
    type Buffer = Vec<u8>;
    fn verdicts(&self, buffer: &mut Vec<u8>, rows: &[VerdictRow<'_>]) {
        for row in rows {
            write_verdict(buffer, row);
        }
    }
    fn conversations(&self, buffer: &mut Vec<u8>, rows: &[ConversationRow<'_>]) {
        for row in rows {
            write_conversation(buffer, row);
        }
    }
    fn write(&mut self, buffer: Vec<u8>) -> io::Result<()> {
        self.0 += buffer.len() as u64;
        Ok(())
    }
}
