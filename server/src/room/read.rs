//! What a room answers from its log. Every read is clamped to the last durable entry.

use shared_proto::conversation::state::Member;
use shared_proto::id::{EntryId, PersonId};
use shared_proto::limits;
use shared_proto::office::Told;
use shared_proto::refusal::Refusal;
use shared_proto::wire::{CatchUp, Direction, InboxRow, Opened, Page, Reply};

use tokio::sync::oneshot;

use super::Room;
use super::fanout::preview;
use crate::clock;
use crate::socket::requests::gather::{Resuming, RowSlot};
use crate::socket::session::Asker;
use crate::store::conversations::Log;
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

    fn member(&self, person: PersonId) -> Result<Member, Refusal> {
        let member = self.header.state.member(person).copied();
        member.filter(|member| member.until.is_none()).ok_or(Refusal::NotFound)
    }

    /// A member, or somebody an emergency grant lets read as one from the beginning on.
    fn reader(&self, person: PersonId) -> Result<Member, Refusal> {
        let granted = || {
            let granted = self.header.state.has_grant(person, clock::now());
            granted.then_some(Member { person, from: EntryId::MIN, until: None, tally: None })
        };
        self.member(person).or_else(|refusal| granted().ok_or(refusal))
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
        asker.answer(result);
    }

    async fn opened(&mut self, asker: &Asker) -> Result<Reply, Refusal> {
        let person = asker.session.person.id;
        let member = self.reader(person)?;
        if member.tally.is_some() {
            // Who reads in an emergency is no part of the conversation, and not seen to be here.
            self.watch(&asker.session)?;
        }
        let read = self.read_log(move |log| {
            let page = log.page(&member, EntryId::MAX, Direction::Before)?;
            let last = page.entries.last().map(|entry| preview(entry, false));
            Ok((page, last))
        });
        let (page, last) = read.await?;
        let cursors = self.others_cursors(person).await;
        let row = self.row(person, last);
        Ok(Reply::Opened(Box::new(Opened { row, page, cursors, here: self.here() })))
    }

    pub(super) async fn resume(&mut self, resuming: &std::sync::Arc<Resuming>, last: EntryId) {
        let caught_up = match self.catch_up(resuming, last).await {
            Ok(caught_up) => caught_up,
            Err(Refusal::NotFound) => CatchUp::Gone,
            Err(refusal) => return resuming.refused(refusal),
        };
        resuming.answer(self.id, caught_up);
    }

    async fn catch_up(&mut self, resuming: &Resuming, held: EntryId) -> Result<CatchUp, Refusal> {
        let person = resuming.session().person.id;
        let member = self.member(person)?;
        self.watch(resuming.session())?;
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
        Ok(CatchUp::Page {
            page,
            cursors: self.others_cursors(person).await,
            here: self.here(),
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
        self.member(person)?;
        let conversation = self.id;
        let read = self.hub.store.read(move |store| audit::accesses(store, conversation, before));
        let mut page = read.await.map_err(|error| self.failed(&error))?;
        let named = page.accesses.iter().filter_map(|access| access.person);
        page.people = self.hub.directory.cards(named);
        Ok(Reply::Accesses(page))
    }

    pub(super) async fn answer_row(&mut self, slot: RowSlot) {
        match self.inbox_row(slot.person()).await {
            Ok(row) => slot.fill(row),
            Err(refusal) => slot.refused(refusal),
        }
    }

    async fn inbox_row(&self, person: PersonId) -> Result<InboxRow, Refusal> {
        let member = self.member(person)?;
        let last = member.tally.and_then(|tally| tally.last);
        let shown = match last {
            None => None,
            Some(last) => {
                let read = self.read_log(move |log| {
                    let Some(entry) = log.find(last)? else { return Ok(None) };
                    Ok(Some(preview(&entry, log.is_withdrawn(last)?)))
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
