//! How far each member has received and read: kept and shown at most once a second, never entries
//! of the log.

use std::time::Duration;

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::limits;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Cursor, ServerEvent, ServerFrame};
use tokio::time::Instant;

use super::Room;
use crate::socket::session::Asker;
use crate::store::cursors::CursorRecord;

/// A cursor that is shown anew.
struct Moved {
    person: PersonId,
    before: CursorRecord,
    now: CursorRecord,
}

impl Room {
    /// A member's cursor.
    pub(super) fn cursor(&self, person: PersonId) -> CursorRecord {
        let found = self.cursors.iter().find(|(owner, _)| *owner == person);
        found.map(|(_, cursor)| *cursor).unwrap_or_default()
    }

    /// Messages of others a member has not read.
    pub(super) fn unread(&self, person: PersonId) -> u32 {
        let seen = self.header.state.tally(person).map_or(0, |tally| tally.messages);
        seen.saturating_sub(self.cursor(person).messages_read)
    }

    /// Moves a member's cursor; never back, never past what is durable.
    pub(super) async fn move_cursor(&mut self, asker: Asker, entry: EntryId, read: bool) {
        match self.moved(asker.session.person.id, entry, read).await {
            Ok(()) => asker.finish(),
            Err(refusal) => asker.answer(Err(refusal)),
        }
    }

    async fn moved(&mut self, person: PersonId, entry: EntryId, read: bool) -> Result<(), Refusal> {
        let state = &self.header.state;
        // Who left reads what they have too.
        let member = state.member(person).cloned().ok_or(Refusal::NotFound)?;
        let tally = member.tally.unwrap_or_default();
        let Some(newest) = tally.last else { return Ok(()) };
        let before = self.cursor(person);
        let entry = if entry >= newest {
            newest
        } else {
            // Only an entry the member sees is a place their cursor can stand at.
            let seen_by = member.clone();
            match self.read_log(move |log| log.round_down(&seen_by, entry)).await? {
                Some(entry) => entry,
                None => return Ok(()),
            }
        };
        let mut after = before;
        after.received = before.received.max(Some(entry));
        if read && before.read < Some(entry) {
            after.read = Some(entry);
            after.messages_read = if entry == newest {
                tally.messages
            } else {
                let from = (before.read.unwrap_or(EntryId::MIN), before.messages_read);
                let all = tally.messages;
                self.read_log(move |log| log.messages_up_to(&member, from, entry, all)).await?
            };
        }
        if after == before {
            return Ok(());
        }
        match self.cursors.iter_mut().find(|(owner, _)| *owner == person) {
            Some((_, cursor)) => *cursor = after,
            None => self.cursors.push((person, after)),
        }
        if !self.dirty_cursors.contains(&person) {
            self.dirty_cursors.push(person);
        }
        if after.read != before.read {
            self.tell_own_devices(person, after);
        }
        Ok(())
    }

    fn tell_own_devices(&self, person: PersonId, cursor: CursorRecord) {
        let Some(read_up_to) = cursor.read else { return };
        let (conversation, unread) = (self.id, self.unread(person));
        let event = ServerEvent::Read { conversation, read_up_to, unread };
        self.hub.push(person, &Bytes::from(codec::encode(&ServerFrame::Event(event))));
    }

    /// When moved cursors are to be kept and shown next.
    pub(super) fn cursors_due(&self) -> Option<Instant> {
        let due = self.cursors_shown + Duration::from_millis(limits::CURSOR_MS);
        (!self.dirty_cursors.is_empty()).then_some(due)
    }

    /// Those whose cursor goes into the next batch: all that moved, when it is time, or when the
    /// server is stopping.
    pub(super) fn take_due_cursors(&mut self) -> Vec<PersonId> {
        let due = self.cursors_due().is_some_and(|due| due <= Instant::now());
        if !due && !self.hub.is_stopping() {
            return Vec::new();
        }
        if !self.dirty_cursors.is_empty() {
            self.cursors_shown = Instant::now();
        }
        std::mem::take(&mut self.dirty_cursors)
    }

    /// Shows cursors that were kept to everyone who watches, and for whom something is another than
    /// it was: one that only moved over what a watcher is not to know of says nothing to them.
    pub(super) async fn show_cursors(&mut self, moved: &[PersonId]) {
        if moved.is_empty() {
            return;
        }
        self.prune_watchers();
        let moved: Vec<Moved> = moved.iter().map(|person| self.note_shown(*person)).collect();
        for watcher in self.watchers.clone() {
            let viewer = watcher.person.id;
            let mut cursors = Vec::with_capacity(moved.len());
            for Moved { person, before, now } in moved.iter().filter(|moved| moved.person != viewer)
            {
                let cursor = self.cursor_for(viewer, *person, *now).await;
                if cursor != self.cursor_for(viewer, *person, *before).await {
                    cursors.push(cursor);
                }
            }
            if !cursors.is_empty() {
                let event = ServerEvent::Cursors { conversation: self.id, cursors };
                watcher.push(Bytes::from(codec::encode(&ServerFrame::Event(event))));
            }
        }
    }

    /// Everyone else's cursors, as `viewer` may see them.
    pub(super) async fn others_cursors(&self, viewer: PersonId) -> Vec<Cursor> {
        let mut cursors = Vec::with_capacity(self.cursors.len());
        for (person, _) in self.cursors.iter().filter(|(person, _)| *person != viewer) {
            cursors.push(self.cursor_for(viewer, *person, self.cursor(*person)).await);
        }
        cursors
    }

    /// How far a member is now and was when it was last shown, which it is from here on.
    fn note_shown(&mut self, person: PersonId) -> Moved {
        let now = self.cursor(person);
        let before = match self.shown_cursors.iter_mut().find(|(owner, _)| *owner == person) {
            Some((_, shown)) => std::mem::replace(shown, now),
            None => {
                self.shown_cursors.push((person, now));
                CursorRecord::default()
            }
        };
        Moved { person, before, now }
    }

    /// `cursor` of `person`, as `viewer` may see it.
    async fn cursor_for(&self, viewer: PersonId, person: PersonId, cursor: CursorRecord) -> Cursor {
        let shows_reading = self.hub.directory.shows_reading(person);
        Cursor {
            person,
            received: self.rounded(viewer, cursor.received).await,
            read: self.rounded(viewer, cursor.read.filter(|_| shows_reading)).await,
        }
    }

    /// `entry`, or the newest before it that `viewer` may see.
    async fn rounded(&self, viewer: PersonId, entry: Option<EntryId>) -> Option<EntryId> {
        let entry = entry?;
        let member = self.header.state.member(viewer)?.clone();
        let within = member.from <= entry && member.until.is_none();
        if self.header.hidden == 0 && within {
            return Some(entry);
        }
        if entry < member.first() {
            return None;
        }
        self.read_log(move |log| log.round_down(&member, entry)).await.ok().flatten()
    }
}
