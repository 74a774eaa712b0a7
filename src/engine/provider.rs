//! Feeds the meter of a provider with judged messages, and names its charges.

use crate::model::{Rated, Verdict};
use crate::rate::{MeterPlace, ProviderMeter};
use crate::summarise::{Lines, ProviderFacts, ProviderLine, ProviderSummary};
use crate::tariff::{ProviderCalendar, ProviderFees};

use super::pass::{Judged, Run};
use super::replay::opens_conversation;

/// Counts a message if the plan has a provider and bills its day, which is one of the provider's calendar.
pub(super) fn meter(
    run: &Run<'_>,
    meter: &mut ProviderMeter,
    judged: &Judged<'_, '_>,
    rated: Option<(&Verdict<&str>, &Rated)>,
) {
    let Some(fees) = &run.plan.provider else { return };
    let message = &judged.message.message;
    let day = match fees.calendar {
        ProviderCalendar::Local => judged.day,
        ProviderCalendar::Utc => message.dated().utc_day(),
    };
    if !run.plan.bill.holds(day) {
        return;
    }
    let place = MeterPlace {
        account: judged.message.account,
        number: judged.account.number,
        month: day.month(),
        person: run.log.intake.person(judged.message.customer),
    };
    match rated {
        Some((verdict, rated)) => {
            let opens = opens_conversation(judged, verdict);
            meter.outbound(fees, &place, message, verdict, rated, opens);
        }
        None if message.is_inbound() => meter.inbound(fees, &place, message),
        None => {}
    }
}

/// The provider's bill, beside that of Meta.
pub(super) fn bill(
    run: &Run<'_>,
    fees: &ProviderFees,
    meter: &ProviderMeter,
    meta: &Lines,
) -> (Vec<ProviderLine>, ProviderSummary) {
    let facts = |account: u32| {
        let account = run.accounts.get(account);
        (account.number, account.account.currency)
    };
    let named = meter.charges(fees, facts).into_iter().map(|charge| {
        let account = &run.accounts.get(charge.account).account;
        ProviderLine {
            waba_id: account.waba_id.clone(),
            phone_number_id: account.phone_number_id.clone(),
            month: charge.month,
            item: charge.item,
            category: charge.category.map_or("", |category| category.name()),
            quantity: charge.quantity,
            unit_price: charge.unit_price,
            amount: charge.amount,
            currency: charge.currency,
            remark: charge.remark,
        }
    });
    let lines = ProviderLine::sorted(named.collect());
    let facts = ProviderFacts {
        name: fees.name.clone(),
        source: fees.source,
        settings: fees.entries().into_iter().collect(),
        notes: fees.notes.to_vec(),
    };
    let summary = ProviderSummary::new(facts, &lines, meta);
    (lines, summary)
}
