//! The slow and obvious second opinion: a direct transcription of the reference procedure, rules.md §2.10.
//!
//! A chat is walked in key order; every question about the past ("was the window open at x?", "which
//! conversations are open at d?") is answered by scanning a list from its start. What crosses chats is in
//! `pools`. Where the text leaves a choice, the comment says READING.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::facts::{
    Account, DAY, FepLength, HOUR, Log, Message, Ms, Regime, Settings, Verdict, Window, local_date, ymd,
};
use super::pools::{Draw, Judged};
use super::tables::Tables;
use super::windows::{Conversation, FEP, Windows};
use super::{pools, rows};

/// What the branches of the procedure need to know about a delivered, permitted message.
struct Ask<'a> {
    index: usize,
    message: &'a Message,
    account: &'a Account,
    s: Ms,
    d: Ms,
    regime: Regime,
    template: bool,
    own: String,
    billed_as: String,
    /// The service window at s; true for a trusted free-form message (Q9).
    csw: bool,
    answer_in_time: bool,
}

impl Ask<'_> {
    /// The conversation that this message opens.
    fn opens(&self, kind: &str, start: Ms, length: Ms) -> Conversation {
        Conversation {
            opener: self.index,
            id: self.message.id.clone(),
            regime: self.regime,
            kind: kind.to_string(),
            start,
            end: start + length,
            closed: None,
            rolling: false,
        }
    }

    /// R9b. READING: by the message's own category, so `authentication` also waives the
    /// international rate, and a CBP1 opener is not waived by its kind. A notification is waived by the
    /// category of its template, too, as the account names categories and not regimes.
    fn is_waived(&self) -> bool {
        let waived = &self.account.waived;
        waived.contains(&self.own)
            || (self.own == "notification"
                && waived.contains(&rows::own_category(
                    self.message,
                    Regime::Cbp1,
                    local_date(self.d, self.account.zone),
                )))
    }
}

/// The verdict of every judged message, by its index in the log, and the windows of all chats.
pub(crate) fn judge(tables: &Tables, log: &Log) -> (BTreeMap<usize, Verdict>, Vec<Window>) {
    // R23, R24: all window state belongs to the pair (number, customer), whatever WABA sent.
    let mut chats: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, message) in log.messages.iter().enumerate() {
        chats.entry((&message.number, &message.customer)).or_default().push(index);
    }
    let mut judged = Vec::new();
    let mut conversations = Vec::new();
    for mut chat in chats.into_values() {
        chat.sort_by_key(|&index| rows::key(log, &log.messages[index]));
        let messages = chat.iter().map(|&index| &log.messages[index]);
        let opens = messages.filter_map(|message| rows::opens_window(log, message)).collect();
        let mut walk = Walk { tables, log, settings: &log.settings, windows: Windows::new(opens) };
        for index in chat {
            judged.extend(walk.step(index));
        }
        conversations.extend(walk.windows.conversations);
    }
    pools::resolve(tables, log, &mut judged);
    let verdicts: BTreeMap<usize, Verdict> = judged.into_iter().map(|j| (j.index, j.verdict)).collect();
    let windows = conversations.into_iter().map(|c| Window {
        opener: c.opener,
        start: c.start,
        end: c.end,
        closed_by_fep: c.closed,
        verdict: verdicts[&c.opener].outcome.clone(),
    });
    let windows = windows.collect();
    (verdicts, windows)
}

struct Walk<'a> {
    tables: &'a Tables,
    log: &'a Log,
    settings: &'a Settings,
    windows: Windows,
}

