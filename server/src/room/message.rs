//! What goes through a room's mailbox.

use std::sync::Arc;

use shared_proto::audit::Action;
use shared_proto::conversation::command::Command;
use shared_proto::conversation::event::Shared;
use shared_proto::conversation::state::State;
use shared_proto::id::{ClientMessageId, EntryId, FileId, PersonId};
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{Direction, Due};
use tokio::sync::oneshot;

use super::find::Finding;
use super::record::Snapshot;
use crate::audit;
use crate::socket::requests::gather::{Resuming, RowSlot};
use crate::socket::session::{Asker, Session};
use crate::store::audit::Record;
use crate::store::conversations::Listing;

/// Nothing, or why not.
pub type Writable = Result<(), Refusal>;

/// What a room is told or asked.
pub enum Message {
    /// A change.
    Write {
        /// By whom.
        by: By,
        /// Which.
        write: Write,
    },
    /// What completing it would come to.
    Rehearse {
        /// For whom.
        asker: Asker,
    },
    /// The emails of its members.
    Emails {
        /// For whom.
        asker: Asker,
    },
    /// Show it, and watch it.
    Open {
        /// For whom.
        asker: Asker,
    },
    /// Stop watching it.
    Leave {
        /// Which socket.
        session: Arc<Session>,
    },
    /// What came since, and watch it.
    Resume {
        /// Where the answer is counted.
        resuming: Arc<Resuming>,
        /// The last entry held.
        last: EntryId,
    },
    /// A page.
    History {
        /// For whom.
        asker: Asker,
        /// Strictly before or after this entry.
        from: EntryId,
        /// Which way.
        direction: Direction,
    },
    /// The forms given in it.
    Forms {
        /// For whom.
        asker: Asker,
        /// Those given before this entry.
        before: Option<EntryId>,
    },
    /// Whether somebody may read a form given in it.
    ReadsForm {
        /// Who.
        person: PersonId,
        /// The entry that gave it.
        entry: EntryId,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<bool, Refusal>>,
    },
    /// Whether somebody may read it.
    Reads {
        /// Who.
        person: PersonId,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<bool, Refusal>>,
    },
    /// How far somebody may take its record.
    Record {
        /// Who.
        person: PersonId,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<Box<Snapshot>, Refusal>>,
    },
    /// Who saw it.
    Accesses {
        /// For whom.
        asker: Asker,
        /// Older ones than this record.
        before: Option<u64>,
    },
    /// Whether somebody else in it can read what is written.
    Reachable {
        /// For whom.
        asker: Asker,
    },
    /// What its host promises.
    Promise {
        /// For whom.
        asker: Asker,
    },
    /// The greeting of its host, filled in.
    Greeting {
        /// For whom.
        asker: Asker,
    },
    /// Its row in an inbox.
    Row {
        /// Where it goes.
        slot: RowSlot,
    },
    /// What a search finds in it.
    Find(Finding),
    /// Received or read up to an entry.
    Cursor {
        /// By whom.
        asker: Asker,
        /// Up to and with.
        entry: EntryId,
        /// On screen, not only on the device.
        read: bool,
    },
    /// Somebody is typing.
    Typing {
        /// Who.
        asker: Asker,
    },
    /// Whether somebody may write here now.
    MayWrite {
        /// Who.
        actor: Arc<PersonCard>,
        /// Where the answer goes.
        answer: oneshot::Sender<Writable>,
    },
    /// Whether somebody may take this person in now.
    MayAdd {
        /// Who.
        actor: Arc<PersonCard>,
        /// Whom.
        person: PersonId,
        /// Where the answer goes.
        answer: oneshot::Sender<Writable>,
    },
    /// A file that was shared.
    File {
        /// For whom.
        person: PersonId,
        /// Which.
        file: FileId,
        /// Where the answer goes.
        answer: oneshot::Sender<Result<Box<Shared>, Refusal>>,
    },
    /// The files that were shared.
    Files {
        /// For whom.
        asker: Asker,
        /// As far as they are gathered.
        listing: Listing,
    },
    /// Somebody came or went.
    Presence {
        /// Who.
        person: PersonId,
        /// Whether they are here now.
        here: bool,
    },
}

/// On whose behalf something is changed.
pub enum By {
    /// Somebody who waits for the answer.
    Asker(Asker),
    /// Somebody who asked for it earlier, and may be gone: it is due now.
    Clock(Box<PersonCard>),
}

impl By {
    /// Who.
    #[must_use]
    pub fn actor(&self) -> &PersonCard {
        match self {
            Self::Asker(asker) => &asker.session.person,
            Self::Clock(person) => person,
        }
    }

    /// A record of what they do.
    #[must_use]
    pub fn record(&self, action: Action) -> Record {
        let record = audit::of(action);
        match self {
            Self::Asker(asker) => record.over(&asker.session),
            Self::Clock(person) => record.by(person.id),
        }
    }

    /// Refuses it.
    pub fn refuse(self, refusal: Refusal) {
        if let Self::Asker(asker) = self {
            asker.answer(Err(refusal));
        }
    }
}

