//! What somebody wants done, and everything a rule may look at.

use crate::entry::Entry;
use crate::id::{ClientMessageId, EntryId, PersonId};
use crate::people::PersonCard;

/// A change somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new ongoing conversation.
    Create {
        /// Everyone but the host.
        participants: Vec<PersonId>,
    },
    /// A message to everyone.
    Send {
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// As typed.
        text: String,
    },
    /// Withdraws a message.
    Withdraw {
        /// Which.
        target: EntryId,
    },
}

/// What comes into a rule from outside: nothing else does.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks, from their session.
    pub actor: &'a PersonCard,
    /// Of the participants named by `Create`, those who can be picked.
    pub pickable: &'a [PersonCard],
    /// The entry named by `Withdraw`, when it exists.
    pub target: Option<Target<'a>>,
}

/// The entry a command is about.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// As it was appended.
    pub entry: &'a Entry,
    /// Whether it has been withdrawn since.
    pub withdrawn: bool,
}

impl<'a> Context<'a> {
    /// A context with nothing but who asks.
    #[must_use]
    pub const fn of(actor: &'a PersonCard) -> Self {
        Self { actor, pickable: &[], target: None }
    }
}
