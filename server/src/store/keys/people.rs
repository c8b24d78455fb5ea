//! Keys of people and the practice: who they are, how they sign in, what they keep at hand.

use std::ops::Range;

use shared_proto::id::{PasskeyId, PersonId};

use super::{key, prefix_range};

/// A record of the practice.
#[must_use]
pub fn practice() -> Vec<u8> {
    key(b'm', &[b"practice"])
}

/// Who the owners are.
#[must_use]
pub fn owners() -> Vec<u8> {
    key(b'm', &[b"owners"])
}

/// Records of the practice.
pub const PRACTICE: &[u8] = b"m";

/// A person.
#[must_use]
pub fn person(id: PersonId) -> Vec<u8> {
    key(b'p', &[id.as_bytes()])
}

/// All people.
pub const PEOPLE: &[u8] = b"p";

/// All emails.
pub const EMAILS: &[u8] = b"e";

/// Whose email has this keyed hash.
#[must_use]
pub fn email(hash: &[u8; 32]) -> Vec<u8> {
    key(b'e', &[hash])
}

/// A session, by the hash of its token.
#[must_use]
pub fn session(hash: &[u8; 32]) -> Vec<u8> {
    key(b's', &[hash])
}

/// All sessions.
pub const SESSIONS: &[u8] = b"s";

/// The hash of the token a key of a session names.
#[must_use]
pub fn parse_session(key: &[u8]) -> Option<[u8; 32]> {
    key.get(1..33)?.try_into().ok()
}

/// That a session is somebody's.
#[must_use]
pub fn session_of(person: PersonId, hash: &[u8; 32]) -> Vec<u8> {
    key(b'S', &[person.as_bytes(), hash])
}

/// Somebody's sessions.
#[must_use]
pub fn sessions_of(person: PersonId) -> Range<Vec<u8>> {
    prefix_range(&key(b'S', &[person.as_bytes()]))
}

/// The hash of the token a key of somebody's sessions names.
#[must_use]
pub fn parse_session_of(key: &[u8]) -> Option<[u8; 32]> {
    key.get(17..49)?.try_into().ok()
}

/// Everyone's sessions.
pub const SESSIONS_OF: &[u8] = b"S";

/// The details of somebody's chart.
#[must_use]
pub fn chart(person: PersonId) -> Vec<u8> {
    key(b'k', &[person.as_bytes()])
}

/// All charts.
pub const CHARTS: &[u8] = b"k";

/// A person's second factors.
#[must_use]
pub fn factors(person: PersonId) -> Vec<u8> {
    key(b'f', &[person.as_bytes()])
}

/// One passkey of a person: a record of its own, since five do not fit one.
#[must_use]
pub fn passkey(person: PersonId, passkey: PasskeyId) -> Vec<u8> {
    key(b'f', &[person.as_bytes(), passkey.as_bytes()])
}

/// All second factors.
pub const FACTORS: &[u8] = b"f";

/// Whose second factors this is the key of, and of which passkey if it is of one.
#[must_use]
pub fn parse_factors(key: &[u8]) -> Option<(PersonId, Option<PasskeyId>)> {
    let person = PersonId::from_bytes(key.get(1..17)?.try_into().ok()?);
    if key.len() == 17 {
        return Some((person, None));
    }
    let passkey = PasskeyId::from_bytes(key.get(17..)?.try_into().ok()?);
    Some((person, Some(passkey)))
}

/// A letter that waits to be sent.
#[must_use]
pub fn mail(id: &[u8; 16]) -> Vec<u8> {
    key(b'q', &[id])
}

/// All letters that wait.
pub const MAILS: &[u8] = b"q";

/// What a waiting letter is called.
#[must_use]
pub fn parse_mail(key: &[u8]) -> Option<[u8; 16]> {
    key.get(1..)?.try_into().ok()
}

/// A link from a letter, by the hash of its token.
#[must_use]
pub fn link(hash: &[u8; 32]) -> Vec<u8> {
    key(b't', &[hash])
}

/// All links from letters.
pub const LINKS: &[u8] = b"t";

/// The hash of the token a key of a link names.
#[must_use]
pub fn parse_link(key: &[u8]) -> Option<[u8; 32]> {
    key.get(1..)?.try_into().ok()
}

/// The links that lead to somebody.
#[must_use]
pub fn links_of(person: PersonId) -> Vec<u8> {
    key(b'T', &[person.as_bytes()])
}

/// Everyone's links.
pub const LINKS_OF: &[u8] = b"T";

/// The practice's hours and holidays.
#[must_use]
pub fn common_hours() -> Vec<u8> {
    key(b'm', &[b"hours"])
}

/// Somebody's hours, leave and words.
#[must_use]
pub fn own_hours(person: PersonId) -> Vec<u8> {
    key(b'H', &[person.as_bytes()])
}

/// Everyone's hours.
pub const OWN_HOURS: &[u8] = b"H";

/// Whose hours this is the key of.
#[must_use]
pub fn parse_own_hours(key: &[u8]) -> Option<PersonId> {
    key.get(1..)?.try_into().ok().map(PersonId::from_bytes)
}

/// The saved replies of somebody, or with `None` of the practice: the beginning of the keys of their
/// parts.
#[must_use]
pub fn replies(of: Option<PersonId>) -> Vec<u8> {
    key(b'R', &[of.map_or([0; 16], |person| *person.as_bytes()).as_slice()])
}

/// Everyone's saved replies.
pub const REPLIES: &[u8] = b"R";

/// Whose saved replies this is a key of; `Some(None)` for those of the practice.
#[must_use]
pub fn parse_replies(key: &[u8]) -> Option<Option<PersonId>> {
    let of: [u8; 16] = key.get(1..17)?.try_into().ok()?;
    Some((of != [0; 16]).then_some(PersonId::from_bytes(of)))
}
