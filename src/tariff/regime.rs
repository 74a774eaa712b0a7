//! The billing models as one dated table (rules §1.1). A new regime with old mechanics is a new row.

use crate::model::{DAY, Day, RegimeId, Span};

use super::CardFamily;

/// How a regime counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// By notification: each delivered template (R73).
    Notification,
    /// By conversation: in the order of delivery (R24–R33).
    Conversation,
    /// By message: in the order of sending (R55–R60).
    Message,
}

/// What a regime gives free each month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Nothing.
    None,
    /// Conversations of either kind, per WABA (R47).
    Conversations,
    /// As before, but business-initiated ones count only for accounts served by a partner from the milestone on (R48).
    ConversationsByPartner,
    /// Service conversations, per WABA (R49).
    ServiceConversations,
    /// Delivered service messages, per business phone number (R51).
    ServiceMessages,
}

/// What a free-form message costs in a regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServicePrice {
    /// Nothing: there is no such price.
    Free,
    /// Its own rate, once the allowance is used up.
    Charged,
}

/// One billing model.
#[derive(Clone, Copy, Debug)]
pub struct Regime {
    /// Its name.
    pub id: RegimeId,
    /// First local day of the WABA (R10).
    pub from: Day,
    /// How it counts.
    pub family: Family,
    /// The cards it is priced by; a message never takes a rate of another family (Q5).
    pub card: Option<CardFamily>,
    /// At most one conversation open in a chat, whatever its kind (R25).
    pub one_conversation: bool,
    /// Length of a free entry point before the milestone of 2026; `None` where there is none (R37, R74).
    pub fep: Option<Span>,
    /// What is free each month.
    pub allowance: Allowance,
    /// What free-form costs.
    pub service: ServicePrice,
    /// Utility templates inside an open customer service window are free (R22).
    pub utility_free_in_window: bool,
}

/// Units that are free each month wherever there is an allowance (R47, R49, R51).
pub const MONTHLY_ALLOWANCE: u64 = 1_000;

const fn from(year: i32, month: i32, day: i32) -> Day {
    // Days from civil, so that the table can be a constant.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    Day::from_epoch_days(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468)
}

/// All regimes in the order of their start.
pub const REGIMES: [Regime; 7] = [
    Regime {
        id: RegimeId::Nbp,
        from: from(1970, 1, 1),
        family: Family::Notification,
        card: Some(CardFamily::Nbp),
        one_conversation: false,
        fep: None,
        allowance: Allowance::None,
        service: ServicePrice::Free,
        utility_free_in_window: false,
    },
    Regime {
        id: RegimeId::Cbp1,
        from: from(2022, 2, 1),
        family: Family::Conversation,
        card: Some(CardFamily::Cbp2022),
        one_conversation: true,
        fep: Some(DAY),
        allowance: Allowance::Conversations,
        service: ServicePrice::Charged,
        utility_free_in_window: false,
    },
    Regime {
        id: RegimeId::Cbp1b,
        from: from(2023, 3, 1),
        family: Family::Conversation,
        card: Some(CardFamily::Cbp2022),
        one_conversation: true,
        fep: Some(DAY.times(3)),
        allowance: Allowance::ConversationsByPartner,
        service: ServicePrice::Charged,
        utility_free_in_window: false,
    },
    Regime {
        id: RegimeId::Cbp2,
        from: from(2023, 6, 1),
        family: Family::Conversation,
        card: Some(CardFamily::Cbp2023),
        one_conversation: false,
        fep: Some(DAY.times(3)),
        allowance: Allowance::ServiceConversations,
        service: ServicePrice::Charged,
        utility_free_in_window: false,
    },
    Regime {
        id: RegimeId::Cbp3,
        from: from(2024, 11, 1),
        family: Family::Conversation,
        card: Some(CardFamily::Cbp2023),
        one_conversation: false,
        fep: Some(DAY.times(3)),
        allowance: Allowance::None,
        service: ServicePrice::Free,
        utility_free_in_window: false,
    },
    Regime {
        id: RegimeId::Pmp1,
        from: from(2025, 7, 1),
        family: Family::Message,
        card: Some(CardFamily::Pmp),
        one_conversation: false,
        fep: Some(DAY.times(3)),
        allowance: Allowance::None,
        service: ServicePrice::Free,
        utility_free_in_window: true,
    },
    Regime {
        id: RegimeId::Pmp2,
        from: from(2026, 10, 1),
        family: Family::Message,
        card: Some(CardFamily::Pmp),
        one_conversation: false,
        fep: Some(DAY.times(3)),
        allowance: Allowance::ServiceMessages,
        service: ServicePrice::Charged,
        utility_free_in_window: false,
    },
];

impl Regime {
    /// The kind of card that Meta publishes for it: none per notification, where only a user's own card has rates.
    pub fn published_card(&self) -> Option<CardFamily> {
        self.card.filter(|family| *family != CardFamily::Nbp)
    }

    /// The regime in force on a local day (R10).
    pub fn on(day: Day) -> &'static Regime {
        // From the newest: most logs are recent.
        REGIMES.iter().rev().find(|regime| regime.from <= day).unwrap_or(&REGIMES[0])
    }

    /// The regime of that name.
    pub fn named(name: &str) -> Option<&'static Regime> {
        REGIMES.iter().find(|regime| regime.id.name() == name)
    }

    /// The row of that id.
    pub fn of(id: RegimeId) -> &'static Regime {
        &REGIMES[id as usize]
    }

    /// Its last day, or `None` for the newest.
    pub fn last_day(&self) -> Option<Day> {
        REGIMES.get(self.id as usize + 1).map(|next| next.from.previous())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_regime_starts_on_its_day_r10() {
        let table = [
            ("2022-01-31", "nbp"),
            ("2022-02-01", "cbp-2022"),
            ("2023-02-28", "cbp-2022"),
            ("2023-03-01", "cbp-2023-03"),
            ("2023-05-31", "cbp-2023-03"),
            ("2023-06-01", "cbp-2023-06"),
            ("2024-10-31", "cbp-2023-06"),
            ("2024-11-01", "cbp-2024-11"),
            ("2025-06-30", "cbp-2024-11"),
            ("2025-07-01", "pmp-2025-07"),
            ("2026-09-30", "pmp-2025-07"),
            ("2026-10-01", "pmp-2026-10"),
        ];
        for (day, name) in table {
            assert_eq!(Regime::on(Day::parse(day).unwrap()).id.name(), name, "{day}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_found_by_id() {
        assert!(REGIMES.is_sorted_by_key(|regime| regime.from));
        for (i, regime) in REGIMES.iter().enumerate() {
            assert_eq!(regime.id as usize, i);
            assert_eq!(Regime::named(regime.id.name()).unwrap().id, regime.id);
        }
        assert_eq!(Regime::of(RegimeId::Pmp1).last_day().unwrap().to_string(), "2026-09-30");
    }
}
