//! wabill replays a WhatsApp Business message log the way Meta's billing saw it.
//!
//! Data flows one way:
//!
//! ```text
//! logs ─▶ read ─▶ Observation ─▶ chat (partition, fold) ─▶ Message ─▶ judge ─▶ Verdict ─▶ rate ─▶ Rated ─▶ summarise ─▶ Summary ─▶ report
//! scenario ─▶ a synthetic log
//! ```
//!
//! The three types to know are [`model::Message`] (everything a log says about one message), [`model::Verdict`] (what billing makes of
//! it, and by which rule) and [`summarise::Line`] (the bill). [`engine`] is the only module that calls every stage.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use wabill::engine::{Plan, ReadHooks, Recorder, Run, read_log, replay};
//! use wabill::model::{ConversationRow, Currency, VerdictRow};
//! use wabill::read::{Input, ReadProgress};
//! use wabill::tariff::{AccountBook, AccountDefaults, Tariff, TariffOptions};
//!
//! struct Nothing;
//! impl Recorder for Nothing {
//!     type Buffer = ();
//!     fn verdicts(&self, _: &mut (), _: &[VerdictRow<'_>]) {}
//!     fn conversations(&self, _: &mut (), _: &[ConversationRow<'_>]) {}
//!     fn write(&mut self, _: ()) -> std::io::Result<()> { Ok(()) }
//! }
//!
//! let log = "message_id,direction,customer_id,message_type,template_category,sent_at,delivered_at\n\
//!            m1,outbound,5511999990001,template,utility,2026-10-13T08:00:00Z,2026-10-13T08:00:02Z\n";
//! let accounts = AccountBook::without_file(AccountDefaults { zone: None, currency: Currency::USD });
//! let plan = Plan::new(Tariff::load(&TariffOptions::default())?, accounts);
//! let (progress, interrupted) = (ReadProgress::default(), AtomicBool::new(false));
//! let mut hooks = ReadHooks { rejected: &mut |_| Ok(()), tick: &mut || (), progress: &progress, interrupted: &interrupted };
//! let log = read_log(&plan, &[Input::Embedded("log", log.as_bytes())], &mut hooks)?;
//! let replayed = replay(&Run::new(&plan, &log), &mut Nothing, &interrupted)?;
//! assert_eq!(replayed.summary.totals[0].billed_cost, "0.0068"); // utility to Brazil, card of October 2026
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod chat;
pub mod engine;
pub mod judge;
pub mod model;
pub mod rate;
pub mod read;
pub mod report;
pub mod scenario;
pub mod summarise;
pub mod tariff;
