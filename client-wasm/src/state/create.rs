//! A new conversation: people looked for, and the conversation asked for.

use shared_proto::conversation::command::New;
use shared_proto::id::ClientMessageId;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::Invitee;

use crate::shared::Shared;

use super::{Effect, State, Timer, retry_after_ms};
use crate::protocol::Request;

/// People looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// By what.
    pub text: String,
    /// Who was found by it; `None` before the first answer.
    pub found: Option<Shared<Vec<PersonCard>>>,
    /// Why nobody could be.
    pub refused: Option<Refusal>,
    /// Whether an answer is under way.
    pub asked: bool,
    wanted: bool,
}

impl Search {
    /// Whether a question is unanswered and must be put again after a reconnect.
    pub(super) fn waits(&self) -> bool {
        self.wanted && !self.asked
    }
}

/// A conversation being created.
#[derive(Clone, Debug, PartialEq)]
pub struct Creating {
    /// Recognises a retry.
    pub id: ClientMessageId,
    /// What is to begin.
    pub new: New,
    /// People without an account who are taken in too.
    pub invited: Vec<Invitee>,
    /// Why it was not.
    pub refused: Option<Refusal>,
    /// Why it is still waiting, when it was refused in passing.
    pub delayed: Option<Refusal>,
}

impl State {
    pub(super) fn find(&mut self, text: String) {
        self.search.text.clone_from(&text);
        self.search.wanted = true;
        self.search.refused = None;
        if self.link.is_live() {
            self.search.asked = true;
            self.ask(Request::FindPeople { text });
        }
    }

    pub(super) fn found(&mut self, text: &str, result: Result<Vec<PersonCard>, Refusal>) {
        // An answer to something typed before the latest is of no use any more.
        if text != self.search.text {
            return;
        }
        self.search.asked = false;
        match result {
            Ok(people) => {
                self.search.wanted = false;
                self.search.found = Some(Shared::new(people));
            }
            Err(refusal) => match retry_after_ms(&refusal) {
                Some(wait) => self.effects.push(Effect::After(wait, Timer::Find)),
                None => {
                    self.search.wanted = false;
                    self.search.refused = Some(refusal);
                }
            },
        }
    }

    pub(super) fn find_again(&mut self) {
        if self.search.waits() {
            let text = self.search.text.clone();
            self.find(text);
        }
    }

    /// Nothing while another is on its way: a second press is not a second conversation.
    pub(super) fn create(&mut self, id: ClientMessageId, new: New, invited: Vec<Invitee>) {
        if self.creating.as_ref().is_some_and(|creating| creating.refused.is_none()) {
            return;
        }
        self.creating = Some(Creating { id, new, invited, refused: None, delayed: None });
        self.ask_creating();
    }

    pub(super) fn ask_creating(&mut self) {
        if let Some(creating) = &self.creating
            && creating.refused.is_none()
        {
            let (new, invited) = (creating.new.clone(), creating.invited.clone());
            let request = Request::Begin { client_id: creating.id, new, invited };
            if !self.requests.is_asked(&request) {
                self.ask(request);
            }
        }
    }

    pub(super) fn created(
        &mut self,
        id: ClientMessageId,
        result: Result<shared_proto::id::ConversationId, Refusal>,
    ) {
        let Some(creating) = self.creating.as_mut().filter(|creating| creating.id == id) else {
            return;
        };
        match result {
            Ok(conversation) => {
                self.creating = None;
                self.effects.push(Effect::Go(conversation));
            }
            Err(refusal) => match retry_after_ms(&refusal) {
                Some(wait) => {
                    creating.delayed = Some(refusal);
                    self.effects.push(Effect::After(wait, Timer::Create));
                }
                None => creating.refused = Some(refusal),
            },
        }
    }
}
