//! Keys of forms, and of what was answered to them.

use std::ops::Range;

use shared_proto::id::{ConversationId, EntryId, FormId};

use super::{key, prefix_range};

/// A form of the practice.
#[must_use]
pub fn form(form: FormId) -> Vec<u8> {
    key(b'g', &[form.as_bytes()])
}

/// All forms.
pub const FORMS: &[u8] = b"g";

/// Which form this is the key of.
#[must_use]
pub fn parse_form(key: &[u8]) -> Option<FormId> {
    key.get(1..)?.try_into().ok().map(FormId::from_bytes)
}

/// What a form asks in one of its versions: the beginning of the keys of its parts.
#[must_use]
pub fn form_version(form: FormId, version: u32) -> Vec<u8> {
    key(b'G', &[form.as_bytes(), &version.to_be_bytes()])
}

/// All versions of all forms.
pub const FORM_VERSIONS: &[u8] = b"G";

/// Which form, and which of its versions, this is a key of.
#[must_use]
pub fn parse_form_version(key: &[u8]) -> Option<(FormId, u32)> {
    let form = FormId::from_bytes(key.get(1..17)?.try_into().ok()?);
    Some((form, u32::from_be_bytes(key.get(17..21)?.try_into().ok()?)))
}

/// The form an entry gave somebody, until they submit it.
#[must_use]
pub fn given(conversation: ConversationId, given: EntryId) -> Vec<u8> {
    key(b'o', &[conversation.as_bytes(), given.as_bytes()])
}

/// All forms given in a conversation and not submitted.
#[must_use]
pub fn given_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'o', &[conversation.as_bytes()]))
}

/// All forms given and not submitted.
pub const GIVEN: &[u8] = b"o";

/// The form an entry gave somebody, once they have submitted it.
#[must_use]
pub fn handed(conversation: ConversationId, given: EntryId) -> Vec<u8> {
    key(b'u', &[conversation.as_bytes(), given.as_bytes()])
}

/// All forms submitted in a conversation.
#[must_use]
pub fn handed_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'u', &[conversation.as_bytes()]))
}

/// All forms submitted.
pub const HANDED: &[u8] = b"u";

/// What was answered to the form an entry gave: the beginning of the keys of its parts.
#[must_use]
pub fn answers(conversation: ConversationId, given: EntryId) -> Vec<u8> {
    key(b'r', &[conversation.as_bytes(), given.as_bytes()])
}

/// All that was answered in a conversation.
#[must_use]
pub fn answers_in(conversation: ConversationId) -> Range<Vec<u8>> {
    prefix_range(&key(b'r', &[conversation.as_bytes()]))
}

/// All that was answered.
pub const ANSWERS: &[u8] = b"r";

/// The entry that gave the form whose record, or whose answers, this is a key of.
#[must_use]
pub fn parse_given(key: &[u8]) -> Option<EntryId> {
    key.get(17..33)?.try_into().ok().map(EntryId::from_bytes)
}
