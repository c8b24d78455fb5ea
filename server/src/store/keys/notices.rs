//! Keys of notices: what has been decided, what waits to be sent, and where to.

use std::ops::Range;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::notice::Channel;
use shared_proto::time::Millis;

use super::{key, parse_conversation, prefix_range};

/// Up to which entry of a conversation it has been decided who is told.
#[must_use]
pub fn notice_mark(conversation: ConversationId) -> Vec<u8> {
    key(b'M', &[conversation.as_bytes()])
}

/// Up to where in all conversations.
pub const NOTICE_MARKS: &[u8] = b"M";

/// What somebody has been told of a conversation, or will be.
#[must_use]
pub fn notice(conversation: ConversationId, person: PersonId) -> Vec<u8> {
    key(b'O', &[conversation.as_bytes(), person.as_bytes()])
}

/// The same of everyone in a conversation.
#[must_use]
pub fn notices_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'O', &[conversation.as_bytes()]))
}

/// The same of everyone everywhere.
pub const NOTICES: &[u8] = b"O";

/// Whose it is.
#[must_use]
pub fn parse_notice(key: &[u8]) -> Option<(ConversationId, PersonId)> {
    let person = PersonId::from_bytes(key.get(17..)?.try_into().ok()?);
    Some((parse_conversation(key)?, person))
}

/// When it is decided again of somebody in a conversation.
#[must_use]
pub fn notice_due(at: Millis, conversation: ConversationId, person: PersonId) -> Vec<u8> {
    key(b'E', &[&at.0.to_be_bytes(), conversation.as_bytes(), person.as_bytes()])
}

/// All that is decided again, the first first.
pub const NOTICES_DUE: &[u8] = b"E";

/// What is decided again, and when.
#[must_use]
pub fn parse_notice_due(key: &[u8]) -> Option<(Millis, ConversationId, PersonId)> {
    let at = Millis(u64::from_be_bytes(key.get(1..9)?.try_into().ok()?));
    let conversation = ConversationId::from_bytes(key.get(9..25)?.try_into().ok()?);
    Some((at, conversation, PersonId::from_bytes(key.get(25..)?.try_into().ok()?)))
}

/// A notice that waits to be sent.
#[must_use]
pub fn notice_job(channel: Channel, since: Millis, id: &[u8; 16]) -> Vec<u8> {
    key(b'Q', &[&[channel as u8], &since.0.to_be_bytes(), id])
}

/// The notices that wait on a channel, the oldest first.
#[must_use]
pub fn notice_jobs(channel: Channel) -> Range<Vec<u8>> {
    prefix_range(&key(b'Q', &[&[channel as u8]]))
}

/// All notices that wait.
pub const NOTICE_JOBS: &[u8] = b"Q";

/// A notice that was set aside for the operator. It is called as it was while it waited.
#[must_use]
pub fn notice_dead(channel: Channel, since: Millis, id: &[u8; 16]) -> Vec<u8> {
    key(b'D', &[&[channel as u8], &since.0.to_be_bytes(), id])
}

/// Those set aside on a channel, the oldest first.
#[must_use]
pub fn notices_dead(channel: Channel) -> Range<Vec<u8>> {
    prefix_range(&key(b'D', &[&[channel as u8]]))
}

/// All those set aside.
pub const NOTICES_DEAD: &[u8] = b"D";

/// On which channel, since when and called what a notice waits, or waited.
#[must_use]
pub fn parse_notice_job(key: &[u8]) -> Option<(Channel, Millis, [u8; 16])> {
    let channel = *Channel::ALL.get(usize::from(*key.get(1)?))?;
    let since = Millis(u64::from_be_bytes(key.get(2..10)?.try_into().ok()?));
    Some((channel, since, key.get(10..)?.try_into().ok()?))
}

/// A browser of somebody's that may be pushed to.
#[must_use]
pub fn push_device(person: PersonId, id: &[u8; 16]) -> Vec<u8> {
    key(b'B', &[person.as_bytes(), id])
}

/// Those of one person.
#[must_use]
pub fn push_devices_of(person: PersonId) -> Range<Vec<u8>> {
    prefix_range(&key(b'B', &[person.as_bytes()]))
}

/// Everyone's.
pub const PUSH_DEVICES: &[u8] = b"B";

/// Whose browser it is, and which.
#[must_use]
pub fn parse_push_device(key: &[u8]) -> Option<(PersonId, [u8; 16])> {
    let person = PersonId::from_bytes(key.get(1..17)?.try_into().ok()?);
    Some((person, key.get(17..)?.try_into().ok()?))
}

/// Since when notices are kept here: nobody is told of what was written before.
#[must_use]
pub fn notices_since() -> Vec<u8> {
    key(b'm', &[b"notices"])
}

/// The key the practice pushes with.
#[must_use]
pub fn push_key() -> Vec<u8> {
    key(b'm', &[b"push"])
}