impl Walk<'_> {
    /// The next row of the chat takes its turn.
    fn step(&mut self, index: usize) -> Option<Judged> {
        let message = &self.log.messages[index];
        if message.is_judged() {
            return Some(self.outbound(index));
        }
        if rows::is_click(self.log, message) {
            self.windows.click(message.at);
        }
        if let Some(t) = rows::opens_window(self.log, message) {
            self.windows.extend_fep(t);
        }
        None
    }

    /// The tests in the order of Q21.
    fn outbound(&mut self, index: usize) -> Judged {
        let message = &self.log.messages[index];
        let account = self.log.account(message);
        let s = message.sent;
        // Q1: by delivery, and by sending where there was none.
        let day = local_date(message.delivered.unwrap_or(s), account.zone);
        let sent_day = local_date(s, account.zone);
        let regime = Regime::on(day);
        // R20b: a message with a category is a template, whatever its type.
        let template = !message.category.is_empty();
        let own = rows::own_category(message, regime, day);
        let verdict = Verdict {
            regime: regime.name().to_string(),
            category: own.clone(),
            market: self.tables.market(&message.customer, day),
            ..Verdict::default()
        };
        let out = Judged { index, day, verdict, draw: Draw::Nothing };

        if message.origin == "history" || message.origin == "business_app" {
            return out.says("not_billed", &message.origin, "R72");
        }
        if message.kind == "reaction" {
            return out.says("not_billed", "reaction", "R71");
        }
        let Some(d) = message.delivered else {
            return out.says("not_billed", "not_delivered", "R2").error(&message.error_code);
        };
        let csw = self.windows.csw_open(s);
        if !template && !csw && self.settings.refuse {
            return out.says("not_billed", "window_closed", "R20").error("131047");
        }
        if self.settings.refuse && self.is_paused(message, &own, sent_day) {
            return out.says("not_billed", "marketing_paused", "R71").error("131049");
        }

        let answer_in_time = self.answers_in_time(s, sent_day);
        let billed_as = rows::billed_as(self.tables, message, account, &own, day);
        let csw = csw || !template;
        let ask = Ask { index, message, account, s, d, regime, template, own, billed_as, csw, answer_in_time };
        match regime {
            Regime::Nbp => nbp(&ask, out),
            Regime::Cbp1 | Regime::Cbp1b | Regime::Cbp2 | Regime::Cbp3 => self.cbp(&ask, out),
            Regime::Pmp1 | Regime::Pmp2 => self.pmp(&ask, out),
        }
    }

    /// R71, Q27: the pause goes by the date of sending and holds for MM Lite too.
    fn is_paused(&self, message: &Message, own: &str, sent_day: NaiveDate) -> bool {
        self.settings.us_pause
            && (own == "marketing" || own == "marketing_lite")
            && sent_day >= ymd(2025, 4, 1)
            && self.tables.is_us(&message.customer)
    }

    /// R35, Q20. A trusted message with a closed window breaks the span all the same (Q9).
    fn answers_in_time(&self, s: Ms, sent_day: NaiveDate) -> bool {
        self.windows.click_before(s).is_some_and(|click| {
            let by_csw = sent_day >= self.settings.fep_7_days_from;
            if by_csw { self.windows.csw_unbroken(click, s) } else { s < click + DAY }
        })
    }

    fn cbp(&mut self, ask: &Ask, out: Judged) -> Judged {
        let d = ask.d;
        let first_cbp = ask.regime.is_first_cbp();
        if let Some(fep) = self.windows.fep_at(d) {
            return covered(&fep, ask, out, "R38");
        }
        let open = self.windows.open_at(d);
        // R26; and R11: one that was opened under CBP1/1b still swallows everything after a change.
        // READING ("any such conversation"): opened there, not a category conversation of another WABA.
        if let Some(single) = open.iter().find(|c| c.is_by_starter()) {
            return covered(single, ask, out, "R26");
        }
        if ask.answer_in_time {
            // R37: 24 hours in CBP1, three days after it. R36: from the delivery.
            let length = if ask.regime == Regime::Cbp1 { DAY } else { 72 * HOUR };
            self.windows.open_fep(ask.opens(FEP, d, length), ask.s);
            let out = out.category("referral_conversion").conversation(&ask.message.id);
            return out.says("free", FEP, "R35");
        }
        if first_cbp {
            return self.open_by_starter(ask, out);
        }
        // R27: a template needs its own category; R29: free-form takes the oldest of any (Q17).
        if let Some(same) = open.iter().find(|c| !ask.template || c.kind == ask.own) {
            let rule = if ask.template { "R27" } else { "R29" };
            return covered(same, ask, out, rule);
        }
        // Q28: it is of the template's category; only its rate may be the international one.
        self.windows.conversations.push(ask.opens(&ask.own, d, DAY));
        let out = out.category(&ask.billed_as).conversation(&ask.message.id);
        if ask.is_waived() {
            out.says("free", "waived", "R9b")
        } else if ask.template {
            out.says("charged", "", "R27")
        } else if ask.regime == Regime::Cbp3 {
            out.says("free", "service_free", "R29")
        } else {
            out.says("charged", "", "R49").draws(Draw::Conversation)
        }
    }

    /// R25, R47, R48: a conversation of CBP1 or `CBP1b`.
    fn open_by_starter(&mut self, ask: &Ask, out: Judged) -> Judged {
        let kind = if ask.csw { "user_initiated" } else { "business_initiated" };
        self.windows.conversations.push(ask.opens(kind, ask.d, DAY));
        let out = out.category(kind).conversation(&ask.message.id);
        let dropped_out = ask.regime == Regime::Cbp1b
            && !ask.account.partner_served
            && kind == "business_initiated"
            && out.day >= ymd(2023, 4, 4);
        if ask.is_waived() {
            out.says("free", "waived", "R9b")
        } else if dropped_out {
            out.says("charged", "", "R48")
        } else {
            out.says("charged", "", "R47").draws(Draw::Conversation)
        }
    }

    fn pmp(&mut self, ask: &Ask, out: Judged) -> Judged {
        let settings = self.settings;
        // Q10: tokens are charged even inside a free entry point, and open none.
        if ask.own == "business_agent" {
            let charged = out.day >= ymd(2026, 8, 1);
            let (verdict, reason) = if charged { ("charged", "") } else { ("free", "not_yet_charged") };
            return out.says(verdict, reason, "R59");
        }
        let out = out.category(&ask.billed_as);
        let service = !ask.template && ask.regime == Regime::Pmp2;
        let draw = if service && settings.fep_uses_allowance { Draw::PlaceOnly } else { Draw::Nothing };
        // READING (R38): with `fep_evaluated_at = delivered` the test is made at d, against the free
        // entry point as it stands when the message takes its turn, which stays s.
        let inside_at = if settings.fep_at_delivery { ask.d } else { ask.s };
        if let Some(fep) = self.windows.fep_at(inside_at) {
            let rule = if fep.regime.is_pmp() { "R38" } else { "R14" };
            return out.says("free", FEP, rule).conversation(&fep.id).draws(draw);
        }
        if ask.answer_in_time {
            let fep = self.pmp_fep(ask);
            self.windows.open_fep(fep, ask.s);
            return out.says("free", FEP, "R35").conversation(&ask.message.id).draws(draw);
        }
        // R12, and R13 where the setting keeps the others. READING: MM Lite goes with marketing, and
        // such a conversation covers before anything is waived.
        if ask.template && (ask.own == "utility" || settings.keep_conversations) {
            let open = self.windows.open_at(ask.s);
            if let Some(left) = open.iter().find(|c| c.kind == ask.own) {
                let rule = if ask.own == "utility" { "R12" } else { "R11" };
                return covered(left, ask, out.category(&ask.own), rule);
            }
        }
        // READING (Q21): literally, a waived category is waived even where it would be free anyway.
        if ask.is_waived() {
            return out.says("free", "waived", "R9b");
        }
        let csw_at = if settings.csw_at_delivery { ask.d } else { ask.s };
        match (ask.regime, ask.template) {
            (Regime::Pmp1, true) if ask.own == "utility" && self.windows.csw_open(csw_at) => {
                out.says("free", "free_customer_service", "R22")
            }
            (Regime::Pmp1, true) => out.says("charged", "", "R55"),
            (Regime::Pmp1, false) => out.says("free", "free_customer_service", "R55"),
            (_, true) => out.says("charged", "", "R56"),
            (_, false) => out.says("charged", "", "R51").draws(Draw::Service),
        }
    }

    /// R36, R37: from the sending of the answer, whose local date decides the length (Q16).
    fn pmp_fep(&self, ask: &Ask) -> Conversation {
        let long = local_date(ask.s, ask.account.zone) >= self.settings.fep_7_days_from;
        let (length, rolling) = match self.settings.fep_length {
            FepLength::Rolling => (72 * HOUR, long),
            FepLength::Fixed168 if long => (7 * DAY, false),
            FepLength::Fixed72 | FepLength::Fixed168 => (72 * HOUR, false),
        };
        Conversation { rolling, ..ask.opens(FEP, ask.s, length) }
    }
}

/// R73, R74: no conversation, no free entry point; a click stays pending.
fn nbp(ask: &Ask, out: Judged) -> Judged {
    if ask.is_waived() {
        out.says("free", "waived", "R9b")
    } else if ask.template {
        out.says("charged", "", "R73")
    } else {
        out.says("free", "session_message", "R74")
    }
}

/// Q22: R11 wherever the covering conversation was opened in an earlier regime.
/// READING: a free entry point is a conversation too, and CBP1 is earlier than `CBP1b`. R12 speaks of
/// utility only, so the others that a setting keeps are R11.
fn covered(by: &Conversation, ask: &Ask, out: Judged, rule: &str) -> Judged {
    let earlier = by.regime < ask.regime && rule != "R12";
    let rule = if earlier { "R11" } else { rule };
    out.says("covered", &by.kind, rule).conversation(&by.id)
}
