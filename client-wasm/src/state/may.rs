//! What the person may do, by the rules the server has, so that the page says why something is not
//! possible before it is tried.

use shared_proto::conversation::decide;
use shared_proto::id::{ConversationId, PersonId};
use shared_proto::office::Changed;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;

use super::{Session, State};
use crate::protocol::Request;

impl State {
    /// Whether somebody may begin a conversation.
    ///
    /// # Errors
    /// The rule.
    pub fn may_start(&self) -> Result<(), Refusal> {
        let role = self.me().map_or(Role::Client, |me| me.role);
        decide::may_start(role, &self.policies)?;
        let alone = role == Role::Client && self.assigned.is_empty();
        if alone { Err(Refusal::NotAssigned) } else { Ok(()) }
    }

    /// Whether the person may write in a conversation. Nothing stands against one that is not here
    /// yet.
    ///
    /// # Errors
    /// The rule: `ReadOnly` for somebody who reads it in an emergency, and those of
    /// [`decide::may_write`].
    pub fn may_write(&self, id: ConversationId) -> Result<(), Refusal> {
        let (Some(me), Some(conversation)) = (self.me(), self.conversations.get(&id)) else {
            return Ok(());
        };
        let fold = &conversation.fold;
        if fold.member(me.id).is_none() {
            return Err(Refusal::ReadOnly);
        }
        decide::may_write(fold, me, &self.policies, conversation.reachable, self.now())
    }

    /// Asks whether anybody else can read what is written: the one thing of the rule that no entry
    /// and no setting tells.
    pub(super) fn ask_reachable(&mut self, id: ConversationId) {
        let request = Request::Reachable { conversation: id };
        // Of the one on screen only: after a reconnect all that are held would be too many at once.
        if self.open == Some(id) && !self.requests.is_asked(&request) {
            self.ask(request);
        }
    }

    pub(super) fn reachable(&mut self, id: ConversationId, reachable: bool) {
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.reachable = reachable;
        }
    }

    /// A client's providers, anew: who finds people by nothing finds those they are assigned to.
    pub(super) fn assigned_are(&mut self, text: &str, people: &[PersonCard]) {
        let client = self.me().is_some_and(|me| me.role == Role::Client);
        if client && text.is_empty() {
            self.assigned = people.to_vec();
        }
    }

    /// Takes in what bears on what the person may do.
    pub(super) fn changed(&mut self, changed: &Changed) {
        match changed {
            Changed::Practice(practice) => self.practice_is((**practice).clone()),
            Changed::Account(account) => {
                if let Session::SignedIn(me) = &mut self.session {
                    me.clone_from(&account.card);
                    // What else they set may be another, too.
                    self.sound = None;
                    if me.role == Role::Client {
                        self.ask(Request::FindPeople { text: String::new() });
                    }
                }
            }
            Changed::Person(row) => self.somebody_changed(row.card.id),
            Changed::PersonGone(person) => self.somebody_changed(*person),
            Changed::Details { .. } | Changed::Desk(_) => {}
        }
    }

    /// Whether they can be reached may be another now.
    fn somebody_changed(&mut self, person: PersonId) {
        let with = |id: &ConversationId| {
            self.conversations.get(id).is_some_and(|known| known.fold.is_member(person))
        };
        if let Some(open) = self.open.filter(with) {
            self.ask_reachable(open);
        }
    }
}
