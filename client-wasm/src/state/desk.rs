//! What pages ask: each question has a ticket, waits for the line when there is none, is put again
//! after a reconnect or a passing refusal, and is answered once, by [`Effect::Answer`]. Nothing here
//! knows what is asked: questions and answers are bytes, which `hooks/desk.rs` writes and reads.
//!
//! A change may so be asked for twice; the server answers the second as it does the first, or says
//! that it was changed meanwhile.

use shared_proto::refusal::Refusal;

use super::{Effect, State, Timer, retry_after_ms};
use crate::protocol::{self, Request};

/// Recognises one question of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ticket(pub u32);

/// Questions not answered yet, in the order they were asked.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    waiting: Vec<(Ticket, Vec<u8>)>,
}

impl State {
    /// A page asks.
    pub(super) fn office(&mut self, ticket: Ticket, request: Vec<u8>) {
        if self.me().is_none() {
            let refused = protocol::refused(Refusal::SignInRequired);
            self.effects.push(Effect::Answer(ticket, refused));
            return;
        }
        self.desk.waiting.push((ticket, request));
        self.ask_desk();
    }

    /// A page has gone; its question needs no answer any more. A change already on its way stays.
    pub(super) fn office_left(&mut self, ticket: Ticket) {
        self.desk.waiting.retain(|(waits, _)| *waits != ticket);
    }

    /// Puts every question that is not under way.
    pub(super) fn ask_desk(&mut self) {
        for (_, body) in self.desk.waiting.clone() {
            let request = Request::Page(body);
            if !self.requests.is_asked(&request) {
                self.ask(request);
            }
        }
    }

    /// Whether a page waits for the answer to this.
    pub(super) fn waits_for(&self, body: &[u8]) -> bool {
        self.desk.waiting.iter().any(|(_, waits)| waits == body)
    }

    /// Everyone who asked this is answered.
    pub(super) fn office_answered(&mut self, body: &[u8], answer: &[u8]) {
        if let Some(wait) = protocol::refusal(answer).as_ref().and_then(retry_after_ms) {
            self.effects.push(Effect::After(wait, Timer::Desk));
            return;
        }
        for (ticket, asked) in std::mem::take(&mut self.desk.waiting) {
            if asked == body {
                self.effects.push(Effect::Answer(ticket, answer.to_vec()));
            } else {
                self.desk.waiting.push((ticket, asked));
            }
        }
    }

    /// Whoever asked is gone: nobody reads the answer.
    pub(super) fn close_desk(&mut self) {
        for (ticket, _) in std::mem::take(&mut self.desk.waiting) {
            let refused = protocol::refused(Refusal::SignInRequired);
            self.effects.push(Effect::Answer(ticket, refused));
        }
    }
}
