//! The tables of contract §3.

use std::borrow::Cow;

use crate::model::{
    ConversationRow, DisagreementRow, ObservedCategory, PricingModel, PricingType, ProposedAccount, Rejection,
    VerdictRow,
};
use crate::summarise::Line;

use super::cells::{Cells, CsvCells};
use super::csv_row::CsvRow;

/// Header of `verdicts.csv`.
pub const VERDICTS_HEADER: &str = "message_id,customer_id,phone_number_id,waba_id,sent_at,delivered_at,regime,template_category,template_name,category,verdict,reason,error_code,conversation_id,rule,market,tier,list_cost,billed_cost,currency,flags\n";
/// Header of `conversations.csv`.
pub const CONVERSATIONS_HEADER: &str = "conversation_id,waba_id,phone_number_id,customer_id,category,opened_at,expires_at,closed_at,closed_by,messages_out,messages_in,verdict,reason,rule,regime,market,list_cost,billed_cost,currency\n";
/// Header of `lines.csv`.
pub const LINES_HEADER: &str = "waba_id,phone_number_id,currency,day,regime,market,category,template_name,verdict,reason,tier,messages,conversations,list_cost,billed_cost\n";
/// Header of `disagreements.csv`.
pub const DISAGREEMENTS_HEADER: &str = "message_id,customer_id,phone_number_id,waba_id,sent_at,delivered_at,regime,our_verdict,our_reason,our_category,our_rule,meta_model,meta_type,meta_subtype,meta_category,meta_origin,meta_billable,cause,explanation\n";
/// Header of `rejected.csv`.
pub const REJECTED_HEADER: &str = "file,line,byte_offset,code,message,raw\n";

/// Header of a proposed `accounts.csv`.
pub const ACCOUNTS_HEADER: &str = "phone_number_id,waba_id,business_phone,waba_timezone,currency,portfolio_id,primary_location,auth_intl_eligible_from,partner_served,waived_categories,auth_intl_exceptions,service_exempt_until\n";

/// Appends a row of a proposed `accounts.csv`: what the log cannot tell is left to be filled in.
pub fn write_proposed_account(buffer: &mut Vec<u8>, account: &ProposedAccount) {
    let mut row = CsvRow::new(buffer);
    row.text(&account.phone_number_id).text(&account.waba_id).text(&account.business_phone);
    for _ in 3..ACCOUNTS_HEADER.split(',').count() {
        row.text("");
    }
    row.end();
}

/// Appends a row of `verdicts.csv`.
pub fn write_verdict(buffer: &mut Vec<u8>, row: &VerdictRow<'_>) {
    let mut cells = CsvCells { out: CsvRow::new(buffer), row };
    verdict_cells(&mut cells);
    cells.out.end();
}

/// Verdicts, column by column.
pub(super) fn verdict_cells<'v>(cells: &mut impl Cells<VerdictRow<'v>>) {
    cells
        .text(|row| row.message_id)
        .customer(|row| row.customer)
        .text(|row| row.phone_number_id)
        .text(|row| row.waba_id)
        .time(|row| Some(row.sent))
        .time(|row| row.delivered)
        .name(|row| row.regime.name())
        .name(|row| row.template_category.map_or("", |category| category.name()))
        .text(|row| row.template_name)
        .name(|row| row.category.name())
        .name(|row| row.outcome.name())
        .name(|row| row.outcome.reason())
        .code(|row| (row.error_code != 0).then_some(row.error_code))
        .text(|row| row.conversation_id.unwrap_or(""))
        .name(|row| row.rule.name())
        .text(|row| row.market)
        .optional(|row| row.tier)
        .money(|row| row.list_cost)
        .money(|row| row.billed_cost)
        .text(|row| row.currency.code())
        .names(flag_names);
}

fn flag_names(row: &VerdictRow<'_>) -> Cow<'static, str> {
    let mut names = Cow::Borrowed("");
    for flag in row.flags.iter() {
        if names.is_empty() {
            names = Cow::Borrowed(flag.name());
        } else {
            names.to_mut().extend([";", flag.name()]);
        }
    }
    names
}

/// Appends a row of `conversations.csv`.
pub fn write_conversation(buffer: &mut Vec<u8>, row: &ConversationRow<'_>) {
    let mut cells = CsvCells { out: CsvRow::new(buffer), row };
    conversation_cells(&mut cells);
    cells.out.end();
}

/// Conversations, column by column.
pub(super) fn conversation_cells<'v>(cells: &mut impl Cells<ConversationRow<'v>>) {
    cells
        .text(|row| row.conversation_id)
        .text(|row| row.waba_id)
        .text(|row| row.phone_number_id)
        .customer(|row| row.customer)
        .name(|row| row.category)
        .time(|row| Some(row.opened))
        .time(|row| Some(row.expires))
        .time(|row| row.closed.at())
        .name(|row| row.closed.name())
        .count(|row| row.messages_out)
        .count(|row| row.messages_in)
        .name(|row| row.outcome.name())
        .name(|row| row.outcome.reason())
        .name(|row| row.rule.name())
        .name(|row| row.regime.name())
        .text(|row| row.market)
        .money(|row| row.list_cost)
        .money(|row| row.billed_cost)
        .text(|row| row.currency.code());
}

/// Appends a row of `disagreements.csv`.
pub fn write_disagreement(buffer: &mut Vec<u8>, row: &DisagreementRow<'_>) {
    let seen = &row.observed;
    CsvRow::new(buffer)
        .text(row.message_id)
        .text(&row.customer.to_string())
        .text(row.phone_number_id)
        .text(row.waba_id)
        .plain(row.sent)
        .optional(row.delivered)
        .plain(row.regime.name())
        .plain(row.outcome.name())
        .plain(row.outcome.reason())
        .plain(row.category.name())
        .plain(row.rule)
        .optional(seen.model.map(PricingModel::name))
        .optional(seen.kind.map(PricingType::name))
        .optional(seen.exempt.then_some("paid_exempt"))
        .optional(seen.category.map(ObservedCategory::name))
        .optional(seen.origin.map(ObservedCategory::name))
        .optional(seen.billable)
        .plain(row.cause)
        .text(row.explanation)
        .end();
}

/// Appends a row of `lines.csv`.
pub fn write_line(buffer: &mut Vec<u8>, line: &Line<'_>) {
    CsvRow::new(buffer)
        .text(line.waba_id)
        .text(line.phone_number_id)
        .name(line.currency.code())
        .plain(line.day)
        .name(line.regime.name())
        .text(line.market)
        .name(line.category.name())
        .text(line.template_name)
        .name(line.outcome.name())
        .name(line.outcome.reason())
        .optional(line.tier)
        .number(line.sums.messages)
        .number(line.sums.conversations)
        .money(Some(line.sums.list))
        .money(Some(line.sums.billed))
        .end();
}

/// Appends a row of `rejected.csv`.
pub fn write_rejection(buffer: &mut Vec<u8>, rejection: &Rejection) {
    CsvRow::new(buffer)
        .text(&rejection.location.file)
        .plain(rejection.location.line)
        .plain(rejection.location.byte_offset)
        .plain(rejection.code.name())
        .text(&rejection.message)
        .text(&rejection.raw)
        .end();
}
