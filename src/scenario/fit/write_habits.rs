//! Writes how people talk, when, and how messages fare.

use super::super::defaults::FOLLOW_UP;
use super::draft::{Fates, Waits};
use super::lapses::Lapses;
use super::seen::KINDS;
use super::toml_text::{chance, delay, named_weights, of, quoted, shown_wait, weekdays};
use super::waits;
use super::write::Page;

/// Fewer conversations tell nothing of the hours; then templates do.
const LEAST_STARTS: u64 = 100;

/// `[traffic.number.….talk]`.
pub(super) fn talk(page: &mut Page<'_>, place: usize) {
    let (talks, habits) = (&page.log.talks[place], page.draft.numbers[place].clone());
    let answered: u64 = talks.replies[1..].iter().sum();
    let turns = waits::turns(&habits.going_on);
    let (silent, refused, by_agent, reactions) = (talks.replies[0], talks.refused, talks.by_agent, talks.reactions);
    let (conversations, fan_out) = (talks.conversations, Page::mean(&talks.replies));
    let (asks, replies) = (Page::counted(&talks.asks), Page::shared(&habits.replies));
    let firsts: u64 = talks.waits.iter().map(Lapses::total).sum();
    let name = page.number(place);
    page.line(&format!("\n[traffic.number.{name}.talk]"));
    if let Some(turns) = Page::shared(&turns).filter(|_| conversations > 0) {
        page.set("turns", &turns, &format!("{conversations} conversations, those cut short by silence set right"));
    }
    if let Some(asks) = asks {
        page.set("asks", &asks, "turns, by messages of the customer");
    }
    if let Some(replies) = replies {
        let from = format!("turns, by replies: {silent} had none, {answered} some; {fan_out:.2} on average");
        page.set("replies", &replies, &from);
    }
    page.set("bot", &chance(habits.bot), &format!("by the waits for {firsts} first replies"));
    page.set("business_agent", &chance(habits.agent), &format!("{by_agent} turns"));
    page.set(
        "forgotten",
        &chance(habits.forgotten),
        &format!("the answers to {refused} turns came after 24 h and were refused"),
    );
    page.set("reaction", &chance(habits.reaction), &format!("{reactions} reactions"));
    if let Some(template) = habits.reopen {
        let sent = page.log.sent[template].reopening;
        let template = quoted(&page.shape.templates[template].name);
        page.set("reopen", &template, &format!("{sent} sent within an hour of a refused reply"));
    }
    let names = page.journey_names();
    let follows = page.draft.journeys.iter().zip(&names).filter(|(journey, _)| {
        journey.outcome > 0.0 && usize::from(page.shape.templates[journey.steps[0].template].account) == place
    });
    let outcomes: Vec<String> = follows
        .map(|(journey, name)| format!("{{ journey = {}, chance = {} }}", quoted(name), chance(journey.outcome)))
        .collect();
    if !outcomes.is_empty() {
        page.set("outcome", &format!("[{}]", outcomes.join(", ")), "templates inside open windows");
    }
}

/// Questions, clicks, rhythm and delivery.
pub(super) fn all(page: &mut Page<'_>) {
    let questions = page.numbers_by(|place| page.log.talks[place].questions);
    if let Some(numbers) = questions {
        page.line("\n[traffic.question]");
        page.set("numbers", &numbers, "conversations begun by themselves");
    }
    clicks(page);
    rhythm(page);
    replies(page);
    let fates = page.draft.fates.clone();
    delivery(page, &fates);
}

fn clicks(page: &mut Page<'_>) {
    let (clicked, draft) = (&page.log.clicked, page.draft.clicks.clone());
    let all = clicked.flow.total();
    let (unanswered, late) = (of(clicked.unanswered, all), of(clicked.late, all));
    let kinds = ["ad", "page_cta", "post"].into_iter().zip(&clicked.kinds).zip(1_u64..);
    let sources: Vec<String> = kinds
        .filter(|((_, times), _)| **times > 0)
        .map(|((kind, times), place)| {
            let weight = (*times * 60_000).div_ceil(all.max(1)).max(1);
            format!("    {{ kind = \"{kind}\", id = \"40000000000000{place}\", weight = {weight} }}, # {times} clicks")
        })
        .collect();
    let numbers = page.numbers_by(|place| page.log.talks[place].clicks);
    page.line("\n[traffic.click]");
    if let Some(numbers) = numbers {
        page.set("numbers", &numbers, "clicks");
    }
    page.set("unanswered", &chance(draft.unanswered), &unanswered);
    page.set("forgotten", &chance(draft.forgotten), &format!("{late} answered after 8 h"));
    page.set("desktop", "0.0", "");
    if let Some((template, wait, share)) = draft.follow_up {
        let sent = page.log.sent[template].after_click;
        let name = quoted(&page.shape.templates[template].name);
        page.set("follow_up", &name, &format!("{sent} sent within ten days of a click"));
        page.set("follow_up_after", &delay(wait), "");
        page.set("follow_up_chance", &chance(share), "");
    } else {
        let name = page.shape.templates.first().map_or(FOLLOW_UP, |template| template.name.as_str());
        let name = quoted(name);
        page.set("follow_up", &name, "none was found");
        page.set("follow_up_chance", "0.0", "");
    }
    if !sources.is_empty() {
        page.line(&format!("source = [\n{}\n]", sources.join("\n")));
    }
}

