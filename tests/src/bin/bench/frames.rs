//! What the load says, encoded once and patched, and what it hears, read no further than needed.
//! Both servers get the same bytes; the yardstick sends them back as they are.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use shared_proto::codec;
use shared_proto::conversation::event::kind;
use shared_proto::id::{ClientMessageId, ConversationId, EntryId};
use shared_proto::wire::{ClientFrame, Request};

use crate::wire::framed;

/// The text of every message: 120 bytes.
const TEXT: &str = "Thank you, that helps a great deal. I will take it with food, and write again \
                    on Thursday after the next visit. Anna ...";
/// Request ids stay within two bytes of varint, so that they can be patched.
const FIRST_ID: u16 = 0x80;
const LAST_ID: u16 = 0x3fff;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Nanoseconds since the first call.
pub fn now() -> u64 {
    START.elapsed().as_nanos() as u64
}

/// From `earlier` until `later`, both by [`now`].
pub fn between(earlier: u64, later: u64) -> Duration {
    Duration::from_nanos(later.saturating_sub(earlier))
}

/// A message of one sender, sent again and again: its id, its time and the last entry held are
/// patched into the same bytes.
pub struct Draft {
    frame: Vec<u8>,
    id_at: usize,
    message_at: usize,
    next: u16,
    count: u64,
}

impl Draft {
    /// A message to `conversation`; `held` is the last entry the sender has.
    pub fn new(conversation: ConversationId, held: EntryId) -> Self {
        // Bytes that differ: the end of what stands before it cannot pass for its beginning.
        let marker = ClientMessageId::from_bytes(*b"where-the-id-is.");
        let request = Request::Send {
            conversation,
            client_message_id: marker,
            held: Some(held),
            text: TEXT.to_owned(),
        };
        let frame = framed(&codec::encode(&ClientFrame { id: FIRST_ID.into(), request }));
        let message_at = frame.windows(16).position(|part| part == marker.as_bytes());
        let message_at = message_at.expect("the id is in its own frame");
        // Before it: the conversation's id, the request's number, and the frame's id.
        Self { frame, id_at: message_at - 16 - 1 - 2, message_at, next: FIRST_ID, count: 0 }
    }

    /// The frame sent at `at`, and its request id.
    pub fn at(&mut self, at: u64, held: &[u8; 16]) -> (&[u8], u16) {
        let id = self.next;
        self.next = if id == LAST_ID { FIRST_ID } else { id + 1 };
        self.count += 1;
        let varint = [(id & 0x7f) as u8 | 0x80, (id >> 7) as u8];
        self.frame[self.id_at..][..2].copy_from_slice(&varint);
        let message = &mut self.frame[self.message_at..];
        message[..8].copy_from_slice(&at.to_be_bytes());
        message[8..16].copy_from_slice(&self.count.to_be_bytes());
        // One byte says that an entry is held, then which.
        message[17..33].copy_from_slice(held);
        (&self.frame, id)
    }
}

/// What a frame of a server says, as far as the load wants to know.
pub trait Ear {
    /// A message arrived that was sent at this time.
    fn message(&mut self, sent_at: u64);
    /// This is the newest entry now.
    fn held(&mut self, entry: &[u8; 16]);
    /// A request is answered: its message is durable.
    fn acknowledged(&mut self, id: u16);
    /// A request is refused.
    fn refused(&mut self, id: u16);
}

/// Which server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// `ServerFrame`s.
    Quietroom,
    /// The client's own frames, as they were sent.
    Yardstick,
}

