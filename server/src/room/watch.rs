//! Who has the conversation on screen, and what only they are told: typing and presence, which
//! are never stored.

use std::sync::Arc;

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::id::PersonId;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{ServerEvent, ServerFrame};

use super::Room;
use crate::socket::session::{Asker, Session};

impl Room {
    /// From now on this socket is told of typing, presence and cursors.
    pub(super) fn watch(&mut self, session: &Arc<Session>) -> Result<(), Refusal> {
        if self.watchers.iter().any(|watcher| watcher.id == session.id) {
            return Ok(());
        }
        session.watch(self.id)?;
        self.watchers.push(Arc::clone(session));
        if self.watchers.len() == 1 {
            self.hub.interest(self.id, self.members());
        }
        Ok(())
    }

    /// This socket no longer watches.
    pub(super) fn unwatch(&mut self, session: &Arc<Session>) {
        session.unwatch(self.id);
        let watched = !self.watchers.is_empty();
        self.watchers.retain(|watcher| watcher.id != session.id);
        if watched {
            self.note_last_watcher();
        }
    }

    /// Forgets sockets that are no more.
    pub(super) fn prune_watchers(&mut self) {
        let watched = !self.watchers.is_empty();
        self.watchers.retain(|watcher| !watcher.is_gone());
        if watched {
            self.note_last_watcher();
        }
    }

    /// The room goes: nobody is told of anything any more.
    pub(super) fn forget_watchers(&mut self) {
        if !self.watchers.is_empty() {
            self.watchers.clear();
            self.note_last_watcher();
        }
    }

    fn note_last_watcher(&self) {
        if self.watchers.is_empty() {
            // Those who left meanwhile too.
            let everyone = self.header.state.members.iter();
            self.hub.disinterest(self.id, everyone.map(|member| member.person));
        }
    }

    /// Somebody joined: who watches hears of their coming.
    pub(super) fn note_joined(&self, person: PersonId) {
        if !self.watchers.is_empty() {
            self.hub.interest(self.id, std::iter::once(person));
        }
    }

    /// Somebody left: they hear of typing, presence and cursors no more.
    pub(super) fn note_left(&mut self, person: PersonId) {
        let (gone, kept) = std::mem::take(&mut self.watchers)
            .into_iter()
            .partition(|watcher| watcher.person.id == person);
        self.watchers = kept;
        let gone: Vec<Arc<Session>> = gone;
        for session in &gone {
            session.unwatch(self.id);
        }
        if !gone.is_empty() {
            self.note_last_watcher();
        }
    }

    /// Members with a live socket.
    pub(super) fn here(&self) -> Vec<PersonId> {
        self.members().filter(|person| self.hub.is_here(*person)).collect()
    }

    pub(super) fn typing(&self, asker: Asker) {
        let person = asker.session.person.id;
        if !self.header.state.is_member(person) {
            return asker.answer(Err(Refusal::NotFound));
        }
        asker.finish();
        self.tell_watchers(person, &ServerEvent::Typing { conversation: self.id, person });
    }

    pub(super) fn presence(&self, person: PersonId, here: bool) {
        if self.header.state.is_member(person) {
            let event = ServerEvent::Presence { conversation: self.id, person, here };
            self.tell_watchers(person, &event);
        }
    }

    /// Tells every watcher but `person` themself.
    fn tell_watchers(&self, person: PersonId, event: &ServerEvent) {
        let frame = Bytes::from(codec::encode(&ServerFrame::Event(event.clone())));
        for watcher in self.watchers.iter().filter(|watcher| watcher.person.id != person) {
            watcher.push(frame.clone());
        }
    }
}
