//! A chat as policies see and change it: a view of its messages, never the messages themselves.

use crate::model::{
    DAY, Day, Form, Instant, Message, MessageType, Observed, Span, TemplateCategory, Traffic as MeterTraffic,
};

/// More than 24 hours since the customer wrote.
const WINDOW_CLOSED: u32 = 131_047;
/// How long a free entry point lasts for certain (R37).
const ENTRY_POINT: Span = DAY.times(3);

/// One message of a chat.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its id.
    pub id: String,
    /// The business number.
    pub phone_number_id: String,
    /// The account it bills to.
    pub waba_id: String,
    /// The customer, as the log knows them.
    pub customer: String,
    /// Name of its template, or empty.
    pub template_name: String,
    /// What is judged.
    pub message: Message,
    /// What it contains, as far as the log says.
    pub kind: Option<MessageType>,
    /// Local day of its sending.
    pub day: Day,
    /// Meta's own verdict, as far as the log carries it.
    pub observed: Observed,
}

impl Said {
    /// The category of its template, if it is known.
    pub fn category(&self) -> Option<TemplateCategory> {
        self.message.template_category().filter(|_| !self.message.category_unknown)
    }

    /// Whether it is a reply: free-form, by a person or a bot.
    pub(super) fn is_free_form(&self) -> bool {
        self.message.form == Form::FreeForm
    }

    /// Whether it opens a service window.
    pub(super) fn opens_window(&self) -> bool {
        matches!(self.message.form, Form::Inbound { opens_window: true, .. })
    }

    /// Moves it to another moment; its delivery takes as long as it did.
    pub(super) fn move_to(&mut self, sent: Instant) {
        let took = self.message.delivered.map(|delivered| delivered.as_ms().saturating_sub(self.message.sent.as_ms()));
        self.message.sent = sent;
        self.message.delivered = took.and_then(|took| Instant::from_ms(sent.as_ms() + took));
    }

    /// What the platform says to a free-form message at its new moment: refused where no window is open; and where it was refused for
    /// that before and one is open now, delivered at once.
    pub(super) fn answer_of_platform(&mut self, windows: &Openings) {
        let message = &mut self.message;
        let open = windows.open_until(message.sent).is_some();
        if !open {
            message.delivered = None;
            message.error_code = WINDOW_CLOSED;
            message.traffic = MeterTraffic::Failed;
        } else if message.error_code == WINDOW_CLOSED && message.delivered.is_none() {
            message.delivered = Some(message.sent);
            message.error_code = 0;
            message.traffic = MeterTraffic::Message;
        }
    }
}

/// The moments at which service windows of a chat open or begin anew, in order.
#[derive(Debug)]
pub(super) struct Openings(Vec<Instant>);

impl Openings {
    pub(super) fn of(chat: &[Said]) -> Self {
        let calls = |said: &Said| (said.message.form == Form::Call).then_some(said.message.delivered).flatten();
        let opening = |said: &Said| if said.opens_window() { Some(said.message.sent) } else { calls(said) };
        let mut openings: Vec<Instant> = chat.iter().filter_map(opening).collect();
        openings.sort_unstable();
        Self(openings)
    }

    /// The end of the window that is open at a moment.
    pub(super) fn open_until(&self, at: Instant) -> Option<Instant> {
        let last = self.0[..self.0.partition_point(|opening| *opening <= at)].last()?;
        at.within(*last, DAY).then(|| last.plus(DAY))
    }

    /// The first opening after a moment.
    pub(super) fn after(&self, at: Instant) -> Option<Instant> {
        self.0.get(self.0.partition_point(|opening| *opening <= at)).copied()
    }
}

/// Free entry points of a chat: from the answer to a click, for as long as they last for certain.
pub(super) fn entry_points(chat: &[Said]) -> Vec<(Instant, Instant)> {
    let mut clicked: Option<Instant> = None;
    let mut found = Vec::new();
    for said in chat {
        match said.message.form {
            Form::Inbound { click: Some(_), .. } => clicked = Some(said.message.sent),
            Form::Template(_) | Form::FreeForm if said.message.delivered.is_some() => {
                if let Some(click) = clicked.take()
                    && said.message.sent.within(click, DAY)
                {
                    found.push((said.message.sent, said.message.sent.plus(ENTRY_POINT)));
                }
            }
            _ => {}
        }
    }
    found
}
