//! What a room answers to whoever takes its record: how far it goes, and how it is opened. The log
//! up to there is durable for good, so that the record is then read beside the room, which goes on.

use std::sync::Arc;

use shared_proto::conversation::decide::is_member;
use shared_proto::conversation::event::Assigned;
use shared_proto::conversation::state::{Member, State};
use shared_proto::conversation::visible::project;
use shared_proto::form::version::Template;
use shared_proto::id::{ConversationId, EntryId, FileId, PersonId};
use shared_proto::refusal::Refusal;
use tokio::sync::oneshot;

use super::Room;
use crate::blobs::Blobs;
use crate::blobs::sealed::SealedFile;
use crate::clock;
use crate::store::conversations::Log;
use crate::store::forms::{self, Filled, VersionRecord};
use crate::store::vault::SealingKey;
use crate::store::{Store, StoreError};

/// What somebody may have of a conversation, at a moment.
pub struct Snapshot {
    /// Which.
    pub conversation: ConversationId,
    /// As they see it.
    pub state: State,
    /// Their membership, past or present.
    pub member: Member,
    /// Who took part without their knowing: while they did not.
    pub unknown: Vec<PersonId>,
    /// Whether they lead it: what was withdrawn stays in their record, with its text.
    pub is_host: bool,
    /// Entries in its log, those they do not see among them: nothing they are given may tell.
    entries: u64,
    sealing: Arc<SealingKey>,
    upto: EntryId,
}

impl Snapshot {
    /// Its log, as far as this goes.
    #[must_use]
    pub fn log<'a>(&'a self, store: &'a Store) -> Log<'a> {
        let conversation = self.conversation;
        Log { store, sealing: &self.sealing, conversation, upto: self.upto }
    }

    /// Whether they see more than `count` entries of it. Reads no more than it takes to know.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn has_more_than(&self, store: &Store, count: usize) -> Result<bool, StoreError> {
        if self.entries <= count as u64 {
            return Ok(false);
        }
        self.log(store).has_more_than(&self.member, self.member.first().before(), count)
    }

    /// A file that an entry of it shares.
    #[must_use]
    pub fn file(&self, blobs: Arc<Blobs>, file: FileId, bytes: u64) -> SealedFile {
        SealedFile::new(blobs, &self.sealing, file, bytes)
    }

    /// The form that an entry of it gave, as they see it: who fills it in has not what it counts.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn given(
        &self,
        store: &Store,
        given: &Assigned,
    ) -> Result<Option<VersionRecord>, StoreError> {
        let version = forms::version(store, given.form, given.version)?;
        Ok(version.map(|mut version| {
            version.template = self.seen(version.template, given.to);
            version
        }))
    }

    fn seen(&self, mut template: Template, by: PersonId) -> Template {
        if by == self.member.person {
            template.form = template.form.for_filling();
        }
        template
    }

    /// What was answered to the form that an entry of it gave, as they see it: who filled it in has
    /// not what it counts. `None` while nothing was submitted.
    ///
    /// # Errors
    /// When the engine fails or a record is damaged.
    pub fn filled(&self, store: &Store, given: EntryId) -> Result<Option<Filled>, StoreError> {
        let filled = forms::filled_by(store, &self.sealing, self.conversation, given)?;
        Ok(filled.map(|mut filled| {
            filled.template = self.seen(filled.template, filled.by);
            filled
        }))
    }

    /// Whether they are a member still.
    #[must_use]
    pub const fn takes_part(&self) -> bool {
        self.member.until.is_none()
    }
}

impl Room {
    pub(super) fn answer_record(
        &self,
        person: PersonId,
        answer: oneshot::Sender<Result<Box<Snapshot>, Refusal>>,
    ) {
        // Whoever asked may be gone.
        let _ = answer.send(self.snapshot(person).map(Box::new));
    }

    /// For members, and those who were: they have what they could read. Who reads in an emergency
    /// takes nothing along.
    fn snapshot(&self, person: PersonId) -> Result<Snapshot, Refusal> {
        let state = &self.header.state;
        let refused = || is_member(state, person, clock::now()).err().unwrap_or(Refusal::NotFound);
        let member = state.member(person).cloned().ok_or_else(refused)?;
        let (Some(sealing), Some(upto)) = (self.sealing.clone(), self.header.last) else {
            return Err(Refusal::NotFound);
        };
        Ok(Snapshot {
            conversation: self.id,
            state: project(state, person),
            unknown: unknown_to(state, person),
            member,
            entries: self.header.entries,
            is_host: state.host() == Some(person),
            sealing,
            upto,
        })
    }
}

/// Who took part without `person` knowing of them: they left before that one came, or were there only
/// while that one was not.
pub(super) fn unknown_to(state: &State, person: PersonId) -> Vec<PersonId> {
    let known = project(state, person);
    let all = state.members.iter().map(|member| member.person);
    all.filter(|other| known.member(*other).is_none()).collect()
}
