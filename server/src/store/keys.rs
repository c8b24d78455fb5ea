//! Every key of the store, spelled here and below. Big-endian, so that byte order is the order
//! read in; a first byte that names what is kept. Keys are not sealed: they hold ids, keyed
//! hashes and times, nothing else.
//!
//! | first byte | then | value |
//! |---|---|---|
//! | `m` | name | a record of the practice |
//! | `p` | person | a person |
//! | `e` | keyed hash of an email | the person it belongs to |
//! | `s` | hash of a session token | a session |
//! | `f` | person | their second factors |
//! | `f` | person, passkey | one of their passkeys |
//! | `i` | person, shelf, inverted time, conversation | a row of an inbox |
//! | `h` | conversation | its header: the stored fold |
//! | `l` | conversation, first entry, part | entries of one batch |
//! | `w` | conversation, entry | that it has been withdrawn |
//! | `c` | conversation, person | how far they have received and read |
//! | `n` | conversation | its announcement |
//! | `d` | conversation, person, part | what stands in their composer |
//! | `y` | conversation, person, id | something of theirs that waits to be decided |
//! | `z` | conversation, person, id, part | what it is, or what was called back |
//! | `Y` | time, conversation, person, id | when it is due, or forgotten |
//! | `Z` | conversation, person, id | that it waited and does not any more |
//! | `S` | person, hash of a session token | that the session is theirs |
//! | `k` | person | the details of their chart |
//! | `q` | random | a letter that waits to be sent |
//! | `a` | first record | records of the audit log |
//! | `A` | conversation, inverted record | who saw it |
//! | `b` | | where the audit log begins |
//! | `t` | hash of a link's token | what the link is for |
//! | `T` | person | the links that lead to them |
//! | `g` | form | a form of the practice |
//! | `G` | form, version, part | what it asks in one of its versions |
//! | `o` | conversation, entry | the form it gave somebody, until they submit it |
//! | `u` | conversation, entry | the same, submitted |
//! | `r` | conversation, entry, part | what they answered |
//! | `j` | conversation, person, file | a file they send, which nobody has been shown |
//! | `x` | conversation, entry | the file an entry shares |
//! | `X` | file | whose it is, and where |
//! | `v` | person | how much they keep in files |
//! | `I` | conversation, last entry | what a piece of its search index can hold |
//! | `W` | conversation, last entry, revision, part | that piece |
//! | `H` | person | their hours, leave and words |
//! | `R` | person, or zeros for the practice, part | saved replies |
//! | `V` | conversation, client, revision of the client | a change they made that is to be told there |
//! | `N` | conversation | when its host was last said to be away |
//! | `M` | conversation | up to which entry it has been decided who is told |
//! | `O` | conversation, person | what they have been told of it, or will be |
//! | `E` | time, conversation, person | when that is decided again |
//! | `Q` | channel, time, id | a notice that waits to be sent |
//! | `D` | channel, time, id | one that was set aside |
//! | `B` | person, id | a browser of theirs that may be pushed to |

mod aside;
mod audit;
mod conversations;
mod files;
mod forms;
mod inbox;
mod notices;
mod people;
mod search;

use std::ops::Range;

use shared_proto::id::ConversationId;

pub use aside::*;
pub use audit::*;
pub use conversations::*;
pub use files::*;
pub use forms::*;
pub use inbox::*;
pub use notices::*;
pub use people::*;
pub use search::*;

fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(length);
    bytes.push(kind);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// The conversation whose header, entries or other record this is the key of.
#[must_use]
pub fn parse_conversation(key: &[u8]) -> Option<ConversationId> {
    key.get(1..17)?.try_into().ok().map(ConversationId::from_bytes)
}

/// The conversation with whose key the value under this one is sealed; `None` for those sealed with
/// the records key.
#[must_use]
pub fn of_conversation(key: &[u8]) -> Option<ConversationId> {
    let sealed_with_its_key = key.first().is_some_and(|kind| b"hlwcndyzZourjxIWNMO".contains(kind));
    sealed_with_its_key.then(|| parse_conversation(key))?
}

/// Every record of the same kind and conversation as `key`.
#[must_use]
pub fn same_conversation(key: &[u8]) -> Range<Vec<u8>> {
    prefix_range(&key[..key.len().min(17)])
}

/// Everything that begins with `prefix`.
#[must_use]
pub fn prefix_range(prefix: &[u8]) -> Range<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    prefix.to_vec()..end
}

/// The smallest key above `key`.
#[must_use]
pub fn after(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}

#[cfg(test)]
mod tests;