/// A change.
pub enum Write {
    /// Something is decided and appended.
    Do {
        /// For a message: a retry is looked for after this entry.
        held: Option<EntryId>,
        /// What.
        command: Command,
    },
    /// Something is to be decided later.
    Later {
        /// Recognises a retry.
        id: ClientMessageId,
        /// When.
        due: Due,
        /// What.
        command: Command,
    },
    /// It is taken back before that.
    CallBack {
        /// Which.
        id: ClientMessageId,
    },
    /// It is due.
    Due {
        /// Which.
        id: ClientMessageId,
    },
    /// What stands in the actor's composer.
    Draft {
        /// As typed.
        text: String,
    },
    /// What the actor has answered so far to a form they were given.
    Keep {
        /// The entry that gave it.
        entry: EntryId,
        /// The answers, encoded.
        answers: Vec<u8>,
    },
    /// None: a form that was given is read, with what was answered. In line with changes, since
    /// answers are of several values, which are one whole only while none of them is written.
    Form {
        /// The entry that gave it.
        entry: EntryId,
    },
    /// What they answer, for good.
    Submit {
        /// The entry that gave it.
        entry: EntryId,
        /// Recognises a retry.
        client_message_id: ClientMessageId,
        /// The answers, encoded.
        answers: Vec<u8>,
    },
    /// The actor, a client, changed something that is kept of them.
    Activity {
        /// Of which revision of theirs it is.
        revision: u64,
    },
}

impl Write {
    /// Whether the conversation begins with it.
    #[must_use]
    pub const fn creates(&self) -> bool {
        matches!(self, Self::Do { command: Command::Create(_), .. })
    }

    /// Whether it keeps something that the next change may have to read from the store.
    #[must_use]
    pub const fn postpones(&self) -> bool {
        matches!(self, Self::Later { .. })
    }

    /// Whether its commit builds on what others than the room change, and may so be in conflict: a
    /// file that is shared may be cancelled at the same time. It goes alone, so that nobody else's
    /// change is refused along with it.
    #[must_use]
    pub const fn is_alone(&self) -> bool {
        matches!(self, Self::Do { command: Command::Share { .. }, .. })
    }

    /// How many entries come of it at most.
    #[must_use]
    pub fn entries(&self) -> usize {
        match self {
            Self::Do { command: Command::Assign { to, .. }, .. } => {
                to.len().clamp(1, *limits::PARTICIPANTS.end())
            }
            // A message with what its host who is away answers; a conversation with what it begins
            // for.
            Self::Do { command: Command::Send { .. } | Command::Share { .. }, .. }
            | Self::Due { .. }
            | Self::Activity { .. } => 2,
            _ => 1,
        }
    }
}

impl Message {
    /// Answers it without a room: it was refused, or there is none.
    pub fn refuse(self, refusal: Refusal) {
        match self {
            Self::Write { by, .. } => by.refuse(refusal),
            Self::Open { asker }
            | Self::Rehearse { asker }
            | Self::Emails { asker }
            | Self::History { asker, .. }
            | Self::Accesses { asker, .. }
            | Self::Reachable { asker }
            | Self::Forms { asker, .. }
            | Self::Files { asker, .. }
            | Self::Promise { asker }
            | Self::Greeting { asker }
            | Self::Cursor { asker, .. }
            | Self::Typing { asker } => asker.answer(Err(refusal)),
            Self::Resume { resuming, .. } => resuming.refused(refusal),
            Self::Row { slot } => slot.refused(refusal),
            // Whoever asked may be gone.
            Self::Reads { answer, .. } | Self::ReadsForm { answer, .. } => {
                let _ = answer.send(Err(refusal));
            }
            Self::MayWrite { answer, .. } | Self::MayAdd { answer, .. } => {
                let _ = answer.send(Err(refusal));
            }
            Self::File { answer, .. } => drop(answer.send(Err(refusal))),
            Self::Record { answer, .. } => drop(answer.send(Err(refusal))),
            Self::Find(finding) => drop(finding.answer.send(Err(refusal))),
            Self::Leave { .. } | Self::Presence { .. } => {}
        }
    }

    /// Whether a room that was loaded for this is likely to be asked again soon: a member reads or
    /// writes it, or it begins. A row in an inbox, or what a search finds, is read once, and somebody
    /// who is no member must not find out, by the time it takes, that there is something.
    pub(super) fn keeps(&self, state: &State) -> bool {
        let asker = match self {
            Self::Write { write, .. } if write.creates() => return true,
            Self::Write { by, .. } => by.actor().id,
            Self::Open { asker }
            | Self::Rehearse { asker }
            | Self::Emails { asker }
            | Self::History { asker, .. }
            | Self::Accesses { asker, .. }
            | Self::Reachable { asker }
            | Self::Forms { asker, .. }
            | Self::Files { asker, .. }
            | Self::Promise { asker }
            | Self::Greeting { asker }
            | Self::Cursor { asker, .. }
            | Self::Typing { asker } => asker.session.person.id,
            Self::Reads { person, .. }
            | Self::ReadsForm { person, .. }
            | Self::File { person, .. }
            | Self::Record { person, .. } => *person,
            Self::MayWrite { actor, .. } | Self::MayAdd { actor, .. } => actor.id,
            Self::Resume { resuming, .. } => resuming.session().person.id,
            Self::Row { .. } | Self::Find(_) | Self::Leave { .. } | Self::Presence { .. } => {
                return false;
            }
        };
        state.is_member(asker)
    }
}
