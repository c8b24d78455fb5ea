//! Durable entries go to every socket of every member who may see them: encoded once per
//! audience, handed over by reference.

use std::sync::Arc;

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::conversation::event::{Event, kind};
use shared_proto::conversation::state::Member;
use shared_proto::conversation::visible::{project, seen_by, visible_to};
use shared_proto::id::PersonId;
use shared_proto::wire::{InboxRow, Preview, ServerEvent, ServerFrame};

use super::Room;
use crate::socket::session::Session;
use crate::store::entries::Encoded;

impl Room {
    /// Puts durable entries in line for everyone who may see them; sockets that have to be woken
    /// are added to `asleep`.
    pub(super) fn fan_out(&self, entries: &[Encoded], asleep: &mut Vec<Arc<Session>>) {
        if entries.iter().any(|encoded| encoded.entry.kind == kind::BEGUN) {
            return self.show_new_rows(entries);
        }
        let joined = joined(entries);
        self.show_new_rows_to(&joined, entries);
        // A batch is at most 64 entries: who sees which of them fits one word.
        let mut frames: Vec<(u64, Bytes)> = Vec::with_capacity(1);
        for member in &self.header.state.members {
            let mask = mask(entries, member);
            if mask == 0 || !self.hub.is_here(member.person) || joined.contains(&member.person) {
                continue;
            }
            let made =
                frames.iter().find(|(made, _)| *made == mask).map(|(_, frame)| frame.clone());
            let frame = made.unwrap_or_else(|| {
                let seen = entries.iter().enumerate().filter(|(n, _)| mask & (1 << n) != 0);
                let seen: Vec<&[u8]> = seen.map(|(_, encoded)| encoded.bytes.as_slice()).collect();
                let frame = Bytes::from(codec::entries_frame(self.id, &seen));
                frames.push((mask, frame.clone()));
                frame
            });
            self.hub.put(member.person, &frame, asleep);
        }
    }

    fn show_new_rows(&self, entries: &[Encoded]) {
        self.show_new_rows_to(&self.members().collect::<Vec<_>>(), entries);
    }

    /// Those who joined start from what the whole fold comes to for them.
    fn show_new_rows_to(&self, people: &[PersonId], entries: &[Encoded]) {
        for person in people.iter().filter(|person| self.hub.is_here(**person)) {
            let Some(member) = self.header.state.member(*person) else { continue };
            let last = entries.iter().rfind(|encoded| visible_to(&encoded.entry, member));
            let preview = last.map(|last| Preview::of(&last.entry, false));
            let row = Box::new(self.row(*person, preview));
            let frame = codec::encode(&ServerFrame::Event(ServerEvent::Row(row)));
            self.hub.push(*person, &Bytes::from(frame));
        }
    }

    /// This conversation as a member's inbox shows it.
    pub(super) fn row(&self, person: PersonId, preview: Option<Preview>) -> InboxRow {
        let state = &self.header.state;
        let own = state.member(person).is_some() && !self.reads_in_emergency(person);
        let state = if own { project(state, person) } else { seen_by(state, person) };
        // Those the fold names for this person, and nobody who came after they left.
        let people = state.members.iter();
        let people = people.filter_map(|member| self.hub.directory.card(member.person)).collect();
        InboxRow {
            conversation: self.id,
            state,
            people,
            preview,
            unread: self.unread(person),
            read_up_to: self.cursor(person).read,
            draft: self.aside.drafts.iter().any(|draft| draft.person == person),
            pending: self.aside.pending.iter().any(|pending| pending.person == person),
        }
    }
}

/// Who joined in a batch.
fn joined(entries: &[Encoded]) -> Vec<PersonId> {
    let added = entries.iter().filter(|encoded| encoded.entry.kind == kind::ADDED);
    let person = |encoded: &Encoded| match Event::decode(&encoded.entry) {
        Ok(Event::Added(body)) => Some(body.person),
        _ => None,
    };
    added.filter_map(person).collect()
}

fn mask(entries: &[Encoded], member: &Member) -> u64 {
    let seen = |(n, encoded): (usize, &Encoded)| {
        if visible_to(&encoded.entry, member) { 1 << n } else { 0 }
    };
    entries.iter().enumerate().map(seen).sum()
}

#[cfg(test)]
mod tests {
    use shared_proto::entry::{Audience, Entry};
    use shared_proto::id::EntryId;
    use shared_proto::time::Millis;

    use super::*;

    const ANA: PersonId = PersonId::from_bytes([0xaa; 16]);
    const BEN: PersonId = PersonId::from_bytes([0xbb; 16]);
    const CARA: PersonId = PersonId::from_bytes([0xca; 16]);

    fn id(n: u64) -> EntryId {
        EntryId::next(None, n, 0)
    }

    #[test]
    fn a_member_is_sent_the_entries_of_a_batch_that_are_for_them() {
        let entry = |n, audience| {
            let kind = kind::MESSAGE;
            let entry =
                Entry { id: id(n), at: Millis(n), author: ANA, audience, kind, body: vec![] };
            Encoded::new(entry)
        };
        let batch = [
            entry(1, Audience::Members),
            entry(2, Audience::Only(vec![BEN])),
            entry(3, Audience::Only(vec![])),
            entry(4, Audience::Only(vec![BEN, CARA])),
        ];
        let member = |person, from, until: Option<u64>| Member {
            person,
            from: id(from),
            until: until.map(id),
            ..Member::since(person, id(from))
        };
        assert_eq!(mask(&batch, &member(ANA, 1, None)), 0b1111, "the author sees their own");
        assert_eq!(mask(&batch, &member(BEN, 1, None)), 0b1011);
        assert_eq!(mask(&batch, &member(CARA, 1, None)), 0b1001);
        assert_eq!(mask(&batch, &member(CARA, 2, None)), 0b1000, "who came later");
        assert_eq!(mask(&batch, &member(CARA, 1, Some(3))), 0b0001, "who left before");
        let full: Vec<Encoded> = (1..=64).map(|n| entry(n, Audience::Members)).collect();
        assert_eq!(mask(&full, &member(BEN, 1, None)), u64::MAX);
    }
}
