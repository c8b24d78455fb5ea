//! What somebody wants done, and everything a rule may look at.

use crate::entry::Entry;
use crate::id::{ClientMessageId, DivisionId, EntryId, PersonId};
use crate::people::PersonCard;
use crate::practice::Policies;
use crate::time::Millis;

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
    /// Somebody who is no member reads it for a while, in an emergency.
    Emergency {
        /// Why, as typed.
        reason: String,
    },
}

/// What comes into a rule from outside: nothing else does.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks, from their session.
    pub actor: &'a PersonCard,
    /// Their division.
    pub division: Option<DivisionId>,
    /// The time, for what ends by itself.
    pub now: Millis,
    /// What the owner decided.
    pub policies: Policies,
    /// Whether somebody else in the conversation can read what is written: a colleague, or a
    /// client whose portal access is on.
    pub reachable: bool,
    /// Of the participants named by `Create`, those the actor may see.
    pub pickable: &'a [Pickable],
    /// The entry named by `Withdraw`, when it exists.
    pub target: Option<Target<'a>>,
}

/// Somebody named for a new conversation, as far as its rules look at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pickable {
    /// Who.
    pub card: PersonCard,
    /// Whether they can sign in.
    pub account: Reach,
    /// Whether the actor is assigned to them, or they to the actor.
    pub assigned: bool,
    /// Their division.
    pub division: Option<DivisionId>,
}

/// Whether somebody can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They have an account.
    Active,
    /// They have been invited, or can be.
    NoAccount,
    /// Their portal access is switched off.
    PortalOff,
    /// They are suspended.
    Suspended,
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
        Self {
            actor,
            division: None,
            now: Millis(0),
            policies: Policies::OPEN,
            reachable: true,
            pickable: &[],
            target: None,
        }
    }
}