/// Reads a frame. What it does not know it leaves; `None` when bytes are missing.
pub fn hear(tongue: Tongue, frame: &[u8], ear: &mut impl Ear) -> Option<()> {
    let mut bytes = Bytes(frame);
    if tongue == Tongue::Yardstick {
        bytes.varint()?;
        bytes.take(1 + 16)?;
        ear.message(stamp(bytes.take(16)?)?);
        return Some(());
    }
    match (bytes.varint()?, bytes.varint()?) {
        // `ServerFrame::Reply`, its id, then whether it is an error.
        (0, id) => match bytes.varint()? {
            0 => ear.acknowledged(id as u16),
            _ => ear.refused(id as u16),
        },
        // `ServerFrame::Event(ServerEvent::Entries)`.
        (1, 1) => {
            bytes.take(16)?;
            for _ in 0..bytes.varint()? {
                entry(&mut bytes, ear)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn entry(bytes: &mut Bytes<'_>, ear: &mut impl Ear) -> Option<()> {
    let id = bytes.take(16)?;
    bytes.varint()?;
    bytes.take(16)?;
    if bytes.varint()? == 1 {
        let people = bytes.varint()? as usize;
        bytes.take(people.checked_mul(16)?)?;
    }
    let kind = bytes.varint()?;
    let length = bytes.varint()? as usize;
    let body = bytes.take(length)?;
    if kind == u64::from(kind::MESSAGE) {
        ear.message(stamp(body.get(1..)?)?);
    }
    ear.held(id.first_chunk()?);
    Some(())
}

fn stamp(message_id: &[u8]) -> Option<u64> {
    message_id.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_proto::conversation::event::{Event, Message};
    use shared_proto::entry::{Audience, Entry};
    use shared_proto::id::PersonId;
    use shared_proto::refusal::Refusal;
    use shared_proto::time::Millis;
    use shared_proto::wire::Reply;

    #[derive(Default, Debug, PartialEq)]
    struct Heard {
        messages: Vec<u64>,
        held: Option<[u8; 16]>,
        acknowledged: Vec<u16>,
        refused: Vec<u16>,
    }

    impl Ear for Heard {
        fn message(&mut self, sent_at: u64) {
            self.messages.push(sent_at);
        }
        fn held(&mut self, entry: &[u8; 16]) {
            self.held = Some(*entry);
        }
        fn acknowledged(&mut self, id: u16) {
            self.acknowledged.push(id);
        }
        fn refused(&mut self, id: u16) {
            self.refused.push(id);
        }
    }

    const ROOM: ConversationId = ConversationId::from_bytes([3; 16]);

    #[test]
    fn a_draft_is_a_send_with_its_time_in_it_and_the_yardstick_returns_it() {
        assert_eq!(TEXT.len(), 120);
        let mut draft = Draft::new(ROOM, EntryId::MIN);
        for expect in [FIRST_ID, FIRST_ID + 1] {
            let (frame, id) = draft.at(77, &[9; 16]);
            assert_eq!(id, expect);
            let payload = &frame[8..];
            let read: ClientFrame = codec::decode(payload).expect("a frame");
            assert_eq!(read.id, u32::from(expect));
            let Request::Send { conversation, held, text, .. } = read.request else {
                panic!("not a message")
            };
            assert_eq!((conversation, held), (ROOM, Some(EntryId::from_bytes([9; 16]))));
            assert_eq!(text, TEXT);
            let mut heard = Heard::default();
            hear(Tongue::Yardstick, payload, &mut heard).expect("whole");
            assert_eq!(heard.messages, [77]);
        }
    }

    #[test]
    fn entries_replies_and_refusals_are_heard() {
        let mut client_message_id = [0; 16];
        client_message_id[..8].copy_from_slice(&55u64.to_be_bytes());
        let client_message_id = ClientMessageId::from_bytes(client_message_id);
        let message = Event::Message(Message { client_message_id, text: TEXT.to_owned() });
        let (kind, body) = message.encode();
        let entry = |n: u8, audience| {
            let (author, at) = (PersonId::from_bytes([1; 16]), Millis(1 << 40));
            let id = EntryId::from_bytes([n; 16]);
            codec::encode(&Entry { id, at, author, audience, kind, body: body.clone() })
        };
        let only = Audience::Only(vec![PersonId::from_bytes([1; 16])]);
        let entries = [entry(1, Audience::Members), entry(2, only)];
        let frame = codec::entries_frame(ROOM, &[&entries[0], &entries[1]]);
        let mut heard = Heard::default();
        hear(Tongue::Quietroom, &frame, &mut heard).expect("whole");
        let sent = Reply::Sent { entry: EntryId::MIN, at: Millis(1) };
        let frame = codec::reply_frame(300, Ok(sent));
        hear(Tongue::Quietroom, &frame, &mut heard).expect("whole");
        let frame = codec::reply_frame(301, Err(Refusal::Busy));
        hear(Tongue::Quietroom, &frame, &mut heard).expect("whole");
        let expect = Heard {
            messages: vec![55, 55],
            held: Some([2; 16]),
            acknowledged: vec![300],
            refused: vec![301],
        };
        assert_eq!(heard, expect);
    }
}
