//! Search: where to look comes from the index, what is there from the rooms.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use shared_proto::codec;
use shared_proto::id::{ConversationId, EntryId, PersonId};
use shared_proto::limits;
use shared_proto::people::PersonCard;
use shared_proto::refusal::Refusal;
use shared_proto::search::{Found, Hit, Mark, Search, Talk};
use shared_proto::wire::Reply;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::{access, tell};
use crate::http::even;
use crate::hub::Hub;
use crate::room::{Finding, FoundHere, Message, find_idle};
use crate::search::plan::Plan;
use crate::search::query::Query;
use crate::socket::session::{Asker, Seen};

/// From one beat to the next that an answer leaves at. The index of a conversation is one for everyone
/// in it: who looks for a word that stands only in what is hidden from them has a piece of it read
/// more than for one that is nowhere, which takes a small part of this.
const BEAT: Duration = Duration::from_millis(limits::SEARCH_BEAT_MS);

/// A page of what the asker looks for. The socket does not wait for it: whoever searches also
/// writes.
pub async fn page(hub: &Arc<Hub>, asker: Asker, search: Search) {
    let query = match Query::of(&search) {
        Ok(query) => Arc::new(query),
        Err(refusal) => return asker.answer(Err(refusal)),
    };
    let turn = match hub.search.turn(asker.session.person.id) {
        Ok(turn) => turn,
        Err(refusal) => return asker.answer(Err(refusal)),
    };
    if let Err(refusal) = access::to(hub, &asker.session, Seen::Search).await {
        return asker.answer(Err(refusal));
    }
    let hub = Arc::clone(hub);
    tokio::spawn(async move {
        let under_way = turn.comes().await;
        if under_way.is_none() || asker.session.is_gone() {
            return;
        }
        let began = Instant::now();
        hub.search.behind.hurry().await;
        let found = find(&hub, asker.session.person.id, &query, &search).await;
        hub.metrics.search_seconds.record(began.elapsed().as_secs_f64());
        drop(under_way);
        even::wait_for(BEAT, began).await;
        asker.answer(found.map(Reply::Found));
    });
}

async fn find(
    hub: &Arc<Hub>,
    person: PersonId,
    query: &Arc<Query>,
    search: &Search,
) -> Result<Found, Refusal> {
    let mut plan = Plan::new(person, Arc::clone(query), search.filter, search.after);
    let mut page = Page::default();
    // One more than fit, to know whether there are more.
    let mut count = limits::SEARCH_HITS + 1;
    let (mut read, mut reached) = (0, None);
    loop {
        let search = Arc::clone(&hub.search);
        let planned = hub.store.read(move |store| {
            let places = plan.next(&search, store, count)?;
            Ok((plan, places))
        });
        let places;
        (plan, places) = planned.await.map_err(|error| {
            tracing::error!(%person, %error, "a search could not be made");
            error.refusal()
        })?;
        if places.is_empty() {
            return Ok(page.end(None));
        }
        let mut rooms = look(hub, person, query, &places).await?;
        for place in places {
            let Some(room) = rooms.get_mut(&place.conversation) else { continue };
            // What they do not see counts for nothing, not even for how far this went.
            let Some(hit) = room.seen.remove(&place.entry) else { continue };
            if let Some(hit) = hit
                && !page.take(hub, hit, &room.others)
            {
                let next = page.last();
                return Ok(page.end(next));
            }
            read += 1;
            reached = Some(place);
        }
        if read >= limits::SEARCH_READ {
            return Ok(page.end(reached));
        }
        count = limits::SEARCH_ASKED;
    }
}

/// What was read of one conversation.
struct Room {
    others: Vec<PersonId>,
    seen: HashMap<EntryId, Option<Hit>>,
}

impl From<FoundHere> for Room {
    fn from(FoundHere { others, seen }: FoundHere) -> Self {
        Self { others, seen: seen.into_iter().collect() }
    }
}

