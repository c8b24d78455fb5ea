//! Keys of inboxes.

use std::ops::Range;

use shared_proto::id::{ConversationId, PersonId};
use shared_proto::time::Millis;

use super::{key, prefix_range};

/// Where in an inbox a row stands: what can still change, and what is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Shelf {
    /// Active and scheduled conversations.
    Live,
    /// Archived ones.
    Archive,
}

impl Shelf {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Live, Self::Archive];
}

/// A row of an inbox; recent ones first.
#[must_use]
pub fn inbox_row(
    person: PersonId,
    shelf: Shelf,
    at: Millis,
    conversation: ConversationId,
) -> Vec<u8> {
    let inverted = (u64::MAX - at.0).to_be_bytes();
    key(b'i', &[person.as_bytes(), &[shelf as u8], &inverted, conversation.as_bytes()])
}

/// All rows of all inboxes.
pub const INBOXES: &[u8] = b"i";

/// One shelf of one person's inbox.
#[must_use]
pub fn inbox(person: PersonId, shelf: Shelf) -> Range<Vec<u8>> {
    prefix_range(&key(b'i', &[person.as_bytes(), &[shelf as u8]]))
}

/// What an inbox row's key says.
#[must_use]
pub fn parse_inbox_row(key: &[u8]) -> Option<(Millis, ConversationId)> {
    let inverted = u64::from_be_bytes(key.get(18..26)?.try_into().ok()?);
    let conversation = key.get(26..42)?.try_into().ok()?;
    Some((Millis(u64::MAX - inverted), ConversationId::from_bytes(conversation)))
}
