//! Keys of what lies beside a conversation and is to be decided, or told, later.

use std::ops::Range;

use shared_proto::id::{ClientMessageId, ConversationId, PersonId};
use shared_proto::time::Millis;

use super::{key, parse_conversation, prefix_range};

/// What stands in somebody's composer: the beginning of the keys of its parts.
#[must_use]
pub fn draft(conversation: ConversationId, person: PersonId) -> Vec<u8> {
    key(b'd', &[conversation.as_bytes(), person.as_bytes()])
}

/// What stands in the composers of a conversation.
#[must_use]
pub fn drafts(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'd', &[conversation.as_bytes()]))
}

/// All composers.
pub const DRAFTS: &[u8] = b"d";

/// Whose composer this is a key of.
#[must_use]
pub fn parse_draft(key: &[u8]) -> Option<PersonId> {
    key.get(17..33)?.try_into().ok().map(PersonId::from_bytes)
}

/// Something of somebody's that waits to be decided.
#[must_use]
pub fn pending(conversation: ConversationId, person: PersonId, id: ClientMessageId) -> Vec<u8> {
    key(b'y', &[conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All that waits in a conversation.
#[must_use]
pub fn pending_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'y', &[conversation.as_bytes()]))
}

/// All that waits.
pub const PENDING: &[u8] = b"y";

/// Whose it is, and which, that a key of what waits names.
#[must_use]
pub fn parse_pending(key: &[u8]) -> Option<(PersonId, ClientMessageId)> {
    let person = PersonId::from_bytes(key.get(17..33)?.try_into().ok()?);
    Some((person, ClientMessageId::from_bytes(key.get(33..49)?.try_into().ok()?)))
}

/// What waits: the beginning of the keys of its parts.
#[must_use]
pub fn command(conversation: ConversationId, person: PersonId, id: ClientMessageId) -> Vec<u8> {
    key(b'z', &[conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All of what waits.
pub const COMMANDS: &[u8] = b"z";

/// That something of somebody's waited and does not any more. Parsed as what waits.
#[must_use]
pub fn settled(conversation: ConversationId, person: PersonId, id: ClientMessageId) -> Vec<u8> {
    key(b'Z', &[conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All that waited in a conversation.
#[must_use]
pub fn settled_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'Z', &[conversation.as_bytes()]))
}

/// All that waited.
pub const SETTLED: &[u8] = b"Z";

/// When something is due.
#[must_use]
pub fn due(
    at: Millis,
    conversation: ConversationId,
    person: PersonId,
    id: ClientMessageId,
) -> Vec<u8> {
    let at = at.0.to_be_bytes();
    key(b'Y', &[&at, conversation.as_bytes(), person.as_bytes(), id.as_bytes()])
}

/// All that is due, the first first.
pub const DUE: &[u8] = b"Y";

/// What is due, and when.
#[must_use]
pub fn parse_due(key: &[u8]) -> Option<(Millis, ConversationId, PersonId, ClientMessageId)> {
    let at = Millis(u64::from_be_bytes(key.get(1..9)?.try_into().ok()?));
    let conversation = ConversationId::from_bytes(key.get(9..25)?.try_into().ok()?);
    let person = PersonId::from_bytes(key.get(25..41)?.try_into().ok()?);
    Some((at, conversation, person, ClientMessageId::from_bytes(key.get(41..57)?.try_into().ok()?)))
}

/// A change that a client made of what is kept of them, and that is to be told in a conversation.
#[must_use]
pub fn activity(conversation: ConversationId, client: PersonId, revision: u64) -> Vec<u8> {
    key(b'V', &[conversation.as_bytes(), client.as_bytes(), &revision.to_be_bytes()])
}

/// All changes that are to be told.
pub const ACTIVITIES: &[u8] = b"V";

/// Where a change is to be told, whose it is, and of which revision of theirs.
#[must_use]
pub fn parse_activity(key: &[u8]) -> Option<(ConversationId, PersonId, u64)> {
    let person = PersonId::from_bytes(key.get(17..33)?.try_into().ok()?);
    let revision = u64::from_be_bytes(key.get(33..)?.try_into().ok()?);
    Some((parse_conversation(key)?, person, revision))
}

/// When the host of a conversation was last said to be away there.
#[must_use]
pub fn away(conversation: ConversationId) -> Vec<u8> {
    key(b'N', &[conversation.as_bytes()])
}

/// When any host was.
pub const AWAY: &[u8] = b"N";
