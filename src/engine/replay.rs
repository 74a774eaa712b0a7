//! The main job: rate every verdict, record it, sum it up.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::chat::{Accounts, PARTITIONS, Partition};
use crate::model::{
    ConversationRow, DisagreementRow, Flag, Flags, Instant, Outcome, ProposedAccount, Rated, Verdict, VerdictRow,
};
use crate::rate::{ProviderMeter, Rateable};
use crate::summarise::{AccountFacts, ConversationEdges, LineKey, Lines, ProviderLine, RunFacts, Summary, Tally};

use super::bounds::{Concerned, causes_of};
use super::clerks::Clerks;
use super::compared::{Appraised, Appraiser, BothPositions, disagreement};
use super::conversations::{Conversations, Shown};
use super::pass::{Judged, Run};
use super::provider;
use super::rows::Rows;
use super::turns::Turns;
use super::watch::Pass;

/// Where rows go. Rows of one partition are put into a buffer on any thread; buffers come back in the order of partitions.
pub trait Recorder: Sync {
    /// Rows of one partition, ready to be written.
    type Buffer: Send + Default;
    /// Adds some verdicts, one after the other.
    fn verdicts(&self, buffer: &mut Self::Buffer, rows: &[VerdictRow<'_>]);
    /// Adds some conversations, likewise.
    fn conversations(&self, buffer: &mut Self::Buffer, rows: &[ConversationRow<'_>]);
    /// Whether verdicts are kept: if not, it is given none.
    fn keeps_verdicts(&self) -> bool {
        true
    }
    /// Whether conversations are kept, likewise.
    fn keeps_conversations(&self) -> bool {
        true
    }
    /// Adds a message whose verdict by Meta differs from ours.
    fn disagreement(&self, _buffer: &mut Self::Buffer, _row: &DisagreementRow<'_>) {}
    /// Writes the rows of the next partition.
    fn write(&mut self, buffer: Self::Buffer) -> io::Result<()>;
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An output cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// What was put on disk cannot be read back.
    #[error("cannot read the temporary file: {0}")]
    Spill(io::Error),
}

/// What a replay comes to.
#[derive(Debug)]
pub struct Replayed {
    /// The bill.
    pub lines: Lines,
    /// The bill of the provider, empty if there is none.
    pub provider_lines: Vec<ProviderLine>,
    /// Its sums.
    pub summary: Summary,
    /// Numbers that `accounts.csv` does not have.
    pub proposed_accounts: Vec<ProposedAccount>,
    /// How many messages carry a flag that `--strict` refuses.
    pub substitutions: u64,
    /// Which causes of uncertainty it has, and how many messages each concerns.
    pub concerned: Concerned,
}

/// Partitions that each thread rates before their rows are written: so few that their rows stay in the memory of those before, so many
/// that threads seldom wait for each other.
const PARTITIONS_AT_ONCE: usize = 8;

/// Replays a log: judges, rates and records every message.
pub fn replay<R: Recorder>(run: &Run<'_>, recorder: &mut R, interrupted: &AtomicBool) -> Result<Replayed, RunError> {
    let positions = BothPositions::of(run, interrupted)?;
    let clerks = Clerks::new(|| Clerk { sums: Sums::default(), desk: Appraiser::new(run, &positions) });
    let places: Vec<usize> = (0..PARTITIONS).collect();
    // Rows wait for those of earlier partitions; where memory is short they must not be many.
    let each = if run.log.intake.is_on_disk() { 1 } else { PARTITIONS_AT_ONCE };
    run.begin(Pass::Billing);
    for places in places.chunks(each * rayon::current_num_threads()) {
        let shared: &R = recorder;
        let rate = |place: &usize| -> Result<R::Buffer, RunError> {
            run.over(*place, interrupted, |partition| {
                clerks.on_this_thread(|clerk| rate_partition(run, shared, partition, clerk))
            })
        };
        let buffers = places.par_iter().map(rate).collect::<Result<Vec<_>, _>>()?;
        buffers.into_iter().try_for_each(|buffer| recorder.write(buffer))?;
    }
    let Sums { mut tally, meter, concerned, messages } =
        clerks.into_all().map(|clerk| clerk.sums).fold(Sums::default(), Sums::merge);
    if interrupted.load(Ordering::Relaxed) {
        return Err(RunError::Interrupted);
    }
    let lines = Lines::of(&mut tally, run);
    let mut summary = Summary::new(&lines, &tally, run_facts(run, messages));
    let bill = run.plan.provider.as_ref().map(|fees| provider::bill(run, fees, &meter, &lines));
    let (provider_lines, of_provider) = bill.unzip();
    summary.provider = of_provider;
    let substitutions = Flag::ALL.into_iter().filter(|flag| flag.is_substitution()).map(|flag| tally.flag(flag)).sum();
    let proposed_accounts = Accounts::proposed(&run.plan.accounts, &run.log.intake);
    Ok(Replayed {
        lines,
        provider_lines: provider_lines.unwrap_or_default(),
        summary,
        proposed_accounts,
        substitutions,
        concerned,
    })
}

/// What some partitions come to. Merging is adding, so it does not matter who went over which.
#[derive(Default)]
struct Sums {
    tally: Tally,
    meter: ProviderMeter,
    concerned: Concerned,
    messages: u64,
}

impl Sums {
    fn merge(mut self, other: Sums) -> Sums {
        self.tally.merge(other.tally);
        self.meter.merge(other.meter);
        self.concerned.merge(&other.concerned);
        self.messages += other.messages;
        self
    }
}

/// What one thread keeps from partition to partition.
struct Clerk<'r, 'p> {
    sums: Sums,
    desk: Appraiser<'r, 'p>,
}

fn rate_partition<'r, R: Recorder>(
    run: &'r Run<'_>,
    recorder: &R,
    partition: &'r Partition,
    clerk: &mut Clerk<'_, '_>,
) -> R::Buffer {
    let Clerk { sums, desk } = clerk;
    let (mut rows, mut turns) = (Rows::new(recorder), Turns::default());
    let log_end = run.log.intake.facts().period.map_or(Instant::EARLIEST, |(_, end)| end);
    let follows = recorder.keeps_conversations();
    run.folder().for_each_chat(
        partition,
        |_| true,
        |chat| {
            let (mut conversations, mut edges) = (Conversations::default(), ConversationEdges::default());
            sums.messages += chat.messages.len() as u64;
            run.judge_chat(chat, &mut turns, |judged| match &judged.verdict {
                None => {
                    let inbound = judged.message.message.is_inbound();
                    sums.tally.inbound += u64::from(inbound && run.plan.bill.holds(judged.day));
                    if follows {
                        conversations.inbound(judged);
                    }
                    provider::meter(run, &mut sums.meter, judged, None);
                }
                Some(verdict) => {
                    let appraised = desk.appraise(judged, verdict, &mut edges);
                    if follows {
                        conversations.outbound(judged, verdict, &appraised.rated, shown(run, judged));
                    }
                    provider::meter(run, &mut sums.meter, judged, Some((verdict, &appraised.rated)));
                    if run.plan.bill.holds(judged.day) {
                        record(run, (&mut rows, sums), judged, verdict, &appraised);
                    }
                }
            });
            for (day, row) in conversations.rows(log_end) {
                if run.plan.bill.holds(day) {
                    rows.conversation(row);
                }
            }
        },
    );
    rows.into_buffer()
}

/// A judged message, ready to be rated.
pub(super) fn rateable<'m>(
    run: &'m Run<'_>,
    judged: &Judged<'m, 'm>,
    verdict: &'m Verdict<&'m str>,
) -> Rateable<'m, &'m str> {
    Rateable {
        verdict,
        message: &judged.message.message,
        id: judged.message.id,
        customer: run.customer(judged.message),
        account: &judged.account.account,
        sender: judged.sender(run),
        rate_day: judged.rate_day(run),
    }
}

/// What rows show of a message's place.
pub(super) fn shown<'r>(run: &'r Run<'_>, judged: &Judged<'_, 'r>) -> Shown<'r> {
    Shown {
        id: judged.message.id,
        waba_id: &judged.account.account.waba_id,
        phone_number_id: &judged.account.account.phone_number_id,
        customer: run.customer(judged.message),
        currency: judged.account.account.currency,
        market: run.plan.tariff.markets.name(judged.sender(run).market),
    }
}

fn record<'r, R: Recorder>(
    run: &'r Run<'_>,
    (rows, sums): (&mut Rows<'r, '_, R>, &mut Sums),
    judged: &Judged<'_, 'r>,
    verdict: &Verdict<&'r str>,
    appraised: &Appraised,
) {
    let rated = &appraised.rated;
    if let Some(agreement) = appraised.agreement {
        sums.tally.agreement.add(appraised.ours.0, &judged.message.observed, agreement);
    }
    if let Some(row) = disagreement(run, judged, appraised) {
        rows.disagreement(&row);
    }
    let opens = opens_conversation(judged, verdict);
    let flags = all_flags(judged, verdict, rated);
    sums.tally.add(&line_key(run, judged, verdict, rated), rated, opens, flags);
    let currency = judged.account.account.currency;
    causes_of(run, judged, verdict, rated).for_each(|cause| sums.concerned.add(currency, cause));
    rows.verdict(|| verdict_row(run, judged, verdict, rated));
}

/// Whether a message opened the conversation or free entry point that it belongs to.
pub(super) fn opens_conversation(judged: &Judged<'_, '_>, verdict: &Verdict<&str>) -> bool {
    verdict.conversation == Some(judged.message.id) && !matches!(verdict.outcome, Outcome::Covered(_))
}

/// What was remarked on a message from its reading to its price.
fn all_flags(judged: &Judged<'_, '_>, verdict: &Verdict<&str>, rated: &Rated) -> Flags {
    judged.message.message.flags.union(verdict.flags).union(rated.flags)
}

fn line_key(run: &Run<'_>, judged: &Judged<'_, '_>, verdict: &Verdict<&str>, rated: &Rated) -> LineKey {
    LineKey {
        account: judged.message.account,
        day: judged.day,
        regime: verdict.regime,
        market: judged.sender(run).market.index(),
        category: verdict.category,
        template: judged.message.template_name,
        outcome: rated.outcome,
        tier: rated.tier,
    }
}

/// A row of `verdicts.csv`.
pub(super) fn verdict_row<'r>(
    run: &'r Run<'_>,
    judged: &Judged<'_, 'r>,
    verdict: &Verdict<&'r str>,
    rated: &Rated,
) -> VerdictRow<'r> {
    let message = &judged.message.message;
    let place = shown(run, judged);
    VerdictRow {
        message_id: place.id,
        customer: place.customer,
        phone_number_id: place.phone_number_id,
        waba_id: place.waba_id,
        sent: message.sent,
        delivered: message.delivered,
        regime: verdict.regime,
        template_category: judged.message.stated_category,
        template_name: run.log.intake.names().get(judged.message.template_name),
        category: verdict.category,
        outcome: rated.outcome,
        error_code: rated.outcome.error_code(message.error_code),
        conversation_id: verdict.conversation,
        rule: rated.rule,
        market: place.market,
        tier: rated.tier,
        list_cost: rated.list,
        billed_cost: rated.billed,
        currency: place.currency,
        flags: all_flags(judged, verdict, rated),
    }
}

fn run_facts(run: &Run<'_>, messages: u64) -> RunFacts {
    let mut accounts: Vec<AccountFacts> = Vec::new();
    for one in run.accounts.all() {
        let account = &one.account;
        accounts.push(AccountFacts {
            waba_id: account.waba_id.clone(),
            phone_number_id: account.phone_number_id.clone(),
            timezone: account.zone.name().to_owned(),
            currency: account.currency.to_string(),
            portfolio_id: account.portfolio_id.clone(),
        });
    }
    accounts.dedup_by(|a, b| a.waba_id == b.waba_id && a.phone_number_id == b.phone_number_id);
    RunFacts {
        inputs: run.log.inputs.clone(),
        settings: run.plan.settings(),
        accounts,
        rows: run.log.row_counts(messages),
        rejected: run.log.rejected(),
        unknown: run.log.unknown(),
        log_period: run.log.intake.facts().period.map(|(from, to)| (from.to_string(), to.to_string())),
    }
}
