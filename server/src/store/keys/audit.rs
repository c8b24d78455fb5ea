//! Keys of the audit log.

use std::ops::Range;

use shared_proto::id::ConversationId;

use super::{key, parse_conversation, prefix_range};

/// Records of the audit log, by the sequence number of the first.
#[must_use]
pub fn audit(first: u64) -> Vec<u8> {
    key(b'a', &[&first.to_be_bytes()])
}

/// All of the audit log.
pub const AUDIT: &[u8] = b"a";

/// The sequence number of the first record a key of the audit log names.
#[must_use]
pub fn parse_audit(key: &[u8]) -> Option<u64> {
    key.get(1..)?.try_into().ok().map(u64::from_be_bytes)
}

/// Where the audit log begins.
#[must_use]
pub fn audit_floor() -> Vec<u8> {
    AUDIT_FLOOR.to_vec()
}

/// That place, and nothing else.
pub const AUDIT_FLOOR: &[u8] = b"b";

/// That somebody saw a conversation, by the record of the audit log; recent ones first.
#[must_use]
pub fn access(conversation: ConversationId, sequence: u64) -> Vec<u8> {
    key(b'A', &[conversation.as_bytes(), &(u64::MAX - sequence).to_be_bytes()])
}

/// All who saw a conversation.
#[must_use]
pub fn accesses(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'A', &[conversation.as_bytes()]))
}

/// All who saw any conversation.
pub const ACCESSES: &[u8] = b"A";

/// The conversation and the record that a key of an access names.
#[must_use]
pub fn parse_access(key: &[u8]) -> Option<(ConversationId, u64)> {
    let inverted = u64::from_be_bytes(key.get(17..)?.try_into().ok()?);
    Some((parse_conversation(key)?, u64::MAX - inverted))
}
