//! Durable entries go to every socket of every member who may see them: encoded once per
//! audience, handed over by reference.

use std::sync::Arc;

use bytes::Bytes;
use shared_proto::codec;
use shared_proto::conversation::event::{Event, kind};
use shared_proto::conversation::state::Member;
use shared_proto::conversation::visible::{project, seen_by, visible_to};
use shared_proto::id::PersonId;
use shared_proto::wire::{InboxRow, Preview, PreviewContent, ServerEvent, ServerFrame};

use super::Room;
use crate::socket::session::Session;
use crate::store::entries::Encoded;

impl Room {
    /// Puts durable entries in line for everyone who may see them; sockets that have to be woken
    /// are added to `asleep`.
    pub(super) fn fan_out(&self, entries: &[Encoded], asleep: &mut Vec<Arc<Session>>) {
        if entries.iter().any(|encoded| encoded.entry.kind == kind::CREATED) {
            return self.show_new_rows(entries);
        }
        // A batch is at most 64 entries: who sees which of them fits one word.
        let mut frames: Vec<(u64, Bytes)> = Vec::with_capacity(1);
        for member in &self.header.state.members {
            let mask = mask(entries, member);
            if mask == 0 || !self.hub.is_here(member.person) {
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
        let Some(last) = entries.last() else { return };
        for member in &self.header.state.members {
            if !self.hub.is_here(member.person) {
                continue;
            }
            let preview = Some(preview(&last.entry, false));
            let row = Box::new(self.row(member.person, preview));
            let frame = codec::encode(&ServerFrame::Event(ServerEvent::Row(row)));
            self.hub.push(member.person, &Bytes::from(frame));
        }
    }

    /// This conversation as a member's inbox shows it.
    pub(super) fn row(&self, person: PersonId, preview: Option<Preview>) -> InboxRow {
        let state = &self.header.state;
        let member = state.member(person).is_some();
        let state = if member { project(state, person) } else { seen_by(state, person) };
        let people = state.members.iter();
        let people = people.filter_map(|member| self.hub.directory.card(member.person)).collect();
        InboxRow {
            conversation: self.id,
            state,
            people,
            preview,
            unread: self.unread(person),
            read_up_to: self.cursor(person).read,
        }
    }
}

fn mask(entries: &[Encoded], member: &Member) -> u64 {
    let seen = |(n, encoded): (usize, &Encoded)| {
        if visible_to(&encoded.entry, member) { 1 << n } else { 0 }
    };
    entries.iter().enumerate().map(seen).sum()
}

/// What the inbox shows of an entry.
pub(super) fn preview(entry: &shared_proto::entry::Entry, withdrawn: bool) -> Preview {
    let content = match Event::decode(entry) {
        Ok(Event::Created(_)) => PreviewContent::Created,
        Ok(Event::Message(_)) if withdrawn => PreviewContent::Withdrawn,
        Ok(Event::Message(message)) => {
            let scalars = message.text.chars().take(shared_proto::limits::PREVIEW_SCALARS);
            PreviewContent::Message(scalars.collect())
        }
        Ok(Event::Emergency(_)) => PreviewContent::Emergency,
        Ok(Event::Withdrawn(_) | Event::Redacted(_)) => PreviewContent::Withdrawn,
        Err(_) => PreviewContent::Unsupported,
    };
    Preview { entry: entry.id, at: entry.at, author: entry.author, content }
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
            tally: None,
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
