//! What a room answers from its log. Every read is clamped to the last durable entry.

use shared_proto::conversation::decide::{is_host, is_member, may_complete, may_write};
use shared_proto::conversation::event::Shared;
use shared_proto::conversation::state::Member;
use shared_proto::file::ask;
use shared_proto::id::{EntryId, FileId, PersonId};
use shared_proto::limits;
use shared_proto::office::Told;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{CatchUp, Direction, InboxRow, Opened, Page, Preview, Rehearsal, Reply};

use tokio::sync::oneshot;

use super::look::Look;
use super::message::Writable;
use super::record::unknown_to;
use super::{Message, Room};
use crate::clock;
use crate::socket::requests::gather::{Resuming, RowSlot};
use crate::socket::session::Asker;
use crate::store::aside::PendingRecord;
use crate::store::conversations::{Listing, Log};
use crate::store::{StoreError, audit};

impl Room {
    /// Runs `read` on the log, away from the async threads.
    pub(super) async fn read_log<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Log<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (Some(sealing), Some(upto)) = (self.sealing.clone(), self.header.last) else {
            return Err(Refusal::NotFound);
        };
        let conversation = self.id;
        let result = self
            .hub
            .store
            .read(move |store| read(&Log { store, sealing: &sealing, conversation, upto }));
        result.await.map_err(|error| self.failed(&error))
    }

    /// Somebody who is a member, or was one: they read what they could (O27).
    pub(super) fn member(&self, person: PersonId) -> Result<Member, Refusal> {
        self.header.state.member(person).cloned().ok_or(Refusal::NotFound)
    }

    /// A member, or somebody an emergency grant lets read as one from the beginning on; also who
    /// was one once, and without it reads what they could.
    fn reader(&self, person: PersonId) -> Result<Member, Refusal> {
        if self.reads_in_emergency(person) {
            return Ok(Member::since(person, EntryId::MIN));
        }
        self.member(person)
    }

    /// Whether somebody who does not take part may read all the same.
    pub(super) fn reads_in_emergency(&self, person: PersonId) -> bool {
        let state = &self.header.state;
        !state.is_member(person) && state.has_grant(person, clock::now())
    }

    pub(super) async fn history(
        &self,
        person: PersonId,
        from: EntryId,
        direction: Direction,
    ) -> Result<Reply, Refusal> {
        let member = self.reader(person)?;
        let page = self.read_log(move |log| log.page(&member, from, direction)).await?;
        Ok(Reply::Page(page))
    }

    pub(super) async fn open(&mut self, asker: Asker) {
        let result = self.opened(&asker).await;
        let session = std::sync::Arc::clone(&asker.session);
        let opened = result.is_ok();
        asker.answer(result);
        if opened {
            self.show_aside(&session).await;
        }
    }

    async fn opened(&mut self, asker: &Asker) -> Result<Reply, Refusal> {
        let person = asker.session.person.id;
        let member = self.reader(person)?;
        // Who reads in an emergency is no part of the conversation: not seen to be here, and not told
        // how far each has come, whether they were in it once or never. Who left is not told how it
        // goes on.
        let takes_part = self.header.state.is_member(person);
        let reads_on = takes_part || member.tally.is_none();
        if takes_part {
            self.watch(&asker.session)?;
        }
        let read = self.read_log(move |log| {
            let page = log.page(&member, EntryId::MAX, Direction::Before)?;
            let last = page.entries.last().map(|entry| Preview::of(entry, false));
            Ok((page, last))
        });
        let (page, last) = read.await?;
        let cursors = if takes_part { self.others_cursors(person).await } else { Vec::new() };
        let row = self.row(person, last);
        let here = if reads_on { self.here() } else { Vec::new() };
        Ok(Reply::Opened(Box::new(Opened { row, page, cursors, here })))
    }

    pub(super) async fn resume(&mut self, resuming: &std::sync::Arc<Resuming>, last: EntryId) {
        let caught_up = match self.catch_up(resuming, last).await {
            Ok(caught_up) => caught_up,
            Err(Refusal::NotFound) => CatchUp::Gone,
            Err(refusal) => return resuming.refused(refusal),
        };
        let whole = matches!(&caught_up, CatchUp::Page { page, .. } if !page.more);
        resuming.answer(self.id, caught_up);
        if whole {
            self.show_aside(resuming.session()).await;
        }
    }

    async fn catch_up(&mut self, resuming: &Resuming, held: EntryId) -> Result<CatchUp, Refusal> {
        let person = resuming.session().person.id;
        let member = self.member(person)?;
        let takes_part = member.until.is_none();
        if takes_part {
            if member.from > held {
                // They came back after what they hold: what they missed no entry brings them.
                return Ok(CatchUp::StartOver);
            }
            self.watch(resuming.session())?;
        }
        let newest = member.tally.and_then(|tally| tally.last);
        let page = if newest.is_none_or(|newest| newest <= held) {
            Page::default()
        } else if !resuming.has_room() {
            Page { entries: Vec::new(), more: true }
        } else {
            let read = self.read_log(move |log| {
                let page = log.page(&member, held, Direction::After)?;
                let far = page.more && log.has_more_than(&member, held, limits::RESUME_ENTRIES)?;
                Ok((!far).then_some(page))
            });
            match read.await? {
                Some(page) => page,
                None => return Ok(CatchUp::StartOver),
            }
        };
        let cursors = if takes_part { self.others_cursors(person).await } else { Vec::new() };
        Ok(CatchUp::Page {
            page,
            cursors,
            here: if takes_part { self.here() } else { Vec::new() },
            unread: self.unread(person),
            read_up_to: self.cursor(person).read,
        })
    }

    pub(super) fn answer_reads(
        &self,
        person: PersonId,
        answer: oneshot::Sender<Result<bool, Refusal>>,
    ) {
        // Whoever asked may be gone.
        let _ = answer.send(Ok(self.reader(person).is_ok()));
    }

    pub(super) async fn answer_accesses(&self, asker: Asker, before: Option<u64>) {
        let result = self.accesses(asker.session.person.id, before).await;
        asker.answer(result);
    }

    /// What `may_write` is told of this member, so that their client can say beforehand what it
    /// would come to.
    pub(super) fn answer_reachable(&self, asker: Asker) {
        let person = asker.session.person.id;
        let told = || Reply::Office(Told::Reachable(self.is_reachable(person)));
        asker.answer(self.member(person).map(|_| told()));
    }

    async fn accesses(&self, person: PersonId, before: Option<u64>) -> Result<Reply, Refusal> {
        is_member(&self.header.state, person, clock::now())?;
        let conversation = self.id;
        let read = self.hub.store.read(move |store| audit::accesses(store, conversation, before));
        let mut page = read.await.map_err(|error| self.failed(&error))?;
        let unknown = unknown_to(&self.header.state, person);
        page.accesses.retain(|access| access.person.is_none_or(|by| !unknown.contains(&by)));
        let named = page.accesses.iter().filter_map(|access| access.person);
        page.people = self.hub.directory.cards(named);
        Ok(Reply::Accesses(page))
    }

    pub(super) async fn answer_rehearsal(&self, asker: Asker) {
        let result = self.rehearsal(asker.session.person.id).await;
        asker.answer(result.map(Reply::Rehearsal));
    }

    /// Who has something open that nobody could go on with once it is completed.
    async fn rehearsal(&self, person: PersonId) -> Result<Rehearsal, Refusal> {
        let state = &self.header.state;
        is_member(state, person, clock::now())?;
        may_complete(state, person, clock::now())?;
        let here = |person: &PersonId| state.is_member(*person);
        let mut unread = Vec::new();
        for other in self.members() {
            let count = self.unread_as_seen_by(person, other).await?;
            if count > 0 {
                unread.push((other, count));
            }
        }
        let waiting = self.aside.pending.iter();
        let waits = |record: &PendingRecord| record.message && record.refused.is_none();
        let waiting = waiting.filter(|pending| waits(&pending.record));
        let mut waiting: Vec<PersonId> = waiting.map(|pending| pending.person).collect();
        waiting.sort_unstable();
        waiting.dedup();
        Ok(Rehearsal {
            unread,
            drafts: self.aside.drafts.iter().map(|draft| draft.person).filter(here).collect(),
            waiting: waiting.into_iter().filter(here).collect(),
            forms: self.filling(),
        })
    }

    /// What somebody has not read, without what `viewer` is not to know of.
    async fn unread_as_seen_by(&self, viewer: PersonId, person: PersonId) -> Result<u32, Refusal> {
        let unread = self.unread(person);
        if unread == 0 || self.header.hidden == 0 || viewer == person {
            return Ok(unread);
        }
        let (member, viewer) = (self.member(person)?, self.member(viewer)?);
        let read = self.cursor(person).read.unwrap_or(EntryId::MIN);
        self.read_log(move |log| log.messages_after(&member, &viewer, read)).await
    }

    /// Whether somebody may write here now: a file is taken in by this rule.
    pub(super) fn answer_may_write(&self, actor: &PersonCard, answer: oneshot::Sender<Writable>) {
        let reachable = self.is_reachable(actor.id);
        let policies = self.hub.practice.policies();
        let may = may_write(&self.header.state, actor, &policies, reachable, clock::now());
        // Whoever asked may be gone.
        let _ = answer.send(may);
    }

    /// A file somebody may see.
    pub(super) async fn answer_file(
        &self,
        person: PersonId,
        file: FileId,
        answer: oneshot::Sender<Result<Box<Shared>, Refusal>>,
    ) {
        // Whoever asked may be gone.
        let _ = answer.send(self.file(person, file).await);
    }

    async fn file(&self, person: PersonId, file: FileId) -> Result<Box<Shared>, Refusal> {
        let member = self.reader(person)?;
        let found = self.read_log(move |log| log.file(&member, file)).await?;
        found.map(Box::new).ok_or(Refusal::NotFound)
    }

    /// Answers with a page of files, or goes on with it once others who wait had their turn.
    pub(super) async fn answer_files(&self, asker: Asker, listing: Listing) {
        match self.files(asker.session.person.id, listing).await {
            Ok(Listing { entries: files, more: Some(more), .. }) => {
                asker.answer(Ok(Reply::File(ask::Told::Files { files, more })));
            }
            Ok(listing) => {
                let message = Message::Files { asker, listing };
                if let Err((refusal, message)) = self.hub.send(self.id, message) {
                    message.refuse(refusal);
                }
            }
            Err(refusal) => asker.answer(Err(refusal)),
        }
    }

    async fn files(&self, person: PersonId, listing: Listing) -> Result<Listing, Refusal> {
        let member = self.reader(person)?;
        self.read_log(move |log| log.files(&member, listing)).await
    }

    pub(super) fn answer_emails(&self, asker: Asker) {
        let result = self.emails(asker.session.person.id);
        asker.answer(result.map(Reply::Emails));
    }

    /// What only the host sees of the others (O21).
    fn emails(&self, person: PersonId) -> Result<Vec<(PersonId, String)>, Refusal> {
        let state = &self.header.state;
        is_member(state, person, clock::now())?;
        is_host(state, person)?;
        let rows = self.members().filter_map(|member| self.hub.directory.row(member));
        let emails = rows.map(|row| (row.card.id, row.email));
        Ok(emails.filter(|(_, email)| !email.is_empty()).collect())
    }

    pub(super) async fn look_at_row(&self, slot: RowSlot) -> Look {
        let row = self.inbox_row(slot.person()).await;
        Look::Row(slot, row.map(Box::new))
    }

    async fn inbox_row(&self, person: PersonId) -> Result<InboxRow, Refusal> {
        let member = self.member(person)?;
        let last = member.tally.and_then(|tally| tally.last);
        let shown = match last {
            None => None,
            Some(last) => {
                let read = self.read_log(move |log| {
                    let Some(entry) = log.find(last)? else { return Ok(None) };
                    Ok(Some(Preview::of(&entry, log.is_withdrawn(last)?)))
                });
                match read.await {
                    Ok(shown) => shown,
                    // Damage to its newest entry, which the log has named, takes the preview only.
                    Err(Refusal::Unavailable) => None,
                    Err(refusal) => return Err(refusal),
                }
            }
        };
        Ok(self.row(person, shown))
    }
}
