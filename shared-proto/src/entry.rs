//! An entry of a conversation, as it is stored, chained, sent and folded.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, PersonId};
use crate::time::Millis;

/// Who an entry is for, resolved once in the room and stored with it (invariant 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// Everyone who is a member when it is appended. Membership is itself in the log, with its
    /// first and last entry, so this stays resolved for good.
    Members,
    /// These and the author. Sorted, without duplicates.
    Only(Vec<PersonId>),
}

/// One entry of a conversation's log. Its layout never changes; what it says is in `body`, whose
/// form `kind` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id and place in the conversation.
    pub id: EntryId,
    /// When, by the server's clock. Shown, and ruled on; never ordered by.
    pub at: Millis,
    /// Whose.
    pub author: PersonId,
    /// For whom.
    pub audience: Audience,
    /// Which kind ([`crate::conversation::event`]). An unknown one is skipped, never a failure.
    pub kind: u16,
    /// A version byte, then the kind's own fields.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
}