fn rhythm(page: &mut Page<'_>) {
    let starts: u64 = page.log.start_hours.iter().sum();
    page.line("\n[traffic.rhythm]");
    let (hours, from) = if starts >= LEAST_STARTS {
        (page.log.start_hours.clone(), format!("{starts} conversations, in the customers' hours"))
    } else {
        let mut hours = vec![0; 24];
        for sent in &page.log.sent {
            hours.iter_mut().zip(&sent.hours).for_each(|(own, more)| *own += more);
        }
        (hours, "templates, in the customers' hours: there are too few conversations".to_owned())
    };
    if hours.iter().any(|hour| *hour > 0) {
        let filled = (0..24).map(|hour| hours.get(hour).copied().unwrap_or(0)).collect::<Vec<_>>();
        page.set("hours", &full_weights(&filled), &from);
    }
    if starts >= LEAST_STARTS {
        let days = weekdays(&page.log.start_days, &page.occurrences());
        page.set("days", &days, &format!("{starts} conversations, a day of the week being worth its mean"));
    } else {
        page.set("days", "[1, 1, 1, 1, 1, 1, 1]", "there are too few conversations to tell");
    }
}

/// All 24 weights, with nothing cut off at the end.
fn full_weights(hours: &[u64]) -> String {
    let largest = hours.iter().max().copied().unwrap_or(1).max(1);
    let scale = |hour: &u64| if largest > 60_000 { (hour * 60_000).div_ceil(largest) } else { *hour };
    let list: Vec<String> = hours.iter().map(|hour| scale(hour).to_string()).collect();
    format!("[{}]", list.join(", "))
}

fn replies(page: &mut Page<'_>) {
    let Waits { desk, bot, person, forgotten, customer } = page.draft.waits.clone();
    let (opens, closes) = desk.unwrap_or((0, 24));
    page.set("desk_opens", &format!("{opens:02}:00:00"), "where almost all replies that took minutes come from");
    let closes = if closes >= 24 { "23:59:59".to_owned() } else { format!("{closes:02}:00:00") };
    page.set("desk_closes", &closes, "");
    let waits =
        [("bot_reply", bot), ("person_reply", person), ("forgotten_reply", forgotten), ("customer_reply", customer)];
    for (name, wait) in waits {
        match wait {
            Some(wait) => page.set(name, &delay(wait), &format!("half within {}", shown_wait(wait.median()))),
            None => page.line(&format!("# {name} was not seen, and is as in any scenario.")),
        }
    }
    let named = |counts: &[u64]| {
        named_weights(KINDS.iter().zip(counts).map(|((_, name), count)| (*name, *count)))
            .filter(|text| !text.is_empty())
    };
    if let Some(kinds) = named(&page.log.inbound_kinds) {
        page.set("customer_types", &kinds, "messages");
    }
    if let Some(kinds) = named(&page.log.reply_kinds) {
        page.set("bot_types", &kinds, "messages of bots and people");
        page.set("person_types", &kinds, "");
    }
}

fn delivery(page: &mut Page<'_>, draft: &Fates) {
    let fates = &page.log.fates;
    let (unreachable, held) = (of(fates.unreachable, fates.tried), of(fates.held_back, fates.unasked));
    let lost = of(fates.lost, fates.replies);
    page.line("\n[traffic.delivery]");
    page.set(
        "unreachable",
        &chance(draft.unreachable),
        &format!("{unreachable} failed for another reason than the next two"),
    );
    page.set("held_back", &chance(draft.held_back), &format!("{held} of marketing outside of a service window"));
    page.set("lost", &chance(draft.lost), &format!("{lost} of the replies never arrived"));
    if let Some(prompt) = draft.prompt {
        page.set("prompt", &delay(prompt), &format!("half within {}", shown_wait(prompt.median())));
    }
    match draft.late {
        Some((late, by)) => {
            let accepted: u64 = page.log.sent.iter().map(|sent| sent.accepted).sum();
            page.set("late", &chance(late), &format!("by the waits of {accepted} templates"));
            page.set("late_by", &delay(by), "");
        }
        None => page.set("late", "0.0", "no second kind of wait was found"),
    }
}
