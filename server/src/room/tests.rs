mod activity;
mod aside;
mod share;

use std::sync::OnceLock;

use shared_proto::codec;
use shared_proto::conversation::event::{Event, Left, Withdrawn};
use shared_proto::entry::Audience;
use shared_proto::file::ask::Told;
use shared_proto::id::{EntryId, FileId};
use shared_proto::wire::{Opened, Reply, ServerFrame};

use super::*;
use crate::desk::LiveDesk;
use crate::directory::Directory;
use crate::forms::live::LiveForms;
use crate::metrics::Metrics;
use crate::search::query::Query;
use crate::socket::requests::gather::{Wanted, slots};
use crate::socket::session::Asker;
use crate::store::conversations::Listing;
use crate::store::cursors::CursorRecord;
use crate::store::engine::Batch;
use crate::store::files::testing::shared;
use crate::store::people::PersonRecord;
use crate::store::testing::{ANA, BEN, CARA, TALK, Talk, message, person, put, store};
use crate::store::{Store, keys, seal};

/// One recorder is all a process may have.
fn metrics() -> Arc<Metrics> {
    static METRICS: OnceLock<Arc<Metrics>> = OnceLock::new();
    Arc::clone(METRICS.get_or_init(|| Arc::new(Metrics::install().unwrap())))
}

/// A hub over `store`, with `people` in the practice.
fn hub(store: Store, people: &[PersonRecord]) -> Arc<Hub> {
    let directory = Directory::default();
    people.iter().for_each(|person| drop(directory.put(person)));
    Hub::new(
        Arc::new(store),
        Arc::new(directory),
        Arc::default(),
        LiveForms::default(),
        LiveDesk::default(),
        metrics(),
        16,
    )
}

/// Somebody's socket.
fn connected(hub: &Arc<Hub>, person: PersonId) -> Arc<Session> {
    let card = hub.directory.card(person).unwrap();
    let signed_in = crate::auth::sessions::SignedIn::for_test(card);
    let session =
        Arc::new(Session::new(hub.next_session(), signed_in, std::net::Ipv4Addr::LOCALHOST.into()));
    hub.join(&session, hub.revocations()).unwrap();
    session
}

