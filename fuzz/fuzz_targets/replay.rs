//! Whole runs: rows of any kind are folded, judged, rated and summed up.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use wabill::engine::{Plan, ReadHooks, Recorder, Run, Trust, read_log, replay};
use wabill::model::{ConversationRow, Currency, VerdictRow};
use wabill::read::{Input, ReadOptions, ReadProgress};
use wabill::tariff::{AccountBook, AccountDefaults, ProviderFees, Tariff, TariffOptions};

const HEADER: &[u8] = b"message_id,direction,customer_id,message_type,template_category,sent_at,delivered_at,status,referral_source_type,pricing_category,pricing_model,conversation_id,origin,phone_number_id,group_id\n";

struct Nothing;

impl Recorder for Nothing {
    type Buffer = ();
    fn verdict(&self, _: &mut (), _: &VerdictRow<'_>) {}
    fn conversation(&self, _: &mut (), _: &ConversationRow<'_>) {}
    fn write(&mut self, _: ()) -> std::io::Result<()> {
        Ok(())
    }
}

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let accounts = AccountBook::without_file(AccountDefaults { zone: None, currency: Currency::USD });
    Plan {
        read: ReadOptions { max_line: 1 << 16, ..ReadOptions::default() },
        provider: ProviderFees::preset("twilio").ok(),
        // Our own verdicts are made all the same.
        trust: Trust::Observed,
        ..Plan::new(Tariff::load(&TariffOptions::default()).expect("the embedded tariff"), accounts)
    }
});

static LOG: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("wabill-fuzz-{}.log", std::process::id())));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let known = bytes.starts_with(b"message_id") || matches!(bytes.first(), Some(b'{' | b'['));
    let whole = if known { bytes.to_vec() } else { [HEADER, bytes].concat() };
    std::fs::write(&*LOG, whole).expect("a file in the temporary folder");
    let (progress, interrupted) = (ReadProgress::default(), AtomicBool::new(false));
    let mut rejected = 0_u64;
    let mut hooks = ReadHooks {
        rejected: &mut |_| {
            rejected += 1;
            Ok(())
        },
        tick: &mut || (),
        progress: &progress,
        interrupted: &interrupted,
    };
    let Ok(log) = read_log(&PLAN, &[Input::File(LOG.clone())], &mut hooks) else { return };
    let replayed = replay(&Run::new(&PLAN, &log), &mut Nothing, &interrupted);
    assert!(replayed.is_ok(), "{:?}", replayed.err());
    assert_eq!(log.rejected().iter().map(|count| count.rows).sum::<u64>(), rejected);
});
