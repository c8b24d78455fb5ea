//! What pages ask around conversations : each question has a ticket, waits for the line
//! when there is none, is put again after a reconnect or a passing refusal, and is answered once,
//! by [`Effect::Answer`].
//!
//! A change may so be asked for twice; the server answers the second as it does the first, or says
//! that it was changed meanwhile.

use std::collections::BTreeMap;

use shared_proto::refusal::Refusal;
use shared_proto::wire::{Reply, Request};

use super::{Effect, State, Timer, retry_after_ms};

/// Recognises one question of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// Questions not answered yet.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    waiting: BTreeMap<Ticket, Request>,
}

impl State {
    /// A page asks.
    pub(super) fn office(&mut self, ticket: Ticket, request: Request) {
        if self.me().is_none() {
            self.answer(ticket, Err(Refusal::SignInRequired));
            return;
        }
        self.desk.waiting.insert(ticket, request);
        self.ask_desk();
    }

    /// A page has gone; its question needs no answer any more. A change already on its way stays.
    pub(super) fn office_left(&mut self, ticket: Ticket) {
        self.desk.waiting.remove(&ticket);
    }

    /// Puts every question that is not under way.
    pub(super) fn ask_desk(&mut self) {
        let waiting: Vec<Request> = self.desk.waiting.values().cloned().collect();
        for request in waiting {
            if !self.requests.is_asked(&request) {
                self.ask(request);
            }
        }
    }

    /// Whether a page waits for the answer to this.
    pub(super) fn waits_for(&self, request: &Request) -> bool {
        self.desk.waiting.values().any(|waits| waits == request)
    }

    /// Everyone who asked this is answered.
    pub(super) fn office_answered(&mut self, request: &Request, result: Result<Reply, Refusal>) {
        if let Some(wait) = result.as_ref().err().and_then(retry_after_ms) {
            self.effects.push(Effect::After(wait, Timer::Desk));
            return;
        }
        let asked = self.desk.waiting.iter().filter(|(_, waits)| *waits == request);
        let tickets: Vec<Ticket> = asked.map(|(ticket, _)| *ticket).collect();
        for ticket in tickets {
            self.desk.waiting.remove(&ticket);
            self.answer(ticket, result.clone());
        }
    }

    /// Whoever asked is gone: nobody reads the answer.
    pub(super) fn close_desk(&mut self) {
        for ticket in std::mem::take(&mut self.desk.waiting).into_keys() {
            self.answer(ticket, Err(Refusal::SignInRequired));
        }
    }

    fn answer(&mut self, ticket: Ticket, result: Result<Reply, Refusal>) {
        self.effects.push(Effect::Answer(ticket, Box::new(result)));
    }
}
