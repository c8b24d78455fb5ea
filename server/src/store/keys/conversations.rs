//! Keys of a conversation: its header, its log, and what is shown beside it.

use std::ops::Range;

use shared_proto::id::{ConversationId, EntryId, PersonId};

use super::{key, prefix_range};

/// A conversation's header.
#[must_use]
pub fn header(conversation: ConversationId) -> Vec<u8> {
    key(b'h', &[conversation.as_bytes()])
}

/// All headers.
pub const HEADERS: &[u8] = b"h";

/// One part of the entries of a batch.
#[must_use]
pub fn entries(conversation: ConversationId, first: EntryId, part: u8) -> Vec<u8> {
    key(b'l', &[conversation.as_bytes(), first.as_bytes(), &[part]])
}

/// The first entry and the part a key of entries names.
#[must_use]
pub fn parse_entries(key: &[u8]) -> Option<(EntryId, u8)> {
    let first = key.get(17..33)?.try_into().ok()?;
    Some((EntryId::from_bytes(first), *key.get(33)?))
}

/// Batches of a conversation whose first entry lies in `from..until`.
#[must_use]
pub fn entries_range(
    conversation: ConversationId,
    from: EntryId,
    until: Option<EntryId>,
) -> Range<Vec<u8>> {
    let end = match until {
        Some(until) => entries(conversation, until, 0),
        None => prefix_range(&key(b'l', &[conversation.as_bytes()])).end,
    };
    entries(conversation, from, 0)..end
}

/// All entries.
pub const ENTRIES: &[u8] = b"l";

/// That an entry has been withdrawn.
#[must_use]
pub fn withdrawn(conversation: ConversationId, target: EntryId) -> Vec<u8> {
    key(b'w', &[conversation.as_bytes(), target.as_bytes()])
}

/// The entry a withdrawal mark is about.
#[must_use]
pub fn parse_withdrawn(key: &[u8]) -> Option<EntryId> {
    key.get(17..33)?.try_into().ok().map(EntryId::from_bytes)
}

/// All withdrawal marks.
pub const WITHDRAWN: &[u8] = b"w";

/// All withdrawal marks of a conversation.
#[must_use]
pub fn withdrawals(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'w', &[conversation.as_bytes()]))
}

/// One person's cursor in a conversation.
#[must_use]
pub fn cursor(conversation: ConversationId, person: PersonId) -> Vec<u8> {
    key(b'c', &[conversation.as_bytes(), person.as_bytes()])
}

/// All cursors of a conversation.
#[must_use]
pub fn cursors(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'c', &[conversation.as_bytes()]))
}

/// All cursors.
pub const CURSORS: &[u8] = b"c";

/// Whose cursor this is the key of.
#[must_use]
pub fn parse_cursor(key: &[u8]) -> Option<PersonId> {
    key.get(17..33)?.try_into().ok().map(PersonId::from_bytes)
}

/// A conversation's announcement.
#[must_use]
pub fn announcement(conversation: ConversationId) -> Vec<u8> {
    key(b'n', &[conversation.as_bytes()])
}

/// All announcements.
pub const ANNOUNCEMENTS: &[u8] = b"n";
