//! Meta's verdict beside ours, in a few printed lines.

use std::fmt::Write;

use crate::summarise::ObservedSummary;

use super::words;

/// How far Meta's verdicts agree with ours, and where the rest comes from.
pub(super) fn observed_text(observed: &ObservedSummary) -> String {
    let mut text = format!("\nMeta's own verdict  {}\n", agreement(observed));
    let differ = observed.compared - observed.agreed;
    let mut causes: Vec<_> = observed.causes.iter().collect();
    causes.sort_by_key(|one| (std::cmp::Reverse(one.messages), one.cause));
    for one in causes {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "  {} of {} {}: {}",
            words::count(one.messages),
            words::count(differ),
            if differ == 1 { "disagreement" } else { "disagreements" },
            one.in_short
        );
    }
    for one in &observed.not_comparable {
        let _ = writeln!(text, "  {} not compared: {}", words::count(one.messages), one.explanation);
    }
    text
}

fn agreement(observed: &ObservedSummary) -> String {
    let Some(percent) = &observed.agreement_percent else { return "nothing that can be compared with ours".to_owned() };
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let compared = words::count(observed.compared);
    let noun = if observed.compared == 1 { "message" } else { "messages" };
    let file = if observed.agreed < observed.compared { " (disagreements.csv)" } else { "" };
    format!("{percent} % of {compared} {noun} agree with ours{file}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summarise::CauseCount;

    fn observed(compared: u64, agreed: u64, percent: Option<&str>) -> ObservedSummary {
        ObservedSummary {
            carried: compared,
            compared,
            agreed,
            agreement_percent: percent.map(str::to_owned),
            not_comparable: Vec::new(),
            causes: Vec::new(),
            matrix: Vec::new(),
        }
    }

    #[test]
    fn full_agreement_is_100_percent_and_names_no_file() {
        let text = observed_text(&observed(1200, 1200, Some("100.00")));
        assert_eq!(text, "\nMeta's own verdict  100 % of 1,200 messages agree with ours\n");
    }

    #[test]
    fn causes_stand_by_weight() {
        let cause = |cause, messages, in_short| CauseCount { cause, messages, explanation: "", in_short };
        let some = ObservedSummary {
            causes: vec![cause("window", 9, "late"), cause("template_category", 31, "category differs")],
            ..observed(5000, 4960, Some("99.20"))
        };
        assert_eq!(
            observed_text(&some),
            "\nMeta's own verdict  99.2 % of 5,000 messages agree with ours (disagreements.csv)\n  31 of 40 disagreements: \
             category differs\n  9 of 40 disagreements: late\n"
        );
    }
}
