//! Keys of what can be searched.

use std::ops::Range;

use shared_proto::id::{ConversationId, EntryId};

use super::{key, prefix_range};

/// What a piece of a conversation's search index can hold: the one that ends with this entry.
#[must_use]
pub fn summary(conversation: ConversationId, upto: EntryId) -> Vec<u8> {
    key(b'I', &[conversation.as_bytes(), upto.as_bytes()])
}

/// What the pieces of a conversation's search index can hold, the oldest first.
#[must_use]
pub fn summaries(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'I', &[conversation.as_bytes()]))
}

/// What the pieces of all search indexes can hold.
pub const SUMMARIES: &[u8] = b"I";

/// The last entry of the piece whose key this is.
#[must_use]
pub fn parse_summary(key: &[u8]) -> Option<EntryId> {
    key.get(17..)?.try_into().ok().map(EntryId::from_bytes)
}

/// A piece of a conversation's search index: the beginning of the keys of its parts.
#[must_use]
pub fn segment(conversation: ConversationId, upto: EntryId, revision: u32) -> Vec<u8> {
    key(b'W', &[conversation.as_bytes(), upto.as_bytes(), &revision.to_be_bytes()])
}

/// All pieces of a conversation's search index.
#[must_use]
pub fn segments(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'W', &[conversation.as_bytes()]))
}

/// All pieces of all search indexes.
pub const SEGMENTS: &[u8] = b"W";