/// Reads every place: those of conversations in memory are read by their rooms.
async fn look(
    hub: &Arc<Hub>,
    person: PersonId,
    query: &Arc<Query>,
    places: &[Mark],
) -> Result<HashMap<ConversationId, Room>, Refusal> {
    let mut entries: BTreeMap<ConversationId, Vec<EntryId>> = BTreeMap::new();
    for place in places {
        entries.entry(place.conversation).or_default().push(place.entry);
    }
    let (reader, looked_for) = (Arc::clone(hub), Arc::clone(query));
    let read = hub.store.read(move |store| {
        let mut rooms: HashMap<ConversationId, Room> = HashMap::new();
        let mut busy = Vec::new();
        for (conversation, entries) in entries {
            match find_idle(&reader, store, conversation, person, &looked_for, &entries) {
                Ok(Some(found)) => drop(rooms.insert(conversation, found.into())),
                Ok(None) => busy.push((conversation, entries)),
                // One damaged conversation does not keep its members from all the others.
                Err(error) if error.is_damage() => {
                    tracing::error!(%conversation, %error, "a conversation cannot be searched");
                }
                Err(error) => return Err(error),
            }
        }
        Ok((rooms, busy))
    });
    let (mut rooms, busy) = read.await.map_err(|error| {
        tracing::error!(%person, %error, "a search could not be made");
        error.refusal()
    })?;
    ask_rooms(hub, person, query, busy, &mut rooms).await?;
    Ok(rooms)
}

/// Has rooms read their places.
async fn ask_rooms(
    hub: &Arc<Hub>,
    person: PersonId,
    query: &Arc<Query>,
    entries: Vec<(ConversationId, Vec<EntryId>)>,
    rooms: &mut HashMap<ConversationId, Room>,
) -> Result<(), Refusal> {
    let mut asked = Vec::with_capacity(entries.len());
    for (conversation, entries) in entries {
        let (answer, answered) = oneshot::channel();
        let finding = Finding { person, query: Arc::clone(query), entries, answer };
        tell(hub, conversation, Message::Find(finding));
        asked.push((conversation, answered));
    }
    for (conversation, answered) in asked {
        match answered.await.unwrap_or(Err(Refusal::Unavailable)) {
            Ok(found) => drop(rooms.insert(conversation, found.into())),
            Err(Refusal::NotFound) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(())
}

/// What was found so far.
#[derive(Default)]
struct Page {
    found: Found,
    people: BTreeMap<PersonId, Option<PersonCard>>,
    bytes: usize,
}

impl Page {
    /// Takes a hit in; `false` when the page is full.
    fn take(&mut self, hub: &Hub, hit: Hit, others: &[PersonId]) -> bool {
        let known = self.found.talks.iter().any(|talk| talk.conversation == hit.conversation);
        let talk = Talk { conversation: hit.conversation, others: others.to_vec() };
        let talk = (!known).then_some(talk);
        let mut bytes = codec::encode(&hit).len() + codec::encode(&talk).len();
        let named = talk.iter().flat_map(|talk| &talk.others).chain([&hit.author]);
        let mut cards = Vec::new();
        for person in named.filter(|person| !self.people.contains_key(person)) {
            let card = hub.directory.card(*person);
            bytes += codec::encode(&card).len();
            cards.push((*person, card));
        }
        let full =
            self.found.hits.len() == limits::SEARCH_HITS || self.bytes + bytes > limits::PAGE_BYTES;
        if full && !self.found.hits.is_empty() {
            return false;
        }
        self.bytes += bytes;
        self.people.extend(cards);
        self.found.talks.extend(talk);
        self.found.hits.push(hit);
        true
    }

    fn last(&self) -> Option<Mark> {
        let mark =
            |hit: &Hit| Mark { at: hit.at, conversation: hit.conversation, entry: hit.entry };
        self.found.hits.last().map(mark)
    }

    fn end(self, next: Option<Mark>) -> Found {
        Found { people: self.people.into_values().flatten().collect(), next, ..self.found }
    }
}
