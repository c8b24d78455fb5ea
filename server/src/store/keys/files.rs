//! Keys of files, and of how much is kept in them.

use std::ops::Range;

use shared_proto::id::{ConversationId, EntryId, FileId, PersonId};

use super::{key, parse_conversation, prefix_range};

/// A file somebody sends, which nobody has been shown.
#[must_use]
pub fn upload(conversation: ConversationId, person: PersonId, file: FileId) -> Vec<u8> {
    key(b'j', &[conversation.as_bytes(), person.as_bytes(), file.as_bytes()])
}

/// The files somebody sends in a conversation.
#[must_use]
pub fn uploads_of(conversation: ConversationId, person: PersonId) -> Range<Vec<u8>> {
    prefix_range(&key(b'j', &[conversation.as_bytes(), person.as_bytes()]))
}

/// All files that are sent.
pub const UPLOADS: &[u8] = b"j";

/// Where, by whom and which file a key of one that is sent names.
#[must_use]
pub fn parse_upload(key: &[u8]) -> Option<(ConversationId, PersonId, FileId)> {
    let person = PersonId::from_bytes(key.get(17..33)?.try_into().ok()?);
    let file = FileId::from_bytes(key.get(33..)?.try_into().ok()?);
    Some((parse_conversation(key)?, person, file))
}

/// The file an entry shares.
#[must_use]
pub fn shared(conversation: ConversationId, entry: EntryId) -> Vec<u8> {
    key(b'x', &[conversation.as_bytes(), entry.as_bytes()])
}

/// What was shared in a conversation before an entry.
#[must_use]
pub fn shared_before(conversation: ConversationId, entry: EntryId) -> Range<Vec<u8>> {
    shared(conversation, EntryId::MIN)..shared(conversation, entry)
}

/// All that was shared.
pub const SHARED: &[u8] = b"x";

/// The entry a key of a shared file names.
#[must_use]
pub fn parse_shared(key: &[u8]) -> Option<EntryId> {
    key.get(17..)?.try_into().ok().map(EntryId::from_bytes)
}

/// Whose a file is, and where.
#[must_use]
pub fn file(file: FileId) -> Vec<u8> {
    key(b'X', &[file.as_bytes()])
}

/// All files.
pub const FILES: &[u8] = b"X";

/// The file a key of its whereabouts names.
#[must_use]
pub fn parse_file(key: &[u8]) -> Option<FileId> {
    key.get(1..)?.try_into().ok().map(FileId::from_bytes)
}

/// How much somebody keeps in files, with small ones at their least size.
#[must_use]
pub fn counted(person: PersonId) -> Vec<u8> {
    key(b'K', &[person.as_bytes()])
}

/// What everyone keeps in files.
pub const COUNTED: &[u8] = b"K";

/// Whose files a key of how much is kept counts.
#[must_use]
pub fn parse_counted(key: &[u8]) -> Option<PersonId> {
    key.get(1..)?.try_into().ok().map(PersonId::from_bytes)
}

/// How many bytes somebody keeps in files, as it was counted before small ones had a least size.
#[must_use]
pub fn kept(person: PersonId) -> Vec<u8> {
    key(b'v', &[person.as_bytes()])
}

/// All of these.
pub const KEPT: &[u8] = b"v";

/// Whose files one of them counts.
#[must_use]
pub fn parse_kept(key: &[u8]) -> Option<PersonId> {
    key.get(1..)?.try_into().ok().map(PersonId::from_bytes)
}
