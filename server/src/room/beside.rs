//! What is told in a conversation without anybody writing it: that its host is away, and that its
//! client changed something the practice keeps of them. And what a client is promised there, and with
//! what its host may begin.

use std::ops::ControlFlow;
use std::sync::Arc;

use shared_proto::conversation::command::{Command, New};
use shared_proto::conversation::decide::{Absence, activity, away, is_host, is_member};
use shared_proto::conversation::state::Member;
use shared_proto::desk::Told;
use shared_proto::hours::{Promise, Zone, waits_since};
use shared_proto::id::{EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::{PersonCard, Role};
use shared_proto::refusal::Refusal;
use shared_proto::replies::{self, fill};
use shared_proto::time::Millis;
use shared_proto::wire::{Direction, Page, Reply};

use super::decide::append;
use super::write::Prepared;
use super::{By, Room};
use crate::clock;
use crate::socket::session::Asker;
use crate::store::conversations::Log;
use crate::store::engine::Batch;
use crate::store::{StoreError, activity as kept, aside, keys};
use crate::zone::Place;

impl Room {
    /// Where somebody's clocks are.
    fn place(&self, person: PersonId) -> Place {
        let own = self.hub.directory.time_zone(person);
        let zone = own.or_else(|| Some(self.hub.practice.record()?.settings.time_zone.clone()));
        Place::named(zone.as_deref().unwrap_or("UTC"))
    }

    /// After a client's message: what its host who is away answers, in the same batch.
    pub(super) fn say_away(&self, batch: &mut Prepared, actor: &PersonCard, now: Millis) {
        let host = batch.header.state.host().filter(|_| actor.role == Role::Client);
        let (Some(host), Ok(sealing)) = (host, self.sealing()) else { return };
        let hub = &self.hub;
        // Most are while somebody writes to them: their calendar is not looked at.
        let here = hub.is_here(host);
        if here {
            return;
        }
        let place = self.place(host);
        let standing = hub.desk.standing(host, &place, now, now);
        let absence = Absence {
            text: &standing.away,
            by: standing.by,
            open: standing.open,
            here,
            said: batch.aside.away.is_some_and(|before| place.local(before).date >= standing.day),
        };
        let Some(decided) = away(&batch.header.state, actor, &absence) else { return };
        append(batch, vec![decided], host, now);
        batch.beside.put.push(aside::put_away(&sealing, self.id, now));
        batch.aside.away = Some(now);
    }

    /// Tells of a change that a client made, if it still is to be told: in the commit that removes
    /// it from what is.
    pub(super) async fn tell_activity(
        &mut self,
        batch: &mut Prepared,
        by: &By,
        revision: u64,
        now: Millis,
    ) -> Result<(), Refusal> {
        let client = by.actor().id;
        let key = keys::activity(self.id, client, revision);
        let place = key.clone();
        let read = self.hub.store.read(move |store| kept::load(store, &place)).await;
        let Some(record) = read.map_err(|error| self.failed(&error))? else { return Ok(()) };
        if batch.header.state.created.is_none() {
            let command = Command::Create(New::ongoing(vec![record.provider]));
            match self.carry_out(batch, by, None, command, now).await {
                Ok(_) => {}
                Err(refusal) if refusal.is_passing() => return Err(refusal),
                // By the practice's policy, or because they cannot be written to any more.
                Err(_) => return self.forget_activity(key).await,
            }
        }
        let state = &batch.header.state;
        if !state.is_member(client) || !state.is_member(record.provider) {
            return self.move_activity(batch, key, (client, revision), record).await;
        }
        let row = self.hub.directory.row(client);
        let assigned = row.map(|row| row.assigned).unwrap_or_default();
        if let Some(decided) = activity(&batch.header.state, client, &assigned, record.parts) {
            append(batch, vec![decided], client, now);
        }
        batch.beside.delete.push(key);
        Ok(())
    }

    /// One of the two has left meanwhile: it is told in another conversation.
    async fn move_activity(
        &self,
        batch: &mut Prepared,
        key: Vec<u8>,
        (client, revision): (PersonId, u64),
        record: kept::ActivityRecord,
    ) -> Result<(), Refusal> {
        let read =
            self.hub.store.read(move |store| kept::elsewhere(store, client, revision, &record));
        match read.await.map_err(|error| self.failed(&error))? {
            // That they left is not durable yet: it is asked again.
            Some((to, _)) if to == key => return Ok(()),
            Some(kept) => batch.beside.put.push(kept),
            None => {}
        }
        batch.beside.delete.push(key);
        batch.sets_clock = true;
        Ok(())
    }

    /// There is no conversation to tell it in, and none may begin.
    async fn forget_activity(&self, key: Vec<u8>) -> Result<(), Refusal> {
        let batch = Batch { delete: vec![key], ..Batch::default() };
        self.hub.store.commit(batch).await.map_err(|error| self.failed(&error))
    }

    pub(super) async fn answer_promise(&self, asker: Asker) {
        let promise = self.promise(&asker.session.person).await;
        let told = promise.map(|promise| Reply::Desk(Told::Promise(promise.map(Box::new))));
        asker.answer(told);
    }

    /// What the host promises a client: from when on what waits was written, or else from now.
    async fn promise(&self, person: &PersonCard) -> Result<Option<Promise>, Refusal> {
        let (state, now) = (&self.header.state, clock::now());
        is_member(state, person.id, now)?;
        let host = state.host().filter(|host| state.is_member(*host));
        let open = state.ended().is_none() && state.waits_for(now).is_none();
        let (Some(host), Role::Client, true) = (host, person.role, open) else { return Ok(None) };
        let Some(member) = state.member(person.id).cloned() else { return Ok(None) };
        let directory = Arc::clone(&self.hub.directory);
        let is_provider =
            move |person| directory.card(person).is_some_and(|card| card.role.is_provider());
        let since = self.read_log(move |log| waiting_since(log, &member, is_provider)).await?;
        let standing = self.hub.desk.standing(host, &self.place(host), now, since.unwrap_or(now));
        Ok(standing.promise(since.is_some()))
    }

    pub(super) fn answer_greeting(&self, asker: Asker) {
        let words = self.greeting(asker.session.person.id);
        asker.answer(words.map(|words| Reply::Desk(Told::Greeting(words))));
    }

    /// What the host may begin with (O6): their own words, with the places of saved replies filled
    /// in as they are now. Of several clients the first one is named.
    fn greeting(&self, host: PersonId) -> Result<String, Refusal> {
        let (state, now) = (&self.header.state, clock::now());
        is_member(state, host, now)?;
        is_host(state, host)?;
        let card = |person| self.hub.directory.card(person);
        let name = |card: PersonCard| card.name;
        let is_client = |card: &PersonCard| card.role == Role::Client;
        let own = self.hub.desk.kept(host).own.greeting;
        Ok(fill(&own, |place| match place {
            replies::Place::Client => self.members().filter_map(card).find(is_client).map(name),
            replies::Place::Provider => card(host).map(name),
            replies::Place::Practice => Some(self.hub.practice.record()?.settings.name.clone()),
            replies::Place::Date => Some(self.place(host).day(now)),
        }))
    }
}

/// Since when a client's messages wait, as `member` sees them: looked for a page at a time, back to
/// where a provider last wrote, and no further than [`limits::PROMISE_ENTRIES`].
fn waiting_since(
    log: &Log<'_>,
    member: &Member,
    is_provider: impl Fn(PersonId) -> bool,
) -> Result<Option<Millis>, StoreError> {
    let (mut since, mut from, mut seen) = (None, EntryId::MAX, 0);
    loop {
        let Page { entries, more } = log.page(member, from, Direction::Before)?;
        since = match waits_since(since, &entries, &is_provider) {
            ControlFlow::Break(since) => return Ok(since),
            ControlFlow::Continue(since) => since,
        };
        seen += entries.len();
        match entries.first() {
            Some(first) if more && seen < limits::PROMISE_ENTRIES => from = first.id,
            _ => return Ok(since),
        }
    }
}
