//! A new conversation: people looked for, and the conversation asked for.

use shared_proto::id::{ClientMessageId, PersonId};
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::Request;

use crate::shared::Shared;

use super::{Effect, State};

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
    /// Everyone but the host.
    pub participants: Vec<PersonId>,
    /// Why it was not.
    pub refused: Option<Refusal>,
}

impl State {
    pub(super) fn find(&mut self, text: String) {
        self.search.text.clone_from(&text);
        self.search.wanted = true;
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
        self.search.wanted = false;
        match result {
            Ok(people) => {
                self.search.found = Some(Shared::new(people));
                self.search.refused = None;
            }
            Err(refusal) => self.search.refused = Some(refusal),
        }
    }

    /// Nothing while another is on its way: a second press is not a second conversation.
    pub(super) fn create(&mut self, id: ClientMessageId, participants: Vec<PersonId>) {
        if self.creating.as_ref().is_some_and(|creating| creating.refused.is_none()) {
            return;
        }
        self.creating = Some(Creating { id, participants, refused: None });
        self.ask_creating();
    }

    pub(super) fn ask_creating(&mut self) {
        if let Some(creating) = &self.creating
            && creating.refused.is_none()
        {
            let (client_id, participants) = (creating.id, creating.participants.clone());
            self.ask(Request::Create { client_id, participants });
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
            Err(refusal) => creating.refused = Some(refusal),
        }
    }
}