/// What somebody sees who opens the conversation.
async fn opened(hub: &Arc<Hub>, person: PersonId) -> Opened {
    let session = connected(hub, person);
    session.begin().unwrap();
    let asker = Asker::new(Arc::clone(&session), 7);
    assert!(hub.send(TALK, Message::Open { asker }).is_ok());
    loop {
        session.waits().await;
        for frame in session.take().frames {
            match codec::decode(&frame).unwrap() {
                ServerFrame::Reply { id: 7, result: Ok(Reply::Opened(opened)) } => return *opened,
                ServerFrame::Event(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

/// Ben has read up to the second message of three.
async fn read_halfway(store: &Store) -> (Talk, EntryId) {
    let mut talk = Talk::begin(store).await;
    let said = |n| (ANA, Audience::Members, message(n, "hello"));
    talk.append(store, &[said(1)]).await;
    let second = talk.append(store, &[said(2)]).await;
    talk.append(store, &[said(3)]).await;
    let key = keys::cursor(TALK, BEN);
    let cursor = CursorRecord { received: Some(second), read: Some(second), messages_read: 2 };
    let record = vec![(key.clone(), seal(&talk.sealing, &key, &cursor))];
    put(store, Batch { put: record, ..Batch::default() }).await;
    (talk, second)
}

#[tokio::test]
async fn who_does_not_show_how_far_they_read_is_seen_to_have_received_only() {
    for shows in [true, false] {
        let store = store();
        let (_, second) = read_halfway(&store).await;
        let ben = PersonRecord { read_receipts: shows, ..person(BEN, "b@b") };
        let hub = hub(store, &[person(ANA, "a@a"), ben, person(CARA, "c@c")]);
        let seen = opened(&hub, ANA).await.cursors;
        let seen = seen.iter().find(|cursor| cursor.person == BEN).unwrap();
        assert_eq!(seen.received, Some(second));
        assert_eq!(seen.read, shows.then_some(second));
        let own = opened(&hub, BEN).await.row;
        assert_eq!((own.read_up_to, own.unread), (Some(second), 1), "they see it themselves");
    }
}

#[tokio::test]
async fn what_is_for_some_only_shows_in_no_row_and_no_mark_of_the_others() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let open = talk.append(&store, &[(ANA, Audience::Members, message(1, "to all"))]).await;
    let only = Audience::Only(vec![BEN]);
    let hidden = talk.append(&store, &[(ANA, only, message(2, "to Ben"))]).await;
    let key = keys::cursor(TALK, BEN);
    let cursor = CursorRecord { received: Some(hidden), read: Some(hidden), messages_read: 2 };
    let record = vec![(key.clone(), seal(&talk.sealing, &key, &cursor))];
    put(&store, Batch { put: record, ..Batch::default() }).await;
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    let cara = opened(&hub, CARA).await;
    assert_eq!(cara.row.unread, 1);
    assert_eq!(cara.row.preview.unwrap().entry, open);
    assert_eq!(cara.page.entries.last().unwrap().id, open);
    let ben = cara.cursors.iter().find(|cursor| cursor.person == BEN).unwrap();
    assert_eq!((ben.received, ben.read), (Some(open), Some(open)), "rounded down");
    let ana = opened(&hub, ANA).await;
    assert_eq!(ana.page.entries.last().unwrap().id, hidden, "the author sees it");
    let ben = ana.cursors.iter().find(|cursor| cursor.person == BEN).unwrap();
    assert_eq!(ben.read, Some(hidden));
}

/// What somebody's inbox is answered with when the rooms of `conversations` are asked.
async fn rows(hub: &Arc<Hub>, person: PersonId, conversations: &[ConversationId]) -> Reply {
    let card = hub.directory.card(person).unwrap();
    let signed_in = crate::auth::sessions::SignedIn::for_test(card);
    let session =
        Arc::new(Session::new(hub.next_session(), signed_in, std::net::Ipv4Addr::LOCALHOST.into()));
    session.begin().unwrap();
    let asker = Asker::new(Arc::clone(&session), 7);
    let slots = slots(asker, conversations.len(), Wanted::Rows);
    for (conversation, slot) in conversations.iter().zip(slots) {
        assert!(hub.send(*conversation, Message::Row { slot }).is_ok());
    }
    loop {
        session.waits().await;
        if let Some(frame) = session.take().frames.pop_front() {
            match codec::decode(&frame).unwrap() {
                ServerFrame::Reply { id: 7, result: Ok(reply) } => return reply,
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn one_damaged_conversation_keeps_nobody_from_their_others() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    talk.append(&store, &[(ANA, Audience::Members, message(1, "whole"))]).await;
    let damaged = ConversationId::from_random([77; 16]);
    store.vault.create_conversation(damaged).unwrap();
    let record = vec![(keys::header(damaged), b"not what was sealed here".to_vec())];
    put(&store, Batch { put: record, ..Batch::default() }).await;
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    let Reply::Rows(rows) = rows(&hub, BEN, &[damaged, TALK]).await else { panic!() };
    assert_eq!(rows.iter().map(|row| row.conversation).collect::<Vec<_>>(), [TALK]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_room_that_is_only_looked_at_is_gone_before_its_answer_is_there() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    talk.append(&store, &[(ANA, Audience::Members, message(1, "hello"))]).await;
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    for time in 0..500 {
        let Reply::Rows(rows) = rows(&hub, BEN, &[TALK]).await else { panic!() };
        assert_eq!((rows.len(), hub.rooms()), (1, 0), "the time after {time}");
    }
    opened(&hub, BEN).await;
    rows(&hub, BEN, &[TALK]).await;
    assert_eq!(hub.rooms(), 1, "one that is shown stays");
}

/// What is found of entries by somebody, asked of the room.
async fn found_by_room(hub: &Arc<Hub>, person: PersonId, entries: &[EntryId]) -> FoundHere {
    let (answer, answered) = tokio::sync::oneshot::channel();
    let query = Arc::new(Query::parse("hello"));
    let finding = Finding { person, query, entries: entries.to_vec(), answer };
    assert!(hub.send(TALK, Message::Find(finding)).is_ok());
    match answered.await.unwrap() {
        Ok(found) => found,
        Err(Refusal::NotFound) => FoundHere::default(),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_search_reads_what_is_not_in_memory_as_its_room_would_and_loads_none() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    for (n, only) in [(1, vec![]), (2, vec![BEN]), (3, vec![CARA]), (4, vec![])] {
        let audience = if only.is_empty() { Audience::Members } else { Audience::Only(only) };
        talk.append(&store, &[(ANA, audience, message(n, "hello"))]).await;
    }
    let target = talk.entries[1].id;
    talk.append(&store, &[(ANA, Audience::Members, Event::Withdrawn(Withdrawn { target }))]).await;
    talk.append(&store, &[(CARA, Audience::Members, Event::Left(Left { person: CARA }))]).await;
    talk.append(&store, &[(ANA, Audience::Members, message(5, "hello"))]).await;
    talk.append(&store, &[(ANA, Audience::Members, message(6, "other"))]).await;
    let entries: Vec<EntryId> = talk.entries.iter().map(|entry| entry.id).collect();
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    let query = Query::parse("hello");
    let idle = |person| find_idle(&hub, &hub.store, TALK, person, &query, &entries).unwrap();
    for (person, hits) in [(ANA, 4), (BEN, 3), (CARA, 2), (PersonId::from_bytes([1; 16]), 0)] {
        let found = idle(person).unwrap();
        assert_eq!(found.seen.iter().filter(|(_, hit)| hit.is_some()).count(), hits);
        assert!(!hub.has_room(TALK), "no room is loaded");
        assert_eq!(found, found_by_room(&hub, person, &entries).await);
        while hub.has_room(TALK) {
            tokio::task::yield_now().await;
        }
    }
    opened(&hub, ANA).await;
    assert_eq!(idle(BEN), None, "a room that is in memory is asked");
    hub.stop(1001).await;
    let after = find_idle(&hub, &hub.store, TALK, BEN, &query, &entries);
    assert!(matches!(after, Err(StoreError::Stopping)), "rooms may end unseen then");
}

#[tokio::test]
async fn the_files_of_a_conversation_are_listed_past_any_number_that_are_hidden() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let (mut seen, hidden) = (Vec::new(), limits::FILES_LOOKED_AT as u16 * 2);
    for n in 0..=hidden {
        let audience = if n == 0 { Audience::Members } else { Audience::Only(vec![BEN]) };
        let mut file = [9; 16];
        file[..2].copy_from_slice(&n.to_be_bytes());
        let file = FileId::from_bytes(file);
        let entry = talk.append(&store, &[(ANA, audience, shared(file, 3))]).await;
        let key = keys::shared(TALK, entry);
        let record = vec![(key.clone(), seal(&talk.sealing, &key, &file))];
        put(&store, Batch { put: record, ..Batch::default() }).await;
        if n == 0 {
            seen.push(entry);
        }
    }
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    let session = connected(&hub, CARA);
    session.begin().unwrap();
    let asker = Asker::new(Arc::clone(&session), 7);
    let listing = Listing::before(EntryId::MAX);
    assert!(hub.send(TALK, Message::Files { asker, listing }).is_ok());
    let told = loop {
        session.waits().await;
        if let Some(frame) = session.take().frames.pop_front() {
            break codec::decode(&frame).unwrap();
        }
    };
    let ServerFrame::Reply { id: 7, result: Ok(Reply::File(Told::Files { files, more })) } = told
    else {
        panic!("{told:?}")
    };
    assert_eq!(files.iter().map(|entry| entry.id).collect::<Vec<_>>(), seen);
    assert!(!more);
}

#[tokio::test]
async fn the_form_of_a_record_says_nothing_of_entries_that_are_hidden() {
    let store = store();
    let mut talk = Talk::begin(&store).await;
    let said = |n| (ANA, Audience::Members, message(n, "to all"));
    let hidden = |n| (ANA, Audience::Only(vec![BEN]), message(n, "to Ben"));
    talk.append(&store, &[said(1), hidden(2), hidden(3), said(4), hidden(5)]).await;
    let hub = hub(store, &[person(ANA, "a@a"), person(BEN, "b@b"), person(CARA, "c@c")]);
    // With the one it began with.
    for (person, seen) in [(ANA, 6), (BEN, 6), (CARA, 3)] {
        let (answer, answered) = tokio::sync::oneshot::channel();
        assert!(hub.send(TALK, Message::Record { person, answer }).is_ok());
        let snapshot = answered.await.unwrap().unwrap();
        for count in 0..8 {
            let more = snapshot.has_more_than(&hub.store, count).unwrap();
            assert_eq!(more, seen > count, "{person} sees {seen}: {count}");
        }
    }
}
